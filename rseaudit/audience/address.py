"""Whom a French text speaks to: *vous*, *tu*, or nobody in particular."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rseaudit.audience.prose import outside
from rseaudit.audience.reading import Reading
from rseaudit.model import Span

_VOUS = re.compile(r"(?<![\w'])(?:vous|votre|vos|(?:le|la|les) votres?)(?!\w)")
# "ton" and "ta" are left out: a tone, a quantity. "t'" needs a verb after it.
_TU = re.compile(
    r"(?<![\w'])(?:tu|toi|te|tes|t'(?=[aeiouyh]))(?!\w)|(?<![\w'])t'(?=[aeiouyh]\w)|(?<=-)(?:tu|toi)(?!\w)"
)
_EZ = re.compile(r"(?<![\w'@.-])[a-z]{2,}ez(?!\w)")
_NOT_A_VERB = frozenset(
    "chez assez nez rez riz fez rendez merguez lez suarez martinez sanchez lopez gomez perez fernandez".split()
)


# « Ne t'excuse pas, Sami. », « Merci Léa, tu as été parfaite. » speak to one person before everybody.
_CALLED = re.compile(
    r",\s+[A-ZÉÈ][a-zà-ÿ-]+\s*(?:$|[.!?…,])"
    r"|(?:[Mm]erci|[Bb]ravo|[Cc]hère?|[Ff]élicitations)(?: à toi)?,? [A-ZÉÈ][a-zà-ÿ-]+"
)


@dataclass(frozen=True, slots=True)
class Address:
    """Places where the reader is addressed outside quotations, in text order."""

    vous: tuple[Span, ...]
    tu: tuple[Span, ...]


def address(reading: Reading) -> Address:
    """Find how a text addresses its reader; *vous* includes verbs in ``-ez`` without a pronoun.

    A sentence that calls one person by name does not address the readers.
    """
    calling = (Span(s.start, s.end) for s in reading.sentences if _CALLED.search(s.text))
    return Address(_find(reading, _VOUS, _EZ), outside(_find(reading, _TU), calling))


def _find(reading: Reading, *patterns: re.Pattern[str]) -> tuple[Span, ...]:
    found = set()
    for pattern in patterns:
        for match in pattern.finditer(reading.normalised.text):
            if match.group() in _NOT_A_VERB:
                continue
            start, end = reading.normalised.original_span(match.start(), match.end())
            if not reading.is_quoted(start, end):
                found.add(Span(start, end))
    return tuple(sorted(found))
