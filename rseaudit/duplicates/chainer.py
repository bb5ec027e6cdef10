"""Compiled: seeds of one text, put in order for each other text that has them, and the chains that they make.

A seed is one number: where it begins in the asking text, where in the other one, and of which kind it is.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from rseaudit.duplicates.columns import Bytes, Ints
from rseaudit.duplicates.compiled import compiled
from rseaudit.duplicates.shingler import RUN

RUNS, PAIRS = 0, 1
_PLACE_BITS = 30
_PLACE = (1 << _PLACE_BITS) - 1
_UPPER = _PLACE_BITS + 1
# Words of all texts are numbered in so many bits, those of the text that asks in the rest.
_WORD_BITS = 36
_WORD = (1 << _WORD_BITS) - 1
# Nobody asks whether seeds weigh more.
_HEAVY = 255
# So few values are put in order faster by hand.
_FEW = 32


class Limits(NamedTuple):
    """What is asked of seeds and chains; see ``candidates``."""

    run_weight: int
    pair_weight: int
    met: int
    least: int
    strong: int
    weak: int
    gap: int
    drift: int
    chains: int


class Tallies(NamedTuple):
    """For each text, what the seeds that it was met with weigh, and room to count them; all zero between two texts.

    One byte a text: at each place that a text meets, this is what is looked up in scattered memory.
    """

    weighed: Bytes
    counts: Ints


@compiled
def seed(one: int, two: int, kind: int) -> int:
    """Return a seed that begins at these words of two texts."""
    return (one << _PLACE_BITS | two) << 1 | kind


@compiled
def visit(one: int, at: int, kind: int) -> int:
    """Return a seed whose other place is a number through all texts: where its text begins need not be known yet."""
    return (one << _WORD_BITS | at) << 1 | kind


@compiled
def next_content(weights: Bytes, place: int) -> int:
    """Return the content word after a word that is known to have one after it."""
    place += 1
    while weights[place] <= 1:
        place += 1
    return place


@compiled
def weigh(tallies: Tallies, other: int, weight: int) -> None:
    """Add a seed to what a text was met with."""
    tallies.weighed[other] = min(_HEAVY, int(tallies.weighed[other]) + weight)


@compiled
def gather(visits: Ints, count: int, bounds: Ints, tallies: Tallies, met: int, seeds: Ints, shares: Ints) -> int:
    """Put the seeds of each text that was met often enough in a row; return how many such texts there are.

    ``visits`` are texts and what ``visit`` gives; those of other texts are dropped from it. ``shares`` takes the text
    and where its seeds begin, and the end of all.
    """
    weighed, counts = tallies
    kept = 0
    for row in range(count):
        other = visits[row, 0]
        if weighed[other] < met:
            weighed[other] = 0
            continue
        counts[other] += 1
        visits[kept, 0], visits[kept, 1] = other, visits[row, 1]
        kept += 1
    texts = end = 0
    for row in range(kept):
        other, where = visits[row, 0], visits[row, 1]
        if counts[other] > 0:
            shares[texts, 0], shares[texts, 1] = other, end
            texts += 1
            end += counts[other]
            counts[other] = -1 - shares[texts - 1, 1]
        # Now the count tells where the next seed of the text goes.
        seeds[-1 - counts[other]] = seed(where >> (_WORD_BITS + 1), (where >> 1 & _WORD) - bounds[other], where & 1)
        counts[other] -= 1
    for share in range(texts):
        weighed[shares[share, 0]] = 0
        counts[shares[share, 0]] = 0
    shares[texts, 1] = end
    return texts


@compiled
def _proof(proofs: Bytes, start: int, end: int) -> int:
    total = 0
    for place in range(start, end):
        total += proofs[place]
    return total


@compiled
def may_prove(seeds: Ints, turned: bool, proofs: Bytes, weights: Bytes, left: int, least: int) -> bool:
    """Tell whether the words of the left text in any of these seeds prove ``least``; never no where a chain does."""
    total = reach = before = 0
    for row in range(len(seeds)):
        place = seeds[row] >> 1 & _PLACE if turned else seeds[row] >> _UPPER
        start = left + place
        end = start + RUN if seeds[row] & 1 == RUNS else next_content(weights, start) + 1
        if start < before:
            reach = start
        total += _proof(proofs, max(reach, start), end)
        before, reach = start, max(reach, end)
        if total >= least:
            return True
    return False


@compiled
def _sort(values: Ints) -> None:
    if len(values) > _FEW:
        values.sort()
        return
    for row in range(1, len(values)):
        value, place = values[row], row
        while place and values[place - 1] > value:
            values[place] = values[place - 1]
            place -= 1
        values[place] = value


@compiled
def _by_drift(seeds: Ints, turned: bool) -> None:
    """Rewrite seeds as drift, left start and kind, in order."""
    for row in range(len(seeds)):
        one, two = seeds[row] >> _UPPER, seeds[row] >> 1 & _PLACE
        if turned:
            one, two = two, one
        seeds[row] = ((two - one + _PLACE) << _PLACE_BITS | one) << 1 | (seeds[row] & 1)
    _sort(seeds)


@compiled
def _by_place(seeds: Ints) -> None:
    """Rewrite seeds that are in order of drift as left start, right start from the end, and kind, in order."""
    for row in range(len(seeds)):
        one = seeds[row] >> 1 & _PLACE
        two = one + (seeds[row] >> _UPPER) - _PLACE
        seeds[row] = (one << _PLACE_BITS | (_PLACE - two)) << 1 | (seeds[row] & 1)
    _sort(seeds)


@compiled
def chained(
    seeds: Ints,
    turned: bool,
    weights: Bytes,
    proofs: Bytes,
    left: int,
    right: int,
    limits: Limits,
    rows: Ints,
    out: Ints,
) -> int:
    """Write the chains of two texts as first row, end row and what their words prove; return how many.

    ``left`` and ``right`` are where the texts begin; ``turned`` tells that the left one is not the one that asked.
    ``rows`` takes left and right start and end of each seed: those of like drift together, in order of their left
    start, of one left start from the last right start to the first, and of one place the run before the pair.
    """
    _by_drift(seeds, turned)
    count = start = 0
    for row in range(1, len(seeds) + 1):
        if row < len(seeds) and (seeds[row] >> _UPPER) - (seeds[row - 1] >> _UPPER) <= limits.drift:
            continue
        drift = (seeds[start] >> _UPPER) - _PLACE
        mixed = (seeds[row - 1] >> _UPPER) - _PLACE != drift
        if mixed:
            _by_place(seeds[start:row])
        first, reach, proof = start, 0, 0
        for number in range(start, row):
            one = seeds[number] >> _UPPER if mixed else seeds[number] >> 1 & _PLACE
            two = _PLACE - (seeds[number] >> 1 & _PLACE) if mixed else one + drift
            end, other_end = one + RUN, two + RUN
            if seeds[number] & 1 == PAIRS:
                end = next_content(weights, left + one) + 1 - left
                other_end = next_content(weights, right + two) + 1 - right
            rows[number, 0], rows[number, 1], rows[number, 2], rows[number, 3] = one, end, two, other_end
            if number > first and one - rows[number - 1, 0] > limits.gap:
                out[count, 0], out[count, 1], out[count, 2] = first, number, proof
                count += 1
                first, reach, proof = number, 0, 0
            proof += _proof(proofs, left + max(reach, one), left + end)
            reach = max(reach, end)
        out[count, 0], out[count, 1], out[count, 2] = first, row, proof
        count += 1
        start = row
    return count


@compiled
def worthy(chains: Ints, count: int, limits: Limits) -> Ints:
    """Return the chains worth aligning, the weightiest first."""
    best = 0
    for number in range(count):
        best = max(best, chains[number, 2])
    if best < limits.least:
        return chains[:0]
    least = limits.weak if best >= limits.strong else limits.least
    kept = np.empty((count, 3), dtype=np.int64)
    order = np.argsort(-chains[:count, 2] * (1 << 32) + chains[:count, 0])
    total = 0
    for number in order[: limits.chains]:
        if chains[number, 2] >= least:
            kept[total] = chains[number]
            total += 1
    return kept[:total]
