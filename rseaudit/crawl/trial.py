"""Try whether accounts get in, without a crawl: what ``rseaudit doctor`` wants to know."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import TYPE_CHECKING

import scrapy

from rseaudit.config.settings import Account, Settings, SourceSettings
from rseaudit.crawl.pace import Pace, Paces
from rseaudit.crawl.page import Page
from rseaudit.crawl.platforms import spider_class
from rseaudit.crawl.scrapy_settings import process_settings, source_settings
from rseaudit.crawl.sessions.ask import Asker
from rseaudit.crawl.sessions.base import Session
from rseaudit.crawl.sessions.opening import open_session
from rseaudit.crawl.sessions.vigil import Vigil
from rseaudit.crawl.sessions.wallet import Wallet
from rseaudit.crawl.tls import authorities
from rseaudit.errors import RseauditError, SessionError
from rseaudit.store.frontier import Lease

if TYPE_CHECKING:
    from scrapy import Request

Key = tuple[str, str]


class TrialSpider(scrapy.Spider):
    """Gets one account in, asks for the proof, and is done. It may ask for nothing else."""

    name = "trial"

    def __init__(self, session: Session, source: SourceSettings, paces: Paces) -> None:
        super().__init__()
        self.wallet = Wallet(source.proxy)
        self.problem: SessionError | None = None
        self._session = session
        self._paces = paces

    def refusal(self, _url: str) -> str | None:
        return "not-allowed"

    def is_login(self, url: str, method: str) -> bool:
        return self._session.is_login(url, method)

    def pace(self, host: str) -> Pace:
        return self._paces.of(host)

    def holds(self, _host: str) -> bool:
        return True

    def proves(self, _page: Page) -> bool:
        return False

    async def give_back(self, _leases: Sequence[Lease]) -> None:
        """A trial leases nothing."""

    def end(self, _reason: str) -> None:
        """A trial ends by itself."""

    async def start(self) -> AsyncIterator[Request]:
        try:
            await Vigil(self._session, Asker(self), self).begin()
        except SessionError as error:
            self.problem = error
        nothing: tuple[Request, ...] = ()
        for request in nothing:
            yield request


def try_accounts(settings: Settings, sources: Sequence[SourceSettings]) -> Mapping[Key, RseauditError | None]:
    """Log every account of ``sources`` in; return by (source, account) what kept it out, ``None`` when it got in.

    Accounts without an identity are left out. Can be called once a process.
    """
    from scrapy.crawler import AsyncCrawlerProcess

    found: dict[Key, RseauditError | None] = {}
    sessions: dict[Key, tuple[SourceSettings, Session]] = {}
    for source in sources:
        for account in source.accounts:
            try:
                session = _session(settings, source, account)
            except RseauditError as error:
                found[source.name, account.name] = error
                continue
            if session is not None:
                sessions[source.name, account.name] = (source, session)
    if not sessions:
        return found
    for name in ("scrapy", "twisted"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    process = AsyncCrawlerProcess(process_settings(settings))
    crawlers = {}
    for key, (source, session) in sessions.items():
        paces = Paces({}, source.politeness)
        spider = type("TrialSpider", (TrialSpider,), {"custom_settings": source_settings(source, settings)})
        crawlers[key] = process.create_crawler(spider)
        process.crawl(crawlers[key], session=session, source=source, paces=paces)
    process.start()
    return found | {key: _problem(crawler.spider) for key, crawler in crawlers.items()}


def _session(settings: Settings, source: SourceSettings, account: Account) -> Session | None:
    if source.ca_file is not None:
        authorities(settings.base / source.ca_file)
    return open_session(settings, source, account, spider_class(source.platform))


def _problem(spider: object) -> RseauditError | None:
    return spider.problem if isinstance(spider, TrialSpider) else SessionError("the login could not be tried")
