"""Compiled: one kind of key in order, and which of its places are followed.

Whether one text is led to another by a key does not depend on which of the two asks: of a crowded key
the first holders are led to, from all others; of a text that repeats a key the first places count.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from rseaudit.duplicates.compiled import compiled
from rseaudit.duplicates.cutting import Flags, Ints, Keys, Places


class Ring(NamedTuple):
    """One kind of key: its postings, which of them begin a crowded key, and at which words a text only repeats it."""

    postings: Keys
    first: Ints
    crowded: Flags
    repeated: Flags
    place_bits: int


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
def repeated(postings: Keys, bits: int, text_of: Places, most: int) -> Flags:
    """Flag the words at which a text repeats a key for the ``most``-and-first time or later."""
    shift = np.uint64(bits)
    mask = (np.uint64(1) << shift) - np.uint64(1)
    out = np.zeros(len(text_of), dtype=np.bool_)
    low = 0
    while low < len(postings):
        high = low + 1
        while high < len(postings) and postings[high] >> shift == postings[low] >> shift:
            high += 1
        if high - low > most:
            before, seen = -1, 0
            for place in range(low, high):
                word = np.int64(postings[place] & mask)
                seen = seen + 1 if text_of[word] == before else 1
                before = text_of[word]
                out[word] = seen > most
        low = high
    return out


@compiled
def holders(ring: Ring, low: int, text_of: Places, start: int, most: int, out: Ints) -> int:
    """Write the first texts that hold the key of posting ``low``, and those from word ``start`` on.

    Of each ``most``, none twice. Returns how many.
    """
    bits = np.uint64(ring.place_bits)
    mask = (np.uint64(1) << bits) - np.uint64(1)
    key = ring.postings[low] >> bits
    count = 0
    for stage in range(2):
        place = low
        if stage == 1:
            place = lower(ring.postings, (key << bits) | np.uint64(start), low, len(ring.postings))
        taken, before = 0, -1
        while place < len(ring.postings) and ring.postings[place] >> bits == key and taken < most:
            text = int(text_of[np.int64(ring.postings[place] & mask)])
            place += 1
            if text == before:
                continue
            before = text
            taken += 1
            if count == 0 or stage == 0 or text > out[count - 1]:
                out[count] = text
                count += 1
    return count
