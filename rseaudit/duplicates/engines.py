"""Where the things that grow with a collection are done: keeping its words, sorting its keys, asking for each text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from rseaudit.duplicates import index
from rseaudit.duplicates.candidates import Collection, Pair, Search
from rseaudit.duplicates.collection import Texts, texts_of
from rseaudit.duplicates.columns import Cut
from rseaudit.duplicates.index import Index
from rseaudit.duplicates.roll import NO_STATES, States
from rseaudit.model import Document, Source


class Engine(Protocol):
    """Whatever the engine, texts, indexes and pairs are the same: they follow from the documents alone."""

    def texts(
        self, documents: Iterable[Document], sources: Mapping[str, Source], *, states: States = NO_STATES
    ) -> Texts:
        """Return what ``texts_of`` gives."""

    def indexes(self, known: Cut) -> tuple[Index, Index]:
        """Return the index of runs of words and that of pairs of content words."""

    def zeros(self, length: int, dtype: type[np.generic], /) -> NDArray[Any]:
        """Return an array for what asking is faster with."""

    def pairs(
        self, collection: Collection, search: Search, numbers: Sequence[int], *, least: int, score: int
    ) -> Iterable[Pair]:
        """Return what ``search.find`` gives for these texts, in any order."""


class Local:
    """In this process, with everything in memory."""

    def texts(
        self, documents: Iterable[Document], sources: Mapping[str, Source], *, states: States = NO_STATES
    ) -> Texts:
        return texts_of(documents, sources, states=states)

    def indexes(self, known: Cut) -> tuple[Index, Index]:
        return index.of_runs(known), index.of_pairs(known)

    def zeros(self, length: int, dtype: type[np.generic], /) -> NDArray[Any]:
        return np.zeros(length, dtype=dtype)

    def pairs(
        self, collection: Collection, search: Search, numbers: Sequence[int], *, least: int, score: int
    ) -> Iterable[Pair]:
        return search.find(numbers, least=least, score=score)


LOCAL = Local()
