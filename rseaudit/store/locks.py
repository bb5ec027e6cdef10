"""One lock a job and store: a second run of the same job stops at once, other jobs go on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from rseaudit.errors import LockedError, StoreError
from rseaudit.ids import short_hash
from rseaudit.store.database import Store


@contextmanager
def job_lock(store: Store, job: str) -> Iterator[None]:
    """Hold the lock of ``job``; it dies with the process, whatever ends it.

    SQLite: a lock file beside the store. PostgreSQL: an advisory lock of this session.
    Raises ``LockedError`` at once when another run has it.
    """
    path = store.path
    if path is not None:
        with _file_lock(path, job):
            yield
    else:
        with _advisory_lock(store, job):
            yield


def is_locked(connection: Connection, job: str) -> bool:
    """Tell whether some process holds the lock of ``job`` on a server; the lock is not touched."""
    number = _number(job) % (1 << 64)
    query = text(
        "SELECT EXISTS (SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 1 AND granted"
        " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        " AND classid::bigint = :high AND objid::bigint = :low)"
    )
    return bool(connection.execute(query, {"high": number >> 32, "low": number & 0xFFFFFFFF}).scalar())


def _number(job: str) -> int:
    return int(short_hash("rseaudit", job), 16) - (1 << 63)


def _refusal(store_shown: str, job: str) -> LockedError:
    return LockedError(
        f"another `rseaudit {job}` is running on this store",
        where=store_shown,
        remedy=f"wait until it has finished, or stop it; other jobs may run beside it, a second {job} may not",
    )


@contextmanager
def _file_lock(path: Path, job: str) -> Iterator[None]:
    from filelock import FileLock, Timeout

    lock = FileLock(path.with_name(f"{path.name}.{job}.lock"), timeout=0)
    try:
        lock.acquire()
    except Timeout:
        raise _refusal(str(path), job) from None
    except OSError as error:
        raise StoreError(
            f"no lock can be made beside the store: {error.strerror or error}",
            where=str(path.parent),
            remedy="give this user the right to write in that folder, or name another place with --store",
        ) from None
    try:
        yield
    finally:
        lock.release()


@contextmanager
def _advisory_lock(store: Store, job: str) -> Iterator[None]:
    number = _number(job)
    connection = store.connect().execution_options(isolation_level="AUTOCOMMIT")
    try:
        if not connection.execute(text("SELECT pg_try_advisory_lock(:n)"), {"n": number}).scalar():
            raise _refusal(store.shown, job)
        try:
            yield
        finally:
            # The server notices a closed session a moment later, when the next job may have begun.
            with suppress(SQLAlchemyError):
                connection.execute(text("SELECT pg_advisory_unlock(:n)"), {"n": number})
    finally:
        connection.invalidate()  # closes the session, and whatever lock it still holds
        connection.close()
