"""Serve the company over real HTTP on three loopback addresses, as proxies for its invented hosts.

A crawler that uses ``http://127.0.0.1:PORT`` as its proxy asks for ``http://rse.aubrelle.example/post/12``:
the names in its results never show a port, and nothing is asked of the name service.
"""

from __future__ import annotations

import socket
import sys
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from http import HTTPStatus
from http.cookies import CookieError, SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Literal
from urllib.parse import parse_qsl, urlsplit

from rseaudit.demo.company import Company
from rseaudit.demo.feeds import DemoFeed
from rseaudit.demo.network import Network
from rseaudit.demo.rendering import Renderer
from rseaudit.demo.reply import Asked, Reply, text
from rseaudit.demo.site import Intranet, Press, PublicSite, Site

_FORM_CAP = 10_000


class Servers:
    """What is being served. ``proxies`` maps the name of a source to its proxy's address.

    Sources are ``rse``, ``intranet``, ``site-public`` and the key of each feed. ``requests`` lists
    every request, as method and address, in order of arrival.
    """

    def __init__(self, proxies: Mapping[str, str], requests: list[tuple[str, str]], press: Iterable[Press]) -> None:
        self.proxies = proxies
        self.requests = requests
        self._press = tuple(press)

    def read_press_at(self, instant: datetime | None) -> None:
        """Let the feeds show what was out at ``instant``; ``None`` shows everything."""
        for feed in self._press:
            feed.clock = instant


@contextmanager
def serve(company: Company, feeds: Iterable[DemoFeed] = ()) -> Iterator[Servers]:
    """Serve until the block ends: the network on 127.0.0.1, the intranet on .2, the public site and the press on .3.

    Where a system has only 127.0.0.1 (macOS by default), all three listen there. Ports are free ones.
    """
    renderer = Renderer(company)
    press = {feed: Press(feed) for feed in feeds}
    hosts: tuple[dict[str, Site], ...] = (
        {company.hosts["rse"]: Network(company, renderer)},
        {company.hosts["intranet"]: Intranet(company, renderer)},
        {company.hosts["site-public"]: PublicSite(company, renderer)} | {f.host: site for f, site in press.items()},
    )
    requests: list[tuple[str, str]] = []
    servers: list[_Server] = []
    threads: list[threading.Thread] = []
    try:
        for number, sites in enumerate(hosts, 1):
            servers.append(_listen(f"127.0.0.{number}", sites, requests))
            threads.append(threading.Thread(target=servers[-1].serve_forever, kwargs={"poll_interval": 0.05}))
            threads[-1].start()
        addresses = [f"http://{server.server_name}:{server.server_port}" for server in servers]
        proxies = dict(zip(("rse", "intranet", "site-public"), addresses, strict=True))
        yield Servers(proxies | {feed.key: addresses[2] for feed in press}, requests, press.values())
    finally:
        for server, thread in zip(servers, threads, strict=False):
            server.shutdown()
            thread.join()
        for server in servers:
            server.server_close()


def _listen(address: str, sites: Mapping[str, Site], requests: list[tuple[str, str]]) -> _Server:
    try:
        return _Server(address, sites, requests)
    except OSError:
        return _Server("127.0.0.1", sites, requests)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, address: str, sites: Mapping[str, Site], requests: list[tuple[str, str]]) -> None:
        self.sites = sites
        self.requests = requests
        super().__init__((address, 0), _Handler)

    def server_bind(self) -> None:
        # Not HTTPServer's: that one asks the name service for the name of the address.
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = str(self.server_address[0]), int(self.server_address[1])

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing when a client goes away in the middle: a killed crawler does."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]  # what socketserver passes


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server
    # An idle connection is closed: its thread must not outlive the crawl for long.
    timeout = 20
    # Headers and body leave in one piece: otherwise each answer waits for an acknowledgement.
    wbufsize = -1
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        self._respond("GET")

    def do_HEAD(self) -> None:
        self._respond("HEAD")

    def do_POST(self) -> None:
        self._respond("POST")

    def _respond(self, method: Literal["GET", "HEAD", "POST"]) -> None:
        parts = urlsplit(self.path)
        host = (parts.netloc or self.headers.get("Host") or "").rpartition("@")[2].partition(":")[0].lower()
        path = parts.path or "/"
        query = f"?{parts.query}" if parts.query else ""
        self.server.requests.append((method, f"{parts.scheme or 'http'}://{host}{path}{query}"))
        form = self._form() if method == "POST" else {}
        site = self.server.sites.get(host) if parts.scheme in ("", "http") else None
        if form is None:
            self.close_connection = True
            self._send(text("Too large\n", status=413), method)
        elif site is None:
            self._send(text("Unknown host\n", status=502), method)
        elif method == "POST" and not (path == "/login" and isinstance(site, Network)):
            self._send(text("GET and HEAD only\n", status=405), method)
        else:
            asked = Asked(
                path=path, query=dict(parse_qsl(parts.query)), method=method, session=self._session(), form=form
            )
            self._send(site.answer(asked), method)

    def _form(self) -> dict[str, str] | None:
        length = self.headers.get("Content-Length", "0")
        if not length.isdigit() or int(length) > _FORM_CAP:
            return None
        return dict(parse_qsl(self.rfile.read(int(length)).decode("utf-8", "replace")))

    def _session(self) -> str | None:
        try:
            cookie = SimpleCookie(self.headers.get("Cookie", "")).get("session")
        except CookieError:
            return None
        return cookie.value if cookie else None

    def _send(self, reply: Reply, method: str) -> None:
        status = 304 if reply.status == 200 and method != "POST" and self._is_known(reply) else reply.status
        # No ``Date``: two demonstrations send the same bytes.
        self.send_response_only(status, HTTPStatus(status).phrase)
        if reply.status == 200:
            self.send_header("ETag", reply.etag)
            self.send_header("Cache-Control", "no-cache")
            if reply.modified:
                self.send_header("Last-Modified", _http_date(reply.modified))
        for name, value in reply.headers:
            self.send_header(name, value)
        if status != 304:
            self.send_header("Content-Type", reply.content_type)
            self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        if status != 304 and method != "HEAD":
            self.wfile.write(reply.body)

    def _is_known(self, reply: Reply) -> bool:
        if (tags := self.headers.get("If-None-Match")) is not None:
            return reply.etag in {tag.strip().removeprefix("W/") for tag in tags.split(",")} or tags.strip() == "*"
        since = self.headers.get("If-Modified-Since")
        if since is None or reply.modified is None:
            return False
        try:
            return parsedate_to_datetime(since) >= reply.modified.replace(microsecond=0)
        except (TypeError, ValueError):
            return False

    def log_message(self, format: str, *args: object) -> None:
        """Keep silent: ``Servers.requests`` is the log."""


def _http_date(instant: datetime) -> str:
    return format_datetime(instant.astimezone(UTC), usegmt=True)
