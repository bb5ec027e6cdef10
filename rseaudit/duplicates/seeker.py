"""Compiled: for each text, the others that may share a passage with it, and the passages they share.

A seed is a key that two texts have in common. What counts is a chain of them, not how alike the
whole texts are: two copied sentences in a long post are enough. See ``candidates`` for the limits.
"""

from __future__ import annotations

import numpy as np

from rseaudit.duplicates import aligner, chainer
from rseaudit.duplicates.chainer import PAIRS, RUNS, Limits, Tallies
from rseaudit.duplicates.columns import Flags, Ints
from rseaudit.duplicates.compiled import compiled
from rseaudit.duplicates.ring import Ring, lower
from rseaudit.duplicates.shingler import RUN, pair_key, run_key
from rseaudit.duplicates.speller import Words
from rseaudit.duplicates.trails import Held, Trail, start_of

# The text, the other one, and what the aligner tells.
COLUMNS = 2 + aligner.COLUMNS


@compiled
def _collect(
    number: int,
    asked: bool,
    ring: Ring,
    trail: Trail,
    held: Held,
    limits: Limits,
    wanted: Flags,
    tallies: Tallies,
    visits: Ints,
    count: int,
) -> int:
    """Append where a text meets others, text and seed, and weigh them in ``tallies``.

    ``asked``: met are the texts that ask this one, else those that it asks.
    """
    first, stop = held.bounds[number], held.bounds[number + 1]
    postings, repeated, proofs, weights = ring.postings, ring.repeated, held.proofs, held.weights
    kind = trail.kind
    bits = np.uint64(ring.place_bits)
    mask = (np.uint64(1) << bits) - np.uint64(1)
    weight = limits.run_weight if kind == RUNS else limits.pair_weight
    size, led = len(postings), len(trail.texts) > 0
    turns, turn = held.turns, held.turns[number]
    # Whoever has a lower number there comes earlier: most need not be looked up in scattered memory.
    sure = number if held.ordered else 0
    for start in range(first, stop):
        known = int(trail.starts[start])
        if known < 0 or not proofs[start] or (kind == PAIRS and weights[start] <= 1):
            continue
        last = start + RUN - 1
        if kind == PAIRS:
            last = start + 1
            while last < stop and weights[last] <= 1:
                last += 1
        if last >= stop:
            break
        if not proofs[last] or repeated[start]:
            continue
        if known == 0:
            key = run_key(held.keys, start) if kind == RUNS else pair_key(held.stems[start], held.stems[last])
            known = start_of(postings, ring.first, ring.crowded, bits, key)
            if known < 0:
                continue
        low = (known >> 1) - 1
        ends = row = 0
        if known & 1:
            if kind == PAIRS:
                continue
            row = int(np.searchsorted(ring.heads, low))
            while ends < ring.leaders.shape[1] and ring.leaders[row, ends] >= 0:
                ends += 1
            if asked and not np.any(ring.leaders[row, :ends] == number):
                continue
        key = postings[low] >> bits
        few = ends > 0 and not asked
        for part in range(ends if few else 1):
            place = low
            if few:
                place = lower(postings, key << bits | np.uint64(held.bounds[ring.leaders[row, part]]), low, size)
            while place < size and postings[place] >> bits == key:
                at = int(postings[place] & mask)
                if asked and not held.asking[at]:
                    place += 1
                    continue
                text = int(trail.texts[place]) if led else 0
                other = abs(text) - 1 if text else int(held.text_of[at])
                if few and other != ring.leaders[row, part]:
                    break
                place += 1
                if text < 0 or not wanted[other]:
                    continue
                # Audited texts ask all references and the audited texts before them.
                if turns[other] <= turn if asked else other >= sure and turns[other] >= turn:
                    continue
                if text == 0:
                    end = at + RUN - 1 if kind == RUNS else chainer.next_content(weights, at)
                    if repeated[at] or not (proofs[at] and proofs[end]):
                        continue
                if count >= len(visits):
                    return count
                chainer.weigh(tallies, other, weight)
                visits[count, 0] = other
                visits[count, 1] = chainer.visit(start - first, at, kind)
                count += 1
    return count


@compiled
def _compare(
    number: int, held: Held, limits: Limits, tallies: Tallies, visits: Ints, met: int, least: int, score: int, out: Ints
) -> int:
    """Write the passages of a text with all that it has ``met``; return how many, or -1 for want of room."""
    seeds = np.empty(met, dtype=np.int64)
    shares = np.empty((met // 2 + 2, 2), dtype=np.int64)
    texts = chainer.gather(visits, met, held.bounds, tallies, limits.met, seeds, shares)
    words: Words = (held.keys, held.stems, held.letters, held.lengths, held.proofs)
    table = np.empty((aligner.WINDOW + 1, aligner.WINDOW + 1), dtype=np.int64)
    chains = np.empty((met, 3), dtype=np.int64)
    rows = np.empty((met, 4), dtype=np.int64)
    mine = held.bounds[number]
    size = held.bounds[number + 1] - mine
    total = 0
    for share in range(texts):
        other = shares[share, 0]
        own = seeds[shares[share, 1] : shares[share + 1, 1]]
        theirs = held.bounds[other]
        across = held.bounds[other + 1] - theirs
        turned = held.ranks[number] > held.ranks[other]
        left, right = (theirs, mine) if turned else (mine, theirs)
        if not chainer.may_prove(own, turned, held.proofs, held.weights, left, limits.least):
            continue
        count = chainer.chained(own, turned, held.weights, held.proofs, left, right, limits, rows, chains)
        worthy = chainer.worthy(chains, count, limits)
        if not len(worthy):
            continue
        spans = out[total:, 2:]
        sizes = (across, size) if turned else (size, across)
        more = aligner.surplus(size, across)
        passages = aligner.align(words, left, right, sizes, rows, worthy, least + more, table, spans)
        if passages == len(spans):
            return -1
        best = 0
        for line in range(passages):
            if turned:
                for column in range(2):
                    spans[line, column], spans[line, column + 2] = spans[line, column + 2], spans[line, column]
            best = max(best, spans[line, 6])
            out[total + line, 0], out[total + line, 1] = number, other
        if 2 * best >= score + more:
            total += passages
    return total


@compiled
def seek(
    numbers: Ints,
    asked: bool,
    rings: tuple[Ring, Ring],
    trails: tuple[Trail, Trail],
    held: Held,
    limits: Limits,
    wanted: Flags,
    tallies: Tallies,
    visits: Ints,
    least: int,
    score: int,
    out: Ints,
) -> tuple[int, int]:
    """Write the passages of texts with all ``wanted`` others that they ask, or that ask them if ``asked``.

    One row a passage: the text, the other one, then the columns of ``aligner`` with the text on the left. Long texts
    need more score (``aligner.surplus``). Pairs whose best passage has less than half of ``score`` are left out.
    Return how many of the texts, in their order, had room in ``visits`` and ``out``, and how many rows they have.
    """
    total = 0
    for done in range(len(numbers)):
        number = numbers[done]
        met = 0
        for kind in range(2):
            met = _collect(number, asked, rings[kind], trails[kind], held, limits, wanted, tallies, visits, met)
        if met == len(visits):
            for row in range(met):
                tallies.weighed[visits[row, 0]] = 0
            return done, total
        added = _compare(number, held, limits, tallies, visits, met, least, score, out[total:])
        if added < 0:
            return done, total
        total += added
    return len(numbers), total
