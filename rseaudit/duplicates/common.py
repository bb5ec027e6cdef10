"""Report common text: once as a list, and as a few pairs that show where it stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from rseaudit.duplicates.alignment import Run
from rseaudit.duplicates.boilerplate import Common, Limits, Piece
from rseaudit.duplicates.collection import Texts
from rseaudit.duplicates.columns import Flags, Ints, Keys, ranges
from rseaudit.duplicates.library import Library
from rseaudit.ids import short_hash
from rseaudit.model import CommonText, MatchKind
from rseaudit.text import words

# Of all that hold the same signature a document is shown with the first few, never with thousands.
_SHOWN = 4
HOLDERS = 16
_LEAST_SHARED = 8
_LEAST_LISTED = 4
_TEMPLATE_PIECES = 3


@dataclass(frozen=True, slots=True)
class Link:
    """A text that holds the same common text as another one, what they share of it, in words, and as what."""

    other: int
    runs: tuple[Run, ...]
    kind: MatchKind


class Wordings:
    """Which texts hold each wording of common text, in their order.

    ``first`` has for each of the ``keys`` the first texts, filled up with -1.
    """

    def __init__(self, texts: Texts, common: Common) -> None:
        self._texts, self._common = texts, common
        self._first_pieces: dict[int, dict[int, Piece]] = {}
        order = texts.order[common.texts]
        rows = np.lexsort((order, common.wordings))
        keys, numbers = common.wordings[rows], common.texts[rows]
        fresh = np.ones(len(rows), dtype=np.bool_)
        fresh[1:] = (keys[1:] != keys[:-1]) | (numbers[1:] != numbers[:-1])
        keys, self.holders = keys[fresh], numbers[fresh]
        self.keys, self.starts = np.unique(keys, return_index=True)
        self.counts = np.diff(np.append(self.starts, len(keys)))
        places = self.starts[:, np.newaxis] + np.arange(HOLDERS)
        there = np.arange(HOLDERS) < self.counts[:, np.newaxis]
        self.first: Ints = np.where(there, np.append(self.holders, -1)[np.where(there, places, len(keys))], -1)

    def unlike(self, keys: Keys, first: Ints) -> Flags:
        """Flag the texts that hold a wording whose first texts are not those of an earlier collection."""
        places = np.minimum(np.searchsorted(keys, self.keys), max(0, len(keys) - 1))
        same = np.zeros(len(self.keys), dtype=np.bool_)
        if len(keys):
            same = (keys[places] == self.keys) & (first[places] == self.first).all(axis=1)
        out = np.zeros(len(self._texts.alive), dtype=np.bool_)
        out[self.holders[np.repeat(~same, self.counts)]] = True
        return out

    def linked(self, numbers: Ints) -> Ints:
        """Return audited texts, given in order, each with a few others that hold the same common text, the next first.

        Two columns, the text and the other one.
        """
        texts, common = self._texts, self._common
        bounds = texts.cut.bounds
        numbers = numbers[texts.audited[numbers]]
        low, high = (np.searchsorted(common.spans[0], bounds[numbers + step]) for step in (0, 1))
        rows = ranges(low, high - low)
        # Of a wording that a text repeats the first place counts.
        owners = common.texts[rows]
        wordings = np.searchsorted(self.keys, common.wordings[rows])
        _, once = np.unique(owners * max(1, len(self.keys)) + wordings, return_index=True)
        rows, owners, wordings = rows[once], owners[once], wordings[once]
        sizes = np.repeat(common.spans[1][rows] - common.spans[0][rows], HOLDERS)
        owners, others = np.repeat(owners, HOLDERS), self.first[wordings].ravel()
        there = (others >= 0) & (others != owners)
        count = len(texts.alive)
        pairs, places = np.unique(owners[there] * count + others[there], return_inverse=True)
        shared = np.bincount(places, weights=sizes[there], minlength=len(pairs))
        pairs, shared = pairs[shared >= _LEAST_SHARED], shared[shared >= _LEAST_SHARED]
        owners, others = pairs // max(1, count), pairs % max(1, count)
        order = np.lexsort((texts.order[others], -shared, owners))
        owners, others = owners[order], others[order]
        place = np.arange(len(owners)) - np.searchsorted(owners, owners)
        return np.column_stack((owners, others))[place < _SHOWN]

    def link(self, number: int, other: int) -> Link:
        """Return what a text shares of common text with another one."""
        own, theirs = self._pieces(number), self._pieces(other)
        runs = tuple(sorted(_run(piece, theirs[key]) for key, piece in own.items() if key in theirs))
        return Link(other, runs, _kind(runs, min(self._texts.size(number), self._texts.size(other))))

    def texts(self, library: Library, limits: Limits) -> tuple[CommonText, ...]:
        """Return the common texts of four words and more, the most spread first.

        A text is shown as its earliest document writes it, and may be copied into ``exclude_text``.
        """
        texts, common = self._texts, self._common
        documents = np.add.reduceat(texts.counts[self.holders], self.starts) if len(self.keys) else self.counts
        found = []
        for row in np.flatnonzero(documents >= limits.documents).tolist():
            first = int(self.first[row, 0])
            here = common.of(first)
            place = here.start + int(np.flatnonzero(common.wordings[here] == self.keys[row])[0])
            start, end = (int(column[place]) for column in common.spans)
            if end - start >= _LEAST_LISTED:
                found.append((row, first, start, end))
        library.fetch(texts.first(first) for _, first, _, _ in found)
        listed = []
        for row, first, start, end in found:
            held = self.holders[self.starts[row] : self.starts[row] + self.counts[row]]
            text = library[texts.first(first)].text
            shown = text[int(texts.cut.starts[start]) : int(texts.cut.ends[end - 1])]
            listed.append(
                CommonText(
                    id=short_hash("common-text", *words(shown).forms),
                    text=shown,
                    documents=int(documents[row]),
                    sources=texts.spread(held),
                    suggestion=shown,
                )
            )
        return tuple(sorted(listed, key=lambda text: (-text.documents, text.text, text.id)))

    def _pieces(self, number: int) -> dict[int, Piece]:
        """Return the first piece of each wording."""
        if number not in self._first_pieces:
            keys = self._common.wordings[self._common.of(number)].tolist()
            pieces = self._common.pieces(number)
            self._first_pieces[number] = dict(zip(reversed(keys), reversed(pieces), strict=True))
        return self._first_pieces[number]


def _kind(runs: Sequence[Run], size: int) -> MatchKind:
    """A template frames other contents in several places, or is most of a text."""
    stretches = 1 + sum(after.left_start > before.left_end for before, after in pairwise(runs))
    mostly = 2 * sum(run.matched for run in runs) > size
    return "template" if stretches >= _TEMPLATE_PIECES or mostly else "shared-boilerplate"


def _run(mine: Piece, theirs: Piece) -> Run:
    return Run(mine.start, mine.end, theirs.start, theirs.end, mine.end - mine.start, mine.end - mine.start, 0)
