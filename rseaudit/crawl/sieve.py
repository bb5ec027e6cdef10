"""Of the links that pages bring, keep those that are new, allowed and within the source's limits."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from rseaudit.config.settings import Politeness


class Sieve:
    """Remembers every address of one pass; what stands in the store already takes up no new place."""

    def __init__(self, limits: Politeness, refusal: Callable[[str], str | None]) -> None:
        self._limits = limits
        self._refusal = refusal
        self._seen: set[str] = set()
        self._known = 0

    def remember(self, urls: Iterable[str]) -> None:
        """Take addresses as known that the frontier holds."""
        new = set(urls) - self._seen
        self._seen |= new
        self._known += len(new)

    def forget(self, urls: Iterable[str]) -> None:
        """Take back addresses that ``sift`` let pass and that could not be written down."""
        gone = self._seen & set(urls)
        self._seen -= gone
        self._known -= len(gone)

    def sift(self, links: Iterable[str], *, depth: int) -> tuple[list[str], list[tuple[str, str]]]:
        """Return the links to follow, and (url, reason) of the others; links elsewhere are left out.

        ``depth`` is that of the page. What is too deep here may be less deep from another page, so it
        is judged again there.
        """
        followed: list[str] = []
        refused: list[tuple[str, str]] = []
        for url in links:
            if url in self._seen:
                continue
            reason = self._refusal(url)
            if reason is None and depth >= self._limits.max_depth:
                refused.append((url, "max_depth"))
                continue
            self._seen.add(url)
            if reason is None and self._known >= self._limits.max_pages:
                reason = "max_pages"
            if reason is None:
                self._known += 1
                followed.append(url)
            elif reason != "origin":
                refused.append((url, reason))
        return followed, refused
