"""Posts and wiki pages as documents: Markdown with its facts in ``content.metadata``."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from urllib.parse import urljoin
from zoneinfo import ZoneInfo

from rseaudit import richtext
from rseaudit.access import OPENNESS
from rseaudit.config.settings import SourceSettings
from rseaudit.crawl import dates
from rseaudit.crawl.humhub.routes import Kind
from rseaudit.crawl.json_items import is_set, number, part, rows, text, words
from rseaudit.crawl.markdown import heading
from rseaudit.model import Document, Visibility
from rseaudit.text import clean

_PUBLISHED = 1  # drafts, scheduled, unapproved and deleted contents have other states
_MEMBERS, _OPEN, _OWNER = 0, 1, 2


def is_published(content: object) -> bool:
    """Tell whether a ``content`` is meant to be read; a platform without states publishes all."""
    state = number(content, "metadata", "state")
    return state is None or state == _PUBLISHED


def document(item: object, kind: Kind, source: SourceSettings, about: Mapping[str, str]) -> Document | str:
    """Return a post or wiki page of the space that ``about`` names, or a note on what is wrong with it.

    Its id is that of the content, one row of numbers for all kinds, by which HumHub's own permanent links go.
    """
    meta = part(item, "content", "metadata")
    native = number(meta, "id")
    body = text(item, "message") if kind == "post" else text(item, "latest_revision", "content")
    if native is None or not isinstance(item, Mapping):
        return f"unreadable-item:{kind}-{number(item, 'id') or '?'}"
    if not is_published(part(item, "content")):
        return "not-published"
    if body is None or not (plain := richtext.read(body, "markdown").text):
        return "no-text"
    zone = ZoneInfo(source.timezone)
    created = _instant(meta, "created_at", zone)
    path = words(meta, "url")
    return Document(
        source=source.name,
        id=str(native),
        kind="post" if kind == "post" else "page",
        url=urljoin(source.url, path) if path else None,
        spaces=(about["space"],) if "space" in about else (),
        title=words(item, "title") or heading(body),
        text=plain,
        body=clean(body),
        format="markdown",
        author=words(meta, "created_by", "display_name"),
        last_editor=words(item, "latest_revision", "created_by", "display_name")
        or words(meta, "updated_by", "display_name"),
        created=created,
        modified=_instant(meta, "updated_at", zone),
        dates={"api-date": created} if created is not None else {},
        visibility=_visibility(number(meta, "visibility"), about.get("visibility")),
        tags=tuple(dict.fromkeys(name for topic in rows(item, "content", "topics") if (name := words(topic, "name")))),
        comments=number(item, "content", "comments", "total"),
        likes=number(item, "content", "likes", "total"),
        extra=_extra(item, meta),
    )


def _visibility(said: int | None, space: str | None) -> Visibility:
    """Return the more closed of what a content says (0 members, 1 open, 2 its owner) and its space."""
    if said == _OWNER:
        return "private"
    if said == _MEMBERS:
        return "space"
    # An open content is as open as its space.
    return next((value for value in OPENNESS if value == space), "unknown") if said == _OPEN else "unknown"


def _instant(meta: object, key: str, zone: ZoneInfo) -> datetime | None:
    said = words(meta, key)
    return dates.parse(said, zone) if said else None


def _extra(item: object, meta: object) -> dict[str, object]:
    extra: dict[str, object] = {}
    if files := [name for file in rows(item, "content", "files") if (name := words(file, "file_name"))]:
        extra["files"] = files
    extra |= {flag: True for flag in ("archived", "hidden") if is_set(meta, flag)}
    return extra
