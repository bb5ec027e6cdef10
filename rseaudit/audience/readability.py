"""How hard a French text reads: Kandel-Moles, its noise, and the bands that a team declares.

The score is the French adaptation of Flesch's reading ease by L. Kandel and A. Moles ("Application
de l'indice de Flesch à la langue française", Cahiers d'études de radio-télévision 19, 1958):
``207 - 1.015 × words per sentence - 73.6 × syllables per word``. High is easy. It orders 93 to 99 of
100 pairs of French texts as people do; no trained model beat it on two corpora. It says nothing of
short texts, so nothing is said below 100 words, and never a school grade or a CEFR level.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from rseaudit.audience.prose import is_prose, outside, spoken_words
from rseaudit.audience.reading import Reading
from rseaudit.model import Span
from rseaudit.text import Sentence

Level = Literal["facile", "courant", "soutenu", "expert"]

LEAST_WORDS = 100
# The easiest score that each band still holds; an expert reads anything.
FLOORS: Mapping[Level, float] = {"facile": 75.0, "courant": 60.0, "soutenu": 45.0}
# Standard deviation of the score between pieces of one document, by length in words (measured).
_NOISE = ((30, 12.5), (60, 9.8), (100, 8.5), (150, 5.9))
# Headings, table rows and list items are not sentences, unless they end like one.
_LEAST_SENTENCE_WORDS = 4
_LEAST_MEAN = 12
_ENDS = tuple(".!?…:;»”)")

_VOWELS = "aeiouyàâäéèêëîïôöùûüœæ"
_GROUP = re.compile(rf"[{_VOWELS}]+")
_HIATUS = re.compile(rf"é(?=[{_VOWELS}])|[{_VOWELS}](?=[ïëü])")
_ELISION = re.compile(r"^(?:[cdjlmnst]|qu)['’]")
_MUTE = re.compile(rf"(?<=[gq])ues?$|(?<=[^{_VOWELS}])es?$|(?<=[éiuy])es?$")


@dataclass(frozen=True, slots=True)
class Readability:
    """What the score was made of; ``score`` rises with ease, about 30 (hard) to 100 (very easy)."""

    words: int
    sentences: int
    syllables: int

    @property
    def score(self) -> float:
        return 207 - 1.015 * self.words / self.sentences - 73.6 * self.syllables / self.words

    @property
    def noise(self) -> float:
        return noise(self.words)


def syllables(word: str) -> int:
    """Count the spoken syllables of a French word by its groups of vowels; at least 1.

    A final mute e counts for nothing; ``l'`` and the like belong to the next word. Verbs in ``-ent``
    are counted like nouns in ``-ent``: one too many.
    """
    total = 0
    for part in re.split(r"[-‑]", _ELISION.sub("", word.lower())):
        sounded = _MUTE.sub("", part) if _GROUP.search(_MUTE.sub("", part)) else part
        total += len(_GROUP.findall(sounded)) + len(_HIATUS.findall(sounded))
    return max(total, 1)


def measure(reading: Reading, *, foreign: Iterable[Span] = ()) -> Readability | None:
    """Measure the French sentences of a text, outside ``foreign`` paragraphs; ``None`` when there is none.

    Headings, figures, acronyms, product names, paths and code are left out: nobody reads them aloud.
    """
    words = syllable_count = sentence_count = 0
    own = {span.start for span in outside((Span(s.start, s.end) for s in reading.sentences), foreign)}
    for sentence, count in zip(reading.sentences, reading.sentence_words, strict=True):
        if not sentence.text.endswith(_ENDS) and (count < _LEAST_SENTENCE_WORDS or _is_line(reading.text, sentence)):
            continue
        if sentence.start not in own:
            continue
        spoken = spoken_words(sentence.text)
        if not spoken or not is_prose(sentence.text):
            continue
        sentence_count += 1
        words += len(spoken)
        syllable_count += sum(map(syllables, spoken))
    return Readability(words, sentence_count, syllable_count) if sentence_count else None


def _is_line(text: str, sentence: Sentence) -> bool:
    """Tell whether a sentence without full stop is a whole line: a heading, a cell or a row of a table, a menu."""
    return text[: sentence.start].rstrip(" \t")[-1:] in ("", "\n")


def noise(words: int) -> float:
    """Return the standard deviation of the score of a text of so many words.

    Measured at 30, 60, 100 and 150 words, interpolated between, and falling with the square root beyond.
    """
    if words <= _NOISE[0][0]:
        return _NOISE[0][1]
    for (low, high_noise), (high, low_noise) in pairwise(_NOISE):
        if words <= high:
            return high_noise + (low_noise - high_noise) * (words - low) / (high - low)
    last, value = _NOISE[-1]
    return float(value * (last / words) ** 0.5)


def is_harder_than(measured: Readability, level: Level) -> bool:
    """Tell whether a text is harder than the band by more than its own noise.

    Never under 100 words, nor under 12 words a sentence: what is left then is a list of terms.
    """
    floor = FLOORS.get(level)
    if floor is None or measured.words < LEAST_WORDS or measured.words < _LEAST_MEAN * measured.sentences:
        return False
    return measured.score + measured.noise < floor
