"""One thread owns the writing connection; the reactor hands it work and awaits the commit.

Group commit: work is committed together after 16 pieces, 200 ms, or at once when a piece is urgent
(a lease). What was not committed when the process dies is leased, not lost: it is fetched again.
"""

from __future__ import annotations

import asyncio
import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import Connection

from rseaudit.store.database import Store, telling_failures

_T = TypeVar("_T")
_GROUP = 16
_LINGER_S = 0.2


@dataclass(frozen=True, slots=True)
class _Piece:
    work: Callable[[Connection], object]
    future: Future[object]
    urgent: bool


class Writer:
    """Commits pieces of work in order. Use as a context manager; leaving it commits what is left."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._queue: queue.SimpleQueue[_Piece | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="rseaudit-writer", daemon=True)
        self.commits = 0
        self.last_commit = time.monotonic()

    def __enter__(self) -> Writer:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._queue.put(None)
        self._thread.join()

    async def do(self, work: Callable[[Connection], _T], *, urgent: bool = False) -> _T:
        """Run ``work`` in the writer's transaction; return its result once it is committed.

        Raises ``StoreError`` when the store cannot be written.
        """
        future: Future[_T] = Future()
        self._queue.put(_Piece(work, future, urgent))  # type: ignore[arg-type]  # Future is invariant
        with telling_failures(self._store):
            return await asyncio.wrap_future(future)

    def _run(self) -> None:
        with self._store.connect() as connection:
            closing = False
            while not closing:
                piece = self._queue.get()
                if piece is None:
                    return
                closing = self._commit_group(connection, piece)

    def _commit_group(self, connection: Connection, piece: _Piece | None) -> bool:
        """Work off one group; return whether the end was reached."""
        deadline = time.monotonic() + _LINGER_S
        settled: list[tuple[Future[object], object]] = []
        try:
            while piece is not None:
                self._work(connection, piece, settled)
                rest = 0.0 if piece.urgent else deadline - time.monotonic()
                if len(settled) >= _GROUP:
                    break
                piece = self._queue.get(timeout=rest) if rest > 0 else self._queue.get_nowait()
        except queue.Empty:
            pass
        try:
            connection.commit()
        except Exception as error:
            connection.rollback()
            for future, _ in settled:
                future.set_exception(error)
        else:
            self.commits += 1
            self.last_commit = time.monotonic()
            for future, result in settled:
                future.set_result(result)
        return piece is None

    @staticmethod
    def _work(connection: Connection, piece: _Piece, settled: list[tuple[Future[object], object]]) -> None:
        if not piece.future.set_running_or_notify_cancel():
            return  # whoever asked has been stopped, and the answer would have nobody to go to
        # A savepoint keeps one failing piece from undoing its neighbours.
        try:
            with connection.begin_nested():
                result = piece.work(connection)
        except Exception as error:
            piece.future.set_exception(error)
        else:
            settled.append((piece.future, result))
