"""From texts to pairs of texts with their shared passages, in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np

from rseaudit.duplicates import candidates, stock
from rseaudit.duplicates.alignment import Run
from rseaudit.duplicates.candidates import Pair, Search
from rseaudit.duplicates.collection import Texts
from rseaudit.duplicates.cutting import Flags, Ints, forms
from rseaudit.duplicates.engines import LOCAL, Engine
from rseaudit.duplicates.index import Index

if TYPE_CHECKING:
    from rseaudit.duplicates.again import Again

_BASE_BITS = 11
# A stock phrase may begin or end so many words outside a passage.
_CONTEXT = 12


@dataclass(frozen=True, slots=True)
class Thresholds:
    """What two texts must share: one passage of ``words`` matched words and ``score``.

    Without such a passage, those of half the score must reach twice of both together. Between two
    texts so admitted, passages are believed from a third of the score on (``least``).
    """

    words: int
    score: int

    @property
    def least(self) -> int:
        return max(1, self.score // 3)

    def admit(self, runs: Sequence[Run]) -> bool:
        """Tell whether the passages of a pair are more than chance."""
        if any(run.matched >= self.words and run.score >= self.score for run in runs):
            return True
        weak = [run for run in runs if 2 * run.score >= self.score]
        return sum(r.matched for r in weak) >= 2 * self.words and sum(r.score for r in weak) >= 2 * self.score


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
    """Which texts are to ask, and what all others have ``met`` and share already; see ``Shared``."""

    asking: Sequence[int]
    met: Sequence[tuple[int, int]] = ()
    pairs: Sequence[Pair] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Shared:
    """What the texts of a collection share.

    ``pairs``: at least one text of each is audited; in order of texts. ``met``: the numbers of a text that asked
    and of one with which it shares passages, stock phrases included.
    """

    search: Search
    pairs: tuple[Pair, ...]
    met: tuple[tuple[int, int], ...]


def compare(
    texts: Texts,
    runs: Index,
    pairs: Index,
    idle: Flags,
    thresholds: Thresholds,
    *,
    engine: Engine = LOCAL,
    before: Again | None = None,
) -> Shared:
    """Return the pairs of texts, at least one of them audited, that share passages beyond ``idle`` words."""
    places = {place: number for number, place in enumerate(sorted({text.place for text in texts}))}
    asked = candidates.Collection(
        texts.cut,
        runs,
        pairs,
        idle,
        np.fromiter((bool(t.audited) for t in texts), dtype=np.bool_, count=len(texts)),
        np.fromiter((places[t.place] for t in texts), dtype=np.int64, count=len(texts)),
        np.fromiter((int(t.digest[:16], 16) for t in texts), dtype=np.uint64, count=len(texts)),
    )
    search = candidates.Search(asked, zeros=engine.zeros)
    asking = search.numbers.tolist()
    plan = Plan(asking) if before is None else before.plan(search, idle, texts.cut, thresholds)
    met, found = list(plan.met), list(plan.pairs)
    hints = stock.hints(texts.cut.keys)
    hinted = (np.diff(np.searchsorted(hints, texts.cut.bounds)) > 0).tolist()
    first = engine.pairs(asked, search, plan.asking, least=thresholds.least, score=thresholds.score)
    for number, own in groupby(sorted(_admitted(first, thresholds), key=search.asker), key=search.asker):
        shared = list(own)
        met += [(number, pair.left + pair.right - number) for pair in shared]
        found += _beside_stock(texts, search, number, shared, hints, thresholds) if hinted[number] else shared
    return Shared(search, tuple(sorted(found, key=lambda pair: (pair.left, pair.right))), tuple(sorted(met)))


def _beside_stock(
    texts: Texts, search: Search, number: int, found: list[Pair], hints: Ints, thresholds: Thresholds
) -> list[Pair]:
    """Return what a text shares beside stock phrases, which are looked for where it matters only: in what was found."""
    stock_words = _stock_words(texts, number, found, hints)
    if not len(stock_words):
        return found
    met = {(pair.left, pair.right) for pair in found}
    again = search.find_beside(number, stock_words, least=thresholds.least, score=thresholds.score)
    return [pair for pair in _admitted(again, thresholds) if (pair.left, pair.right) in met]


def _admitted(pairs: Iterable[Pair], thresholds: Thresholds) -> list[Pair]:
    return [pair for pair in pairs if thresholds.admit(pair.runs)]


def _stock_words(texts: Texts, number: int, pairs: Iterable[Pair], hints: Ints) -> Ints:
    """Return the words of stock phrases in the passages of a text, numbered through all texts as ``hints`` are."""
    here = texts.cut.of(number)
    first, last = np.searchsorted(hints, (here.start, here.stop))
    known = hints[first:last] - here.start
    near = np.zeros(here.stop - here.start, dtype=np.bool_)
    for pair in pairs:
        for run in pair.runs:
            start, end = (run.left_start, run.left_end) if number == pair.left else (run.right_start, run.right_end)
            near[max(0, start - _CONTEXT) : end + _CONTEXT] = True
    edges = np.flatnonzero(np.diff(near, prepend=False, append=False)).tolist()
    starts, ends = texts.cut.starts[here], texts.cut.ends[here]
    found = [np.zeros(0, dtype=np.int64)]
    for low, high in zip(edges[::2], edges[1::2], strict=True):
        if not np.any((known >= low) & (known < high)):
            continue
        piece = texts[number].members[0].text[int(starts[low]) : int(ends[high - 1])]
        found.append(np.flatnonzero(stock.flags(forms(piece, high - low))) + (here.start + low))
    return np.concatenate(found)
