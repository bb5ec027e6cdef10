"""What a comparison leaves for the next one, so that only what is new is cut, sorted and asked again.

All of it follows from the texts: with it or without it the next comparison finds the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from rseaudit.duplicates.collection import Text, Texts, earliest
from rseaudit.duplicates.cutting import COLUMNS, Cut, Flags, Ints, Keys
from rseaudit.duplicates.index import Index
from rseaudit.duplicates.passages import Shared

ARRAYS = ("idle", "audited", "runs_crowded", "pairs_crowded", "met", "rows")


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """Texts by number, as they were compared.

    ``basis`` names everything else that the result followed from. ``texts`` are the stamps of their wording and
    ``heads`` say what else decides on their number. ``idle`` flags the words that proved nothing;
    ``…_crowded`` are the postings that begin a crowded key. ``met``: pairs of an asking and another text that
    shared passages, stock phrases included. ``rows``: left and right text and one passage that they share.
    """

    basis: str
    texts: tuple[str, ...]
    heads: tuple[str, ...]
    cut: Cut
    runs: Keys
    pairs: Keys
    bits: int
    idle: Flags
    audited: Flags
    runs_crowded: Ints
    pairs_crowded: Ints
    met: Ints
    rows: Ints

    def arrays(self) -> Mapping[str, NDArray[np.generic]]:
        """Return what is kept beside postings and bounds."""
        return {name: getattr(self, name) for name in ARRAYS} | {name: getattr(self.cut, name) for name in COLUMNS}


def of(texts: Texts, indexes: tuple[Index, Index], idle: Flags, shared: Shared, *, basis: str) -> Standing:
    """Return what a comparison leaves."""
    runs, pairs = indexes
    search = shared.search
    rows = [
        (pair.left, pair.right, *(getattr(run, field.name) for field in fields(run)))
        for pair in shared.pairs
        for run in pair.runs
    ]
    return Standing(
        basis=basis,
        texts=tuple(stamp(text.members[0].text) for text in texts),
        heads=tuple(head(text) for text in texts),
        cut=texts.cut,
        runs=runs.postings,
        pairs=pairs.postings,
        bits=runs.place_bits,
        idle=idle,
        audited=search.audited,
        runs_crowded=np.flatnonzero(search.runs.crowded),
        pairs_crowded=np.flatnonzero(search.pairs.crowded),
        met=np.array(shared.met, dtype=np.int64).reshape(-1, 2),
        rows=np.array(rows, dtype=np.int64).reshape(-1, 9),
    )


def stamp(text: str) -> str:
    """Return a digest of a text to the letter."""
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()


def head(text: Text) -> str:
    """Return what decides, beside its words, on where a text stands among others and whether it asks."""
    first = text.members[0]
    roles = f"{bool(text.references):d}{bool(text.audited):d}"
    return "\t".join((roles, first.source, first.id, earliest(first).isoformat()))
