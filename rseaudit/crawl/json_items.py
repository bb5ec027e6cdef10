"""Careful access to JSON: a key that is missing or of another type is ``None``, never an error."""

from __future__ import annotations

from collections.abc import Mapping

Item = Mapping[str, object]


def part(item: object, *path: str) -> object:
    """Return what stands behind a path of keys."""
    found = item
    for key in path:
        found = found.get(key) if isinstance(found, Mapping) else None
    return found


def rows(item: object, *path: str) -> list[object]:
    """Return the list behind a path of keys; what is no list has no rows."""
    found = part(item, *path)
    return found if isinstance(found, list) else []


def words(item: object, *path: str) -> str | None:
    """Return a text as one line; ``None`` when it says nothing."""
    found = part(item, *path)
    return " ".join(found.split()) or None if isinstance(found, str) else None


def text(item: object, *path: str) -> str | None:
    """Return a text as it stands; ``None`` when it says nothing."""
    found = part(item, *path)
    return found if isinstance(found, str) and found.strip() else None


def number(item: object, *path: str) -> int | None:
    """Return a whole number, also where an API writes it as a text."""
    found = part(item, *path)
    if isinstance(found, str) and found.isascii() and found.isdigit() and len(found) < 20:
        return int(found)
    return found if isinstance(found, int) and not isinstance(found, bool) else None


def is_set(item: object, *path: str) -> bool:
    """Tell whether a flag is set, be it ``true`` or ``1``."""
    return part(item, *path) in (True, 1)
