"""Which links a page holds, and which of them may be followed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal
from urllib.parse import urljoin, urlsplit

from lxml.etree import _Element

from rseaudit.config.settings import Profile, SourceSettings
from rseaudit.crawl.actions import is_action
from rseaudit.crawl.addresses import compiled, origin, search, target, url_key
from rseaudit.crawl.page import Page

__all__ = ["LINKS_CAP", "Allowed", "LinkFilter", "PageLinks", "Reason", "Refused", "links", "page_links", "url_key"]

Reason = Literal["scheme", "origin", "too-long", "action", "file", "denied", "not-allowed"]

LINKS_CAP = 25_000
# Longer addresses come from traps, and do not fit in a PostgreSQL index row (2,704 bytes).
_LONGEST = 2_000
_OTHER_SCHEME = re.compile(r"(?!https?:)[A-Za-z][A-Za-z0-9+.-]*:", re.IGNORECASE)
_PUSHES = frozenset(
    "data-method data-confirm data-turbo-method data-action-method hx-post hx-put hx-patch hx-delete".split()
)
_SUBMITS = re.compile(r"submit|confirm\s*\(", re.IGNORECASE)
_FILE = re.compile(
    r"\.(?:7z|apk|avi|bmp|bz2|css|csv|docx?|dmg|epub|exe|flac|gif|gz|ico|iso|jar|jpe?g|js|m4[av]|mkv|mov|mp[34]|mpe?g|"
    r"msi|od[pst]|ogg|pdf|png|pptx?|rar|rtf|svg|tar|tgz|tiff?|wav|webm|webp|wm[av]|woff2?|xlsx?|zip)$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class PageLinks:
    """``urls`` are canonical, unique, in document order; ``truncated`` when the page holds more."""

    urls: tuple[str, ...]
    truncated: bool = False


def links(page: Page) -> tuple[str, ...]:
    """Return the addresses that a page links to, canonical, unique, in document order.

    ``a``, ``area`` and the pagination of ``link rel=next|prev``; ``<base href>`` is obeyed. Links marked
    ``nofollow``, and those that a script turns into a request that changes something, are left out.
    At most ``LINKS_CAP`` links are read.
    """
    return page_links(page).urls


def page_links(page: Page) -> PageLinks:
    """Return what ``links`` does, and whether that is all."""
    found: dict[str, None] = {}
    base = page.url
    root = origin(base)
    count = 0
    for element in page.tree.iter("a", "area", "link", "base"):
        href = element.get("href")
        if not href or not (href := href.strip()) or href[0] == "#":
            continue
        if element.tag == "base":
            base = _joined(page.url, href) or base
            root = origin(base)
            continue
        if (count := count + 1) > LINKS_CAP:
            return PageLinks(tuple(found), truncated=True)
        if not _is_followed(element):
            continue
        # A path from the root, the usual case, needs no resolution but what ``url_key`` does.
        if href[0] == "/" and href[1:2] not in ("/", "\\"):
            address: str | None = root + href
        else:
            address = None if _OTHER_SCHEME.match(href) else _joined(base, href)
        if address:
            key = url_key(_in_page_encoding(address, page))
            if key.startswith(("http://", "https://")):
                found[key] = None
    return PageLinks(tuple(found))


def _joined(base: str, href: str) -> str | None:
    try:
        return urljoin(base, href)
    except ValueError:
        return None


def _in_page_encoding(address: str, page: Page) -> str:
    """Escape a query as browsers do: in the encoding of the page, not in UTF-8."""
    if address.isascii() or page.encoding == "utf-8":
        return address
    head, mark, query = address.partition("?")
    query = query.partition("#")[0]
    try:
        return head + mark + "".join(c if c.isascii() else _bytes_of(c, page.encoding) for c in query)
    except UnicodeEncodeError:
        return address


def _bytes_of(char: str, encoding: str) -> str:
    return "".join(f"%{byte:02X}" for byte in char.encode(encoding))


def _is_followed(element: _Element) -> bool:
    names = element.keys()
    if len(names) == 1:
        return element.tag != "link"
    rel = (element.get("rel") or "").lower().split()
    if element.tag == "link":
        return "next" in rel or "prev" in rel
    if "nofollow" in rel:
        return False
    if not _PUSHES.isdisjoint(names) and any(element.get(name, "get").lower() != "get" for name in _PUSHES):
        return False
    return _SUBMITS.search(element.get("onclick") or "") is None


@dataclass(frozen=True, slots=True)
class Allowed:
    """The address may be asked for, in its canonical form ``url``."""

    url: str


@dataclass(frozen=True, slots=True)
class Refused:
    """The address must not be asked for; ``reason`` is a stable word for counts and reports."""

    url: str
    reason: Reason


class LinkFilter:
    """Decide which addresses may be asked for: the source's own origins, allowed paths, no action.

    Patterns are searched in the readable ``path?query``. A pattern that takes too long allows
    nothing and denies everything. Use it for links and again after each redirect. A decision
    costs about 25 µs, a repeated one 0.2.
    """

    def __init__(self, *, origins: Iterable[str], allow: Iterable[str] = (".*",), deny: Iterable[str] = ()) -> None:
        self._origins = frozenset(origin(url) for url in origins) - {""}
        self._allow, self._deny = tuple(allow), tuple(deny)
        for pattern in (*self._allow, *self._deny):
            compiled(pattern)
        self.verdict: Callable[[str], Allowed | Refused] = lru_cache(maxsize=16_384)(self._verdict)

    @classmethod
    def of(cls, source: SourceSettings, profile: Profile | None) -> LinkFilter:
        """Return the filter of a source: its origin, and its ``allow_hosts`` over both schemes."""
        hosts = (f"{scheme}://{host}" for host in source.allow_hosts for scheme in ("https", "http"))
        profile = profile or Profile()
        return cls(origins=(source.url, *hosts), allow=profile.allow, deny=profile.deny)

    def refusal(self, url: str) -> Reason | None:
        """Return why ``url`` is refused, ``None`` when it is allowed."""
        verdict = self.verdict(url)
        return verdict.reason if isinstance(verdict, Refused) else None

    def _verdict(self, url: str) -> Allowed | Refused:
        key = url_key(url)
        reason = self._reason(key)
        return Allowed(key) if reason is None else Refused(key, reason)

    def _reason(self, key: str) -> Reason | None:
        where = origin(key)
        if not where:
            return "scheme"
        if where not in self._origins:
            return "origin"
        if len(key) > _LONGEST:
            return "too-long"
        parts = urlsplit(key)
        if is_action(parts.path, parts.query):
            return "action"
        if _FILE.search(parts.path):
            return "file"
        text = target(key)
        if _any(self._deny, text, on_timeout=True):
            return "denied"
        return None if _any(self._allow, text, on_timeout=False) else "not-allowed"


def _any(patterns: tuple[str, ...], text: str, *, on_timeout: bool) -> bool:
    try:
        return any(search(pattern, text) is not None for pattern in patterns)
    except TimeoutError:
        return on_timeout
