"""Ask the index for each audited text: which others share chains of seeds with it, and which passages.

A seed is a key that two texts have in common. Of a key that stands nearly everywhere only the first
texts are followed: nothing is lost, since each later copy still meets the earliest ones, and the
work stays linear.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from rseaudit.duplicates.alignment import Run
from rseaudit.duplicates.columns import Cut, Flags, Ints, Keys
from rseaudit.duplicates.index import Index

if TYPE_CHECKING:
    from rseaudit.duplicates.ring import Ring
    from rseaudit.duplicates.trails import Trail

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
# Postings are numbered, with a bit more, in so many bytes as they need.
_MOST_SHORT = 1 << 29
# One way through all postings costs as much as one in so many texts that ask without it.
_MANY = 16
# So few texts look up their keys as they come.
_FEW = 8
# The columns of a passage, seen from the other text.
_TURNED = [1, 0, 4, 5, 2, 3, 6, 7, 8]


class Zeros(Protocol):
    """Makes an array of zeros, wherever there is room for it."""

    def __call__(self, shape: int, dtype: type[np.generic], /) -> NDArray[Any]: ...


@dataclass(frozen=True, slots=True, eq=False)
class Collection:
    """The texts of a run by number; ``count`` of them somebody has.

    ``idle`` flags words that prove nothing; ``places`` says where a text counts once; ``ranks``
    orders any two texts, whatever their numbers, and ``order`` by their age, references first.
    """

    cut: Cut
    runs: Index
    pairs: Index
    idle: Flags
    audited: Flags
    places: Ints
    ranks: Keys
    order: Ints
    count: int


@dataclass(frozen=True, slots=True)
class Pair:
    """Two texts by number, the left one being the first by order, with their passages in order of that one."""

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

    def __init__(self, collection: Collection, *, zeros: Zeros = np.zeros) -> None:
        """``zeros`` makes the large arrays that asking is faster with."""
        from rseaudit.duplicates import chainer, counter, ring, trails

        cut = collection.cut
        text_of = cut.text_numbers
        limit = frequency_limit(collection.count)
        audited, order = collection.audited, collection.order
        longest = int(np.diff(cut.bounds).max(initial=0))

        def ring_of(index: Index) -> Ring:
            postings, bits = index.postings, index.place_bits
            groups = index.large(MOST_REPEATS + 1)
            heads = counter.crowded(postings, bits, groups, text_of, collection.places, limit)
            crowded = np.zeros(len(postings), dtype=np.bool_)
            crowded[heads] = True
            again = ring.repeated(postings, bits, groups, text_of, longest, MOST_REPEATS)
            leaders = ring.leaders(postings, bits, heads, text_of, order, audited, FIRST_HOLDERS)
            return ring.Ring(postings, index.first, crowded, again, bits, heads, leaders)

        self.runs, self.pairs = ring_of(collection.runs), ring_of(collection.pairs)
        self.audited, self.order = audited, order
        self.numbers = np.flatnonzero(audited)
        self._held = trails.Held(
            cut.keys,
            cut.stems,
            cut.letters,
            cut.lengths,
            cut.weights,
            np.where(collection.idle, np.uint8(0), cut.weights),
            cut.bounds,
            text_of,
            collection.ranks,
            np.where(audited, order, -1).astype(np.int32),
            audited,
            np.zeros(0, dtype=np.bool_),
            bool((np.diff(order) == 1).all()),
        )
        self._limits = chainer.Limits(
            RUN_WEIGHT,
            PAIR_WEIGHT,
            LEAST_MET,
            LEAST_CHAIN,
            STRONG_CHAIN,
            WEAK_CHAIN,
            GAP,
            DRIFT,
            MOST_CHAINS,
        )
        self._tallies = chainer.Tallies(np.zeros(len(cut), dtype=np.uint8), np.zeros(len(cut), dtype=np.int64))
        self._all, self._few = np.ones(len(cut), dtype=np.bool_), np.zeros(len(cut), dtype=np.bool_)
        self._visits = np.empty((_ROOM, 2), dtype=np.int64)
        wide = max(len(self.runs.postings), len(self.pairs.postings)) >= _MOST_SHORT

        def trail(kind: int) -> Trail:
            # Pages of zeros take no memory until they are written to.
            starts = zeros(len(cut.keys), np.int64 if wide else np.int32)
            return trails.Trail(kind, starts, np.zeros(0, dtype=np.int32))

        self._trails = (trail(chainer.RUNS), trail(chainer.PAIRS))
        self._zeros = zeros
        self._is_led = False

    def find(self, numbers: Iterable[int], *, least: int, score: int) -> list[Pair]:
        """Return the pairs of these audited texts with all others that share passages, in no order.

        Passages have ``least`` score and more, the best of a pair at least half of ``score``. Of two
        audited texts the later one finds the pair.
        """
        asking = np.fromiter(numbers, dtype=np.int64)
        if not self._is_led and _MANY * len(asking) >= len(self.audited):
            self._lead()
        return self._ask(asking, least, score)

    def find_beside(self, number: int, words: Ints, others: Sequence[int], *, least: int, score: int) -> list[Pair]:
        """Return what ``find`` gives of a text and ``others`` when words of it, by their numbers, prove nothing."""
        # A text never meets itself, so that the trails are right all the while.
        proofs = self._held.proofs
        before = proofs[words]
        proofs[words] = 0
        self._few[others] = True
        try:
            return self._ask(np.array([number]), least, score, wanted=self._few)
        finally:
            proofs[words] = before
            self._few[others] = False

    def askers(self, numbers: Ints, *, least: int, score: int) -> list[Pair]:
        """Return the pairs that others find when they ask these texts."""
        if not len(self._held.asking):
            words = np.repeat(self.audited, np.diff(self._held.bounds))
            self._held = self._held._replace(asking=words)
        return self._ask(numbers, least, score, asked=True)

    def asker(self, pair: Pair) -> int:
        """Return which text of a pair found it."""
        return pair.right if self.audited[pair.right] else pair.left

    def _lead(self) -> None:
        from rseaudit.duplicates import trails

        runs, pairs = self._trails
        self._trails = (
            runs._replace(texts=self._zeros(len(self.runs.postings), np.int32)),
            pairs._replace(texts=self._zeros(len(self.pairs.postings), np.int32)),
        )
        for own, trail in zip((self.runs, self.pairs), self._trails, strict=True):
            trails.lead(own, self._held, trail)
        self._is_led = True

    def _ask(
        self, numbers: Ints, least: int, score: int, *, asked: bool = False, wanted: Flags | None = None
    ) -> list[Pair]:
        from rseaudit.duplicates import seeker, sorter, trails

        found: list[Pair] = []
        rings = (self.runs, self.pairs)
        if not self._is_led and len(numbers) > _FEW:
            for ring, trail in zip(rings, self._trails, strict=True):
                postings = trails.own(numbers, trail.kind, ring.place_bits, self._held)
                trails.look_up(sorter.in_order(postings), ring, trail)
        while len(numbers):
            out = np.empty((len(self._visits), seeker.COLUMNS), dtype=np.int64)
            done, rows = seeker.seek(
                numbers,
                asked,
                rings,
                self._trails,
                self._held,
                self._limits,
                self._all if wanted is None else wanted,
                self._tallies,
                self._visits,
                least,
                score,
                out,
            )
            found += _pairs(out[:rows], self.order)
            numbers = numbers[done:]
            if not done:
                self._visits = np.empty((8 * len(self._visits), 2), dtype=np.int64)
        return found


def _pairs(rows: Ints, order: Ints) -> Iterator[Pair]:
    """Turn what the kernel tells of texts that ask to pairs."""
    turned = order[rows[:, 0]] > order[rows[:, 1]]
    rows[turned] = rows[turned][:, _TURNED]
    rows = rows[np.lexsort((rows[:, 2], rows[:, 1], rows[:, 0]))]
    edges = [0, *(np.flatnonzero(np.any(rows[1:, :2] != rows[:-1, :2], axis=1)) + 1).tolist(), len(rows)]
    left, right, *columns = (column.tolist() for column in rows.T)
    runs = tuple(map(Run, *columns))
    for low, high in pairwise(edges if runs else []):
        yield Pair(left[low], right[low], runs[low:high])
