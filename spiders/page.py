"""A watched page: a page without a feed, of which added sentences are news."""

from __future__ import annotations

from rseaudit.crawl.fetch import FetchSpider


class PageSpider(FetchSpider):
    """Asks for a document for people, of which the text is compared."""

    platform = "page"
    accept = "text/html,application/xhtml+xml,*/*;q=0.5"
