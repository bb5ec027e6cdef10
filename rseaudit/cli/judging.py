"""The commands that judge what the store holds: audit, duplicates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rseaudit.cli.app import app
from rseaudit.cli.command import command
from rseaudit.cli.session import Session
from rseaudit.errors import Exit
from rseaudit.model import SEVERITIES

if TYPE_CHECKING:
    from rseaudit.store.database import Store


@command(app, "audit")
def audit(session: Session) -> None:
    """Judge the documents from the store: refresh the matches, find what to mend. No network."""
    with session.store(create=False) as store:
        audit_and_report(session, store)


def audit_and_report(session: Session, store: Store) -> None:
    """Refresh matches when the store has changed, audit, write the editorial audit, set the exit code."""
    from rseaudit import pipeline
    from rseaudit.audit.job import to_json
    from rseaudit.cli.reports import write
    from rseaudit.store.locks import job_lock

    if session.common.dry_run:
        session.say("nothing is judged in a dry run")
        return
    with job_lock(store, "audit"):
        if not pipeline.matches_are_fresh(store, session.settings):
            with job_lock(store, "duplicates"):
                pipeline.run_duplicates(store, session.settings, now=session.now)
        found, run = pipeline.run_audit(store, session.settings, now=session.now)
    told = pipeline.narrow_audit(store, session.settings, found, space=session.common.space, since=session.since)
    chosen = pipeline.without_kept(store, told)
    _fail_on(session, [finding.severity for finding in chosen.findings])
    if session.common.as_json:
        session.result(to_json(chosen, run.id, session.translate))
    kinds = len({finding.rule for finding in chosen.findings})
    silenced = len(told.findings) - len(chosen.findings)
    session.say(
        f"{len(chosen.judgements)} documents judged: {len(chosen.findings)} findings of {kinds} kinds"
        + (f"; answered with keep and not listed: {silenced}" if silenced else "")
    )
    write(session, store)


@command(app, "duplicates")
def duplicates(session: Session) -> None:
    """Find passages that stand elsewhere; write one report an owner and an overview. No network."""
    from rseaudit import pipeline
    from rseaudit.cli.reports import write
    from rseaudit.duplicates.form import to_json
    from rseaudit.store.locks import job_lock

    with session.store(create=False) as store:
        if session.common.dry_run:
            session.say("nothing is matched in a dry run")
            return
        with job_lock(store, "duplicates"):
            found, run = pipeline.run_duplicates(store, session.settings, now=session.now)
        chosen = pipeline.narrow_reuse(store, session.settings, found, space=session.common.space, since=session.since)
        levels = {"copy": "alert", "adapted": "advice"}
        _fail_on(session, [levels.get(item.verdict, "info") for item in chosen.documents if item.verdict in levels])
        if session.common.as_json:
            session.result(to_json(chosen, run.id))
        copies = sum(item.verdict in levels for item in chosen.documents)
        session.say(
            f"{len(chosen.documents)} documents compared: {len(chosen.matches)} matches, "
            f"{copies} documents take up text from elsewhere"
        )
        write(session, store)


def _fail_on(session: Session, severities: list[str]) -> None:
    level = session.fail_on
    if level == "never":
        return
    wanted = SEVERITIES[SEVERITIES.index(level) :]
    if any(severity in wanted for severity in severities):
        session.ends_with(Exit.FINDINGS)
