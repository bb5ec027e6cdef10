"""What a site's robots.txt asks for: RFC 9309, with the line that says so."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from scrapy.exceptions import IgnoreRequest

if TYPE_CHECKING:
    from protego import Protego

# The product token of our user agent: groups are addressed to it, whatever else the header says.
PRODUCT = "rseaudit"
# RFC 9309, 2.5: what must at least be read.
MOST_BYTES = 500 * 1024
# A longer delay between two requests would make a crawl of months; we then do not crawl.
LONGEST_DELAY_S = 120.0


class RobotsRefused(IgnoreRequest):
    """The site asks not to read this address; the message names the line of robots.txt."""


class RobotsUnread(Exception):
    """What the site asks for cannot be known, so that nothing may be asked of it; the message says why."""


@dataclass(frozen=True)
class Robots:
    """The rules of one site, from the body of its robots.txt; an empty one allows everything."""

    body: bytes = b""

    def refusal(self, url: str) -> str | None:
        """Return why an address may not be read, ``None`` when it may."""
        if self.crawl_delay_s > LONGEST_DELAY_S:
            return f"robots.txt asks for {self.crawl_delay_s:g} s between two requests"
        if not self.body or self._parsed.can_fetch(url, PRODUCT):
            return None
        return self._line(url)

    @cached_property
    def crawl_delay_s(self) -> float:
        """The seconds that must lie between two requests; 0 when nothing is said."""
        return (self._parsed.crawl_delay(PRODUCT) or 0.0) if self.body else 0.0

    @cached_property
    def _text(self) -> str:
        body = self.body
        if len(body) > MOST_BYTES:
            body = body[:MOST_BYTES].rpartition(b"\n")[0]  # half a rule would say more than the whole
        return body.decode("utf-8-sig", "replace")

    @cached_property
    def _parsed(self) -> Protego:
        from protego import Protego

        return Protego.parse(self._text)

    def _line(self, url: str) -> str:
        """Name the rule that refuses: of those that would alone, the longest."""
        from protego import Protego

        best: tuple[int, str] | None = None
        agents: list[str] = []
        in_rules = True
        for number, line in enumerate(self._text.splitlines(), start=1):
            field, colon, value = line.partition("#")[0].partition(":")
            field, value = field.strip().casefold(), value.strip()
            if field == "user-agent" and colon:
                agents = [] if in_rules else agents
                agents.append(value)
                in_rules = False
            elif colon:
                in_rules = True
            if field != "disallow" or not value or (agent := _addressed(agents)) is None:
                continue
            # A group of our own stands above the one for everybody.
            weight = len(value) + (1_000_000 if agent != "*" else 0)
            alone = Protego.parse(f"User-agent: *\nDisallow: {value}")
            if (best is None or weight > best[0]) and not alone.can_fetch(url, PRODUCT):
                best = weight, f"robots.txt, line {number}: Disallow: {value} (User-agent: {agent})"
        return best[1] if best else "robots.txt"


def _addressed(agents: list[str]) -> str | None:
    """Return under which of its names a group speaks to us."""
    ours = [agent for agent in agents if agent != "*" and agent.casefold() and agent.casefold() in PRODUCT]
    return max(ours, key=len) if ours else "*" if "*" in agents else None
