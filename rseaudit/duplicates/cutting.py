"""Cut texts into the words of ``text.words``, as numbers: keys, stems, places, and what a word proves.

Compiled, for this is most of the work on a text. A text with signs that the compiled way does not
know (entities, rare scripts) goes through ``text.words``: both give the same words and places.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from rseaudit.duplicates.columns import COLUMNS, Bytes, Columns, Cut, Flags, Ints, Keys, Masks, Places
from rseaudit.duplicates.growing import Growing
from rseaudit.duplicates.lexicon import EMPTY
from rseaudit.text import normalise, words

# Code points from here on are left to ``text.words``, but for pictures, which are no words.
_KNOWN = 0x3000
_PICTURES = (0x1F300, 0x1FAFF)
# Letters at a time: what is made of so many stays near the processor.
CHUNK = 1_000_000
# Up to so many letters only the signs that occur are looked up.
_FEW = 300_000
_MARK = re.compile(r"[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f]")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")


@dataclass(frozen=True, slots=True, eq=False)
class Alphabet:
    """What becomes of each known code point: ``kinds`` and the letters ``folded[at[c] : at[c + 1]]``.

    ``single`` is the letter of those that become exactly one, else 0, and ``bits`` its bit.
    """

    kinds: Bytes
    at: Places
    folded: Places
    single: Masks
    bits: Masks


SEPARATOR, LETTERS, NOTHING, HARD, LOOSE_MARK = range(5)


@lru_cache(maxsize=1)
def alphabet() -> Alphabet:
    """Return the table, made from ``text.normalise`` so that the two cannot differ."""
    return _alphabet(range(_KNOWN))


def _alphabet_of(codes: Masks) -> Alphabet:
    """Return the table as far as ``codes`` need it: a draft holds a hundred signs of the twelve thousand."""
    if len(codes) > _FEW or alphabet.cache_info().currsize:
        return alphabet()
    return _alphabet(np.flatnonzero(np.bincount(codes[codes < _KNOWN], minlength=1)).tolist())


def _alphabet(codes: Sequence[int]) -> Alphabet:
    from rseaudit.duplicates import cutter

    kinds = np.zeros(_KNOWN, dtype=np.uint8)
    counts = np.zeros(_KNOWN + 1, dtype=np.int32)
    single = np.zeros(_KNOWN, dtype=np.uint32)
    pieces = []
    for code in codes:
        kinds[code], piece = _sign(code)
        counts[code + 1] = len(piece)
        single[code] = ord(piece) if len(piece) == 1 else 0
        pieces.append(piece)
    letters = np.array([ord(char) for char in "".join(pieces)], dtype=np.int32)
    return Alphabet(kinds, np.cumsum(counts, dtype=np.int32), letters, single, cutter.bits(single))


@lru_cache(maxsize=_KNOWN)
def _sign(code: int) -> tuple[int, str]:
    """Return the kind of a code point, and the letters that it becomes."""
    sign = chr(code)
    folded = sign.lower() if code < 128 else normalise(sign).text
    letters = [char.isalnum() for char in folded]
    if not folded:
        return NOTHING, ""
    if all(letters):
        return LETTERS, folded
    if any(letters):
        return HARD, ""
    return LOOSE_MARK if _MARK.match(sign) and not unicodedata.combining(sign) else SEPARATOR, ""


@lru_cache(maxsize=1)
def _translation() -> dict[int, str]:
    table = alphabet()
    letters = "".join(map(chr, table.folded.tolist()))
    at = table.at.tolist()

    def folded(code: int, kind: int) -> str:
        if kind == LETTERS:
            return letters[at[code] : at[code + 1]]
        if kind == HARD:  # ¼ becomes the words 1 and 4
            return "".join(char if char.isalnum() else " " for char in normalise(chr(code)).text)
        return "" if kind == NOTHING else " "

    return {code: folded(code, kind) for code, kind in enumerate(table.kinds.tolist())}


def forms(text: str, count: int) -> tuple[str, ...]:
    """Return the forms of the ``count`` words of a text, like ``text.words`` but several times faster."""
    if "&" in text or max(text, default="") >= chr(_KNOWN):
        return words(text).forms
    found = tuple(text.translate(_translation()).split())
    return found if len(found) == count else words(text).forms


@lru_cache(maxsize=1)
def empty_keys() -> Keys:
    """Return the keys of words that stand in every text, as ``cutter`` looks them up."""
    from rseaudit.duplicates import cutter

    return cutter.table(_hashed([sorted(EMPTY)], np.zeros(1, dtype=np.uint64)).keys)


def cut(texts: Sequence[str]) -> Cut:
    """Return the words of texts, in their order."""
    bounds = [np.zeros(1, dtype=np.int64)]
    grown = Growing(len(texts))
    for part in chunks(texts):
        if len(part) == len(texts):
            return part
        bounds.append(part.bounds[1:] + bounds[-1][-1])
        grown.add([getattr(part, name) for name in COLUMNS], len(part))
    columns = grown.arrays()
    return Cut(np.concatenate(bounds), *columns) if columns else _hashed([], empty_keys())  # type: ignore[arg-type]


def joined(parts: Sequence[Cut]) -> Cut:
    """Return one or several cuts as one."""
    if len(parts) == 1:
        return parts[0]
    counts = [np.diff(part.bounds) for part in parts]
    bounds = np.concatenate([np.zeros(1, dtype=np.int64), *counts]).cumsum()
    return Cut(bounds, *(np.concatenate([getattr(part, name) for part in parts]) for name in COLUMNS))


def chunks(texts: Sequence[str]) -> Iterator[Cut]:
    """Yield the words of texts, in their order, those of some texts at a time."""
    empty = empty_keys()
    low = 0
    while low < len(texts):
        high, size = low, 0
        while high < len(texts) and size < CHUNK:
            size += len(texts[high])
            high += 1
        yield _cut_chunk(texts[low:high], empty)
        low = high


def _cut_chunk(texts: Sequence[str], empty: Keys) -> Cut:
    from rseaudit.duplicates import cutter

    codes = np.frombuffer("\0".join(texts).encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    table = _alphabet_of(codes)
    limits = np.cumsum([0, *(len(text) + 1 for text in texts)])
    columns = cutter.columns(len(codes) // 2 + len(texts) + 1)
    bounds = np.zeros(len(texts) + 1, dtype=np.int64)
    hard = np.zeros(len(texts), dtype=np.bool_)
    cutter.cut(
        codes,
        limits,
        (table.kinds, table.at, table.folded, table.single, table.bits),
        empty,
        columns,
        bounds,
        hard,
    )
    total = int(bounds[-1])
    found = _trimmed(bounds, columns, total)
    if not hard.any():
        return found
    return _with_hard(found, texts, hard)


def _trimmed(bounds: Ints, columns: Columns, total: int) -> Cut:
    """Return the filled part: a view, for memory that was never touched costs nothing."""
    return Cut(bounds, *(column[:total] for column in columns))  # type: ignore[arg-type]


def _with_hard(found: Cut, texts: Sequence[str], hard: Flags) -> Cut:
    """Put the words of texts that ``text.words`` must cut in their places."""
    parts = []
    low = 0
    for number in [*np.flatnonzero(hard).tolist(), len(texts)]:
        if number > low:
            parts.append(_part(found, low, number))
        if number < len(texts):
            parts.append(_by_words(texts[number]))
        low = number + 1
    return joined(parts)


def _part(found: Cut, low: int, high: int) -> Cut:
    place = slice(int(found.bounds[low]), int(found.bounds[high]))
    return Cut(found.bounds[low : high + 1] - found.bounds[low], *(getattr(found, name)[place] for name in COLUMNS))


def _by_words(text: str) -> Cut:
    known = words(text)
    found = hashed([known.forms])
    starts = np.asarray(known.starts, dtype=np.int32)
    breaks = np.array([match.start() for match in re.finditer("\n", text)], dtype=np.int64)
    opens = np.zeros(len(starts), dtype=np.bool_)
    opens[:1] = True
    first = np.searchsorted(starts, breaks)
    opens[first[first < len(starts)]] = True
    return replace(found, starts=starts, ends=np.asarray(known.ends, dtype=np.int32), opens=opens)


def hashed(texts: Sequence[Sequence[str]]) -> Cut:
    """Return the cut of texts given as normalised words; their places are meaningless."""
    return _hashed(texts, empty_keys())


def _hashed(texts: Sequence[Sequence[str]], empty: Keys) -> Cut:
    from rseaudit.duplicates import cutter

    lines = [" ".join(forms) for forms in texts]
    codes = np.frombuffer("\0".join(lines).encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    limits = np.cumsum([0, *(len(line) + 1 for line in lines)])
    columns = cutter.columns(len(codes) + len(texts) + 1)
    bounds = np.zeros(len(texts) + 1, dtype=np.int64)
    cutter.hash_forms(codes, limits, empty, columns, bounds)
    total = int(bounds[-1])
    return _trimmed(bounds, columns, total)
