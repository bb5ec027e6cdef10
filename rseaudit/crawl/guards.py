"""The guard that every request passes last, whoever made it and whatever redirected it.

Only GET and HEAD besides the declared login; only http and https; only addresses that the source's
configuration allows; no address that a public name hides inside the network.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar, Protocol
from urllib.parse import urlsplit

from scrapy.exceptions import IgnoreRequest
from scrapy.resolver import CachingThreadedResolver
from twisted.internet.error import DNSLookupError

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from twisted.internet.base import ReactorBase
    from twisted.internet.defer import Deferred

LOGIN = "rseaudit_login"
_SAFE_METHODS = ("GET", "HEAD")


class Refused(IgnoreRequest):
    """A request that must not be sent; ``reason`` is one stable word."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"refused: {reason}")
        self.reason = reason


class Scope(Protocol):
    """What a spider may ask for: ``None`` when an address is allowed, else the reason."""

    def refusal(self, url: str) -> str | None: ...

    def is_login(self, url: str, method: str) -> bool: ...


class GuardMiddleware:
    """Refuses at the last moment before the network; sits nearest to the downloader."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._private = frozenset(crawler.settings.getlist("RSEAUDIT_PRIVATE_HOSTS"))

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> GuardMiddleware:
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Let a request pass or raise ``Refused``."""
        parts = urlsplit(request.url)
        if parts.scheme not in ("http", "https"):
            raise Refused("scheme")
        host = parts.hostname or ""
        if (address := _literal(host)) is not None and not may_connect(address, named=host in self._private):
            raise Refused("address")
        scope: Scope = self._crawler.spider  # type: ignore[assignment]  # our spiders are scopes
        login = bool(request.meta.get(LOGIN)) and scope.is_login(request.url, request.method)
        if request.method not in _SAFE_METHODS and not (login and request.method == "POST"):
            raise Refused("method")
        if parts.path == "/robots.txt" and not parts.query:
            return
        if not login and (reason := scope.refusal(request.url)) is not None:
            raise Refused(reason)

    def process_response(self, request: Request, response: Response) -> Response:
        """Keep a gzip body as it came: once decompressed, nobody could tell that it was cut."""
        if (response.headers.get(b"Content-Encoding") or b"").strip().lower() in (b"gzip", b"x-gzip"):
            request.meta["gzip_body"] = response.body
        return response


def may_connect(address: str, *, named: bool) -> bool:
    """Tell whether an address may be connected to.

    Private and loopback ones only for hosts ``named`` in the configuration; link-local, metadata
    and multicast ones never.
    """
    ip = ipaddress.ip_address(address)
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped:
        ip = ip.ipv4_mapped
    if ip.is_link_local or ip.is_multicast or ip.is_unspecified or str(ip) in _METADATA:
        return False
    return named or ip.is_global


_METADATA = frozenset(("fd00:ec2::254", "100.100.100.200"))


def _literal(host: str) -> str | None:
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        return None


class GuardedResolver(CachingThreadedResolver):
    """Resolves names to addresses that may be connected to: the one checked is the one used."""

    refused: ClassVar[set[str]] = set()

    def __init__(self, reactor: ReactorBase, cache_size: int, timeout: float, named: Iterable[str] = ()) -> None:
        super().__init__(reactor, cache_size, timeout)
        self._named = frozenset(named)

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: ReactorBase) -> GuardedResolver:
        settings = crawler.settings
        named = settings.getlist("RSEAUDIT_PRIVATE_HOSTS")
        return cls(reactor, settings.getint("DNSCACHE_SIZE"), settings.getfloat("DNS_TIMEOUT"), named)

    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> Deferred[str]:
        return super().getHostByName(name, timeout).addCallback(self._check, name)

    def _check(self, address: str, name: str) -> str:
        if not may_connect(address, named=name in self._named):
            self.refused.add(name)
            raise DNSLookupError(f"{name} leads to {address}, which may not be connected to")
        return address
