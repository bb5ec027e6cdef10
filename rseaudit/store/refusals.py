"""The links of a source that are not followed, each with its reason: for plans and reports."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, delete, func, select

from rseaudit.store.database import insert_missing
from rseaudit.store.schema import refusals


def keep(connection: Connection, source: str, refused: Iterable[tuple[str, str]], *, room: int = 10_000) -> None:
    """Record (url, reason) of links that were not followed, up to ``room`` a source."""
    rows = [{"source": source, "url": url, "reason": reason} for url, reason in sorted(set(refused))]
    if not rows:
        return
    query = select(func.count()).select_from(refusals).where(refusals.c.source == source)
    if connection.execute(query).scalar_one() < room:
        insert_missing(connection, refusals, rows)


def listed(connection: Connection, source: str) -> tuple[tuple[str, str], ...]:
    """Return (url, reason) of what was refused, in order."""
    query = select(refusals.c.url, refusals.c.reason).where(refusals.c.source == source)
    return tuple(sorted((row.url, row.reason) for row in connection.execute(query)))


def for_reason(connection: Connection, source: str, reason: str) -> frozenset[str]:
    """Return what was refused for one reason."""
    query = select(refusals.c.url).where(refusals.c.source == source, refusals.c.reason == reason)
    return frozenset(connection.execute(query).scalars())


def take_up(connection: Connection, source: str, found: Iterable[str]) -> None:
    """Forget that links were refused: they are followed after all."""
    for url in found:
        connection.execute(delete(refusals).where(refusals.c.source == source, refusals.c.url == url))
