"""Choose and arrange what the digest shows."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal

from rseaudit.config.watchlist import Watchlist
from rseaudit.model import Entry, Feed, FeedState
from rseaudit.text import sentences, words
from rseaudit.watch.digest import (
    Digest,
    DigestStory,
    FeedHealth,
    Judged,
    Link,
    TopicSection,
    VendorSection,
    Volume,
)
from rseaudit.watch.matching import Matches
from rseaudit.watch.reasons import Reason
from rseaudit.watch.stories import Group
from rseaudit.watch.trends import Outlook

Fate = Literal["kept", "below", "vetoed", "unmatched", "backlog", "dismissed"]

HEADLINES = 5
_EXTRACT = 2  # sentences
_EXTRACT_LENGTH = 320


def build(
    judged: Sequence[Judged],
    groups: Sequence[Group],
    outlook: Outlook,
    feeds: Sequence[Feed],
    states: Sequence[FeedState],
    watchlists: Sequence[Watchlist],
    *,
    now: datetime,
    period: timedelta,
    threshold: int,
    notes: Sequence[Reason] = (),
) -> Digest:
    """Build the digest of the ``period`` that ends ``now``: stories with a new entry at or above ``threshold``."""
    start = now - period
    by_key = {(item.entry.feed, item.entry.id): item for item in judged}
    desk = _Desk(by_key, {feed.url: feed for feed in feeds}, watchlists)
    fresh = [item for item in judged if item.entry.first_seen > start and item.entry.first_seen <= now]
    wanted = {item.story for item in fresh if fate(item, threshold) == "kept"}
    shown = {group.story.id: desk.story(group) for group in groups if group.story.id in wanted}
    ranked = tuple(sorted(shown.values(), key=lambda s: (-s.score, -s.relevance, s.story.id)))
    cited = {name for trend in outlook.trends for name in trend.stories}
    cited |= {name for signal in outlook.weak_signals for name in signal.stories}
    others = [group for group in groups if group.story.id in cited and group.story.id not in shown]
    extra = (desk.story(group) for group in others if desk.entries(group))
    return Digest(
        start=start,
        end=now,
        headlines=ranked[:HEADLINES],
        trends=outlook.trends,
        weak_signals=outlook.weak_signals,
        trend_reason=outlook.reason,
        topics=_topics(ranked, watchlists),
        vendors=_vendors(ranked),
        stories=ranked,
        mentioned=tuple(sorted(extra, key=lambda s: s.story.id)),
        health=_health(judged, feeds, states, start, now),
        volume=_volume(fresh, threshold),
        notes=tuple(notes),
    )


def fate(item: Judged, threshold: int) -> Fate:
    """Return what becomes of an entry, once it is new. "dismissed" is what the team marked as not pertinent."""
    if item.entry.backlog:
        return "backlog"
    if item.opinion.verdict == "no":
        return "dismissed"
    if item.relevance.watchlists:
        return "kept" if item.relevance.relevance >= threshold else "below"
    return "vetoed" if item.matches.vetoed else "unmatched"


class _Desk:
    """Makes the shown form of a story from its entries."""

    def __init__(
        self, judged: Mapping[tuple[str, str], Judged], feeds: Mapping[str, Feed], watchlists: Sequence[Watchlist]
    ) -> None:
        self._judged = judged
        self._feeds = feeds
        self._hints = {source.url: source for watchlist in reversed(watchlists) for source in watchlist.source}

    def entries(self, group: Group) -> list[Entry]:
        """Return what is shown of a story: all but what the team marked as not pertinent."""
        return [entry for entry in group.entries if self._judged[entry.feed, entry.id].opinion.verdict != "no"]

    def story(self, group: Group) -> DigestStory:
        lead, *others = entries = self.entries(group)
        items = [self._judged[entry.feed, entry.id] for entry in entries]
        best = max(items, key=lambda item: (item.relevance.score, item.relevance.relevance))
        hints = [self._hints[entry.feed] for entry in entries if entry.feed in self._hints]
        topics = {(m.watchlist, m.topic.id): None for item in items for m in item.matches.topics}
        vendors = {m.vendor.name for item in items for m in item.matches.vendors}
        return DigestStory(
            story=group.story,
            lead=lead,
            source=self._name(lead),
            also=tuple(Link(name=self._name(e), url=e.url, title=e.title) for e in others),
            score=best.relevance.score,
            relevance=best.relevance.relevance,
            watchlists=tuple(sorted({name for item in items for name in item.relevance.watchlists})),
            topics=tuple(topics),
            vendors=tuple(sorted(vendors)),
            reasons=best.relevance.reasons,
            extract=extract(lead, self._judged[lead.feed, lead.id].matches),
            pestel=next((hint.pestel_hint for hint in hints if hint.pestel_hint), None),
            horizon=next((hint.horizon_hint for hint in hints if hint.horizon_hint), None),
        )

    def _name(self, entry: Entry) -> str:
        return self._feeds[entry.feed].name if entry.feed in self._feeds else entry.feed


def extract(entry: Entry, matches: Matches) -> tuple[str, ...]:
    """Return the two sentences that say most of what the watchlists look for, in text order.

    Without any, the first two. A sentence that only repeats the title is passed over.
    """
    title = set(words(entry.title).forms)
    wanted = {hit.written.casefold() for match in matches.counted() for hit in match.hits}
    pieces = [" ".join(sentence.text.split()) for sentence in sentences(entry.summary[:5_000])]
    pieces = [piece for piece in pieces if not set(words(piece).forms) <= title]
    said = [sum(term in piece.casefold() for term in wanted) for piece in pieces]
    chosen = sorted(sorted(range(len(pieces)), key=lambda index: (-said[index], index))[:_EXTRACT])
    return tuple(_shortened(pieces[index]) for index in chosen)


def _shortened(sentence: str) -> str:
    if len(sentence) <= _EXTRACT_LENGTH:
        return sentence
    return sentence[:_EXTRACT_LENGTH].rsplit(" ", 1)[0].rstrip(" ,;:") + " …"


def _topics(stories: Sequence[DigestStory], watchlists: Sequence[Watchlist]) -> tuple[TopicSection, ...]:
    """Return the sections in the order of the watchlists; empty ones are left out."""
    found: dict[tuple[str, str], list[DigestStory]] = defaultdict(list)
    for story in stories:
        for topic in story.topics:
            found[topic].append(story)
    return tuple(
        TopicSection(
            watchlist=watchlist.id,
            watchlist_label=watchlist.label,
            topic=topic.id,
            label=topic.label,
            stories=tuple(found[watchlist.id, topic.id]),
        )
        for watchlist in watchlists
        for topic in watchlist.topic
        if (watchlist.id, topic.id) in found
    )


def _vendors(stories: Sequence[DigestStory]) -> tuple[VendorSection, ...]:
    found: dict[str, list[DigestStory]] = defaultdict(list)
    for story in stories:
        for vendor in story.vendors:
            found[vendor].append(story)
    return tuple(
        VendorSection(vendor=vendor, stories=tuple(found[vendor]))
        for vendor in sorted(found, key=lambda name: (name.casefold(), name))
    )


def _volume(fresh: Sequence[Judged], threshold: int) -> Volume:
    counts = Counter(fate(item, threshold) for item in fresh)
    return Volume(
        seen=len(fresh),
        kept=counts["kept"],
        below=counts["below"],
        vetoed=counts["vetoed"],
        unmatched=counts["unmatched"],
        backlog=counts["backlog"],
        dismissed=counts["dismissed"],
    )


def _health(
    judged: Sequence[Judged], feeds: Sequence[Feed], states: Sequence[FeedState], start: datetime, now: datetime
) -> tuple[FeedHealth, ...]:
    known = {state.url: state for state in states}
    mine: dict[str, list[Entry]] = defaultdict(list)
    for item in judged:
        mine[item.entry.feed].append(item.entry)
    found: list[FeedHealth] = []
    for feed in feeds:
        state, entries = known.get(feed.url), mine[feed.url]
        problem = Reason(state.last_problem, state.numbers) if state and state.last_problem else None
        found.append(
            FeedHealth(
                url=feed.url,
                name=feed.name,
                state=state.state if state else "unread",
                entries=sum(start < entry.first_seen <= now and not entry.backlog for entry in entries),
                last_ok=state.last_ok if state else None,
                newest=max((entry.published for entry in entries), default=None),
                address=state.address if state else None,
                problem=problem,
            )
        )
    return tuple(sorted(found, key=lambda h: (h.name.casefold(), h.url)))
