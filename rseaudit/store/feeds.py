"""Feed states and entries, kept as JSON by address and id."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from sqlalchemy import Connection, select

from rseaudit.model import Entry
from rseaudit.store import schema
from rseaudit.store.database import upsert

_T = TypeVar("_T")


def save_states(connection: Connection, states: Iterable[tuple[str, object]], cls: type) -> None:
    """Insert or replace feed states, given with their addresses."""
    from pydantic import TypeAdapter

    adapter: TypeAdapter[object] = TypeAdapter(cls)
    rows = [{"url": url, "data": adapter.dump_python(state, mode="json")} for url, state in states]
    upsert(connection, schema.feeds, rows)


def states(connection: Connection, cls: type[_T]) -> dict[str, _T]:
    """Return the feed states by address, in order of address."""
    from pydantic import TypeAdapter

    adapter: TypeAdapter[_T] = TypeAdapter(cls)
    found = {row.url: adapter.validate_python(row.data) for row in connection.execute(select(schema.feeds))}
    return dict(sorted(found.items()))


def save_entries(connection: Connection, items: Iterable[Entry]) -> None:
    """Insert entries or replace them by (feed, id)."""
    from pydantic import TypeAdapter

    adapter = TypeAdapter(Entry)
    rows = [{"feed": item.feed, "id": item.id, "data": adapter.dump_python(item, mode="json")} for item in items]
    upsert(connection, schema.entries, rows)


def entries(connection: Connection) -> tuple[Entry, ...]:
    """Return all entries in order of feed and id."""
    from pydantic import TypeAdapter

    adapter = TypeAdapter(Entry)
    found = [adapter.validate_python(row.data) for row in connection.execute(select(schema.entries))]
    return tuple(sorted(found, key=lambda item: (item.feed, item.id)))
