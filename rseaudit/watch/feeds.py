"""Read RSS, Atom and RDF documents: the only module that knows feedparser.

feedparser is given bytes in a stream and nothing else: it never opens a file or a connection.
It is slow and can be made very slow, so callers with bodies from outside go through ``workers``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from io import BytesIO
from time import struct_time

from rseaudit.watch import jsonfeed
from rseaudit.watch.parsed import MAX_SUMMARY, ParsedFeed, RawEntry, complete, instant, newest, plain_text, plain_title
from rseaudit.watch.reasons import Reason

MAX_BYTES = 15_000_000
_HTML = re.compile(rb"<(?:!doctype\s+html|html[\s>])", re.IGNORECASE)
_MINUTES = {"hourly": 60, "daily": 1_440, "weekly": 10_080, "monthly": 43_200, "yearly": 525_600}
# feedparser marks these as defects although every entry was read.
_HARMLESS = ("NonXMLContentType", "CharacterEncodingOverride")

Fields = Mapping[str, object]


def parse(body: bytes, *, url: str, content_type: str | None = None, max_entries: int = 2_000) -> ParsedFeed:
    """Read one feed document; what is wrong is said in ``problem`` or ``note``, never raised.

    ``url`` is the final address: relative links start there.
    """
    if len(body) > MAX_BYTES:
        return ParsedFeed(url=url, problem=Reason("This document has more than {limit} MB.", {"limit": 15}))
    if not body.strip():
        return ParsedFeed(url=url, problem=Reason("The answer is empty."))
    if jsonfeed.looks_like_json(body, content_type):
        return jsonfeed.parse(body, url=url, max_entries=max_entries)
    return _parse_xml(body, url, content_type, max_entries)


def _parse_xml(body: bytes, url: str, content_type: str | None, max_entries: int) -> ParsedFeed:
    import feedparser  # type: ignore[import-untyped]  # it has no annotations

    # The text leaves as plain text: to sanitise its HTML or complete its addresses would double the time.
    # feedparser is not told the address either: it would complete guids with it, and an id must not
    # depend on where the feed stands.
    result = feedparser.parse(
        BytesIO(body),
        response_headers={"content-type": content_type or "application/xml"},
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    feed, raw, version = result["feed"], result["entries"], str(result.get("version") or "")
    defect = _defect(result)
    # A document that is cut short leaves a last item in which nothing stands.
    entries = [entry for item in raw if (entry := _entry(item, url)) != RawEntry()]
    if not entries and (defect or not version):
        return ParsedFeed(url=url, problem=_problem(body, url, defect))
    kept = newest(entries, max_entries)
    return ParsedFeed(
        url=url,
        format=version or "unknown",
        title=_title(feed),
        lang=_text(feed, "language"),
        entries=kept,
        dropped=len(entries) - len(kept),
        ttl_minutes=_ttl(feed),
        note=Reason("The document has a defect ({defect}); its entries were read.", {"defect": defect})
        if defect
        else None,
    )


def _defect(result: Fields) -> str:
    error = result.get("bozo_exception") if result.get("bozo") else None
    if error is None or type(error).__name__ in _HARMLESS:
        return ""
    return " ".join(str(error).removeprefix("<unknown>:").split())[:200] or type(error).__name__


def _problem(body: bytes, url: str, defect: str) -> Reason:
    if is_html(body):
        if found := discover(body, url=url):
            return Reason(
                "This is an HTML page, not a feed; the page announces the feed {address}.", {"address": found[0]}
            )
        return Reason("This is an HTML page, not a feed.")
    if defect:
        return Reason("This document cannot be read as a feed ({defect}).", {"defect": defect})
    return Reason("This document is not a feed: neither RSS, Atom, RDF nor JSON Feed.")


def is_html(body: bytes) -> bool:
    """Tell whether a document is a page for people, by its first bytes."""
    return _HTML.search(body[:4_096]) is not None


def discover(body: bytes, *, url: str) -> tuple[str, ...]:
    """Return the addresses of the feeds that an HTML page announces, in its order."""
    from bs4 import BeautifulSoup

    soup = BeautifulSoup(body[:500_000], "lxml")
    found: dict[str, None] = {}
    for link in soup.find_all("link", rel="alternate", href=True):
        kind = str(link.get("type", "")).lower()
        if kind in ("application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml"):
            found.setdefault(complete(url, str(link["href"])) or "")
    return tuple(filter(None, found))


def _entry(item: Fields, url: str) -> RawEntry:
    value, html = _body(item)
    published, raw = _date(item)
    return RawEntry(
        guid=_text(item, "id"),
        url=_link(item, url),
        title=_title(item),
        summary=plain_text(value, html=html, limit=MAX_SUMMARY),
        published=published,
        published_raw=raw,
        author=_text(item, "author"),
    )


def _link(item: Fields, url: str) -> str | None:
    link = _text(item, "link")
    if link is None or (item.get("guidislink") and not link.startswith(("http://", "https://", "/"))):
        return None  # RSS takes each guid for an address unless it says the contrary; most are none
    return complete(url, link)


def _title(fields: Fields) -> str:
    detail = fields.get("title_detail")
    kind = str(detail.get("type")) if isinstance(detail, Mapping) else ""
    value = _text(fields, "title") or ""
    # An escaped entity in a title that is declared as text is the commonest slip of feeds.
    return plain_title(value, html="html" in kind or "&" in value)


def _body(item: Fields) -> tuple[str, bool]:
    """Return the fullest text of an item and whether it is HTML."""
    contents = item.get("content")
    parts = [part for part in contents if isinstance(part, Mapping)] if isinstance(contents, list) else []
    if isinstance(detail := item.get("summary_detail"), Mapping):
        parts.append(detail)
    texts = [(str(part.get("value") or ""), str(part.get("type") or "text/html")) for part in parts]
    value, kind = max(texts, key=lambda text: len(text[0]), default=("", "text/html"))
    return value, kind != "text/plain" or "<" in value


def _date(item: Fields) -> tuple[datetime | None, str | None]:
    for name in ("published", "updated", "created"):
        # Asked with ``in`` first: feedparser warns when it has to answer from another field.
        if name not in item:
            continue
        raw = _text(item, name)
        parsed = item.get(f"{name}_parsed")
        if isinstance(parsed, struct_time):
            try:
                return datetime(*parsed[:5], min(parsed[5], 59), tzinfo=UTC), raw
            except ValueError:
                return None, raw
        return instant(raw), raw
    return None, None


def _ttl(feed: Fields) -> int | None:
    minutes: list[int] = []
    ttl = _text(feed, "ttl") or ""
    if ttl.isascii() and ttl.isdigit() and len(ttl) < 8:
        minutes.append(int(ttl))
    if period := _MINUTES.get((_text(feed, "sy_updateperiod") or "").lower()):
        frequency = _text(feed, "sy_updatefrequency") or "1"
        times = int(frequency) if frequency.isascii() and frequency.isdigit() and len(frequency) < 6 else 1
        minutes.append(period // max(1, times))
    return max(minutes, default=None)


def _text(fields: Fields, key: str) -> str | None:
    value = fields.get(key) if key in fields else None
    return value.strip() or None if isinstance(value, str) else None
