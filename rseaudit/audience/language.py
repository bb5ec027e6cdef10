"""Tell in which language a text is written, among few: those of the audience and five neighbours.

Restricting the choice is what makes short texts reliable: 35 of 35 sentences of 3 to 20 words were
right among five languages. The model is loaded at the first question.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass
from functools import cache

from rseaudit.audience import unpacked
from rseaudit.audience.prose import is_prose, written_words
from rseaudit.audience.reading import Paragraph, Reading
from rseaudit.model import Span

NEIGHBOURS = ("de", "en", "es", "fr", "it")
LEAST_WORDS = 12
# Product names, addresses and code look English to any classifier, so a language must also bring its small words.
_CERTAIN = 0.97
_LEAST_SMALL_WORDS = 3
_MOSTLY = (4, 5)
_SMALL_WORDS = {
    "fr": "le la les un une des du de et est sont en dans pour par sur avec au aux ce cette ces qui que ne pas nous "
    "vous il elle ils on se son sa ses leur plus ou mais votre notre vos nos été être",
    "en": "the a an of to and is are in for by on with at this that these those who which not we you he she they it "
    "his her its their our your or but be been was were will has have from as can if please",
    "de": "der die das ein eine einen dem den des und ist sind in für von mit auf zu bei dieser diese dieses nicht "
    "wir sie er es ihr ihre sich oder aber auch wird werden haben hat als an im am bitte zum zur",
    "es": "el la los las un una unos unas del de y es son en para por con al este esta estos estas que no nosotros "
    "usted ustedes su sus se o pero más como ha han sido ser lo nuestro nuestra muy por cuando porque si",
    "it": "il lo la gli le un una uno del della dei delle di e è sono in per da con al alla questo questa questi "
    "queste che non noi voi si suo sua loro o ma più come ha hanno essere nel nella nostro vostro i quando perché via",
}
_WORD = re.compile(r"[^\W\d_]+")
_NOISE = re.compile(r"https?://\S+|www\.\S+|(?<!\S)\S{1,100}@\S+|[#@]\w+|`[^`\n]*`")


@dataclass(frozen=True, slots=True)
class Spoken:
    """A language (ISO 639-1) and how sure it is, in [0, 1]."""

    language: str
    confidence: float


@dataclass(frozen=True, slots=True)
class ForeignParagraph:
    """A paragraph that is certainly in a language which is not expected."""

    span: Span
    language: str


@cache
def _model() -> unpacked.Identifier:
    return unpacked.identifier()


@cache
def _identifier(languages: tuple[str, ...]) -> unpacked.Identifier | None:
    if not set(languages) <= set(_model().labels):
        return None
    restricted = copy(_model())
    restricted.set_languages(languages)
    return restricted


def codes(languages: Iterable[str]) -> tuple[str, ...]:
    """Return two-letter codes in order, without repetition: ``fr-FR`` and ``FR`` are ``fr``."""
    return tuple(dict.fromkeys(code for tag in languages if (code := re.split(r"[-_]", tag.strip())[0].lower())))


def identify(text: str, expected: Sequence[str], *, least_words: int = LEAST_WORDS) -> Spoken | None:
    """Return the language of a text among ``expected`` and the neighbours.

    ``None`` when there is too little prose to tell, or when an expected language cannot be told at all.
    """
    prose = _NOISE.sub(" ", text)
    if len(_WORD.findall(prose)) < least_words:
        return None
    identifier = _identifier(tuple(sorted({*codes(expected), *NEIGHBOURS})))
    if identifier is None:
        return None
    language, confidence = identifier.classify(prose)
    return Spoken(language, confidence)


def is_foreign(text: str, expected: Sequence[str]) -> str | None:
    """Return the language of a text that is certainly not an expected one, else ``None``.

    Certain means: the classifier is sure, and the small words of that language (the, der, el…) are
    there and outnumber those of the expected languages two to one, shared ones ("la") set aside.
    """
    spoken = identify(text, expected)
    if spoken is None or spoken.confidence < _CERTAIN or spoken.language in codes(expected):
        return None
    forms = [word.lower() for word in _WORD.findall(_NOISE.sub(" ", text))]
    foreign = frozenset(_SMALL_WORDS.get(spoken.language, "").split())
    home = frozenset(word for code in codes(expected) for word in _SMALL_WORDS.get(code, "").split())
    votes, against = sum(form in foreign - home for form in forms), sum(form in home - foreign for form in forms)
    return spoken.language if votes >= max(_LEAST_SMALL_WORDS, 2 * against) else None


def foreign_paragraphs(reading: Reading, expected: Sequence[str]) -> tuple[ForeignParagraph, ...]:
    """Return the paragraphs of at least 12 words that are in a language other than the expected ones.

    Quotations stay in the language of whoever said them, and code has none.
    """
    return tuple(
        ForeignParagraph(Span(p.start, p.end), language)
        for p in reading.paragraphs
        if _is_judged(reading, p) and (language := is_foreign(reading.text[p.start : p.end], expected)) is not None
    )


def wholly_foreign(reading: Reading, expected: Sequence[str]) -> str | None:
    """Return the language of a text that is foreign from end to end, else ``None``.

    A text of which a fifth stands in paragraphs that are not certainly foreign is one with foreign paragraphs.
    """
    language = is_foreign(reading.text, expected)
    if language is None:
        return None
    judged = sum(p.words for p in reading.paragraphs if _is_judged(reading, p))
    foreign = {paragraph.span.start for paragraph in foreign_paragraphs(reading, expected)}
    words = sum(p.words for p in reading.paragraphs if p.start in foreign)
    return language if _MOSTLY[1] * words >= _MOSTLY[0] * judged else None


def _is_judged(reading: Reading, paragraph: Paragraph) -> bool:
    return (
        paragraph.words >= LEAST_WORDS
        and not reading.is_quoted(*_trim(reading.text, paragraph.start, paragraph.end))
        and is_prose(reading.text[paragraph.start : paragraph.end])
    )


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    words = written_words(text[start:end])
    return (start + words[0].start, start + words[-1].end) if words else (start, end)
