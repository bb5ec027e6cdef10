"""The addresses that a spider is to fetch next, a window at a time, until nothing is left or nothing moves."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import suppress
from typing import TypeVar

from sqlalchemy import Connection

from rseaudit.config.settings import Politeness
from rseaudit.crawl import series
from rseaudit.crawl.outcomes import is_collapse
from rseaudit.crawl.tenancy import Tenancy
from rseaudit.store import appearances, frontier, hosts, refusals
from rseaudit.store.frontier import Lease

_T = TypeVar("_T")

WINDOW = 32
_NOTHING_COMMITTED = "nothing was answered and committed for too long: the crawl stopped itself"


class Supply:
    """Leases addresses of one source under one account, while its hosts are held here.

    Each lease holds a place until ``free``. ``ended`` says why it stopped before everything was read.
    ``address_of`` leads from the id of a document that is missing to the address that tells whether it
    is gone, if there is one; ``settled`` commits or gives back what was answered and held back, and
    returns whether there was any. ``stall_s`` is how long nothing may be committed while something is being read.
    """

    def __init__(
        self,
        tenancy: Tenancy | None,
        key: tuple[str, str],
        limits: Politeness,
        address_of: Callable[[str], str | None],
        settled: Callable[[], Awaitable[bool]],
        *,
        stall_s: float = 300.0,
    ) -> None:
        self.ended: str | None = None
        self._tenancy = tenancy
        self._key = key
        self._limits = limits
        self._address_of = address_of
        self._settled = settled
        self._stall_s = max(stall_s, 4 * limits.timeout_s)
        self._is_read = False
        self._confirmed = False
        self._abandoned = False
        self._outstanding = 0
        self._progress = time.monotonic()
        self._moved = asyncio.Event()

    @property
    def tenancy(self) -> Tenancy:
        assert self._tenancy is not None  # without one a spider reads pages and does not crawl
        return self._tenancy

    async def gain(self) -> bool:
        """Wait for the turn of this worker; return ``False`` when nothing is left to read for it."""
        if self._is_read or self.ended is not None:
            return False
        gained = await self.tenancy.gain(self._key)
        if not gained and (reason := self.tenancy.left(self._key)) is not None:
            self.abandon(reason)
        return gained

    async def begin(self, starts: Iterable[str]) -> tuple[frozenset[str], frozenset[str]]:
        """Add the starts; return the known addresses, and those that were put aside."""

        def seed(connection: Connection) -> tuple[frozenset[str], frozenset[str]]:
            frontier.add(connection, *self._key, starts, 0)
            aside = refusals.for_reason(connection, self._key[0], series.REASON)
            return frontier.known(connection, *self._key), aside

        return await self.write(seed, urgent=True)

    async def leases(self) -> AsyncIterator[Lease]:
        """Yield addresses, shallow ones first, until none is left, others want the hosts, or ``ended`` says why not."""
        self._progress = time.monotonic()
        while self.ended is None:
            taken = await self._take()
            for lease in taken:
                yield lease
            if not taken and not await self._something_left():
                return

    def rest(self) -> None:
        """Let the hosts go to others once all that was leased has been freed; follows ``gain``."""
        self.tenancy.occupy(self._key, -1)

    def free(self) -> None:
        """Give a place back: what was leased for it is committed or given back."""
        self._outstanding -= 1
        self.tenancy.occupy(self._key, -1)
        self._moved.set()

    async def put_off(self, lease: Lease, wait_s: float) -> None:
        """Give an address back that was not asked for, and its place; the attempt does not count."""

        def give_back(connection: Connection) -> None:
            frontier.give_back(connection, [lease], not_before=hosts.clock(connection) + wait_s)

        try:
            await self.write(give_back)
        finally:
            self.free()

    def progress(self) -> None:
        """Take note that the crawl gets on: the watchdog starts anew."""
        self._progress = time.monotonic()

    def abandon(self, reason: str) -> None:
        """End here, and leave the rest to other workers or to the next command."""
        self.ended = self.ended or reason
        self._abandoned = True

    async def close(self, *, interrupted: bool) -> None:
        """Tell all workers how this pass ended, unless it goes on elsewhere or with the next command."""
        if not interrupted and not self._abandoned and (self._is_read or self.ended is not None):
            await self.tenancy.end(self._key, self.ended)
        await self.tenancy.depart(self._key)

    async def write(self, work: Callable[[Connection], _T], *, urgent: bool = False) -> _T:
        """Run ``work`` on the writing connection and await its commit."""
        return await self.tenancy.writer.do(work, urgent=urgent)

    async def _take(self) -> tuple[Lease, ...]:
        room = WINDOW - self._outstanding
        if room < WINDOW // 2 or not self.tenancy.keeps(self._key) or self.tenancy.wait_s(self._key) > 0:
            return ()
        lease = self.write(lambda c: frontier.lease(c, *self._key, room, now=hosts.clock(c)), urgent=True)
        try:
            taken = await asyncio.wait_for(lease, self._stall_s)
        except TimeoutError:
            self.ended = _NOTHING_COMMITTED
            return ()
        self._outstanding += len(taken)
        self.tenancy.occupy(self._key, len(taken))
        return taken

    async def _something_left(self) -> bool:
        """Wait until something moves; return whether leasing goes on."""
        pause = 1.0
        if self._outstanding == 0:
            self._progress = time.monotonic()
            if not self.tenancy.keeps(self._key):
                return await self._settled()
            count, wait = await self.write(self._waiting, urgent=True)
            if count == 0:
                self._is_read = not (await self._settled() or await self._asks_for_missing())
                return not self._is_read
            pause = min(pause, max(0.05, wait))
        elif time.monotonic() - self._progress > self._stall_s and self.tenancy.wait_s(self._key) == 0:
            self.ended = _NOTHING_COMMITTED
            return False
        self._moved.clear()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._moved.wait(), pause)
        return True

    def _waiting(self, connection: Connection) -> tuple[int, float]:
        """Return how many addresses are pending, and in how many seconds the next one may be tried."""
        count, due = frontier.waiting(connection, *self._key)
        return count, max((due or 0.0) - hosts.clock(connection), self.tenancy.wait_s(self._key))

    async def _asks_for_missing(self) -> bool:
        """Ask once for documents that were listed before, or only named; return whether there are any."""
        if self._confirmed:
            return False
        self._confirmed = True

        def ask(connection: Connection) -> bool:
            named, lost = appearances.missing(connection, *self._key)
            if is_collapse(len(lost), appearances.count(connection, self._key[0])):
                lost = ()  # the end of the crawl will say so; nobody need be asked a thousand times
            known = frontier.known(connection, *self._key)
            asked = {url: id_ for id_ in (*named, *lost) if (url := self._address_of(id_)) is not None}
            new = {url: id_ for url, id_ in asked.items() if url not in known}
            frontier.add(connection, *self._key, new, 0)
            appearances.expect(connection, *self._key, new)
            return bool(new)

        return await self.write(ask, urgent=True)
