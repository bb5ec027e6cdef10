"""What the team said of entries and stories of the watch; who said it is not kept."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, delete, select

from rseaudit.model import Mark
from rseaudit.store.database import upsert
from rseaudit.store.schema import marks


def save(connection: Connection, items: Iterable[Mark]) -> None:
    """Keep marks; one that stands on the same entry or story is replaced."""
    rows = [
        {"feed": item.feed, "id": item.id, "verdict": item.verdict, "note": item.note, "at": item.at.isoformat()}
        for item in items
    ]
    upsert(connection, marks, rows)


def remove(connection: Connection, feed: str, id_: str) -> bool:
    """Take a mark away; tell whether there was one."""
    return connection.execute(delete(marks).where(marks.c.feed == feed, marks.c.id == id_)).rowcount > 0


def load(connection: Connection) -> tuple[Mark, ...]:
    """Return all marks, those of stories first, by feed and id."""
    found = [
        Mark(feed=row.feed, id=row.id, verdict=row.verdict, at=datetime.fromisoformat(row.at), note=row.note)
        for row in connection.execute(select(marks))
    ]
    return tuple(sorted(found, key=lambda mark: (mark.feed, mark.id)))
