"""Compare a collection again after a change: cut, sort and ask only what is new, and find the very same.

A text asks again when it is new, when words of it have become common text or no longer are, and when a key that it
holds is crowded now, or leads to other texts than before. Of all others only the pairs with such texts can have
changed, and those find them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np

from rseaudit.duplicates import candidates
from rseaudit.duplicates.alignment import Run
from rseaudit.duplicates.candidates import Search
from rseaudit.duplicates.collection import Texts, as_numbers, digests
from rseaudit.duplicates.columns import Cut, Flags, Ints, Keys
from rseaudit.duplicates.cutting import cut, joined
from rseaudit.duplicates.index import Index, Segments, firsts, place_bits, prefixed
from rseaudit.duplicates.library import Library
from rseaudit.duplicates.passages import Plan, Thresholds, admitted
from rseaudit.duplicates.roll import States, age, by_age, roll_of
from rseaudit.duplicates.roll import joined as joined_rolls
from rseaudit.duplicates.standing import Standing, Still, crowded
from rseaudit.duplicates.survey import Survey
from rseaudit.duplicates.units import Key
from rseaudit.model import Document, Ref, Role

if TYPE_CHECKING:
    from rseaudit.duplicates.ring import Ring

# Two numbers in one: words, and texts, are numbered in fewer bits.
_PLACE_BITS = 32

Extend = Callable[[Cut, Cut], Cut]


class Again:
    """One comparison after another: to be asked for texts first, then for indexes, then for a plan.

    Afterwards ``fresh`` flags the texts that are new and ``regrouped`` those that other documents have than before;
    ``dead`` are the numbers of those that nobody has any more. ``rows`` and ``links`` are what ``Standing`` has
    of texts of which it still holds, ``runs`` and ``pairs`` the postings to be kept.
    """

    def __init__(
        self,
        before: Standing,
        roles: Mapping[str, Role],
        *,
        extend: Extend = lambda known, new: joined((known, new)),
    ) -> None:
        """``extend`` puts the words of new texts behind those of the known ones."""
        self._before = before
        self._roles = roles
        self._extend = extend
        self._old = Texts(before.roll, before.cut, before.digests, roles)
        self.known = len(before.digests)
        self.declared = before.declared
        self.hints = before.hints
        self.rows: Ints = before.rows
        self.links: Ints = before.links
        self.runs: Segments = before.runs
        self.pairs: Segments = before.pairs

    def texts(self, gone: Collection[Ref], new: Sequence[Document], library: Library, *, states: States) -> Texts:
        """Return the texts when documents are gone or are as ``new`` has them; ``texts_of`` gives the like."""
        old, roll = self._old, self._before.roll
        new = by_age(new)
        found = cut([document.text for document in new])
        left = np.ones(len(roll), dtype=np.bool_)
        names = ((ref.source, ref.id) for ref in (*gone, *(document.ref for document in new)))
        left[[row for name in names if (row := roll.rows.get(name)) is not None]] = False
        groups = self._groups(found, left)
        numbers = roll.numbers.copy()
        given = np.full(len(new), -1, dtype=np.int64)
        regrouped: list[int] = []
        added: list[tuple[bytes, Ref]] = []
        for digest, (number, own) in groups.items():
            kept = [row for row in old.rows(number) if left[row]] if number >= 0 else []
            if not kept and not own:
                continue
            ages = [(int(roll.ages[row]), roll.ref(row)) for row in kept[:1]]
            ages += [(age(new[place]), new[place].ref) for place in own[:1]]
            _, first = min(ages)
            audits = [self._audits(roll.sources[row]) for row in kept] + [
                self._audits(new[place].source) for place in own
            ]
            same = (
                number >= 0
                and first == old.first(number)
                and bool(kept)
                and kept[0] == old.firsts[number]
                and (any(audits), not all(audits)) == (old.audited[number], old.referenced[number])
            )
            if same:
                regrouped.append(number)
            else:
                number = len(old.alive) + len(added)
                added.append((digest, first))
            numbers[kept] = number
            given[own] = number
        more = _picked(found, new, [ref for _, ref in added], library)
        texts = Texts(
            joined_rolls(roll, numbers, left, roll_of(new, states, given)),
            self._extend(self._before.cut, more) if added else self._before.cut,
            np.concatenate((self._before.digests, as_numbers([digest for digest, _ in added]))),
            self._roles,
        )
        count = len(texts.alive)
        self.fresh: Flags = np.arange(count) >= len(old.alive)
        self.regrouped: Flags = np.zeros(count, dtype=np.bool_)
        self.regrouped[regrouped] = True
        self.dead: list[int] = np.flatnonzero(old.alive & ~texts.alive[: len(old.alive)]).tolist()
        return texts

    def _groups(self, found: Cut, left: Flags) -> dict[bytes, tuple[int, list[int]]]:
        """Return by digest the texts that gain or lose a document: the number, -1 for none yet, and what is new."""
        old, known = self._old, self._before.digests
        own: defaultdict[bytes, list[int]] = defaultdict(list)
        for place, digest in enumerate(digests(found)):
            if found.bounds[place] < found.bounds[place + 1]:
                own[digest].append(place)
        halves = as_numbers(list(own))[:, 0]
        near = np.flatnonzero(np.isin(known[:, 0], halves) & old.alive)
        lost = np.unique(self._before.roll.numbers[~left])
        touched = np.union1d(near, lost[lost >= 0])
        named = known[touched].astype(">u8").tobytes()
        numbers = {named[16 * n : 16 * n + 16]: number for n, number in enumerate(touched.tolist())}
        return {digest: (numbers.get(digest, -1), own[digest]) for digest in sorted({*numbers, *own})}

    def _audits(self, source: str) -> bool:
        return self._roles.get(source) == "audited"

    def fits(self, texts: Texts) -> bool:
        """Tell whether the places of words still have room in the keys of the index."""
        return place_bits(len(texts.cut.keys)) == self._before.bits

    def unused(self, texts: Texts) -> int:
        """Return how many words are in texts that nobody has any more."""
        return int(np.diff(texts.cut.bounds)[~texts.alive].sum())

    def indexes(self, texts: Texts) -> tuple[Index, Index]:
        """Return the index of runs of words and that of pairs of content words."""
        from rseaudit.duplicates import shingler
        from rseaudit.duplicates.sorter import in_order

        known, bits = texts.cut, self._before.bits
        bounds = known.bounds[len(self._old.alive) :]
        runs = in_order(shingler.runs(known.keys, bounds, bits))
        pairs = in_order(shingler.pairs(known.stems, known.weights, bounds, bits))
        self.runs, self.pairs = _with(self._before.runs, runs), _with(self._before.pairs, pairs)
        return (
            self._index(self.runs, self._before.runs_first, runs, texts),
            self._index(self.pairs, self._before.pairs_first, pairs, texts),
        )

    def _index(self, kept: Segments, first: Ints, new: Keys, texts: Texts) -> Index:
        bits = self._before.bits
        postings = _merged(*kept)
        if not texts.alive.all():
            from rseaudit.duplicates import splicer

            postings = splicer.living(postings, bits, texts.cut.text_numbers, texts.alive)
        return prefixed(postings, bits) if self.dead else Index(postings, bits, first + firsts(new))

    def plan(self, texts: Texts, thresholds: Thresholds, now: candidates.Collection, search: Search) -> Plan:
        """Return who must ask, and what others share with texts that are new; what that replaces is forgotten."""
        before, alive = self._before, texts.alive
        changed = np.flatnonzero(before.idle != now.idle[: len(before.idle)])
        proving = self.fresh.copy()
        proving[np.searchsorted(texts.cut.bounds, changed, side="right") - 1] = True
        proving &= alive
        asking = proving.copy()
        self._unsettled(search.runs, before.runs_crowded, before.runs_leaders, texts, asking)
        self._unsettled(search.pairs, before.pairs_crowded, before.pairs_leaders, texts, asking)
        askers = search.askers(np.flatnonzero(proving), least=thresholds.least, score=thresholds.score)
        pairs = admitted(texts, askers, thresholds)
        asking &= texts.audited
        left, right = before.rows[:, 0], before.rows[:, 1]
        there = alive[left] & alive[right]
        asker = np.where(texts.audited[right], right, left)
        replaced = asking[asker] | proving[left] | proving[right]
        self.rows, self._forgotten = before.rows[there & ~replaced], before.rows[there & replaced]
        return Plan(np.flatnonzero(asking).tolist(), [pair for pair in pairs if not asking[search.asker(pair)]])

    def _unsettled(self, ring: Ring, keys: Keys, leaders: Ints, texts: Texts, out: Flags) -> None:
        """Flag the texts that hold a crowded key which does not lead to the texts it led to before."""
        from rseaudit.duplicates import splicer

        now = crowded(ring)
        before = {key: row.tobytes() for key, row in zip(keys.tolist(), leaders, strict=True)}
        present = {key: row.tobytes() for key, row in zip(now.tolist(), ring.leaders, strict=True)}
        odd = [key for key in before.keys() | present.keys() if before.get(key) != present.get(key)]
        splicer.mark(ring, np.array(odd, dtype=np.uint64), texts.cut.text_numbers, out)

    def stirred(self, found: Survey) -> Flags:
        """Flag the texts of which everything is to be judged again.

        They are new, other documents have them than before, they hold other common text, or it links them otherwise.
        """
        before, texts = self._before, found.texts
        out = self.fresh | self.regrouped
        pieces = _as_set(np.column_stack(found.common.spans))
        places = np.setxor1d(_as_set(before.pieces), pieces, assume_unique=True) >> _PLACE_BITS
        out[np.searchsorted(texts.cut.bounds, places, side="right") - 1] = True
        suspects = (out | found.wordings.unlike(before.wordings, before.holders)) & texts.audited
        links = found.wordings.linked(np.flatnonzero(suspects))
        known = before.links[texts.alive[before.links[:, 0]]]
        again = suspects[known[:, 0]]
        changed = np.setxor1d(_as_set(known[again]), _as_set(links), assume_unique=True) >> _PLACE_BITS
        out[changed] = True
        self.links = np.concatenate((known[~again], links))
        return out & texts.alive

    @property
    def still(self) -> Still:
        """What holds of the comparison that this one took up, once everything was asked for."""
        return Still(self.runs, self.pairs, self.rows, self.links)

    def differing(self, found: Mapping[Key, tuple[Run, ...]]) -> set[Key]:
        """Return the pairs of texts that share something else than before, given those of all that asked."""
        earlier = passages_of(self._forgotten)
        return {pair for pair in earlier.keys() | found.keys() if earlier.get(pair) != found.get(pair)}


def _with(kept: Segments, new: Keys) -> Segments:
    return kept[0], _merged(kept[1], new)


def _merged(one: Keys, two: Keys) -> Keys:
    """Return the values of two sorted arrays in order."""
    out = np.concatenate((one, two))
    out.sort(kind="stable")  # which finds that there are two, and goes through them once
    return out


def _as_set(rows: Ints) -> Ints:
    """Return one number for each two."""
    return rows[:, 0] << _PLACE_BITS | rows[:, 1]


def passages_of(rows: Ints) -> dict[Key, tuple[Run, ...]]:
    """Return what the texts of each pair share, by the smaller number first; passages as the left text has them."""
    table = rows[np.lexsort((rows[:, 1], rows[:, 0]))].tolist()
    return {
        (min(pair), max(pair)): tuple(Run(*row[2:]) for row in own)
        for pair, own in groupby(table, lambda row: (row[0], row[1]))
    }


def _picked(found: Cut, new: Sequence[Document], refs: Sequence[Ref], library: Library) -> Cut:
    """Return the words of documents, most of which are cut already."""
    places = {document.ref: place for place, document in enumerate(new)}
    if all(ref in places for ref in refs):
        return found.picked([places[ref] for ref in refs])
    library.fetch(refs)
    return cut([library[ref].text for ref in refs])
