"""What of a text is running prose: no code, no paths, no tables, no menus."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable

from rseaudit.model import Span

# Written words: elisions and hyphens join, as editors count ("l'intranet" is one word, "rendez-vous" too).
_WORD = re.compile(r"[^\W_]+(?:['’\-‑][^\W_]+)*")
_TOKEN = re.compile(r"\S+")
_WRAPPING = "()[]«»“”\"'’.,;:!?…*"
# One stroke may be "et/ou"; a path has a leading one, or two.
_CODE = re.compile(r"[\\_@$=<>{}|~^`#→]|::|--|^[/.%]\w|%%|/\S*/|\w\(\)|\(\d\w*\)?$|^-\w|\d\.\d+[.-]\d")
_NAME_OR_FIGURE = re.compile(r"\d|\w\.\w|[a-z][A-Z]|[A-Z]{2}")
# A colon or a semicolon lets the reader draw breath.
_REST = re.compile(r"[;:](?=\s|$)")
_MOST_CODE = 3
_LEAST_WORDS = 12
_LEAST_SMALL = 8
_SMALL = frozenset(
    "le la les l un une des d du de et est sont en dans pour par sur avec au aux ce cette ces qui que qu ne pas n s se "
    "nous vous il elle ils on son sa ses leur plus ou mais votre notre vos nos a à y je tu c j si tout comme "
    "the an of to and is are in for by on with at this that it as from or be not you we they "
    "der die das und ist in zu den von mit für auf nicht ein eine im el los las y del con una il di che e per non un "
    "o os as em do da no na com para por".split()
)


def written_words(text: str) -> tuple[Span, ...]:
    """Return the words as editors count them, in order: ``l'intranet`` and ``rendez-vous`` are one each."""
    return tuple(Span(match.start(), match.end()) for match in _WORD.finditer(text))


def code(text: str) -> tuple[Span, ...]:
    """Return the pieces between spaces that are paths, options, variables, addresses or markup."""
    return tuple(
        Span(match.start(), match.end())
        for match in _TOKEN.finditer(text)
        if _CODE.search(match.group().strip(_WRAPPING) or "a") or "|" in match.group()
    )


def spoken_words(text: str) -> tuple[str, ...]:
    """Return the words that a reader pronounces: without code, figures, acronyms and product names."""
    strange = [match for match in _TOKEN.finditer(text) if _NAME_OR_FIGURE.search(match.group().strip(_WRAPPING))]
    left_out = [*code(text), *(Span(match.start(), match.end()) for match in strange)]
    return tuple(text[span.start : span.end] for span in outside(written_words(text), left_out))


def is_prose(text: str) -> bool:
    """Tell whether a sentence or paragraph is made of sentences: little code, and small words between the others.

    Under 12 words there are too few small words to tell, so only code decides.
    """
    pieces = [match.group() for match in _TOKEN.finditer(text) if _WORD.search(match.group())]
    if len(code(text)) * _MOST_CODE > len(pieces) or text.startswith("$ "):
        return False
    forms = re.findall(r"[^\W\d_]+", text.lower())
    return len(forms) < _LEAST_WORDS or sum(form in _SMALL for form in forms) * _LEAST_SMALL >= len(forms)


def longest_stretch(text: str, quoted: Iterable[Span]) -> int:
    """Return how many words of a sentence follow one another without colon or semicolon.

    Words inside ``quoted`` and code do not count; a sentence that is no prose has none.
    """
    if not is_prose(text):
        return 0
    rests = [match.start() for match in _REST.finditer(text)]
    counts = [0] * (len(rests) + 1)
    for word in outside(written_words(text), [*code(text), *quoted]):
        counts[bisect_left(rests, word.start)] += 1
    return max(counts)


def outside(places: Iterable[Span], spans: Iterable[Span]) -> tuple[Span, ...]:
    """Return the places, which are in text order, that touch none of the spans; in linear time."""
    left_out = sorted(spans)
    kept: list[Span] = []
    reached = number = 0
    for place in places:
        while number < len(left_out) and left_out[number].start < place.end:
            reached = max(reached, left_out[number].end)
            number += 1
        if reached <= place.start:
            kept.append(place)
    return tuple(kept)
