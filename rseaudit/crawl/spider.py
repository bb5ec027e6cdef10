"""The base of all spiders that crawl: it leases addresses, reads answers, commits what it read.

A platform's spider declares ``starts`` and ``read``; fetching, retries, limits, sessions and the
store are here. Addresses come from the frontier through ``start()``, a window at a time, and a
window's place is free again only when its page has been committed.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Iterable
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urljoin

import scrapy

from rseaudit.crawl import outcomes
from rseaudit.crawl.assignment import Assignment
from rseaudit.crawl.causes import cause_of, judge_failure
from rseaudit.crawl.keeping import Kept
from rseaudit.crawl.links import url_key
from rseaudit.crawl.page import Page
from rseaudit.crawl.page_content import PageContent
from rseaudit.crawl.platform import Platform
from rseaudit.crawl.session import LOST
from rseaudit.crawl.sieve import Sieve
from rseaudit.crawl.supply import Supply
from rseaudit.errors import SessionError, StoreError
from rseaudit.store.frontier import Body, Lease, Outcome

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.http import Response
    from twisted.python.failure import Failure

# What an API pages by.
_PAGED_BY = ("link", "x-wp-total", "x-wp-totalpages")


class SourceSpider(Platform, scrapy.Spider):
    """Crawl one source under one account. ``ended`` says why it stopped, ``None`` when all was read."""

    name = "source"

    def __init__(self, assignment: Assignment) -> None:
        super().__init__()
        self.source = assignment.source
        self.profile = assignment.profile
        self.account = assignment.account
        self._key = (assignment.source.name, assignment.account)
        self.proxy = assignment.source.proxy
        self._now = assignment.now
        self._session = assignment.session
        self._filter = self.link_filter()
        self._starts = frozenset(url_key(url) for url in self.starts())
        self._sieve = Sieve(assignment.source.politeness, self.refusal)
        self._supply = Supply(assignment.writer, self._key, assignment.source.politeness, self._asked_for)

    @property
    def ended(self) -> str | None:
        """Why the crawl stopped before everything was read."""
        return self._supply.ended

    @ended.setter
    def ended(self, reason: str) -> None:
        self._supply.ended = self._supply.ended or reason

    # The scope that the guard asks.

    def refusal(self, url: str) -> str | None:
        if url_key(url) in self._starts:
            return None
        return self._filter.refusal(url)

    def is_login(self, url: str) -> bool:
        return self._session is not None and self._session.is_login(url)

    # The crawl.

    async def start(self) -> AsyncIterator[Request]:
        """Yield requests for leased addresses until none is left, the session is lost or nothing moves."""
        try:
            if self._session is not None:
                await self._session.log_in(self)
            self._sieve.remember(await self._supply.begin(self._starts))
            async for lease in self._supply.leases():
                yield self._request(lease)
        except SessionError as error:
            self.ended = str(error)
        except StoreError as error:
            self.ended = error.what

    def _request(self, lease: Lease) -> Request:
        headers = {}
        if lease.etag:
            headers["If-None-Match"] = lease.etag
        if lease.last_modified:
            headers["If-Modified-Since"] = lease.last_modified
        meta = {"handle_httpstatus_all": True, "dont_redirect": True, "proxy": self.proxy, "lease": lease}
        return scrapy.Request(lease.url, headers=headers, meta=meta, callback=self.parse, errback=self.failed)

    async def parse(self, response: Response) -> None:
        """Judge an answer and commit it with all that it brought."""
        lease: Lease = response.meta["lease"]
        try:
            await self._answered(lease, response)
        except StoreError:
            return  # no fault of the page: it stays leased, and the next crawl takes it back
        except Exception as error:
            self.logger.debug("reading %s", lease.url, exc_info=True)
            await self._settle(Outcome(lease=lease, state="failed", cause=f"reading: {cause_of(error)}"))
        finally:
            self._supply.free()

    async def _answered(self, lease: Lease, response: Response) -> None:
        judged = self.judge(_page(response), response.status) or outcomes.judge_status(
            response.status,
            attempts=lease.attempts,
            cap=self.source.politeness.attempts,
            retry_after_s=outcomes.retry_after(_header(response, "Retry-After"), now=self._clock()),
        )
        outcome = Outcome(
            lease=lease,
            state=judged.state,
            status=response.status,
            cause=judged.cause,
            delay_s=judged.delay_s,
            etag=_header(response, "ETag"),
            last_modified=_header(response, "Last-Modified"),
        )
        if judged.host_wait:
            self._supply.hold(judged.delay_s)
        if self._session is not None and self._session.is_over(response):
            await self._lost(outcome)
        elif judged.state == "redirected":
            await self._redirected(outcome, response)
        elif judged.state != "done" or response.status == 304:
            await self._settle(outcome)
        elif not self.reads(_header(response, "Content-Type")):
            await self._settle(replace(outcome, state="skipped", cause="not a page"))
        elif outcomes.gzip_is_cut(response.meta.pop("gzip_body", None), len(response.body)):
            again = outcomes.again("the answer was cut", attempts=lease.attempts, cap=self.source.politeness.attempts)
            await self._settle(replace(outcome, state=again.state, cause=again.cause, delay_s=again.delay_s))
        elif self._session is None or (doubt := await self._session.doubt(self, response)) is None:
            await self._page(outcome, response)
        elif doubt == LOST:
            await self._lost(outcome)
        else:
            await self._settle(replace(outcome, state="denied", cause=doubt))

    async def _lost(self, outcome: Outcome) -> None:
        self.ended = "the session was lost: what was fetched since is pending, nothing is marked as vanished"
        await self._settle(replace(outcome, state=None, cause="session lost"))

    async def _redirected(self, outcome: Outcome, response: Response) -> None:
        location = _header(response, "Location")
        if not location:
            await self._settle(replace(outcome, state="failed", cause="a redirect to nowhere"))
            return
        target = url_key(urljoin(response.url, location))
        reason = self.refusal(target)
        if reason is not None and self._session is not None and not await self._session.holds(self):
            await self._lost(outcome)
            return
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

    async def _page(self, outcome: Outcome, response: Response) -> None:
        lease = outcome.lease
        page = _page(response)
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
            body=response.body,
            about=lease.about,
        )
        cause = "; ".join(found.notes) or None
        await self._settle(replace(outcome, cause=cause), links=found.links, body=body, found=found)

    async def failed(self, failure: Failure) -> None:
        """Judge a request that had no answer."""
        lease: Lease = failure.request.meta["lease"]  # type: ignore[attr-defined]  # set by Scrapy
        assert failure.value is not None
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
        followed, refused = self._sieve.sift(links, depth=outcome.lease.depth)
        try:
            await self._supply.write(Kept(outcome, followed, refused, body, found, self._now, self.listings).commit)
        except Exception:
            self._sieve.forget(followed)
            raise

    def _asked_for(self, document_id: str) -> str | None:
        address = self.address_of(document_id)
        return url_key(address) if address else None

    def _clock(self) -> datetime:
        return datetime.now(self._now.tzinfo)


def _page(response: Response) -> Page:
    headers = {name: value for name in _PAGED_BY if (value := _header(response, name)) is not None}
    return Page(
        url=response.url,
        body=response.body,
        content_type=_header(response, "Content-Type"),
        headers=headers,
        about=response.meta["lease"].about,
    )


def _header(response: Response, name: str) -> str | None:
    value = response.headers.get(name)
    return value.decode("latin-1") if value else None
