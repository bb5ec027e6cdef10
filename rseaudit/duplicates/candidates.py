"""Ask the index for each audited text: which others share chains of seeds with it, and which passages.

A seed is a key that two texts have in common. Of a key that stands nearly everywhere only the first
texts are followed: nothing is lost, since each later copy still meets the earliest ones, and the
work stays linear.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from rseaudit.duplicates.alignment import Run
from rseaudit.duplicates.cutting import Cut, Flags, Ints, Keys
from rseaudit.duplicates.index import Index

if TYPE_CHECKING:
    from rseaudit.duplicates.seeker import Ring

# Seeds of one chain: at most so many words apart, and so many words of drift between the texts.
GAP = 25
DRIFT = 4
# Texts that are followed from a crowded key: so many references, and as many audited texts.
FIRST_HOLDERS = 4
# A text that repeats a key over and over counts with its first places: two such texts would
# otherwise meet at their product.
MOST_REPEATS = 8
# All seeds that two texts share must weigh so much together for a closer look.
RUN_WEIGHT = 3
PAIR_WEIGHT = 2
LEAST_MET = 6
# What the words of a chain must prove, and less between two texts that surely share something: of a
# reordered copy each sentence is a chain of its own.
LEAST_CHAIN = 17
STRONG_CHAIN = 24
WEAK_CHAIN = 6
# Enough for a book in disorder; two long lists of the same words have more by chance.
MOST_CHAINS = 512
_ROOM = 1 << 16


@dataclass(frozen=True, slots=True, eq=False)
class Collection:
    """The texts of a run as numbers, references first, each part from the earliest to the latest.

    ``idle`` flags words that prove nothing; ``places`` says where a text counts once; ``ranks``
    orders any two texts, whatever their numbers.
    """

    cut: Cut
    runs: Index
    pairs: Index
    idle: Flags
    audited: Flags
    places: Ints
    ranks: Keys


@dataclass(frozen=True, slots=True)
class Pair:
    """Two texts by number, ``left < right``, with their passages in order of the left one."""

    left: int
    right: int
    runs: tuple[Run, ...]


def frequency_limit(texts: int) -> int:
    """Return in how many places a key may stand before only its first holders are followed.

    It grows with the square root of the collection, in steps at its powers of two.
    """
    return int(max(24, 2 ** (1 + (max(1, texts) - 1).bit_length() / 2)))


class Search:
    """Asks for the passages that texts of a collection share with all others."""

    def __init__(self, collection: Collection) -> None:
        from rseaudit.duplicates import counter, seeker

        cut = collection.cut
        texts = len(cut)
        text_of = cut.text_numbers()
        limit = frequency_limit(texts)

        def ring(index: Index) -> Ring:
            crowded = counter.crowded(index.postings, index.place_bits, text_of, collection.places, limit)
            return seeker.Ring(index.postings, index.first, crowded, index.place_bits)

        self._runs, self._pairs = ring(collection.runs), ring(collection.pairs)
        self.numbers = np.flatnonzero(collection.audited)
        self._held = seeker.Held(
            cut.keys,
            cut.stems,
            cut.letters,
            cut.lengths,
            cut.weights,
            np.where(collection.idle, np.uint8(0), cut.weights),
            collection.idle.copy(),
            cut.bounds,
            text_of,
            collection.ranks,
            collection.audited,
            int(self.numbers[0]) if len(self.numbers) else texts,
        )
        self._limits = seeker.Limits(
            RUN_WEIGHT,
            PAIR_WEIGHT,
            LEAST_MET,
            LEAST_CHAIN,
            STRONG_CHAIN,
            WEAK_CHAIN,
            GAP,
            DRIFT,
            FIRST_HOLDERS,
            MOST_REPEATS,
            MOST_CHAINS,
        )
        self._totals = np.zeros(texts, dtype=np.int32)

    def silence(self, words: Ints) -> None:
        """Let more words prove nothing; they are numbered through all texts."""
        self._held.idle[words] = True
        self._held.proofs[words] = 0

    def find(self, numbers: Iterable[int], *, least: int, score: int) -> list[Pair]:
        """Return the pairs of these audited texts with all others that share passages, in no order.

        Passages have ``least`` score and more, the best of a pair at least half of ``score``. Of two
        audited texts the later one finds the pair.
        """
        found: list[Pair] = []
        for number in numbers:
            found += self._ask(number, least, score)
        return found

    def asker(self, pair: Pair) -> int:
        """Return which text of a pair found it."""
        return pair.right if self._held.audited[pair.right] else pair.left

    def _ask(self, number: int, least: int, score: int) -> list[Pair]:
        from rseaudit.duplicates import seeker

        room = _ROOM
        while True:
            rows = seeker.seek(
                number, self._runs, self._pairs, self._held, self._limits, self._totals, least, score, room
            )
            if len(rows) < room:
                return [_pair(number, other, spans) for other, spans in _grouped(rows)]
            room *= 8


def _grouped(rows: Ints) -> Iterator[tuple[int, list[list[int]]]]:
    values = rows.tolist()
    low = 0
    for place in range(1, len(values) + 1):
        if place == len(values) or values[place][0] != values[low][0]:
            yield values[low][0], [row[1:] for row in values[low:place]]
            low = place


def _pair(number: int, other: int, spans: list[list[int]]) -> Pair:
    runs = [Run(*span) for span in spans]
    if other > number:
        return Pair(number, other, tuple(sorted(runs)))
    return Pair(other, number, tuple(sorted(run.turned() for run in runs)))
