"""From texts to pairs of texts with their shared passages, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

import numpy as np

from rseaudit.duplicates import stock
from rseaudit.duplicates.alignment import Run
from rseaudit.duplicates.candidates import Collection, Pair, Search
from rseaudit.duplicates.collection import Texts
from rseaudit.duplicates.columns import Flags, Ints
from rseaudit.duplicates.cutting import forms
from rseaudit.duplicates.engines import LOCAL, Engine
from rseaudit.duplicates.index import Index
from rseaudit.duplicates.library import Library

_BASE_BITS = 11
# A stock phrase goes so many words at most beyond a word that hints at it.
_CONTEXT = 16


@dataclass(frozen=True, slots=True)
class Thresholds:
    """What two texts must share: one passage of ``words`` matched words and ``score``.

    Without such a passage, those of half the score must reach twice of both together. Between two
    texts so admitted, passages are believed from a third of the score on (``least``). ``surplus`` is what long texts
    need more of it.
    """

    words: int
    score: int
    surplus: int = 0

    @property
    def least(self) -> int:
        return max(1, self.score // 3)

    def between(self, one: int, two: int) -> Thresholds:
        """Return what two texts of so many words must share."""
        from rseaudit.duplicates import aligner

        surplus = aligner.surplus(one, two)
        return self if surplus == self.surplus else replace(self, surplus=surplus)

    def admit(self, runs: Sequence[Run]) -> bool:
        """Tell whether the passages of a pair are more than chance."""
        score = self.score + self.surplus
        if any(run.matched >= self.words and run.score >= score for run in runs):
            return True
        weak = [run for run in runs if 2 * run.score >= score]
        return sum(r.matched for r in weak) >= 2 * self.words and sum(r.score for r in weak) >= 2 * score


def strength(runs: Sequence[Run], words: int) -> int:
    """Return the highest score at which ``Thresholds(words, score)`` admits these passages, 0 for none."""
    best = max((run.score for run in runs if run.matched >= words), default=0)
    for last in sorted({run.score for run in runs}):
        weak = [run for run in runs if run.score >= last]
        if sum(run.matched for run in weak) >= 2 * words:
            best = max(best, min(2 * last, sum(run.score for run in weak) // 2))
    return best


def score_for(score: int, texts: int) -> int:
    """Return the score to ask for in a collection of ``texts`` texts, given that for up to 2,048.

    The more texts, the more often two of them share a sentence by chance. It grows by one with each
    further power of two, and nowhere else.
    """
    return score + max(0, (max(1, texts) - 1).bit_length() - _BASE_BITS)


@dataclass(frozen=True, slots=True)
class Plan:
    """Which texts are to ask, and pairs of others that are known already."""

    asking: Sequence[int]
    pairs: Sequence[Pair] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Shared:
    """What texts that asked share with others; of each of the ``pairs``, in order of numbers, one is audited."""

    search: Search
    hints: Ints
    asked: Sequence[int]
    pairs: tuple[Pair, ...]


def collection_of(texts: Texts, runs: Index, pairs: Index, idle: Flags) -> Collection:
    """Return the texts as the search reads them."""
    return Collection(
        texts.cut,
        runs,
        pairs,
        idle,
        texts.audited,
        texts.places,
        np.ascontiguousarray(texts.digests[:, 0]),
        texts.order,
        len(texts),
    )


def compare(
    texts: Texts,
    library: Library,
    asked: Collection,
    thresholds: Thresholds,
    *,
    engine: Engine = LOCAL,
    hints: Ints | None = None,
    plan: Callable[[Collection, Search], Plan] | None = None,
) -> Shared:
    """Return what texts share beyond idle words: all audited ones, or as ``plan`` tells.

    ``hints`` are those of ``stock``, where they are known.
    """
    search = Search(asked, zeros=engine.zeros)
    if hints is None:
        hints = stock.hints(texts.cut.keys)
    hinted = np.diff(np.searchsorted(hints, texts.cut.bounds)) > 0
    chosen = Plan(search.numbers.tolist()) if plan is None else plan(asked, search)
    first = engine.pairs(asked, search, chosen.asking, least=thresholds.least, score=thresholds.score)
    ordered = sorted((*chosen.pairs, *admitted(texts, first, thresholds)), key=search.asker)
    groups = [(number, [*own]) for number, own in groupby(ordered, key=search.asker)]
    library.fetch(texts.first(number) for number, _ in groups if hinted[number])
    found: list[Pair] = []
    for number, shared in groups:
        found += _beside_stock(texts, library, search, number, shared, hints, thresholds) if hinted[number] else shared
    return Shared(search, hints, chosen.asking, tuple(sorted(found, key=lambda pair: (pair.left, pair.right))))


def _beside_stock(
    texts: Texts,
    library: Library,
    search: Search,
    number: int,
    found: list[Pair],
    hints: Ints,
    thresholds: Thresholds,
) -> list[Pair]:
    """Return what a text shares beside its stock phrases, which are looked for where it matters: when others share."""
    stock_words = _stock_words(texts, number, library[texts.first(number)].text, hints)
    if not len(stock_words):
        return found
    others = [pair.left + pair.right - number for pair in found]
    again = search.find_beside(number, stock_words, others, least=thresholds.least, score=thresholds.score)
    return admitted(texts, again, thresholds)


def _stock_words(texts: Texts, number: int, text: str, hints: Ints) -> Ints:
    """Return the words of stock phrases in a text, numbered through all texts as ``hints`` are."""
    here = texts.cut.of(number)
    first, last = np.searchsorted(hints, (here.start, here.stop)).tolist()
    near: list[list[int]] = []
    for hint in hints[first:last].tolist():
        low, high = max(here.start, hint - _CONTEXT), min(here.stop, hint + _CONTEXT + 1)
        if near and low <= near[-1][1]:
            near[-1][1] = high
        else:
            near.append([low, high])
    starts, ends = texts.cut.starts, texts.cut.ends
    found = [np.zeros(0, dtype=np.int64)]
    for low, high in near:
        piece = text[int(starts[low]) : int(ends[high - 1])]
        found.append(np.flatnonzero(stock.flags(forms(piece, high - low))) + low)
    return np.concatenate(found)


def admitted(texts: Texts, pairs: Iterable[Pair], thresholds: Thresholds) -> list[Pair]:
    """Return the pairs that share more than chance would have it."""
    size = texts.size
    return [pair for pair in pairs if thresholds.between(size(pair.left), size(pair.right)).admit(pair.runs)]
