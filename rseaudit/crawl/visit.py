"""Ask for one page, once, politely, without an engine: what ``rseaudit init URL`` looks at.

Robots rules are read first and obeyed, certificates verified, addresses checked like those of a
crawl: the host that was typed may stand inside the network, one that it redirects to may not.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import Message
from typing import IO
from urllib.error import HTTPError, URLError
from urllib.parse import urljoin, urlsplit
from urllib.request import HTTPHandler, HTTPRedirectHandler, HTTPSHandler, OpenerDirector, ProxyHandler, Request
from urllib.request import build_opener
from urllib.robotparser import RobotFileParser

from rseaudit.errors import FetchError

TIMEOUT_S = 10.0
MAX_BYTES = 1024 * 1024
_MAX_ROBOTS_BYTES = 500 * 1024
_REDIRECTS = 5


@dataclass(frozen=True, slots=True)
class Visited:
    """The page that an address leads to: where it stands, its headers in lower case, the start of its text."""

    url: str
    headers: Mapping[str, str]
    body: str


def visit(url: str, *, agent: str, timeout_s: float = TIMEOUT_S) -> Visited:
    """Fetch a page with one GET for each redirect, at most 1 MB of it.

    Raises ``FetchError`` with the cause: no answer, a certificate that cannot be verified, a status
    that is no page, robots rules, or an address that may not be connected to.
    """
    visitor = _Visitor(urlsplit(url).hostname or "", agent, time.monotonic() + timeout_s)
    for _ in range(_REDIRECTS + 1):
        visitor.ask_robots(url)
        status, headers, body = visitor.get(url, MAX_BYTES)
        if status in (301, 302, 303, 307, 308) and headers.get("location"):
            url = urljoin(url, headers["location"])
            continue
        if status >= 400:
            raise FetchError(f"the server answered {status}", where=url)
        return Visited(url, headers, _text(body, headers))
    raise FetchError(f"more than {_REDIRECTS} redirects", where=url)
