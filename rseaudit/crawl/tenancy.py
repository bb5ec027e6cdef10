"""The hosts that this process may ask, and which of its sources it reads now.

Hosts that one source reads belong together and are held together, so that a source is read by one
worker at a time: politeness, the session and what is known of a source need no agreement between
workers. With ``shared`` off (SQLite, whose lock admits one process) everything is held from the start.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from sqlalchemy import Connection

from rseaudit.config.settings import SourceSettings
from rseaudit.crawl.pace import Paces
from rseaudit.crawl.writer import Writer
from rseaudit.errors import StoreError
from rseaudit.store import frontier, hosts, passes
from rseaudit.store.hosts import Standing

_TURN_S = 1.0

Group = frozenset[str]
Key = tuple[str, str]


def hosts_of(source: SourceSettings) -> Group:
    """Return the hosts that a source may lead to."""
    own = urlsplit(source.url).hostname or ""
    return frozenset((own, *(urlsplit(f"//{host}").hostname or host for host in source.allow_hosts)))


def linked(sources: Iterable[SourceSettings]) -> dict[str, Group]:
    """Return the hosts that must be held to read each source: its own, and those of sources that share one."""
    groups: list[tuple[set[str], Group]] = []
    for source in sources:
        names, own = {source.name}, hosts_of(source)
        apart = []
        for other, theirs in groups:
            if own & theirs:
                names, own = names | other, own | theirs
            else:
                apart.append((other, theirs))
        groups = [*apart, (names, own)]
    return {name: own for names, own in groups for name in names}


@dataclass(frozen=True, slots=True)
class Plan:
    """What a worker with others around it should do: groups to give up, and how many more to take."""

    give_up: tuple[Group, ...] = ()
    take: int = 0


def share_out(worker: str, open_groups: Sequence[Group], standing: Standing) -> Plan:
    """Divide the groups that still have something to read evenly among the living workers."""
    alive = len(standing.workers | {worker})
    share = -(-len(open_groups) // alive)
    mine = [group for group in open_groups if standing.holders.get(min(group)) == worker]
    return Plan(give_up=tuple(mine[share:]), take=max(0, share - len(mine)))


@dataclass(frozen=True, slots=True, kw_only=True)
class _View:
    """What one turn found and did."""

    held: frozenset[str]
    standing: Standing
    ended: Mapping[Key, str | None]
    claimed: tuple[Group, ...]
    waits: Mapping[str, float]
    over: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What is to be read: (source, account) with the attempts that each address of it has."""

    attempts: Mapping[Key, int]
    hosts: Mapping[str, Group]
    groups: Mapping[str, Group]

    @classmethod
    def on(cls, read: Iterable[tuple[SourceSettings, str]]) -> Work:
        """Return the work of reading each source under an account (empty for a guest)."""
        items = tuple(read)
        sources = {source.name: source for source, _ in items}
        return cls(
            attempts={(source.name, account): source.politeness.attempts for source, account in items},
            hosts={name: hosts_of(source) for name, source in sources.items()},
            groups=linked(sources.values()),
        )

    def of(self, group: Group) -> tuple[Key, ...]:
        return tuple(key for key in sorted(self.attempts) if self.groups[key[0]] == group)

    @property
    def all_groups(self) -> tuple[Group, ...]:
        return tuple(sorted({self.groups[source] for source, _ in self.attempts}, key=min))


