"""Find the topics and vendors of the watchlists in an entry, with the proof and with what forbids them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from rseaudit.config.watchlist import Near, Topic, Vendor, Watchlist
from rseaudit.model import Entry
from rseaudit.watch import language
from rseaudit.watch.language import Phrases, Reading

Field = Literal["title", "lead", "body"]

LEAD = 300  # code points of the text that count as its lead
VENDOR_CONTEXT = 10  # words between a name and what makes it clear
_ACRONYM = 5

Spans = Mapping[str, tuple[tuple[int, int], ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A phrase of the watchlist in an entry: the best field it stands in, and as it is written there.

    ``start`` is its place in ``text_of`` the entry.
    """

    phrase: str
    field: Field
    written: str
    start: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicMatch:
    """A topic whose phrases occur. It counts only when nothing stands in ``vetoes`` and it is ``clear``.

    It is not clear when none of its context words occurs.
    """

    watchlist: str
    topic: Topic
    hits: tuple[Hit, ...]
    vetoes: tuple[Hit, ...] = ()
    clear: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class VendorMatch:
    """A vendor that is really meant: where its name is ambiguous, its context stands near."""

    watchlist: str
    vendor: Vendor
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Matches:
    """All that the watchlists see in one entry, in the order of the watchlists."""

    lang: str
    topics: tuple[TopicMatch, ...] = ()
    vetoed: tuple[TopicMatch, ...] = ()
    unclear: tuple[TopicMatch, ...] = ()
    vendors: tuple[VendorMatch, ...] = ()

    def watchlists(self) -> tuple[str, ...]:
        """Return the ids of the watchlists that see something, in code-point order."""
        return tuple(sorted({match.watchlist for match in self.counted()}))

    def counted(self) -> tuple[TopicMatch | VendorMatch, ...]:
        """Return the topics that nothing vetoes and the vendors."""
        return (*self.topics, *self.vendors)


def text_of(entry: Entry) -> str:
    """Return what is matched: title and text, each on one line, an empty line between."""
    return f"{' '.join(entry.title.split())}\n\n{' '.join(entry.summary.split())}"


class Matcher:
    """The watchlists, compiled once per language. Finds phrases with spaCy, decides with plain rules."""

    def __init__(self, watchlists: Sequence[Watchlist]) -> None:
        self._watchlists = tuple(watchlists)
        exact: list[str] = []
        inflected: list[str] = []
        for phrase in _common_phrases(self._watchlists):
            (exact if _is_name(phrase) else inflected).append(phrase)
        for vendor in (vendor for watchlist in self._watchlists for vendor in watchlist.vendor):
            exact.extend((vendor.name, *vendor.aliases))
        self._phrases = {lang: Phrases(lang, exact=exact, inflected=inflected) for lang in language.LANGUAGES}

    def match(self, entry: Entry) -> Matches:
        """Find the topics and vendors of all watchlists in one entry."""
        return self.judge(self.see(entry))

    def see(self, entry: Entry) -> Seen:
        """Read one entry; the title and the text are one text, cut into fields by position."""
        text = text_of(entry)
        lang = language.guess(text, entry.lang)
        return Seen(language.read(text, lang), self._phrases[lang], text.index("\n\n"))

    def judge(self, seen: Seen) -> Matches:
        """Decide what the phrases that occur mean."""
        found: list[TopicMatch] = []
        vendors: list[VendorMatch] = []
        for watchlist in self._watchlists:
            for topic in watchlist.topic:
                if (match := match_topic(watchlist, topic, seen)) is not None:
                    found.append(match)
            for vendor in watchlist.vendor:
                if hits := match_vendor(vendor, seen):
                    vendors.append(VendorMatch(watchlist=watchlist.id, vendor=vendor, hits=hits))
        return Matches(
            lang=seen.reading.lang,
            topics=tuple(match for match in found if match.clear and not match.vetoes),
            vetoed=tuple(match for match in found if match.vetoes),
            unclear=tuple(match for match in found if not match.clear and not match.vetoes),
            vendors=tuple(vendors),
        )


def _common_phrases(watchlists: Sequence[Watchlist]) -> list[str]:
    found: list[str] = []
    for watchlist in watchlists:
        found.extend(watchlist.none)
        for topic in watchlist.topic:
            found.extend((*topic.any, *topic.all, *topic.none, *topic.context))
            found.extend(topic.near.terms if topic.near else ())
        for vendor in watchlist.vendor:
            found.extend(vendor.context)
    return found


def _is_name(phrase: str) -> bool:
    """Tell a name or acronym, which is found as it is: "Teams" is not the plural of "team"."""
    return all(word[0].isupper() for word in phrase.split() if len(word) > 1)


def _is_acronym(phrase: str) -> bool:
    return len(phrase) <= _ACRONYM and phrase.isalpha() and phrase.isupper()


