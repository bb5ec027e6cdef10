"""Asks each site for its robots.txt once a crawl, and lets no request pass that it refuses."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scrapy.exceptions import IgnoreRequest, NotConfigured

from rseaudit.crawl.addresses import origin
from rseaudit.crawl.causes import cause_of, is_out_of_reach
from rseaudit.crawl.politeness import Caller
from rseaudit.crawl.robots import Robots, RobotsRefused, RobotsUnread

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

EXEMPT = "dont_obey_robotstxt"
_PRIORITY = 1000


class RobotsMiddleware:
    """Obeys RFC 9309: an absent file (4xx) allows all, an unreadable one (5xx, 429, no answer) nothing.

    What cannot be read is asked for again with the next request, as often as a page is tried; then
    nothing more is asked of that site. A crawl-delay slows the pace of its host down.
    """

    def __init__(self, crawler: Crawler) -> None:
        if not crawler.settings.getbool("RSEAUDIT_OBEY_ROBOTS"):
            raise NotConfigured
        self._crawler = crawler
        self._attempts = crawler.settings.getint("RETRY_TIMES") + 1
        self._known: dict[str, Robots] = {}
        self._asked: dict[str, asyncio.Future[Robots]] = {}
        self._failed: Counter[str] = Counter()
        self._cause: dict[str, str] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> RobotsMiddleware:
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Let a request pass, or raise ``RobotsRefused`` or ``RobotsUnread``."""
        if request.meta.get(EXEMPT):
            return
        robots = await self._rules(request)
        if (reason := robots.refusal(request.url)) is not None:
            raise RobotsRefused(reason)
        if robots.crawl_delay_s:
            self._slow_down(request, robots.crawl_delay_s)

    async def _rules(self, request: Request) -> Robots:
        site = origin(request.url)
        if (robots := self._known.get(site)) is not None:
            return robots
        if self._failed[site] >= self._attempts:
            raise RobotsUnread(self._cause[site])
        if (asked := self._asked.get(site)) is None:
            asked = self._asked[site] = asyncio.ensure_future(self._ask(site, request))
        return await asyncio.shield(asked)

    async def _ask(self, site: str, request: Request) -> Robots:
        try:
            robots = self._known[site] = await self._fetched(site, request)
        except RobotsUnread as error:
            self._failed[site] += 1
            self._cause[site] = str(error)
            raise
        finally:
            del self._asked[site]
        return robots

    async def _fetched(self, site: str, request: Request) -> Robots:
        from scrapy import Request
        from scrapy.http.request import NO_CALLBACK

        meta = {EXEMPT: True, "proxy": request.meta.get("proxy")}
        asked = Request(f"{site}/robots.txt", priority=_PRIORITY, meta=meta, callback=NO_CALLBACK)
        engine = self._crawler.engine
        assert engine is not None  # requests come from it
        try:
            answer: Response = await engine.download_async(asked)
        except IgnoreRequest:
            return Robots()  # it leads, by redirects, to where nothing is for us: there are no rules
        except Exception as error:
            cause = cause_of(error)
            raise RobotsUnread(cause if is_out_of_reach(error) else f"robots.txt cannot be read: {cause}") from None
        if answer.status == 429 or answer.status >= 500:
            raise RobotsUnread(f"robots.txt cannot be read: status {answer.status}")
        return Robots(answer.body if 200 <= answer.status < 300 else b"")

    def _slow_down(self, request: Request, seconds: float) -> None:
        caller: Caller = self._crawler.spider  # type: ignore[assignment]  # our spiders are callers
        caller.pace(urlsplit(request.url).hostname or "").slow_to(seconds)
