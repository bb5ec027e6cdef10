"""Try a profile on what is already in the store, for whoever writes it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar

from sqlalchemy import Connection

from rseaudit.config.settings import Profile, Settings, SourceSettings
from rseaudit.crawl.json_check import explain_json, positions
from rseaudit.crawl.page import NotReadable, Page
from rseaudit.crawl.profile_check import FieldReport, explain
from rseaudit.crawl.reextract import offline_spider
from rseaudit.crawl.spider import SourceSpider
from rseaudit.errors import UsageError
from rseaudit.store import frontier
from rseaudit.store.database import Store

_T = TypeVar("_T")

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
_PAGES = 5
_LOOKED_AT = 100
_WIDTH = 90


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedPage:
    """What each selector of a profile yields on one page, or in one element of an answer in JSON."""

    url: str
    fields: tuple[FieldReport, ...]

    def to_json(self) -> dict[str, object]:
        fields = [{"name": f.name, "selector": f.selector, "value": f.value, "problem": f.problem} for f in self.fields]
        return {"url": self.url, "fields": fields}

    def to_text(self) -> str:
        """Return the page for a person, and how many fields stay empty."""
        lines = [self.url]
        name = max((len(field.name) for field in self.fields), default=0)
        selector = max((len(field.selector or "(generic)") for field in self.fields), default=0)
        for field in self.fields:
            lines.append(f"  {field.name:<{name}}  {field.selector or '(generic)':<{selector}}  {_shown(field)}")
            if field.detail:
                lines.append(f"  {'':<{name}}  {field.detail}")
        empty = sum(field.value is None for field in self.fields)
        return "\n".join([*lines, f"  {empty} of {len(self.fields)} fields are empty"])


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedProfile:
    """Five pages in detail; ``documents`` of the pages ``looked_at`` hold one, ``others`` are some that do not."""

    pages: tuple[CheckedPage, ...]
    looked_at: int
    documents: int
    others: tuple[str, ...]

    def to_json(self) -> dict[str, object]:
        return {
            "schema": 1,
            "pages": [page.to_json() for page in self.pages],
            "looked_at": self.looked_at,
            "documents": self.documents,
            "others": list(self.others),
        }

    def to_text(self) -> str:
        lines = [page.to_text() for page in self.pages]
        lines.append(f"{self.documents} of {self.looked_at} pages that were looked at hold documents")
        if self.others:
            lines.append("the others are only read for their links; where that is of no use, narrow `allow`:")
        return "\n".join([*lines, *(f"  {url}" for url in self.others)])


def check_profile(store: Store, settings: Settings, source: SourceSettings) -> CheckedProfile:
    """Try the profile of a source on kept pages that are documents, spread over what was crawled."""
    profile = settings.profile.get(source.profile) if source.profile else None
    spider = offline_spider(settings, source, now=_NEVER)
    found: list[Page] = []
    others: list[str] = []
    with store.read() as connection:
        for page in _kept(connection, source.name):
            if found and len(found) + len(others) >= _LOOKED_AT:
                break
            if _is_document(spider, page):
                found.append(page)
            else:
                others.append(page.url)
    if not found:
        raise UsageError(
            f"no page of {source.name} is kept that its profile takes for a document",
            expected="; ".join(["pages such as", *_spread(others, _PAGES)]) if others else None,
            remedy="compare these addresses with `match`, and `text` with what such a page holds"
            if others
            else f"run `rseaudit crawl {source.name}` first",
        )
    checked: list[CheckedPage] = []
    for page in _spread(found, _PAGES):
        checked += _checked(page, source, profile, _PAGES - len(checked) if len(found) < _PAGES else 1)
    return CheckedProfile(
        pages=tuple(checked[:_PAGES]),
        looked_at=len(found) + len(others),
        documents=len(found),
        others=tuple(_spread(others, _PAGES)),
    )


def _is_document(spider: SourceSpider, page: Page) -> bool:
    try:
        return bool(spider.read(page).documents)
    except NotReadable:
        return False


def _checked(page: Page, source: SourceSettings, profile: Profile | None, wanted: int) -> list[CheckedPage]:
    """Try a profile on a page, or on so many elements of an answer in JSON, numbered from 1."""
    if profile is None or not profile.is_json:
        return [CheckedPage(url=page.url, fields=tuple(explain(page, source, profile)))]
    return [
        CheckedPage(url=f"{page.url} [{position + 1}]", fields=tuple(explain_json(page, source, profile, position)))
        for position in positions(page, source, profile, wanted)
    ]


def _kept(connection: Connection, source: str) -> Iterator[Page]:
    """Yield the kept pages, first some that are spread over all, each address once."""
    keys = frontier.body_urls(connection, source)
    seen: set[str] = set()
    for account, url in dict.fromkeys((*_spread(keys, _LOOKED_AT), *keys)):
        body = frontier.body(connection, source, account, url) if url not in seen else None
        if body is not None:
            seen.add(url)
            yield Page(body.url, body.body, body.content_type, about=body.about)


def _spread(items: Sequence[_T], count: int) -> list[_T]:
    """Return up to so many items, evenly spread, in their order."""
    if len(items) <= count:
        return list(items)
    return [items[number * len(items) // count] for number in range(count)]


def _shown(field: FieldReport) -> str:
    if field.empty:
        problem = field.problem if field.problem not in (None, "nothing-found") else None
        return f"(empty)  <- {problem}" if problem else "(empty)"
    first = " ".join(field.values[0].split())
    meaning = "" if field.meaning in (None, field.values[0]) else f" → {field.meaning}"
    cut = first if len(first) <= _WIDTH else f"{first[:_WIDTH]}…"
    return f"{cut}{meaning}" + (f"  <- {field.problem}" if field.problem else "")
