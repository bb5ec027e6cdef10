"""The floor of any index of word shingles: compiled tokenising, shingling and sorting of the same bytes.

No accents folded, no offsets, no persisting, ASCII and Latin-1 letters only: nothing useful does less.
"""

from __future__ import annotations

import time
from collections.abc import Sequence

import numba
import numpy as np


@numba.njit
def _shingles(data, out):
    state = np.uint64(0)
    ring = np.zeros(4, dtype=np.uint64)
    count = words = 0
    inside = False
    for place in range(len(data)):
        byte = data[place]
        if 65 <= byte <= 90:
            byte += 32
        if 97 <= byte <= 122 or 48 <= byte <= 57 or byte >= 128:
            state = (state ^ np.uint64(byte)) * np.uint64(0x9E3779B97F4A7C15)
            inside = True
        elif inside:
            ring[words & 3] = state ^ (state >> np.uint64(32))
            words += 1
            if words >= 4:
                key = ring[words & 3]
                for step in range(1, 4):
                    key = (key ^ (key >> np.uint64(32))) * np.uint64(0xFF51AFD7ED558CCD) + ring[(words + step) & 3]
                out[count] = key
                count += 1
            state = np.uint64(0)
            inside = False
    return count


def seconds(texts: Sequence[str]) -> float:
    """Return the CPU seconds for these texts, encoded already, without compiling."""
    data = np.frombuffer("\n".join(texts).encode(), dtype=np.uint8)
    out = np.empty(len(data) // 2 + 1, dtype=np.uint64)
    _shingles(data[:100], out)
    start = time.process_time()
    count = _shingles(data, out)
    out[:count].sort()
    return time.process_time() - start
