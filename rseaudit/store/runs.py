"""What each run of a job was asked and what became of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, cast

from sqlalchemy import Connection, func, insert, select, update

from rseaudit.model import Run
from rseaudit.store.schema import runs

State = Literal["open", "complete", "incomplete", "interrupted"]
Job = Literal["crawl", "duplicates", "audit", "watch", "import"]


def start(connection: Connection, job: Job, now: datetime, scope: Mapping[str, object]) -> Run:
    """Open a run. ``scope`` says what was asked; ``now`` is the logical time of all its output."""
    row: dict[str, object] = {
        "job": job,
        "state": "open",
        "now": now.isoformat(),
        "scope": dict(scope),
        "resumed": 0,
        "asked": 0,
        "done": 0,
        "failed": 0,
        "skipped": 0,
        "notes": [],
    }
    seq = connection.execute(insert(runs).values(row).returning(runs.c.seq)).scalar_one()
    return Run(id=_name(job, seq), job=job, now=now, state="open")


def resume(connection: Connection, job: Job, scope: Mapping[str, object]) -> Run | None:
    """Take up the last run of ``job`` when it was left unfinished with the same scope."""
    row = connection.execute(select(runs).where(runs.c.job == job).order_by(runs.c.seq.desc()).limit(1)).first()
    if row is None or row.state not in ("open", "interrupted") or row.scope != dict(scope):
        return None
    connection.execute(update(runs).where(runs.c.seq == row.seq).values(state="open", resumed=runs.c.resumed + 1))
    return _run(row._mapping)


def is_after(connection: Connection, job: Job, others: Sequence[Job]) -> bool:
    """Tell whether the last run of a job began after the last one of each of the others."""
    query = (
        select(runs.c.job, func.max(runs.c.seq).label("last"))
        .where(runs.c.job.in_([job, *others]))
        .group_by(runs.c.job)
    )
    found = {row.job: row.last for row in connection.execute(query)}
    return job in found and found[job] == max(found.values())


def finish(
    connection: Connection,
    run: Run,
    state: State,
    *,
    asked: int,
    done: int,
    failed: int,
    skipped: int,
    notes: Sequence[str] = (),
) -> Run:
    """Close a run; its counts must add up."""
    if asked != done + failed + skipped:
        raise ValueError(f"run {run.id}: {asked} asked, but {done} done, {failed} failed and {skipped} skipped")
    values = {
        "state": state,
        "asked": asked,
        "done": done,
        "failed": failed,
        "skipped": skipped,
        "notes": list(notes),
    }
    connection.execute(update(runs).where(runs.c.seq == _seq(run.id)).values(values))
    return Run(
        id=run.id,
        job=run.job,
        now=run.now,
        state=state,
        asked=asked,
        done=done,
        failed=failed,
        skipped=skipped,
        notes=tuple(notes),
    )


def last(connection: Connection, job: Job) -> Run | None:
    """Return the newest run of a job."""
    row = connection.execute(select(runs).where(runs.c.job == job).order_by(runs.c.seq.desc()).limit(1)).first()
    return _run(row._mapping) if row is not None else None


def read_by(connection: Connection, run: Run) -> tuple[tuple[str, str], ...]:
    """Return the (source, account) that a crawl was asked to read; a guest's account is empty."""
    scope = connection.execute(select(runs.c.scope).where(runs.c.seq == _seq(run.id))).scalar_one()
    return tuple((source, account) for source, account in scope["sources"])


def all_runs(connection: Connection) -> tuple[Run, ...]:
    """Return every run, oldest first."""
    return tuple(_run(row._mapping) for row in connection.execute(select(runs).order_by(runs.c.seq)))


def _name(job: str, seq: int) -> str:
    return f"{job}-{seq}"


def _seq(run_id: str) -> int:
    return int(run_id.rpartition("-")[2])


def _run(row: Mapping[Any, Any]) -> Run:
    return Run(
        id=_name(str(row["job"]), cast("int", row["seq"])),
        job=cast("Job", row["job"]),
        now=datetime.fromisoformat(str(row["now"])),
        state=cast("State", row["state"]),
        asked=cast("int", row["asked"]),
        done=cast("int", row["done"]),
        failed=cast("int", row["failed"]),
        skipped=cast("int", row["skipped"]),
        notes=tuple(cast("Sequence[str]", row["notes"])),
    )
