"""Compiled: all texts as the kernels read them, and where the keys of those that ask begin among the postings."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from rseaudit.duplicates import chainer
from rseaudit.duplicates.chainer import PAIRS, RUNS
from rseaudit.duplicates.columns import Bytes, Flags, Ints, Keys, Masks, Places
from rseaudit.duplicates.compiled import compiled
from rseaudit.duplicates.ring import Ring, gallop, lower
from rseaudit.duplicates.shingler import RUN, pair_key, run_key


class Held(NamedTuple):
    """All texts as the kernels read them; ``proofs`` are the weights, but 0 for idle words, which prove nothing.

    Of two audited texts the one whose turn comes later asks; ``turns`` of references are -1. ``asking`` flags the words
    of audited texts, and is needed where texts are asked. ``ordered`` tells that texts have their numbers in order.
    """

    keys: Keys
    stems: Keys
    letters: Masks
    lengths: Bytes
    weights: Bytes
    proofs: Bytes
    bounds: Ints
    text_of: Places
    ranks: Keys
    turns: Places
    audited: Flags
    asking: Flags
    ordered: bool


class Trail(NamedTuple):
    """What saves looking at scattered memory when many texts ask; zeros, and no ``texts``, are right, and slow.

    ``starts`` has for each word one more than the first posting of the key that begins there, and below that a bit for
    a crowded key; or a negative number if nothing else stands there. ``texts`` has for each posting one more than its
    text, negative if the posting leads nowhere.
    """

    kind: int
    starts: Ints | Places
    texts: Places


@compiled
def lead(ring: Ring, held: Held, trail: Trail) -> None:
    """Fill a trail for all keys that an audited text has."""
    bits = np.uint64(ring.place_bits)
    mask = (np.uint64(1) << bits) - np.uint64(1)
    postings, crowded, repeated = ring.postings, ring.crowded, ring.repeated
    text_of, audited, proofs, weights = held.text_of, held.audited, held.proofs, held.weights
    starts, texts = trail.starts, trail.texts
    low = 0
    while low < len(postings):
        key = postings[low] >> bits
        first = np.int64(postings[low] & mask)
        high = low + 1
        if high == len(postings) or postings[high] >> bits != key:
            starts[first] = -1
            low = high
            continue
        asks = audited[text_of[first]]
        while high < len(postings) and postings[high] >> bits == key:
            asks |= audited[text_of[np.int64(postings[high] & mask)]]
            high += 1
        for place in range(low, high if asks else low):
            at = int(postings[place] & mask)
            last = at + RUN - 1 if trail.kind == RUNS else chainer.next_content(weights, at)
            leads = proofs[at] and proofs[last] and not repeated[at]
            texts[place] = text_of[at] + 1 if leads else -1 - text_of[at]
            starts[at] = (low + 1) << 1 | crowded[low]
        low = high


@compiled
def own(numbers: Ints, kind: int, place_bits: int, held: Held) -> Keys:
    """Return the postings of the keys by which texts ask or are asked, in no order."""
    bits = np.uint64(place_bits)
    size = 0
    for number in numbers:
        size += held.bounds[number + 1] - held.bounds[number]
    out = np.empty(size, dtype=np.uint64)
    count = 0
    for number in numbers:
        stop = held.bounds[number + 1]
        for start in range(held.bounds[number], stop):
            last = start + RUN - 1
            if kind == PAIRS:
                last = start + 1
                while last < stop and held.weights[last] <= 1:
                    last += 1
            if last >= stop:
                break
            if held.proofs[start] and held.proofs[last] and (kind == RUNS or held.weights[start] > 1):
                key = run_key(held.keys, start) if kind == RUNS else pair_key(held.stems[start], held.stems[last])
                out[count] = (key >> bits << bits) | np.uint64(start)
                count += 1
    return out[:count].copy()


@compiled
def look_up(postings: Keys, ring: Ring, trail: Trail) -> None:
    """Fill in where the keys of postings, which are in order, begin: one after another they are found fast."""
    bits = np.uint64(ring.place_bits)
    mask = (np.uint64(1) << bits) - np.uint64(1)
    low = 0
    for posting in postings:
        low = gallop(ring.postings, posting >> bits << bits, low)
        known = -1
        if low < len(ring.postings) and ring.postings[low] >> bits == posting >> bits:
            known = (low + 1) << 1 | int(ring.crowded[low])
        trail.starts[np.int64(posting & mask)] = known


@compiled
def start_of(postings: Keys, first: Ints, crowded: Flags, bits: np.uint64, key: np.uint64) -> int:
    """Return what ``Trail.starts`` would have for a key."""
    prefix = np.int64(key >> np.uint64(48))
    key = key >> bits << bits
    low = lower(postings, key, first[prefix], first[prefix + 1])
    if low < len(postings) and postings[low] >> bits == key >> bits:
        return (low + 1) << 1 | int(crowded[low])
    return -1
