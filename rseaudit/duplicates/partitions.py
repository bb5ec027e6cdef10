"""Compare a collection that is larger than memory: its words in files, its keys sorted range by range.

Keys are spread over ranges of their upper bits; each range is sorted by itself, and the ranges in a row
are the very array that sorting everything gives. It is mapped from disk, not read: what the system
needs of memory for other things it takes back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rseaudit.duplicates.candidates import Collection, Pair, Search
from rseaudit.duplicates.collection import Texts, texts_of
from rseaudit.duplicates.columns import Cut, Keys
from rseaudit.duplicates.index import PREFIX, Index, place_bits, prefixed
from rseaudit.duplicates.machine import memory as memory_of_machine
from rseaudit.duplicates.mapped import Mapped, mapped, parts, writing
from rseaudit.duplicates.roll import NO_STATES, States
from rseaudit.model import Document, Source

# What one word costs at most with everything in memory, measured on a million documents: 31 bytes, twice while texts
# are put in order, then their keys, and what is found.
BYTES_A_WORD = 100
# Half of the memory is for that; the rest is for the documents, which are there by then, and what is found.
_SHARE = 2
# What is sorted at once: a posting has eight bytes, and lies in memory twice while it is sorted.
WORDS = 50_000_000
_SORTED_BYTES = 16
# At most so many bytes of it are sorted at once: an eighth of the memory.
_SORTED_SHARE = 8
_PART_WORDS = 1_000_000
# More ranges than that, of 50 million words each, are a mistake; they are cut by whole prefixes of keys.
_MOST = 1 << 10


def partitions_for(words: int, *, memory: int | None = None) -> int:
    """Return into how many ranges the keys of so many words are to be cut; 1 for what fits into memory.

    ``memory`` is in bytes: by default what this process may have.
    """
    known = memory_of_machine() if memory is None else memory
    if words * BYTES_A_WORD <= known // _SHARE:
        return 1
    return max(2, -(-words // max(1, min(WORDS, known // _SORTED_SHARE // _SORTED_BYTES))))


class Partitioned:
    """The local engine with words and indexes on disk, in a folder that the caller removes after the last use.

    Raises ``UsageError`` when the disk is full.
    """

    def __init__(self, folder: Path, partitions: int) -> None:
        self._folder = folder
        self._partitions = max(1, min(partitions, _MOST))
        self._arrays = 0

    def texts(
        self, documents: Iterable[Document], sources: Mapping[str, Source], *, states: States = NO_STATES
    ) -> Texts:
        return texts_of(documents, sources, room=Mapped(self._folder), states=states)

    def indexes(self, known: Cut) -> tuple[Index, Index]:
        from rseaudit.duplicates import shingler

        bits = place_bits(len(known.keys))

        def runs(first: int, last: int) -> Keys:
            return shingler.runs(known.keys, known.bounds[first : last + 1], bits)

        def pairs(first: int, last: int) -> Keys:
            return shingler.pairs(known.stems, known.weights, known.bounds[first : last + 1], bits)

        with writing(self._folder):
            return self._sorted("runs", known, runs, bits), self._sorted("pairs", known, pairs, bits)

    def zeros(self, length: int, dtype: type[np.generic], /) -> NDArray[Any]:
        self._arrays += 1
        path = self._folder / f"zeros-{self._arrays}.array"
        with writing(self._folder), path.open("wb") as file:
            file.truncate(length * np.dtype(dtype).itemsize)  # what is never written to takes no room on the disk
        return mapped(path, dtype)

    def pairs(
        self, collection: Collection, search: Search, numbers: Sequence[int], *, least: int, score: int
    ) -> Iterable[Pair]:
        return search.find(numbers, least=least, score=score)

    def _sorted(self, name: str, known: Cut, postings: Callable[[int, int], Keys], bits: int) -> Index:
        from rseaudit.duplicates.sorter import in_order

        ranges = [self._folder / f"{name}-{number}.part" for number in range(self._partitions)]
        edges = np.array(
            [(number << PREFIX) // self._partitions for number in range(1, self._partitions)], dtype=np.uint64
        ) << np.uint64(64 - PREFIX)
        for first, last in parts(known.bounds, _PART_WORDS):
            found = in_order(postings(first, last))
            cuts = [0, *np.searchsorted(found, edges).tolist(), len(found)]
            for number, path in enumerate(ranges):
                if cuts[number] < cuts[number + 1]:
                    with path.open("ab") as file:
                        found[cuts[number] : cuts[number + 1]].tofile(file)
        whole = self._folder / f"{name}.sorted"
        with whole.open("wb") as file:
            for path in ranges:
                if path.exists():
                    values = np.fromfile(path, dtype=np.uint64)
                    path.unlink()
                    in_order(values).tofile(file)
        return prefixed(mapped(whole, np.uint64), bits)  # type: ignore[arg-type]
