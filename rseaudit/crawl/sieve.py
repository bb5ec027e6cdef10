"""Of the links that pages bring, keep those that are new, allowed and within the source's limits."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from rseaudit.config.settings import Politeness
from rseaudit.crawl.page_content import PageContent
from rseaudit.crawl.series import REASON, Series
from rseaudit.store.frontier import Outcome


@dataclass(frozen=True, slots=True)
class Sifted:
    """What becomes of the links of one page: followed, or (url, reason) refused.

    ``released`` are those of ``followed`` that had been put aside before.
    """

    followed: list[str]
    refused: list[tuple[str, str]]
    released: list[str]


class Sieve:
    """Remembers every address of one pass; what stands in the store already takes up no new place.

    ``series`` tells pages that lead on for ever; without it (answers that list documents) none is put aside,
    and none is too deep: a listing leads on from page to page.
    """

    def __init__(self, limits: Politeness, refusal: Callable[[str], str | None], series: Series | None = None) -> None:
        self._limits = limits
        self._refusal = refusal
        self._series = series
        self._stored: set[str] = set()
        self._seen: set[str] = set()
        self._known = 0

    def remember(self, urls: Iterable[str], aside: Iterable[str] = ()) -> None:
        """Take addresses as known that the frontier holds, and ``aside`` as put aside."""
        new = set(urls) - self._seen
        self._seen |= new
        self._known += len(new)
        if self._series is not None:
            self._stored |= new
            waiting = set(aside) - self._seen
            self._seen |= waiting
            self._series.remember(sorted(waiting))

    def learn(self, url: str, found: PageContent | None) -> list[str]:
        """Note what a page brought, ``None`` when it is unchanged; return addresses to follow that were put aside."""
        if self._series is None:
            return []
        released = self._series.learn(url, found)[: max(0, self._limits.max_pages - self._known)]
        self._known += len(released)
        return list(released)

    def forget(self, urls: Iterable[str]) -> None:
        """Take back addresses that ``sift`` let pass and that could not be written down."""
        gone = self._seen & set(urls)
        self._seen -= gone
        self._known -= len(gone)

    def take_in(self, outcome: Outcome, links: Iterable[str], found: PageContent | None) -> Sifted:
        """Sift the links of an answer, and learn from what it brought."""
        url = outcome.lease.url
        followed, refused = self.sift(links, page=url, depth=outcome.lease.depth)
        released: list[str] = []
        if outcome.state == "done" and (found is not None or outcome.status == 304):
            released = self.learn(url, found)
        return Sifted([*followed, *released], refused, released)

    def sift(self, links: Iterable[str], *, page: str, depth: int) -> tuple[list[str], list[tuple[str, str]]]:
        """Return the links to follow, and (url, reason) of the others; links elsewhere are left out.

        ``depth`` is that of ``page``. What is too deep here may be less deep from another page, so it
        is judged again there.
        """
        followed: list[str] = []
        refused: list[tuple[str, str]] = []
        for url in links:
            if url in self._seen:
                if url in self._stored:
                    self._stored.discard(url)
                    self._follow(page, url)
                continue
            reason = self._refusal(url)
            if reason is None and self._series is not None and depth >= self._limits.max_depth:
                refused.append((url, "max_depth"))
                continue
            self._seen.add(url)
            if reason is None and self._known >= self._limits.max_pages:
                reason = "max_pages"
            if reason is None and self._series is not None and self._series.puts_aside(url):
                reason = REASON
            if reason is None:
                self._known += 1
                followed.append(url)
                self._follow(page, url)
            elif reason != "origin":
                refused.append((url, reason))
        return followed, refused

    def _follow(self, page: str, url: str) -> None:
        if self._series is not None:
            self._series.follow(page, url)
