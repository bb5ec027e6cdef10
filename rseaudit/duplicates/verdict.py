"""Give each word of a document one label, and the document its originality and verdict.

The formula is that of ``Originality``: own words over own and unattributed ones. Common text and
the author's own earlier versions are in neither, nor is what nobody can say who wrote first.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from rseaudit.config.settings import DuplicatesSettings
from rseaudit.model import Originality, Ref, Verdict

# So many own words in a row introduce a relayed text; a bare credit line does not.
_INTRODUCTION = 8

Labels = NDArray[np.int8]


class Label(IntEnum):
    """What one word of a document is. ``OWN`` includes what others took from it."""

    OWN = 0
    UNKNOWN = 1
    OWN_VERSION = 2
    UNATTRIBUTED = 3
    ATTRIBUTED = 4
    COMMON = 5


@dataclass(frozen=True, slots=True, order=True)
class Debt:
    """Words ``[start, end)`` that a document shares with another one that is not known to be later.

    ``rank`` orders debts for the same word: the smallest decides, that is the earliest original.
    """

    rank: tuple[int, Ref]
    start: int
    end: int
    label: Label


def labels(words: int, debts: list[Debt], common: NDArray[np.bool_]) -> Labels:
    """Label each word: common text first, then an attribution to anyone, then the earliest original.

    An unknown direction counts only where no known one does.
    """
    out = np.zeros(words, dtype=np.int8)
    for debt in sorted((d for d in debts if d.label != Label.ATTRIBUTED), reverse=True):
        if debt.label == Label.UNKNOWN:
            here = out[debt.start : debt.end]
            here[here == Label.OWN] = Label.UNKNOWN
        else:
            out[debt.start : debt.end] = debt.label
    for debt in debts:
        if debt.label == Label.ATTRIBUTED:
            out[debt.start : debt.end] = Label.ATTRIBUTED
    out[common] = Label.COMMON
    return out


def judge(document: Ref, labelled: Labels, settings: DuplicatesSettings) -> Originality:
    """Return the shares and the verdict; ``attributed_share`` is of all words but common and own-version ones."""
    counts = np.bincount(labelled, minlength=len(Label)).tolist()
    own, attributed, unattributed = counts[Label.OWN], counts[Label.ATTRIBUTED], counts[Label.UNATTRIBUTED]
    originality = own / (own + unattributed) if own + unattributed else None
    base = own + attributed + unattributed + counts[Label.UNKNOWN]
    return Originality(
        document=document,
        words=len(labelled),
        originality=originality,
        attributed_share=attributed / base if base else 0.0,
        verdict=_verdict(labelled, counts, originality, settings),
    )


def _verdict(labelled: Labels, counts: list[int], originality: float | None, settings: DuplicatesSettings) -> Verdict:
    own, attributed, unattributed = counts[Label.OWN], counts[Label.ATTRIBUTED], counts[Label.UNATTRIBUTED]
    if own + attributed + unattributed < settings.judged_words or not len(labelled):
        return "not-judged"
    if 2 * counts[Label.COMMON] > len(labelled):
        return "template"
    introduced = _longest_own(labelled) >= _INTRODUCTION
    # Attributed words are outside originality: a text that is mostly such is no original.
    mostly_attributed = attributed > own + unattributed
    if originality is not None and originality >= settings.original_share and not mostly_attributed:
        return "original"
    if attributed > unattributed and introduced:
        return "relay"
    if own >= settings.own_words:
        return "adapted"
    # Whoever says where a text comes from copied nothing behind anybody's back, introduction or not.
    return "relay" if attributed > unattributed else "copy"


def _longest_own(labelled: Labels) -> int:
    edges = np.flatnonzero(np.diff((labelled == Label.OWN).astype(np.int8), prepend=0, append=0))
    return int((edges[1::2] - edges[::2]).max(initial=0))
