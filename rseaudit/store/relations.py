"""What the judging of two texts gave, kept so that the next run only does anew what has changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, or_, select
from sqlalchemy import delete as deleting

from rseaudit.store.database import upsert
from rseaudit.store.schema import relations

_BATCH = 400
_ALL = select(relations.c.one, relations.c.two, relations.c.matches, relations.c.owed)
_PAIR_COLUMNS = (relations.c.one, relations.c.two)
_TOUCHING = _ALL.where(
    or_(
        relations.c.one.in_(bindparam("numbers", expanding=True)),
        relations.c.two.in_(bindparam("numbers", expanding=True)),
    )
)
_PAIR = deleting(relations).where(relations.c.one == bindparam("first"), relations.c.two == bindparam("second"))


@dataclass(frozen=True, slots=True)
class Kept:
    """Two texts by their numbers in the index of matches, and what they gave.

    ``matches`` are the ids of the matches that came of them; ``owed`` is JSON that its writer understands.
    """

    one: int
    two: int
    matches: tuple[str, ...]
    owed: tuple[list[Any], ...]


def clear(connection: Connection) -> None:
    """Delete all: the numbers are those of an index that is no more."""
    connection.execute(deleting(relations))


def save(connection: Connection, items: Iterable[Kept]) -> None:
    """Insert what two texts gave, or replace it."""
    rows = [
        {"one": item.one, "two": item.two, "matches": list(item.matches), "owed": list(item.owed)} for item in items
    ]
    upsert(connection, relations, rows)


def touching(connection: Connection, numbers: Iterable[int]) -> tuple[Kept, ...]:
    """Return what is kept of any of these texts with any other, in order of both numbers."""
    wanted = sorted(set(numbers))
    found: dict[tuple[int, int], Kept] = {}
    for start in range(0, len(wanted), _BATCH):
        for row in connection.execute(_TOUCHING, {"numbers": wanted[start : start + _BATCH]}).all():
            found[row.one, row.two] = _kept(row)
    return tuple(found[pair] for pair in sorted(found))


def _kept(row: Row[int, int, Any, Any]) -> Kept:
    return Kept(row.one, row.two, tuple(row.matches), tuple(row.owed))


def between(connection: Connection, pairs: Iterable[tuple[int, int]]) -> tuple[Kept, ...]:
    """Return what is kept of just these pairs, in their order."""
    wanted = sorted(set(pairs))
    found: list[Kept] = []
    for start in range(0, len(wanted), _BATCH):
        some = wanted[start : start + _BATCH]
        once = {*some}
        # For pairs of values SQLite reads the whole table.
        near = and_(*(column.in_({*own}) for column, own in zip(_PAIR_COLUMNS, zip(*some, strict=True), strict=True)))
        found += [_kept(row) for row in connection.execute(_ALL.where(near)).all() if (row.one, row.two) in once]
    return tuple(sorted(found, key=lambda item: (item.one, item.two)))


def delete(connection: Connection, pairs: Iterable[tuple[int, int]]) -> None:
    """Delete what these pairs gave; pairs of which nothing is kept do not matter."""
    rows = [{"first": one, "second": two} for one, two in pairs]
    if rows:
        connection.execute(_PAIR, rows)
