"""What is known of one wiki page before its text: handed from answer to answer until the text comes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from rseaudit.crawl.json_items import number, part, rows, text, words
from rseaudit.model import Visibility


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """A page at its last revision. ``created`` and ``modified`` are ISO 8601 in UTC, as the API writes them."""

    id: int
    title: str
    url: str | None
    revision: int
    touched: str
    space: str
    visibility: Visibility
    author: str | None = None
    created: str | None = None
    editor: str | None = None
    modified: str | None = None
    tags: tuple[str, ...] = ()
    protection: Mapping[str, str] | None = None

    def to_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)

    @classmethod
    def from_json(cls, written: str) -> Facts:
        values = json.loads(written)
        return cls(**{**values, "tags": tuple(values["tags"])})

    def begun_by(self, first: tuple[str | None, str | None]) -> Facts:
        """Return the same with its first revision: author and time."""
        return replace(self, author=first[0], created=first[1])


def facts_of(item: object, space: str, visibility: Visibility) -> Facts | None:
    """Read one page of an answer, begun by whoever wrote its only revision; ``None`` when it lacks something."""
    id_, title, revision = number(item, "pageid"), words(item, "title"), number(item, "lastrevid")
    last = next(iter(rows(item, "revisions")), None)
    if id_ is None or title is None or revision is None or last is None:
        return None
    author, time = signature(last)
    only = number(last, "parentid") == 0
    protection = {
        kind: level
        for rule in rows(item, "protection")
        if (kind := words(rule, "type")) and (level := words(rule, "level"))
    }
    return Facts(
        id=id_,
        title=title,
        url=words(item, "fullurl") or words(item, "canonicalurl"),
        revision=revision,
        touched=words(item, "touched") or "",
        space=space,
        visibility="space" if "read" in protection else visibility,
        author=author if only else None,
        created=time if only else None,
        editor=author,
        modified=time,
        tags=tuple(dict.fromkeys(name for row in rows(item, "categories") if (name := _category(row)))),
        protection=protection or None,
    )


def signature(revision: object) -> tuple[str | None, str | None]:
    """Return who wrote a revision and when; a name that the wiki hides is ``None``."""
    return words(revision, "user"), text(revision, "timestamp")


def is_readable(item: object) -> bool:
    """Tell whether the account may read a page that it is told of."""
    return part(item, "actions", "read") is not False


def is_redirect(item: object) -> bool:
    """Tell whether a page only leads to another one."""
    return part(item, "redirect") is True


def instant(written: str | None) -> datetime | None:
    """Return the instant of a time of the API."""
    try:
        when = datetime.fromisoformat(written) if written else None
    except ValueError:
        return None
    return when if when is not None and when.tzinfo is not None else None


def _category(row: object) -> str | None:
    """Return the name of a category without that of its namespace, which is in the language of the wiki."""
    title = words(row, "title")
    return title.partition(":")[2] or None if title else None
