"""What the documents of two texts owe to each other: the unit in which a run judges, and keeps what it judged.

A unit follows from the two texts alone, from who has them and what they share: as long as none of
that changes its matches stay as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rseaudit.duplicates.alignment import Run
from rseaudit.duplicates.common import Link
from rseaudit.duplicates.history import History
from rseaudit.duplicates.library import Library
from rseaudit.duplicates.matches import Member, Relation, frame, match, relate
from rseaudit.duplicates.roll import age
from rseaudit.duplicates.survey import Survey
from rseaudit.duplicates.verdict import Debt, Label
from rseaudit.model import Document, Match, MatchKind, Ref
from rseaudit.people import Directory

# An identical text is compared in the name of its earliest references and its earliest audited
# document: a note pasted in 200 spaces gives 199 matches, not 19,900.
_REFERENCES = 8
# What a word of a text proves that is another one to the letter.
_WORD_SCORE = 2

Key = tuple[int, int]
# Debtor, creditor and its age, where, and as what.
Item = list[Any]
Remember = Callable[[Iterable[Document]], Mapping[Ref, History]]


@dataclass(frozen=True, slots=True)
class Owed:
    """What one document has from another one."""

    debtor: Ref
    debt: Debt


@dataclass(frozen=True, slots=True)
class Unit:
    """Two texts by number, the smaller first, or one text twice, as their documents were judged."""

    key: Key
    matches: tuple[Match, ...]
    owed: tuple[Owed, ...]


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two documents to be judged, what they share, and as what when that is known beforehand."""

    left: Ref
    right: Ref
    runs: tuple[Run, ...]
    kind: MatchKind | None


def key(one: int, two: int) -> Key:
    """Return by what a unit is known."""
    return (min(one, two), max(one, two))


def whole(size: int) -> tuple[Run, ...]:
    """Return the passage that two documents of one text of so many words share."""
    return (Run(0, size, 0, size, size, size, _WORD_SCORE * size),)


class Judging:
    """Judges units of a survey."""

    def __init__(self, found: Survey, library: Library, directory: Directory, remember: Remember) -> None:
        self._found = found
        self._library = library
        self._directory = directory
        self._remember = remember
        self._members: dict[Ref, Member] = {}
        self._memory: Mapping[Ref, History] = {}
        self._links: Mapping[int, Sequence[Link]] = {}
        self._firsts: Mapping[Ref, int] = {}

    def judge(self, runs: Mapping[Key, tuple[Run, ...]]) -> Iterator[Unit]:
        """Yield units, given with what their two texts share beside common text, in their order."""
        numbers = {text for number in runs for text in number}
        self._links = self._found.links(numbers)
        self._firsts = {self._found.texts.first(number): number for number in numbers}
        pairs = {number: [*self._pairs(number, own)] for number, own in sorted(runs.items())}
        refs = {ref for own in pairs.values() for pair in own for ref in (pair.left, pair.right)}
        self._library.fetch(refs)
        self._memory = self._remember(self._library[ref] for ref in sorted(refs))
        for number, own in pairs.items():
            yield self._unit(number, own)

    def _pairs(self, number: Key, runs: tuple[Run, ...]) -> Iterator[_Pair]:
        texts, found = self._found.texts, self._found
        one, two = sorted(number, key=lambda text: int(texts.order[text]))
        if one == two:
            kind: MatchKind | None = "template" if found.is_framed(one) else None
            for left, right in self._beside(one, one):
                if left != right:
                    yield _Pair(left, right, whole(texts.size(one)), kind)
            return
        if runs:
            yield from (_Pair(left, right, runs, None) for left, right in self._beside(one, two))
            yield from (_Pair(left, right, runs, None) for right, left in self._beside(two, one))
        for text, other in ((one, two), (two, one)):
            for link in self._links.get(text, ()):
                if link.other == other:
                    for ref in texts.audited_members(text):
                        yield _Pair(ref, texts.first(other), link.runs, link.kind)

    def _beside(self, one: int, two: int) -> Iterator[tuple[Ref, Ref]]:
        """Yield the audited documents of a text beside those in whose name another one is compared."""
        texts = self._found.texts
        audited = texts.audited_members(one)
        if audited:
            others = (*texts.references(two)[:_REFERENCES], *texts.audited_members(two)[:1])
            yield from ((ref, other) for ref in audited for other in others)

    def _unit(self, number: Key, pairs: Iterable[_Pair]) -> Unit:
        related: set[frozenset[Ref]] = set()
        matches: list[Match] = []
        owed: list[Owed] = []
        for pair in pairs:
            both = frozenset((pair.left, pair.right))
            if both in related:
                continue
            relation = self._relation(pair)
            if relation is None:
                continue
            related.add(both)
            matches.append(match(relation, turned=self._is_turned(relation), kind=pair.kind))
            if pair.kind is None:
                owed += _owed(relation)
        return Unit(number, tuple(matches), tuple(owed))

    def _relation(self, pair: _Pair) -> Relation | None:
        left, right = self._member(pair.left), self._member(pair.right)
        if pair.kind is not None:
            return frame(left, right, pair.runs)
        admit = self._found.thresholds.between(left.size, right.size).admit
        return relate(left, right, pair.runs, self._directory, admit=admit, memory=self._memory)

    def _member(self, ref: Ref) -> Member:
        found = self._members.get(ref)
        if found is None:
            number = self._firsts.get(ref)
            known = None if number is None else self._found.texts.cut.alone(number)
            found = self._members[ref] = Member(self._library[ref], known)
        return found

    def _is_turned(self, relation: Relation) -> bool:
        """Tell whether the match is told from the right document: the audited one, of two the copy."""
        left, right = relation.left.document.ref, relation.right.document.ref
        audits = self._found.texts.audits
        if audits(left.source) != audits(right.source):
            return audits(right.source)
        return right < left if relation.side == "unknown" else relation.side == "document"


def _owed(relation: Relation) -> Iterator[Owed]:
    left, right = relation.left.document, relation.right.document
    for number, run in enumerate(relation.runs):
        for of_left, start, end in ((True, run.left_start, run.left_end), (False, run.right_start, run.right_end)):
            label = relation.label(number, of_left=of_left)
            if label is not None:
                debtor, creditor = (left, right) if of_left else (right, left)
                yield Owed(debtor.ref, Debt((age(creditor), creditor.ref), start, end, label))


def written(owed: Iterable[Owed]) -> Iterator[Item]:
    """Yield plain lists, to be kept as JSON."""
    for item in owed:
        years, creditor = item.debt.rank
        spans = (item.debt.start, item.debt.end, int(item.debt.label))
        yield [item.debtor.source, item.debtor.id, creditor.source, creditor.id, years, *spans]


def read(items: Iterable[Item]) -> Iterator[Owed]:
    """Yield what ``written`` was given."""
    for source, id_, of_source, of_id, years, start, end, label in items:
        yield Owed(Ref(source, id_), Debt((years, Ref(of_source, of_id)), start, end, Label(label)))
