"""Report common text: once as a list, and as a few pairs that show where it stands."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise

from rseaudit.duplicates.alignment import Run
from rseaudit.duplicates.boilerplate import Common, Limits, Piece
from rseaudit.duplicates.collection import Text
from rseaudit.ids import short_hash
from rseaudit.model import CommonText, Document, MatchKind
from rseaudit.text import words

# Of all that hold the same signature a document is shown with the first few, never with thousands.
_SHOWN = 4
_HOLDERS = 16
_LEAST_SHARED = 8
_LEAST_LISTED = 4
_TEMPLATE_PIECES = 3

# The keys of the words of a piece, as bytes: equal where the words are.
Wording = bytes


def texts(collection: Sequence[Text], common: Common, limits: Limits) -> tuple[CommonText, ...]:
    """Return the common texts of four words and more, the most spread first.

    A text is shown as its earliest document writes it, and may be copied into ``exclude_text``.
    """
    holders = _holders(collection, common)
    found = []
    for wording, numbers in holders.items():
        members = [member for number in numbers for member in collection[number].members]
        if len(members) < limits.documents:
            continue
        first = numbers[0]
        piece = next(p for p in common.pieces[first] if common.wording(first, p) == wording)
        if piece.end - piece.start < _LEAST_LISTED:
            continue
        shown = collection[first].members[0].text[common.span(first, piece)]
        found.append(
            CommonText(
                id=short_hash("common-text", *words(shown).forms),
                text=shown,
                documents=len(members),
                sources=len({member.source for member in members}),
                suggestion=shown,
            )
        )
    return tuple(sorted(found, key=lambda text: (-text.documents, text.text, text.id)))


def pairs(
    collection: Sequence[Text], common: Common
) -> Iterator[tuple[Document, Document, tuple[Run, ...], MatchKind]]:
    """Yield audited documents with a few others that hold the same common text, and its runs in words."""
    holders = _holders(collection, common)
    for number, text in enumerate(collection):
        if not text.audited or not common.pieces[number]:
            continue
        own = {common.wording(number, piece): piece for piece in reversed(common.pieces[number])}
        shared: Counter[int] = Counter()
        for wording, piece in own.items():
            for holder in holders[wording][:_HOLDERS]:
                shared[holder] += piece.end - piece.start
        del shared[number]
        for other in sorted(
            (h for h, count in shared.items() if count >= _LEAST_SHARED), key=lambda h: (-shared[h], h)
        )[:_SHOWN]:
            theirs = {common.wording(other, piece): piece for piece in reversed(common.pieces[other])}
            runs = tuple(sorted(_run(piece, theirs[wording]) for wording, piece in own.items() if wording in theirs))
            kind = _kind(runs, min(text.size, collection[other].size))
            for document in text.audited:
                yield document, collection[other].members[0], runs, kind


def _kind(runs: Sequence[Run], words: int) -> MatchKind:
    """A template frames other contents in several places, or is most of a text."""
    stretches = 1 + sum(after.left_start > before.left_end for before, after in pairwise(runs))
    mostly = 2 * sum(run.matched for run in runs) > words
    return "template" if stretches >= _TEMPLATE_PIECES or mostly else "shared-boilerplate"


def _holders(collection: Sequence[Text], common: Common) -> dict[Wording, list[int]]:
    """Return in which texts each piece stands; the texts keep the order of the collection."""
    holders: defaultdict[Wording, list[int]] = defaultdict(list)
    for number in range(len(collection)):
        for wording in dict.fromkeys(common.wording(number, piece) for piece in common.pieces[number]):
            holders[wording].append(number)
    return holders


def _run(mine: Piece, theirs: Piece) -> Run:
    return Run(mine.start, mine.end, theirs.start, theirs.end, mine.end - mine.start, mine.end - mine.start, 0)
