"""The last middleware before the network: each request waits at the door of its host."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

from rseaudit.crawl.outcomes import asked_wait, retry_after
from rseaudit.crawl.pace import NotNow, Pace

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

    from rseaudit.store.frontier import Lease

_INSIDE = "rseaudit_inside"


class Caller(Protocol):
    """What a spider knows of the hosts that it asks."""

    def pace(self, host: str) -> Pace: ...

    def holds(self, host: str) -> bool: ...

    async def send(self, lease: Lease) -> None: ...


class PolitenessMiddleware:
    """Keeps every request within what its host allows, robots.txt and logins included."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> PolitenessMiddleware:
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Wait for the turn of a request, and count the attempt of a leased address.

        Raises ``NotNow`` for one that must go back, ``LeaseLost`` for one that is leased no more.
        """
        caller: Caller = self._crawler.spider  # type: ignore[assignment]  # our spiders are callers
        host = urlsplit(request.url).hostname or ""
        pace = caller.pace(host)
        leased = "lease" in request.meta
        if leased and not caller.holds(host):
            raise NotNow(0.0)
        await pace.enter(patient=not leased)
        request.meta[_INSIDE] = pace
        if not leased:
            return
        try:
            if not caller.holds(host):
                raise NotNow(0.0)
            await caller.send(request.meta["lease"])
        except BaseException:
            self._leave(request)
            raise

    def process_response(self, request: Request, response: Response) -> Response:
        # Before the next request enters, which may be that of another source.
        asked = response.headers.get(b"Retry-After")
        if asked and (pace := request.meta.get(_INSIDE)) is not None:
            seconds = retry_after(asked.decode("latin-1"), now=datetime.now(UTC))
            pace.hold(asked_wait(response.status, seconds))
        self._leave(request, sound=response.status == 200)
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        self._leave(request)

    @staticmethod
    def _leave(request: Request, *, sound: bool | None = None) -> None:
        pace: Pace | None = request.meta.pop(_INSIDE, None)
        if pace is not None:
            latency = request.meta.get("download_latency") if sound is not None else None
            pace.leave(latency_s=latency, sound=bool(sound))
