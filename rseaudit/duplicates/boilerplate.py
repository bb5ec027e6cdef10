"""Find common text: signatures, slogans, legal notices and templates that stand in many contents.

What is repeated everywhere is nobody's copy. A long text that is itself posted many times is no
common text: it is the content of its documents, not their frame.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from rseaudit.duplicates.collection import Text
from rseaudit.duplicates.index import Index, Ints

# A repeated run that is over two thirds of a text, and as long as a short content, is that content.
_CONTENT_WORDS = 40
_EDIT_WORDS = 2
# Shorter repeated runs are turns of phrase unless they fill a line: they prove nothing, but they
# belong to their author.
_LEAST_WORDS = 8
# A longer line is left to the runs of words, which also see it when it differs a little.
_LINE_WORDS = 20

Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Limits:
    """From how many texts of one source on words are common: ``max(documents, share * texts)``."""

    documents: int
    share: float

    def of(self, texts: int) -> int:
        return max(self.documents, int(-(-self.share * texts // 1)))


@dataclass(frozen=True, slots=True)
class Piece:
    """Words ``[start, end)`` of a text that are common text, within one line."""

    start: int
    end: int


@dataclass(frozen=True, slots=True, eq=False)
class Common:
    """What is common in each text, by its number.

    ``repeated`` flags the words of any frequent run: they prove nothing. ``words`` flags those
    that are common text, and ``pieces`` are the same cut at the ends of lines.
    """

    repeated: tuple[Flags, ...]
    words: tuple[Flags, ...]
    pieces: tuple[tuple[Piece, ...], ...]


def find(texts: Sequence[Text], index: Index, limits: Limits, *, excluded: Sequence[Sequence[str]] = ()) -> Common:
    """Return the common text of a collection, from the index of its word runs.

    ``excluded`` are runs of normalised words declared as common, wherever they stand.
    """
    frequent = _frequent(texts, index, limits)
    lengths = np.fromiter((len(text.words) for text in texts), dtype=np.int64, count=len(texts))
    postings = np.flatnonzero(frequent[index.group_of]) if len(index) else np.zeros(0, dtype=np.int64)
    framing = _framing(index, postings, lengths)
    repeated = _flagged(index, postings[framing[index.group_of[postings]]], lengths)
    declared = [_declared(text.words.forms, excluded) for text in texts]
    lines = [line_starts(text) for text in texts]
    for flags, known, found in zip(repeated, declared, _repeated_lines(texts, lines, limits), strict=True):
        flags |= known | found
    pieces = tuple(
        tuple(_pieces(flags, known, starts)) for flags, known, starts in zip(repeated, declared, lines, strict=True)
    )
    covered = tuple(
        _covered(len(text.words), ((p.start, p.end) for p in own)) for text, own in zip(texts, pieces, strict=True)
    )
    return Common(tuple(repeated), covered, pieces)


def line_starts(text: Text) -> tuple[int, ...]:
    """Return the numbers of the words that begin a line of the first member, and their total."""
    whole = text.members[0].text
    breaks = [place for place, char in enumerate(whole) if char == "\n"] if "\n" in whole else []
    starts = np.searchsorted(np.asarray(text.words.starts), np.asarray(breaks, dtype=np.int64))
    return tuple(sorted({0, *starts.tolist(), len(text.words)}))


def _frequent(texts: Sequence[Text], index: Index, limits: Limits) -> Flags:
    """Flag the keys that stand in enough texts of one source, or of all."""
    sources = _source_numbers(texts)
    keys = len(index.groups) - 1
    everywhere = np.arange(len(texts), dtype=np.int64)
    frequent = index.frequencies(everywhere) >= limits.of(len(texts))
    for source in range(int(sources.max(initial=-1)) + 1):
        inside = sources == source
        # All texts of other sources share one label, which is then deducted.
        labels = np.where(inside, everywhere, len(texts))
        outside = np.bincount(index.group_of[~inside[index.texts]], minlength=keys) > 0
        frequent |= index.frequencies(labels) - outside >= limits.of(int(inside.sum()))
    return frequent


def _source_numbers(texts: Sequence[Text]) -> Ints:
    names = sorted({text.members[0].source for text in texts})
    number = {name: place for place, name in enumerate(names)}
    return np.fromiter((number[text.members[0].source] for text in texts), dtype=np.int64, count=len(texts))


def _framing(index: Index, postings: Ints, lengths: Ints) -> Flags:
    """Flag the frequent keys that in most of their places frame a content rather than make it."""
    keys = len(index.groups) - 1
    minor = np.zeros(len(postings), dtype=np.bool_)
    order = np.lexsort((index.starts[postings], index.texts[postings]))
    rows = postings[order]
    bounds = [*np.flatnonzero(np.diff(index.texts[rows], prepend=-1)).tolist(), len(rows)]
    for start, stop in pairwise(bounds):
        starts, ends = index.starts[rows[start:stop]], index.ends[rows[start:stop]]
        flags = _covered(int(lengths[index.texts[rows[start]]]), zip(starts.tolist(), ends.tolist(), strict=True))
        content = _covered(len(flags), (run for run in _bridged(_runs(flags)) if _is_content(run, len(flags))))
        minor[order[start:stop]] = ~content[starts]
    votes = np.bincount(index.group_of[postings], weights=minor, minlength=keys)
    places = np.bincount(index.group_of[postings], minlength=keys)
    return np.asarray(2 * votes > places, dtype=np.bool_)


def _is_content(run: tuple[int, int], words: int) -> bool:
    length = run[1] - run[0]
    return length >= _CONTENT_WORDS and 3 * length > 2 * words


def _flagged(index: Index, postings: Ints, lengths: Ints) -> list[Flags]:
    flagged = [np.zeros(int(length), dtype=np.bool_) for length in lengths]
    columns = (index.texts[postings], index.starts[postings], index.ends[postings])
    for text, start, end in zip(*(column.tolist() for column in columns), strict=True):
        flagged[text][start:end] = True
    return flagged


def _repeated_lines(texts: Sequence[Text], lines: Sequence[tuple[int, ...]], limits: Limits) -> list[Flags]:
    """Flag short lines that stand whole in enough texts of one source: headings, form fields."""
    sources = _source_numbers(texts)
    totals = np.bincount(sources).tolist() if len(texts) else []
    holders: defaultdict[tuple[str, ...], dict[int, list[tuple[int, int]]]] = defaultdict(dict)
    for number, (text, starts) in enumerate(zip(texts, lines, strict=True)):
        for start, end in pairwise(starts):
            if end - start <= _LINE_WORDS:
                holders[text.words.forms[start:end]].setdefault(number, []).append((start, end))
    flagged = [np.zeros(len(text.words), dtype=np.bool_) for text in texts]
    for places in holders.values():
        if len(places) < limits.documents:
            continue
        counts = np.bincount(sources[list(places)], minlength=len(totals)).tolist()
        if any(count >= limits.of(total) for count, total in zip(counts, totals, strict=True)):
            for number, spans in places.items():
                for start, end in spans:
                    flagged[number][start:end] = True
    return flagged


def _declared(forms: tuple[str, ...], excluded: Sequence[Sequence[str]]) -> Flags:
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


def _bridged(runs: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Join runs over a word or two: copies of one content differ so, fillings of a template by more."""
    joined: list[tuple[int, int]] = []
    for start, end in runs:
        if joined and start - joined[-1][1] <= _EDIT_WORDS:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


def _covered(length: int, spans: Iterable[tuple[int, int]]) -> Flags:
    flags = np.zeros(length, dtype=np.bool_)
    for start, end in spans:
        flags[start:end] = True
    return flags
