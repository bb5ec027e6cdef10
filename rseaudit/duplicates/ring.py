"""Compiled: one kind of key in order, and which of its places are followed.

Whether one text is led to another by a key does not depend on which of the two asks: of a crowded key
the first holders are led to, from all others; of a text that repeats a key the first places count.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from rseaudit.duplicates.columns import Flags, Ints, Keys, Places
from rseaudit.duplicates.compiled import compiled


class Ring(NamedTuple):
    """One kind of key: its postings, which of them begin a crowded key, and at which words a text only repeats it.

    ``heads`` are the postings that begin a crowded key, and ``leaders`` the texts that each of them leads to: the
    first ones, then the first audited ones, -1 where there are no more.
    """

    postings: Keys
    first: Ints
    crowded: Flags
    repeated: Flags
    place_bits: int
    heads: Ints
    leaders: Ints


@compiled
def lower(postings: Keys, value: np.uint64, low: int, high: int) -> int:
    """Return the first posting from ``low`` on that is ``value`` or more, at most ``high``."""
    while low < high:
        middle = (low + high) >> 1
        if postings[middle] < value:
            low = middle + 1
        else:
            high = middle
    return low


@compiled
def gallop(postings: Keys, value: np.uint64, low: int) -> int:
    """Return the first posting of ``value`` or more from ``low`` on, which is not far."""
    step = 1
    while low + step < len(postings) and postings[low + step] < value:
        low += step
        step *= 2
    return lower(postings, value, low, min(low + step, len(postings)))


@compiled
def firsts(postings: Keys, bits: int) -> Ints:
    """Return the first posting from each value of so many upper bits on, and how many postings there are."""
    out = np.empty((1 << bits) + 1, dtype=np.int64)
    shift = np.uint64(64 - bits)
    low = 0
    for prefix in range(1 << bits):
        if low < len(postings) and postings[low] >> shift < np.uint64(prefix):
            low = gallop(postings, np.uint64(prefix) << shift, low)
        out[prefix] = low
    out[1 << bits] = len(postings)
    return out


@compiled
def repeated(postings: Keys, bits: int, groups: Ints, text_of: Places, longest: int, most: int) -> Flags:
    """Flag the words at which a text repeats a key for the ``most``-and-first time or later.

    ``groups`` are the postings of keys that have so many, as ``counter.large`` gives them; no text has more than
    ``longest`` words.
    """
    mask = (np.uint64(1) << np.uint64(bits)) - np.uint64(1)
    out = np.zeros(len(text_of), dtype=np.bool_)
    for row in range(len(groups)):
        for place in range(groups[row, 0] + most, groups[row, 1]):
            # The places of one text stand in a row; those far apart are of two.
            word, before = np.int64(postings[place] & mask), np.int64(postings[place - most] & mask)
            if word - before < longest and text_of[before] == text_of[word]:
                out[word] = True
    return out


@compiled
def leaders(postings: Keys, bits: int, heads: Ints, text_of: Places, order: Ints, audited: Flags, most: int) -> Ints:
    """Return for each key, given by its first posting, the ``most`` first texts by ``order``, then audited ones.

    None stands twice in a row, which is filled up with -1.
    """
    shift = np.uint64(bits)
    mask = (np.uint64(1) << shift) - np.uint64(1)
    out = np.full((len(heads), 2 * most), -1, dtype=np.int64)
    first = np.empty((2, most), dtype=np.int64)
    for row in range(len(heads)):
        counts = np.zeros(2, dtype=np.int64)
        place, before = int(heads[row]), -1
        key = postings[place] >> shift
        while place < len(postings) and postings[place] >> shift == key:
            text = int(text_of[np.int64(postings[place] & mask)])
            place += 1
            if text == before:
                continue
            before = text
            for part in range(2):
                if part == 1 and not audited[text]:
                    continue
                count = counts[part]
                at = count
                while at and order[first[part, at - 1]] > order[text]:
                    at -= 1
                if at == most:
                    continue
                for later in range(min(count, most - 1), at, -1):
                    first[part, later] = first[part, later - 1]
                first[part, at] = text
                counts[part] = min(count + 1, most)
        total = 0
        for part in range(2):
            for at in range(counts[part]):
                text = first[part, at]
                if part == 0 or not np.any(out[row, :total] == text):
                    out[row, total] = text
                    total += 1
    return out
