"""Find what documents share and what each of them owes to others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from rseaudit.config.settings import DuplicatesSettings
from rseaudit.duplicates import boilerplate, common, groups, index, passages, verdict
from rseaudit.duplicates.alignment import Run
from rseaudit.duplicates.boilerplate import Common, Limits
from rseaudit.duplicates.candidates import Pair
from rseaudit.duplicates.collection import Text, Texts, by_age, texts_of
from rseaudit.duplicates.engines import LOCAL, Engine
from rseaudit.duplicates.history import History
from rseaudit.duplicates.matches import NO_MEMORY, Member, Relation, frame, match, relate
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
    """What texts share, before anybody asks whose they are: what an engine computes."""

    texts: Texts
    limits: Limits
    thresholds: passages.Thresholds
    common: Common
    pairs: tuple[Pair, ...]

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
) -> Survey:
    """Find what the distinct texts of documents share; the engine decides where, not what."""
    texts = texts_of(documents, sources)
    limits = Limits(settings.boilerplate_documents, settings.boilerplate_share)
    excluded = [words(piece).forms for piece in settings.exclude_text]
    thresholds = passages.Thresholds(settings.min_words, passages.score_for(settings.min_score, len(texts)))
    shared, pairs = passages.find(
        texts,
        limits=limits,
        thresholds=thresholds,
        excluded=[forms for forms in excluded if forms],
        engine=engine,
    )
    return Survey(texts, limits, thresholds, shared, pairs)


def frames(
    documents: Sequence[Document], *, sources: Mapping[str, Source], settings: DuplicatesSettings
) -> tuple[Texts, tuple[CommonText, ...]]:
    """Return the distinct texts of documents and what is common in them, without comparing any two."""
    texts = texts_of(documents, sources)
    limits = Limits(settings.boilerplate_documents, settings.boilerplate_share)
    excluded = [forms for piece in settings.exclude_text if (forms := words(piece).forms)]
    found = boilerplate.find(texts, texts.cut, index.of_runs(texts.cut), limits, excluded=excluded)
    return texts, common.texts(texts, found, limits)


def conclude(
    found: Survey,
    documents: Sequence[Document],
    *,
    sources: Mapping[str, Source],
    directory: Directory,
    settings: DuplicatesSettings,
    memory: Mapping[Ref, History] = NO_MEMORY,
) -> Reuse:
    """Say of documents what they owe to each other, from what their texts share."""
    texts, shared = found.texts, found.common
    members = {document.ref: Member(document, text) for text in texts for document in text.members}
    rank = {document.ref: place for place, document in enumerate(by_age(d for text in texts for d in text.members))}
    audited = {document.ref for text in texts for document in text.audited}
    matches: list[Match] = []
    debts: defaultdict[Ref, list[Debt]] = defaultdict(list)
    related: set[tuple[Ref, Ref]] = set()
    for left, right, runs in _document_pairs(found):
        if (left.ref, right.ref) in related:
            continue
        relation = relate(
            members[left.ref], members[right.ref], runs, directory, admit=found.thresholds.admit, memory=memory
        )
        if relation is None:
            continue
        related |= {(left.ref, right.ref), (right.ref, left.ref)}
        matches.append(match(relation, turned=_is_turned(relation, audited)))
        for ref, debt in _debts(relation, rank):
            debts[ref].append(debt)
    for left, right, runs, kind in (*_framed_pairs(found), *common.pairs(texts, shared)):
        if (left.ref, right.ref) not in related:
            related |= {(left.ref, right.ref), (right.ref, left.ref)}
            relation = frame(members[left.ref], members[right.ref], runs)
            matches.append(match(relation, turned=_is_turned(relation, audited), kind=kind))
    judged = [
        verdict.judge(ref, verdict.labels(text.size, debts[ref], shared.words[number]), settings)
        for number, text in enumerate(texts)
        for ref in (document.ref for document in text.audited)
    ]
    judged += [_wordless(ref, settings) for ref in _audited(documents, sources) - audited]
    return Reuse(
        matches=tuple(sorted(matches, key=lambda m: (m.document, m.other))),
        documents=tuple(sorted(judged, key=lambda originality: originality.document)),
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


def _debts(relation: Relation, rank: Mapping[Ref, int]) -> Iterator[tuple[Ref, Debt]]:
    left, right = relation.left.document.ref, relation.right.document.ref
    for number, run in enumerate(relation.runs):
        if (label := relation.label(number, of_left=True)) is not None:
            yield left, Debt(rank[right], run.left_start, run.left_end, label)
        if (label := relation.label(number, of_left=False)) is not None:
            yield right, Debt(rank[left], run.right_start, run.right_end, label)
