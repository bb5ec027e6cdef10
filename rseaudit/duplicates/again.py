"""Compare a collection again after a change: cut, sort and ask only what is new, and find the very same.

A text asks again when it is new, when a text that it met is new or gone, when words of either have become
common text or no longer are, and when a key that it holds is crowded now, or leads to other texts than before.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

import numpy as np

from rseaudit.duplicates import index
from rseaudit.duplicates.alignment import Run
from rseaudit.duplicates.candidates import FIRST_HOLDERS, Pair, Search
from rseaudit.duplicates.collection import Texts, texts_of
from rseaudit.duplicates.cutting import COLUMNS, Cut, Flags, Ints, Keys, cut
from rseaudit.duplicates.index import Index, place_bits, prefixed
from rseaudit.duplicates.passages import Plan, Thresholds
from rseaudit.duplicates.ring import Ring
from rseaudit.duplicates.standing import Standing, head, stamp
from rseaudit.model import Document, Source


class Again:
    """One comparison after another: to be asked for texts first, then for indexes, then for a plan."""

    def __init__(self, before: Standing) -> None:
        self._before = before
        self._known = {text: number for number, text in enumerate(before.texts)}
        # By earlier number the present one, -1 for texts that are no more or stand elsewhere.
        self._numbers = np.full(len(before.texts), -1, dtype=np.int64)
        self._fresh = np.zeros(0, dtype=np.bool_)

    def texts(self, documents: Iterable[Document], sources: Mapping[str, Source]) -> Texts:
        """Return what ``texts_of`` gives."""
        found = texts_of(documents, sources, room=self)
        heads = self._before.heads
        self._fresh = np.ones(len(found), dtype=np.bool_)
        for number, text in enumerate(found):
            before = self._known.get(stamp(text.members[0].text), -1)
            if before >= 0 and heads[before] == head(text):
                self._numbers[before] = number
                self._fresh[number] = False
        return found

    def cut(self, texts: Sequence[str]) -> Cut:
        """Return what ``cutting.cut`` gives."""
        numbers = np.fromiter((self._known.get(stamp(text), -1) for text in texts), dtype=np.int64, count=len(texts))
        known, before = numbers >= 0, self._before.cut
        new = cut([texts[number] for number in np.flatnonzero(~known).tolist()])
        origins = np.full((2, len(texts)), -1, dtype=np.int64)
        origins[0, known] = before.bounds[numbers[known]]
        origins[1, ~known] = new.bounds[:-1]
        sizes = np.empty(len(texts), dtype=np.int64)
        sizes[known] = np.diff(before.bounds)[numbers[known]]
        sizes[~known] = np.diff(new.bounds)
        return _spliced((before, new), origins, sizes)

    def picked(self, known: Cut, numbers: Sequence[int]) -> Cut:
        """Return what ``known.picked`` gives."""
        chosen = np.asarray(numbers, dtype=np.int64)
        return _spliced((known,), known.bounds[chosen][np.newaxis], np.diff(known.bounds)[chosen])

    def indexes(self, known: Cut) -> tuple[Index, Index]:
        """Return the index of runs of words and that of pairs of content words."""
        from rseaudit.duplicates import shingler

        bits = place_bits(len(known.keys))
        if bits != self._before.bits:
            return index.of_runs(known), index.of_pairs(known)
        fresh = np.flatnonzero(self._fresh).tolist()
        runs = [shingler.runs(known.keys, known.bounds[text : text + 2], bits) for text in fresh]
        pairs = [shingler.pairs(known.stems, known.weights, known.bounds[text : text + 2], bits) for text in fresh]
        return self._merged(self._before.runs, runs, known, bits), self._merged(self._before.pairs, pairs, known, bits)

    def _merged(self, before: Keys, fresh: Sequence[Keys], known: Cut, bits: int) -> Index:
        from rseaudit.duplicates import splicer

        old = self._before.cut
        kept = splicer.moved(before, bits, old.text_numbers(), old.bounds, self._numbers, known.bounds)
        new = np.sort(np.concatenate([np.zeros(0, dtype=np.uint64), *fresh]))
        return prefixed(splicer.merged(kept, new), bits)

    def plan(self, search: Search, idle: Flags, known: Cut, thresholds: Thresholds) -> Plan:
        """Return who must ask, and what the others found."""
        before, numbers = self._before, self._numbers
        audited = search.audited
        stirred = self._stirred(idle, known)
        asking = stirred | self._unsettled(search, known)
        met = numbers[before.met]
        there = (met >= 0).all(axis=1)
        asking[met[~there & (met[:, 0] >= 0), 0]] = True
        met = met[there]
        asking[met[stirred[met[:, 1]], 0]] = True
        for pair in search.askers(np.flatnonzero(stirred), least=thresholds.least, score=thresholds.score):
            if thresholds.admit(pair.runs):
                asking[search.asker(pair)] = True
        asking &= audited
        return Plan(
            asking=np.flatnonzero(asking).tolist(),
            met=[(asker, other) for asker, other in met[~asking[met[:, 0]]].tolist()],
            pairs=[pair for pair in self._pairs() if not asking[search.asker(pair)]],
        )

    def _stirred(self, idle: Flags, known: Cut) -> Flags:
        """Flag the texts that are new, or of which other words prove nothing than before."""
        from rseaudit.duplicates import splicer

        out = self._fresh.copy()
        splicer.differing(self._before.idle, self._before.cut.bounds, self._numbers, idle, known.bounds, out)
        return out

    def _unsettled(self, search: Search, known: Cut) -> Flags:
        """Flag the texts that hold a crowded key which does not lead to the texts it led to before."""
        from rseaudit.duplicates import splicer

        before, out = self._before, np.zeros(len(known), dtype=np.bool_)
        audited = np.flatnonzero(before.audited)
        start = int(before.cut.bounds[audited[0]]) if len(audited) else len(before.cut.keys)
        nothing = np.zeros(0, dtype=np.bool_)
        for postings, crowded, now in (
            (before.runs, before.runs_crowded, search.runs),
            (before.pairs, before.pairs_crowded, search.pairs),
        ):
            flags = np.zeros(len(postings), dtype=np.bool_)
            flags[crowded] = True
            splicer.unsettled(
                Ring(postings, now.first, flags, nothing, before.bits),
                before.cut.text_numbers(),
                start,
                crowded,
                self._numbers,
                now,
                known.text_numbers(),
                search.first_audited_word,
                np.flatnonzero(now.crowded),
                FIRST_HOLDERS,
                out,
            )
        return out

    def _pairs(self) -> Iterable[Pair]:
        """Yield the earlier pairs of texts that are both still there, by their present numbers."""
        rows = self._before.rows
        left, right = self._numbers[rows[:, 0]], self._numbers[rows[:, 1]]
        there = (left >= 0) & (right >= 0)
        table = np.column_stack((left, right, rows[:, 2:]))[there].tolist()
        for (one, two), own in groupby(table, key=lambda row: (row[0], row[1])):
            yield Pair(one, two, tuple(Run(*row[2:]) for row in own))


def _spliced(parts: Sequence[Cut], origins: Ints, sizes: Ints) -> Cut:
    """Return the cut whose text ``t`` has ``sizes[t]`` words, from ``origins[p, t]`` on in part ``p``."""
    from rseaudit.duplicates import splicer

    bounds = np.concatenate(([0], np.cumsum(sizes))).astype(np.int64)
    columns = []
    for name in COLUMNS:
        example = getattr(parts[0], name)
        out = np.empty(int(bounds[-1]), dtype=example.dtype)
        for part, own in zip(parts, origins, strict=True):
            values = np.ascontiguousarray(getattr(part, name)).view(np.uint8)
            splicer.splice(values, own, sizes, bounds, example.dtype.itemsize, out.view(np.uint8))
        columns.append(out)
    return Cut(bounds, *columns)
