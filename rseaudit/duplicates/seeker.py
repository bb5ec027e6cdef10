"""Compiled: for one text, the others that may share a passage with it, and the passages they share.

A seed is a key that two texts have in common. What counts is a chain of them, not how alike the
whole texts are: two copied sentences in a long post are enough. See ``candidates`` for the limits.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from rseaudit.duplicates import aligner
from rseaudit.duplicates.compiled import compiled
from rseaudit.duplicates.cutting import Bytes, Flags, Ints, Keys, Masks, Places
from rseaudit.duplicates.shingler import RUN, pair_key, run_key
from rseaudit.duplicates.speller import Words


class Ring(NamedTuple):
    """One kind of key: its postings, and which of them begin a crowded key."""

    postings: Keys
    first: Ints
    crowded: Flags
    place_bits: int


class Held(NamedTuple):
    """All texts as the kernels read them; ``proofs`` are the weights, but 0 for ``idle`` words, which prove nothing."""

    keys: Keys
    stems: Keys
    letters: Masks
    lengths: Bytes
    weights: Bytes
    proofs: Bytes
    idle: Flags
    bounds: Ints
    text_of: Places
    ranks: Keys
    audited: Flags
    first_audited: int


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
    holders: int
    repeats: int
    chains: int


@compiled
def _lower(postings: Keys, value: np.uint64, low: int, high: int) -> int:
    while low < high:
        middle = (low + high) >> 1
        if postings[middle] < value:
            low = middle + 1
        else:
            high = middle
    return low


@compiled
def _next_content(weights: Bytes, place: int, stop: int) -> int:
    place += 1
    while place < stop and weights[place] <= 1:
        place += 1
    return place


@compiled
def _collect(
    number: int,
    kind: int,
    ring: Ring,
    held: Held,
    limits: Limits,
    totals: Places,
    lows: Ints,
    wanted: bool,
    out: Ints,
    count: int,
) -> int:
    """Count the weight that each text shares, or write the seeds of those that share enough.

    ``out`` takes text numbers at first (``wanted`` false), then rows of text, four places and weight.
    ``lows`` keeps from the first time to the second where the keys stand.
    """
    first, stop = held.bounds[number], held.bounds[number + 1]
    bits = np.uint64(ring.place_bits)
    mask = (np.uint64(1) << bits) - np.uint64(1)
    weight = limits.run_weight if kind == 0 else limits.pair_weight
    for start in range(first, stop):
        if kind == 0:
            end = start + RUN
            if end > stop:
                break
            key = run_key(held.keys, start)
        else:
            if held.weights[start] <= 1:
                continue
            last = _next_content(held.weights, start, stop)
            if last >= stop:
                break
            key = pair_key(held.stems[start], held.stems[last])
            end = last + 1
        if held.idle[start] or held.idle[end - 1]:
            continue
        base = key >> bits << bits
        if not wanted:
            prefix = np.int64(key >> np.uint64(48))
            lows[start - first] = _lower(ring.postings, base, ring.first[prefix], ring.first[prefix + 1])
        low = lows[start - first]
        size = len(ring.postings)
        crowded = low < size and ring.crowded[low]
        if crowded and kind == 1:
            continue
        stages = 2 if crowded else 1
        before = -1
        seen = 0
        for stage in range(stages):
            place = low
            if stage == 1:
                place = _lower(ring.postings, base | np.uint64(held.bounds[held.first_audited]), low, size)
            most = limits.holders if crowded else size
            taken = 0
            while place < size and ring.postings[place] >> bits == key >> bits:
                held_at = int(ring.postings[place] & mask)
                place += 1
                other = int(held.text_of[held_at])
                if other == before:
                    seen += 1
                    if seen > limits.repeats:
                        continue
                else:
                    before, seen = other, 1
                    taken += 1
                    if taken > most:
                        break
                if other == number or (held.audited[other] and other > number):
                    continue
                held_end = held_at + RUN
                if kind == 1:
                    held_end = _next_content(held.weights, held_at, held.bounds[other + 1]) + 1
                if held.idle[held_at] or held.idle[held_end - 1]:
                    continue
                if not wanted:
                    if totals[other] == 0:
                        if count >= len(out):
                            return count
                        out[count, 0] = other
                        count += 1
                    totals[other] += weight
                elif totals[other] >= limits.met:
                    if count >= len(out):
                        return count
                    mine, theirs = start - first, held_at - held.bounds[other]
                    out[count, 0] = other
                    if held.ranks[number] <= held.ranks[other]:
                        out[count, 1], out[count, 2] = mine, end - first
                        out[count, 3], out[count, 4] = theirs, held_end - held.bounds[other]
                    else:
                        out[count, 3], out[count, 4] = mine, end - first
                        out[count, 1], out[count, 2] = theirs, held_end - held.bounds[other]
                    out[count, 5] = weight
                    count += 1
    return count


@compiled
def _covered(proofs: Bytes, start: int, end: int) -> int:
    total = 0
    for place in range(start, end):
        total += proofs[place]
    return total


@compiled
def _chained(seeds: Ints, low: int, high: int, proofs: Bytes, limits: Limits, out: Ints) -> int:
    """Write the chains of one pair as first row, end row and what their words prove; return how many.

    Rows ``low`` to ``high`` are in order of drift; they are put in order of place within each run
    of like drifts. ``proofs`` are those of the left text's words.
    """
    count = 0
    start = low
    for row in range(low + 1, high + 1):
        if row < high and (seeds[row, 3] - seeds[row, 1]) - (seeds[row - 1, 3] - seeds[row - 1, 1]) <= limits.drift:
            continue
        if row - start > 1:
            order = np.argsort(seeds[start:row, 1] * (1 << 22) - seeds[start:row, 3])
            seeds[start:row] = seeds[start:row][order]
        first, reach, proof = start, 0, 0
        for number in range(start, row):
            if number > first and seeds[number, 1] - seeds[number - 1, 1] > limits.gap:
                out[count, 0], out[count, 1], out[count, 2] = first, number, proof
                count += 1
                first, reach, proof = number, 0, 0
            proof += _covered(proofs, max(reach, seeds[number, 1]), seeds[number, 2])
            reach = max(reach, seeds[number, 2])
        out[count, 0], out[count, 1], out[count, 2] = first, row, proof
        count += 1
        start = row
    return count


@compiled
def _worthy(chains: Ints, count: int, limits: Limits) -> Ints:
    """Return the chains worth aligning, the weightiest first."""
    best = 0
    for number in range(count):
        best = max(best, chains[number, 2])
    least = limits.weak if best >= limits.strong else limits.least
    kept = np.empty((count, 3), dtype=np.int64)
    order = np.argsort(-chains[:count, 2] * (1 << 32) + chains[:count, 0])
    total = 0
    for number in order[: limits.chains]:
        if chains[number, 2] >= least:
            kept[total] = chains[number]
            total += 1
    return kept[:total]


@compiled
def seek(
    number: int, runs: Ring, pairs: Ring, held: Held, limits: Limits, totals: Places, least: int, score: int, room: int
) -> Ints:
    """Return the passages of text ``number`` with all others that it is to be compared with.

    One row a passage: the other text, then the columns of ``aligner`` with this text on the left.
    Pairs whose best passage has less than half of ``score`` are left out. ``totals`` is all zero
    before and after. A result of ``room`` rows may lack some: ask again with more.
    """
    found = np.empty((len(totals), 1), dtype=np.int64)
    lows = np.empty((2, held.bounds[number + 1] - held.bounds[number]), dtype=np.int64)
    met = _collect(number, 0, runs, held, limits, totals, lows[0], False, found, 0)
    met = _collect(number, 1, pairs, held, limits, totals, lows[1], False, found, met)
    seeds = np.empty((room, 6), dtype=np.int64)
    count = _collect(number, 0, runs, held, limits, totals, lows[0], True, seeds, 0)
    count = _collect(number, 1, pairs, held, limits, totals, lows[1], True, seeds, count)
    for row in range(met):
        totals[found[row, 0]] = 0
    out = np.empty((room, aligner.COLUMNS + 1), dtype=np.int64)
    if count == room:
        return out
    seeds = seeds[:count]
    drift = seeds[:, 3] - seeds[:, 1] + (1 << 21)
    seeds = seeds[np.argsort((seeds[:, 0] << 30) + drift)]
    words: Words = (held.keys, held.stems, held.letters, held.lengths, held.proofs)
    table = np.empty((aligner.WINDOW + 1, aligner.WINDOW + 1), dtype=np.int64)
    total = 0
    low = 0
    chains = np.empty((count, 3), dtype=np.int64)
    mine = held.bounds[number]
    size = held.bounds[number + 1] - mine
    for row in range(1, count + 1):
        if row < count and seeds[row, 0] == seeds[low, 0]:
            continue
        other = seeds[low, 0]
        left = held.bounds[number] if held.ranks[number] <= held.ranks[other] else held.bounds[other]
        worthy = _worthy(chains, _chained(seeds, low, row, held.proofs[left:], limits, chains), limits)
        low = row
        if not len(worthy):
            continue
        theirs = held.bounds[other]
        across = held.bounds[other + 1] - theirs
        spans = out[total:, 1:]
        if held.ranks[number] <= held.ranks[other]:
            passages = aligner.align(words, mine, theirs, (size, across), seeds[:, 1:], worthy, least, table, spans)
        else:
            passages = aligner.align(words, theirs, mine, (across, size), seeds[:, 1:], worthy, least, table, spans)
            for line in range(passages):
                for column in range(2):
                    spans[line, column], spans[line, column + 2] = spans[line, column + 2], spans[line, column]
        best = 0
        for line in range(passages):
            best = max(best, spans[line, 6])
            out[total + line, 0] = other
        if 2 * best >= score:
            total += passages
    return out[:total]
