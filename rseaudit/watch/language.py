"""The only door to spaCy in the watch: tokens, phrase matching and stop words, loaded once when asked.

Blank pipelines need no model: spaCy brings the tokenizer (elisions, abbreviations, product names),
the phrase matcher (thousands of phrases in one pass) and the stop words. Inflection is folded by
simplemma's dictionaries and a plural rule.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from rseaudit.text import fold

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.matcher import PhraseMatcher
    from spacy.tokens import Doc

LANGUAGES = ("fr", "en")
# They join words more often than they part them: "mobile-first" is "mobile first".
_JOINING = frozenset("-/'\"«»“”‘’‐‑–—_*`")
_QUOTES = str.maketrans({"’": "'", "ʼ": "'", "\u00a0": " ", "\u202f": " "})


@dataclass(frozen=True, slots=True)
class Reading:
    """A text cut into tokens. ``starts``, ``ends`` are code points of ``text``; ``places`` count words only.

    ``forms`` are in comparable form, ``keys`` without inflection; a sign that parts phrases (full
    stop, comma, line break) is a token without a word: its place is that of the next word.
    """

    text: str
    lang: str
    forms: tuple[str, ...]
    keys: tuple[str, ...]
    starts: array[int]
    ends: array[int]
    places: array[int]

    def written(self, start: int, end: int) -> str:
        """Return tokens ``[start, end)`` as the author wrote them."""
        return self.text[self.starts[start] : self.ends[end - 1]]


@cache
def _blank(lang: str) -> Language:
    import spacy

    return spacy.blank(lang)


@lru_cache(maxsize=65_536)
def _form(token: str) -> str:
    return "".join(c for c in fold(token) if c.isalnum() or c in "+#&@.").strip(".")


@lru_cache(maxsize=65_536)
def _key(token: str, lang: str) -> str:
    """Fold inflection: the regular plural first, then the dictionary.

    The other way round, "salariés" would be the verb "salarier" and "salarié" the noun.
    """
    import simplemma

    word = token.lower().rstrip("'")
    if not word.isalpha():
        return _form(word)
    if len(word) > 3 and word[-1] in "sx" and simplemma.is_known(word[:-1], lang=lang):
        word = word[:-1]
    form = _form(simplemma.lemmatize(word, lang=lang))
    if lang == "fr" and len(form) > 4 and form.endswith("aux") and not form.endswith("eaux"):
        return form[:-3] + "al"
    return form[:-1] if len(form) > 3 and form[-1] in "sx" else form


def read(text: str, lang: str) -> Reading:
    """Cut a text into tokens with spaCy's rules for ``lang`` ("fr" or "en")."""
    forms: list[str] = []
    keys: list[str] = []
    starts, ends, places = array("q"), array("q"), array("q")
    place = 0
    for token in _blank(lang).tokenizer(text.translate(_QUOTES)):
        word, start = token.text, token.idx
        form = _form(word)
        if not form and (word in _JOINING or (word.isspace() and "\n" not in word)):
            continue
        forms.append(form or "\n")
        keys.append(_key(word, lang) or form if form else "\n")
        starts.append(start)
        ends.append(start + len(word))
        places.append(place)
        place += bool(form)
    return Reading(text, lang, tuple(forms), tuple(keys), starts, ends, places)


def _doc(reading: Reading) -> Doc:
    from spacy.tokens import Doc

    return Doc(_blank(reading.lang).vocab, words=list(reading.forms), lemmas=list(reading.keys))


class Phrases:
    """Phrases to be found in readings of one language, exactly or whatever their inflection."""

    def __init__(self, lang: str, *, exact: Iterable[str] = (), inflected: Iterable[str] = ()) -> None:
        self._lang = lang
        self._exact = self._matcher("ORTH", exact)
        self._inflected = self._matcher("LEMMA", inflected)

    def _matcher(self, attribute: str, phrases: Iterable[str]) -> PhraseMatcher:
        from spacy.matcher import PhraseMatcher

        matcher = PhraseMatcher(_blank(self._lang).vocab, attr=attribute)
        for phrase in sorted(set(phrases)):
            if (reading := read(phrase, self._lang)).forms:
                matcher.add(phrase, [_doc(reading)])
        return matcher

    def find(self, reading: Reading) -> Mapping[str, tuple[tuple[int, int], ...]]:
        """Return the token spans of each phrase that occurs, in text order."""
        if not reading.forms:
            return {}
        doc = _doc(reading)
        found: dict[str, set[tuple[int, int]]] = {}
        for matcher in (self._exact, self._inflected):
            for number, start, end in matcher(doc):
                found.setdefault(doc.vocab.strings[number], set()).add((start, end))
        return {phrase: tuple(sorted(spans)) for phrase, spans in sorted(found.items())}


@cache
def stop_words(lang: str) -> frozenset[str]:
    """Return spaCy's stop words in comparable form, with single letters."""
    if lang not in LANGUAGES:
        return frozenset()
    words = _blank(lang).Defaults.stop_words
    return frozenset(_form(word.rstrip("'’")) for word in words) | frozenset("abcdefghijklmnopqrstuvwxyz")


@cache
def _telling_words() -> tuple[frozenset[str], frozenset[str]]:
    french, english = stop_words("fr"), stop_words("en")
    return french - english, english - french


def guess(text: str, declared: str | None = None) -> str:
    """Return "fr" or "en": the language of most function words, else what the feed declares, else French.

    Feeds declare their software's language more often than their own, so the words speak first.
    """
    french, english = _telling_words()
    words = [_form(word) for word in text[:2_000].translate(_QUOTES).replace("'", " ").split()]
    votes = sum(word in french for word in words) - sum(word in english for word in words)
    if abs(votes) >= 2:
        return "fr" if votes > 0 else "en"
    spoken = (declared or "").lower()[:2]
    return spoken if spoken in LANGUAGES else "en" if votes < 0 else "fr"
