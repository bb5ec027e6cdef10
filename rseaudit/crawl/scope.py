"""What decides which addresses a spider may ask for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from rseaudit.crawl.addresses import url_key

_ONLY_NOT_FOLLOWED = ("denied", "not-allowed")


class Addresses(Protocol):
    """Says why an address is refused, in one stable word; ``None`` when it may be asked for."""

    def refusal(self, url: str) -> str | None: ...


class WithStarts:
    """What a filter allows, and the ``starts``: these need not be among what is followed.

    They must not act or lead elsewhere, no more than any other address.
    """

    def __init__(self, followed: Addresses, starts: Iterable[str]) -> None:
        self.starts = frozenset(url_key(url) for url in starts)
        self._followed = followed

    def refusal(self, url: str) -> str | None:
        """Return why ``url`` is refused, ``None`` when it is allowed."""
        reason = self._followed.refusal(url)
        return None if reason in _ONLY_NOT_FOLLOWED and url_key(url) in self.starts else reason
