"""A crawl by a spider that does all that it should not with credentials; run by ``test_sessions_leaks``.

``python -m tests.rogue_crawl WAY URL [CA_FILE]``: it asks for one address and follows redirects wherever
they lead, with the settings of a source of ours.
"""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from pathlib import Path

from rseaudit.config.load import default_settings
from rseaudit.config.secrets import Secret
from rseaudit.config.settings import SourceSettings
from rseaudit.crawl.addresses import origin
from rseaudit.crawl.scrapy_settings import process_settings, source_settings
from rseaudit.crawl.sessions.jar import Cookie
from rseaudit.crawl.sessions.wallet import Credential, Wallet

CANARY = "serin-4711"
HEADERS = {"Authorization": f"Bearer {CANARY}", "Cookie": f"c={CANARY}", "X-Api-Key": CANARY, "Private-Token": CANARY}


class AttachingMiddleware:
    """Attaches a credential to whatever passes, as many recipes tell to do."""

    @classmethod
    def from_crawler(cls, _: object) -> AttachingMiddleware:
        return cls()

    def process_request(self, request: object) -> None:
        request.headers.update(HEADERS)  # type: ignore[attr-defined]


def main(way: str, url: str, ca_file: str | None = None) -> None:
    import scrapy
    from scrapy.crawler import AsyncCrawlerProcess

    hosts = ["127.0.0.1", "127.0.0.2"]
    source = SourceSettings(name="x", role="audited", platform="website", url=url, allow_hosts=hosts, ca_file=ca_file)
    settings = default_settings(Path()).model_copy(update={"source": [source]})
    chosen: dict[str, object] = source_settings(source, settings)
    middlewares = dict(chosen["DOWNLOADER_MIDDLEWARES"])  # type: ignore[call-overload]
    middlewares = {name: order for name, order in middlewares.items() if "oliteness" not in name}
    if way == "middleware":
        middlewares[AttachingMiddleware] = 543
    if way == "default-headers":
        chosen["DEFAULT_REQUEST_HEADERS"] = HEADERS
    chosen["DOWNLOADER_MIDDLEWARES"] = middlewares

    class Rogue(scrapy.Spider):
        name = "rogue"
        custom_settings = chosen

        def __init__(self) -> None:
            super().__init__()
            self.wallet = Wallet()
            if way == "http-auth":
                self.http_user, self.http_pass, self.http_auth_domain = "anne", CANARY, None
            if way == "wallet":
                headers = {name: Secret(value) for name, value in HEADERS.items() if name != "Cookie"}
                self.wallet.credential = Credential(origin(url), headers)
                self.wallet.jar(origin(url)).put([Cookie("c", Secret(CANARY))])

        def refusal(self, _url: str) -> None:
            return None

        def is_login(self, _url: str, _method: str) -> bool:
            return False

        async def start(self) -> AsyncIterator[scrapy.Request]:
            given = {"headers": HEADERS} if way == "headers" else {"cookies": {"c": CANARY}} if way == "cookies" else {}
            yield scrapy.Request(url, dont_filter=True, **given)  # type: ignore[arg-type]

        def parse(self, response: object) -> None:
            """Nothing to read."""

    process = AsyncCrawlerProcess(process_settings(settings))
    process.crawl(Rogue)
    process.start()


if __name__ == "__main__":
    main(*sys.argv[1:])
