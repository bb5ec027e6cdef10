"""Set the two sides of a shared passage beside each other, with the words they share marked."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

from rseaudit.model import Passage, Span
from rseaudit.report.views import PassageView, Piece
from rseaudit.text import Words, words

# A reader recognises a passage long before this; the whole of it stands in the contents themselves.
SHOWN_WORDS = 180


def side_by_side(passage: Passage, mine: str, other: str, *, shown_words: int = SHOWN_WORDS) -> PassageView:
    """Return the passage of two texts, cut at a word after ``shown_words``; offsets beyond a text are clipped."""
    first, first_words = _cut(mine, passage.document)
    second, second_words = _cut(other, passage.other)
    blocks = SequenceMatcher(
        None, first_words.forms[:shown_words], second_words.forms[:shown_words], autojunk=False
    ).get_matching_blocks()
    return PassageView(
        mine=_pieces(first, first_words, [(b.a, b.a + b.size) for b in blocks], shown_words),
        other=_pieces(second, second_words, [(b.b, b.b + b.size) for b in blocks], shown_words),
        words=passage.words,
        similarity=passage.similarity,
        left_out=max(0, len(first_words) - shown_words),
    )


def _cut(text: str, span: Span) -> tuple[str, Words]:
    piece = text[max(0, span.start) : max(0, span.end)]
    return piece, words(piece)


def _pieces(text: str, cut: Words, blocks: list[tuple[int, int]], shown_words: int) -> tuple[Piece, ...]:
    stop = cut.starts[shown_words] if len(cut) > shown_words else len(text)
    runs: list[tuple[int, int]] = []
    for start, end in blocks:
        if start == end:
            continue
        # Blocks that are apart on the other side only read as one on this.
        if runs and runs[-1][1] == start:
            runs[-1] = (runs[-1][0], end)
        else:
            runs.append((start, end))
    marks = [(cut.starts[start], cut.ends[end - 1]) for start, end in runs]
    pieces: list[Piece] = []
    position = 0
    for start, end in marks:
        pieces.append(Piece(text[position:start], False))
        pieces.append(Piece(text[start:end], True))
        position = end
    pieces.append(Piece(text[position:stop], False))
    return tuple(Piece(_one_line(piece.text), piece.common) for piece in pieces if piece.text)


def _one_line(text: str) -> str:
    return re.sub(r"\s*\n\s*\n\s*", " ¶ ", text).replace("\n", " ")
