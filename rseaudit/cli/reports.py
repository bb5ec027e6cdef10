"""Render what is stored: report, explain."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from rseaudit.cli.app import app
from rseaudit.cli.command import command
from rseaudit.cli.session import OUTPUT_FOLDER, Session
from rseaudit.errors import UsageError

if TYPE_CHECKING:
    from rseaudit.report.data import ReportData, SourceCrawl, Waiver
    from rseaudit.store.database import Store
    from rseaudit.watch.digest import Digest

FORMATS = ("html", "json", "csv")
_LATER = ("xlsx", "md", "eml")


@command(app, "report")
def report(
    session: Session,
    action: Annotated[str | None, typer.Argument(metavar="[send]", help="`send` is not built yet.")] = None,
    owner: Annotated[str | None, typer.Option("--owner", metavar="NAME", help="Only this owner's page.")] = None,
    formats: Annotated[
        str, typer.Option("--format", metavar="html,json,csv", help="Which files are written.")
    ] = ",".join(FORMATS),
) -> None:
    """Render stored results again, in either language and any format. Takes no lock, fetches nothing."""
    if action == "send":
        raise UsageError("`rseaudit report send` is not built yet", remedy="send the files of `rseaudit report`")
    if action is not None:
        raise UsageError(f"report: {action!r} is not known", expected="nothing, or send")
    chosen = [name.strip() for name in formats.split(",") if name.strip()]
    for name in chosen:
        if name in _LATER:
            raise UsageError(f"--format {name} is not built yet", expected=", ".join(FORMATS))
        if name not in FORMATS:
            raise UsageError(f"--format: {name!r} is not known", expected=", ".join((*FORMATS, *_LATER)))
    with session.store(create=False) as store:
        write(session, store, formats=chosen, owner=owner, always=True)


def write(
    session: Session,
    store: Store,
    *,
    formats: Sequence[str] = FORMATS,
    owner: str | None = None,
    digest: Digest | None = None,
    always: bool = False,
) -> None:
    """Write the reports and print their paths; nothing under ``--json`` without ``--output``."""
    from pathlib import Path

    from rseaudit.report.files import write_reports

    output = session.output
    if output is None:
        if not always:
            return
        output = Path(OUTPUT_FOLDER)
    data = report_data(session, store, digest=digest)
    paths = write_reports(data, output, lang=session.lang, formats=formats, owner=owner)
    if session.common.as_json and always:
        session.result({"schema": 1, "files": [str(path) for path in paths]})
        return
    access = data.access()
    unstated = sum(access.visibility(document) == "unknown" for document in data.documents.values())
    if unstated:
        session.say(
            f"{unstated} of {len(data.documents)} contents do not say who may read them, and neither does their space: "
            'reports show them to nobody but their author; state "visibility" in [[space]], in imported lines, or in '
            "[[source]] before the next crawl"
        )
    session.say(f"{len(paths)} files written to {output}/, among them:")
    for path in [path for path in paths if path.suffix == ".html" and path.parent == output]:
        session.say(f"  {path}")
    session.say("next: open them in a browser; `rseaudit explain ID` explains what they say")


def report_data(session: Session, store: Store, *, digest: Digest | None = None) -> ReportData:
    """Gather all that is stored for the reports, as of the command's ``now``."""
    from rseaudit import pipeline
    from rseaudit.report.data import ReportData
    from rseaudit.store import content, decisions
    from rseaudit.watching import load_digest

    settings = session.settings
    collection = pipeline.collect(store, settings)
    reuse = pipeline.load_reuse(store)
    audit = pipeline.load_audit(store)
    with store.read() as connection:
        documents = {document.ref: document for document in content.documents(connection)}
        answered = decisions.load(connection)
    return ReportData(
        organisation=settings.report.organisation,
        contact=settings.report.contact,
        now=session.now,
        documents=documents,
        sources=tuple(collection.sources.values()),
        spaces=collection.spaces,
        persons=collection.persons,
        audiences=collection.audiences,
        matches=reuse.matches if reuse else (),
        originality=reuse.documents if reuse else (),
        common_texts=reuse.common_texts if reuse else (),
        findings=audit.findings if audit else (),
        judgements=audit.judgements if audit else (),
        decisions=answered,
        responsibles=audit.responsibles if audit else {},
        crawl=_crawls(session, store),
        waivers=_waivers(session),
        digest=digest or load_digest(store),
    )


def _waivers(session: Session) -> tuple[Waiver, ...]:
    from rseaudit.report.data import Waiver

    found = []
    for source in session.settings.source:
        if source.robots_override:
            found.append(Waiver(source=source.name, kind="robots", decided=source.robots_override))
        for space, decided in sorted(source.include_spaces.items()):
            found.append(Waiver(source=source.name, kind="space", decided=decided, space=space))
    return tuple(found)


def _crawls(session: Session, store: Store) -> tuple[SourceCrawl, ...]:
    from rseaudit.report.data import SourceCrawl, tally
    from rseaudit.store import frontier, refusals

    overrides = {source.name: source.robots_override for source in session.settings.source}
    crawls = []
    with store.read() as connection:
        states: dict[str, list[tuple[str, str, str | None]]] = {}
        for source, _account, url, state, status, _target in frontier.final_states(connection):
            states.setdefault(source, []).append((state, url, f"status {status}" if status else None))
        for source, rows in sorted(states.items()):
            done = sum(state in ("done", "redirected") for state, _, _ in rows)
            failed = sum(state == "failed" for state, _, _ in rows)
            failures = frontier.examples(connection, source, ("failed",), 1_000)
            left_out = frontier.examples(connection, source, ("denied", "skipped"), 10_000)
            refused = refusals.listed(connection, source)
            crawls.append(
                SourceCrawl(
                    source=source,
                    asked=len(rows),
                    done=done,
                    failed=failed,
                    excluded=len(rows) - done - failed,
                    complete=not any(state in ("pending", "leased") for state, _, _ in rows),
                    refused=tally([(reason, url) for url, reason in refused]),
                    failures=tally([(cause, url) for url, cause in failures]),
                    left_out=tally([(cause, url) for url, cause in left_out]),
                    robots_override=overrides.get(source),
                )
            )
    return tuple(crawls)


@command(app, "explain")
def explain(
    session: Session,
    what: Annotated[
        str, typer.Argument(metavar="RULE|ID", help="A rule, the id of a finding or match, or a document as SOURCE/ID.")
    ],
) -> None:
    """Explain a rule, a finding, a match or a verdict: what, why it matters, the numbers, the remedy."""
    from rseaudit.cli.explaining import explain_id, explain_rule

    text = explain_rule(what)
    if text is None:
        with session.store(create=False) as store:
            text = explain_id(session, store, what)
    if session.common.as_json:
        session.result({"schema": 1, "id": what, "text": text})
    else:
        print(text)  # noqa: T201 - the result
