"""What texts share, before anybody asks whose they are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from rseaudit.duplicates.boilerplate import Common, Limits
from rseaudit.duplicates.candidates import Pair
from rseaudit.duplicates.collection import Texts
from rseaudit.duplicates.common import Link, Wordings
from rseaudit.duplicates.index import Index
from rseaudit.duplicates.passages import Shared, Thresholds


@dataclass(frozen=True)
class Survey:
    """What texts share, before anybody asks whose they are: what an engine computes.

    After a change (``resurvey``) ``shared`` is of the texts that had to ask. ``rule`` names what steps with the size
    of a collection.
    """

    texts: Texts
    limits: Limits
    thresholds: Thresholds
    rule: str
    indexes: tuple[Index, Index]
    common: Common
    shared: Shared

    @property
    def pairs(self) -> tuple[Pair, ...]:
        return self.shared.pairs

    @cached_property
    def wordings(self) -> Wordings:
        return Wordings(self.texts, self.common)

    def links(self, numbers: Iterable[int]) -> dict[int, list[Link]]:
        """Return for audited texts a few others that hold the same common text."""
        found: dict[int, list[Link]] = {}
        for number, other in self.wordings.linked(np.array(sorted({*numbers}), dtype=np.int64)).tolist():
            found.setdefault(number, []).append(self.wordings.link(number, other))
        return found

    def is_framed(self, number: int) -> bool:
        """Tell whether a text that several documents share is common text but for a few words."""
        if self.texts.counts[number] < 2 or not (framed := self.common.words(number)).any():
            return False
        return self.texts.size(number) - int(framed.sum()) < self.thresholds.words
