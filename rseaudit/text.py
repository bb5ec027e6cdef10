"""Normalise text for comparison, and cut it into words and sentences, with a way back.

Platforms rewrite characters (typographic quotes, no-break spaces, entities), so nothing is
compared or hashed before ``normalise``. Every result leads back to code points of the original.
"""

from __future__ import annotations

import html
import re
import unicodedata
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

_SAME = {
    **dict.fromkeys("‘’‚‛′´ʼ＇", "'"),
    **dict.fromkeys("“”„‟″«»＂", '"'),
    **dict.fromkeys("‐‑‒–—―−﹣－", "-"),
    **dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff", ""),
    "œ": "oe",
    "Œ": "oe",
    "æ": "ae",
    "Æ": "ae",
    "ß": "ss",
    "ø": "o",
    "Ø": "o",
    "ł": "l",
    "Ł": "l",
}

# What needs care: an entity, a base character with its combining marks, or one that is not ASCII.
_NAMED = r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});"
_SPECIAL = re.compile(_NAMED + r"|[\x00-\x7f]?[^\x00-\x7f]+")
_ENTITY, _FOREIGN = re.compile(_NAMED), re.compile(r"[^\x00-\x7f]+")
_FOREIGN_OR_ENTITY = re.compile(_NAMED + r"|[^\x00-\x7f]+")
_CLUSTER = re.compile(r"[\s\S][\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f]*")
_WORD = re.compile(r"[^\W_]+")
_UNFIT = re.compile("[\0\ud800-\udfff]")


def clean(text: str) -> str:
    """Replace NUL and lone surrogates by U+FFFD; done once, at the door."""
    if "\0" not in text:
        try:
            text.encode()  # refuses surrogates only, ten times faster than looking for them
        except UnicodeEncodeError:
            pass
        else:
            return text
    return _UNFIT.sub("\ufffd", text)


@lru_cache(maxsize=65536)
def _fold_cluster(cluster: str) -> str:
    """Fold one character with its marks: compatibility form, lower case, no accent, plain signs."""
    out: list[str] = []
    for char in unicodedata.normalize("NFKD", "".join(_SAME.get(c, c) for c in cluster)):
        if unicodedata.combining(char):
            continue
        char = _SAME.get(char, char)
        if char.isspace() and not char.isascii():
            out.append(" ")
        elif char == "\ufffd":
            out.append(char)
        else:
            out.append(char.casefold())
    return "".join(out)


@dataclass(frozen=True, slots=True)
class Normalised:
    """``text`` in comparable form; ``offsets[i]`` is where its character ``i`` came from.

    ``offsets`` has one more element than ``text`` has characters: the length of the original.
    """

    text: str
    offsets: array[int]

    def original_span(self, start: int, end: int) -> tuple[int, int]:
        """Return the original code points that ``text[start:end]`` stands for."""
        if end <= start:
            return self.offsets[start], self.offsets[start]
        last = self.offsets[end - 1]
        stop = end
        while stop < len(self.offsets) - 1 and self.offsets[stop] == last:
            stop += 1
        return self.offsets[start], self.offsets[stop]


def normalise(text: str) -> Normalised:
    """Unescape entities, fold case, accents, quotes, dashes and spaces; keep every offset.

    White space is folded character by character, not collapsed: words, not spaces, are compared.
    """
    out: list[str] = []
    offsets = array("q")
    position = 0
    for match in _SPECIAL.finditer(text):
        start = match.start()
        if start > position:
            out.append(text[position:start].lower())
            offsets.extend(range(position, start))
        piece = match.group()
        if piece[0] == "&" and piece[-1] == ";":
            if (plain := html.unescape(piece)) == piece:
                out.append(piece.lower())
                offsets.extend(range(start, match.end()))
            else:
                out.append(folded := "".join(_fold_cluster(c) for c in plain))
                offsets.extend([start] * len(folded))
        else:
            for cluster in _CLUSTER.finditer(piece):
                out.append(folded := _fold_cluster(cluster.group()))
                offsets.extend([start + cluster.start()] * len(folded))
        position = match.end()
    out.append(text[position:].lower())
    offsets.extend(range(position, len(text) + 1))
    return Normalised("".join(out), offsets)


