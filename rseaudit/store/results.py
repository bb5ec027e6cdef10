"""What a job found, kept as JSON in canonical order: reports are views of it."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar, cast

from sqlalchemy import Connection, delete, func, insert, select

from rseaudit.store.database import Written
from rseaudit.store.schema import results

if TYPE_CHECKING:
    from pydantic import TypeAdapter

_T = TypeVar("_T")


def save(connection: Connection, job: str, run: str, found: Mapping[str, tuple[type, Sequence[object]]]) -> None:
    """Replace the results of a job: for each kind its class and its items, in order.

    An item's ``id`` attribute, if it has one, finds it again with ``find``.
    """
    connection.execute(delete(results).where(results.c.job == job))
    for kind, (cls, items) in found.items():
        _append(connection, job, run, kind, cls, items, first=0)


def amend(
    connection: Connection,
    job: str,
    run: str,
    kind: str,
    cls: type,
    *,
    gone: Iterable[str],
    items: Sequence[object],
) -> None:
    """Delete the items of one kind whose ids are ``gone`` and put ``items`` after what stays.

    What stays also keeps the run that it was found in. The positions do not tell the canonical order any
    more: who loads this kind puts it in order.
    """
    here = (results.c.job == job, results.c.kind == kind)
    ids = sorted(set(gone))
    for start in range(0, len(ids), 400):
        connection.execute(delete(results).where(*here, results.c.id.in_(ids[start : start + 400])))
    last = connection.execute(select(func.max(results.c.position)).where(*here)).scalar()
    _append(connection, job, run, kind, cls, items, first=0 if last is None else last + 1)


def replace(connection: Connection, job: str, run: str, kind: str, cls: type, *, items: Sequence[object]) -> None:
    """Put items in the place of all of one kind."""
    connection.execute(delete(results).where(results.c.job == job, results.c.kind == kind))
    _append(connection, job, run, kind, cls, items, first=0)


def _append(
    connection: Connection, job: str, run: str, kind: str, cls: type, items: Sequence[object], *, first: int
) -> None:
    adapter = _adapter(cls)
    rows = [
        {
            "job": job,
            "kind": kind,
            "position": position,
            "id": str(getattr(item, "id", "")),
            "run": run,
            "data": Written(adapter.dump_json(item).decode()),
        }
        for position, item in enumerate(items, first)
    ]
    if rows:
        connection.execute(insert(results), rows)


def load(connection: Connection, job: str, kind: str, cls: type[_T]) -> tuple[_T, ...]:
    """Return the items of one kind, in the order they were saved; after ``amend`` that is not the canonical one."""
    adapter: TypeAdapter[_T] = _adapter(cast("Hashable", cls))
    query = select(results.c.data).where(results.c.job == job, results.c.kind == kind).order_by(results.c.position)
    return tuple(adapter.validate_python(row.data) for row in connection.execute(query))


@cache
def _adapter(cls: Hashable) -> TypeAdapter[Any]:
    """Return what turns items into JSON and back; making one takes milliseconds."""
    from pydantic import TypeAdapter

    return TypeAdapter(cast("type", cls))


def run_of(connection: Connection, job: str) -> str | None:
    """Return the run that the stored results of a job come from."""
    return connection.execute(select(results.c.run).where(results.c.job == job).limit(1)).scalar()


def find(connection: Connection, id_: str) -> tuple[tuple[str, str, dict[str, Any]], ...]:
    """Return (job, kind, data) of every stored item with this id, in order."""
    query = select(results).where(results.c.id == id_).order_by(results.c.job, results.c.kind, results.c.position)
    return tuple((row.job, row.kind, row.data) for row in connection.execute(query))
