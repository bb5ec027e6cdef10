"""Compiled: in how many texts, sources or spaces a key stands."""

from __future__ import annotations

import numpy as np

from rseaudit.duplicates.columns import Ints, Keys, Places
from rseaudit.duplicates.compiled import compiled


@compiled
def large(postings: Keys, bits: int, least: int) -> Ints:
    """Return the first posting of each key that has at least so many, two or more, and that of the next key."""
    shift = np.uint64(bits)
    size = len(postings)
    out = np.empty((size // least, 2), dtype=np.int64)
    # Of so many in a row two stand exactly this far apart, each at a multiple of it.
    step = least // 2
    count = row = 0
    while row + step < size:
        key = postings[row] >> shift
        if postings[row + step] >> shift != key:
            row += step
            continue
        low, high = row, row + step
        while low and postings[low - 1] >> shift == key:
            low -= 1
        while high < size and postings[high] >> shift == key:
            high += 1
        if high - low >= least:
            out[count, 0], out[count, 1] = low, high
            count += 1
        row = (high + step - 1) // step * step
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
def frequent(
    postings: Keys, bits: int, groups: Ints, text_of: Places, sources: Ints, limits: Ints, everywhere: int
) -> Ints:
    """Return the numbers of all postings whose key stands in ``limits[s]`` texts of a source, or ``everywhere``.

    ``groups`` are the postings of keys that have so many, as ``large`` gives them.
    """
    mask = (np.uint64(1) << np.uint64(bits)) - np.uint64(1)
    out = np.empty((groups[:, 1] - groups[:, 0]).sum(), dtype=np.int64)
    counts = np.zeros(len(limits), dtype=np.int64)
    found = 0
    for row in range(len(groups)):
        low, high = groups[row, 0], groups[row, 1]
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
            for place in range(low, high):
                out[found] = place
                found += 1
    return out[:found].copy()
