"""Keep what a run of ``duplicates`` found: matches, verdicts, units and histories in the store, the index beside it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from rseaudit.model import CommonText, Match, Originality, Ref, Run
from rseaudit.pipeline import duplicates_input
from rseaudit.store import histories, relations, results, runs
from rseaudit.store.database import Store, get_property, set_property
from rseaudit.store.removal import INDEX_GENERATION

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from rseaudit.config.settings import Settings
    from rseaudit.duplicates.again import Again
    from rseaudit.duplicates.changes import Change
    from rseaudit.duplicates.job import Reuse
    from rseaudit.duplicates.keeping import Left
    from rseaudit.duplicates.survey import Survey
    from rseaudit.duplicates.units import Unit
    from rseaudit.snapshot import Snapshot

_JOB: runs.Job = "duplicates"


def save(store: Store, settings: Settings, snapshot: Snapshot, reuse: Reuse, units: Iterable[Unit]) -> Run:
    """Replace all that an earlier run found."""
    with store.write() as connection:
        run = runs.start(connection, _JOB, snapshot.now, {})
        results.save(
            connection,
            _JOB,
            run.id,
            {
                "matches": (Match, reuse.matches),
                "documents": (Originality, reuse.documents),
                "common_texts": (CommonText, reuse.common_texts),
            },
        )
        relations.clear(connection)
        relations.save(connection, _kept(units))
        return _finished(connection, settings, snapshot, run, len(reuse.documents))


def amend(
    store: Store,
    settings: Settings,
    snapshot: Snapshot,
    change: Change,
    common_texts: Sequence[CommonText],
    *,
    gone: Iterable[Ref],
    judged: int,
) -> Run:
    """Put what has changed in the place of what an earlier run found; so many documents are judged in all."""
    lost = [match for unit in change.gone for match in unit.matches]
    verdicts = {item.id for item in change.documents} | {str(ref) for ref in gone}
    with store.write() as connection:
        run = runs.start(connection, _JOB, snapshot.now, {})
        matches = [match for unit in change.units for match in unit.matches]
        results.amend(connection, _JOB, run.id, "matches", Match, gone=lost, items=matches)
        results.amend(connection, _JOB, run.id, "documents", Originality, gone=verdicts, items=change.documents)
        results.replace(connection, _JOB, run.id, "common_texts", CommonText, items=common_texts)
        relations.delete(connection, [unit.key for unit in change.gone])
        relations.save(connection, _kept(change.units))
        return _finished(connection, settings, snapshot, run, judged)


def confirm(store: Store, settings: Settings, snapshot: Snapshot, *, judged: int) -> Run:
    """Leave everything as an earlier run found it: nothing has changed since."""
    with store.write() as connection:
        run = runs.start(connection, _JOB, snapshot.now, {})
        return _finished(connection, settings, snapshot, run, judged)


def state(settings: Settings, snapshot: Snapshot) -> str:
    """Return the name of the index that belongs to a state of the store."""
    return duplicates_input(snapshot.sources, snapshot.persons, snapshot.states, settings)


def _kept(units: Iterable[Unit]) -> Iterable[relations.Kept]:
    from rseaudit.duplicates.units import written

    for unit in units:
        if unit.matches or unit.owed:
            yield relations.Kept(*unit.key, tuple(match.id for match in unit.matches), tuple(written(unit.owed)))


def _finished(connection: Connection, settings: Settings, snapshot: Snapshot, run: Run, judged: int) -> Run:
    histories.save(connection, snapshot.renewed)
    name = state(settings, snapshot)
    set_property(connection, "duplicates-input", name)
    # Whoever deleted documents meanwhile took the index away: that of this run has them still.
    is_current = (get_property(connection, INDEX_GENERATION) or None) == snapshot.generation
    set_property(connection, INDEX_GENERATION, name if is_current else "")
    return runs.finish(connection, run, "complete", asked=judged, done=judged, failed=0, skipped=0)


def archive(
    store: Store,
    settings: Settings,
    snapshot: Snapshot,
    folder: Path,
    found: Survey,
    common_texts: Sequence[CommonText],
    *,
    taken_up: tuple[Again, Left] | None = None,
    in_memory: bool = True,
) -> None:
    """Keep the index of what was compared; a folder that cannot be written to costs speed, nothing else.

    ``taken_up`` is what the run began with; what was compared in memory the next one may take up.
    """
    from rseaudit.duplicates import archive, keeping, standing

    with store.read() as connection:
        generation = get_property(connection, INDEX_GENERATION)
    if not generation:
        return
    again, left = taken_up or (None, None)
    with suppress(OSError):
        beside = None
        if in_memory:
            beside = keeping.writing(
                keeping.Left(
                    standing.of(found, None if again is None else again.still),
                    left.words if left is not None else keeping.Words.of(found.texts.cut, folder, generation),
                    snapshot.basis(settings),
                    snapshot.company,
                    left.people if left is not None and left.company == snapshot.company else snapshot.people,
                )
            )
        made = archive.gather(
            found.texts,
            found.indexes,
            common_texts,
            generation=generation,
            kept=None if again is None else (again.runs, again.pairs),
            base=None if left is None else left.base,
        )
        archive.save(made, folder, beside)
