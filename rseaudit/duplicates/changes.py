"""What a change of a collection changes in its result: which units are judged again, and whose verdict that moves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from rseaudit.config.settings import DuplicatesSettings
from rseaudit.duplicates.again import Again, passages_of
from rseaudit.duplicates.alignment import Run
from rseaudit.duplicates.columns import Flags
from rseaudit.duplicates.job import beside, verdicts, wordless
from rseaudit.duplicates.library import Library
from rseaudit.duplicates.survey import Survey
from rseaudit.duplicates.units import Item, Judging, Key, Remember, Unit, key, read, written
from rseaudit.model import Originality, Ref
from rseaudit.people import Directory


@dataclass(frozen=True, slots=True)
class Earlier:
    """A unit as an earlier run judged it: its matches by their ids, what is owed as ``units.written`` gives it."""

    key: Key
    matches: tuple[str, ...]
    owed: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """What takes the place of what: units and the verdicts of documents."""

    gone: tuple[Earlier, ...]
    units: tuple[Unit, ...]
    documents: tuple[Originality, ...]


class Recall(Protocol):
    """Gives what an earlier run judged."""

    def touching(self, numbers: Iterable[int], /) -> Iterable[Earlier]:
        """Return all units of any of these texts."""

    def between(self, pairs: Iterable[Key], /) -> Iterable[Earlier]:
        """Return just these units."""


def judge(
    found: Survey,
    again: Again,
    library: Library,
    directory: Directory,
    *,
    remember: Remember,
    recall: Recall,
    settings: DuplicatesSettings,
) -> Change:
    """Judge anew what has changed since ``again`` was left."""
    texts = found.texts
    stirred = again.stirred(found)
    fresh = {key(pair.left, pair.right): pair.runs for pair in found.pairs}
    differing = again.differing(fresh)
    numbers = {*np.flatnonzero(stirred).tolist(), *again.dead}
    gone = [*recall.touching(numbers)]
    gone += recall.between({one for one in differing if numbers.isdisjoint(one)})
    runs = {
        one: own
        for one, own in _runs(found, again, stirred, fresh, differing, gone).items()
        if texts.alive[[*one]].all()
    }
    units = [unit for unit in Judging(found, library, directory, remember).judge(runs) if unit.matches or unit.owed]
    moved = _moved(found, gone, units) | set(np.flatnonzero(stirred & texts.audited).tolist())
    owed = [item for unit in units for item in unit.owed]
    replaced = {unit.key for unit in gone}
    debtors = {(ref.source, ref.id) for number in moved for ref in texts.audited_members(number)}
    for unit in recall.touching(moved - numbers):
        if unit.key not in replaced:
            owed += read(item for item in unit.owed if (item[0], item[1]) in debtors)
    documents = (*verdicts(found, sorted(moved), owed, settings), *wordless(found, settings))
    return Change(tuple(gone), tuple(units), documents)


def _runs(
    found: Survey,
    again: Again,
    stirred: Flags,
    fresh: Mapping[Key, tuple[Run, ...]],
    differing: Iterable[Key],
    gone: Sequence[Earlier],
) -> Mapping[Key, tuple[Run, ...]]:
    """Return the units to be judged, with what their texts share beside common text."""
    runs = {one: fresh.get(one, ()) for one in differing}
    kept = again.rows[stirred[again.rows[:, 0]] | stirred[again.rows[:, 1]]]
    runs |= passages_of(kept)
    runs |= {one: own for one, own in fresh.items() if stirred[[*one]].any()}
    for one in beside(found, np.flatnonzero(stirred)):
        runs.setdefault(one, ())
    for unit in gone:
        runs.setdefault(unit.key, ())
    return runs


def _moved(found: Survey, gone: Iterable[Earlier], units: Iterable[Unit]) -> set[int]:
    """Return the texts of whose documents one owes something else than before."""
    before = {(unit.key, *item) for unit in gone for item in unit.owed}
    after = {(unit.key, *item) for unit in units for item in written(unit.owed)}
    debtors = {(one, Ref(str(source), str(id_))) for one, source, id_, *_ in before ^ after}
    return {number for one, ref in debtors for number in _holders(found, one, ref)}


def _holders(found: Survey, one: Key, ref: Ref) -> Iterator[int]:
    texts = found.texts
    return (number for number in {*one} if texts.alive[number] and ref in texts.audited_members(number))
