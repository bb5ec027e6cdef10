"""The one place where a credential is attached to a request, and where every other one is taken off.

It stands behind all other middlewares but the guard, and sees every request: pages, robots.txt, what
Scrapy redirects. Of what these carry only headers that say nothing of anybody pass.
"""

from __future__ import annotations

import time
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from rseaudit.crawl.addresses import origin
from rseaudit.crawl.guards import LOGIN
from rseaudit.crawl.sessions.wallet import Wallet

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

# Keys of ``Request.meta``: a credential other than that of the account; none at all; the login that a
# request was sent under, and when.
CREDENTIAL = "rseaudit_credential"
ANONYMOUS = "rseaudit_anonymous"
SENT = "rseaudit_sent"

_PLAIN = frozenset(
    (b"Accept", b"Accept-Encoding", b"Accept-Language", b"User-Agent", b"If-None-Match", b"If-Modified-Since")
)


class CredentialMiddleware:
    """Gives each request the cookies and headers of its origin; holds requests while a login is under way."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._own = Wallet()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> CredentialMiddleware:
        return cls(crawler)

    def process_request(self, request: Request) -> Coroutine[Any, Any, None] | None:
        """Attach at once, or once the account is in again."""
        wallet = self._wallet
        if (wallet.is_shut or time.monotonic() >= wallet.good_until) and LOGIN not in request.meta:
            return self._later(request)
        self._attach(request, wallet)
        return None

    async def _later(self, request: Request) -> None:
        wallet = self._wallet
        if not wallet.is_shut and (renew := getattr(self._crawler.spider, "renew", None)) is not None:
            await renew()
        await wallet.opened()
        self._attach(request, wallet)

    def process_response(self, request: Request, response: Response) -> Response:
        """Keep the cookies that an answer sets, for its origin."""
        lines = response.headers.getlist(b"Set-Cookie")
        if lines and ANONYMOUS not in request.meta:
            jar, path, now = self._wallet.jar(origin(request.url)), urlsplit(request.url).path or "/", time.time()
            for line in lines:
                jar.take(line.decode("latin-1"), path=path, now=now)
        return response

    @property
    def _wallet(self) -> Wallet:
        wallet = getattr(self._crawler.spider, "wallet", None)
        return wallet if isinstance(wallet, Wallet) else self._own

    def _attach(self, request: Request, wallet: Wallet) -> None:
        headers, meta = request.headers, request.meta
        for name in [name for name in headers if name not in _PLAIN] if LOGIN not in meta else (b"Cookie",):
            headers.pop(name, None)
        if wallet is not self._own:
            meta["proxy"] = wallet.proxy  # robots.txt too
        meta[SENT] = (wallet.login, time.monotonic())
        if ANONYMOUS in meta:
            return
        where = origin(request.url)
        if cookies := wallet.jar(where).header(urlsplit(request.url).path or "/", now=time.time()):
            headers["Cookie"] = cookies
        credential = meta.get(CREDENTIAL, wallet.credential)
        if credential is not None and credential.origin == where:
            for name, value in credential.headers.items():
                headers[name] = value.reveal()
