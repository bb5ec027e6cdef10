"""A feed of any format: RSS, Atom, RDF or JSON Feed."""

from __future__ import annotations

from rseaudit.crawl.fetch import FetchSpider


class FeedSpider(FetchSpider):
    """Asks for a document that says itself which entries it has."""

    platform = "feed"
    accept = "application/atom+xml,application/rss+xml,application/feed+json,application/xml;q=0.9,*/*;q=0.5"
