"""The documents of a collection without their words: who has which text, and what has changed since."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from hashlib import blake2b

import numpy as np

from rseaudit.duplicates.columns import Flags, Ints, Keys
from rseaudit.model import Document, Ref

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)
_NEVER = datetime.max.replace(tzinfo=UTC)
# By source and id what names all that a document is compared and judged by.
States = Mapping[tuple[str, str], str]
NO_STATES: States = {}


@dataclass(frozen=True, eq=False)
class Roll:
    """The documents of a collection without their words, from the earliest to the latest, then by source and id.

    ``states`` are what was given for each. ``ages`` are microseconds since 1970, ``places`` stand for where a document
    counts once: its space, else itself. ``numbers`` tell the text that each consists of, -1 for no word at all.
    """

    sources: list[str]
    ids: list[str]
    states: list[str]
    ages: Ints
    places: Keys
    numbers: Ints

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def rows(self) -> Mapping[tuple[str, str], int]:
        """Return where each document stands, by source and id."""
        return {name: row for row, name in enumerate(zip(self.sources, self.ids, strict=True))}

    def judged(self, audits: Collection[str]) -> int:
        """Return how many documents are of one of these sources."""
        return sum(source in audits for source in self.sources)

    def ref(self, row: int) -> Ref:
        return Ref(self.sources[row], self.ids[row])


def roll_of(documents: Sequence[Document], states: States, numbers: Ints) -> Roll:
    """Return the roll of documents, which are in order of age."""
    return Roll(
        sources=[document.source for document in documents],
        ids=[document.id for document in documents],
        states=[states.get((document.source, document.id), "") for document in documents],
        ages=np.array([age(document) for document in documents], dtype=np.int64),
        places=np.array([_place(document) for document in documents], dtype=np.uint64),
        numbers=numbers,
    )


def joined(roll: Roll, numbers: Ints, left: Flags, new: Roll) -> Roll:
    """Return the documents that are left of a roll, with their texts now, and the new ones, in order."""
    rows = np.flatnonzero(left).tolist()
    sources, ids, states = roll.sources, roll.ids, roll.states
    if len(rows) < len(roll):
        sources, ids, states = ([column[row] for row in rows] for column in (sources, ids, states))
    ages = roll.ages[rows]
    places = [_row(new, row, sources, ids, ages) for row in range(len(new))]
    return Roll(
        sources=_inserted(sources, places, new.sources),
        ids=_inserted(ids, places, new.ids),
        states=_inserted(states, places, new.states),
        ages=np.insert(ages, places, new.ages),
        places=np.insert(roll.places[rows], places, new.places),
        numbers=np.insert(numbers[rows], places, new.numbers),
    )


def _row(new: Roll, row: int, sources: Sequence[str], ids: Sequence[str], ages: Ints) -> int:
    """Return before which document one stands that is new."""
    low, high = (int(np.searchsorted(ages, new.ages[row], side=side)) for side in ("left", "right"))
    name = (new.sources[row], new.ids[row])
    return bisect_left(range(high), name, low, key=lambda place: (sources[place], ids[place]))


def _inserted(column: Sequence[str], places: Sequence[int], new: Sequence[str]) -> list[str]:
    """Return a column with new values before those that stand at ``places``, which rise."""
    out: list[str] = []
    last = 0
    for place, value in zip(places, new, strict=True):
        out += column[last:place]
        out.append(value)
        last = place
    out += column[last:]
    return out


def changed(roll: Roll, states: States) -> tuple[list[Ref], list[Ref]]:
    """Return the documents that are gone since a roll was written, and those that are new or in another state."""
    rows, before = roll.rows, roll.states
    new = [name for name, state in states.items() if (row := rows.get(name)) is None or before[row] != state]
    added = sum(name not in rows for name in new)
    gone = rows.keys() - states.keys() if len(roll) + added > len(states) else ()
    return [Ref(*name) for name in gone], [Ref(*name) for name in new]


def earliest(document: Document) -> datetime:
    """Return the earliest instant known of a document, far in the future when none is."""
    found = _NEVER
    for instant in (*document.dates.values(), document.created, document.first_seen):
        if instant is not None:
            found = min(found, aware(instant))
    return found


def age(document: Document) -> int:
    """Return the earliest instant known of a document in microseconds since 1970."""
    return (earliest(document) - _EPOCH) // _TICK


def by_age(documents: Iterable[Document]) -> list[Document]:
    """Return documents from the earliest known to the latest, then by source and id."""
    return sorted(documents, key=_age)


def aware(instant: datetime) -> datetime:
    """Return the instant as aware: a naive one, against the rule of the model, is read as UTC."""
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


def _age(document: Document) -> tuple[datetime, str, str]:
    return earliest(document), document.source, document.id


def _place(document: Document) -> int:
    where = f"space {document.space}" if document.space else f"document {document.id}"
    return int.from_bytes(
        blake2b(f"{document.source}\0{where}".encode("utf-8", "surrogatepass"), digest_size=8).digest()
    )
