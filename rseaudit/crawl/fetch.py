"""Fetch a list of addresses once, conditionally, each with its own ending; used for feeds and watched pages."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar, Literal
from urllib.parse import urljoin

import scrapy

from rseaudit.config.settings import Politeness, Settings, SourceSettings
from rseaudit.crawl.causes import cause_of
from rseaudit.crawl.pace import Pace, Paces
from rseaudit.crawl.platforms import spider_of
from rseaudit.crawl.scrapy_settings import process_settings, source_settings
from rseaudit.crawl.tls import authorities

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.http import Response
    from twisted.python.failure import Failure

_REDIRECTS = 5
_POLITENESS = Politeness(start_delay_s=0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """An address to fetch: ``key`` names it in the result, ``headers`` make it conditional."""

    key: str
    url: str
    headers: Mapping[str, str]
    platform: Literal["feed", "page"] = "feed"
    proxy: str | None = None
    ca_file: str | None = None
    obey_robots: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What came back; ``status`` is 0 when there was no answer and ``error`` says why.

    ``address`` is where the answer came from; ``moved_to`` is the same when every redirect on the way was permanent.
    """

    key: str
    status: int
    headers: Mapping[str, str]
    body: bytes | None = None
    error: str | None = None
    address: str = ""
    moved_to: str | None = None


Follow = Callable[[Fetched], Sequence[Wanted]]


class FetchSpider(scrapy.Spider):
    """Ask for each address once, following redirects that the guard lets through.

    A kind of address is a subclass in ``spiders/`` that declares what it accepts.
    """

    name = "fetch"
    platform: ClassVar[str]
    accept: ClassVar[str]

    def __init__(self, wanted: Sequence[Wanted], paces: Paces, follow: Follow | None = None) -> None:
        super().__init__()
        self._paces = paces
        self.results: dict[str, Fetched] = {}
        self._wanted = wanted
        self._follow = follow
        self._allowed = {item.url for item in wanted}

    def refusal(self, url: str) -> str | None:
        return None if url in self._allowed else "not-allowed"

    def is_login(self, _url: str, _method: str) -> bool:
        return False

    def pace(self, host: str) -> Pace:
        return self._paces.of(host)

    def holds(self, host: str) -> bool:
        return True

    async def start(self) -> AsyncIterator[Request]:
        for item in self._wanted:
            yield self._request(item, item.url, permanent=True, hops=0)

    def _request(self, item: Wanted, url: str, *, permanent: bool, hops: int) -> Request:
        self._allowed.add(url)
        meta = {
            "handle_httpstatus_all": True,
            "dont_redirect": True,
            "proxy": item.proxy,
            "dont_obey_robotstxt": not item.obey_robots,
            "wanted": item,
            "permanent": permanent,
            "hops": hops,
        }
        headers = {"Accept": self.accept, **item.headers}
        return scrapy.Request(url, headers=headers, meta=meta, callback=self.parse, errback=self.failed)

    async def parse(self, response: Response) -> AsyncIterator[Request]:
        item: Wanted = response.meta["wanted"]
        headers = {
            name.decode("latin-1"): b", ".join(values).decode("latin-1") for name, values in response.headers.items()
        }
        location = response.headers.get(b"Location")
        if response.status in (301, 302, 303, 307, 308) and location:
            if response.meta["hops"] >= _REDIRECTS:
                self._keep(Fetched(key=item.key, status=0, headers={}, error="too many redirects"))
                return
            permanent = response.meta["permanent"] and response.status in (301, 308)
            # Validators belong to one address: they do not follow it to another.
            bare = replace(item, headers={k: v for k, v in item.headers.items() if not k.startswith("If-")})
            target = urljoin(response.url, location.decode("utf-8", "replace"))
            yield self._request(bare, target, permanent=permanent, hops=response.meta["hops"] + 1)
            return
        moved = response.url if response.meta["hops"] and response.meta["permanent"] else None
        found = Fetched(
            key=item.key,
            status=response.status,
            headers=headers,
            body=response.body,
            address=response.url,
            moved_to=moved,
        )
        self._keep(found)
        for more in self._follow(found) if self._follow else ():
            if more.key not in self.results:
                yield self._request(more, more.url, permanent=True, hops=0)

    async def failed(self, failure: Failure) -> None:
        item: Wanted = failure.request.meta["wanted"]  # type: ignore[attr-defined]  # set by Scrapy
        self._keep(Fetched(key=item.key, status=0, headers={}, error=cause_of(failure.value or OSError())))

    def _keep(self, fetched: Fetched) -> None:
        self.results[fetched.key] = fetched


def fetch_all(wanted: Sequence[Wanted], settings: Settings, *, follow: Follow | None = None) -> tuple[Fetched, ...]:
    """Fetch every address; results are in the order asked. Can be called once a process.

    Raises ``ConfigError`` for a ``ca_file`` that holds no certificate.

    ``follow`` is given each answer and may ask for more addresses; theirs come after the others, by key.
    """
    from scrapy.crawler import AsyncCrawlerProcess

    if not wanted:
        return ()
    for name in ("scrapy", "twisted"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    process = AsyncCrawlerProcess(process_settings(settings))
    crawlers = []
    paces = Paces({}, _POLITENESS)
    for (platform, ca_file), group in _groups(wanted).items():
        if ca_file:
            authorities(settings.base / ca_file)
        base = spider_of(platform, FetchSpider)
        crawler = process.create_crawler(type(base.__name__, (base,), {"custom_settings": _options(group, settings)}))
        crawlers.append(crawler)
        process.crawl(crawler, wanted=group, paces=paces, follow=follow)
    process.start()
    results: dict[str, Fetched] = {}
    for crawler in crawlers:
        results |= getattr(crawler.spider, "results", {})
    lost = Fetched(key="", status=0, headers={}, error="interrupted before the answer")
    asked = {item.key: results.get(item.key) or replace(lost, key=item.key) for item in wanted}
    return (*asked.values(), *(results[key] for key in sorted(results) if key not in asked))


def _groups(wanted: Sequence[Wanted]) -> dict[tuple[str, str], list[Wanted]]:
    """Return what one spider can ask for: one kind, one authority that certifies the hosts."""
    found: dict[tuple[str, str], list[Wanted]] = {}
    for item in sorted(wanted, key=lambda item: (item.platform, item.ca_file or "")):
        found.setdefault((item.platform, item.ca_file or ""), []).append(item)
    return found


def _options(group: Sequence[Wanted], settings: Settings) -> dict[str, object]:
    source = SourceSettings(
        name="watched",
        role="watched",
        platform=group[0].platform,
        url=group[0].url,
        ca_file=group[0].ca_file,
        politeness=_POLITENESS,
    )
    options = {**source_settings(source, settings), "CONCURRENT_REQUESTS": 16}
    options["DEFAULT_REQUEST_HEADERS"] = {"Accept-Encoding": "gzip"}
    return options
