"""Say what a crawl would do, and what a profile yields, from what is already in the store."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection

from rseaudit.config.settings import Settings, SourceSettings
from rseaudit.crawl.links import url_key
from rseaudit.crawl.page import Page
from rseaudit.crawl.profile_reader import FieldReport, explain
from rseaudit.crawl.reextract import offline_spider
from rseaudit.errors import UsageError
from rseaudit.store import frontier
from rseaudit.store.database import Store

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
_PAGES = 5
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


def plan(connection: Connection, settings: Settings, source: SourceSettings) -> Plan:
    """Return what is known of the next crawl: starts, known addresses, links refused before."""
    spider = offline_spider(settings, source, now=_NEVER)
    known = {row[2] for row in frontier.final_states(connection) if row[0] == source.name}
    starts = {url_key(url) for url in spider.starts()}
    allowed = sorted(url for url in known | starts if spider.refusal(url) is None)
    # A link that was too deep from one page may have been followed from another.
    refused = {url: why for url, why in frontier.refusals(connection, source.name) if url not in known}
    refused |= {url: reason for url in known if (reason := spider.refusal(url)) is not None}
    return Plan(
        source=source.name,
        fetched=tuple(allowed),
        refused=tuple(sorted(refused.items())),
        concurrency=source.politeness.concurrency,
        delay_s=source.politeness.delay_s,
        autothrottle=source.politeness.autothrottle,
        robots=f"overridden: {source.robots_override}" if source.robots_override else "obeyed",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedPage:
    """What each selector of a profile yields on one page."""

    url: str
    fields: tuple[FieldReport, ...]

    def to_json(self) -> dict[str, object]:
        fields = [{"name": f.name, "selector": f.selector, "value": f.value} for f in self.fields]
        return {"url": self.url, "fields": fields}

    def to_text(self) -> str:
        """Return the page for a person, and how many fields stay empty."""
        lines = [self.url]
        name = max((len(field.name) for field in self.fields), default=0)
        selector = max((len(field.selector or "(generic)") for field in self.fields), default=0)
        for field in self.fields:
            value = "(empty)" if field.value is None else " ".join(field.value.split())[:90]
            lines.append(f"  {field.name:<{name}}  {field.selector or '(generic)':<{selector}}  {value}")
        empty = sum(field.value is None for field in self.fields)
        return "\n".join([*lines, f"  {empty} of {len(self.fields)} fields are empty"])


def check_profile(store: Store, settings: Settings, source: SourceSettings) -> tuple[CheckedPage, ...]:
    """Try the profile of a source on five kept pages that are documents, spread over what was crawled."""
    profile = settings.profile.get(source.profile) if source.profile else None
    spider = offline_spider(settings, source, now=_NEVER)
    checked: list[CheckedPage] = []
    with store.read() as connection:
        wanted = frontier.body_urls(connection, source.name)
        step = max(1, len(wanted) // (_PAGES * 4))
        for key in (*wanted[::step], *wanted):
            if len(checked) >= _PAGES:
                break
            body = frontier.body(connection, source.name, *key)
            if body is None or body.url in [page.url for page in checked]:
                continue
            page = Page(body.url, body.body, body.content_type)
            if spider.read(page).documents:
                checked.append(CheckedPage(url=body.url, fields=tuple(explain(page, source, profile))))
    if not checked:
        raise UsageError(
            f"no page of {source.name} is kept that its profile takes for a document",
            remedy=f"run `rseaudit crawl {source.name}` first, and check `match` in the profile",
        )
    return tuple(checked)
