"""Ask for one page, once, politely, without an engine: what ``rseaudit init URL`` looks at.

Robots rules are read first and obeyed, certificates verified, addresses checked like those of a
crawl: the host that was typed may stand inside the network, one that it redirects to may not.
"""

from __future__ import annotations

import codecs
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import SplitResult, urljoin, urlsplit
from urllib.robotparser import RobotFileParser

from rseaudit.crawl.addresses import origin, url_key
from rseaudit.errors import FetchError

TIMEOUT_S = 10.0
MAX_BYTES = 1024 * 1024
_REDIRECTS = 5
_MOVED = (301, 302, 303, 307, 308)
_CHUNK = 64 * 1024


@dataclass(frozen=True, slots=True)
class Visited:
    """The page that an address leads to: where it stands, its headers in lower case, the start of its text."""

    url: str
    status: int
    headers: Mapping[str, str]
    body: str


def visit(url: str, *, agent: str, timeout_s: float = TIMEOUT_S) -> Visited:
    """Fetch a page and its robots rules in ``timeout_s`` together; of a page 1 MB at most.

    Raises ``FetchError`` with the cause: no answer, a certificate that cannot be verified, robots
    rules, or an address that may not be connected to.
    """
    visitor = _Visitor(urlsplit(url_key(url)).hostname or "", agent, time.monotonic() + timeout_s)
    for _ in range(_REDIRECTS + 1):
        visitor.ask_robots(url)
        page = visitor.get(url)
        if page.status not in _MOVED or not page.headers.get("location"):
            return page
        url = urljoin(url, page.headers["location"])
    raise FetchError(f"more than {_REDIRECTS} redirects", where=url)


class _Visitor:
    """Remembers the host that was typed, the time that is left, and the rules of each site."""

    def __init__(self, host: str, agent: str, deadline: float) -> None:
        self._host = host
        self._agent = agent
        self._deadline = deadline
        self._rules: dict[str, RobotFileParser] = {}

    def ask_robots(self, url: str) -> None:
        """Raise ``FetchError`` when the site's rules do not let us read an address."""
        site = origin(url)
        if site not in self._rules:
            self._rules[site] = self._read_rules(f"{site}/robots.txt")
        if not self._rules[site].can_fetch(self._agent, url):
            raise FetchError("robots.txt asks robots not to read it", where=url)

    def _read_rules(self, url: str) -> RobotFileParser:
        rules = RobotFileParser(url)
        for _ in range(_REDIRECTS + 1):
            page = self.get(url)
            if page.status not in _MOVED or not page.headers.get("location"):
                break
            url = urljoin(url, page.headers["location"])
        # RFC 9309: no rules where there is no file, no visit where the server cannot say.
        closed = page.status in (401, 403) or page.status >= 500
        rules.parse(page.body.splitlines() if page.status == 200 else ["User-agent: *", "Disallow: /"][: 2 * closed])
        return rules

    def get(self, url: str) -> Visited:
        """Send one GET and read what comes, whatever its status."""
        key = url_key(url)
        parts = urlsplit(key)
        if not origin(url):
            raise FetchError("neither http nor https", where=url)
        target = f"{parts.path}?{parts.query}" if parts.query else parts.path
        headers = {"User-Agent": self._agent, "Accept": "text/html,*/*;q=0.5", "Accept-Encoding": "identity"}
        try:
            with self._connected(parts) as connection:
                connection.request("GET", target, headers=headers)
                response = connection.getresponse()
                found = {name.lower(): value for name, value in reversed(response.getheaders())}
                body = b""
                while len(body) < MAX_BYTES and (chunk := response.read1(_CHUNK)):
                    body += chunk
        except (OSError, HTTPException) as error:
            raise FetchError(self._cause(error), where=url) from None
        return Visited(key, response.status, found, _text(body[:MAX_BYTES], found.get("content-type", "")))

    @contextmanager
    def _connected(self, parts: SplitResult) -> Iterator[HTTPConnection]:
        """Connect to an address that was checked, and hang up when the time is over, however slowly it drips."""
        host, secure = parts.hostname or "", parts.scheme == "https"
        port = parts.port or (443 if secure else 80)
        raw = socket.create_connection((self._address(host, port), port), timeout=self._left())
        clock = threading.Timer(self._left(), _hang_up, (raw,))
        clock.daemon = True
        clock.start()
        connection = (HTTPSConnection if secure else HTTPConnection)(host, parts.port)
        try:
            context = ssl.create_default_context() if secure else None
            connection.sock = context.wrap_socket(raw, server_hostname=host) if context else raw
            yield connection
        finally:
            clock.cancel()
            connection.close()
            raw.close()

    def _address(self, host: str, port: int) -> str:
        from rseaudit.crawl.guards import may_connect

        found = [str(row[4][0]) for row in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
        allowed = [address for address in found if may_connect(address.partition("%")[0], named=host == self._host)]
        if not allowed:
            raise FetchError(f"{host} leads to {found[0]}, which may not be connected to", where=host)
        return allowed[0]

    def _left(self) -> float:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left

    def _cause(self, error: Exception) -> str:
        if time.monotonic() >= self._deadline or isinstance(error, TimeoutError):
            return "no answer in time"
        if isinstance(error, ssl.SSLCertVerificationError):
            return f"the certificate cannot be verified: {error.verify_message}"
        if isinstance(error, socket.gaierror):
            return "the name of the host cannot be resolved"
        if isinstance(error, ConnectionRefusedError):
            return "connection refused"
        return f"the connection broke ({type(error).__name__})"


def _hang_up(raw: socket.socket) -> None:
    with suppress(OSError):
        raw.shutdown(socket.SHUT_RDWR)


def _text(body: bytes, content_type: str) -> str:
    if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return body.decode("utf-16", "replace")
    named = content_type.rpartition("charset=")[2].strip(" \"'") if "charset=" in content_type else "utf-8"
    try:
        return body.decode(named, "replace")
    except LookupError:
        return body.decode("utf-8", "replace")
