"""WordPress, and the BuddyPress of the same site, by the REST API."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, Literal

from rseaudit.config.settings import SourceSettings
from rseaudit.crawl.api import ApiSpider
from rseaudit.crawl.outcomes import Judgement
from rseaudit.crawl.page import Page
from rseaudit.crawl.page_content import PageContent
from rseaudit.crawl.proofs import Proof
from rseaudit.crawl.wordpress import judging, routes
from rseaudit.crawl.wordpress.reading import Reader
from rseaudit.crawl.wordpress.routes import Call, Routes


class WordpressSpider(ApiSpider):
    """Begins at the root of the API, where a site says what it has."""

    platform = "wordpress"
    login: ClassVar[Literal["form", "basic", "mediawiki"]] = "basic"

    # What answers have shown of the site so far.
    _plain = False
    _community = "buddypress/v1"

    def starts(self) -> Iterable[str]:
        yield self._routes.address(Call("", routes.PROBE))

    def shapes(self) -> Iterable[str]:
        return routes.shapes()

    def read(self, page: Page) -> PageContent:
        reader = Reader(self.source, self._routes, self.excluded, known=self.known)
        call, self._plain = self._routes.call(page.url)
        if routes.is_community(call.route):
            self._community = call.namespace
        return reader.read(page)

    def judge(self, page: Page, status: int) -> Judgement | None:
        return judging.judge(page, self._routes.call(page.url)[0], status)

    def address_of(self, document_id: str) -> str | None:
        call = routes.alone(document_id, self._community)
        return self._routes.address(call, plain=self._plain) if call is not None else None

    @classmethod
    def proof(cls, source: SourceSettings) -> Proof | None:
        return Proof(Routes(source.url).address(Call("wp/v2/users/me"), plain=True), judging.knows_me)

    def proves(self, page: Page) -> bool:
        return judging.only_for_members(self._routes.call(page.url)[0])

    @property
    def _routes(self) -> Routes:
        return Routes(self.source.url)
