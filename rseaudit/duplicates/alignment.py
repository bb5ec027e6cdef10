"""Shared passages of two texts, and what makes one.

Words are compared by their first six letters. Between seeds a dynamic program says which words
correspond; a local score, that of the words less one a word left out, then says where a passage
begins and ends (``aligner``, compiled). All is integer arithmetic.
"""

from __future__ import annotations

from typing import NamedTuple


class Run(NamedTuple):
    """One shared passage in words: ``[left_start, left_end)`` and ``[right_start, right_end)``.

    ``matched`` words correspond, ``equal`` ones among them without any inflection or slip.
    """

    left_start: int
    left_end: int
    right_start: int
    right_end: int
    matched: int
    equal: int
    score: int

    @property
    def similarity(self) -> float:
        """Return twice the equal words over the words of both sides: 1 for an exact copy only."""
        return 2 * self.equal / (self.left_end - self.left_start + self.right_end - self.right_start)

    def turned(self) -> Run:
        """Return the same passage seen from the other text."""
        spans = (self.right_start, self.right_end, self.left_start, self.left_end)
        return Run(*spans, self.matched, self.equal, self.score)
