"""Compiled: which words of two texts correspond around a chain of seeds.

Words are compared by stem. Between seeds a dynamic program of at most ``WINDOW`` words a side says
which words correspond, the weightier ones first: the heaviest common subsequence (Wagner and Fischer,
"The string-to-string correction problem", 1974). Words that the other side lacks change nothing in it, and
among some dozens of words most are such, so the table has the other ones only.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from rseaudit.duplicates.columns import Bytes, Ints, Keys
from rseaudit.duplicates.compiled import compiled

# Words looked at before the first and after the last seed of a chain.
MARGIN = 40
WINDOW = 160
_SHELVES = 512
_SHELF = np.uint64(_SHELVES - 1)
# Of what a shelf holds, the lower bits are a word and the upper ones the turn in which it was put there.
_WORD_BITS = 8
_WORD = (1 << _WORD_BITS) - 1


class Desk(NamedTuple):
    """Room for the work on one pair of texts, so that none is asked for again and again.

    ``table`` is that of the dynamic program; ``rooms`` has one row for each of the names below.
    """

    table: Ints
    rooms: Ints


# By what its stem ends with, the first such word of the right side; then the number of the turn.
_FIRST = 0
# The next word of the right side on the same shelf.
_NEXT = 1
# The words of the left side that the right side has, and the other way round; the numbers of the latter among them.
_ROWS, _COLS, _COL_OF = 2, 3, 4


@compiled
def desk(table: Ints) -> Desk:
    """Return room for the work; ``table`` has ``WINDOW + 1`` rows and columns."""
    rooms = np.empty((5, _SHELVES + 1), dtype=np.int64)
    rooms[_FIRST] = 0
    return Desk(table, rooms)


@compiled
def rising(seeds: Ints, rows: Ints, lists: Ints) -> Ints:
    """Return the longest part of the seeds, ordered by their left start, that rises in both texts.

    By the tails of the rising parts so far (Fredman, "On computing the length of longest increasing
    subsequences", 1975). ``lists`` gives room; the result stands in its last row.
    """
    count = len(rows)
    tails, tail_at, before = lists[1], lists[2], lists[3]
    out: Ints = lists[4]
    length = 0
    for number in range(count):
        value = seeds[rows[number], 2]
        place = length
        if length and value <= tails[length - 1]:
            place = np.searchsorted(tails[:length], value)
        before[number] = tail_at[place - 1] if place else -1
        tails[place] = value
        tail_at[place] = number
        length = max(length, place + 1)
    number = tail_at[length - 1] if length else -1
    for place in range(length - 1, -1, -1):
        out[place] = rows[number]
        number = before[number]
    return out[:length]


@compiled
def common(
    stems: Keys,
    weights: Bytes,
    left: int,
    right: int,
    a: int,
    b: int,
    c: int,
    d: int,
    late: bool,
    on: Desk,
    out: Ints,
    count: int,
) -> int:
    """Append the corresponding words of ``[a, b)`` and ``[c, d)``, numbers within the texts, in order.

    Of equally good ways the one with the earliest words, or the latest if ``late``.
    """
    b, d = min(b, a + WINDOW), min(d, c + WINDOW)
    while not late and a < b and c < d and stems[left + a] == stems[right + c]:
        out[count, 0], out[count, 1] = a, c
        count += 1
        a += 1
        c += 1
    if a >= b or c >= d:
        return count
    table, rooms = on
    left, right = left + a, right + c
    wide = d - c
    rooms[_FIRST, _SHELVES] += 1
    turn = rooms[_FIRST, _SHELVES]
    for col in range(wide - 1, -1, -1):
        shelf = np.int64(stems[right + col] & _SHELF)
        held = rooms[_FIRST, shelf]
        rooms[_NEXT, col] = held & _WORD if held >> _WORD_BITS == turn else wide
        rooms[_FIRST, shelf] = turn << _WORD_BITS | col
        rooms[_COL_OF, col] = -1
    height = 0
    for row in range(b - a):
        stem = stems[left + row]
        held = rooms[_FIRST, np.int64(stem & _SHELF)]
        if held >> _WORD_BITS != turn:
            continue
        col = held & _WORD
        shared = False
        while col < wide:
            if stems[right + col] == stem:
                rooms[_COL_OF, col] = 0
                shared = True
            col = rooms[_NEXT, col]
        if shared:
            rooms[_ROWS, height] = row
            height += 1
    if not height:
        return count
    width = 0
    for col in range(wide):
        if not rooms[_COL_OF, col]:
            rooms[_COL_OF, col] = width
            rooms[_COLS, width] = col
            width += 1
    for j in range(width + 1):
        table[height, j] = 0
    for i in range(height - 1, -1, -1):
        for j in range(width + 1):
            table[i, j] = table[i + 1, j]
        stem = stems[left + rooms[_ROWS, i]]
        weight = 1 + 2 * np.int64(weights[left + rooms[_ROWS, i]])
        col = rooms[_FIRST, np.int64(stem & _SHELF)] & _WORD
        while col < wide:
            if stems[right + col] == stem:
                j = rooms[_COL_OF, col]
                value = table[i + 1, j + 1] + weight
                while j >= 0 and table[i, j] < value:
                    table[i, j] = value
                    j -= 1
            col = rooms[_NEXT, col]
    # Walk as through the table of all words: between two picked ones it is as at the next of them.
    i = j = col = 0
    while i < height and j < width:
        if col < rooms[_COLS, j]:
            if table[i + 1, j] >= table[i, j]:
                i += 1
            else:
                col = rooms[_COLS, j]
            continue
        beside = max(table[i + 1, j], table[i, j + 1])
        if stems[left + rooms[_ROWS, i]] == stems[right + col] and (table[i, j] > beside or not late):
            out[count, 0], out[count, 1] = a + rooms[_ROWS, i], c + col
            count += 1
            i += 1
            j += 1
            col += 1
        elif table[i + 1, j] >= table[i, j + 1]:
            i += 1
        else:
            j += 1
            col += 1
    return count


@compiled
def matched(
    stems: Keys,
    weights: Bytes,
    left: int,
    right: int,
    sizes: tuple[int, int],
    seeds: Ints,
    chain: Ints,
    on: Desk,
    out: Ints,
) -> int:
    """Write the corresponding words around a chain, in order in both texts; return how many."""
    at_left = max(0, seeds[chain[0], 0] - MARGIN)
    at_right = max(0, seeds[chain[0], 2] - MARGIN)
    count = 0
    first = True
    for row in chain:
        skip = 0 if first else max(0, at_left - seeds[row, 0], at_right - seeds[row, 2])
        start, other = seeds[row, 0] + skip, seeds[row, 2] + skip
        size = seeds[row, 1] - start
        if size <= 0 or size != seeds[row, 3] - other:
            continue
        same = True
        for step in range(size):
            if stems[left + start + step] != stems[right + other + step]:
                same = False
                break
        if not same:
            continue
        if first:
            # The words before the first seed are aligned from the seed backwards: the nearest come first.
            at_left, at_right = max(at_left, start - MARGIN), max(at_right, other - MARGIN)
            first = False
        if at_left < start and at_right < other:
            count = common(stems, weights, left, right, at_left, start, at_right, other, count == 0, on, out, count)
        for step in range(size):
            out[count, 0], out[count, 1] = start + step, other + step
            count += 1
        at_left, at_right = start + size, other + size
    last = chain[len(chain) - 1]
    reach = MARGIN if not first else MARGIN + seeds[last, 1] - at_left
    across = MARGIN if not first else MARGIN + seeds[last, 3] - at_right
    end, end_right = min(sizes[0], at_left + reach), min(sizes[1], at_right + across)
    return common(stems, weights, left, right, at_left, end, at_right, end_right, False, on, out, count)
