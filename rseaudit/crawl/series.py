"""Series of addresses that lead on for ever: calendars, endless lists, a session's number in each address.

Addresses of one shape form a series. As long as a series, or what its pages lead to, brings contents
that were not seen before, it is followed. After so many pages in a row that bring nothing new, what it
still leads to is put aside: not forgotten, for when something new comes of it later (a wide list is
often asked for before what it lists), it is followed after all.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from hashlib import blake2b
from urllib.parse import urlsplit

from rseaudit.config.settings import Politeness, Profile
from rseaudit.crawl.page_content import PageContent

REASON = "series"
_NUMBER = re.compile(r"\d+")
_HAS_DIGIT = re.compile(r"\d")


def shape(url: str) -> str:
    """Return what the addresses of a series have in common.

    A path segment with a digit in it stands for any such segment, a parameter for all its values.
    """
    parts = urlsplit(url)
    path = "/".join("#" if _HAS_DIGIT.search(segment) else segment for segment in parts.path.split("/"))
    if not parts.query:
        return f"{parts.netloc}{path}"
    return f"{parts.netloc}{path}?{'&'.join(sorted({part.partition('=')[0] for part in parts.query.split('&')}))}"


class Series:
    """What each series has brought in one pass; ``patience`` is how many pages in a row may bring nothing.

    With ``declared`` ids a document is new when its id is; else when its text is, numbers and dates
    aside: the id is then but the address, which a series makes up.
    """

    def __init__(self, patience: int, *, declared: bool = False) -> None:
        self._patience = patience
        self._declared = declared
        self._fruitless: Counter[str] = Counter()
        self._led_here: dict[str, str] = {}
        self._contents: set[bytes] = set()
        self._aside: dict[str, dict[str, None]] = {}

    @classmethod
    def of(cls, limits: Politeness, profile: Profile | None) -> Series:
        """Return what watches over a source that is read by links.

        Answers that list documents end by themselves: their addresses are few and known by their shape.
        """
        return cls(limits.max_fruitless, declared=profile is not None and profile.document.match is not None)

    def follow(self, page: str, url: str) -> None:
        """Note that a page leads to an address: what it brings will be to the credit of the first that did."""
        if url != page:
            self._led_here.setdefault(url, page)

    def puts_aside(self, url: str) -> bool:
        """Tell whether an address must wait, and keep it if so."""
        series = shape(url)
        if self._fruitless[series] < self._patience:
            return False
        self._aside.setdefault(series, {})[url] = None
        return True

    def remember(self, urls: Iterable[str]) -> None:
        """Take addresses up again that an interrupted crawl had put aside."""
        for url in urls:
            self._aside.setdefault(shape(url), {})[url] = None

    def learn(self, url: str, found: PageContent | None) -> tuple[str, ...]:
        """Note what a page brought, ``None`` when it is unchanged; return what need not wait any more."""
        if found is not None and not self._is_new(found):
            self._fruitless[shape(url)] += 1
            return ()
        released: list[str] = []
        at: str | None = url
        seen: set[str] = set()
        while at is not None and at not in seen:
            seen.add(at)
            series = shape(at)
            del self._fruitless[series]
            released += self._aside.pop(series, {})
            at = self._led_here.get(at)
        return tuple(released)

    def _is_new(self, found: PageContent) -> bool:
        texts = [space.name for space in found.spaces]
        texts += [item.id if self._declared else f"{item.title}\n{item.text}" for item in found.documents]
        plain = (text if self._declared else _NUMBER.sub("0", text) for text in texts)
        prints = {blake2b(text.encode(), digest_size=8).digest() for text in plain}
        is_new = not prints <= self._contents
        self._contents |= prints
        return is_new or bool(found.present)
