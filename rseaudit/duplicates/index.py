"""Posting lists: in which texts, and where, each key stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from rseaudit.duplicates.shingles import Shingles

Ints = NDArray[np.int64]
MOST_REPEATS = 8
_Kind = TypeVar("_Kind", bound=np.generic)


@dataclass(frozen=True, slots=True, eq=False)
class Index:
    """All keys of a collection; a *posting* is one key at one place of one text.

    Postings are ordered by key, then text, then place. ``groups`` has one more element than there
    are distinct keys: the postings of key ``g`` are ``groups[g]`` to ``groups[g + 1]``.
    ``group_of`` leads from postings to keys.
    """

    texts: Ints
    starts: Ints
    ends: Ints
    groups: Ints
    group_of: Ints

    def __len__(self) -> int:
        return len(self.texts)

    def frequencies(self, labels: Sequence[int] | Ints) -> Ints:
        """Return for each key in how many distinct labels it stands; ``labels[t]`` is that of text ``t``.

        With the texts' own numbers this is the document frequency, with places the one per place.
        """
        marks = np.asarray(labels, dtype=np.int64)[self.texts] if len(self) else self.texts
        order = np.lexsort((marks, self.group_of))
        groups, marks = self.group_of[order], marks[order]
        fresh = np.ones(len(groups), dtype=np.bool_)
        fresh[1:] = (groups[1:] != groups[:-1]) | (marks[1:] != marks[:-1])
        return np.bincount(groups[fresh], minlength=len(self.groups) - 1).astype(np.int64)

    def restricted(self, kept: NDArray[np.bool_]) -> Index:
        """Return the index of the kept postings whose key still stands at two places or more."""
        counts = np.bincount(self.group_of[kept], minlength=len(self.groups) - 1)
        postings = np.flatnonzero(kept & (counts > 1)[self.group_of]) if len(self) else np.zeros(0, dtype=np.int64)
        counts = counts[counts > 1]
        return Index(
            texts=self.texts[postings],
            starts=self.starts[postings],
            ends=self.ends[postings],
            groups=np.concatenate(([0], np.cumsum(counts))).astype(np.int64),
            group_of=np.repeat(np.arange(len(counts), dtype=np.int64), counts),
        )


def build(shingles: Sequence[Shingles]) -> Index:
    """Return the index of texts given by their keys, in the order of their numbers.

    Time is that of one stable sort of all keys. A text that repeats a key over and over keeps its
    first ``MOST_REPEATS`` places: two such texts would otherwise meet at their product.
    """
    shingles = [_thinned(keys) for keys in shingles]
    lengths = np.fromiter((len(s) for s in shingles), dtype=np.int64, count=len(shingles))
    keys = _joined([s.keys for s in shingles], np.uint64)
    order = np.argsort(keys, kind="stable")
    keys = keys[order]
    fresh = np.ones(len(keys), dtype=np.bool_)
    fresh[1:] = keys[1:] != keys[:-1]
    return Index(
        texts=np.repeat(np.arange(len(shingles), dtype=np.int64), lengths)[order],
        starts=_joined([s.starts for s in shingles], np.int64)[order],
        ends=_joined([s.ends for s in shingles], np.int64)[order],
        groups=np.append(np.flatnonzero(fresh), len(keys)).astype(np.int64),
        group_of=np.cumsum(fresh).astype(np.int64) - 1,
    )


def _thinned(shingles: Shingles) -> Shingles:
    order = np.argsort(shingles.keys, kind="stable")
    keys = shingles.keys[order]
    repeated = np.zeros(len(keys), dtype=np.bool_)
    repeated[MOST_REPEATS:] = keys[MOST_REPEATS:] == keys[:-MOST_REPEATS]
    if not repeated.any():
        return shingles
    kept = np.sort(order[~repeated])
    return Shingles(shingles.keys[kept], shingles.starts[kept], shingles.ends[kept])


def _joined(arrays: Sequence[NDArray[_Kind]], kind: type[_Kind]) -> NDArray[_Kind]:
    return np.concatenate(arrays) if arrays else np.zeros(0, dtype=kind)
