"""The addresses that a spider is to fetch next, a window at a time, until nothing is left or nothing moves."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import suppress
from typing import TypeVar

from sqlalchemy import Connection

from rseaudit.config.settings import Politeness
from rseaudit.crawl.outcomes import is_collapse
from rseaudit.crawl.writer import Writer
from rseaudit.store import appearances, frontier
from rseaudit.store.frontier import Lease

_T = TypeVar("_T")

WINDOW = 32
_STALL_S = 300.0


class Supply:
    """Leases addresses of one source under one account. Each lease holds a place until ``free``.

    ``ended`` says why it stopped before everything was read. ``address_of`` leads from the id of a
    document that is missing to the address that tells whether it is gone, if there is one.
    """

    def __init__(
        self,
        writer: Writer | None,
        key: tuple[str, str],
        limits: Politeness,
        address_of: Callable[[str], str | None],
    ) -> None:
        self.ended: str | None = None
        self._writer = writer
        self._key = key
        self._limits = limits
        self._address_of = address_of
        self._confirmed = False
        self._outstanding = 0
        self._progress = time.monotonic()
        self._moved = asyncio.Event()
        self._wait_until = 0.0

    async def begin(self, starts: Iterable[str]) -> frozenset[str]:
        """Take back what a dead process had leased and add the starts; return the known addresses."""

        def seed(connection: Connection) -> frozenset[str]:
            frontier.release(connection, *self._key, cap=self._limits.attempts)
            frontier.add(connection, *self._key, starts, 0)
            return frontier.known(connection, *self._key)

        return await self.write(seed, urgent=True)

    async def leases(self) -> AsyncIterator[Lease]:
        """Yield addresses, shallow ones first, until none is left or ``ended`` says why not."""
        while self.ended is None:
            taken = await self._take()
            for lease in taken:
                yield lease
            if not taken and not await self._something_left():
                return

    def free(self) -> None:
        """Give a place back: what was leased for it is committed."""
        self._outstanding -= 1
        self._progress = time.monotonic()
        self._moved.set()

    def hold(self, seconds: float) -> None:
        """Lease nothing for a while: the host has asked for patience."""
        self._wait_until = max(self._wait_until, time.monotonic() + seconds)

    async def write(self, work: Callable[[Connection], _T], *, urgent: bool = False) -> _T:
        """Run ``work`` on the writing connection and await its commit."""
        assert self._writer is not None  # without one a spider reads pages and does not crawl
        return await self._writer.do(work, urgent=urgent)

    async def _take(self) -> tuple[Lease, ...]:
        room = WINDOW - self._outstanding
        if room < WINDOW // 2 or time.monotonic() < self._wait_until:
            return ()
        now = time.time()
        taken = await self.write(lambda c: frontier.lease(c, *self._key, room, now=now), urgent=True)
        self._outstanding += len(taken)
        return taken

    async def _something_left(self) -> bool:
        """Wait until something moves; return whether the crawl goes on."""
        pause = 1.0
        if self._outstanding == 0:
            count, due = await self.write(lambda c: frontier.waiting(c, *self._key), urgent=True)
            if count == 0:
                return await self._asks_for_missing()
            pause = min(pause, max(0.05, (due or 0) - time.time(), self._wait_until - time.monotonic()))
        elif time.monotonic() - self._progress > max(_STALL_S, 4 * self._limits.timeout_s):
            self.ended = "no answer was had or committed for too long: the crawl stopped itself"
            return False
        self._moved.clear()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._moved.wait(), pause)
        return True

    async def _asks_for_missing(self) -> bool:
        """Ask once for documents that were listed before, or only named; return whether there are any."""
        if self._confirmed:
            return False
        self._confirmed = True

        def ask(connection: Connection) -> bool:
            named, lost = appearances.missing(connection, *self._key)
            if is_collapse(len(lost), appearances.count(connection, self._key[0])):
                lost = ()  # the end of the crawl will say so; nobody need be asked a thousand times
            urls = {url for id_ in (*named, *lost) if (url := self._address_of(id_)) is not None}
            new = urls - frontier.known(connection, *self._key)
            frontier.add(connection, *self._key, new, 0)
            return bool(new)

        return await self.write(ask, urgent=True)
