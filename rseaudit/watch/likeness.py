"""Say how alike two short texts are: near copies by shared runs of words, related ones by TF-IDF.

Thresholds favour precision: two news that are wrongly one cost more than one news told twice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log, sqrt

from rseaudit.text import words
from rseaudit.watch import language

LEAD_WORDS = 60
RELATED = 0.40  # cosine to the centre of a story
_COPY_SHARE = 0.6  # of the runs of the shorter text, under titles that are a little alike
_SAME_SHARE = 0.9  # whatever the titles
_SOME_TITLE = 40  # rapidfuzz token_set_ratio in 0-100
_COPY_RUNS = 12
_COPY_TITLE = 92  # rapidfuzz ratio in 0-100
_TITLE_WORDS = 6
_SHARED_WORDS = 3
_RUN = 4
# A word in more of the entries than this tells no story from another.
_COMMON_SHARE = 0.05
_COMMON_COUNT = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """What is compared of an entry. ``terms`` weighs the words of title (twice) and lead, without inflection."""

    words: tuple[str, ...]
    title: str
    numbers: frozenset[str]
    runs: frozenset[tuple[str, ...]]
    terms: Mapping[str, int]


def sample(title: str, text: str, lang: str) -> Sample:
    """Cut out what is compared: the words of the title and of the first 60 words of the text."""
    heading = words(title).forms
    body = words(text[: LEAD_WORDS * 12]).forms[:LEAD_WORDS]
    terms: Counter[str] = Counter()
    for part, weight in ((title, 2), (text[: LEAD_WORDS * 7], 1)):
        for form, key in _telling(part, lang):
            terms[key] += weight if form else 0
    return Sample(
        words=heading + body,
        title=" ".join(heading),
        numbers=frozenset(word for word in heading if any(c.isdigit() for c in word)),
        runs=frozenset(zip(*(body[shift:] for shift in range(_RUN)), strict=False)),
        terms=dict(terms),
    )


def _telling(text: str, lang: str) -> list[tuple[str, str]]:
    stop = language.stop_words(lang)
    reading = language.read(" ".join(text.split()), lang)
    pairs = zip(reading.forms, reading.keys, strict=True)
    return [(form, key) for form, key in pairs if len(form) > 1 and form not in stop and key not in stop]


def is_near_copy(one: Sample, other: Sample) -> bool:
    """Tell whether one text is the other with small changes. Titles that differ by a number are two news."""
    from rapidfuzz.fuzz import ratio, token_set_ratio

    if one.numbers != other.numbers:
        return False
    shorter, longer = sorted((one.runs, other.runs), key=len)
    if len(shorter) >= _COPY_RUNS:
        share = len(shorter & longer) / len(shorter)
        alike = share >= _COPY_SHARE and token_set_ratio(one.title, other.title) >= _SOME_TITLE
        return alike or share >= _SAME_SHARE
    if min(one.title.count(" "), other.title.count(" ")) + 1 < _TITLE_WORDS:
        return False
    return ratio(one.title, other.title, score_cutoff=_COPY_TITLE) >= _COPY_TITLE


class Likeness:
    """TF-IDF cosine, with the word frequencies of what was learnt so far."""

    def __init__(self) -> None:
        self._frequency: Counter[str] = Counter()
        self._count = 0

    def learn(self, texts: Iterable[Mapping[str, int]]) -> None:
        for terms in texts:
            self._frequency.update(terms.keys())
            self._count += 1

    def telling(self, terms: Mapping[str, int]) -> list[str]:
        """Return the words that few entries have."""
        limit = max(_COMMON_COUNT, _COMMON_SHARE * self._count)
        return [term for term in terms if self._frequency[term] <= limit]

    def closest(self, terms: Mapping[str, int], centres: Sequence[Mapping[str, int]]) -> int | None:
        """Return the place of the centre with the highest cosine, the first of equals, if it is close enough.

        Texts that share fewer than three words are never close.
        """
        own = {term: self._weight(term, times) for term, times in terms.items()}
        length = _length(own.values())
        best, closeness = None, RELATED
        for place, centre in enumerate(centres):
            shared = [term for term in own if term in centre]
            if len(shared) < _SHARED_WORDS:
                continue
            dot = sum(own[term] * self._weight(term, centre[term]) for term in shared)
            norm = length * _length(self._weight(term, times) for term, times in centre.items())
            found = dot / norm if norm else 0.0
            if found > closeness or (best is None and found == closeness):
                best, closeness = place, found
        return best

    def _weight(self, term: str, times: int) -> float:
        return (1 + log(times)) * log((self._count + 1) / (self._frequency[term] + 0.5))


def _length(weights: Iterable[float]) -> float:
    return sqrt(sum(weight * weight for weight in weights))
