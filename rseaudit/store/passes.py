"""How far the open crawl is with each source under each account, known to all workers."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, delete

from rseaudit.store.database import upsert
from rseaudit.store.schema import passes


def begin(connection: Connection) -> None:
    """Forget how the passes of an earlier crawl ended."""
    connection.execute(delete(passes))


def end(connection: Connection, source: str, account: str, problem: str | None) -> None:
    """Record that nothing is left to read, or the ``problem`` for which nobody should try again in this crawl."""
    upsert(connection, passes, [{"source": source, "account": account, "problem": problem}])


def ended(connection: Connection) -> dict[tuple[str, str], str | None]:
    """Return (source, account) of what has ended, each with its problem."""
    rows: Iterable[tuple[str, str, str | None]] = (
        (row.source, row.account, row.problem) for row in connection.execute(passes.select())
    )
    return {(source, account): problem for source, account, problem in sorted(rows, key=lambda row: row[:2])}
