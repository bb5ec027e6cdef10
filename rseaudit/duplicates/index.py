"""Where each key of a collection stands: one sorted array a kind of key, a posting being key and place in one.

A posting is a 64-bit number: the upper bits of the key, then the number of the word at which it
starts, counted through all texts. Sorting such numbers is all there is to building an index, and
two indexes of the same texts are equal byte for byte.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from rseaudit.duplicates.columns import Cut, Ints, Keys

# Word numbers get so many bits at least, and one more each time that a collection outgrows them.
_LEAST_PLACE_BITS = 24
PREFIX = 16

# Postings that are kept in two sorted arrays: most of them, and those of texts that came later.
Segments = tuple[Keys, Keys]


@dataclass(frozen=True, eq=False)
class Index:
    """The postings of one kind of key in order; ``first[p]`` is the first whose upper 16 bits are ``p`` or more."""

    postings: Keys
    place_bits: int
    first: Ints

    def __len__(self) -> int:
        return len(self.postings)

    @property
    def places(self) -> Ints:
        """Return the word numbers at which the keys start, in order of postings."""
        return (self.postings & np.uint64((1 << self.place_bits) - 1)).astype(np.int64)

    def large(self, least: int) -> Ints:
        """Return the first posting of each key that has at least so many, and that of the next key."""
        from rseaudit.duplicates import counter

        known = next((own for fewest, own in self._large.items() if fewest <= least), None)
        if known is None:
            known = self._large[least] = counter.large(self.postings, self.place_bits, least)
        return known[known[:, 1] - known[:, 0] >= least]

    @cached_property
    def _large(self) -> dict[int, Ints]:
        """What ``large`` was asked for: whoever asks for more later need not go through all postings."""
        return {}


def place_bits(words: int) -> int:
    """Return how many bits number ``words`` words."""
    return max(_LEAST_PLACE_BITS, words.bit_length())


def of_runs(cut: Cut) -> Index:
    """Return the index of the runs of four words."""
    from rseaudit.duplicates import shingler

    bits = place_bits(len(cut.keys))
    return _sorted(shingler.runs(cut.keys, cut.bounds, bits), bits)


def of_pairs(cut: Cut) -> Index:
    """Return the index of two content words in a row, cut to six letters."""
    from rseaudit.duplicates import shingler

    bits = place_bits(len(cut.keys))
    return _sorted(shingler.pairs(cut.stems, cut.weights, cut.bounds, bits), bits)


def of_keys(keys: Keys, places: Ints, words: int) -> Index:
    """Return the index of any keys, each with the number of the word at which it starts."""
    bits = np.uint64(place_bits(words))
    return _sorted((keys >> bits << bits) | places.astype(np.uint64), int(bits))


def _sorted(postings: Keys, bits: int) -> Index:
    from rseaudit.duplicates import sorter

    return prefixed(sorter.in_order(postings), bits)


def prefixed(postings: Keys, bits: int) -> Index:
    """Return the index of postings that are in order already."""
    return Index(postings, bits, firsts(postings))


def firsts(postings: Keys) -> Ints:
    """Return ``Index.first`` of postings in order; that of two arrays in one is the sum of both."""
    from rseaudit.duplicates import ring

    return ring.firsts(postings, PREFIX)
