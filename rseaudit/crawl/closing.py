"""Close a run: count what was read, say what is wrong with a source, mark what has vanished."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import Connection

from rseaudit.config.settings import SourceSettings
from rseaudit.crawl.compare import snapshot
from rseaudit.crawl.crawl_report import CrawlReport, Snapshot, SourceReport
from rseaudit.crawl.outcomes import is_collapse
from rseaudit.model import Ref, Run
from rseaudit.store import appearances, content, frontier, passes, refusals, results, runs, sightings
from rseaudit.store.database import Store

_SOUND_PER_FAILED = 10
_NOTHING = "nothing could be read"


def close_run(
    store: Store,
    run: Run,
    read: Sequence[tuple[SourceSettings, str]],
    problems: Mapping[tuple[str, str], str | None],
    *,
    listings: Collection[str],
    resumed: bool,
    interrupted: bool,
) -> CrawlReport:
    """Count, mark what has vanished, keep a snapshot and close the run.

    ``read`` are the sources with their account (empty for a guest), ``problems`` why this process stopped
    reading one; what a worker has told of the end of a pass goes before. ``listings`` names the sources
    whose answers list documents: where one of them failed, what it would have led to is no sign of anything.
    """
    with store.write() as connection:
        reports = []
        told = passes.ended(connection)
        for source, account in read:
            key = (source.name, account)
            problem = told[key] if key in told else problems.get(key)
            if not interrupted:
                frontier.break_loops(connection, *key)
            counts = frontier.counts(connection, *key)
            lists = source.name in listings
            sound = not counts.get("failed") if lists else _is_sound(counts)
            if problem is None and not interrupted and lists and sound:
                appearances.close_listing(connection, *key)
            sightings.merge_sightings(connection, source.name)
            if problem is None and not interrupted:
                problem = _health(counts)
                if problem == _NOTHING and (cause := _common_cause(connection, source.name)) is not None:
                    problem = f"{_NOTHING}: {cause}"
            vanished: tuple[Ref, ...] = ()
            if problem is None and not interrupted and sound:
                problem, vanished = _mark_vanished(connection, source.name)
            reports.append(
                SourceReport(
                    source=key[0],
                    account=key[1],
                    counts=counts,
                    problem=problem,
                    failures=frontier.examples(connection, source.name, ("failed",), 20),
                    refused=Counter(reason for _, reason in refusals.listed(connection, source.name)),
                    remarks=_tally(frontier.remarks(connection, *key)),
                    vanished=vanished,
                )
            )
        for name in sorted({source.name for source, _ in read}):
            if not interrupted and all(report.problem is None for report in reports if report.source == name):
                content.keep_accounts(connection, name, appearances.seers(connection, name))
        run = _finish(connection, run, reports, interrupted=interrupted)
        found = Snapshot(id=run.id, documents=snapshot(content.each_document(connection)))
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


def _common_cause(connection: Connection, source: str) -> str | None:
    """Return what kept a whole source from being read: a rule of robots.txt, or what most addresses met."""
    causes = [cause for _, cause in frontier.examples(connection, source, ("denied", "failed", "absent"), 20)]
    robots = next((cause for cause in causes if cause.startswith("robots.txt")), None)
    return robots or max(sorted(set(causes)), key=causes.count, default=None)


def _is_sound(counts: dict[str, int]) -> bool:
    """Tell whether so little failed that a missing page means what it says."""
    return counts.get("failed", 0) * _SOUND_PER_FAILED <= sum(counts.values())


def _mark_vanished(connection: Connection, source: str) -> tuple[str | None, tuple[Ref, ...]]:
    known = content.count_documents(connection, source)
    new = content.present(connection, appearances.vanished(connection, source))
    if is_collapse(len(new), known):
        return f"collapsed: {len(new)} of {known} documents have vanished at once; nothing was marked", ()
    content.mark_gone(connection, new)
    return None, new


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
