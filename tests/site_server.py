"""A real web server for tests, on loopback: pages by path, every request recorded."""

from __future__ import annotations

import re
import ssl
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


@dataclass
class Answer:
    """What the server sends; ``length`` lies about the body's when given."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    content_type: str = "text/html; charset=utf-8"
    wait_s: float = 0.0


Page = Answer | str | bytes | Callable[[str], "Answer | str"]


class Site:
    """Pages that can be changed while it runs; ``requests`` are (method, path), ``posted`` (path, body), in order.

    ``logins`` are the only paths to which a POST may be sent: when the site closes, ``harm`` must be empty.
    """

    def __init__(self, pages: Mapping[str, Page], *, wait_s: float = 0.0, validators: bool = False) -> None:
        self.pages = dict(pages)
        self.requests: list[tuple[str, str]] = []
        self.posted: list[tuple[str, bytes]] = []
        self.agents: set[str] = set()
        self.logins: set[str] = {"/session"}
        self.url = ""
        self.wait_s = wait_s
        self._validators = validators

    @property
    def fetched(self) -> Counter[str]:
        """How often each path was asked for with GET, robots.txt left out."""
        return Counter(path for method, path in self.requests if method == "GET" and path != "/robots.txt")

    def answer(self, path: str, conditions: Mapping[str, str | None]) -> Answer:
        page = self.pages.get(path)
        if callable(page):
            page = page(path)
        if page is None:
            return Answer(b"<p>introuvable</p>", status=404)
        answer = page if isinstance(page, Answer) else Answer(page if isinstance(page, bytes) else page.encode())
        if self._validators and answer.status == 200:
            etag = f'"{hash_of(answer.body)}"'
            answer.headers["ETag"] = etag
            if conditions.get("If-None-Match") == etag:
                return Answer(status=304, headers={"ETag": etag})
        return answer

    def harm(self) -> list[tuple[str, str]]:
        """Return the requests that no crawl may send: those that change something, by method or by address."""
        return [(method, path) for method, path in self.requests if self._is_harm(method, path)]

    def _is_harm(self, method: str, path: str) -> bool:
        if method == "POST":
            return path.partition("?")[0] not in self.logins
        return method not in ("GET", "HEAD") or HARMFUL.search(path) is not None

    def receive(self, path: str, body: bytes, conditions: Mapping[str, str | None]) -> Answer:
        """Answer a POST; like a GET unless a site says otherwise."""
        return self.answer(path, conditions)


# What acts when it is only read, by the shapes seen on real platforms; an own list, not that of the product.
HARMFUL = re.compile(
    r"[?&](?:_?wpnonce|nonce|token|csrf|replytocom|redirect_to|do)=|[?&]action=(?!query)|/(?:logout|signout|deconnexion|delete|"
    r"supprimer|trash|unlike|like|follow|leave|join|revoke|mark-as-[a-z]+|wp-admin|admin|compose)(?:[/?]|$)"
)


def hash_of(body: bytes) -> str:
    import hashlib

    return hashlib.sha256(body).hexdigest()[:16]


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        if not isinstance(sys.exc_info()[1], ConnectionError):  # whoever was killed has hung up
            super().handle_error(request, client_address)  # type: ignore[arg-type]


@contextmanager
def serving(site: Site, *, host: str = "127.0.0.1", certificate: tuple[Path, Path] | None = None) -> Iterator[Site]:
    """Serve a site until the block ends; its ``url`` is set."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._send()

        def do_HEAD(self) -> None:
            self._send(with_body=False)

        def __getattr__(self, name: str) -> Callable[[], None]:
            if name.startswith("do_"):  # whatever else a client may think of is recorded as well
                return self._send
            raise AttributeError(name)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            site.posted.append((self.path, body))
            self._send(body)

        def _send(self, received: bytes | None = None, *, with_body: bool = True) -> None:
            site.requests.append((self.command, self.path))
            site.agents.add(self.headers.get("User-Agent", ""))
            headers = dict(self.headers.items())
            answer = site.answer(self.path, headers) if received is None else site.receive(self.path, received, headers)
            time.sleep(answer.wait_s or site.wait_s)
            try:
                self.send_response(answer.status)
                self.send_header("Content-Type", answer.content_type)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                if "Content-Length" not in answer.headers:
                    self.send_header("Content-Length", str(len(answer.body)))
                self.end_headers()
                if with_body:
                    self.wfile.write(answer.body)
            except (BrokenPipeError, ConnectionResetError, ssl.SSLError):
                self.close_connection = True

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = _Server((host, 0), Handler)
    server.daemon_threads = True
    scheme = "http"
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        scheme = "https"
    site.url = f"{scheme}://{host}:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
    assert site.harm() == [], "a crawl only reads"


def article(number: int, *links: str, words: str = "") -> str:
    """Return a page with a title, an author, a date, a text of its own and links."""
    menu = "".join(f'<li><a href="{link}">{link}</a></li>' for link in links)
    return f"""<!doctype html><html lang="fr"><head><title>Page {number}</title></head><body>
<nav><ul>{menu}</ul></nav>
<article><h1>Note de service {number}</h1><p class="by">Par <span class="author">Anne Martin {number % 7}</span>,
le <time datetime="2026-0{number % 9 + 1}-11T09:00:00+01:00">11</time></p>
<div class="space">Espace {number % 3}</div>
<div class="text"><p>La note numéro {number} explique aux équipes du site comment ranger le matériel {number}
après chaque intervention, et à qui signaler un outil abîmé. {words}</p></div></article></body></html>"""


PROFILE = """
[profile.site]
start = ["/"]
[profile.site.document]
match = '^/note/(?P<native_id>[0-9]+)$'
title = "h1"
text = ".text"
author = ".author"
created = "time@datetime"
space = ".space"
"""


def numbered_site(count: int, **options: object) -> Site:
    """Return a site of ``count`` notes linked as a tree with cross links, and an index."""
    pages: dict[str, Page] = {"/": article(0, "/note/1", "/note/2", "/note/3")}
    for number in range(1, count + 1):
        links = [f"/note/{n}" for n in (2 * number, 2 * number + 1, number * 7 % count + 1) if n <= count]
        pages[f"/note/{number}"] = article(number, "/", *links)
    return Site(pages, **options)  # type: ignore[arg-type]