def fold(text: str) -> str:
    """Return the text of ``normalise``, several times faster."""
    out = text
    if not text.isascii():
        out = (_FOREIGN_OR_ENTITY if "&" in text else _FOREIGN).sub(_folded, text)
    elif "&" in text:
        out = _ENTITY.sub(_folded, text)
    # What was ASCII is the same in lower case whatever stands beside it.
    return out.lower() if out.isascii() else normalise(text).text


def _folded(special: re.Match[str]) -> str:
    return _fold_piece(special.group())


@lru_cache(maxsize=65536)
def _fold_piece(piece: str) -> str:
    return normalise(piece).text


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a text in comparable form, in order, with their original code points.

    Elisions and hyphens separate: ``l'intranet`` is two words. ``starts`` and ``ends`` are
    offsets in the original text.
    """

    forms: tuple[str, ...]
    starts: array[int]
    ends: array[int]

    def __len__(self) -> int:
        return len(self.forms)


def words(text: str) -> Words:
    """Cut a text into normalised words with original offsets."""
    normalised = normalise(text)
    forms: list[str] = []
    starts, ends = array("q"), array("q")
    for match in _WORD.finditer(normalised.text):
        start, end = normalised.original_span(match.start(), match.end())
        forms.append(match.group())
        starts.append(start)
        ends.append(end)
    return Words(tuple(forms), starts, ends)


def forms(normalised: str) -> list[str]:
    """Return the words of a text that is normalised already, as ``words`` cuts them."""
    return _WORD.findall(normalised)


_ABBREVIATIONS = frozenset(
    "m mm mme mmes mlle mlles dr drs pr me mgr st ste art chap fig vol ed éd p pp cf ex env etc max min n no nb réf "
    "ref tél tel av bd dir dép janv févr fév avr juil sept oct nov déc mr mrs ms jr sr vs inc ltd e.g i.e".split()
)
_SENTENCE_END = re.compile(r"(?:[.!?…]+[\"'»”’)\]]*(?:[ \u00a0\u202f]+[»”)\]])?(?=\s|$)|\n[ \t\u00a0]*\n\s*|\n)")


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence: code points ``[start, end)`` of the text it was cut from."""

    start: int
    end: int
    text: str


def sentences(text: str) -> tuple[Sentence, ...]:
    """Cut a text into sentences; a line break ends one, an abbreviation or a number does not."""
    return tuple(_sentences(text))


def _sentences(text: str) -> Iterator[Sentence]:
    start = 0
    for match in _SENTENCE_END.finditer(text):
        if "\n" not in match.group() and not _ends_sentence(text, match.start(), match.end()):
            continue
        yield from _trimmed(text, start, match.end())
        start = match.end()
    yield from _trimmed(text, start, len(text))


def _ends_sentence(text: str, sign: int, end: int) -> bool:
    rest = text[end:].lstrip(" \u00a0\u202f")[:2]
    if rest and rest[0].islower():
        return False
    if text[sign] != ".":
        return True
    before = re.search(r"[^\s(«\"'’]+$", text[max(0, sign - 24) : sign])
    token = before.group().lower() if before else ""
    if not token:
        return True
    if token in _ABBREVIATIONS and token not in ("etc", "n", "no"):
        return False
    if token in ("n", "no") and rest[:1].isdigit():
        return False
    initial = len(token) == 1 and token.isalpha() and text[sign - 1].isupper()
    return not (initial and rest[:1].isupper())


def _trimmed(text: str, start: int, end: int) -> Iterator[Sentence]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if end > start:
        yield Sentence(start, end, text[start:end])
