"""Compiled: which words two texts share around a chain of seeds. See ``alignment`` for the meaning.

Words are compared by stem. Between seeds a dynamic program of at most ``WINDOW`` words a side says
which words correspond, the weightier ones first; a local score then says where a passage begins
and ends. Time is linear in the length of a chain.
"""

from __future__ import annotations

import numpy as np

from rseaudit.duplicates.compiled import compiled
from rseaudit.duplicates.cutting import Flags, Ints
from rseaudit.duplicates.speller import Words, with_misspelt

# Words looked at before the first and after the last seed of a chain.
MARGIN = 40
WINDOW = 160
SKIP_COST = 1
# A passage ends where the score falls so far below its best: about a short sentence of other words.
DROP = 14
# Nor does it lead over so many words in a row that only one of the texts has.
MOST_SKIPPED = 8
# A sure passage has so many times the least score.
SURE = 3
# Left and right start and end, matched and equal words, score.
COLUMNS = 7


@compiled
def _is_free(taken: Flags, start: int, end: int) -> bool:
    return not taken[start:end].any()


@compiled
def _rising(seeds: Ints, rows: Ints) -> Ints:
    """Return the longest part of the seeds, ordered by their left start, that rises in both texts."""
    count = len(rows)
    tails = np.empty(count, dtype=np.int64)
    tail_at = np.empty(count, dtype=np.int64)
    before = np.empty(count, dtype=np.int64)
    length = 0
    for number in range(count):
        value = seeds[rows[number], 2]
        place = np.searchsorted(tails[:length], value)
        before[number] = tail_at[place - 1] if place else -1
        tails[place] = value
        tail_at[place] = number
        length = max(length, place + 1)
    out = np.empty(length, dtype=np.int64)
    number = tail_at[length - 1] if length else -1
    while number >= 0:
        length -= 1
        out[length] = rows[number]
        number = before[number]
    return out


@compiled
def _common(
    words: Words, left: int, right: int, a: int, b: int, c: int, d: int, late: bool, table: Ints, out: Ints, count: int
) -> int:
    """Append the corresponding words of ``[a, b)`` and ``[c, d)``, numbers within the texts, in order.

    Of equally good ways the one with the earliest words, or the latest if ``late``.
    """
    stems, weights = words[1], words[4]
    b, d = min(b, a + WINDOW), min(d, c + WINDOW)
    if a >= b or c >= d:
        return count
    rows, cols = b - a, d - c
    for col in range(cols + 1):
        table[rows, col] = 0
    for row in range(rows - 1, -1, -1):
        table[row, cols] = 0
        stem = stems[left + a + row]
        weight = 1 + 2 * int(weights[left + a + row])
        for col in range(cols - 1, -1, -1):
            best = max(table[row + 1, col], table[row, col + 1])
            if stem == stems[right + c + col]:
                best = max(best, table[row + 1, col + 1] + weight)
            table[row, col] = best
    row = col = 0
    while row < rows and col < cols:
        beside = max(table[row + 1, col], table[row, col + 1])
        if stems[left + a + row] == stems[right + c + col] and (table[row, col] > beside or not late):
            out[count, 0], out[count, 1] = a + row, c + col
            count += 1
            row += 1
            col += 1
        elif table[row + 1, col] >= table[row, col + 1]:
            row += 1
        else:
            col += 1
    return count


@compiled
def _matched(
    words: Words, left: int, right: int, sizes: tuple[int, int], seeds: Ints, chain: Ints, table: Ints, out: Ints
) -> int:
    """Write the corresponding words around a chain, in order in both texts; return how many."""
    stems = words[1]
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
        count = _common(words, left, right, at_left, start, at_right, other, count == 0, table, out, count)
        for step in range(size):
            out[count, 0], out[count, 1] = start + step, other + step
            count += 1
        at_left, at_right = start + size, other + size
    last = chain[len(chain) - 1]
    reach = MARGIN if not first else MARGIN + seeds[last, 1] - at_left
    across = MARGIN if not first else MARGIN + seeds[last, 3] - at_right
    return _common(
        words,
        left,
        right,
        at_left,
        min(sizes[0], at_left + reach),
        at_right,
        min(sizes[1], at_right + across),
        False,
        table,
        out,
        count,
    )


