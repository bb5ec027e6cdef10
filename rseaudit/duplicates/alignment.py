"""Align two texts around chains of seeds: which words they share, as passages with integer scores.

Between seeds the longest common subsequence (rapidfuzz) says which words correspond; a local score
then says where a passage begins and ends. Time is linear in the length of a chain: the texts
are cut at seeds, and no piece is longer than ``_WINDOW`` words.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import OSA, LCSseq

# Words looked at before the first and after the last seed of a chain.
MARGIN = 40
_WINDOW = 160
_SKIP_COST = 1
# So many words in a row may be taken for misspelt ones, each of so many letters at least.
_MOST_MISSPELT = 3
_SPELT = 4
# A passage ends where the score falls so far below its best: about a short sentence of other words.
_DROP = 14
# Nor does it lead over so many words in a row that only one of the texts has.
_MOST_SKIPPED = 8

Spot = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True, order=True)
class Run:
    """One shared passage in words: ``[left_start, left_end)`` and ``[right_start, right_end)``.

    ``matched`` words correspond, ``equal`` ones among them without any inflection or slip.
    """

    left_start: int
    left_end: int
    right_start: int
    right_end: int
    matched: int
    equal: int
    score: int

    @property
    def similarity(self) -> float:
        """Return twice the equal words over the words of both sides: 1 for an exact copy only."""
        return 2 * self.equal / (self.left_end - self.left_start + self.right_end - self.right_start)

    def turned(self) -> Run:
        """Return the same passage seen from the other text."""
        spans = (self.right_start, self.right_end, self.left_start, self.left_end)
        return Run(*spans, self.matched, self.equal, self.score)


@dataclass(frozen=True, slots=True)
class Side:
    """One text as the aligner reads it: for each word a number, equal when it matches, its weight and form."""

    tokens: Sequence[int]
    weights: Sequence[int]
    forms: Sequence[str]


def align(left: Side, right: Side, chains: Sequence[Sequence[Spot]], *, least: int) -> tuple[Run, ...]:
    """Return the passages of at least ``least`` score, in order of the left text; none overlap.

    ``chains`` are tried from the best to the worst as given; what one passage took, none takes again.
    """
    runs: list[Run] = []
    taken_left, taken_right = _Taken(), _Taken()
    for chain in chains:
        spots = [s for s in chain if taken_left.is_free(s[0], s[1]) and taken_right.is_free(s[2], s[3])]
        if not spots:
            continue
        matched = [
            (i, j)
            for i, j in _with_misspelt(left, right, _matched(left, right, spots))
            if taken_left.is_free(i, i + 1) and taken_right.is_free(j, j + 1)
        ]
        for run in _scored(left, right, matched):
            if run.score < least or not taken_left.is_free(run.left_start, run.left_end):
                continue
            if not taken_right.is_free(run.right_start, run.right_end):
                continue
            runs.append(run)
            taken_left.take(run.left_start, run.left_end)
            taken_right.take(run.right_start, run.right_end)
    return tuple(sorted(runs))


class _Taken:
    """Word ranges that passages already cover; disjoint and sorted."""

    def __init__(self) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []

    def is_free(self, start: int, end: int) -> bool:
        place = bisect_left(self._ends, start + 1)
        return place == len(self._starts) or self._starts[place] >= end

    def take(self, start: int, end: int) -> None:
        place = bisect_left(self._starts, start)
        self._starts.insert(place, start)
        self._ends.insert(place, end)


def _matched(left: Side, right: Side, spots: Sequence[Spot]) -> Iterator[tuple[int, int]]:
    """Yield the corresponding words around a chain, in order in both texts."""
    chain = _rising(spots)
    position = (max(0, chain[0][0] - MARGIN), max(0, chain[0][2] - MARGIN))
    for start, end in _anchors(left, right, chain):
        yield from _common(left, right, position, start)
        yield from zip(range(start[0], end[0]), range(start[1], end[1]), strict=True)
        position = end
    stop = (min(len(left.tokens), position[0] + MARGIN), min(len(right.tokens), position[1] + MARGIN))
    yield from _common(left, right, position, stop)


def _rising(spots: Sequence[Spot]) -> list[Spot]:
    """Return the longest part of the seeds that rises in both texts."""
    ordered = sorted(spots, key=lambda s: (s[0], -s[2]))
    tails: list[int] = []
    tail_at: list[int] = []
    before: list[int] = []
    for number, spot in enumerate(ordered):
        place = bisect_left(tails, spot[2])
        before.append(tail_at[place - 1] if place else -1)
        tails[place : place + 1] = [spot[2]]
        tail_at[place : place + 1] = [number]
    chain: list[Spot] = []
    number = tail_at[-1]
    while number >= 0:
        chain.append(ordered[number])
        number = before[number]
    return chain[::-1]


def _anchors(left: Side, right: Side, chain: Sequence[Spot]) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """Yield stretches of equal words, as start and end in both texts, that cut the chain into short pieces."""
    position = (0, 0)
    for left_start, left_end, right_start, right_end in chain:
        skip = max(0, position[0] - left_start, position[1] - right_start)
        start, end = (left_start + skip, right_start + skip), (left_end, right_end)
        if start[0] < end[0] and left.tokens[start[0] : end[0]] == right.tokens[start[1] : end[1]]:
            yield start, end
            position = end


def _common(left: Side, right: Side, start: tuple[int, int], end: tuple[int, int]) -> Iterator[tuple[int, int]]:
    if start[0] >= end[0] or start[1] >= end[1]:
        return
    one = left.tokens[start[0] : min(end[0], start[0] + _WINDOW)]
    two = right.tokens[start[1] : min(end[1], start[1] + _WINDOW)]
    for block in LCSseq.editops(one, two).as_matching_blocks():
        for step in range(block.size):
            yield start[0] + block.a + step, start[1] + block.b + step


def _with_misspelt(left: Side, right: Side, matched: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Add the words that stand alone between two corresponding ones and differ by a letter or two."""
    before_left, before_right = -1, -1
    for i, j in matched:
        missed = i - before_left - 1
        if before_left >= 0 and missed == j - before_right - 1 and missed <= _MOST_MISSPELT:
            for one, two in zip(range(before_left + 1, i), range(before_right + 1, j), strict=True):
                if _is_misspelt(left.forms[one], right.forms[two]):
                    yield one, two
        yield i, j
        before_left, before_right = i, j


