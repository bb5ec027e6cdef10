"""Find pairs of texts that may share a passage: seeds in the same order and close together.

A seed is a key that two texts have in common. What counts is a chain of them, not how alike the
whole texts are: two copied sentences in a long post are enough.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rseaudit.duplicates.index import Index, Ints

# Seeds of one chain: at most so many words apart, and so many words of drift between the texts.
GAP = 25
DRIFT = 8
# Of a key that stands nearly everywhere only the first texts are followed: nothing is lost, since
# each later copy still meets the earliest ones, and the work stays linear.
FIRST_HOLDERS = 4
_CHUNK = 2_000_000

Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Keyring:
    """One kind of key: its index, what one seed weighs, and what becomes of frequent keys.

    ``follow`` keeps the first holders of a frequent key; a weak kind of key is better dropped.
    """

    index: Index
    weight: int
    follow: bool


@dataclass(frozen=True, slots=True, eq=False)
class Seeds:
    """Places that two texts have in common: ``left < right`` are text numbers, the rest words."""

    left: Ints
    right: Ints
    left_start: Ints
    left_end: Ints
    right_start: Ints
    right_end: Ints
    weight: Ints

    def __len__(self) -> int:
        return len(self.left)

    def ordered(self, order: Ints) -> Seeds:
        """Return the seeds at the given places."""
        return Seeds(*(getattr(self, name)[order] for name in self.__slots__))


@dataclass(frozen=True, slots=True)
class Chain:
    """Seeds of one pair of texts in a row, as (left start, left end, right start, right end) in words."""

    left: int
    right: int
    weight: int
    seeds: tuple[tuple[int, int, int, int], ...]


def frequency_limit(texts: int) -> int:
    """Return in how many places a key may stand before only its first holders are followed."""
    return max(24, 2 * int(texts**0.5))


def find(
    keyrings: Sequence[Keyring], *, audited: Flags, reference: Flags, places: Ints, least: int, strong: int, weak: int
) -> list[Chain]:
    """Return the chains of at least ``least`` weight between audited texts and all others.

    Between texts with one chain of ``strong`` weight, others are followed from ``weak`` on: of a
    reordered copy each sentence is a chain of its own.

    Texts are numbered with references first, each part from the earliest to the latest; that is
    the order in which holders of frequent keys are followed. Chains are ordered by pair and place.
    """
    chains: list[Chain] = []
    limit = frequency_limit(len(audited))
    asked = [_Asked.of(ring, audited=audited, reference=reference, places=places, limit=limit) for ring in keyrings]
    for low, high in _chunks(asked, np.flatnonzero(audited), len(audited)):
        parts = [part for ask in asked for part in ask.seeds(low, high)]
        chains += _chains(_concatenated(parts), least, strong, weak)
    return sorted(chains, key=lambda chain: (chain.left, chain.right, chain.seeds[0]))


@dataclass(frozen=True, slots=True, eq=False)
class _Asked:
    """One keyring with the postings to ask for, grouped by text, and the ranges each one meets."""

    ring: Keyring
    audited: Flags
    postings: Ints
    ranges: tuple[tuple[Ints, Ints], ...]

    @classmethod
    def of(cls, ring: Keyring, *, audited: Flags, reference: Flags, places: Ints, limit: int) -> _Asked:
        index = ring.index
        first, last = index.groups[:-1], index.groups[1:]
        frequent = (index.frequencies(places) > limit) | (last - first > 8 * limit)
        references = np.bincount(index.group_of[reference[index.texts]], minlength=len(first)).astype(np.int64)
        if ring.follow:
            head = np.minimum(first + FIRST_HOLDERS, last)
            second = np.maximum(np.minimum(first + references, last), head)
            tail = np.minimum(second + FIRST_HOLDERS, last)
        else:
            head = second = tail = first
        postings = np.flatnonzero(audited[index.texts])
        postings = postings[np.argsort(index.texts[postings], kind="stable")]
        return cls(
            ring,
            audited,
            postings,
            ((first, np.where(frequent, head, last)), (second, np.where(frequent, tail, second))),
        )

    def work(self, texts: int) -> Ints:
        """Return for each text how many seeds it will ask for."""
        groups = self.ring.index.group_of[self.postings]
        sizes = sum((stop - start)[groups] for start, stop in self.ranges)
        return np.bincount(self.ring.index.texts[self.postings], weights=sizes, minlength=texts).astype(np.int64)

    def seeds(self, low: int, high: int) -> Iterator[Seeds]:
        """Yield the seeds of the audited texts numbered from ``low`` to ``high``, exclusive."""
        index = self.ring.index
        first, last = np.searchsorted(index.texts[self.postings], (low, high))
        postings = self.postings[first:last]
        groups = index.group_of[postings]
        for starts, stops in self.ranges:
            sizes = (stops - starts)[groups]
            asking = np.repeat(postings, sizes)
            offsets = np.arange(len(asking), dtype=np.int64) - np.repeat(np.cumsum(sizes) - sizes, sizes)
            found = np.repeat(starts[groups], sizes) + offsets
            one, two = index.texts[asking], index.texts[found]
            # Two audited texts meet twice, once from each side: the later one asks.
            kept = (one != two) & (~self.audited[two] | (two < one))
            asking, found = asking[kept], found[kept]
            swap = index.texts[asking] > index.texts[found]
            left, right = np.where(swap, found, asking), np.where(swap, asking, found)
            yield Seeds(
                index.texts[left],
                index.texts[right],
                index.starts[left],
                index.ends[left],
                index.starts[right],
                index.ends[right],
                np.full(len(left), self.ring.weight, dtype=np.int64),
            )


def _chunks(asked: Sequence[_Asked], numbers: Ints, texts: int) -> Iterator[tuple[int, int]]:
    """Cut the audited texts into ranges that ask for a bounded number of seeds each."""
    if not len(numbers):
        return
    work = np.cumsum(sum(ask.work(texts) for ask in asked))
    low = int(numbers[0])
    while low < texts:
        before = int(work[low - 1]) if low else 0
        high = max(low + 1, int(np.searchsorted(work, before + _CHUNK, side="right")))
        yield low, high
        low = high


def _concatenated(parts: Sequence[Seeds]) -> Seeds:
    return Seeds(*(np.concatenate([getattr(part, name) for part in parts]) for name in Seeds.__slots__))


def _chains(seeds: Seeds, least: int, strong: int, weak: int) -> Iterator[Chain]:
    """Cut the seeds of each pair where the diagonal or the place jumps; keep what weighs enough."""
    if not len(seeds):
        return
    seeds = _worth(seeds, _grouped(seeds.left, seeds.right), least)
    drift = seeds.right_start - seeds.left_start
    seeds = seeds.ordered(np.lexsort((seeds.left_start, drift, seeds.right, seeds.left)))
    drift = seeds.right_start - seeds.left_start
    runs = _numbered(seeds.left, seeds.right, jumps=(drift, DRIFT))
    order = np.lexsort((seeds.right_start, seeds.left_start, runs))
    seeds, runs = seeds.ordered(order), runs[order]
    chains = _numbered(runs, jumps=(seeds.left_start, GAP))
    weights = np.bincount(chains, weights=seeds.weight).astype(np.int64) if len(seeds) else chains
    bounds = np.searchsorted(chains, np.arange(len(weights) + 1))
    pairs = _grouped(seeds.left, seeds.right)[bounds[:-1]]
    best = np.zeros(int(pairs.max(initial=-1)) + 1, dtype=np.int64)
    np.maximum.at(best, pairs, weights)
    for number in np.flatnonzero((weights >= least) | ((weights >= weak) & (best >= strong)[pairs])):
        place = slice(int(bounds[number]), int(bounds[number + 1]))
        spots = zip(
            seeds.left_start[place].tolist(),
            seeds.left_end[place].tolist(),
            seeds.right_start[place].tolist(),
            seeds.right_end[place].tolist(),
            strict=True,
        )
        first = place.start
        yield Chain(int(seeds.left[first]), int(seeds.right[first]), int(weights[number]), tuple(spots))


def _grouped(left: Ints, right: Ints) -> Ints:
    """Number the pairs."""
    if not len(left):
        return left
    _, numbers = np.unique(left * (int(right.max()) + 1) + right, return_inverse=True)
    return np.asarray(numbers, dtype=np.int64)


def _worth(seeds: Seeds, pairs: Ints, least: int) -> Seeds:
    """Drop at once the pairs whose seeds together weigh too little."""
    weights = np.bincount(pairs, weights=seeds.weight).astype(np.int64)
    return seeds.ordered(np.flatnonzero((weights >= least)[pairs]))


def _numbered(*keys: Ints, jumps: tuple[Ints, int]) -> Ints:
    """Number runs of rows with equal ``keys`` and without a jump in a value; rows are sorted so."""
    values, most = jumps
    fresh = np.zeros(len(values), dtype=np.bool_)
    fresh[1:] = np.diff(values) > most
    for key in keys:
        fresh[1:] |= key[1:] != key[:-1]
    return np.cumsum(fresh).astype(np.int64)
