"""What was answered to findings. No crawl, audit or import of documents touches it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, delete, select

from rseaudit.model import Decision
from rseaudit.store.database import upsert
from rseaudit.store.schema import decisions


def save(connection: Connection, items: Iterable[Decision]) -> None:
    """Keep decisions; an earlier one on the same finding is replaced."""
    rows = [
        {
            "finding": item.finding,
            "proposal": item.proposal,
            "reason": item.reason,
            "by": item.by,
            "at": item.at.isoformat(),
        }
        for item in items
    ]
    upsert(connection, decisions, rows)


def withdraw(connection: Connection, findings: Iterable[str]) -> None:
    """Forget what was answered to these findings."""
    for finding in findings:
        connection.execute(delete(decisions).where(decisions.c.finding == finding))


def load(connection: Connection) -> tuple[Decision, ...]:
    """Return all decisions by the id of their finding."""
    found = [
        Decision(
            finding=row.finding,
            proposal=row.proposal,
            reason=row.reason,
            by=row.by,
            at=datetime.fromisoformat(row.at),
        )
        for row in connection.execute(select(decisions))
    ]
    return tuple(sorted(found, key=lambda decision: decision.finding))
