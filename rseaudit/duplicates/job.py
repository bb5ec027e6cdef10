"""Find what documents share and what each of them owes to others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

import numpy as np

from rseaudit.config.settings import DuplicatesSettings
from rseaudit.duplicates import boilerplate, common, groups, index, passages, verdict
from rseaudit.duplicates.again import Again
from rseaudit.duplicates.alignment import Run
from rseaudit.duplicates.boilerplate import Common, Limits
from rseaudit.duplicates.candidates import Pair, frequency_limit
from rseaudit.duplicates.collection import Text, Texts, by_age, texts_of
from rseaudit.duplicates.engines import LOCAL, Engine
from rseaudit.duplicates.history import History
from rseaudit.duplicates.index import Index
from rseaudit.duplicates.judged import Judged, Memory, Owed
from rseaudit.duplicates.matches import NO_MEMORY, Member, Relation, frame, match, relate
from rseaudit.duplicates.standing import Standing
from rseaudit.duplicates.verdict import Debt
from rseaudit.model import CommonText, Document, Group, Match, MatchKind, Originality, Ref, Source, Space
from rseaudit.people import Directory
from rseaudit.text import words

# An identical text is compared in the name of its earliest references and its earliest audited
# document: a note pasted in 200 spaces gives 199 matches, not 19,900.
_REFERENCES = 8
# What a word of a text proves that is another one to the letter.
_WORD_SCORE = 2


@dataclass(frozen=True)
class Reuse:
    """The result: matches in order of document and other, every audited document, the common texts."""

    matches: tuple[Match, ...]
    documents: tuple[Originality, ...]
    common_texts: tuple[CommonText, ...]

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """The matches gathered around their likely originals: a view of them, kept nowhere."""
        return groups.groups(self.matches)


@dataclass(frozen=True, slots=True, eq=False)
class Survey:
    """What texts share, before anybody asks whose they are: what an engine computes.

    ``basis`` names what it followed from, beside the texts.
    """

    texts: Texts
    limits: Limits
    thresholds: passages.Thresholds
    basis: str
    indexes: tuple[Index, Index]
    common: Common
    shared: passages.Shared

    @property
    def pairs(self) -> tuple[Pair, ...]:
        return self.shared.pairs

    def is_framed(self, number: int) -> bool:
        """Tell whether a text that several documents share is common text but for a few words."""
        text = self.texts[number]
        if len(text.members) < 2 or not (framed := self.common.words[number]).any():
            return False
        return text.size - int(framed.sum()) < self.thresholds.words


def find_reuse(
    documents: Sequence[Document],
    *,
    sources: Mapping[str, Source],
    spaces: Sequence[Space],
    directory: Directory,
    settings: DuplicatesSettings,
    memory: Mapping[Ref, History] = NO_MEMORY,
    engine: Engine = LOCAL,
) -> Reuse:
    """Compare every audited document with all others; the order of the input changes nothing.

    References are never judged; deleted documents and watched sources are left out. Documents name
    their spaces themselves: ``spaces`` is there for what a space declares, and not needed yet.
    ``memory`` says since when the sentences of documents stand there, as earlier runs read them.
    """
    found = survey(documents, sources=sources, settings=settings, engine=engine)
    return conclude(found, documents, sources=sources, directory=directory, settings=settings, memory=memory)


def survey(
    documents: Sequence[Document],
    *,
    sources: Mapping[str, Source],
    settings: DuplicatesSettings,
    engine: Engine = LOCAL,
    before: Standing | None = None,
) -> Survey:
    """Find what the distinct texts of documents share; the engine decides where, ``before`` how much work it is."""
    again = None if before is None else Again(before)
    texts = (again or engine).texts(documents, sources)
    limits = Limits(settings.boilerplate_documents, settings.boilerplate_share)
    thresholds = passages.Thresholds(settings.min_words, passages.score_for(settings.min_score, len(texts)))
    indexes = (again or engine).indexes(texts.cut)
    basis = f"{thresholds.words} {thresholds.score} {frequency_limit(len(texts))} {indexes[0].place_bits}"
    common = boilerplate.find(texts, texts.cut, indexes[0], limits, excluded=_excluded(settings))
    shared = passages.compare(
        texts,
        *indexes,
        common.repeated,
        thresholds,
        engine=engine,
        before=again if before is not None and before.basis == basis else None,
    )
    return Survey(texts, limits, thresholds, basis, indexes, common, shared)


def _excluded(settings: DuplicatesSettings) -> list[Sequence[str]]:
    return [forms for piece in settings.exclude_text if (forms := words(piece).forms)]


def frames(
    documents: Sequence[Document], *, sources: Mapping[str, Source], settings: DuplicatesSettings
) -> tuple[Texts, tuple[Index, Index], tuple[CommonText, ...]]:
    """Return the distinct texts of documents, their indexes and what is common in them; no two are compared."""
    texts = texts_of(documents, sources)
    limits = Limits(settings.boilerplate_documents, settings.boilerplate_share)
    indexes = index.of_runs(texts.cut), index.of_pairs(texts.cut)
    found = boilerplate.find(texts, texts.cut, indexes[0], limits, excluded=_excluded(settings))
    return texts, indexes, common.texts(texts, found, limits)


def conclude(
    found: Survey,
    documents: Sequence[Document],
    *,
    sources: Mapping[str, Source],
    directory: Directory,
    settings: DuplicatesSettings,
    memory: Mapping[Ref, History] = NO_MEMORY,
    judgements: Memory | None = None,
) -> Reuse:
    """Say of documents what they owe to each other, from what their texts share."""
    texts, shared = found.texts, found.common
    judgements = judgements or Memory()
    members: dict[Ref, Member] = {}

    def member(document: Document) -> Member:
        return members.get(document.ref) or members.setdefault(document.ref, Member(document))

    rank = {document.ref: place for place, document in enumerate(by_age(d for text in texts for d in text.members))}
    audited = {document.ref for text in texts for document in text.audited}
    matches: list[Match] = []
    debts: defaultdict[Ref, list[Debt]] = defaultdict(list)
    related: set[tuple[Ref, Ref]] = set()
    pairs = ((*pair, None) for pair in _document_pairs(found))
    framed = (pair for part in (_framed_pairs(found), common.pairs(texts, shared)) for pair in part)
    for left, right, runs, kind in chain(pairs, framed):
        one, two = left.ref, right.ref
        if (one, two) in related:
            continue
        key = judgements.key(left, right, runs, kind)
        judged = judgements.recall(one, two, key)
        if judged is None:
            if kind is None:
                relation = relate(
                    member(left), member(right), runs, directory, admit=found.thresholds.admit, memory=memory
                )
            else:
                relation = frame(member(left), member(right), runs)
            judged = _judged(relation, one, two, key, kind, audited)
        judgements.judged.append(judged)
        if judged.match is None:
            continue
        related |= {(one, two), (two, one)}
        matches.append(judged.match)
        for owed in judged.owed:
            debtor, creditor = (one, two) if owed.of_left else (two, one)
            debts[debtor].append(Debt(rank[creditor], owed.start, owed.end, owed.label))
    originality = [
        verdict.judge(ref, verdict.labels(text.size, debts[ref], shared.words[number]), settings)
        for number, text in enumerate(texts)
        for ref in (document.ref for document in text.audited)
    ]
    originality += [_wordless(ref, settings) for ref in _audited(documents, sources) - audited]
    return Reuse(
        matches=tuple(sorted(matches, key=lambda m: (m.document, m.other))),
        documents=tuple(sorted(originality, key=lambda item: item.document)),
        common_texts=common.texts(texts, shared, found.limits),
    )


def _audited(documents: Sequence[Document], sources: Mapping[str, Source]) -> set[Ref]:
    return {d.ref for d in documents if not d.gone and d.source in sources and sources[d.source].role == "audited"}


def _wordless(document: Ref, settings: DuplicatesSettings) -> Originality:
    return verdict.judge(document, np.zeros(0, dtype=np.int8), settings)


def whole(text: Text) -> tuple[Run, ...]:
    """Return the passage that two documents of one text share."""
    return (Run(0, text.size, 0, text.size, text.size, text.size, _WORD_SCORE * text.size),)


def _document_pairs(found: Survey) -> Iterator[tuple[Document, Document, tuple[Run, ...]]]:
    """Yield pairs of documents from pairs of texts, and from texts that several documents share."""
    texts = found.texts
    for number, text in enumerate(texts):
        if not found.is_framed(number):
            for document, other in _twins(text):
                yield document, other, whole(text)
    for pair in found.pairs:
        left, right = texts[pair.left], texts[pair.right]
        for document in left.audited:
            for other in (*right.references[:_REFERENCES], *right.audited[:1]):
                yield document, other, pair.runs
        for document in right.audited:
            for other in (*left.references[:_REFERENCES], *left.audited[:1]):
                yield other, document, pair.runs


def _framed_pairs(found: Survey) -> Iterator[tuple[Document, Document, tuple[Run, ...], MatchKind]]:
    """Yield documents that are one text, of which nothing is left beside common text."""
    for number, text in enumerate(found.texts):
        if found.is_framed(number):
            for document, other in _twins(text):
                yield document, other, whole(text), "template"


def _twins(text: Text) -> Iterator[tuple[Document, Document]]:
    for document in text.audited:
        for other in (*text.references[:_REFERENCES], *text.audited[:1]):
            if other is not document:
                yield document, other


def _is_turned(relation: Relation, audited: set[Ref]) -> bool:
    """Tell whether the match is told from the right document: the audited one, of two the copy."""
    left, right = relation.left.document.ref, relation.right.document.ref
    if (left in audited) != (right in audited):
        return right in audited
    return right < left if relation.side == "unknown" else relation.side == "document"


def _judged(
    relation: Relation | None, left: Ref, right: Ref, key: str, kind: MatchKind | None, audited: set[Ref]
) -> Judged:
    if relation is None:
        return Judged(left, right, key, None, ())
    owed = [
        Owed(of_left, start, end, label)
        for number, run in enumerate(relation.runs)
        for of_left, start, end in (
            (True, run.left_start, run.left_end),
            (False, run.right_start, run.right_end),
        )
        if kind is None and (label := relation.label(number, of_left=of_left)) is not None
    ]
    return Judged(left, right, key, match(relation, turned=_is_turned(relation, audited), kind=kind), tuple(owed))
