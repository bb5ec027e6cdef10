"""Find common text: signatures, slogans, legal notices and templates that stand in many contents.

What is repeated everywhere is nobody's copy. A long text that is itself posted many times is no
common text: it is the content of its documents, not their frame.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby, pairwise
from operator import itemgetter

import numpy as np

from rseaudit.duplicates.collection import Text
from rseaudit.duplicates.cutting import Cut, Flags, Ints, hashed
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
    def _spans(self) -> tuple[Ints, Ints]:
        """Where pieces start and end, in words through all texts: runs cut at the ends of lines.

        Kept are whole lines, pieces of long runs, and declared ones.
        """
        flags, opens = self.repeated, self._cut.opens
        begins = flags.copy()
        begins[1:] &= ~flags[:-1] | opens[1:]
        ends = np.flatnonzero(flags & np.append(~flags[1:] | opens[1:], True)) + 1
        starts = np.flatnonzero(begins)
        whole = opens[starts] & np.append(opens, True)[ends]
        told = np.append(0, np.cumsum(self._declared))
        kept = whole | (told[ends] - told[starts] == ends - starts) | (self._lengths(starts, ends) >= _LEAST_WORDS)
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
    def pieces(self) -> tuple[tuple[Piece, ...], ...]:
        found: list[tuple[Piece, ...]] = [()] * len(self._cut)
        starts, ends = self._spans
        texts = np.searchsorted(self._cut.bounds, starts, side="right") - 1
        first = self._cut.bounds[texts]
        rows = zip(texts.tolist(), (starts - first).tolist(), (ends - first).tolist(), strict=True)
        for number, own in groupby(rows, key=itemgetter(0)):
            found[number] = tuple(Piece(start, end) for _, start, end in own)
        return tuple(found)

    @cached_property
    def words(self) -> tuple[Flags, ...]:
        edges = np.zeros(len(self.repeated) + 1, dtype=np.int8)
        starts, ends = self._spans
        np.add.at(edges, starts, 1)
        np.add.at(edges, ends, -1)
        flags = np.cumsum(edges[:-1], dtype=np.int8).astype(np.bool_)
        return tuple(flags[start:end] for start, end in pairwise(self._cut.bounds.tolist()))

    def wording(self, number: int, piece: Piece) -> bytes:
        """Return the keys of the words of a piece: equal where the words are."""
        first = int(self._cut.bounds[number])
        return self._cut.keys[first + piece.start : first + piece.end].tobytes()

    def span(self, number: int, piece: Piece) -> slice:
        """Return where a piece stands in the text of its first member."""
        first = int(self._cut.bounds[number])
        return slice(int(self._cut.starts[first + piece.start]), int(self._cut.ends[first + piece.end - 1]))


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
