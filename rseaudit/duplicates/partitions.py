"""Sort the keys of a collection that is larger than memory, range by range, on disk.

Keys are spread over ranges of their upper bits; each range is sorted by itself, and the ranges in a row
are the very array that sorting everything gives. It is mapped from disk, not read: what the system
needs of memory for other things it takes back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import numpy as np

from rseaudit.duplicates.candidates import Collection, Pair, Search
from rseaudit.duplicates.cutting import Cut, Keys
from rseaudit.duplicates.index import PREFIX, Index, place_bits, prefixed

# What is sorted at once: postings have eight bytes, sorting takes as many again.
WORDS = 50_000_000
_CHUNK_WORDS = 4_000_000
# More words than that are partitioned without being asked for: their two indexes alone take 8 GB.
_MUCH = 500_000_000


def partitions_for(words: int) -> int:
    """Return into how many ranges the keys of so many words are to be cut; 1 for what fits into memory."""
    return 1 if words <= _MUCH else -(-words // WORDS)


class Partitioned:
    """The local engine with its indexes on disk, in a folder that the caller removes."""

    def __init__(self, folder: Path, partitions: int) -> None:
        self._folder = folder
        # Ranges are cut by whole prefixes of keys, so more of them than prefixes are none.
        self._partitions = max(1, min(partitions, 1 << PREFIX))

    def indexes(self, known: Cut) -> tuple[Index, Index]:
        from rseaudit.duplicates import shingler

        bits = place_bits(len(known.keys))

        def runs(first: int, last: int) -> Keys:
            return shingler.runs(known.keys, known.bounds[first : last + 1], bits)

        def pairs(first: int, last: int) -> Keys:
            return shingler.pairs(known.stems, known.weights, known.bounds[first : last + 1], bits)

        return self._sorted("runs", known, runs, bits), self._sorted("pairs", known, pairs, bits)

    def pairs(
        self, collection: Collection, search: Search, numbers: Sequence[int], *, least: int, score: int
    ) -> Iterable[Pair]:
        return search.find(numbers, least=least, score=score)

    def _sorted(self, name: str, known: Cut, postings: Callable[[int, int], Keys], bits: int) -> Index:
        parts = [self._folder / f"{name}-{number}.part" for number in range(self._partitions)]
        edges = np.array(
            [(number << PREFIX) // self._partitions for number in range(1, self._partitions)], dtype=np.uint64
        ) << np.uint64(64 - PREFIX)
        for first, last in _chunks(known):
            found = postings(first, last)
            owners = np.searchsorted(edges, found, side="right")
            for number in np.unique(owners).tolist():
                with parts[number].open("ab") as file:
                    found[owners == number].tofile(file)
        whole = self._folder / f"{name}.sorted"
        with whole.open("wb") as file:
            for part in parts:
                if part.exists():
                    values = np.fromfile(part, dtype=np.uint64)
                    part.unlink()
                    values.sort()
                    values.tofile(file)
        if not whole.stat().st_size:
            return prefixed(np.zeros(0, dtype=np.uint64), bits)
        # Copy on write: compiled code is made for arrays that may be written to; nobody does.
        return prefixed(np.asarray(np.memmap(whole, dtype=np.uint64, mode="c")), bits)


def _chunks(known: Cut) -> Iterable[tuple[int, int]]:
    """Yield ranges of texts with a bounded number of words each."""
    first = 0
    while first < len(known):
        last = int(np.searchsorted(known.bounds, known.bounds[first] + _CHUNK_WORDS, side="right")) - 1
        last = min(max(last, first + 1), len(known))
        yield first, last
        first = last
