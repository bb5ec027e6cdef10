"""Compiled: carry what was known of an earlier collection over to the present one."""

from __future__ import annotations

import numpy as np

from rseaudit.duplicates.columns import Flags, Keys, Places
from rseaudit.duplicates.compiled import compiled
from rseaudit.duplicates.ring import Ring, lower


@compiled
def living(postings: Keys, bits: int, text_of: Places, alive: Flags) -> Keys:
    """Return the postings of texts that somebody has."""
    mask = (np.uint64(1) << np.uint64(bits)) - np.uint64(1)
    out = np.empty(len(postings), dtype=np.uint64)
    count = 0
    for row in range(len(postings)):
        out[count] = postings[row]
        count += alive[text_of[np.int64(postings[row] & mask)]]
    return out[:count].copy()


@compiled
def mark(ring: Ring, keys: Keys, text_of: Places, out: Flags) -> None:
    """Flag the texts that hold any of these keys, given by their upper bits."""
    shift = np.uint64(ring.place_bits)
    mask = (np.uint64(1) << shift) - np.uint64(1)
    for key in keys:
        place = lower(ring.postings, key << shift, 0, len(ring.postings))
        while place < len(ring.postings) and ring.postings[place] >> shift == key:
            out[text_of[np.int64(ring.postings[place] & mask)]] = True
            place += 1
