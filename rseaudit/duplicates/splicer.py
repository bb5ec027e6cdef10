"""Compiled: carry arrays of an earlier collection over to the numbers of the present one."""

from __future__ import annotations

import numpy as np

from rseaudit.duplicates.compiled import compiled
from rseaudit.duplicates.cutting import Bytes, Flags, Ints, Keys, Places
from rseaudit.duplicates.ring import Ring, holders, lower


@compiled
def splice(values: Bytes, origins: Ints, sizes: Ints, bounds: Ints, width: int, out: Bytes) -> None:
    """Copy ``sizes[t]`` values of ``width`` bytes from ``origins[t]`` to ``bounds[t]``; -1 is no origin."""
    for text in range(len(origins)):
        if origins[text] >= 0:
            start, stop, at = origins[text] * width, (origins[text] + sizes[text]) * width, bounds[text] * width
            out[at : at + stop - start] = values[start:stop]


@compiled
def moved(postings: Keys, bits: int, text_of: Places, bounds: Ints, numbers: Ints, new_bounds: Ints) -> Keys:
    """Return postings with the places that their texts have now; ``numbers`` are those of the texts, -1 for none.

    They stay in order as long as the texts do.
    """
    shift = np.uint64(bits)
    mask = (np.uint64(1) << shift) - np.uint64(1)
    out = np.empty(len(postings), dtype=np.uint64)
    count = 0
    for row in range(len(postings)):
        word = np.int64(postings[row] & mask)
        text = text_of[word]
        number = numbers[text]
        if number >= 0:
            out[count] = (postings[row] >> shift << shift) | np.uint64(word - bounds[text] + new_bounds[number])
            count += 1
    return out[:count].copy()


@compiled
def merged(one: Keys, two: Keys) -> Keys:
    """Return the values of two sorted arrays in order."""
    out = np.empty(len(one) + len(two), dtype=np.uint64)
    i = j = 0
    for row in range(len(out)):
        if j >= len(two) or (i < len(one) and one[i] <= two[j]):
            out[row] = one[i]
            i += 1
        else:
            out[row] = two[j]
            j += 1
    return out


@compiled
def differing(before: Flags, bounds: Ints, numbers: Ints, now: Flags, new_bounds: Ints, out: Flags) -> None:
    """Flag the texts, by their present number, whose words are not flagged as they were before."""
    for text in range(len(numbers)):
        number = numbers[text]
        if number >= 0:
            start, at = bounds[text], new_bounds[number]
            for step in range(bounds[text + 1] - start):
                if before[start + step] != now[at + step]:
                    out[number] = True
                    break


@compiled
def _mark(ring: Ring, low: int, text_of: Places, out: Flags) -> None:
    shift = np.uint64(ring.place_bits)
    mask = (np.uint64(1) << shift) - np.uint64(1)
    place = low
    while place < len(ring.postings) and ring.postings[place] >> shift == ring.postings[low] >> shift:
        out[text_of[np.int64(ring.postings[place] & mask)]] = True
        place += 1


@compiled
def _find(ring: Ring, key: np.uint64) -> int:
    """Return the first posting of a key, given by its upper bits, -1 if there is none."""
    shift = np.uint64(ring.place_bits)
    low = lower(ring.postings, key << shift, 0, len(ring.postings))
    if low < len(ring.postings) and ring.postings[low] >> shift == key:
        return low
    return -1


@compiled
def unsettled(
    before: Ring,
    text_of: Places,
    start: int,
    crowded: Ints,
    numbers: Ints,
    now: Ring,
    new_text_of: Places,
    new_start: int,
    new_crowded: Ints,
    most: int,
    out: Flags,
) -> None:
    """Flag the texts that hold a key which was, or is, crowded, and does not lead to the texts it led to before.

    ``start`` is the first word of the first audited text; ``crowded`` the first posting of each crowded key.
    """
    shift = np.uint64(now.place_bits)
    old = np.empty(2 * most, dtype=np.int64)
    new = np.empty(2 * most, dtype=np.int64)
    for low in new_crowded:
        place = _find(before, now.postings[low] >> shift)
        same = False
        if place >= 0 and before.crowded[place]:
            count = holders(now, low, new_text_of, new_start, most, new)
            same = count == holders(before, place, text_of, start, most, old)
            for row in range(count):
                same = same and numbers[old[row]] == new[row]
        if not same:
            _mark(now, low, new_text_of, out)
    for low in crowded:
        place = _find(now, before.postings[low] >> shift)
        if place >= 0 and not now.crowded[place]:
            _mark(now, place, new_text_of, out)
