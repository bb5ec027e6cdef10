"""Arrays that are filled part by part, without having everything twice at the end."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

# Room is made by how it went so far, and a little more: what is never touched of it costs nothing.
_SPARE = 1.05


class Growing:
    """Several arrays of one length; ``work`` is how much of whatever unit is to be done until they are full."""

    def __init__(self, work: int) -> None:
        self._work = work
        self._done = 0
        self._length = 0
        self._arrays: list[NDArray[np.generic]] = []

    def add(self, parts: Sequence[NDArray[np.generic]], done: int) -> None:
        """Append to each array its part; they are copied. ``done`` is the work that made them."""
        start = self._length
        self._length += len(parts[0])
        self._done += done
        if not self._arrays or self._length > len(self._arrays[0]):
            share = self._length / max(1, self._done)
            room = self._length + int(_SPARE * share * max(0, self._work - self._done))
            self._arrays = [_grown(array, start, room) for array in self._arrays or [part[:0] for part in parts]]
        for array, part in zip(self._arrays, parts, strict=True):
            array[start : self._length] = part

    def arrays(self) -> list[NDArray[np.generic]]:
        """Return what was added, in the order of the parts; nothing before anything was."""
        return [array[: self._length] for array in self._arrays]


def _grown(array: NDArray[np.generic], length: int, room: int) -> NDArray[np.generic]:
    grown = np.empty(room, dtype=array.dtype)
    grown[:length] = array[:length]
    return grown