class Seen:
    """One entry with the phrases that occur in it."""

    def __init__(self, reading: Reading, phrases: Phrases, title_end: int) -> None:
        self.reading = reading
        self._title_end = title_end
        self._spans: Spans = phrases.find(reading)

    def phrases(self) -> tuple[str, ...]:
        """Return the phrases that occur, in code-point order."""
        return tuple(phrase for phrase in sorted(self._spans) if self.spans(phrase))

    def spans(self, phrase: str) -> tuple[tuple[int, int], ...]:
        """Return where the phrase stands; an acronym must be written in capitals ("RSE", not "rse")."""
        spans = self._spans.get(phrase, ())
        if spans and _is_acronym(phrase):
            return tuple(span for span in spans if self.reading.written(*span).isupper())
        return spans

    def field(self, span: tuple[int, int]) -> Field:
        start = self.reading.starts[span[0]]
        if start < self._title_end:
            return "title"
        return "lead" if start < self._title_end + LEAD else "body"

    def hit(self, phrase: str, span: tuple[int, int]) -> Hit:
        return Hit(
            phrase=phrase,
            field=self.field(span),
            written=self.reading.written(*span),
            start=self.reading.starts[span[0]],
        )

    def gap(self, one: tuple[int, int], other: tuple[int, int]) -> int:
        """Return the number of words between two spans, 0 when they touch or overlap."""
        first, second = sorted((one, other))
        places = self.reading.places
        return max(0, places[second[0]] - places[first[1] - 1] - 1)


def match_topic(watchlist: Watchlist, topic: Topic, seen: Seen) -> TopicMatch | None:
    """Return a topic whose conditions hold, with its proof, its vetoes and whether it is clear."""
    if topic.lang and seen.reading.lang not in topic.lang:
        return None
    proof: list[tuple[str, tuple[int, int]]] = []
    found = [(phrase, span) for phrase in topic.any for span in seen.spans(phrase)]
    if topic.any and not found:
        return None
    proof.extend(found)
    for phrase in topic.all:
        if not (spans := seen.spans(phrase)):
            return None
        proof.extend((phrase, span) for span in spans)
    if topic.near:
        if not (near := _near(topic.near, seen)):
            return None
        proof.extend(near)
    vetoes = [(phrase, span) for phrase in (*topic.none, *watchlist.none) for span in seen.spans(phrase)]
    return TopicMatch(
        watchlist=watchlist.id,
        topic=topic,
        hits=_best(proof, seen),
        vetoes=_best(vetoes, seen),
        clear=not topic.context or any(seen.spans(phrase) for phrase in topic.context),
    )


def _near(near: Near, seen: Seen) -> list[tuple[str, tuple[int, int]]]:
    """Return the first place where all terms stand together, or nothing."""
    places = seen.reading.places
    marks = sorted((span[0], span, term) for term in near.terms for span in seen.spans(term))
    wanted = len(set(near.terms))
    for index, (start, _, _) in enumerate(marks):
        group: dict[str, tuple[int, int]] = {}
        for position, span, term in marks[index:]:
            if places[position] - places[start] > near.within:
                break
            group.setdefault(term, span)
        if len(group) == wanted:
            return sorted(group.items())
    return []


def match_vendor(vendor: Vendor, seen: Seen) -> tuple[Hit, ...]:
    """Return where a vendor is named and meant."""
    proof: list[tuple[str, tuple[int, int]]] = []
    for name in (vendor.name, *vendor.aliases):
        for span in seen.spans(name):
            if vendor.context and not _is_meant(vendor, name, span, seen):
                continue
            proof.append((name, span))
    return _best(proof, seen)


def _is_meant(vendor: Vendor, name: str, span: tuple[int, int], seen: Seen) -> bool:
    """Tell whether an ambiguous name is written as a name and stands near its context."""
    if name != name.lower() and (written := seen.reading.written(*span)) == written.lower():
        return False
    near = (other for phrase in vendor.context for other in seen.spans(phrase))
    return any(_apart(span, other) and seen.gap(span, other) <= VENDOR_CONTEXT for other in near)


def _apart(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[1] <= other[0] or other[1] <= one[0]


def _best(proof: Sequence[tuple[str, tuple[int, int]]], seen: Seen) -> tuple[Hit, ...]:
    """Keep the longest of overlapping phrases, and of each phrase its first place: the best field."""
    kept: list[tuple[str, tuple[int, int]]] = []
    for phrase, span in sorted(proof, key=lambda item: (item[1][0] - item[1][1], item[1], item[0])):
        if all(_apart(span, other) for _, other in kept):
            kept.append((phrase, span))
    hits: dict[str, Hit] = {}
    for phrase, span in sorted(kept, key=lambda item: item[1]):
        hits.setdefault(phrase, seen.hit(phrase, span))
    return tuple(hits.values())
