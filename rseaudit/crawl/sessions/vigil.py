"""Watch that answers were given to the account, and not to a guest whom its lost session has made of it.

An answer that shows by itself that the account was logged in is committed at once. All others are
held back until a proof, asked for after they came, shows that the session still stood: then they are
committed. If it does not, they are thrown away and fetched again after a new login, so that what a
guest was shown never reaches the store. Whoever kills the process loses them as leased addresses.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

from rseaudit.crawl.outcomes import retry_after
from rseaudit.crawl.page import Page
from rseaudit.crawl.sessions.ask import Asker, Unreachable, shown
from rseaudit.crawl.sessions.base import Session, asks_to_log_in
from rseaudit.crawl.sessions.wallet import Wallet
from rseaudit.errors import SessionError
from rseaudit.store.frontier import Lease

if TYPE_CHECKING:
    from scrapy.http import Response

LOST = "the session was lost"

_HELD_BYTES = 8 * 1024 * 1024
_FORBIDDEN_IN_A_ROW = 3
_TRIES = 3
_PAUSE_S = 2.0
_LONGEST_PAUSE_S = 60.0
_UNAVAILABLE = frozenset((408, 425, 429, 500, 502, 503, 504))


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer that is judged and not committed yet; ``commit`` does that.

    ``leads_to`` is where it redirects, ``sent`` the login that it was asked under, and when.
    """

    lease: Lease
    page: Page
    status: int
    leads_to: str | None
    sent: tuple[int, float]
    commit: Callable[[], Awaitable[None]]


class Pass(Protocol):
    """What is known of the crawl of one source under one account."""

    wallet: Wallet

    def proves(self, page: Page) -> bool:
        """Tell whether an answer of status 2xx shows by itself that the account was logged in."""

    async def give_back(self, leases: Sequence[Lease]) -> None:
        """Make addresses pending again as if they had not been tried."""

    def end(self, reason: str) -> None:
        """Lease nothing more."""


class Vigil:
    """Keeps one account logged in during a crawl."""

    def __init__(self, session: Session, asker: Asker, crawl: Pass) -> None:
        self._session = session
        self._asker = asker
        self._crawl = crawl
        self._wallet = crawl.wallet
        self._logins = session.account.logins
        self._held: list[tuple[Answer, float]] = []
        self._status = 0
        self._lock = asyncio.Lock()
        self._forbidden = 0
        self.is_over = False

    async def begin(self) -> None:
        """Get in for the first time; raises ``SessionError`` when the account is refused."""
        if self._session.sign.guests and await self._shows(anonymous=True):
            raise SessionError(
                "a guest is given the proof as well: it does not show that an account is logged in",
                where=self._session.proof_url,
                remedy="name an address that only members may read in proof_url",
            )
        await self._get_in()
        self._wallet.login += 1

    async def renew(self) -> None:
        """Renew a credential that is about to end; what was asked with the old one stays good."""
        async with self._lock:
            if self.is_over or time.monotonic() < self._wallet.good_until:
                return
            try:
                await self._get_in()
            except SessionError as error:
                await self._give_up(error)

    async def receive(self, answer: Answer) -> None:
        """Commit an answer, hold it back, or throw it away."""
        if self.is_over or answer.sent[0] != self._wallet.login:
            await self._crawl.give_back([answer.lease])
            return
        self._forbidden = self._forbidden + 1 if answer.status == 403 else 0
        if self._session.is_proven_by(answer.page, answer.status, self._crawl.proves):
            await asyncio.gather(answer.commit(), self._release(answer.sent[1]))
            return
        self._held.append((answer, time.monotonic()))
        size = sum(len(item.page.body) for item, _ in self._held)
        suspect = answer.status == 401 or asks_to_log_in(self._session, answer.page, answer.leads_to)
        doubtful = suspect or self._forbidden >= _FORBIDDEN_IN_A_ROW
        if doubtful or len(self._held) >= self._session.account.check_every or size > _HELD_BYTES:
            await self.settle()

    async def settle(self) -> bool:
        """Ask for the proof, then commit or throw away what is held; return whether anything was."""
        async with self._lock:
            if not self._held or self.is_over:
                return False
            self._forbidden = 0
            asked = time.monotonic()
            try:
                if await self._shows():
                    await self._release(asked)
                else:
                    await self._get_in_again()
            except SessionError as error:
                await self._give_up(error)
            return True

    async def _release(self, until: float) -> None:
        """Commit what came before a proof was asked for."""
        ready = [answer for answer, came in self._held if came <= until]
        self._held = [(answer, came) for answer, came in self._held if came > until]
        await asyncio.gather(*(answer.commit() for answer in ready))

    async def _drop(self) -> None:
        leases = [answer.lease for answer, _ in self._held]
        self._held = []
        await self._crawl.give_back(leases)

    async def _get_in_again(self) -> None:
        if not self._session.renews:
            raise self._session.refused(self._status)
        if self._logins == 0:
            raise SessionError(
                f"it was lost {self._session.account.logins + 1} times",
                where=self._session.proof_url,
                remedy="find out what ends it (a short timeout, one session at a time), or raise `logins`",
            )
        self._logins -= 1
        await self._drop()
        await self._get_in()
        self._wallet.login += 1
        await self._drop()  # what came meanwhile was asked for under the session that was lost

    async def _give_up(self, error: SessionError) -> None:
        self.is_over = True
        await self._drop()
        self._crawl.end(f"{LOST}: what was fetched since is pending, nothing is marked as vanished\n  {error}")

    async def _get_in(self) -> None:
        self._wallet.shut()
        try:
            landed = await self._session.log_in(self._asker, self._wallet)
            if landed is not None and self._session.sign.url is None:
                shows, self._status = self._session.is_shown_by(landed), landed.status
            else:
                shows = await self._shows()
            if not shows:
                raise self._session.refused(self._status)
            self._wallet.good_until = time.monotonic() + self._session.lifetime_s
        finally:
            self._wallet.open()

    async def _shows(self, *, anonymous: bool = False) -> bool:
        """Ask for the proof; raises ``SessionError`` when the site does not say."""
        url = self._session.proof_url
        for tries_left in range(_TRIES - 1, -1, -1):
            pause = _PAUSE_S
            try:
                answer = await self._asker.get(url, anonymous=anonymous)
            except Unreachable:
                if not tries_left:
                    raise
            else:
                self._status = answer.status
                if answer.status not in _UNAVAILABLE:
                    return self._session.is_shown_by(answer)
                pause = _retry_after(answer) or _PAUSE_S
            if tries_left:
                await asyncio.sleep(min(pause, _LONGEST_PAUSE_S))
        raise SessionError(f"the proof could not be had (status {self._status})", where=shown(url))


def _retry_after(answer: Response) -> float | None:
    value = answer.headers.get(b"Retry-After")
    return retry_after(value.decode("latin-1") if value else None, now=datetime.now(UTC))
