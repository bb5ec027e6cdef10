"""Read the kept bodies again with today's profile and extraction; no network."""

from __future__ import annotations

from datetime import datetime

from rseaudit.config.settings import Settings, SourceSettings
from rseaudit.crawl.assignment import Assignment
from rseaudit.crawl.causes import cause_of
from rseaudit.crawl.keeping import save_found
from rseaudit.crawl.page import Page
from rseaudit.crawl.platforms import spider_class
from rseaudit.crawl.spider import SourceSpider
from rseaudit.store import frontier, sightings
from rseaudit.store.database import Store
from rseaudit.store.frontier import Body, Lease

_BATCH = 50


def offline_spider(settings: Settings, source: SourceSettings, *, now: datetime) -> SourceSpider:
    """Make the spider of a source to read pages with, without a network or an account."""
    profile = settings.profile.get(source.profile) if source.profile else None
    return spider_class(source.platform)(Assignment(source=source, profile=profile, account="", now=now, tenancy=None))


def reextract(
    store: Store, settings: Settings, source: SourceSettings, *, now: datetime
) -> tuple[int, tuple[tuple[str, str], ...]]:
    """Extract every kept page of a source again.

    Returns how many were read and (url, cause) of those that could not be. Documents that today's
    profile no longer finds stay as they were until the next crawl.
    """
    spider = offline_spider(settings, source, now=now)
    with store.read() as connection:
        wanted = frontier.body_urls(connection, source.name)
    failed: list[tuple[str, str]] = []
    for start in range(0, len(wanted), _BATCH):
        with store.read() as connection:
            found = [frontier.body(connection, source.name, *key) for key in wanted[start : start + _BATCH]]
        with store.write() as connection:
            for body in found:
                if body is None:
                    continue
                try:
                    content = spider.read(Page(body.url, body.body, body.content_type, about=body.about))
                except Exception as error:  # one bad page is counted and named, the rest is read
                    failed.append((body.url, cause_of(error)))
                    continue
                save_found(connection, _lease(body), content, body.last_modified, now, listing=spider.listings)
        with store.write() as connection:
            sightings.merge_sightings(connection, source.name)
    return len(wanted) - len(failed), tuple(failed)


def _lease(body: Body) -> Lease:
    return Lease(source=body.source, account=body.account, url=body.url, depth=0, attempts=0)
