"""Compiled: which words two texts share around a chain of seeds. See ``alignment`` for the meaning.

``bridger`` says which words correspond; a local score then says where a passage begins and ends. Time
is linear in the length of a chain.
"""

from __future__ import annotations

import numpy as np

from rseaudit.duplicates import bridger
from rseaudit.duplicates.columns import Flags, Ints
from rseaudit.duplicates.compiled import compiled
from rseaudit.duplicates.speller import Words, with_misspelt

WINDOW = bridger.WINDOW
SKIP_COST = 1
# A passage ends where the score falls so far below its best: about a short sentence of other words.
DROP = 14
# Nor does it lead over so many words in a row that only one of the texts has.
MOST_SKIPPED = 8
# A sure passage has so many times the least score.
SURE = 3
# Two texts of so many bits of words, multiplied, share no more by chance than the thresholds forgive.
_USUAL_BITS = 17
# Left and right start and end, matched and equal words, score.
COLUMNS = 7


@compiled
def surplus(one: int, two: int) -> int:
    """Return how much more score a passage of two texts of so many words needs, if they are long.

    What two texts share by chance scores the higher, the more places there are for it: by the logarithm of the product
    of their lengths (Karlin and Altschul, "Methods for assessing the statistical significance of molecular sequence
    features", 1990). As with the number of texts, it is one for each power of two.
    """
    more = 0
    while one * two >> (_USUAL_BITS + more):
        more += 1
    return more


@compiled
def _is_free(taken: Flags, start: int, end: int) -> bool:
    place = start
    while place < end and not taken[place]:
        place += 1
    return place >= end


@compiled
def _closed(
    words: Words,
    left: int,
    right: int,
    matched: Ints,
    first: int,
    last: int,
    score: int,
    taken: tuple[Flags, Flags],
    out: Ints,
    count: int,
) -> int:
    """Append the run of the corresponding words ``first`` to ``last``, unless another passage took any."""
    a, b = matched[first, 0], matched[last, 0] + 1
    c, d = matched[first, 1], matched[last, 1] + 1
    if count >= len(out) or not (_is_free(taken[0], a, b) and _is_free(taken[1], c, d)):
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
            if best >= least:
                count = _closed(words, left, right, matched, first, best_at, best, taken, out, count)
            first, score, best = number, 0, 0
        score += min(int(weights[left + matched[number, 0]]), int(weights[right + matched[number, 1]]))
        if score > best:
            best, best_at = score, number
        elif best == 0:
            first = number + 1
    if best >= least:
        count = _closed(words, left, right, matched, first, best_at, best, taken, out, count)
    return count


@compiled
def _free_rows(seeds: Ints, first: int, last: int, of_left: Flags, of_right: Flags, out: Ints) -> int:
    """Write which of the seeds ``first`` to ``last`` no passage took; return how many."""
    count = 0
    for row in range(first, last):
        if _is_free(of_left, seeds[row, 0], seeds[row, 1]) and _is_free(of_right, seeds[row, 2], seeds[row, 3]):
            out[count] = row
            count += 1
    return count


@compiled
def _left_free(pairs: Ints, total: int, of_left: Flags, of_right: Flags) -> int:
    """Keep the pairs of words of which no passage took one; return how many."""
    count = 0
    for row in range(total):
        if not (of_left[pairs[row, 0]] or of_right[pairs[row, 1]]):
            pairs[count, 0], pairs[count, 1] = pairs[row, 0], pairs[row, 1]
            count += 1
    return count


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
    stems, weights = words[1], words[4]
    taken = (np.zeros(sizes[0], dtype=np.bool_), np.zeros(sizes[1], dtype=np.bool_))
    longest = 0
    for number in range(len(chains)):
        longest = max(longest, chains[number, 1] - chains[number, 0])
    lists = np.empty((5, longest), dtype=np.int64)
    rows = lists[0]
    on = bridger.desk(table)
    # Corresponding words rise in both texts.
    matched = np.empty((min(sizes), 2), dtype=np.int64)
    spelt = np.empty((min(sizes), 2), dtype=np.int64)
    count = 0
    # Sure passages first: a small one found by chance would cut a large one in two.
    for level in (SURE * least, least):
        for number in range(len(chains)):
            if level > least and 2 * chains[number, 2] < level:
                continue
            kept = _free_rows(seeds, chains[number, 0], chains[number, 1], taken[0], taken[1], rows)
            if kept:
                chain = bridger.rising(seeds, rows[:kept], lists)
                total = bridger.matched(stems, weights, left, right, sizes, seeds, chain, on, matched)
                total = with_misspelt(words, left, right, matched, total, spelt)
                total = _left_free(spelt, total, taken[0], taken[1])
                count = _scored(words, left, right, spelt, total, level, taken, out, count)
    return count
