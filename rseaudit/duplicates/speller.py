"""Compiled: words that two texts share but for a letter or two."""

from __future__ import annotations

import numpy as np

from rseaudit.duplicates.columns import Bytes, Ints, Keys, Masks
from rseaudit.duplicates.compiled import compiled

# So many words in a row may be taken for misspelt ones, each of so many letters at least.
MOST_MISSPELT = 3
SPELT = 4
_DIGIT = np.uint32(1 << 31)

# Keys, stems, letters, lengths and what the words prove, of all texts in a row.
Words = tuple[Keys, Keys, Masks, Bytes, Bytes]


@compiled
def _is_misspelt(one: np.uint32, two: np.uint32, length: int, other: int) -> bool:
    if length < SPELT or other < SPELT or abs(length - other) > 1 or (one | two) & _DIGIT:
        return False
    differing = one ^ two
    bits = 0
    while differing:
        differing &= differing - np.uint32(1)
        bits += 1
    return bits <= 2


@compiled
def with_misspelt(words: Words, left: int, right: int, matched: Ints, count: int, out: Ints) -> int:
    """Add the words that stand alone between two corresponding ones and differ by a letter or two."""
    masks, lengths = words[2], words[3]
    total = 0
    for number in range(count):
        i, j = matched[number, 0], matched[number, 1]
        if number:
            before, other = matched[number - 1, 0] + 1, matched[number - 1, 1] + 1
            missed = i - before
            if missed == j - other and missed <= MOST_MISSPELT:
                for step in range(missed):
                    one, two = left + before + step, right + other + step
                    if _is_misspelt(masks[one], masks[two], int(lengths[one]), int(lengths[two])):
                        out[total, 0], out[total, 1] = before + step, other + step
                        total += 1
        out[total, 0], out[total, 1] = i, j
        total += 1
    return total
