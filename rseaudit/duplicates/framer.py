"""Compiled: which frequent runs of words frame a content, rather than make it."""

from __future__ import annotations

import numpy as np

from rseaudit.duplicates.columns import Flags, Ints, Keys, Places
from rseaudit.duplicates.compiled import compiled
from rseaudit.duplicates.shingler import RUN

# A repeated run that is over two thirds of a text, and as long as a short content, is that content.
_CONTENT_WORDS = 40
# Copies of one content differ by a word or two in a row, fillings of a template by more.
_EDIT_WORDS = 2
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
_HALF = np.uint64(32)


@compiled
def _content(covered: Flags, first: int, stop: int, out: Flags) -> None:
    """Flag in ``out`` the long runs of covered words that make most of the text ``[first, stop)``."""
    start = -1
    end = -1
    for place in range(first, stop + 1):
        if place < stop and covered[place]:
            if start < 0:
                start = place
            end = place + 1
        elif start >= 0 and (place == stop or place - end >= _EDIT_WORDS + 1):
            if end - start >= _CONTENT_WORDS and 3 * (end - start) > 2 * (stop - first):
                out[start:end] = True
            start = -1


@compiled
def framing(postings: Keys, bits: int, frequent: Ints, bounds: Ints, text_of: Places) -> Flags:
    """Flag the words of frequent keys that in most of their places frame a content.

    ``frequent`` are the numbers of their postings, in order.
    """
    shift = np.uint64(bits)
    mask = (np.uint64(1) << shift) - np.uint64(1)
    words = len(text_of)
    covered = np.zeros(words, dtype=np.bool_)
    touched = np.zeros(len(bounds) - 1, dtype=np.bool_)
    for number in frequent:
        place = np.int64(postings[number] & mask)
        covered[place : place + RUN] = True
        touched[text_of[place]] = True
    content = np.zeros(words, dtype=np.bool_)
    for text in range(len(touched)):
        if touched[text]:
            _content(covered, bounds[text], bounds[text + 1], content)
    out = np.zeros(words, dtype=np.bool_)
    low = 0
    while low < len(frequent):
        key = postings[frequent[low]] >> shift
        high = low
        minor = 0
        while high < len(frequent) and postings[frequent[high]] >> shift == key:
            minor += not content[np.int64(postings[frequent[high]] & mask)]
            high += 1
        if 2 * minor > high - low:
            for number in range(low, high):
                place = np.int64(postings[frequent[number]] & mask)
                out[place : place + RUN] = True
        low = high
    return out


@compiled
def line_keys(keys: Keys, lines: Ints) -> Keys:
    """Return one key a line, of all its words."""
    out = np.empty(len(lines), dtype=np.uint64)
    for number in range(len(lines)):
        state = np.uint64(lines[number, 1] - lines[number, 0])
        for place in range(lines[number, 0], lines[number, 1]):
            state = (state ^ (state >> _HALF)) * _MULTIPLIER + keys[place]
        state = (state ^ (state >> _HALF)) * _MULTIPLIER
        out[number] = state ^ (state >> _HALF)
    return out


@compiled
def flag_lines(starts: Ints, lines: Ints, out: Flags) -> None:
    """Flag the words of the lines that begin at ``starts``; ``lines`` are in order."""
    for start in starts:
        number = np.searchsorted(lines[:, 0], start)
        out[start : lines[number, 1]] = True
