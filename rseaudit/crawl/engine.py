"""The one place that starts Scrapy: sources in, a run with its counts out."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from datetime import datetime

from sqlalchemy import Connection

from rseaudit.config.settings import Account, Politeness, Settings, SourceSettings
from rseaudit.crawl.assignment import Assignment
from rseaudit.crawl.closing import close_run
from rseaudit.crawl.crawl_report import CrawlReport, JoinReport
from rseaudit.crawl.exclusions import Exclusions
from rseaudit.crawl.pace import Paces
from rseaudit.crawl.platforms import gives_listings, spider_class
from rseaudit.crawl.scrapy_settings import process_settings, source_settings
from rseaudit.crawl.sessions.opening import open_session
from rseaudit.crawl.spider import SourceSpider
from rseaudit.crawl.tenancy import Key, Tenancy, Work
from rseaudit.crawl.tls import authorities
from rseaudit.crawl.workers import Crew, open_run, reason_to_stop, worker_name
from rseaudit.crawl.writer import Writer
from rseaudit.errors import UsageError
from rseaudit.model import Run, Source
from rseaudit.store import content, frontier, hosts, passes, runs
from rseaudit.store.database import Store
from rseaudit.store.removal import document_spaces, remove_documents

_TURN_S = 0.5

Pass = tuple[SourceSettings, Account | None]


def crawl(
    store: Store,
    settings: Settings,
    sources: Sequence[SourceSettings],
    *,
    now: datetime,
    crew: Crew | None = None,
    on_progress: Callable[[dict[str, int]], None] | None = None,
) -> CrawlReport:
    """Crawl the sources, or take up the crawl of them that was left unfinished.

    The caller holds the job's lock. On a server other workers may ``join``; a ``crew`` of them is started
    here. The run is closed when nobody reads any more. Can be called once a process: the reactor cannot
    start again.
    """
    read = [(source, account) for source in sources for account in source.accounts or (None,)]
    listings = frozenset(source.name for source, _ in read if gives_listings(settings, source))
    run, resumed = _open_run(store, read, now, listings)
    worker = worker_name()
    with crew or nullcontext():
        endings = _fetch(store, settings, read, run, worker, on_progress)
        interrupted = _is_interrupted(endings)
        if not interrupted:
            _wait_for_others(store, worker)
            if crew is not None:
                crew.wait()
    problems = {key: problem for key, (problem, _) in endings.items()}
    named = [(source, _name(account)) for source, account in read]
    return close_run(store, run, named, problems, listings=listings, resumed=resumed, interrupted=interrupted)


def join(
    store: Store,
    settings: Settings,
    *,
    on_progress: Callable[[dict[str, int]], None] | None = None,
) -> JoinReport:
    """Read along in the crawl that is open on the store, until nothing is left or its first process is gone.

    Raises ``UsageError`` when no crawl is open, or when it reads a source that is not configured here.
    """
    run, scope = open_run(store)
    read = [_configured(settings, *key) for key in scope]
    worker = worker_name()
    endings = _fetch(store, settings, read, run, worker, on_progress, is_over=lambda c: reason_to_stop(c, run))
    problems = {f"{source} as {account}" if account else source: why for (source, account), (why, _) in endings.items()}
    return JoinReport(
        run=run,
        worker=worker,
        problems={name: why for name, why in problems.items() if why},
        interrupted=_is_interrupted(endings),
    )


def _configured(settings: Settings, name: str, account: str) -> Pass:
    source = next((item for item in settings.source if item.name == name), None)
    found = next((item for item in source.accounts if item.name == account), None) if source is not None else None
    if source is None or (account and found is None):
        what = f"the open crawl reads source {name!r}" + (f" as {account!r}" if account else "")
        raise UsageError(
            f"{what}, which is not configured here", remedy="give every worker the same configuration and secrets"
        )
    return source, found


def _is_interrupted(endings: Mapping[Key, tuple[str | None, str]]) -> bool:
    return any(reason == "shutdown" for _, reason in endings.values())


def _wait_for_others(store: Store, worker: str) -> None:
    while True:
        with store.read() as connection:
            others = set(hosts.standing(connection).holders.values()) - {worker}
        if not others:
            return
        time.sleep(_TURN_S)


def _name(account: Account | None) -> str:
    return account.name if account else ""


def _open_run(store: Store, read: Sequence[Pass], now: datetime, listings: frozenset[str]) -> tuple[Run, bool]:
    scope = {"sources": [[source.name, _name(account)] for source, account in read]}
    with store.write() as connection:
        run = runs.resume(connection, "crawl", scope)
        resumed = run is not None
        if run is None:
            run = runs.start(connection, "crawl", now, scope)
            for source, account in read:
                frontier.renew(connection, source.name, _name(account), listings=source.name in listings)
        passes.begin(connection)
        rows = {source.name: source for source, _ in read}
        for source in rows.values():
            _leave_alone(connection, source)
        content.save_sources(
            connection,
            [Source(name=s.name, role=s.role, platform=s.platform, url=s.url) for s in rows.values()],
        )
    return run, resumed


def _leave_alone(connection: Connection, source: SourceSettings) -> None:
    """Delete what an earlier crawl stored of spaces that are excluded by now."""
    exclusions = Exclusions(source.exclude_spaces, source.include_spaces)
    found = document_spaces(connection, source.name)
    remove_documents(connection, [ref for ref, spaces in found if exclusions.cover(spaces)])


def assignment(
    settings: Settings, source: SourceSettings, account: Account | None, *, now: datetime, tenancy: Tenancy
) -> Assignment:
    """Put together what a spider needs for one pass; secrets are read here and nowhere else.

    Raises ``UsageError`` for what the configuration points to and cannot be used.
    """
    profile = settings.profile.get(source.profile) if source.profile else None
    spider = spider_class(source.platform)
    if source.ca_file is not None:
        authorities(settings.base / source.ca_file)
    session = None
    if account is not None:
        session = open_session(settings, source, account, spider)
    return Assignment(
        source=source,
        profile=profile,
        account=_name(account),
        now=now,
        tenancy=tenancy,
        session=session,
        stall_s=settings.crawl.stall_s,
    )


def _fetch(
    store: Store,
    settings: Settings,
    read: Sequence[Pass],
    run: Run,
    worker: str,
    on_progress: Callable[[dict[str, int]], None] | None,
    is_over: Callable[[Connection], str | None] = lambda _: None,
) -> dict[Key, tuple[str | None, str]]:
    """Run the reactor until all spiders have ended; return (problem, finish reason) by (source, account)."""
    from scrapy.crawler import AsyncCrawlerProcess

    # Whatever goes wrong is an address's cause or a source's problem; Scrapy need not tell it a second time.
    for name in ("scrapy", "twisted"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    process = AsyncCrawlerProcess(process_settings(settings))
    crawlers = {}
    with Writer(store) as writer, _tenancy(store, settings, read, worker, writer, is_over) as tenancy:
        assignments = [assignment(settings, *item, now=run.now, tenancy=tenancy) for item in read]
        for item in assignments:
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


@contextmanager
def _tenancy(
    store: Store,
    settings: Settings,
    read: Sequence[Pass],
    worker: str,
    writer: Writer,
    is_over: Callable[[Connection], str | None],
) -> Iterator[Tenancy]:
    """Enter as a worker, and leave the hosts to others at the end, whatever it was."""
    work = Work.on((source, _name(account)) for source, account in read)
    limits: dict[str, list[Politeness]] = {}
    for source in {source.name: source for source, _ in read}.values():
        for host in work.hosts[source.name]:
            limits.setdefault(host, []).append(source.politeness)
    shared = store.path is None
    if shared:
        with store.write() as connection:
            hosts.add(connection, limits)
    try:
        yield Tenancy(
            worker=worker,
            writer=writer,
            work=work,
            paces=Paces(limits, Politeness()),
            shared=shared,
            lease_s=settings.crawl.lease_s,
            is_over=is_over,
        )
    finally:
        if shared:
            with store.write() as connection:
                hosts.leave(connection, worker)


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
