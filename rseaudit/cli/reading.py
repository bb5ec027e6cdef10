"""The commands that read sources: crawl, profile check."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from rseaudit.cli.app import app
from rseaudit.cli.command import command
from rseaudit.cli.session import Session, printable
from rseaudit.errors import Exit, UsageError

if TYPE_CHECKING:
    from rseaudit.config.settings import SourceSettings
    from rseaudit.crawl.crawl_report import CrawlReport
    from rseaudit.store.database import Store

profile = typer.Typer(help="Profiles of undeclared websites.", rich_markup_mode=None, no_args_is_help=True)
app.add_typer(profile, name="profile")


@command(app, "crawl")
def crawl(
    session: Session,
    source: Annotated[list[str] | None, typer.Argument(metavar="[SOURCE]…", help="Names of sources.")] = None,
    compare: Annotated[
        tuple[str, str] | None,
        typer.Option(
            "--compare", metavar="ACCOUNT ACCOUNT", help="List what one sees and the other does not; no crawl."
        ),
    ] = None,
    diff: Annotated[
        str | None, typer.Option("--diff", metavar="RUN", help="List what changed since that run; no crawl.")
    ] = None,
    workers: Annotated[
        int, typer.Option("--workers", metavar="N", min=1, help="Processes that read at the same time (PostgreSQL).")
    ] = 1,
    join: Annotated[
        bool, typer.Option("--join", help="Add a worker to the crawl that is open, from any machine (PostgreSQL).")
    ] = False,
    reextract: Annotated[
        bool, typer.Option("--reextract", help="Read the kept bodies again with today's profile; no network.")
    ] = False,
) -> None:
    """Crawl the sources (resumes, incremental), then judge the documents and write the editorial audit."""
    from rseaudit.store.locks import job_lock

    if join:
        _check_alone("--join", source, compare, diff, workers != 1, reextract, session.common.dry_run)
        session.require_sources()
        with session.store(create=False) as store:
            _require_server(store, "--join")
            _join(session, store)
        return
    if compare or diff:
        with session.store(create=False) as store:
            _compare(session, store, compare, diff)
        return
    session.require_sources()
    chosen = choose(session, source or [])
    if session.common.dry_run:
        if workers > 1:
            _check_alone("--workers", reextract, session.common.dry_run)
        _dry_run(session, chosen)
        return
    with session.store() as store:
        if workers > 1:
            _check_alone("--workers", reextract, session.common.dry_run)
            _require_server(store, "--workers above 1")
        with job_lock(store, "crawl"):
            if reextract:
                _reextract(session, store, chosen)
            elif not _crawl(session, store, chosen, workers):
                return
        from rseaudit.cli.judging import audit_and_report

        audit_and_report(session, store)


def choose(session: Session, names: list[str]) -> list[SourceSettings]:
    """Return the sources to crawl: the named ones, else all that are audited or references."""
    crawled = [item for item in session.settings.source if item.role != "watched"]
    known = {item.name: item for item in crawled}
    if unknown := [name for name in names if name not in known]:
        raise UsageError(
            f"no source to crawl is named {', '.join(unknown)}", expected=", ".join(known) or "a [[source]] table"
        )
    if not crawled:
        raise UsageError(
            "the configuration has no source to crawl", remedy="add a [[source]] table: docs/configuration.md"
        )
    return [known[name] for name in names] or crawled


def _check_alone(option: str, *others: object) -> None:
    if any(others):
        raise UsageError(f"{option} stands with none of SOURCE and the other options of crawl")


def _require_server(store: Store, option: str) -> None:
    if store.path is not None:
        raise UsageError(
            f"{option} needs a store that several processes can write",
            where=store.shown,
            expected="a PostgreSQL server; an SQLite file has one writer",
            remedy='set url = "postgresql://…" in [store], or crawl with one process: docs/scaling.md',
        )


def _join(session: Session, store: Store) -> None:
    from rseaudit.crawl.engine import join

    report = join(store, session.settings, on_progress=_progress(session))
    for name, problem in sorted(report.problems.items()):
        session.say(f"{report.worker}: {name}: {problem}")
        session.ends_with(Exit.INCOMPLETE)
    if report.interrupted:
        session.say(f"{report.worker}: interrupted; what it had not read is left to the others")
        session.ends_with(Exit.INTERRUPTED)
    elif not report.problems:
        session.say(f"{report.worker}: nothing is left to read in {report.run.id}")


def _crawl(session: Session, store: Store, chosen: list[SourceSettings], workers: int) -> bool:
    """Crawl, tell how it went, and return whether it came to its end."""
    from rseaudit.crawl.engine import crawl as run_crawl
    from rseaudit.crawl.workers import Crew

    for item in chosen:
        if item.robots_override:
            session.say(f"{item.name}: robots.txt is overridden: {item.robots_override}")
        for space, decided in sorted(item.include_spaces.items()):
            session.say(f"{item.name}: spaces named {space!r} are read although they usually are not: {decided}")
    if session.settings.user_agent_contact is None:
        session.say("the owners of these sites cannot see whom to write to: set `user_agent_contact`")
    crew = Crew(_join_command(session), workers - 1) if workers > 1 else None
    report = run_crawl(store, session.settings, chosen, now=session.now, crew=crew, on_progress=_progress(session))
    _tell(session, report)
    return not report.interrupted


def _join_command(session: Session) -> list[str]:
    """Return the command of a worker beside this one."""
    common = session.common
    given = {"--config": common.config, "--store": common.store}
    options = [word for option, value in given.items() if value is not None for word in (option, str(value))]
    # What goes wrong with a source it writes into the store, for the one report at the end.
    return [sys.executable, "-m", "rseaudit", "crawl", "--join", "--quiet", *options]


def _compare(session: Session, store: Store, accounts: tuple[str, str] | None, diff: str | None) -> None:
    from rseaudit.crawl.compare import compare_accounts, compare_crawls, snapshot
    from rseaudit.crawl.crawl_report import Snapshot
    from rseaudit.store import content, results

    with store.read() as connection:
        documents = content.documents(connection)
        before = results.load(connection, f"crawl/{diff}", "snapshot", Snapshot) if diff else ()
    if accounts is not None:
        labels = {"only_first": f"only {accounts[0]}", "only_second": f"only {accounts[1]}"}
        found = compare_accounts(documents, *accounts)
    elif before:
        labels = {"only_first": "vanished", "only_second": "new", "changed": "changed"}
        found = compare_crawls(before[0].documents, snapshot(documents))
    else:
        raise UsageError(f"--diff: no crawl is called {diff!r}", expected="the name of a run, such as crawl-1")
    if session.common.as_json:
        session.result({"schema": 1, **{key: [str(ref) for ref in getattr(found, key)] for key in labels}})
        return
    for key, label in labels.items():
        for ref in getattr(found, key):
            print(f"{label}: {printable(str(ref))}")  # noqa: T201 - the result


def _progress(session: Session):  # type: ignore[no-untyped-def]  # noqa: ANN202 - a callback or nothing
    if session.common.quiet or not sys.stderr.isatty():
        return None

    def tell(counts: dict[str, int]) -> None:
        text = " · ".join(f"{name} {count}" for name, count in sorted(counts.items()))
        print(f"\r\x1b[2Kanswers: {text}", end="", file=sys.stderr, flush=True)  # noqa: T201

    return tell


def _tell(session: Session, report: CrawlReport) -> None:
    if sys.stderr.isatty() and not session.common.quiet:
        print(file=sys.stderr)  # noqa: T201
    if report.resumed:
        session.say(f"run {report.run.id} was taken up where it had stopped")
    for item in report.sources:
        counts = ", ".join(f"{count} {state}" for state, count in sorted(item.counts.items()))
        name = f"{item.source} as {item.account}" if item.account else item.source
        held = f"; {report.documents.get(item.source, 0)} documents in the store"
        vanished = f"; {len(item.vanished)} vanished" if item.vanished else ""
        session.say(f"{name}: {counts or 'nothing known'}{held}{vanished}")
        for url, cause in item.failures:
            session.say(f"  failed: {url}: {cause}")
        if (more := item.counts.get("failed", 0) - len(item.failures)) > 0:
            session.say(f"  … and {more} more failed")
        for remark, (count, url) in sorted(item.remarks.items()):
            session.say(f"  remark on {count} pages: {remark} (first: {url})")
        if item.refused:
            reasons = ", ".join(f"{count} {reason}" for reason, count in sorted(item.refused.items()))
            session.say(f"  links not followed: {reasons} (see `rseaudit crawl --dry-run`)")
        if item.problem:
            session.say(f"  {item.problem}")
        if item.problem or item.failures:
            session.ends_with(Exit.INCOMPLETE)
    if report.interrupted:
        session.say("interrupted: the same command goes on from here")
        session.ends_with(Exit.INTERRUPTED)


def _dry_run(session: Session, chosen: list[SourceSettings]) -> None:
    from rseaudit.crawl.plan import plan
    from rseaudit.errors import NoStoreError

    try:
        with session.store(create=False) as store, store.read() as connection:
            planned = [plan(connection, session.settings, item) for item in chosen]
    except NoStoreError:
        planned = [plan(None, session.settings, item) for item in chosen]
    if session.common.as_json:
        session.result({"schema": 1, "sources": [item.to_json() for item in planned]})
        return
    for item in planned:
        for line in item.lines():
            print(line)  # noqa: T201 - the result of a dry run


def _reextract(session: Session, store: Store, chosen: list[SourceSettings]) -> None:
    from rseaudit.crawl.reextract import reextract

    for item in chosen:
        read, failed = reextract(store, session.settings, item, now=session.now)
        session.say(f"{item.name}: {read} kept pages read again" + (f", {len(failed)} failed" if failed else ""))
        for url, cause in failed[:20]:
            session.say(f"  failed: {url}: {cause}")
        if failed:
            session.ends_with(Exit.INCOMPLETE)


@command(profile, "check")
def profile_check(session: Session, source: Annotated[str, typer.Argument(metavar="SOURCE")]) -> None:
    """Show what each selector of a declared profile yields on five pages."""
    from rseaudit.crawl.checking import check_profile

    session.require_sources()
    [chosen] = choose(session, [source])
    with session.store(create=False) as store:
        checked = check_profile(store, session.settings, chosen)
    if session.common.as_json:
        session.result(checked.to_json())
        return
    print(checked.to_text())  # noqa: T201 - the result of a check
