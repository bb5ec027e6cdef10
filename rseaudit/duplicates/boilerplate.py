"""Find common text: signatures, slogans, legal notices and templates that stand in many contents.

What is repeated everywhere is nobody's copy. A long text that is itself posted many times is no
common text: it is the content of its documents, not their frame.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from rseaudit.duplicates.collection import Texts
from rseaudit.duplicates.columns import Cut, Flags, Ints, Keys
from rseaudit.duplicates.cutting import hashed
from rseaudit.duplicates.index import Index, of_keys
from rseaudit.duplicates.library import Library
from rseaudit.text import words

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
        self.declared = declared
        self.repeated = repeated
        self.spans = self._spans()

    def _spans(self) -> tuple[Ints, Ints]:
        """Return where pieces start and end, in words through all texts: runs cut at the ends of lines.

        Kept are whole lines, pieces of long runs, and declared ones.
        """
        places, opens = np.flatnonzero(self.repeated), self._cut.opens
        begins = np.ones(len(places), dtype=np.bool_)
        begins[1:] = (places[1:] - places[:-1] > 1) | opens[places[1:]]
        first = np.flatnonzero(begins)
        if not len(first):
            return first, first
        starts, ends = places[first], places[np.append(first[1:], len(places)) - 1] + 1
        whole = opens[starts] & ((ends == len(opens)) | opens[np.minimum(ends, len(opens) - 1)])
        declared = np.add.reduceat(self.declared[places], first, dtype=np.int64)
        kept = whole | (declared == ends - starts) | (self._lengths(starts, ends) >= _LEAST_WORDS)
        return starts[kept], ends[kept]

    def _lengths(self, starts: Ints, ends: Ints) -> Ints:
        """Return for each piece the length of the run that it was cut from; no run goes beyond its text."""
        fresh = np.ones(len(starts), dtype=np.bool_)
        texts = np.searchsorted(self._cut.bounds, starts, side="right")
        fresh[1:] = (starts[1:] != ends[:-1]) | (texts[1:] != texts[:-1])
        firsts = np.flatnonzero(fresh)
        lengths = np.append(ends[firsts[1:] - 1], ends[-1:]) - starts[firsts]
        return np.repeat(lengths, np.diff(np.append(firsts, len(starts))))

    @cached_property
    def texts(self) -> Ints:
        """Return for each of the ``spans`` the number of its text."""
        return np.searchsorted(self._cut.bounds, self.spans[0], side="right") - 1

    def pieces(self, number: int) -> tuple[Piece, ...]:
        here = self.of(number)
        first = int(self._cut.bounds[number])
        starts, ends = (column[here].tolist() for column in self.spans)
        return tuple(Piece(start - first, end - first) for start, end in zip(starts, ends, strict=True))

    def words(self, number: int) -> Flags:
        flags = np.zeros(len(self._cut.keys[self._cut.of(number)]), dtype=np.bool_)
        for piece in self.pieces(number):
            flags[piece.start : piece.end] = True
        return flags

    @cached_property
    def wordings(self) -> Keys:
        """Return for each of the ``spans`` a key of its words: equal where the words are."""
        from rseaudit.duplicates import framer

        return framer.line_keys(self._cut.keys, np.column_stack(self.spans))

    def of(self, number: int) -> slice:
        """Return which of the ``spans`` are in a text."""
        low, high = np.searchsorted(self.spans[0], self._cut.bounds[number : number + 2]).tolist()
        return slice(low, high)


def find(texts: Texts, index: Index, limits: Limits, declared: Flags) -> Common:
    """Return the common text of a collection, from the index of its word runs.

    ``declared`` flags the words that the configuration declares as common, wherever they stand.
    """
    from rseaudit.duplicates import counter, framer

    known = texts.cut
    text_of = known.text_numbers
    own, everywhere = _limits_of(texts, limits), limits.of(len(texts))
    fewest = min(everywhere, int(own.min()))
    rule = (text_of, texts.sources, own, everywhere)
    frequent = counter.frequent(index.postings, index.place_bits, index.large(fewest), *rule)
    repeated = framer.framing(index.postings, index.place_bits, frequent, known.bounds, text_of)
    lines = _lines(known)
    lines = lines[texts.alive[text_of[lines[:, 0]]]]
    keys = of_keys(framer.line_keys(known.keys, lines), lines[:, 0], len(known.keys))
    again = counter.frequent(keys.postings, keys.place_bits, keys.large(fewest), *rule)
    framer.flag_lines(keys.places[again], lines, repeated)
    repeated |= declared
    if not texts.alive.all():
        repeated &= texts.alive[text_of]
    return Common(known, repeated, declared)


def _lines(known: Cut) -> Ints:
    """Return first and end word of each line short enough to be a heading or a form field."""
    starts = np.flatnonzero(known.opens).astype(np.int64)
    ends = np.append(starts[1:], len(known.keys)).astype(np.int64)
    short = ends - starts <= _LINE_WORDS
    return np.column_stack((starts[short], ends[short]))


def _limits_of(texts: Texts, limits: Limits) -> Ints:
    totals = np.bincount(texts.sources[texts.alive], minlength=1)
    return np.array([limits.of(total) for total in totals.tolist()], dtype=np.int64)


def declared_in(texts: Texts, library: Library, excluded: Sequence[Sequence[str]], *, since: int = 0) -> Flags:
    """Flag the words of runs of normalised words declared as common, from text ``since`` on.

    Only texts that hold the first word of a piece are read.
    """
    known = texts.cut
    begin = int(known.bounds[since])
    flags = np.zeros(len(known.keys) - begin, dtype=np.bool_)
    pieces = [tuple(piece) for piece in excluded if piece]
    if pieces:
        first = hashed([[piece[0] for piece in pieces]]).keys
        places = np.flatnonzero(np.isin(known.keys[begin:], first)) + begin
        numbers = np.unique(np.searchsorted(known.bounds, places, side="right") - 1).tolist()
        library.fetch(texts.first(number) for number in numbers)
        for number in numbers:
            here = known.of(number)
            found = declared_words(words(library[texts.first(number)].text).forms, pieces)
            flags[here.start - begin : here.stop - begin] = found
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
