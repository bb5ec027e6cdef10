"""Find common text: signatures, slogans, legal notices and templates that stand in many contents.

What is repeated everywhere is nobody's copy. A long text that is itself posted many times is no
common text: it is the content of its documents, not their frame.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

from rseaudit.duplicates.collection import Text
from rseaudit.duplicates.cutting import Cut, Flags, Ints, cut, hashed
from rseaudit.duplicates.index import Index, of_keys

# Shorter repeated runs are turns of phrase unless they fill a line: they prove nothing, but they
# belong to their author.
_LEAST_WORDS = 8
# A longer line is left to the runs of words, which also see it when it differs a little.
_LINE_WORDS = 20


@dataclass(frozen=True, slots=True)
class Limits:
    """From how many texts of one source on words are common: ``documents``, or ``share`` of the texts.

    The share is that of the next power of two, so that one text more seldom changes what is common.
    """

    documents: int
    share: float

    def of(self, texts: int) -> int:
        return max(self.documents, int(-(-self.share * (1 << max(0, texts - 1).bit_length()) // 1)))


@dataclass(frozen=True, slots=True)
class Piece:
    """Words ``[start, end)`` of a text that are common text, within one line."""

    start: int
    end: int


class Common:
    """What is common in each text, by its number.

    ``repeated`` flags the words of any frequent run, through all texts in a row: they prove nothing.
    ``words`` flags those of each text that are common text, and ``pieces`` are the same cut at the ends of lines.
    """

    def __init__(self, known: Cut, repeated: Flags, declared: Flags) -> None:
        self._cut = known
        self._declared = declared
        self.repeated = repeated

    @cached_property
    def pieces(self) -> tuple[tuple[Piece, ...], ...]:
        return tuple(self._pieces_of(number) for number in range(len(self._cut)))

    @cached_property
    def words(self) -> tuple[Flags, ...]:
        sizes = np.diff(self._cut.bounds).tolist()
        return tuple(
            _covered(size, ((piece.start, piece.end) for piece in own))
            for size, own in zip(sizes, self.pieces, strict=True)
        )

    def _pieces_of(self, number: int) -> tuple[Piece, ...]:
        here = self._cut.of(number)
        flags = self.repeated[here]
        if not flags.any():
            return ()
        return tuple(_pieces(flags, self._declared[here], _line_starts(self._cut, number)))


def find(
    texts: Sequence[Text], known: Cut, index: Index, limits: Limits, *, excluded: Sequence[Sequence[str]] = ()
) -> Common:
    """Return the common text of a collection, from the index of its word runs.

    ``excluded`` are runs of normalised words declared as common, wherever they stand.
    """
    from rseaudit.duplicates import counter, framer

    text_of = known.text_numbers()
    sources = _source_numbers(texts)
    rule = (text_of, sources, _limits_of(sources, limits), limits.of(len(texts)))
    frequent = counter.frequent(index.postings, index.place_bits, *rule)
    repeated = framer.framing(index.postings, index.place_bits, frequent, known.bounds, text_of)
    lines = _lines(known)
    keys = of_keys(framer.line_keys(known.keys, lines), lines[:, 0], len(known.keys))
    again = counter.frequent(keys.postings, keys.place_bits, *rule)
    framer.flag_lines(keys.places[again], lines, repeated)
    declared = _declared_in(texts, known, excluded)
    repeated |= declared
    return Common(known, repeated, declared)


def line_starts(text: Text) -> tuple[int, ...]:
    """Return the numbers of the words that begin a line of the first member, and their total."""
    return _line_starts(cut([text.members[0].text]), 0)


def _line_starts(known: Cut, number: int) -> tuple[int, ...]:
    opens = known.opens[known.of(number)]
    return (*np.flatnonzero(opens).tolist(), len(opens))


def _lines(known: Cut) -> Ints:
    """Return first and end word of each line short enough to be a heading or a form field."""
    starts = np.flatnonzero(known.opens).astype(np.int64)
    ends = np.append(starts[1:], len(known.keys)).astype(np.int64)
    short = ends - starts <= _LINE_WORDS
    return np.column_stack((starts[short], ends[short]))


def _source_numbers(texts: Sequence[Text]) -> Ints:
    names = sorted({text.members[0].source for text in texts})
    number = {name: place for place, name in enumerate(names)}
    return np.fromiter((number[text.members[0].source] for text in texts), dtype=np.int64, count=len(texts))


def _limits_of(sources: Ints, limits: Limits) -> Ints:
    return np.array([limits.of(total) for total in np.bincount(sources).tolist()], dtype=np.int64)


def _declared_in(texts: Sequence[Text], known: Cut, excluded: Sequence[Sequence[str]]) -> Flags:
    """Flag the words of declared common text; only texts that hold the first word of a piece are read."""
    flags = np.zeros(len(known.keys), dtype=np.bool_)
    pieces = [tuple(piece) for piece in excluded if piece]
    if pieces:
        first = hashed([[piece[0] for piece in pieces]]).keys
        for number in np.unique(known.text_numbers()[np.isin(known.keys, first)]).tolist():
            flags[known.of(number)] = declared_words(texts[number].words.forms, pieces)
    return flags


def declared_words(forms: tuple[str, ...], excluded: Sequence[Sequence[str]]) -> Flags:
    """Flag the words of runs that the configuration declares as common."""
    flags = np.zeros(len(forms), dtype=np.bool_)
    joined = f" {' '.join(forms)} "
    for piece in excluded:
        wanted = f" {' '.join(piece)} "
        place = joined.find(wanted) if piece else -1
        while place >= 0:
            start = joined.count(" ", 0, place)
            flags[start : start + len(piece)] = True
            place = joined.find(wanted, place + 1)
    return flags


def _pieces(flags: Flags, declared: Flags, lines: Sequence[int]) -> Iterable[Piece]:
    """Cut frequent runs at the ends of lines; keep whole lines, long pieces and declared ones."""
    borders = set(lines)
    for start, end in _runs(flags):
        long = end - start >= _LEAST_WORDS
        cuts = [start, *(line for line in lines if start < line < end), end]
        for first, last in pairwise(cuts):
            whole = first in borders and last in borders
            if long or whole or bool(declared[first:last].all()):
                yield Piece(first, last)


def _runs(flags: Flags) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(flags.astype(np.int8), prepend=0, append=0)).tolist()
    return list(zip(edges[::2], edges[1::2], strict=True))


def _covered(length: int, spans: Iterable[tuple[int, int]]) -> Flags:
    flags = np.zeros(length, dtype=np.bool_)
    for start, end in spans:
        flags[start:end] = True
    return flags
