"""Where the two things that grow with a collection are done: sorting its keys, and asking for each text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from rseaudit.duplicates import index
from rseaudit.duplicates.candidates import Collection, Pair, Search
from rseaudit.duplicates.cutting import Cut
from rseaudit.duplicates.index import Index


class Engine(Protocol):
    """Whatever the engine, indexes and pairs are the same: they follow from the texts alone."""

    def indexes(self, known: Cut) -> tuple[Index, Index]:
        """Return the index of runs of words and that of pairs of content words."""

    def pairs(
        self, collection: Collection, search: Search, numbers: Sequence[int], *, least: int, score: int
    ) -> Iterable[Pair]:
        """Return what ``search.find`` gives for these texts, in any order."""


class Local:
    """In this process, with everything in memory."""

    def indexes(self, known: Cut) -> tuple[Index, Index]:
        return index.of_runs(known), index.of_pairs(known)

    def pairs(
        self, collection: Collection, search: Search, numbers: Sequence[int], *, least: int, score: int
    ) -> Iterable[Pair]:
        return search.find(numbers, least=least, score=score)


LOCAL = Local()
