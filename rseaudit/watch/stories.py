"""Put entries that tell the same news into one story: grouped, never hidden.

A ladder, most certain rung first: same canonical address; same title and text; near copy in another
feed; related text in another feed within seven days. Entries are taken in the order in which they
were first seen, and the frequency of words is that of what was known then: what comes later never
changes an earlier answer, so a story keeps its id, which names its first entry.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import groupby

from rseaudit.ids import short_hash
from rseaudit.model import Entry, Feed, Story
from rseaudit.watch.identity import canonical_url, content_hash
from rseaudit.watch.likeness import Likeness, Sample, is_near_copy, sample

SPAN = timedelta(days=7)
# Fewer words than this are a label ("Release notes"), not a news: their equality proves nothing.
_TELLING_WORDS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A story with its entries: the lead first, then by date."""

    story: Story
    entries: tuple[Entry, ...]

    @property
    def lead(self) -> Entry:
        return self.entries[0]


@dataclass(slots=True)
class _Open:
    """A story in the making. ``first`` and ``last`` bound its dates."""

    founder: Entry
    entries: list[Entry] = field(default_factory=list)
    samples: list[Sample] = field(default_factory=list)
    feeds: set[str] = field(default_factory=set)
    centroid: Counter[str] = field(default_factory=Counter)

    def add(self, entry: Entry, sample: Sample) -> None:
        self.entries.append(entry)
        self.samples.append(sample)
        self.feeds.add(entry.feed)
        self.centroid.update(sample.terms)

    def spans(self, entry: Entry) -> bool:
        """Tell whether the story with this entry would still fit in seven days."""
        dates = [other.published for other in self.entries]
        return max(*dates, entry.published) - min(*dates, entry.published) <= SPAN


def group(
    entries: Iterable[Entry], feeds: Mapping[str, Feed], *, language_of: Callable[[Entry], str]
) -> tuple[Group, ...]:
    """Return every entry in exactly one story, stories by id. ``feeds`` gives the trust by address."""
    ordered = sorted(entries, key=lambda e: (e.first_seen, e.published, e.feed, e.id))
    shelf = _Shelf()
    for _, batch in groupby(ordered, key=lambda e: e.first_seen):
        samples = [(entry, sample(entry.title, entry.summary, language_of(entry))) for entry in batch]
        shelf.likeness.learn(item.terms for _, item in samples)
        for entry, item in samples:
            shelf.place(entry, item)
    return tuple(sorted((_close(story, feeds) for story in shelf.stories), key=lambda g: g.story.id))


def story_id(founder: Entry) -> str:
    """Return the id of the story that begins with this entry."""
    return short_hash("story", founder.feed, founder.id)


class _Shelf:
    """The stories so far, with the indexes that find candidates without comparing all."""

    def __init__(self) -> None:
        self.stories: list[_Open] = []
        self.likeness = Likeness()
        self._by_url: dict[str, _Open] = {}
        self._by_hash: dict[str, list[_Open]] = defaultdict(list)
        self._by_term: dict[str, dict[int, None]] = defaultdict(dict)
        self._numbers: dict[int, int] = {}

    def place(self, entry: Entry, item: Sample) -> None:
        url = canonical_url(entry.url) if entry.url else ""
        text = content_hash(entry.title, entry.summary) if len(item.words) >= _TELLING_WORDS else ""
        story = self._by_url.get(url) if url else None
        story = story or self._same_text(text, entry) or self._alike(entry, item)
        if story is None:
            story = _Open(founder=entry)
            self._numbers[id(story)] = len(self.stories)
            self.stories.append(story)
        story.add(entry, item)
        if url:
            self._by_url.setdefault(url, story)
        if text and story not in self._by_hash[text]:
            self._by_hash[text].append(story)
        number = self._numbers[id(story)]
        for term in item.terms:
            self._by_term[term][number] = None

    def _same_text(self, text: str, entry: Entry) -> _Open | None:
        return next((story for story in self._by_hash.get(text, ()) if text and story.spans(entry)), None)

    def _alike(self, entry: Entry, item: Sample) -> _Open | None:
        """Return the story of which this is a near copy, else the one it is closest to, if close enough."""
        candidates = [s for s in self._candidates(item) if entry.feed not in s.feeds and s.spans(entry)]
        for story in candidates:
            if any(is_near_copy(item, other) for other in story.samples):
                return story
        best = self.likeness.closest(item.terms, [story.centroid for story in candidates])
        return None if best is None else candidates[best]

    def _candidates(self, item: Sample) -> list[_Open]:
        """Return the stories that share at least two telling words, the oldest first."""
        shared: Counter[int] = Counter()
        for term in self.likeness.telling(item.terms):
            shared.update(self._by_term[term].keys() if term in self._by_term else ())
        return [self.stories[number] for number in sorted(n for n, count in shared.items() if count >= 2)]


def _close(story: _Open, feeds: Mapping[str, Feed]) -> Group:
    def rank(entry: Entry) -> tuple[float, float, str, str]:
        trust = feeds[entry.feed].trust if entry.feed in feeds else 0.0
        return (-trust, entry.published.timestamp(), entry.feed, entry.id)

    lead = min(story.entries, key=rank)
    rest = sorted((e for e in story.entries if e is not lead), key=lambda e: (e.published, e.feed, e.id))
    members = (lead, *rest)
    closed = Story(
        id=story_id(story.founder),
        lead=lead.id,
        entries=tuple(entry.id for entry in members),
        sources=len(story.feeds),
    )
    return Group(story=closed, entries=members)


def independent(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """Return the entries that bring an address of their own, by date: one article in two feeds is one voice."""
    seen: dict[str, Entry] = {}
    for entry in sorted(entries, key=lambda e: (e.published, e.feed, e.id)):
        seen.setdefault(canonical_url(entry.url) if entry.url else f"{entry.feed} {entry.id}", entry)
    return tuple(seen.values())
