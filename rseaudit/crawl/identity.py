"""Which document a page is: its native id and address, never merely the address it was found at."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

import regex

from rseaudit.crawl.addresses import origin, search, target
from rseaudit.crawl.page import Page

_POSITION = re.compile(
    r"[?&](?:page|p|pg|paged|page_?(?:no|num|number)|start|offset|st|skip)=(?P<query>\d{1,9})(?=&|$)"
    r"|/page[/-]?(?P<path>\d{1,9})/?(?=\?|$)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Identity:
    """``id`` is the platform's own when the pattern names it, else the canonical ``path?query``."""

    id: str
    url: str


@dataclass(frozen=True, slots=True)
class NotADocument:
    """Why a page is none; ``note`` is ``None`` when the profile simply does not claim it."""

    note: str | None = None


def identify(page: Page, match: str | None, canonical: str | None) -> Identity | NotADocument:
    """Return the document that a page is for the pattern ``document.match`` of its profile.

    A later page of a series (``?page=2``) is not the document again: it would replace its beginning.
    """
    own = target(page.key)
    accepted = canonical if canonical and origin(canonical) == origin(page.key) else None
    native: str | None = None
    span = (-1, -1)
    if match is not None:
        try:
            found = search(match, own)
            if found is None:
                return NotADocument()
            if "native_id" in found.re.groupindex:
                native, span = found["native_id"], found.span("native_id")
            if accepted and not _confirms(search(match, target(accepted)), native):
                accepted = None
        except TimeoutError:
            return NotADocument("slow-pattern:document.match")
    elif accepted and target(accepted) == "/":
        accepted = None  # a template that names the home page as canonical of every page
    url = accepted or page.key
    if _is_later(page, own, span) and (native or base(target(url)) == target(url)):
        return NotADocument("later-page")
    return Identity(native or target(url), url)


def _confirms(found: regex.Match[str] | None, native: str | None) -> bool:
    """Tell whether a canonical address is one of the same document."""
    return found is not None and (native is None or found["native_id"] == native)


def base(text: str) -> str:
    """Return a ``path?query`` without the number of its page in a series."""
    bare = _POSITION.sub("", text)
    return bare if "?" in bare or "&" not in bare else bare.replace("&", "?", 1)


def continues(page: Page, links: Iterable[str]) -> bool:
    """Tell whether a page links to a later page of its own series."""
    own = target(page.key)
    here, series = _position(own, (-1, -1)), base(own)
    path = series.partition("?")[0].rstrip("/")
    near = (text for text in map(target, links) if text.startswith(path))
    return any(_position(text, (-1, -1)) > here and base(text) == series for text in near)


def _is_later(page: Page, own: str, native: tuple[int, int]) -> bool:
    position = _position(own, native)
    if position != 1:
        return position > 1
    # Drupal counts from 0: its "page=1" is the second, and says so.
    return any("prev" in (link.get("rel") or "").lower().split() for link in page.tree.iter("a", "link"))


def _position(text: str, native: tuple[int, int]) -> int:
    """Return the highest page number in ``text`` that is not (part of) the native id itself."""
    numbers = (
        int(found.group(group))
        for found in _POSITION.finditer(text)
        for group in ("query", "path")
        if found.group(group) and found.span(group) != native
    )
    return max(numbers, default=0)
