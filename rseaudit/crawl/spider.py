"""The base of all spiders that crawl: it leases addresses, reads answers, commits what it read.

A platform's spider declares ``starts`` and ``read``; fetching, retries, limits, sessions and the
store are here. Addresses come from the frontier through ``start()``, a window at a time, and a
window's place is free again only when its page has been committed.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

import scrapy

from rseaudit.crawl import outcomes
from rseaudit.crawl.assignment import Assignment
from rseaudit.crawl.causes import cause_of, judge_failure
from rseaudit.crawl.keeping import Kept
from rseaudit.crawl.links import url_key
from rseaudit.crawl.pace import NotNow, Pace
from rseaudit.crawl.page import Page
from rseaudit.crawl.page_content import PageContent
from rseaudit.crawl.platform import Platform
from rseaudit.crawl.response import header, page_of
from rseaudit.crawl.scope import WithStarts
from rseaudit.crawl.series import Series
from rseaudit.crawl.sessions.ask import Asker, leads_to
from rseaudit.crawl.sessions.base import asks_to_log_in
from rseaudit.crawl.sessions.middleware import SENT
from rseaudit.crawl.sessions.vigil import Answer, Vigil
from rseaudit.crawl.sessions.wallet import Wallet
from rseaudit.crawl.sieve import Sieve
from rseaudit.crawl.supply import Supply
from rseaudit.errors import SessionError, StoreError
from rseaudit.store import frontier
from rseaudit.store.frontier import Body, Lease, LeaseLost, Outcome

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.http import Response
    from twisted.python.failure import Failure


class SourceSpider(Platform, scrapy.Spider):
    """Crawl one source under one account. ``ended`` says why it stopped, ``None`` when all was read."""

    name = "source"

    def __init__(self, assignment: Assignment) -> None:
        super().__init__()
        self.source = assignment.source
        self.profile = assignment.profile
        self.account = assignment.account
        self._key = (assignment.source.name, assignment.account)
        self.wallet = Wallet(assignment.source.proxy)
        self._now = assignment.now
        self._session = assignment.session
        self.known = assignment.session is not None
        self._scope = WithStarts(self.link_filter(), self.starts())
        limits = assignment.source.politeness
        self._sieve = Sieve(limits, self.refusal, None if self.listings else Series.of(limits, self.profile))
        asks = (self._asked_for, self._settled)
        self._supply = Supply(assignment.tenancy, self._key, limits, *asks, stall_s=assignment.stall_s)
        self._vigil = Vigil(self._session, Asker(self), self) if self._session is not None else None

    @property
    def ended(self) -> str | None:
        """Why the crawl stopped before everything was read."""
        return self._supply.ended

    def end(self, reason: str) -> None:
        self._supply.ended = self._supply.ended or reason

    # The scope that the guard asks.

    def refusal(self, url: str) -> str | None:
        return self._scope.refusal(url)

    def is_login(self, url: str, method: str) -> bool:
        return self._session is not None and self._session.is_login(url, method)

    # The crawl.

    async def start(self) -> AsyncIterator[Request]:
        """Yield requests for leased addresses until none is left, the session is lost or nothing moves."""
        try:
            while await self._supply.gain():
                try:
                    if self._vigil is not None:
                        await self._vigil.begin()
                    known, aside = await self._supply.begin(self._scope.starts)
                    self._sieve.remember(known, aside)
                    async for lease in self._supply.leases():
                        yield self._request(lease)
                finally:
                    self._supply.rest()
        except SessionError as error:
            self.end(str(error))
        except StoreError as error:
            self._supply.abandon(error.what)
        except Exception as error:  # told as a bug, and not as a source of which nothing could be read
            self.logger.debug("starting", exc_info=True)
            self.end(f"this is a bug of rseaudit: {type(error).__name__}")

    async def closed(self, reason: str) -> None:
        """Tell the other workers how it ended; Scrapy awaits it when all that was in flight has come."""
        with suppress(StoreError):
            await self._supply.close(interrupted=reason == "shutdown")

    def _request(self, lease: Lease) -> Request:
        headers = {}
        if lease.etag:
            headers["If-None-Match"] = lease.etag
        if lease.last_modified:
            headers["If-Modified-Since"] = lease.last_modified
        meta = {"handle_httpstatus_all": True, "dont_redirect": True, "lease": lease}
        return scrapy.Request(lease.url, headers=headers, meta=meta, callback=self.parse, errback=self.failed)

    async def parse(self, response: Response) -> None:
        """Judge an answer and commit it with all that it brought."""
        lease: Lease = response.meta["lease"]
        try:
            await self._guarded(lease, lambda: self._answered(lease, response))
        finally:
            self._supply.free()

    async def _guarded(self, lease: Lease, work: Callable[[], Awaitable[None]]) -> None:
        try:
            await work()
        except StoreError:
            return  # no fault of the page: it stays leased, and the next crawl takes it back
        except Exception as error:
            self.logger.debug("reading %s", lease.url, exc_info=True)
            await self._settle(Outcome(lease=lease, state="failed", cause=f"reading: {cause_of(error)}"))

    async def _answered(self, lease: Lease, response: Response) -> None:
        page = page_of(response)
        judged = self.judge(page, response.status) or outcomes.judge_status(
            response.status,
            attempts=lease.attempts,
            cap=self.source.politeness.attempts,
            retry_after_s=outcomes.retry_after(header(response, "Retry-After"), now=self._clock()),
        )
        outcome = Outcome(
            lease=lease,
            state=judged.state,
            status=response.status,
            cause=judged.cause,
            delay_s=judged.delay_s,
            etag=header(response, "ETag"),
            last_modified=header(response, "Last-Modified"),
        )
        if judged.host_wait:
            await self._supply.tenancy.be_patient(urlsplit(lease.url).hostname or "", judged.delay_s)
        if self._vigil is None or judged.state is None:
            await self._take_in(outcome, response, page)
            return
        self._supply.progress()
        await self._vigil.receive(
            Answer(
                lease=lease,
                page=page,
                status=response.status,
                leads_to=leads_to(response),
                sent=response.meta[SENT],
                commit=lambda: self._guarded(lease, lambda: self._take_in(outcome, response, page)),
            )
        )

    async def _take_in(self, outcome: Outcome, response: Response, page: Page) -> None:
        lease = outcome.lease
        if outcome.state in ("done", "redirected") and asks_to_log_in(self._session, page, leads_to(response)):
            await self._settle(replace(outcome, state="denied", cause="it asks to log in"))
        elif outcome.state == "redirected":
            await self._redirected(outcome, response)
        elif outcome.state != "done" or response.status == 304:
            await self._settle(outcome)
        elif not self.reads(header(response, "Content-Type")):
            await self._settle(replace(outcome, state="skipped", cause="not a page"))
        elif outcomes.gzip_is_cut(response.meta.pop("gzip_body", None), len(response.body)):
            again = outcomes.again("the answer was cut", attempts=lease.attempts, cap=self.source.politeness.attempts)
            await self._settle(replace(outcome, state=again.state, cause=again.cause, delay_s=again.delay_s))
        else:
            await self._page(outcome, page)

    async def _redirected(self, outcome: Outcome, response: Response) -> None:
        location = header(response, "Location")
        if not location:
            await self._settle(replace(outcome, state="failed", cause="a redirect to nowhere"))
            return
        target = url_key(urljoin(response.url, location))
        reason = self.refusal(target)
        if reason is not None:
            cause = f"leads to a refused address: {reason}"
            await self._settle(replace(outcome, state="denied", cause=cause, target=target))
            return
        if target == outcome.lease.url:  # as sites do that set a cookie first
            cap = self.source.politeness.attempts
            again = outcomes.again("it redirects to itself", attempts=outcome.lease.attempts, cap=cap)
            await self._settle(replace(outcome, state=again.state, cause=again.cause, delay_s=again.delay_s))
            return
        await self._settle(replace(outcome, target=target), links=[target])

    async def _page(self, outcome: Outcome, page: Page) -> None:
        lease = outcome.lease
        found = self.read(page)
        spaces = [name for item in found.documents for name in item.spaces] + [space.name for space in found.spaces]
        if not self.listings and self.excluded(spaces):
            await self._settle(replace(outcome, state="denied", cause="a space that is excluded"), links=found.links)
            return
        body = Body(
            source=lease.source,
            account=lease.account,
            url=lease.url,
            content_type=page.content_type,
            last_modified=outcome.last_modified,
            fetched_at=int(time.time()),
            body=page.body,
            about=lease.about,
        )
        cause = "; ".join(found.notes) or None
        await self._settle(replace(outcome, cause=cause), links=found.links, body=body, found=found)

    async def failed(self, failure: Failure) -> None:
        """Judge a request that had no answer."""
        lease: Lease = failure.request.meta["lease"]  # type: ignore[attr-defined]  # set by Scrapy
        assert failure.value is not None
        if isinstance(failure.value, NotNow):
            await self._supply.put_off(lease, failure.value.wait_s)
            return
        if isinstance(failure.value, LeaseLost | StoreError):
            self._supply.free()  # it is another's now, or the next crawl's
            return
        judged = judge_failure(failure.value, attempts=lease.attempts, cap=self.source.politeness.attempts)
        try:
            await self._settle(Outcome(lease=lease, state=judged.state, cause=judged.cause, delay_s=judged.delay_s))
        finally:
            self._supply.free()

    async def _settle(
        self,
        outcome: Outcome,
        *,
        links: Iterable[str] = (),
        body: Body | None = None,
        found: PageContent | None = None,
    ) -> None:
        sifted = self._sieve.take_in(outcome, links, found)
        try:
            await self._supply.write(Kept(outcome, sifted, body, found, self._now, listing=self.listings).commit)
        except Exception as error:
            self._sieve.forget(sifted.followed)
            if isinstance(error, LeaseLost):
                return
            raise
        self._supply.progress()

    async def kept(self, lease: Lease) -> Body | None:
        """Return the kept answer to a leased address, if it is one that lasts."""
        if not self.lasts(lease.url):
            return None
        return await self._supply.write(lambda c: frontier.body(c, *self._key, lease.url), urgent=True)

    # The hosts that it asks.

    def pace(self, host: str) -> Pace:
        return self._supply.tenancy.paces.of(host)

    def holds(self, host: str) -> bool:
        return self._supply.tenancy.holds(host)

    async def send(self, lease: Lease) -> None:
        await self._supply.write(lambda connection: frontier.send(connection, lease), urgent=True)

    # The session, when there is one.

    async def renew(self) -> None:
        """Renew a credential that is about to end."""
        if self._vigil is not None:
            await self._vigil.renew()

    async def _settled(self) -> bool:
        return self._vigil is not None and await self._vigil.settle()

    async def give_back(self, leases: Sequence[Lease]) -> None:
        await self._supply.write(lambda connection: frontier.give_back(connection, leases), urgent=True)

    def _asked_for(self, document_id: str) -> str | None:
        address = self.address_of(document_id)
        return url_key(address) if address else None

    def _clock(self) -> datetime:
        return datetime.now(self._now.tzinfo)
