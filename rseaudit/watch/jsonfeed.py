"""Read JSON Feed 1.0 and 1.1 (jsonfeed.org), which feedparser 6 does not."""

from __future__ import annotations

import json
from collections.abc import Mapping

from rseaudit.watch.parsed import MAX_SUMMARY, ParsedFeed, RawEntry, complete, instant, newest, plain_text, plain_title
from rseaudit.watch.reasons import Reason

_VERSION = "https://jsonfeed.org/version/"


def looks_like_json(body: bytes, content_type: str | None) -> bool:
    """Tell JSON by its first sign; the declared type alone is believed for nothing else."""
    start = body[:64].lstrip(b"\xef\xbb\xbf \t\r\n")
    return start.startswith(b"{") or (start.startswith(b"[") and "json" in (content_type or ""))


def parse(body: bytes, *, url: str, max_entries: int) -> ParsedFeed:
    """Read the items that can be read; a missing or odd member costs that member only."""
    try:
        data = json.loads(body.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return ParsedFeed(url=url, problem=Reason("This JSON document is not in UTF-8."))
    except (ValueError, RecursionError) as error:
        cause = "nesting" if isinstance(error, RecursionError) else str(error)
        return ParsedFeed(url=url, problem=Reason("This JSON document cannot be read ({cause}).", {"cause": cause}))
    if not isinstance(data, dict) or not str(data.get("version", "")).startswith(_VERSION):
        return ParsedFeed(url=url, problem=Reason("This JSON document is not a JSON Feed: its version is missing."))
    items = data.get("items")
    if not isinstance(items, list):
        return ParsedFeed(url=url, problem=Reason("This JSON Feed has no list of items."))
    entries = [_entry(item, url) for item in items if isinstance(item, dict)]
    kept = newest(entries, max_entries)
    odd = len(items) - len(entries)
    return ParsedFeed(
        url=url,
        format="json" + str(data["version"]).removeprefix(_VERSION)[:8],
        title=plain_title(_text(data, "title") or "", html=False),
        lang=_text(data, "language"),
        entries=kept,
        dropped=len(entries) - len(kept),
        note=Reason("{count} items that are not objects were left out.", {"count": odd}) if odd else None,
    )


def _entry(item: Mapping[str, object], url: str) -> RawEntry:
    html, text = _text(item, "content_html"), _text(item, "content_text")
    summary = (
        plain_text(html, html=True, limit=MAX_SUMMARY)
        if html
        else plain_text(text or "", html=False, limit=MAX_SUMMARY)
    )
    link = _text(item, "url") or _text(item, "external_url")
    raw = _text(item, "date_published") or _text(item, "date_modified")
    return RawEntry(
        guid=_text(item, "id"),
        url=complete(url, link) if link else None,
        title=plain_title(_text(item, "title") or "", html=False),
        summary=summary or plain_text(_text(item, "summary") or "", html=False, limit=MAX_SUMMARY),
        published=instant(raw),
        published_raw=raw,
        author=_author(item),
    )


def _author(item: Mapping[str, object]) -> str | None:
    authors = item.get("authors")
    if not isinstance(authors, list):
        authors = [item.get("author")]
    names = [name for author in authors if isinstance(author, dict) and (name := _text(author, "name"))]
    return ", ".join(names) or None


def _text(data: Mapping[str, object], key: str) -> str | None:
    # The specification asks readers to accept a number as id.
    value = data.get(key)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        value = str(value)
    return value.strip() or None if isinstance(value, str) else None
