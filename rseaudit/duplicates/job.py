"""Find what documents share and what each of them owes to others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from rseaudit.config.settings import DuplicatesSettings
from rseaudit.duplicates import common, passages, verdict
from rseaudit.duplicates.alignment import Run
from rseaudit.duplicates.boilerplate import Limits
from rseaudit.duplicates.collection import Text, by_age, texts_of
from rseaudit.duplicates.matches import Member, Relation, frame, match, relate
from rseaudit.duplicates.verdict import Debt
from rseaudit.model import CommonText, Document, Match, Originality, Ref, Source, Space
from rseaudit.people import Directory
from rseaudit.text import words

# An identical text is compared in the name of its earliest references and its earliest audited
# document: a note pasted in 200 spaces gives 199 matches, not 19,900.
_REFERENCES = 8


@dataclass(frozen=True, slots=True)
class Reuse:
    """The result: matches in order of document and other, every audited document, the common texts."""

    matches: tuple[Match, ...]
    documents: tuple[Originality, ...]
    common_texts: tuple[CommonText, ...]


def find_reuse(
    documents: Sequence[Document],
    *,
    sources: Mapping[str, Source],
    spaces: Sequence[Space],
    directory: Directory,
    settings: DuplicatesSettings,
) -> Reuse:
    """Compare every audited document with all others; the order of the input changes nothing.

    References are never judged; deleted documents and watched sources are left out. Documents name
    their spaces themselves: ``spaces`` is there for what a space declares, and not needed yet.
    """
    texts = texts_of(documents, sources)
    limits = Limits(settings.boilerplate_documents, settings.boilerplate_share)
    excluded = [words(piece).forms for piece in settings.exclude_text]
    shared, pairs = passages.find(
        texts,
        limits=limits,
        thresholds=passages.Thresholds(settings.min_words, passages.score_for(settings.min_score, len(texts))),
        excluded=[forms for forms in excluded if forms],
    )
    members = {document.ref: _member(document, text) for text in texts for document in text.members}
    rank = {document.ref: place for place, document in enumerate(by_age(d for text in texts for d in text.members))}
    audited = {document.ref for text in texts for document in text.audited}
    matches: list[Match] = []
    debts: defaultdict[Ref, list[Debt]] = defaultdict(list)
    related: set[tuple[Ref, Ref]] = set()
    for left, right, runs in _document_pairs(texts, pairs):
        relation = relate(members[left.ref], members[right.ref], runs, directory)
        if relation is None or (left.ref, right.ref) in related:
            continue
        related |= {(left.ref, right.ref), (right.ref, left.ref)}
        matches.append(match(relation, turned=_is_turned(relation, audited)))
        for ref, debt in _debts(relation, rank):
            debts[ref].append(debt)
    for left, right, runs, kind in common.pairs(texts, shared):
        if (left.ref, right.ref) not in related:
            related |= {(left.ref, right.ref), (right.ref, left.ref)}
            relation = frame(members[left.ref], members[right.ref], runs)
            matches.append(match(relation, turned=_is_turned(relation, audited), kind=kind))
    judged = [
        verdict.judge(ref, verdict.labels(len(text.words), debts[ref], shared.words[number]), settings)
        for number, text in enumerate(texts)
        for ref in (document.ref for document in text.audited)
    ]
    judged += [_wordless(ref, settings) for ref in _audited(documents, sources) - audited]
    return Reuse(
        matches=tuple(sorted(matches, key=lambda m: (m.document, m.other))),
        documents=tuple(sorted(judged, key=lambda originality: originality.document)),
        common_texts=common.texts(texts, shared, limits),
    )


def _member(document: Document, text: Text) -> Member:
    return Member(document, text.words if document.text == text.members[0].text else None)


def _audited(documents: Sequence[Document], sources: Mapping[str, Source]) -> set[Ref]:
    return {d.ref for d in documents if not d.gone and d.source in sources and sources[d.source].role == "audited"}


def _wordless(document: Ref, settings: DuplicatesSettings) -> Originality:
    return verdict.judge(document, np.zeros(0, dtype=np.int8), settings)


def _document_pairs(
    texts: Sequence[Text], pairs: Sequence[passages.Pair]
) -> Iterator[tuple[Document, Document, tuple[Run, ...]]]:
    """Yield pairs of documents from pairs of texts, and from texts that several documents share."""
    for text in texts:
        length = len(text.words)
        whole = (Run(0, length, 0, length, length, length, 0),)
        for document in text.audited:
            for other in (*text.references[:_REFERENCES], *text.audited[:1]):
                if other is not document:
                    yield document, other, whole
    for pair in pairs:
        left, right = texts[pair.left], texts[pair.right]
        for document in left.audited:
            for other in (*right.references[:_REFERENCES], *right.audited[:1]):
                yield document, other, pair.runs
        for document in right.audited:
            for other in (*left.references[:_REFERENCES], *left.audited[:1]):
                yield other, document, pair.runs


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
