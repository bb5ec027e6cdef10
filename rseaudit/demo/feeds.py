"""The press of the demonstration: eight invented feeds, written as RSS, Atom, RDF and JSON Feed.

Their trouble (a missing date, a repeated guid, a link that is a script…) is wanted: real feeds have it.
What a perfect watch finds in them stands in ``content/feeds/expected.toml``.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from importlib.resources import files
from typing import Any, Literal

from lxml import etree
from lxml.etree import _Element

_NOT_FEEDS = frozenset(("expected.toml", "demo-vendors.toml"))
_NAMESPACES = {
    "atom": "http://www.w3.org/2005/Atom",
    "dc": "http://purl.org/dc/elements/1.1/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rss1": "http://purl.org/rss/1.0/",
    "xml": "http://www.w3.org/XML/1998/namespace",
}
_ROOTS = {
    "rss": '<rss version="2.0" xmlns:atom="{atom}" xmlns:dc="{dc}"/>',
    "atom": '<feed xmlns="{atom}"/>',
    "rdf": '<rdf:RDF xmlns:rdf="{rdf}" xmlns="{rss1}" xmlns:dc="{dc}"/>',
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoEntry:
    """One item. ``title`` and ``summary`` may hold HTML; ``guid`` is empty where the feed gives none.

    ``key`` names the entry in ``expected.toml``. ``appears`` is when the feed begins to show it:
    its date, unless that is missing or false.
    """

    key: str
    guid: str
    link: str
    title: str
    summary: str
    published: datetime | None
    appears: datetime
    author: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoFeed:
    """One invented medium; ``entries`` stand newest first. ``key`` is its name in ``expected.toml``."""

    key: str
    name: str
    title: str
    host: str
    path: str
    format: Literal["rss", "atom", "rdf", "json"]
    lang: Literal["fr", "en"]
    trust: float
    entries: tuple[DemoEntry, ...]

    @property
    def site(self) -> str:
        return f"https://{self.host}/"

    @property
    def url(self) -> str:
        return f"https://{self.host}{self.path}"


def load_feeds() -> tuple[DemoFeed, ...]:
    """Read the feeds that come with the package, in order of their keys."""
    folder = files("rseaudit.demo") / "content" / "feeds"
    names = sorted({f.name for f in folder.iterdir() if f.name.endswith(".toml")} - _NOT_FEEDS)
    return tuple(_feed(name.removesuffix(".toml"), tomllib.loads((folder / name).read_text("utf-8"))) for name in names)


def render(feed: DemoFeed, *, until: datetime | None = None) -> tuple[bytes, str]:
    """Return the feed's document and its content type, as served at ``until`` (by default: with all entries)."""
    shown = [entry for entry in feed.entries if until is None or entry.appears <= until]
    if feed.format == "json":
        return _json(feed, shown), "application/feed+json; charset=utf-8"
    root = etree.fromstring(_ROOTS[feed.format].format_map(_NAMESPACES))
    {"rss": _rss, "atom": _atom, "rdf": _rdf}[feed.format](root, feed, shown)
    body = etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True)
    return body, f"application/{feed.format}+xml; charset=utf-8"


def _feed(key: str, table: dict[str, Any]) -> DemoFeed:
    entries = sorted((_entry(table["host"], item) for item in table.pop("entry")), key=lambda e: e.key)
    entries.sort(key=lambda entry: entry.appears, reverse=True)
    return DemoFeed(key=key, entries=tuple(entries), **table)


def _entry(host: str, item: dict[str, Any]) -> DemoEntry:
    return DemoEntry(
        key=item["id"],
        guid=item.get("guid", f"tag:{host},2026:{item['id']}"),
        link=item.get("link", f"https://{host}{item['path']}"),
        title=item["title"],
        summary=item["summary"],
        published=item.get("published"),
        appears=item["appears"] if "appears" in item else item["published"],
        author=item.get("author"),
    )


def _kind(text: str) -> Literal["html", "text"]:
    return "html" if "<" in text else "text"


