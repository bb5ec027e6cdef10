"""HumHub, by its REST module: spaces, their posts and wiki pages, those who answer for them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, Literal

from rseaudit.config.settings import SourceSettings
from rseaudit.crawl.api import ApiSpider
from rseaudit.crawl.humhub import reading, routes
from rseaudit.crawl.humhub.routes import Call
from rseaudit.crawl.outcomes import Judgement
from rseaudit.crawl.page import Page
from rseaudit.crawl.page_content import PageContent
from rseaudit.crawl.proofs import Proof

_NOT_AN_ADMINISTRATOR = 400


class HumhubSpider(ApiSpider):
    """Begins with the spaces that the account sees; profiles of people are theirs, and left alone."""

    platform = "humhub"
    login: ClassVar[Literal["form", "basic", "mediawiki"]] = "basic"

    def starts(self) -> Iterable[str]:
        yield routes.address(self.source.url, Call("spaces"))

    def shapes(self) -> Iterable[str]:
        return routes.shapes()

    def read(self, page: Page) -> PageContent:
        return reading.read(page, self.source, self.excluded)

    def judge(self, page: Page, status: int) -> Judgement | None:
        call = routes.call_of(self.source.url, page.url)
        if call is None:
            return None
        if status == _NOT_AN_ADMINISTRATOR and call.kind == "members":
            return Judgement("denied", "status 400: only administrators of a space see its members")
        if status == 401 and not self.known:
            return Judgement("denied", "status 401: the API of HumHub answers accounts only")
        # A content may have been moved to a space that is left alone: here it is gone, and its answer is not kept.
        if status == 200 and call.kind == "content" and (space := reading.space_in(page)) and self.excluded([space]):
            return Judgement("absent", "moved to a space that is excluded")
        return None

    def address_of(self, document_id: str) -> str | None:
        known = document_id.isascii() and document_id.isdigit()
        return routes.address(self.source.url, Call("content", int(document_id))) if known else None

    def proves(self, page: Page) -> bool:
        return reading.is_answer(page)

    @classmethod
    def proof(cls, source: SourceSettings) -> Proof | None:
        return Proof(routes.proof_address(source.url), reading.is_answer)
