"""Say what a crawl would do, from what is already in the store."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection

from rseaudit.config.settings import Settings, SourceSettings
from rseaudit.crawl.links import url_key
from rseaudit.crawl.reextract import offline_spider
from rseaudit.store import frontier, refusals

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
_SHOWN = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What the next crawl of one source would ask for first, and what it would not ask for."""

    source: str
    fetched: tuple[str, ...]
    refused: tuple[tuple[str, str], ...]
    concurrency: int
    delay_s: float
    autothrottle: bool
    robots: str

    def to_json(self) -> dict[str, object]:
        return {
            "source": self.source,
            "would_fetch": list(self.fetched),
            "would_refuse": [{"url": url, "reason": reason} for url, reason in self.refused],
            "robots": self.robots,
            "concurrency": self.concurrency,
            "delay_s": self.delay_s,
            "autothrottle": self.autothrottle,
        }

    def lines(self) -> list[str]:
        """Return the plan for a person, at most twenty addresses of each kind."""
        pace = f"{self.delay_s:g} s apart" + (" or as the site's answers slow down" if self.autothrottle else "")
        lines = [
            f"{self.source}: {len(self.fetched)} known addresses would be fetched, "
            f"{self.concurrency} at a time, {pace}; robots.txt {self.robots}"
        ]
        lines += [f"  fetch   {url}" for url in self.fetched[:_SHOWN]]
        lines += [f"  refuse  {url} ({reason})" for url, reason in self.refused[:_SHOWN]]
        hidden = max(0, len(self.fetched) - _SHOWN) + max(0, len(self.refused) - _SHOWN)
        return [*lines, f"  … and {hidden} more; --json lists all"] if hidden else lines


def plan(connection: Connection | None, settings: Settings, source: SourceSettings) -> Plan:
    """Return what is known of the next crawl: starts, known addresses, links refused before.

    Without a ``connection``, before the first crawl, these are the starts.
    """
    spider = offline_spider(settings, source, now=_NEVER)
    states = frontier.final_states(connection) if connection is not None else ()
    known = {row[2] for row in states if row[0] == source.name}
    starts = {url_key(url) for url in spider.starts()}
    allowed = sorted(url for url in known | starts if spider.refusal(url) is None)
    # A link that was too deep from one page may have been followed from another.
    before = refusals.listed(connection, source.name) if connection is not None else ()
    refused = {url: why for url, why in before if url not in known}
    refused |= {url: reason for url in known | starts if (reason := spider.refusal(url)) is not None}
    return Plan(
        source=source.name,
        fetched=tuple(allowed),
        refused=tuple(sorted(refused.items())),
        concurrency=source.politeness.concurrency,
        delay_s=source.politeness.delay_s,
        autothrottle=source.politeness.autothrottle,
        robots=f"overridden: {source.robots_override}" if source.robots_override else "obeyed",
    )
