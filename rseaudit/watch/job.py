"""Join the steps of the watch. Nothing here fetches or stores.

A run is ``reading.plan`` (which feeds are due), fetching elsewhere, ``reading.collect`` (read what came
back), then ``update`` over all entries known of the last weeks, and ``to_json``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from rseaudit.config.settings import WatchSettings
from rseaudit.config.watchlist import Watchlist
from rseaudit.i18n import Translator
from rseaudit.model import Entry, Feed, FeedState, Mark
from rseaudit.watch import editing, feedback, relevance, stories, terms, trends
from rseaudit.watch.digest import Digest, Judged
from rseaudit.watch.feedback import NO_OPINION, Opinion
from rseaudit.watch.matching import Matcher, Matches
from rseaudit.watch.reasons import Reason
from rseaudit.watch.stories import Group
from rseaudit.watch.trends import Mention, Observation, Outlook

# ``update`` wants the entries of this long: two weeks in which a term is new, eight in which
# it was not heard, one for the stories that began before.
HISTORY = timedelta(weeks=trends.WEEKS + trends.NEW_FOR + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchResult:
    """What one run found. ``entries`` by date (newest first), ``groups`` by story id."""

    entries: tuple[Judged, ...]
    groups: tuple[Group, ...]
    outlook: Outlook
    digest: Digest
    notes: tuple[Reason, ...]


def update(
    entries: Sequence[Entry],
    feeds: Sequence[Feed],
    watchlists: Sequence[Watchlist],
    *,
    now: datetime,
    settings: WatchSettings,
    states: Sequence[FeedState] = (),
    marks: Sequence[Mark] = (),
    older: Sequence[Entry] = (),
    notes: Sequence[Reason] = (),
) -> WatchResult:
    """Judge all ``entries``, group them, look for trends and build the digest, as of ``now``.

    Entries and marks of after ``now`` do not exist yet. ``older`` are marked entries of longer ago: what they say
    is still learnt from. The result depends on the arguments only, not on their order.
    """
    known = sorted((e for e in entries if e.first_seen <= now), key=lambda e: (e.feed, e.id))
    by_url = {feed.url: feed for feed in feeds}
    matcher = Matcher(watchlists)
    matches = {(e.feed, e.id): matcher.match(e) for e in known}
    groups = stories.group(known, by_url, language_of=lambda e: matches[e.feed, e.id].lang)
    story_of = {(e.feed, e.id): group.story.id for group in groups for e in group.entries}
    opinions = _opinions(known, older, marks, matches, story_of, now)
    judged = tuple(
        Judged(
            entry=e,
            matches=matches[e.feed, e.id],
            relevance=relevance.score(
                e,
                by_url.get(e.feed) or _unnamed(e),
                matches[e.feed, e.id],
                now=now,
                opinion=opinions.get((e.feed, e.id), NO_OPINION),
            ),
            story=story_of[e.feed, e.id],
            opinion=opinions.get((e.feed, e.id), NO_OPINION),
        )
        for e in sorted(known, key=lambda e: (-e.published.timestamp(), e.feed, e.id))
    )
    outlook = _outlook(judged, groups, now)
    told = (*_notes(outlook), *notes)
    digest = editing.build(
        judged,
        groups,
        outlook,
        feeds,
        states,
        watchlists,
        now=now,
        period=timedelta(days=settings.period_days),
        threshold=settings.threshold,
        notes=told,
    )
    return WatchResult(entries=judged, groups=groups, outlook=outlook, digest=digest, notes=told)


def _opinions(
    known: Sequence[Entry],
    older: Sequence[Entry],
    marks: Sequence[Mark],
    matches: Mapping[tuple[str, str], Matches],
    story_of: Mapping[tuple[str, str], str],
    now: datetime,
) -> dict[tuple[str, str], Opinion]:
    """Return what marks mean for each entry that they concern; only what a watchlist wants can have points."""
    made = [mark for mark in marks if mark.at <= now]
    if not made:
        return {}
    verdicts = feedback.verdicts(made, story_of)
    taste = feedback.learn(feedback.marked(made, [*known, *older]), known)
    found: dict[tuple[str, str], Opinion] = {}
    for entry in known:
        key = (entry.feed, entry.id)
        points = taste.points(entry) if taste and matches[key].counted() else 0
        if points or key in verdicts:
            found[key] = Opinion(verdict=verdicts.get(key), points=points, marks=taste.marks if taste else 0)
    return found


def _unnamed(entry: Entry) -> Feed:
    # A feed that left the configuration: its entries stay until retention takes them.
    return Feed(url=entry.feed, name=entry.feed)


def _outlook(judged: Sequence[Judged], groups: Sequence[Group], now: datetime) -> Outlook:
    by_key = {(item.entry.feed, item.entry.id): item for item in judged}
    since: dict[str, datetime] = {}
    for item in judged:
        since[item.entry.feed] = min(item.entry.published, since.get(item.entry.feed, item.entry.published))
    return trends.look((_observe(group, by_key) for group in groups), since, now=now)


def _observe(group: Group, judged: Mapping[tuple[str, str], Judged]) -> Observation:
    independent = stories.independent(group.entries)
    found: dict[str, Mention] = {}
    for entry in independent:
        for term in terms.terms(entry, judged[entry.feed, entry.id].matches):
            known = found.get(term.key)
            found[term.key] = Mention(
                term=term.key,
                written=known.written if known and known.declared >= term.declared else term.written,
                declared=term.declared or (known is not None and known.declared),
                in_title=term.in_title or (known is not None and known.in_title),
                feeds=frozenset((entry.feed,)) | (known.feeds if known else frozenset()),
            )
    return Observation(
        story=group.story.id,
        at=min(entry.published for entry in group.entries),
        relevant=any(judged[entry.feed, entry.id].relevance.watchlists for entry in group.entries),
        feeds=frozenset(entry.feed for entry in independent),
        mentions=tuple(found[key] for key in sorted(found)),
    )


def _notes(outlook: Outlook) -> tuple[Reason, ...]:
    notes: list[Reason] = []
    if outlook.reason:
        notes.append(outlook.reason)
    elif outlook.trends:
        notes.append(Reason("Chance alone gives at most about one of these trends."))
    if outlook.young_feeds:
        count = len(outlook.young_feeds)
        notes.append(Reason("Feeds known for less than five weeks, not counted in trends: {count}.", {"count": count}))
    return tuple(notes)


def to_json(result: WatchResult, run: str, speaker: Translator) -> dict[str, object]:
    """Return the data of ``rseaudit watch --json``; reasons are in the language of ``speaker``."""
    return {
        "schema": 1,
        "run": run,
        "entries": [
            {
                "id": item.entry.id,
                "feed": item.entry.feed,
                "url": item.entry.url,
                "title": item.entry.title,
                "published": item.entry.published.isoformat(),
                "watchlists": list(item.relevance.watchlists),
                "score": item.relevance.score,
                "reasons": [reason.say(speaker) for reason in item.relevance.reasons],
                "story": item.story,
            }
            for item in result.entries
        ],
        "stories": [
            {
                "id": group.story.id,
                "lead": group.story.lead,
                "entries": list(group.story.entries),
                "sources": group.story.sources,
            }
            for group in result.groups
        ],
        "trends": [
            {
                "term": trend.term,
                "week": trend.week,
                "count": trend.count,
                "expected": trend.expected,
                "z": trend.z,
                "sources": trend.sources,
            }
            for trend in result.outlook.trends
        ],
        "weak_signals": [
            {
                "term": signal.term,
                "first": signal.first.date().isoformat(),
                "stories": len(signal.stories),
                "sources": signal.sources,
            }
            for signal in result.outlook.weak_signals
        ],
    }