@dataclass(kw_only=True)
class Tenancy:
    """What this worker holds; the spiders of the process share it.

    ``is_over`` says why a worker that joined may not go on, ``None`` while it may. ``over`` is what it said.
    """

    worker: str
    writer: Writer
    work: Work
    paces: Paces
    shared: bool
    lease_s: float
    is_over: Callable[[Connection], str | None] = lambda _: None
    over: str | None = None
    _held: set[Group] = field(default_factory=set)
    _until: float = 0.0
    _leaving: set[Group] = field(default_factory=set)
    _ended: dict[Key, str | None] = field(default_factory=dict)
    _busy: Counter[Group] = field(default_factory=Counter)
    _present: set[Key] = field(default_factory=set)
    _standing: Standing = field(default_factory=lambda: Standing(workers=frozenset(), holders={}))
    _task: asyncio.Task[None] | None = None
    _turned: asyncio.Event = field(default_factory=asyncio.Event)
    _entry: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def gain(self, key: Key) -> bool:
        """Wait until a pass may be read here; return whether it is, ``False`` when it has ended elsewhere.

        What was gained is kept until ``occupy`` has brought the count of its addresses back to zero: it
        begins at one.
        """
        self._present.add(key)
        group = self.work.groups[key[0]]
        if not self.shared:
            async with self._entry:
                if group not in self._held:
                    self._take((group,), await self.writer.do(lambda c: self._begin(c, group), urgent=True))
        elif self._task is None:
            self._task = asyncio.ensure_future(self._stay())
        while not self.keeps(key):
            if key in self._ended or self.over is not None:
                return False
            self._turned.clear()
            await self._turned.wait()
        if key in self._ended:
            return False
        self.occupy(key, 1)
        return True

    def left(self, key: Key) -> str | None:
        """Say why a pass is left unread here, ``None`` when it has ended."""
        return None if key in self._ended else self.over

    def keeps(self, key: Key) -> bool:
        """Tell whether more of a pass may be leased here."""
        group = self.work.groups[key[0]]
        return self.over is None and group in self._held and group not in self._leaving and self._is_alive()

    def holds(self, host: str) -> bool:
        """Tell whether a host may be asked for one more leased address."""
        return self.over is None and any(host in group for group in self._held - self._leaving) and self._is_alive()

    def occupy(self, key: Key, count: int) -> None:
        """Keep the hosts of a pass for ``count`` addresses more (less, when negative): they are being read."""
        self._busy[self.work.groups[key[0]]] += count

    def wait_s(self, key: Key) -> float:
        """Return the seconds for which a host of a pass has asked to be left alone."""
        return max(self.paces.of(host).wait_s for host in self.work.hosts[key[0]])

    async def be_patient(self, host: str, seconds: float) -> None:
        """Leave a host alone for a while, here and in whichever worker reads it next."""
        self.paces.of(host).hold(seconds)
        await self.writer.do(lambda c: hosts.hold(c, host, seconds))

    async def end(self, key: Key, problem: str | None) -> None:
        """Tell all workers that a pass has come to its end."""
        self._ended[key] = problem
        await self.writer.do(lambda c: passes.end(c, *key, problem), urgent=True)

    async def depart(self, key: Key) -> None:
        """Take note that the spider of a pass has closed; with the last one the worker stops renewing."""
        self._present.discard(key)
        if not self._present and self._task is not None:
            task, self._task = self._task, None
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    def _is_alive(self) -> bool:
        return not self.shared or time.monotonic() < self._until

    async def _stay(self) -> None:
        """Renew what is held, give up what others lack, take what is free, until the last spider has closed."""
        while True:
            try:
                await self._turn()
            except StoreError as error:
                if not self._is_alive():
                    self.over = error.what
            self._turned.set()
            await asyncio.sleep(min(_TURN_S, self.lease_s / 3))

    async def _turn(self) -> None:
        started = time.monotonic()
        still_open = [group for group in self.work.all_groups if self._is_open(group)]
        plan = share_out(self.worker, still_open, self._standing)
        self._leaving = {group for group in self._held if group in plan.give_up or group not in still_open}
        given = tuple(sorted((group for group in self._leaving if not self._busy[group]), key=min))
        self._held.difference_update(given)
        wanted = [group for group in still_open if group not in self._held and group not in given]
        view = await self.writer.do(lambda c: self._exchange(c, given, wanted, plan.take), urgent=True)
        self._until = started + self.lease_s
        self._ended |= view.ended
        self._standing = view.standing
        self._held = {group for group in self._held if group <= view.held}
        self._take(view.claimed, view.waits)
        self.over = view.over

    def _is_open(self, group: Group) -> bool:
        return any(key not in self._ended for key in self.work.of(group))

    def _exchange(self, connection: Connection, given: Iterable[Group], wanted: Iterable[Group], take: int) -> _View:
        """Do one turn in the writer's transaction."""
        held = hosts.renew(connection, self.worker, lease_s=self.lease_s)
        over = self.is_over(connection)
        for group in given:
            hosts.give_back(connection, self.worker, group)
        claimed: list[Group] = []
        waits: dict[str, float] = {}
        for group in wanted if over is None else ():
            if len(claimed) < take and hosts.claim(connection, self.worker, group, lease_s=self.lease_s):
                claimed.append(group)
                waits |= self._begin(connection, group)
        return _View(
            held=held,
            standing=hosts.standing(connection),
            ended=passes.ended(connection),
            claimed=tuple(claimed),
            waits=waits,
            over=over,
        )

    def _begin(self, connection: Connection, group: Group) -> dict[str, float]:
        """Take back what whoever held these hosts before had leased and not read."""
        for key in self.work.of(group):
            frontier.release(connection, *key, cap=self.work.attempts[key])
        return hosts.waits(connection, group)

    def _take(self, groups: Iterable[Group], waits: Mapping[str, float]) -> None:
        self._held.update(groups)
        for host, seconds in waits.items():
            self.paces.of(host).hold(seconds)
