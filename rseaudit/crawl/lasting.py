"""Answers that last: what is kept of them need not be asked for again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rseaudit.store.frontier import Lease

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response


class LastingMiddleware:
    """Answers from the store what the platform says never changes; nothing is sent for it.

    It stands behind the credentials, for such an answer was for the account that asks now.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> LastingMiddleware:
        return cls(crawler)

    async def process_request(self, request: Request) -> Response | None:
        """Return the kept answer, ``None`` to go on and ask."""
        from scrapy.http import Response

        from rseaudit.crawl.spider import SourceSpider

        spider, lease = self._crawler.spider, request.meta.get("lease")
        if not isinstance(spider, SourceSpider) or not isinstance(lease, Lease):
            return None
        body = await spider.kept(lease)
        if body is None:
            return None
        headers = {"Content-Type": body.content_type} if body.content_type else {}
        return Response(request.url, status=200, headers=headers, body=body.body)
