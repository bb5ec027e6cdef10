"""The one place that starts Scrapy: sources in, a run with its counts out."""

from __future__ import annotations

import logging
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection

from rseaudit.config.secrets import read_password
from rseaudit.config.settings import Account, Settings, SourceSettings
from rseaudit.crawl.assignment import Assignment
from rseaudit.crawl.causes import ROBOTS
from rseaudit.crawl.compare import snapshot
from rseaudit.crawl.exclusions import Exclusions
from rseaudit.crawl.outcomes import is_collapse
from rseaudit.crawl.platforms import spider_class
from rseaudit.crawl.scrapy_settings import process_settings, source_settings
from rseaudit.crawl.session import Credentials, Session
from rseaudit.crawl.spider import SourceSpider
from rseaudit.crawl.tls import authorities
from rseaudit.crawl.writer import Writer
from rseaudit.errors import ConfigError
from rseaudit.model import Ref, Run, Source
from rseaudit.store import appearances, content, frontier, results, runs, sightings
from rseaudit.store.database import Store
from rseaudit.store.removal import document_spaces, remove_documents

_SOUND_PER_FAILED = 10
_NOTHING = "nothing could be read"


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceReport:
    """How the crawl of one source under one account ended.

    ``counts`` is by final state, ``refused`` counts links by reason; ``remarks`` tells of what was
    noted on pages that were read (``no-text``) how often, and where first.
    """

    source: str
    account: str
    counts: dict[str, int]
    problem: str | None = None
    failures: tuple[tuple[str, str], ...] = ()
    refused: dict[str, int] = field(default_factory=dict)
    remarks: dict[str, tuple[int, str]] = field(default_factory=dict)
    vanished: tuple[Ref, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """What the store held when a run ended, by source and id; ``crawl --diff`` compares two."""

    id: str
    documents: dict[str, dict[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlReport:
    """A finished run, what became of each source, and how many documents the store holds of each now."""

    run: Run
    sources: tuple[SourceReport, ...]
    documents: dict[str, int] = field(default_factory=dict)
    resumed: bool = False
    interrupted: bool = False


def crawl(
    store: Store,
    settings: Settings,
    sources: Sequence[SourceSettings],
    *,
    now: datetime,
    on_progress: Callable[[dict[str, int]], None] | None = None,
) -> CrawlReport:
    """Crawl the sources, or take up the crawl of them that was left unfinished.

    The caller holds the job's lock. Can be called once a process: the reactor cannot start again.
    """
    passes = [(source, account) for source in sources for account in source.accounts or (None,)]
    run, resumed = _open_run(store, passes, now)
    ended = _fetch(store, settings, passes, run, on_progress)
    return _close_run(store, run, passes, ended, resumed=resumed)


def _name(account: Account | None) -> str:
    return account.name if account else ""


def _open_run(store: Store, passes: Sequence[tuple[SourceSettings, Account | None]], now: datetime) -> tuple[Run, bool]:
    scope = {"sources": [[source.name, _name(account)] for source, account in passes]}
    with store.write() as connection:
        run = runs.resume(connection, "crawl", scope)
        resumed = run is not None
        if run is None:
            run = runs.start(connection, "crawl", now, scope)
            for source, account in passes:
                listings = spider_class(source.platform).listings
                frontier.renew(connection, source.name, _name(account), listings=listings)
        rows = {source.name: source for source, _ in passes}
        for source in rows.values():
            _leave_alone(connection, source)
        content.save_sources(
            connection,
            [Source(name=s.name, role=s.role, platform=s.platform, url=s.url) for s in rows.values()],
        )
    return run, resumed


def _leave_alone(connection: Connection, source: SourceSettings) -> None:
    """Delete what an earlier crawl stored of spaces that are excluded by now."""
    exclusions = Exclusions(source.exclude_spaces)
    found = document_spaces(connection, source.name)
    remove_documents(connection, [ref for ref, spaces in found if exclusions.cover(spaces)])


def assignment(
    settings: Settings, source: SourceSettings, account: Account | None, *, now: datetime, writer: Writer
) -> Assignment:
    """Put together what a spider needs for one pass; secrets are read here and nowhere else.

    Raises ``UsageError`` for what the configuration points to and cannot be used.
    """
    profile = settings.profile.get(source.profile) if source.profile else None
    spider_class(source.platform)
    if source.ca_file is not None:
        authorities(settings.base / source.ca_file)
    session = None
    if account is not None:
        if account.login is None:
            what = f"source {source.name}: account {account.name}: tokens and cookie files are not built yet"
            raise ConfigError([what], remedy="use login = { user, password_file }")
        if profile is None or profile.login is None:
            raise ConfigError([f"source {source.name}: account {account.name}: its profile has no [login] table"])
        secret = read_password(settings, account.login)
        session = Session(source.url, account, profile.login, Credentials(account.login.user, secret))
    return Assignment(source=source, profile=profile, account=_name(account), now=now, writer=writer, session=session)


def _fetch(
    store: Store,
    settings: Settings,
    passes: Sequence[tuple[SourceSettings, Account | None]],
    run: Run,
    on_progress: Callable[[dict[str, int]], None] | None,
) -> dict[tuple[str, str], tuple[str | None, str]]:
    """Run the reactor until all spiders have ended; return (problem, finish reason) by pass."""
    from scrapy.crawler import AsyncCrawlerProcess

    # Whatever goes wrong is an address's cause or a source's problem; Scrapy need not tell it a second time.
    for name in ("scrapy", "twisted"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    process = AsyncCrawlerProcess(process_settings(settings))
    crawlers = {}
    with Writer(store) as writer:
        work = [assignment(settings, *item, now=run.now, writer=writer) for item in passes]
        for item in work:
            crawler = process.create_crawler(_with_settings(item.source, settings))
            crawlers[item.source.name, item.account] = crawler
            process.crawl(crawler, assignment=item)
        stop = threading.Event()
        if on_progress is not None:
            threading.Thread(target=_report_progress, args=(crawlers, on_progress, stop), daemon=True).start()
        try:
            process.start()
        finally:
            stop.set()
    return {key: _ending(crawler.spider, crawler.stats) for key, crawler in crawlers.items()}


def _with_settings(source: SourceSettings, settings: Settings) -> type[SourceSpider]:
    base = spider_class(source.platform)
    return type(base.__name__, (base,), {"custom_settings": source_settings(source, settings), "name": source.name})


def _ending(spider: object, stats: object) -> tuple[str | None, str]:
    reason = stats.get_value("finish_reason", "") if stats is not None else ""  # type: ignore[attr-defined]
    return getattr(spider, "ended", "the spider did not start"), str(reason)


def _report_progress(
    crawlers: dict[tuple[str, str], object], tell: Callable[[dict[str, int]], None], stop: threading.Event
) -> None:
    while not stop.wait(0.5):
        tell(
            {
                key[0]: crawler.stats.get_value("response_received_count", 0)  # type: ignore[attr-defined]
                for key, crawler in crawlers.items()
                if getattr(crawler, "stats", None) is not None
            }
        )


def _close_run(
    store: Store,
    run: Run,
    passes: Sequence[tuple[SourceSettings, Account | None]],
    ended: dict[tuple[str, str], tuple[str | None, str]],
    *,
    resumed: bool,
) -> CrawlReport:
    interrupted = any(reason == "shutdown" for _, reason in ended.values())
    with store.write() as connection:
        reports = []
        for source, account in passes:
            key = (source.name, _name(account))
            problem = ended[key][0]
            if not interrupted:
                frontier.break_loops(connection, *key)
            counts = frontier.counts(connection, *key)
            if problem is None and not interrupted and spider_class(source.platform).listings:
                appearances.close_listing(connection, *key)
            sightings.merge_sightings(connection, source.name)
            if problem is None and not interrupted:
                problem = _health(counts)
                if problem == _NOTHING and _robots_refused(connection, source.name):
                    problem = "nothing could be read: robots.txt refuses it"
            vanished: tuple[Ref, ...] = ()
            if problem is None and not interrupted and _is_sound(counts):
                problem, vanished = _mark_vanished(connection, source.name)
            reports.append(
                SourceReport(
                    source=key[0],
                    account=key[1],
                    counts=counts,
                    problem=problem,
                    failures=frontier.examples(connection, source.name, ("failed",), 20),
                    refused=Counter(reason for _, reason in frontier.refusals(connection, source.name)),
                    remarks=_tally(frontier.remarks(connection, *key)),
                    vanished=vanished,
                )
            )
        run = _finish(connection, run, reports, interrupted=interrupted)
        found = Snapshot(id=run.id, documents=snapshot(content.documents(connection)))
        results.save(connection, f"crawl/{run.id}", run.id, {"snapshot": (Snapshot, [found])})
    held = {name: len(items) for name, items in found.documents.items()}
    return CrawlReport(run=run, sources=tuple(reports), documents=held, resumed=resumed, interrupted=interrupted)


def _health(counts: dict[str, int]) -> str | None:
    """Say what is wrong with a source of which nothing could be read, or that was left with work to do."""
    left = counts.get("pending", 0) + counts.get("leased", 0)
    if left:
        return f"{left} addresses were left to read"
    if not counts.get("done"):
        return _NOTHING
    return None


def _tally(remarks: Sequence[tuple[str, str]]) -> dict[str, tuple[int, str]]:
    found: dict[str, tuple[int, str]] = {}
    for url, text in remarks:
        for remark in text.split("; "):
            name = remark.partition(":")[0]
            count, first = found.get(name, (0, url))
            found[name] = (count + 1, first)
    return found


def _robots_refused(connection: Connection, source: str) -> bool:
    return any(cause == ROBOTS for _, cause in frontier.examples(connection, source, ("denied",), 20))


def _is_sound(counts: dict[str, int]) -> bool:
    """Tell whether so little failed that a missing page means what it says."""
    return counts.get("failed", 0) * _SOUND_PER_FAILED <= sum(counts.values())


def _mark_vanished(connection: Connection, source: str) -> tuple[str | None, tuple[Ref, ...]]:
    known = {document.ref for document in content.documents(connection) if document.source == source}
    new = [ref for ref in appearances.vanished(connection, source) if ref in known]
    if is_collapse(len(new), len(known)):
        return f"collapsed: {len(new)} of {len(known)} documents have vanished at once; nothing was marked", ()
    content.mark_gone(connection, new)
    return None, tuple(new)


def _finish(connection: Connection, run: Run, reports: Sequence[SourceReport], *, interrupted: bool) -> Run:
    total = {state: sum(report.counts.get(state, 0) for report in reports) for state in (*frontier.FINAL, "pending")}
    left = total["pending"] + sum(report.counts.get("leased", 0) for report in reports)
    done = total["done"] + total["redirected"]
    skipped = total["absent"] + total["denied"] + total["skipped"] + left
    problems = [f"{report.source}: {report.problem}" for report in reports if report.problem]
    state = "interrupted" if interrupted or left else "incomplete" if problems or total["failed"] else "complete"
    return runs.finish(
        connection,
        run,
        state,  # type: ignore[arg-type]  # one of the states above
        asked=done + total["failed"] + skipped,
        done=done,
        failed=total["failed"],
        skipped=skipped,
        notes=problems,
    )
