"""Turn passages between texts into matches between documents, with kind, direction and debts."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from rseaudit.duplicates.addresses import names
from rseaudit.duplicates.alignment import Run
from rseaudit.duplicates.attribution import Claim, Origin, Reading, claim
from rseaudit.duplicates.coincidence import is_coincidence
from rseaudit.duplicates.columns import Cut
from rseaudit.duplicates.cutting import cut
from rseaudit.duplicates.direction import direction, written
from rseaudit.duplicates.history import History
from rseaudit.duplicates.verdict import Label
from rseaudit.ids import short_hash
from rseaudit.model import Document, Evidence, Match, MatchKind, Passage, Ref, Side, Span
from rseaudit.people import Directory

# A passage is quoted when at least so many percent of its words are.
_QUOTED_PERCENT = 80
# A credit carries on to the next passage when at most so many words stand between.
_CREDIT_REACH = 40
NO_MEMORY: Mapping[Ref, History] = {}
NOBODY = Directory(())


class Member:
    """One document with its own words: identical texts may differ in signs, so offsets are its own."""

    def __init__(self, document: Document, known: Cut | None = None) -> None:
        """``known`` is its text alone, where that is cut already."""
        self.document = document
        self.reading = Reading(document)
        self._cut = known

    @cached_property
    def _places(self) -> tuple[list[int], list[int]]:
        """Where its words start and end."""
        known = self._cut or cut([self.document.text])
        return known.starts.tolist(), known.ends.tolist()

    @property
    def size(self) -> int:
        return len(self._places[0])

    def span(self, start: int, end: int) -> Span:
        """Return the code points of the words ``[start, end)``."""
        starts, ends = self._places
        return Span(starts[start], ends[end - 1])

    @cached_property
    def _quoted(self) -> list[int]:
        """How many of the first words stand in quotations, for each number of words."""
        starts, quotes = self._places[0], self.reading.merged_quotes
        inside = bytearray(len(starts))
        for quote in quotes:
            first, last = bisect_left(starts, quote.start), bisect_left(starts, quote.end)
            inside[first:last] = b"\1" * (last - first)
        return [0, *accumulate(inside)]

    def is_quoted(self, start: int, end: int) -> bool:
        """Tell whether the words ``[start, end)`` stand in quotation marks or a block quotation."""
        inside = self._quoted[end] - self._quoted[start]
        return 100 * inside >= _QUOTED_PERCENT * (end - start)


@dataclass(frozen=True)
class Relation:
    """Two documents and what they share, seen from ``left``; runs are in order of the left words."""

    left: Member
    right: Member
    runs: tuple[Run, ...]
    side: Side
    evidence: Evidence
    directory: Directory
    own_version: bool
    same_author: bool

    # What the original says of its copy is never asked, so each side is read when it is.
    @cached_property
    def left_claims(self) -> tuple[Claim, ...]:
        """What the left document says of each passage."""
        spans = [(run.left_start, run.left_end) for run in self.runs]
        return _claims(self.left, self.right.document, spans, self.directory)

    @cached_property
    def right_claims(self) -> tuple[Claim, ...]:
        """What the right document says of each passage."""
        spans = [(run.right_start, run.right_end) for run in self.runs]
        return _claims(self.right, self.left.document, spans, self.directory)

    @property
    def told(self) -> Iterator[tuple[Claim, ...]]:
        """Yield what the copy says, or both documents when nobody knows which one it is."""
        if self.side != "document":
            yield self.left_claims
        if self.side != "other":
            yield self.right_claims

    def label(self, number: int, *, of_left: bool) -> Label | None:
        """Return what the words of a passage are for one of the two documents, ``None`` if its own."""
        mine: Side = "document" if of_left else "other"
        if self.side == mine:
            return None
        if self.own_version or self.same_author:
            return Label.OWN_VERSION
        claims = self.left_claims if of_left else self.right_claims
        if claims[number].attributed:
            return Label.ATTRIBUTED
        return Label.UNKNOWN if self.side == "unknown" else Label.UNATTRIBUTED


def relate(
    left: Member,
    right: Member,
    runs: Sequence[Run],
    directory: Directory,
    *,
    admit: Callable[[Sequence[Run]], bool],
    memory: Mapping[Ref, History] = NO_MEMORY,
) -> Relation | None:
    """Return how two documents relate by passages given in words; ``None`` when those are coincidences.

    ``admit`` says what passages are enough: it is asked again of those that are left without coincidences.
    """
    one, two = left.document, right.document
    kept = [run for run in runs if not _is_coincidence(left, right, run)]
    if not kept or (len(kept) < len(runs) and not admit(kept)):
        return None
    side, evidence = _direction(left, right, kept, memory)
    return Relation(
        left=left,
        right=right,
        runs=tuple(kept),
        side=side,
        evidence=evidence,
        directory=directory,
        own_version=is_own_version(one, two, directory),
        same_author=directory.same(one.author, two.author),
    )


def _direction(
    left: Member, right: Member, runs: Sequence[Run], memory: Mapping[Ref, History]
) -> tuple[Side, Evidence]:
    """Return which document came first; a later change of the original is forgiven when its passages stood before."""
    one, two = left.document, right.document
    side, evidence = direction(one, two)
    if side != "unknown" or not memory:
        return side, evidence
    side, evidence = direction(one, two, seen_before=True)
    if side == "unknown":
        return side, evidence
    original, copy = (left, right) if side == "document" else (right, left)
    spans = [
        left.span(run.left_start, run.left_end) if side == "document" else right.span(run.right_start, run.right_end)
        for run in runs
    ]
    history = memory.get(original.document.ref)
    if history is None or not history.stood(original.document, spans, written(copy.document, evidence)):
        return "unknown", "none"
    return side, evidence


def frame(left: Member, right: Member, runs: Sequence[Run]) -> Relation:
    """Return the relation of two documents that share common text only: nobody took it from the other."""
    return Relation(left, right, tuple(runs), "unknown", "none", NOBODY, own_version=False, same_author=False)


def is_own_version(one: Document, two: Document, directory: Directory) -> bool:
    """Tell whether two documents are one content by their own account: same author and space, or a translation."""
    if names(one.translation_of, two, source=one.source) or names(two.translation_of, one, source=two.source):
        return True
    same_space = one.source == two.source and (bool({*one.spaces} & {*two.spaces}) or one.spaces == two.spaces)
    return same_space and directory.same(one.author, two.author)


def match(relation: Relation, *, turned: bool, kind: MatchKind | None = None) -> Match:
    """Return the match with ``left`` as document, or ``right`` when ``turned``; ``kind`` if known beforehand."""
    document, other = (relation.right, relation.left) if turned else (relation.left, relation.right)
    runs = sorted(run.turned() for run in relation.runs) if turned else relation.runs
    mine = _union((run.left_start, run.left_end) for run in runs)
    theirs = _union((run.right_start, run.right_end) for run in runs)
    one, two = document.document.ref, other.document.ref
    return Match(
        id=short_hash("match", one.source, one.id, two.source, two.id),
        document=one,
        other=two,
        kind=kind or _kind(relation),
        shared_words=mine,
        share_of_document=mine / document.size,
        share_of_other=theirs / other.size,
        original=_turned(relation.side) if turned else relation.side,
        evidence=relation.evidence,
        passages=tuple(
            Passage(
                document=document.span(run.left_start, run.left_end),
                other=other.span(run.right_start, run.right_end),
                similarity=round(run.similarity, 2),
                words=run.left_end - run.left_start,
            )
            for run in runs
        ),
    )


def _kind(relation: Relation) -> MatchKind:
    if relation.own_version:
        return "own-version"
    sizes = [run.left_end - run.left_start for run in relation.runs]
    best: MatchKind = "copy"
    # The copy speaks; when nobody knows which one it is, whichever of the two says where it has it from.
    for claims in relation.told:
        quoted = sum(size for size, told in zip(sizes, claims, strict=True) if told.quoted)
        credited = sum(size for size, told in zip(sizes, claims, strict=True) if told.credited)
        if 2 * quoted > sum(sizes):
            return "quote"
        if 2 * credited > sum(sizes):
            best = "relay"
    return best


def _turned(side: Side) -> Side:
    return {"document": "other", "other": "document"}.get(side, "unknown")  # type: ignore[return-value]


def _is_coincidence(left: Member, right: Member, run: Run) -> bool:
    return is_coincidence(
        left.reading,
        left.span(run.left_start, run.left_end),
        right.reading,
        right.span(run.right_start, run.right_end),
        words=run.left_end - run.left_start,
        quoted=left.is_quoted(run.left_start, run.left_end) and right.is_quoted(run.right_start, run.right_end),
    )


def _claims(
    member: Member, other: Document, spans: Sequence[tuple[int, int]], directory: Directory
) -> tuple[Claim, ...]:
    """Return what a document says of each passage; a credit carries on over a few words."""
    origin = Origin(other, member.document, directory)
    found = [claim(member.reading, origin, member.span(*span), quoted=member.is_quoted(*span)) for span in spans]
    reach = -1
    for place in sorted(range(len(spans)), key=lambda number: spans[number]):
        start, end = spans[place]
        if found[place].credited or start <= reach:
            found[place] = Claim(found[place].quoted, True)
            reach = max(reach, end + _CREDIT_REACH)
    return tuple(found)


def _union(spans: Iterable[tuple[int, int]]) -> int:
    """Return how many words the ranges cover."""
    total = last = 0
    for start, end in sorted(spans):
        total += max(0, end - max(start, last))
        last = max(last, end)
    return total
