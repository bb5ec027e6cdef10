"""What a job found, kept as JSON in canonical order: reports are views of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import Connection, delete, insert, select

from rseaudit.store.database import Written
from rseaudit.store.schema import results

_T = TypeVar("_T")


def save(connection: Connection, job: str, run: str, found: Mapping[str, tuple[type, Sequence[object]]]) -> None:
    """Replace the results of a job: for each kind its class and its items, in order.

    An item's ``id`` attribute, if it has one, finds it again with ``find``.
    """
    from pydantic import TypeAdapter

    connection.execute(delete(results).where(results.c.job == job))
    for kind, (cls, items) in found.items():
        adapter: TypeAdapter[object] = TypeAdapter(cls)
        rows = [
            {
                "job": job,
                "kind": kind,
                "position": position,
                "id": str(getattr(item, "id", "")),
                "run": run,
                "data": Written(adapter.dump_json(item).decode()),
            }
            for position, item in enumerate(items)
        ]
        if rows:
            connection.execute(insert(results), rows)


def load(connection: Connection, job: str, kind: str, cls: type[_T]) -> tuple[_T, ...]:
    """Return the items of one kind, in the order they were saved."""
    from pydantic import TypeAdapter

    adapter: TypeAdapter[_T] = TypeAdapter(cls)
    query = select(results.c.data).where(results.c.job == job, results.c.kind == kind).order_by(results.c.position)
    return tuple(adapter.validate_python(row.data) for row in connection.execute(query))


def run_of(connection: Connection, job: str) -> str | None:
    """Return the run that the stored results of a job come from."""
    return connection.execute(select(results.c.run).where(results.c.job == job).limit(1)).scalar()


def find(connection: Connection, id_: str) -> tuple[tuple[str, str, dict[str, Any]], ...]:
    """Return (job, kind, data) of every stored item with this id, in order."""
    query = select(results).where(results.c.id == id_).order_by(results.c.job, results.c.kind, results.c.position)
    return tuple((row.job, row.kind, row.data) for row in connection.execute(query))
