"""Compiled: code points to words. See ``cutting`` for what the columns are."""

from __future__ import annotations

import numpy as np

from rseaudit.duplicates.columns import Bytes, Columns, Flags, Ints, Keys, Masks, Places
from rseaudit.duplicates.compiled import compiled

Table = tuple[Bytes, Places, Places, Masks, Masks]
_STEM = 6
_OFFSET = np.uint64(0xCBF29CE484222325)
_PRIME = np.uint64(0x9E3779B97F4A7C15)
_FINAL = np.uint64(0xFF51AFD7ED558CCD)
_HALF = np.uint64(32)
_DIGIT = np.uint32(1 << 31)
_ONE = np.uint32(1)
_LETTERS, _NOTHING, _HARD, _LOOSE_MARK = 1, 2, 3, 4
_KNOWN = 0x3000
_FIRST_PICTURE, _LAST_PICTURE = 0x1F300, 0x1FAFF


def columns(size: int) -> Columns:
    """Return room for so many words, in the order of the fields of ``cutting.Cut``."""
    return (
        np.empty(size, dtype=np.uint64),
        np.empty(size, dtype=np.uint64),
        np.empty(size, dtype=np.uint32),
        np.empty(size, dtype=np.uint8),
        np.empty(size, dtype=np.uint8),
        np.empty(size, dtype=np.int32),
        np.empty(size, dtype=np.int32),
        np.empty(size, dtype=np.bool_),
    )


@compiled
def _stepped(state: np.uint64, code: np.uint64) -> np.uint64:
    state = (state ^ code) * _PRIME
    return state ^ (state >> _HALF)


@compiled
def _finished(state: np.uint64) -> np.uint64:
    state = state * _FINAL
    return state ^ (state >> _HALF)


@compiled
def _bit(code: int) -> np.uint32:
    if 97 <= code <= 122:
        return _ONE << np.uint32(code - 97)
    if 48 <= code <= 57:
        return _DIGIT
    return _ONE << np.uint32(26 + code % 5)


@compiled
def bits(letters: Masks) -> Masks:
    """Return for each letter the bit that stands for it."""
    out = np.zeros(len(letters), dtype=np.uint32)
    for place in range(len(letters)):
        if letters[place]:
            out[place] = _bit(int(letters[place]))
    return out


@compiled
def table(keys: Keys) -> Keys:
    """Return keys each at the place that its lower bits name, or at the next one that was vacant, where 0 stands."""
    size = 1
    while size < 8 * len(keys):
        size *= 2
    out = np.zeros(size, dtype=np.uint64)
    for key in keys:
        place = key & np.uint64(size - 1)
        while out[place]:
            place = (place + np.uint64(1)) & np.uint64(size - 1)
        out[place] = key
    return out


@compiled
def _weight(key: np.uint64, length: int, letters: np.uint32, empty: Keys) -> int:
    if length < 2:
        return 1
    last = np.uint64(len(empty) - 1)
    place = key & last
    while empty[place]:
        if empty[place] == key:
            return 1
        place = (place + np.uint64(1)) & last
    if letters & _DIGIT:
        return 2
    return 2 if length < 4 else 3 if length < 8 else 4


@compiled
def _is_entity(codes: Masks, start: int, stop: int) -> bool:
    for place in range(start + 1, min(stop, start + 34)):
        code = codes[place]
        if code == 59:
            return place > start + 2
        if not (48 <= code <= 57 or 65 <= code <= 90 or 97 <= code <= 122 or (code == 35 and place == start + 1)):
            return False
    return False


@compiled
def cut(
    codes: Masks,
    limits: Ints,
    table: Table,
    empty: Keys,
    out: Columns,
    bounds: Ints,
    hard: Flags,
) -> None:
    """Cut the texts ``codes[limits[t] : limits[t + 1] - 1]``; one that needs ``text.words`` is flagged and has none."""
    keys, stems, masks, lengths, weights, starts, ends, opens = out
    kinds, at, folded, single, bits = table
    count = 0
    for text in range(len(limits) - 1):
        first = count
        base, stop = limits[text], limits[text + 1] - 1
        state, stem = _OFFSET, _OFFSET
        mask = np.uint32(0)
        length = end = 0
        opening = True
        for place in range(base, stop + 1):
            kind = 0
            code = 0
            if place < stop:
                code = int(codes[place])
                if code < _KNOWN and single[code]:
                    if length == 0:
                        starts[count] = place - base
                    state = _stepped(state, np.uint64(single[code]))
                    mask |= bits[code]
                    length += 1
                    if length == _STEM:
                        stem = state
                    end = place
                    continue
                if code < _KNOWN:
                    kind = int(kinds[code])
                elif not (_FIRST_PICTURE <= code <= _LAST_PICTURE or code == 0xFFFD or code == 0xFE0F):
                    kind = _HARD
                if (code == 0xFE0F or kind == _LOOSE_MARK) and length:
                    kind = _HARD
                if code == 38 and _is_entity(codes, place, stop):
                    kind = _HARD
                if kind == _HARD:
                    hard[text] = True
                    count = first
                    break
            if kind == _LETTERS:
                if length == 0:
                    starts[count] = place - base
                for letter in range(at[code], at[code + 1]):
                    sign = int(folded[letter])
                    state = _stepped(state, np.uint64(sign))
                    mask |= _bit(sign)
                    length += 1
                    if length == _STEM:
                        stem = state
                end = place
            elif kind == _NOTHING:
                if length:
                    end = place
            elif length:
                ends[count] = end - base + 1
                keys[count] = _finished(state)
                stems[count] = _finished(stem if length >= _STEM else state)
                masks[count] = mask
                lengths[count] = min(length, 255)
                weights[count] = _weight(keys[count], length, mask, empty)
                opens[count] = opening
                opening = False
                count += 1
                state, stem, mask, length = _OFFSET, _OFFSET, np.uint32(0), 0
            if code == 10:
                opening = True
        bounds[text + 1] = count


@compiled
def hash_forms(codes: Masks, limits: Ints, empty: Keys, out: Columns, bounds: Ints) -> None:
    """Number words that are normalised already and have one space between them."""
    keys, stems, masks, lengths, weights, starts, ends, opens = out
    count = 0
    for text in range(len(limits) - 1):
        base, stop = limits[text], limits[text + 1] - 1
        state, stem = _OFFSET, _OFFSET
        mask = np.uint32(0)
        length = 0
        for place in range(base, stop + 1):
            if place < stop and codes[place] != 32:
                code = int(codes[place])
                state = _stepped(state, np.uint64(code))
                mask |= _bit(code)
                length += 1
                if length == _STEM:
                    stem = state
            elif length:
                keys[count] = _finished(state)
                stems[count] = _finished(stem if length >= _STEM else state)
                masks[count] = mask
                lengths[count] = min(length, 255)
                weights[count] = _weight(keys[count], length, mask, empty)
                starts[count] = ends[count] = place - base
                opens[count] = False
                count += 1
                state, stem, mask, length = _OFFSET, _OFFSET, np.uint32(0), 0
        bounds[text + 1] = count
