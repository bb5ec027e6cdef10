"""What one pass over one source carries: its own cookies and the credential of its account."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

from rseaudit.config.secrets import Secret
from rseaudit.crawl.sessions.jar import Jar


@dataclass(frozen=True, slots=True)
class Credential:
    """Headers that go with every request to one origin (scheme, host, port), and to no other."""

    origin: str
    headers: Mapping[str, Secret] = field(default_factory=dict)


class Wallet:
    """Cookies by origin, the credential, and a gate that holds requests back while the account gets in again.

    ``login`` counts how often the account got in: an answer to a request of an earlier one is not
    believed. After ``good_until`` (of the monotonic clock) the credential must be renewed first.
    """

    def __init__(self, proxy: str | None = None) -> None:
        self.proxy = proxy
        self.credential: Credential | None = None
        self.login = 0
        self.good_until = float("inf")
        self._jars: dict[str, Jar] = {}
        self._open = asyncio.Event()
        self._open.set()

    def jar(self, origin: str) -> Jar:
        """Return the cookies of an origin."""
        if origin not in self._jars:
            self._jars[origin] = Jar(origin)
        return self._jars[origin]

    def empty(self) -> None:
        """Throw the cookies away and the credential with them."""
        self._jars.clear()
        self.credential = None

    @property
    def is_shut(self) -> bool:
        """Whether requests wait."""
        return not self._open.is_set()

    def shut(self) -> None:
        self._open.clear()

    def open(self) -> None:
        self._open.set()

    async def opened(self) -> None:
        """Wait until requests may be sent."""
        await self._open.wait()
