"""Turn the words of a text into hashed keys that survive in a copy: word runs and pairs of stems.

Keys depend on the words alone, never on the order of a collection, so that another engine or
another machine finds the same ones.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rseaudit.duplicates.lexicon import Ids, Keys, Lexicon

RUN = 4
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
_FINAL = np.uint64(0xFF51AFD7ED558CCD)
_SHIFT = np.uint64(32)
_PAIR_SEED = np.uint64(0xC2B2AE3D27D4EB4F)


@dataclass(frozen=True, slots=True, eq=False)
class Shingles:
    """Keys of one text with the words they stand on: word ``starts[i]`` to ``ends[i]``, exclusive."""

    keys: Keys
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.keys)


def runs(ids: Ids, lexicon: Lexicon, *, length: int = RUN) -> Shingles:
    """Return one key for each run of ``length`` words; a shorter text has none."""
    count = max(0, len(ids) - length + 1)
    words = lexicon.keys[ids]
    keys = np.zeros(count, dtype=np.uint64)
    for place in range(length):
        keys = _mixed(keys, words[place : place + count])
    starts = np.arange(count, dtype=np.int64)
    return Shingles(_finished(keys), starts, starts + length)


def pairs(ids: Ids, lexicon: Lexicon) -> Shingles:
    """Return one key for each two content words in a row, cut to six letters.

    They survive what breaks runs of words: inflections, typos at the end, small words put in or out.
    """
    places = np.flatnonzero(lexicon.content[ids]).astype(np.int64)
    if len(places) < 2:
        nothing = np.zeros(0, dtype=np.int64)
        return Shingles(np.zeros(0, dtype=np.uint64), nothing, nothing)
    stems = lexicon.stem_keys[ids[places]]
    keys = _mixed(_mixed(np.full(len(places) - 1, _PAIR_SEED), stems[:-1]), stems[1:])
    return Shingles(_finished(keys), places[:-1], places[1:] + 1)


def _mixed(state: Keys, word: Keys) -> Keys:
    with np.errstate(over="ignore"):
        return np.asarray((state ^ (state >> _SHIFT)) * _MULTIPLIER + word, dtype=np.uint64)


def _finished(state: Keys) -> Keys:
    with np.errstate(over="ignore"):
        mixed = (state ^ (state >> _SHIFT)) * _FINAL
        return np.asarray(mixed ^ (mixed >> _SHIFT), dtype=np.uint64)
