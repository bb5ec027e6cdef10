"""What was said of each two documents, kept so that the next run reads only those again that have changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from functools import cache
from hashlib import blake2b
from operator import attrgetter
from typing import Any

from rseaudit.duplicates.alignment import Run
from rseaudit.duplicates.verdict import Label
from rseaudit.model import Document, Match, Passage, Ref, Span

# They change with every reader and decide on nothing here.
_UNREAD = frozenset(("comments", "likes", "views"))
_SEEN = attrgetter(*(item.name for item in fields(Document) if item.name not in _UNREAD))

Item = list[Any]


@dataclass(frozen=True, slots=True)
class Owed:
    """Words ``[start, end)`` that the first of two documents, or the second, has from the other one."""

    of_left: bool
    start: int
    end: int
    label: Label


@dataclass(frozen=True, slots=True)
class Judged:
    """Two documents as they were judged: ``key`` stands for all of it that can change; no match, no relation."""

    left: Ref
    right: Ref
    key: str
    match: Match | None
    owed: tuple[Owed, ...]


class Memory:
    """Judgements of an earlier run, and those of this one."""

    def __init__(self, known: Iterable[Judged] = ()) -> None:
        self._known = {(item.left, item.right): item for item in known}
        self._stamps: dict[Ref, str] = {}
        self.judged: list[Judged] = []

    def key(self, left: Document, right: Document, runs: Sequence[Run], kind: str | None) -> str:
        """Return what stands for two documents, what they share and the kind known beforehand."""
        return _digest(f"{self._stamp(left)} {self._stamp(right)} {kind} {_spelt(tuple(runs))}")

    def recall(self, left: Ref, right: Ref, key: str) -> Judged | None:
        """Return how the two were judged, if nothing has changed since."""
        known = self._known.get((left, right))
        return known if known is not None and known.key == key else None

    def _stamp(self, document: Document) -> str:
        found = self._stamps.get(document.ref)
        if found is None:
            found = self._stamps[document.ref] = _digest(repr(_SEEN(document)))
        return found


@cache
def _spelt(runs: tuple[Run, ...]) -> str:
    return repr(runs)


def _digest(text: str) -> str:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()


def written(judged: Iterable[Judged]) -> Iterator[Item]:
    """Yield judgements as plain lists, to be kept as JSON."""
    for item in judged:
        owed = [[int(one.of_left), one.start, one.end, int(one.label)] for one in item.owed]
        match = None if item.match is None else _written(item.match, turned=item.match.document == item.right)
        yield [item.left.source, item.left.id, item.right.source, item.right.id, item.key, match, owed]


def read(items: Iterable[Item]) -> Iterator[Judged]:
    """Yield judgements from what ``written`` gave; ``ValueError`` or ``TypeError`` if it is anything else."""
    for left_source, left_id, right_source, right_id, key, match, owed in items:
        left, right = Ref(left_source, left_id), Ref(right_source, right_id)
        yield Judged(
            left,
            right,
            key,
            None if match is None else _read(match, left, right),
            tuple(Owed(bool(of_left), start, end, Label(label)) for of_left, start, end, label in owed),
        )


def _written(match: Match, *, turned: bool) -> Item:
    passages = [
        [p.document.start, p.document.end, p.other.start, p.other.end, p.similarity, p.words] for p in match.passages
    ]
    shares = (match.shared_words, match.share_of_document, match.share_of_other)
    return [turned, match.id, match.kind, *shares, match.original, match.evidence, passages]


def _read(item: Item, left: Ref, right: Ref) -> Match:
    turned, id_, kind, words, of_document, of_other, original, evidence, passages = item
    return Match(
        id=id_,
        document=right if turned else left,
        other=left if turned else right,
        kind=kind,
        shared_words=words,
        share_of_document=of_document,
        share_of_other=of_other,
        original=original,
        evidence=evidence,
        passages=tuple(
            Passage(document=Span(a, b), other=Span(c, d), similarity=alike, words=count)
            for a, b, c, d, alike, count in passages
        ),
    )
