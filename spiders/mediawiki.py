"""MediaWiki, by ``api.php``: pages of the content namespaces, with their true authors and dates."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import ClassVar, Literal

from rseaudit.config.settings import SourceSettings
from rseaudit.crawl.api import ApiSpider
from rseaudit.crawl.mediawiki import calls, judging, reading
from rseaudit.crawl.mediawiki.calls import Api
from rseaudit.crawl.mediawiki.reading import Reader
from rseaudit.crawl.outcomes import Judgement
from rseaudit.crawl.page import Page
from rseaudit.crawl.page_content import PageContent
from rseaudit.crawl.proofs import Proof
from rseaudit.crawl.sessions.mediawiki import own_proof
from rseaudit.crawl.shapes import Shapes


class MediawikiSpider(ApiSpider):
    """Begins with what the wiki says of itself."""

    platform = "mediawiki"
    login: ClassVar[Literal["form", "basic", "mediawiki"]] = "mediawiki"

    def starts(self) -> Iterable[str]:
        yield self._api.site()

    def shapes(self) -> Iterable[str]:
        return calls.shapes()

    def link_filter(self) -> Shapes:
        return Shapes(self._api.url.removesuffix("/api.php"), self.shapes())

    def read(self, page: Page) -> PageContent:
        return Reader(self.source, self._api, self.excluded).read(page)

    def judge(self, page: Page, status: int) -> Judgement | None:
        return judging.judge(page, status)

    def address_of(self, document_id: str) -> str | None:
        native = reading.native_id(document_id)
        return self._api.alone(native) if native is not None else None

    def proves(self, page: Page) -> bool:
        return judging.is_answer(page)

    def lasts(self, url: str) -> bool:
        return calls.params_of(url).get("action") == "parse"

    @classmethod
    def proof(cls, source: SourceSettings) -> Proof | None:
        return own_proof(cls.login_address(source))

    @classmethod
    def login_address(cls, source: SourceSettings) -> str:
        return calls.api_address(source.url)

    @cached_property
    def _api(self) -> Api:
        """The API as this account asks it; an account without an identity is a guest."""
        account = next((item for item in self.source.accounts if item.name == self.account), None)
        ways = (account.login, account.oauth, account.cookies_file, account.has_token) if account is not None else ()
        return Api(calls.api_address(self.source.url), known=any(ways))
