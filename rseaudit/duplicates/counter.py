"""Compiled: in how many texts, sources or spaces a key stands."""

from __future__ import annotations

import numpy as np

from rseaudit.duplicates.compiled import compiled
from rseaudit.duplicates.cutting import Ints, Keys, Places


@compiled
def large(postings: Keys, bits: int, least: int) -> Ints:
    """Return the first posting of each key that has at least so many, and that of the next key."""
    shift = np.uint64(bits)
    out = np.empty((len(postings) // least, 2), dtype=np.int64)
    count = low = 0
    for row in range(1, len(postings) + 1):
        if row == len(postings) or (postings[row] ^ postings[row - 1]) >> shift:
            if row - low >= least:
                out[count, 0], out[count, 1] = low, row
                count += 1
            low = row
    return out[:count].copy()


@compiled
def crowded(postings: Keys, bits: int, groups: Ints, text_of: Places, labels: Ints, limit: int) -> Ints:
    """Return the first posting of each key that stands under more than ``limit`` labels, or very often.

    ``groups`` are the postings of keys, as ``large`` gives them.
    """
    mask = (np.uint64(1) << np.uint64(bits)) - np.uint64(1)
    out = np.empty(len(groups), dtype=np.int64)
    most = np.int64(0)
    for text in range(len(labels)):
        most = max(most, labels[text])
    seen = np.full(most + 1, -1, dtype=np.int64)
    total = 0
    for row in range(len(groups)):
        low, high = groups[row, 0], groups[row, 1]
        if high - low <= limit:
            continue
        count = 0
        for place in range(low, high):
            label = labels[text_of[np.int64(postings[place] & mask)]]
            if seen[label] != low:
                seen[label] = low
                count += 1
        if count > limit or high - low > 8 * limit:
            out[total] = low
            total += 1
    return out[:total].copy()


@compiled
def frequent(postings: Keys, bits: int, text_of: Places, sources: Ints, limits: Ints, everywhere: int) -> Ints:
    """Return the numbers of all postings whose key stands in ``limits[s]`` texts of a source, or ``everywhere``."""
    shift = np.uint64(bits)
    mask = (np.uint64(1) << shift) - np.uint64(1)
    out = np.zeros(len(postings), dtype=np.bool_)
    counts = np.zeros(len(limits), dtype=np.int64)
    fewest = everywhere
    for source in range(len(limits)):
        fewest = min(fewest, limits[source])
    low = 0
    while low < len(postings):
        high = low + 1
        while high < len(postings) and postings[high] >> shift == postings[low] >> shift:
            high += 1
        if high - low >= fewest:
            counts[:] = 0
            total = 0
            before = -1
            for place in range(low, high):
                text = int(text_of[np.int64(postings[place] & mask)])
                if text != before:
                    before = text
                    total += 1
                    counts[sources[text]] += 1
            if total >= everywhere or np.any(counts >= limits):
                out[low:high] = True
        low = high
    return np.flatnonzero(out)
