"""The commands that judge what the store holds: audit, duplicates."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from rseaudit.cli.app import app
from rseaudit.cli.command import command
from rseaudit.cli.session import Session
from rseaudit.errors import UsageError

if TYPE_CHECKING:
    from rseaudit.duplicates.engines import Engine
    from rseaudit.store.database import Store


@command(app, "audit")
def audit(session: Session) -> None:
    """Judge the documents from the store: refresh the matches, find what to mend. No network."""
    with session.store(create=False) as store:
        audit_and_report(session, store)


def audit_and_report(session: Session, store: Store) -> None:
    """Refresh matches when the store has changed, audit, write the editorial audit, set the exit code."""
    from rseaudit import matching, pipeline
    from rseaudit.audit.job import to_json
    from rseaudit.cli.reports import write
    from rseaudit.store.locks import job_lock

    if session.common.dry_run:
        session.say("nothing is judged in a dry run")
        return
    with job_lock(store, "audit"):
        if not pipeline.matches_are_fresh(store, session.settings):
            with job_lock(store, "duplicates"):
                matching.run_duplicates(store, session.settings, now=session.now)
        found, run = pipeline.run_audit(store, session.settings, now=session.now)
    told = pipeline.narrow_audit(store, session.settings, found, space=session.common.space, since=session.since)
    chosen = pipeline.without_kept(store, told)
    session.fails_on([finding.severity for finding in chosen.findings])
    if session.common.as_json:
        session.result(to_json(chosen, run.id, session.translate))
    kinds = len({finding.rule for finding in chosen.findings})
    silenced = len(told.findings) - len(chosen.findings)
    session.say(
        f"{len(chosen.judgements)} documents judged: {len(chosen.findings)} findings of {kinds} kinds"
        + (f"; answered with keep and not listed: {silenced}" if silenced else "")
    )
    if found.unchanged or found.redated:
        session.say(
            f"  {found.unchanged} are unchanged since the last audit and were not judged again"
            + (f"; of {found.redated} more only what depends on the date" if found.redated else "")
        )
    write(session, store)


@command(app, "duplicates")
def duplicates(
    session: Session,
    engine: Annotated[
        str, typer.Option("--engine", metavar="local|spark", help="Where texts are compared; the result is the same.")
    ] = "local",
    partitions: Annotated[
        int | None,
        typer.Option("--partitions", metavar="N", min=1, help="Sort keys on disk in N ranges. Default: by size."),
    ] = None,
    master: Annotated[
        str | None, typer.Option("--master", metavar="URL", help="The Spark cluster. Default: this machine.")
    ] = None,
) -> None:
    """Find passages that stand elsewhere; write one report an owner and an overview. No network."""
    from rseaudit import matching, pipeline
    from rseaudit.cli.reports import write
    from rseaudit.duplicates.form import to_json
    from rseaudit.store.locks import job_lock

    with session.store(create=False) as store:
        if session.common.dry_run:
            session.say("nothing is matched in a dry run")
            return
        with job_lock(store, "duplicates"), _engine(session, store, engine, partitions, master) as given:
            run = matching.run_duplicates(store, session.settings, now=session.now, engine=given)
            found = pipeline.load_reuse(store)
        assert found is not None
        chosen = pipeline.narrow_reuse(store, session.settings, found, space=session.common.space, since=session.since)
        levels = {"copy": "alert", "adapted": "advice"}
        session.fails_on([levels.get(item.verdict, "info") for item in chosen.documents if item.verdict in levels])
        if session.common.as_json:
            session.result(to_json(chosen, run.id))
        copies = sum(item.verdict in levels for item in chosen.documents)
        session.say(
            f"{len(chosen.documents)} documents compared: {len(chosen.matches)} matches, "
            f"{copies} documents take up text from elsewhere"
        )
        if not found.documents:
            session.say(
                "no content of an audited source: others are compared with it and never judged; what is crawled needs "
                '[[source]] role = "audited", what is imported "role": "audited" in its lines'
            )
        if chosen.common_texts:
            session.say(
                f"{len(chosen.common_texts)} texts stand in many contents (signatures, notices) and count for nobody; "
                "the overview gives the line that excludes each for good"
            )
        write(session, store)


@contextmanager
def _engine(
    session: Session, store: Store, name: str, partitions: int | None, master: str | None
) -> Iterator[Engine | None]:
    from rseaudit import matching

    if name not in ("local", "spark"):
        raise UsageError(f"--engine: {name!r} is not known", expected="local or spark")
    if name == "local" and master is not None:
        raise UsageError("--master belongs to --engine spark")
    if name == "spark" and partitions is not None:
        raise UsageError("--partitions belongs to --engine local")
    if name == "spark":
        from rseaudit.duplicates import spark

        started = spark.start(master)
        try:
            yield spark.Spark(started)
        finally:
            started.stop()
    elif partitions is None:
        yield None
    else:
        with matching.local_engine(store, session.settings, partitions=partitions) as engine:
            yield engine