def _is_misspelt(one: str, two: str) -> bool:
    shorter = min(len(one), len(two))
    if shorter < _SPELT or one.isdigit() or two.isdigit():
        return False
    allowed = 1 + (shorter >= 2 * _SPELT)
    return OSA.distance(one, two, score_cutoff=allowed) <= allowed


def _scored(left: Side, right: Side, matched: Sequence[tuple[int, int]]) -> Iterator[Run]:
    """Cut corresponding words into the stretches whose score, gaps deducted, is locally best."""
    first = best_at = 0
    score = best = skipped = 0
    for number, (i, j) in enumerate(matched):
        if number:
            skipped = max(i - matched[number - 1][0], j - matched[number - 1][1]) - 1
            score -= _SKIP_COST * skipped
        if score <= 0 or best - score > _DROP or skipped > _MOST_SKIPPED:
            if best > 0:
                yield _run(left, right, matched[first : best_at + 1], best)
            first, score, best = number, 0, 0
        score += min(left.weights[i], right.weights[j])
        if score > best:
            best, best_at = score, number
        elif best == 0:
            first = number + 1
    if best > 0:
        yield _run(left, right, matched[first : best_at + 1], best)


def _run(left: Side, right: Side, matched: Sequence[tuple[int, int]], score: int) -> Run:
    equal = sum(left.forms[i] == right.forms[j] for i, j in matched)
    return Run(matched[0][0], matched[-1][0] + 1, matched[0][1], matched[-1][1] + 1, len(matched), equal, score)
