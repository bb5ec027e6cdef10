"""From texts to pairs of texts with their shared passages, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from rseaudit.duplicates import alignment, boilerplate, candidates, index, shingles, stock
from rseaudit.duplicates.alignment import Run, Side
from rseaudit.duplicates.boilerplate import Common, Limits
from rseaudit.duplicates.collection import Text
from rseaudit.duplicates.lexicon import UNSEEN_TEXTS, Lexicon

RUN_WEIGHT = 3
PAIR_WEIGHT = 2
LEAST_CHAIN = 6
# Between two texts that surely share something, one seed is reason enough to look closer.
STRONG_PAIR = 12
WEAK_CHAIN = 2
# Enough for a book in disorder; two long lists of the same words have more by chance.
MOST_CHAINS = 512


@dataclass(frozen=True, slots=True)
class Pair:
    """Two texts by number, ``left < right``, with their passages in order of the left one."""

    left: int
    right: int
    runs: tuple[Run, ...]


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


def score_for(score: int, texts: int) -> int:
    """Return the score to ask for in a collection of ``texts`` texts, given that for two thousand.

    The more texts, the more often two of them share a sentence by chance; it grows like word weights.
    """
    return max(1, score * (texts + UNSEEN_TEXTS).bit_length() // (2_000 + UNSEEN_TEXTS).bit_length())


def find(
    texts: Sequence[Text], *, limits: Limits, thresholds: Thresholds, excluded: Sequence[Sequence[str]] = ()
) -> tuple[Common, tuple[Pair, ...]]:
    """Return the common text and the pairs of texts, at least one of them audited, that share passages."""
    lexicon = Lexicon(text.words.forms for text in texts)
    runs = index.build([shingles.runs(ids, lexicon) for ids in lexicon.ids])
    pairs = index.build([shingles.pairs(ids, lexicon) for ids in lexicon.ids])
    common = boilerplate.find(texts, runs, limits, excluded=excluded)
    idle = [flags | stock.flags(text.words.forms) for flags, text in zip(common.repeated, texts, strict=True)]
    places = {place: number for number, place in enumerate(sorted({text.place for text in texts}))}
    chains = candidates.find(
        (
            candidates.Keyring(runs.restricted(_usable(runs, idle)), RUN_WEIGHT, follow=True),
            candidates.Keyring(pairs.restricted(_usable(pairs, idle)), PAIR_WEIGHT, follow=False),
        ),
        audited=np.fromiter((bool(t.audited) for t in texts), dtype=np.bool_, count=len(texts)),
        reference=np.fromiter((bool(t.references) for t in texts), dtype=np.bool_, count=len(texts)),
        places=np.fromiter((places[t.place] for t in texts), dtype=np.int64, count=len(texts)),
        least=LEAST_CHAIN,
        strong=STRONG_PAIR,
        weak=WEAK_CHAIN,
    )
    return common, tuple(_aligned(texts, lexicon, idle, chains, thresholds))


def _usable(keys: index.Index, idle: Sequence[boilerplate.Flags]) -> boilerplate.Flags:
    """Flag the keys that hold no idle word at either end."""
    if not len(keys):
        return np.zeros(0, dtype=np.bool_)
    starts = np.cumsum([0, *(len(flags) for flags in idle)])[keys.texts]
    flat = np.concatenate(idle)
    return ~(flat[starts + keys.starts] | flat[starts + keys.ends - 1])


def _aligned(
    texts: Sequence[Text],
    lexicon: Lexicon,
    idle: Sequence[boilerplate.Flags],
    chains: Sequence[candidates.Chain],
    thresholds: Thresholds,
) -> Iterator[Pair]:
    weights = lexicon.weights()
    sides: dict[int, Side] = {}

    def side(number: int) -> Side:
        if number not in sides:
            ids = lexicon.ids[number]
            sides[number] = Side(
                lexicon.stems[ids].tolist(), np.where(idle[number], 0, weights[ids]).tolist(), texts[number].words.forms
            )
        return sides[number]

    for (left, right), group in groupby(chains, key=lambda chain: (chain.left, chain.right)):
        best_first = sorted(group, key=lambda chain: (-chain.weight, chain.seeds[0]))
        spots = [chain.seeds for chain in best_first[:MOST_CHAINS]]
        # The outcome must not depend on which of two texts came first.
        if texts[left].digest < texts[right].digest:
            found = alignment.align(side(left), side(right), spots, least=thresholds.least)
        else:
            turned = [[(s[2], s[3], s[0], s[1]) for s in chain] for chain in spots]
            found = alignment.align(side(right), side(left), turned, least=thresholds.least)
            found = tuple(sorted(run.turned() for run in found))
        if thresholds.admit(found):
            yield Pair(left, right, found)
