"""The words of many texts as columns of numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Places = NDArray[np.int32]
Keys = NDArray[np.uint64]
Bytes = NDArray[np.uint8]
Masks = NDArray[np.uint32]
Flags = NDArray[np.bool_]
Columns = tuple[Keys, Keys, Masks, Bytes, Bytes, Places, Places, Flags]


@dataclass(frozen=True, eq=False)
class Cut:
    """The words of many texts in a row; those of text ``t`` are ``bounds[t]`` to ``bounds[t + 1]``.

    ``keys`` stand for whole words, ``stems`` for their first six letters. ``letters`` has one bit a
    letter, the highest for a digit. ``weights`` is what a shared word proves: 1 for an empty word,
    up to 4. ``starts`` and ``ends`` are code points of the text; ``opens`` flags the first word of a line.
    ``kept`` is what ``text_numbers`` gives, where it lies in a file.
    """

    bounds: Ints
    keys: Keys
    stems: Keys
    letters: Masks
    lengths: Bytes
    weights: Bytes
    starts: Places
    ends: Places
    opens: Flags
    kept: Places | None = None

    def __len__(self) -> int:
        return len(self.bounds) - 1

    def of(self, number: int) -> slice:
        """Return where the words of a text stand."""
        return slice(int(self.bounds[number]), int(self.bounds[number + 1]))

    def alone(self, number: int) -> Cut:
        """Return the cut of one text."""
        here = self.of(number)
        bounds = np.array([0, here.stop - here.start], dtype=np.int64)
        return Cut(bounds, *(getattr(self, name)[here] for name in COLUMNS))

    @cached_property
    def text_numbers(self) -> Places:
        """Return for each word the number of its text."""
        if self.kept is not None:
            return self.kept
        return np.repeat(np.arange(len(self), dtype=np.int32), np.diff(self.bounds))

    def picked(self, numbers: Sequence[int]) -> Cut:
        """Return the cut of some of the texts, in the order given."""
        chosen = np.asarray(numbers, dtype=np.int64)
        if np.array_equal(chosen, np.arange(len(self), dtype=np.int64)):
            return self
        bounds, rows = self.rows(chosen)
        return Cut(bounds, *(getattr(self, name)[rows] for name in COLUMNS))

    def rows(self, chosen: Ints) -> tuple[Ints, Ints]:
        """Return the bounds that these texts would have in a row, and the numbers of all their words here."""
        counts = np.diff(self.bounds)[chosen]
        bounds = np.concatenate(([0], np.cumsum(counts))).astype(np.int64)
        return bounds, ranges(self.bounds[chosen], counts)


def ranges(starts: Ints, counts: Ints) -> Ints:
    """Return the numbers of several ranges in a row: so many from each start on."""
    ends = np.cumsum(counts)
    return np.repeat(starts - ends + counts, counts) + np.arange(counts.sum(), dtype=np.int64)


COLUMNS = ("keys", "stems", "letters", "lengths", "weights", "starts", "ends", "opens")