def _name(name: str) -> str:
    prefix, _, local = name.rpartition(":")
    return f"{{{_NAMESPACES[prefix]}}}{local}" if prefix else local


def _add(parent: _Element, name: str, text: str | None = None, **attributes: str) -> _Element:
    child = etree.SubElement(parent, _name(name), attributes)
    child.text = text
    return child


def _describe(
    parent: _Element, prefix: str, title: str, link: str, description: str, author: str | None = None
) -> None:
    for name, text in (("title", title), ("link", link), ("description", description)):
        _add(parent, f"{prefix}{name}", text)
    if author:
        _add(parent, "dc:creator", author)


def _rss(root: _Element, feed: DemoFeed, entries: Sequence[DemoEntry]) -> None:
    channel = _add(root, "channel")
    _describe(channel, "", feed.title, feed.site, feed.name)
    _add(channel, "language", feed.lang)
    _add(channel, "atom:link", rel="self", type="application/rss+xml", href=feed.url)
    for entry in entries:
        item = _add(channel, "item")
        _describe(item, "", entry.title, entry.link, entry.summary, entry.author)
        if entry.guid:
            _add(item, "guid", entry.guid, isPermaLink="false")
        if entry.published:
            _add(item, "pubDate", format_datetime(entry.published))


def _atom(root: _Element, feed: DemoFeed, entries: Sequence[DemoEntry]) -> None:
    root.set(_name("xml:lang"), feed.lang)
    _add(root, "atom:title", feed.title)
    _add(root, "atom:id", feed.site)
    _add(root, "atom:link", rel="self", href=feed.url)
    _add(root, "atom:link", rel="alternate", href=feed.site)
    _add(_add(root, "atom:author"), "atom:name", feed.name)
    _add(root, "atom:updated", (entries or feed.entries[-1:])[0].appears.isoformat())
    for entry in entries:
        item = _add(root, "atom:entry")
        _add(item, "atom:title", entry.title, type=_kind(entry.title))
        _add(item, "atom:id", entry.guid)
        _add(item, "atom:link", rel="alternate", href=entry.link)
        _add(item, "atom:updated", (entry.published or entry.appears).isoformat())
        if entry.published:
            _add(item, "atom:published", entry.published.isoformat())
        if entry.author:
            _add(_add(item, "atom:author"), "atom:name", entry.author)
        _add(item, "atom:summary", entry.summary, type=_kind(entry.summary))


def _rdf(root: _Element, feed: DemoFeed, entries: Sequence[DemoEntry]) -> None:
    channel = _add(root, "rss1:channel", **{_name("rdf:about"): feed.url})
    _describe(channel, "rss1:", feed.title, feed.site, feed.name)
    _add(channel, "dc:language", feed.lang)
    order = _add(_add(channel, "rss1:items"), "rdf:Seq")
    for entry in entries:
        _add(order, "rdf:li", **{_name("rdf:resource"): entry.link})
        item = _add(root, "rss1:item", **{_name("rdf:about"): entry.link})
        _describe(item, "rss1:", entry.title, entry.link, entry.summary, entry.author)
        if entry.published:
            _add(item, "dc:date", entry.published.isoformat())


def _json(feed: DemoFeed, entries: Sequence[DemoEntry]) -> bytes:
    document = {"version": "https://jsonfeed.org/version/1.1", "title": feed.title, "language": feed.lang}
    items = {"home_page_url": feed.site, "feed_url": feed.url, "items": [_json_item(entry) for entry in entries]}
    return (json.dumps({**document, **items}, ensure_ascii=False, indent=1) + "\n").encode()


def _json_item(entry: DemoEntry) -> dict[str, object]:
    item: dict[str, object] = {"id": entry.guid, "url": entry.link, "title": entry.title}
    item[f"content_{_kind(entry.summary)}"] = entry.summary
    if entry.published:
        item["date_published"] = entry.published.isoformat()
    if entry.author:
        item["authors"] = [{"name": entry.author}]
    return item
