"""Careful access to what WordPress answers: what is missing or of another type is ``None``, never an error."""

from __future__ import annotations

import html
from collections.abc import Iterator
from datetime import UTC, datetime

from rseaudit.crawl.json_items import Item, number, text
from rseaudit.crawl.page import NotReadable, Page


def items(data: object) -> Iterator[tuple[int, Item | None]]:
    """Yield (position, object) of a list, or of the one object that stands for a list of one.

    What is no object is ``None``.
    """
    found = data if isinstance(data, list) else [data]
    for position, item in enumerate(found):
        yield position, item if isinstance(item, dict) else None


def name(item: Item, *path: str) -> str | None:
    """Return a text for people as they read it: HTML entities resolved, white space as single spaces."""
    found = text(item, *path)
    return " ".join(html.unescape(found).split()) or None if found else None


def id_of(item: Item | None) -> int | None:
    """Return the id of an object."""
    found = number(item, "id")
    return found if found is not None and found > 0 else None


def instant(item: Item, key: str) -> datetime | None:
    """Return the instant of ``<key>_gmt``, which has no zone and means UTC."""
    found = text(item, f"{key}_gmt")
    try:
        when = datetime.fromisoformat(found) if found else None
    except ValueError:
        return None
    return when.replace(tzinfo=UTC) if when is not None and when.tzinfo is None else when


def total(page: Page) -> int | None:
    """Return how many items there are over all pages, ``None`` when the answer does not say."""
    return _header(page, "x-wp-total")


def pages(page: Page) -> int | None:
    """Return how many pages there are, ``None`` when the answer does not say."""
    return _header(page, "x-wp-totalpages")


def code(page: Page) -> str | None:
    """Return the word by which the API itself refuses; ``None`` for content and for a stranger's answer."""
    try:
        data = page.data
    except NotReadable:
        return None
    return text(data, "code") if isinstance(data, dict) else None


def is_object(page: Page, key: str) -> bool:
    """Tell whether an answer is an object with this key; what is no JSON is none."""
    try:
        return isinstance(page.data, dict) and key in page.data
    except NotReadable:
        return False


def is_root(page: Page) -> bool:
    """Tell whether an answer is that of an API's root."""
    return is_object(page, "namespaces")


def namespaces(page: Page) -> tuple[str, ...]:
    """Return what an API's root says that the site has. Raises ``NotReadable`` for another answer."""
    found = page.data.get("namespaces") if isinstance(page.data, dict) else None
    if not isinstance(found, list):
        raise NotReadable("this is not the root of a WordPress API")
    return tuple(name for name in found if isinstance(name, str))


def _header(page: Page, header: str) -> int | None:
    found = page.headers.get(header, "").strip()
    return int(found) if found.isascii() and found.isdigit() else None
