"""Any website, read by the profile that the configuration declares, or by generic extraction."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urljoin

from rseaudit.crawl.links import LinkFilter
from rseaudit.crawl.page import Page
from rseaudit.crawl.page_content import PageContent
from rseaudit.crawl.profile_reader import read
from rseaudit.crawl.spider import SourceSpider


class WebsiteSpider(SourceSpider):
    """Begins where the profile says and follows what it allows."""

    platform = "website"

    def starts(self) -> Iterable[str]:
        paths = self.profile.start if self.profile else ["/"]
        return (urljoin(self.source.url, path) for path in paths)

    def read(self, page: Page) -> PageContent:
        return read(page, source=self.source, profile=self.profile)

    def link_filter(self) -> LinkFilter:
        return LinkFilter.of(self.source, self.profile)
