"""Compare one draft with an archive: what of it stands elsewhere already.

The archive says which documents share most with it. These are read again and compared with the draft as
the job compares documents, with what is common text in the whole collection taken from the archive.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from rseaudit.config.settings import DuplicatesSettings
from rseaudit.duplicates import verdict
from rseaudit.duplicates.alignment import Run
from rseaudit.duplicates.archive import Archive, pair_postings, run_postings, upper
from rseaudit.duplicates.collection import texts_of
from rseaudit.duplicates.columns import Cut, Flags
from rseaudit.duplicates.cutting import cut
from rseaudit.duplicates.job import survey
from rseaudit.duplicates.library import Library, Load
from rseaudit.duplicates.matches import Member, match, relate
from rseaudit.duplicates.roll import age
from rseaudit.duplicates.survey import Survey
from rseaudit.duplicates.units import whole
from rseaudit.duplicates.verdict import Debt
from rseaudit.model import Document, Match, Originality, Ref, Source
from rseaudit.people import Directory

# A draft is told of its nearest relatives; whoever takes from more places than that knows it.
_CANDIDATES = 48
# What the keys of a text must weigh together to be looked at: two runs of words, or three pairs.
_LEAST = 6
_RUN_WEIGHT = 3
_PAIR_WEIGHT = 2
_RUN_WORDS = 4
# Of a key that stands in very many places the earliest texts are followed: later ones hold the same.
_MOST_HOLDERS = 400
_FIRST_HOLDERS = 8
# Fewer words in a row are turns of phrase.
_LEAST_PIECE = 8


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a draft shares: ``matches`` are told from the draft, most words first.

    ``common`` are the pieces of it that are common text. ``documents`` has those that matches name.
    """

    matches: tuple[Match, ...]
    originality: Originality
    common: tuple[str, ...]
    documents: Mapping[Ref, Document]


def compare(
    draft: Document, archive: Archive, *, load: Load, directory: Directory, settings: DuplicatesSettings
) -> Comparison:
    """Compare a draft with the documents of an archive; whatever is there was written before it.

    ``load`` reads documents again; those that are gone, or that the reader of the answer may not see, it leaves out.
    """
    known = cut([draft.text])
    framed = _framed(known, archive)
    pieces = _pieces(draft, known, framed)
    refs = [ref for number in _candidates(known, framed, archive) for ref in archive.members(number)]
    documents = load(refs)
    # In so few documents nothing is common by number: what is has been found above.
    few = settings.model_copy(
        update={"boilerplate_documents": 1_000_000, "exclude_text": [*settings.exclude_text, *pieces]}
    )
    sources = {draft.source: Source(name=draft.source, role="audited")}
    others = [document for ref, document in documents.items() if ref != draft.ref]
    compared = [replace(document, gone=False) for document in (draft, *others)]
    library = Library(compared)
    found = survey(texts_of(compared, sources), library, settings=few)
    number = next(iter(np.flatnonzero(found.texts.audited).tolist()), None)
    if number is None:
        return Comparison((), verdict.judge(draft.ref, np.zeros(0, dtype=np.int8), settings), (), {})
    mine = Member(draft)
    matches: list[Match] = []
    debts: list[Debt] = []
    for other, runs in _relatives(found, number, draft.ref):
        theirs = Member(library[other])
        relation = relate(mine, theirs, runs, directory, admit=found.thresholds.between(mine.size, theirs.size).admit)
        if relation is None:
            continue
        relation = replace(relation, side="other", evidence="none", own_version=False, same_author=False)
        matches.append(match(relation, turned=False))
        rank = (age(library[other]), other)
        for place, run in enumerate(relation.runs):
            if (label := relation.label(place, of_left=True)) is not None:
                debts.append(Debt(rank, run.left_start, run.left_end, label))
    ordered = tuple(sorted(matches, key=lambda m: (-m.shared_words, m.other)))
    labelled = verdict.labels(found.texts.size(number), debts, found.common.words(number))
    return Comparison(
        matches=ordered,
        originality=verdict.judge(draft.ref, labelled, settings),
        common=tuple(pieces),
        documents={m.other: documents[m.other] for m in ordered},
    )


def _relatives(found: Survey, number: int, draft: Ref) -> Iterator[tuple[Ref, tuple[Run, ...]]]:
    """Yield the documents that share passages with the draft, its own side being the left one."""
    for other in found.texts.members(number):
        if other != draft and not found.is_framed(number):
            yield other, whole(found.texts.size(number))
    for pair in found.pairs:
        if number in (pair.left, pair.right):
            other_number = pair.right if pair.left == number else pair.left
            runs = pair.runs if pair.left == number else tuple(sorted(run.turned() for run in pair.runs))
            for other in found.texts.members(other_number):
                yield other, runs


def _framed(known: Cut, archive: Archive) -> Flags:
    """Flag the words of the draft that are common text in the archive's collection."""
    flags = np.zeros(len(known.keys), dtype=np.bool_)
    postings = run_postings(known, archive.bits)
    keys = upper(postings, archive.bits)
    places = np.searchsorted(archive.common, keys)
    inside = places < len(archive.common)
    inside[inside] = archive.common[places[inside]] == keys[inside]
    mask = np.uint64((1 << archive.bits) - 1)
    for place in (postings[inside] & mask).tolist():
        flags[place : place + _RUN_WORDS] = True
    return flags


def _pieces(draft: Document, known: Cut, framed: Flags) -> list[str]:
    """Return the draft's own wording of its common text, in order."""
    edges = np.flatnonzero(np.diff(framed.astype(np.int8), prepend=0, append=0)).tolist()
    pairs = zip(edges[::2], edges[1::2], strict=True)
    return [
        draft.text[int(known.starts[start]) : int(known.ends[end - 1])]
        for start, end in pairs
        if end - start >= _LEAST_PIECE
    ]


def _candidates(known: Cut, framed: Flags, archive: Archive) -> list[int]:
    """Return the texts that share most keys with the draft, in order of their numbers."""
    scores = np.zeros(len(archive), dtype=np.int64)
    mask = np.uint64((1 << archive.bits) - 1)
    for postings, held, weight in (
        (run_postings(known, archive.bits), archive.runs, _RUN_WEIGHT),
        (pair_postings(known, archive.bits), archive.pairs, _PAIR_WEIGHT),
    ):
        own = postings[~framed[(postings & mask).astype(np.int64)]]
        for texts in archive.holders(held, np.unique(upper(own, archive.bits))):
            holders = texts[np.append(True, texts[1:] != texts[:-1])] if len(texts) else texts
            scores[holders if len(holders) <= _MOST_HOLDERS else holders[:_FIRST_HOLDERS]] += weight
    order = np.lexsort((archive.order, -scores))[:_CANDIDATES]
    return sorted(order[scores[order] >= _LEAST].tolist())
