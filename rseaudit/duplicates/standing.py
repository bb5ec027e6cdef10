"""What a comparison leaves for the next one, so that only what is new is cut, sorted, asked and judged again.

All of it follows from the texts: with it or without it the next comparison finds the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from rseaudit.duplicates.alignment import Run
from rseaudit.duplicates.candidates import Pair
from rseaudit.duplicates.columns import Cut, Flags, Ints, Keys
from rseaudit.duplicates.index import Segments
from rseaudit.duplicates.roll import Roll
from rseaudit.duplicates.survey import Survey

if TYPE_CHECKING:
    from rseaudit.duplicates.ring import Ring

# What is kept of it, each in a file, beside the archive and the words.
ARRAYS = (
    "ages",
    "places",
    "digests",
    "runs_first",
    "pairs_first",
    "idle",
    "declared",
    "runs_crowded",
    "runs_leaders",
    "pairs_crowded",
    "pairs_leaders",
    "hints",
    "rows",
    "pieces",
    "wordings",
    "holders",
    "links",
)
# Those that flag words, which are kept as bits.
FLAGS = ("idle", "declared")
_NONE = np.zeros(0, dtype=np.uint64)
_COLUMNS = 2 + len(Run._fields)


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """Texts by number, as they were compared.

    ``rule`` names what steps with the size of a collection. ``idle`` flags the words that proved nothing, ``declared``
    those among them that the configuration names. ``…_crowded`` are the upper bits of the keys that are crowded, with
    the texts that each leads to; ``hints`` the words that may tell of a stock phrase. ``rows``: left and right text
    and one passage that they share. ``pieces`` are where common text starts and ends, ``wordings`` its keys,
    ``holders`` the first texts that hold each; ``links`` are audited texts with those shown beside them for it.
    """

    rule: str
    roll: Roll
    digests: Keys
    cut: Cut
    runs: Segments
    pairs: Segments
    runs_first: Ints
    pairs_first: Ints
    bits: int
    idle: Flags
    declared: Flags
    runs_crowded: Keys
    runs_leaders: Ints
    pairs_crowded: Keys
    pairs_leaders: Ints
    hints: Ints
    rows: Ints
    pieces: Ints
    wordings: Keys
    holders: Ints
    links: Ints

    def arrays(self) -> Mapping[str, NDArray[np.generic]]:
        """Return what is kept, in files of these names."""
        of_roll = {name: getattr(self.roll, name) for name in ARRAYS[:2]}
        return of_roll | {name: getattr(self, name) for name in ARRAYS[2:]}


@dataclass(frozen=True, slots=True, eq=False)
class Still:
    """What holds of an earlier comparison, of texts that did not ask again; postings with those of new texts."""

    runs: Segments
    pairs: Segments
    rows: Ints
    links: Ints


def of(found: Survey, still: Still | None = None) -> Standing:
    """Return what a comparison leaves; ``still`` is what holds of the one that it took up."""
    runs, pairs = found.indexes
    search = found.shared.search
    rows = _rows(found.shared.pairs)
    if still is not None:
        rows = np.concatenate((still.rows, rows))
    return Standing(
        rule=found.rule,
        roll=found.texts.roll,
        digests=found.texts.digests,
        cut=found.texts.cut,
        runs=(runs.postings, _NONE) if still is None else still.runs,
        pairs=(pairs.postings, _NONE) if still is None else still.pairs,
        runs_first=runs.first,
        pairs_first=pairs.first,
        bits=runs.place_bits,
        idle=found.common.repeated,
        declared=found.common.declared,
        runs_crowded=crowded(search.runs),
        runs_leaders=search.runs.leaders,
        pairs_crowded=crowded(search.pairs),
        pairs_leaders=search.pairs.leaders,
        hints=found.shared.hints,
        rows=rows,
        pieces=np.column_stack(found.common.spans),
        wordings=found.wordings.keys,
        holders=found.wordings.first,
        links=found.wordings.linked(np.flatnonzero(found.texts.audited)) if still is None else still.links,
    )


def crowded(ring: Ring) -> Keys:
    """Return the upper bits of the keys that are crowded, in order."""
    return ring.postings[ring.heads] >> np.uint64(ring.place_bits)


def _rows(pairs: tuple[Pair, ...]) -> Ints:
    rows = [(pair.left, pair.right, *run) for pair in pairs for run in pair.runs]
    return np.array(rows, dtype=np.int64).reshape(-1, _COLUMNS)
