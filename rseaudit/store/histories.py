"""Since when each sentence of a document is known to stand there: what readings leave to later ones."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, delete, select

from rseaudit.model import Ref
from rseaudit.store.database import upsert
from rseaudit.store.refs import named
from rseaudit.store.schema import histories

_DIGITS = 8


@dataclass(frozen=True, slots=True)
class Kept:
    """Instants by sentence digest (eight digits); ``stamp`` says of which state of the document."""

    stamp: str
    since: Mapping[str, datetime]


def stamps(connection: Connection) -> dict[Ref, str]:
    """Return the state of which each history is."""
    query = select(histories.c.source, histories.c.id, histories.c.stamp)
    return {Ref(row.source, row.id): row.stamp for row in connection.execute(query)}


def load(connection: Connection, refs: Iterable[Ref]) -> dict[Ref, Kept]:
    """Return the histories of the named documents, those that exist."""
    found: dict[Ref, Kept] = {}
    for where in named(histories, refs):
        for row in connection.execute(select(histories).where(where)).all():
            found[Ref(row.source, row.id)] = Kept(row.stamp, _read(row.data))
    return found


def save(connection: Connection, kept: Mapping[Ref, Kept]) -> None:
    """Insert or replace histories."""
    rows = [
        {"source": ref.source, "id": ref.id, "stamp": item.stamp, "data": _written(item.since)}
        for ref, item in sorted(kept.items())
    ]
    upsert(connection, histories, rows)


def remove(connection: Connection, refs: Iterable[Ref]) -> None:
    """Delete the histories of documents."""
    for ref in refs:
        connection.execute(delete(histories).where(and_(histories.c.source == ref.source, histories.c.id == ref.id)))


def _written(since: Mapping[str, datetime]) -> dict[str, str]:
    """Write one line an instant: digests are of one length and need no separator."""
    digests: defaultdict[str, list[str]] = defaultdict(list)
    for digest, instant in sorted(since.items()):
        digests[instant.isoformat()].append(digest)
    return {instant: "".join(found) for instant, found in digests.items()}


def _read(data: Mapping[str, str]) -> dict[str, datetime]:
    return {
        joined[place : place + _DIGITS]: datetime.fromisoformat(instant)
        for instant, joined in data.items()
        for place in range(0, len(joined), _DIGITS)
    }
