"""Any website, read by the profile that the configuration declares, or by generic extraction."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urljoin

from rseaudit.config.settings import Profile
from rseaudit.crawl.assignment import Assignment
from rseaudit.crawl.json_reader import read_json
from rseaudit.crawl.links import LinkFilter
from rseaudit.crawl.page import Page
from rseaudit.crawl.page_content import PageContent
from rseaudit.crawl.profile_reader import read
from rseaudit.crawl.spider import SourceSpider


class WebsiteSpider(SourceSpider):
    """Begins where the profile says and follows what it allows."""

    platform = "website"

    def __init__(self, assignment: Assignment) -> None:
        self._json: Profile | None = None
        if assignment.profile is not None and assignment.profile.is_json:
            self._json = assignment.profile
        self.listings = self._json is not None
        super().__init__(assignment)

    def starts(self) -> Iterable[str]:
        paths = self.profile.start if self.profile else ["/"]
        return (urljoin(self.source.url, path) for path in paths)

    def read(self, page: Page) -> PageContent:
        if self._json is not None:
            return read_json(page, source=self.source, profile=self._json, excluded=self.excluded)
        return read(page, source=self.source, profile=self.profile)

    def reads(self, content_type: str | None) -> bool:
        return self._json is not None or super().reads(content_type)

    def link_filter(self) -> LinkFilter:
        return LinkFilter.of(self.source, self.profile)
