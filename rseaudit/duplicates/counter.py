"""Compiled: in how many texts, sources or spaces a key stands."""

from __future__ import annotations

import numpy as np

from rseaudit.duplicates.compiled import compiled
from rseaudit.duplicates.cutting import Flags, Ints, Keys, Places


@compiled
def crowded(postings: Keys, bits: int, text_of: Places, labels: Ints, limit: int) -> Flags:
    """Flag the first posting of each key that stands under more than ``limit`` labels, or very often."""
    shift = np.uint64(bits)
    mask = (np.uint64(1) << shift) - np.uint64(1)
    out = np.zeros(len(postings), dtype=np.bool_)
    most = np.int64(0)
    for text in range(len(labels)):
        most = max(most, labels[text])
    seen = np.full(most + 1, -1, dtype=np.int64)
    low = 0
    while low < len(postings):
        high = low + 1
        while high < len(postings) and postings[high] >> shift == postings[low] >> shift:
            high += 1
        if high - low > limit:
            count = 0
            for place in range(low, high):
                label = labels[text_of[np.int64(postings[place] & mask)]]
                if seen[label] != low:
                    seen[label] = low
                    count += 1
            out[low] = count > limit or high - low > 8 * limit
        low = high
    return out


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
