"""What a page declares about itself for machines: JSON-LD, ``meta``, ``link``, ``time``.

Read when present, never required: behind a login most pages declare nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urljoin

from lxml.etree import _Element

from rseaudit.crawl.addresses import url_key
from rseaudit.crawl.page import Page
from rseaudit.crawl.selectors import line

Origin = Literal["json-ld", "meta", "time"]

_JSON_CAP = 200_000
_DOCUMENTS = ("Article", "Posting", "WebPage", "Report", "HowTo", "Event", "Question")
_CREATED = ("article:published_time", "dcterms.created", "dc.date.created", "dcterms.date", "dc.date", "date")
_MODIFIED = ("article:modified_time", "og:updated_time", "dcterms.modified", "dc.date.modified", "last-modified")


@dataclass(frozen=True, slots=True)
class Declared:
    """Texts as the page gives them; ``created_by`` says which kind of markup gave ``created``."""

    title: str | None = None
    author: str | None = None
    created: str | None = None
    created_by: Origin | None = None
    modified: str | None = None


def canonical(page: Page) -> str | None:
    """Return the canonical form of ``link rel=canonical``, on whatever host it leads to."""
    for link in page.tree.iter("link"):
        href = (link.get("href") or "").strip()
        if href and "canonical" in (link.get("rel") or "").lower().split():
            return absolute(page, href)
    return None


def absolute(page: Page, href: str) -> str | None:
    """Return an address written in a page in canonical form, ``None`` when it is no http(s) one."""
    try:
        key = url_key(urljoin(page.url, href.strip()))
    except ValueError:
        return None
    return key if key.startswith(("http://", "https://")) else None


def declared(page: Page) -> Declared:
    """Read JSON-LD first, then ``meta``, then a ``time`` element of the article."""
    meta = _meta(page.tree)
    thing: dict[str, object] = next(_things(page.tree), {})
    created: str | None = _string(thing, "datePublished") or _string(thing, "dateCreated")
    created_by: Origin | None = "json-ld" if created else None
    if created is None and (created := next((meta[name] for name in _CREATED if name in meta), None)):
        created_by = "meta"
    if created is None and (created := _time(page.tree)):
        created_by = "time"
    return Declared(
        title=title(page.tree, meta),
        author=_author(thing) or meta.get("author"),
        created=created,
        created_by=created_by,
        modified=_string(thing, "dateModified") or next((meta[name] for name in _MODIFIED if name in meta), None),
    )


def title(tree: _Element, meta: dict[str, str] | None = None) -> str | None:
    """Return the first that says something: ``h1``, ``og:title``, ``title``."""
    for heading in tree.iter("h1"):
        if text := line(heading):
            return text
    if text := (_meta(tree) if meta is None else meta).get("og:title", ""):
        return text
    return next((text for element in tree.iter("title") if (text := line(element))), None)


def _meta(tree: _Element) -> dict[str, str]:
    found: dict[str, str] = {}
    for element in tree.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop")
        content = " ".join((element.get("content") or "").split())
        if name and content:
            found.setdefault(name.lower(), content)
    return found


def _time(tree: _Element) -> str | None:
    """Return the publication date in ``time`` markup: the marked one, else the only one there is."""
    times = [element for element in tree.iter("time") if element.get("datetime")]
    for element in times:
        marks = f"{element.get('itemprop', '')} {element.get('class', '')} {element.get('pubdate', '')}".lower()
        if "publi" in marks or "created" in marks or element.get("pubdate") is not None:
            return element.get("datetime")
    distinct = {element.get("datetime") for element in times}
    return times[0].get("datetime") if len(distinct) == 1 else None


def _things(tree: _Element) -> Iterator[dict[str, object]]:
    for script in tree.iter("script"):
        text = script.text or ""
        if (script.get("type") or "").strip().lower() != "application/ld+json" or len(text) > _JSON_CAP:
            continue
        try:
            data = json.loads(text)
        except (ValueError, RecursionError):
            continue
        pending: list[object] = [data]
        while pending:
            thing = pending.pop(0)
            if isinstance(thing, list):
                pending[:0] = thing
            elif isinstance(thing, dict):
                if _is_document(thing):
                    yield thing
                pending.extend(thing[key] for key in ("@graph", "mainEntity") if key in thing)


def _is_document(thing: dict[str, object]) -> bool:
    kinds = thing.get("@type")
    names = kinds if isinstance(kinds, list) else [kinds]
    dated = "datePublished" in thing or "dateCreated" in thing
    return dated and any(isinstance(name, str) and name.endswith(_DOCUMENTS) for name in names)


def _string(thing: dict[str, object], key: str) -> str | None:
    value = thing.get(key)
    return value.strip() or None if isinstance(value, str) else None


def _author(thing: dict[str, object]) -> str | None:
    """Return the one author who is a person: an organisation answers for nothing, several are no label."""
    author = thing.get("author")
    if isinstance(author, list):
        author = author[0] if len(author) == 1 else None
    if isinstance(author, dict):
        return _string(author, "name") if author.get("@type", "Person") == "Person" else None
    return author.strip() or None if isinstance(author, str) else None
