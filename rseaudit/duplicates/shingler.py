"""Compiled: keys that survive in a copy, as postings: runs of four words and pairs of content words.

Keys depend on the words alone, never on the order of a collection, so that another engine or
another machine finds the same ones. Pairs are of words cut to six letters: they survive what breaks
runs, that is inflections, slips at the end of a word, small words put in or out.
"""

from __future__ import annotations

import numpy as np

from rseaudit.duplicates.columns import Bytes, Ints, Keys
from rseaudit.duplicates.compiled import compiled

RUN = 4
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
_FINAL = np.uint64(0xFF51AFD7ED558CCD)
_HALF = np.uint64(32)
_PAIR_SEED = np.uint64(0xC2B2AE3D27D4EB4F)


@compiled
def run_key(keys: Keys, place: int) -> np.uint64:
    """Return the key of the run that begins at a word."""
    state: np.uint64 = keys[place]
    for step in range(1, RUN):
        state = (state ^ (state >> _HALF)) * _MULTIPLIER + keys[place + step]
    state = (state ^ (state >> _HALF)) * _FINAL
    return state ^ (state >> _HALF)


@compiled
def pair_key(one: np.uint64, two: np.uint64) -> np.uint64:
    """Return the key of two stems in a row."""
    state = (_PAIR_SEED ^ one) * _MULTIPLIER
    state = (state ^ (state >> _HALF)) * _MULTIPLIER + two
    state = (state ^ (state >> _HALF)) * _FINAL
    return state ^ (state >> _HALF)


@compiled
def runs(keys: Keys, bounds: Ints, bits: int) -> Keys:
    """Return one posting for each run of words within a text, in no order."""
    shift = np.uint64(bits)
    out = np.empty(max(0, bounds[-1] - bounds[0]), dtype=np.uint64)
    count = 0
    for text in range(len(bounds) - 1):
        for place in range(bounds[text], bounds[text + 1] - RUN + 1):
            out[count] = (run_key(keys, place) >> shift << shift) | np.uint64(place)
            count += 1
    return out[:count].copy()


@compiled
def pairs(stems: Keys, weights: Bytes, bounds: Ints, bits: int) -> Keys:
    """Return one posting for each two content words in a row within a text, in no order."""
    shift = np.uint64(bits)
    out = np.empty(max(0, bounds[-1] - bounds[0]), dtype=np.uint64)
    count = 0
    for text in range(len(bounds) - 1):
        before = -1
        for place in range(bounds[text], bounds[text + 1]):
            if weights[place] > 1:
                if before >= 0:
                    key = pair_key(stems[before], stems[place])
                    out[count] = (key >> shift << shift) | np.uint64(before)
                    count += 1
                before = place
    return out[:count].copy()
