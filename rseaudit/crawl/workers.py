"""More processes for one crawl: started here, or joining from any machine that reaches the store."""

from __future__ import annotations

import os
import secrets
import signal
import socket
import subprocess
import time
from collections.abc import Sequence
from types import TracebackType

from sqlalchemy import Connection

from rseaudit.errors import UsageError
from rseaudit.model import Run
from rseaudit.store import runs
from rseaudit.store.database import Store
from rseaudit.store.locks import is_locked

_GRACE_S = 30.0


def worker_name() -> str:
    """Return a name that no other worker has, of any machine."""
    return f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(4)}"


class Crew:
    """Workers on this machine: started on entering, gone when the block is left."""

    def __init__(self, command: Sequence[str], count: int) -> None:
        self._command = tuple(command)
        self._count = count
        self._processes: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> Crew:
        for _ in range(self._count):
            # Standard output is for the one result of the one who started it.
            started = subprocess.Popen(self._command, stdout=subprocess.DEVNULL)  # noqa: S603 - our own command
            self._processes.append(started)
        return self

    def wait(self) -> None:
        """Wait until all have ended by themselves, as they do when nothing is left."""
        deadline = time.monotonic() + _GRACE_S
        for process in self._processes:
            _ends(process, deadline)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for process in self._processes:
            if process.poll() is None:
                process.send_signal(signal.SIGINT)
        deadline = time.monotonic() + _GRACE_S
        for process in self._processes:
            if not _ends(process, deadline):
                process.kill()
                process.wait()


def _ends(process: subprocess.Popen[bytes], deadline: float) -> bool:
    try:
        process.wait(max(0.0, deadline - time.monotonic()))
    except subprocess.TimeoutExpired:
        return False
    return True


def open_run(store: Store) -> tuple[Run, tuple[tuple[str, str], ...]]:
    """Return the run that a worker can join, and the (source, account) that it reads.

    Raises ``UsageError`` when there is none.
    """
    with store.read() as connection:
        run = runs.last(connection, "crawl")
        if run is None or reason_to_stop(connection, run) is not None:
            raise UsageError(
                "no crawl is open on this store",
                where=store.shown,
                remedy="start one with `rseaudit crawl`; while it runs, others can join it",
            )
        return run, runs.read_by(connection, run)


def reason_to_stop(connection: Connection, run: Run) -> str | None:
    """Say why a worker that joined may not go on, ``None`` while it may."""
    if not is_locked(connection, "crawl"):
        return "the process that began the crawl is gone; `rseaudit crawl` takes it up again"
    last = runs.last(connection, "crawl")
    if last is None or last.id != run.id or last.state != "open":
        return "the crawl was closed"
    return None