@compiled
def _closed(
    words: Words,
    left: int,
    right: int,
    matched: Ints,
    first: int,
    last: int,
    score: int,
    least: int,
    taken: tuple[Flags, Flags],
    out: Ints,
    count: int,
) -> int:
    """Append the run of the corresponding words ``first`` to ``last``, unless another passage took any."""
    a, b = matched[first, 0], matched[last, 0] + 1
    c, d = matched[first, 1], matched[last, 1] + 1
    if score < least or count >= len(out) or not (_is_free(taken[0], a, b) and _is_free(taken[1], c, d)):
        return count
    equal = 0
    for number in range(first, last + 1):
        equal += words[0][left + matched[number, 0]] == words[0][right + matched[number, 1]]
    taken[0][a:b] = True
    taken[1][c:d] = True
    out[count, 0], out[count, 1], out[count, 2], out[count, 3] = a, b, c, d
    out[count, 4], out[count, 5], out[count, 6] = last + 1 - first, equal, score
    return count + 1


@compiled
def _scored(
    words: Words,
    left: int,
    right: int,
    matched: Ints,
    total: int,
    least: int,
    taken: tuple[Flags, Flags],
    out: Ints,
    count: int,
) -> int:
    """Cut corresponding words into the stretches whose score, gaps deducted, is locally best."""
    weights = words[4]
    first = best_at = 0
    score = best = skipped = 0
    for number in range(total):
        if number:
            skipped = max(matched[number, 0] - matched[number - 1, 0], matched[number, 1] - matched[number - 1, 1]) - 1
            score -= SKIP_COST * skipped
        if score <= 0 or best - score > DROP or skipped > MOST_SKIPPED:
            if best > 0:
                count = _closed(words, left, right, matched, first, best_at, best, least, taken, out, count)
            first, score, best = number, 0, 0
        score += min(int(weights[left + matched[number, 0]]), int(weights[right + matched[number, 1]]))
        if score > best:
            best, best_at = score, number
        elif best == 0:
            first = number + 1
    if best > 0:
        count = _closed(words, left, right, matched, first, best_at, best, least, taken, out, count)
    return count


@compiled
def _aligned(
    words: Words,
    left: int,
    right: int,
    sizes: tuple[int, int],
    seeds: Ints,
    first: int,
    last: int,
    least: int,
    taken: tuple[Flags, Flags],
    table: Ints,
    out: Ints,
    count: int,
) -> int:
    """Append the passages of one chain of seeds."""
    rows = np.empty(last - first, dtype=np.int64)
    kept = 0
    for row in range(first, last):
        if _is_free(taken[0], seeds[row, 0], seeds[row, 1]) and _is_free(taken[1], seeds[row, 2], seeds[row, 3]):
            rows[kept] = row
            kept += 1
    if not kept:
        return count
    chain = _rising(seeds, rows[:kept])
    room = seeds[chain[-1], 1] - seeds[chain[0], 0] + 3 * MARGIN
    matched = np.empty((room, 2), dtype=np.int64)
    total = _matched(words, left, right, sizes, seeds, chain, table, matched)
    spelt = np.empty((room, 2), dtype=np.int64)
    total = with_misspelt(words, left, right, matched, total, spelt)
    free = 0
    for row in range(total):
        if not (taken[0][spelt[row, 0]] or taken[1][spelt[row, 1]]):
            spelt[free, 0], spelt[free, 1] = spelt[row, 0], spelt[row, 1]
            free += 1
    return _scored(words, left, right, spelt, free, least, taken, out, count)


@compiled
def align(
    words: Words,
    left: int,
    right: int,
    sizes: tuple[int, int],
    seeds: Ints,
    chains: Ints,
    least: int,
    table: Ints,
    out: Ints,
) -> int:
    """Write the passages of two texts that begin at words ``left`` and ``right``; return how many.

    ``chains`` are ranges of rows of ``seeds`` with what they prove, tried in the order given; within one, seeds are in
    order of their left start. What one passage took, none takes again.
    """
    taken = (np.zeros(sizes[0], dtype=np.bool_), np.zeros(sizes[1], dtype=np.bool_))
    count = 0
    # Sure passages first: a small one found by chance would cut a large one in two.
    for level in (SURE * least, least):
        for number in range(len(chains)):
            low, high = chains[number, 0], chains[number, 1]
            if level > least and 2 * chains[number, 2] < level:
                continue
            count = _aligned(words, left, right, sizes, seeds, low, high, level, taken, table, out, count)
    return count
