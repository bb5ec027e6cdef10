"""Tell which terms rise this week, and which are heard for the first time.

``z = (x − μ) / √(μ + 1)``, where x counts the mentions of the last seven days (a mention is one
story in one source) and μ is what the eight weeks before lead to expect at this week's volume. The
threshold comes from the data: the stories are dealt to the weeks at random, many times, and it is
set so that chance alone gives at most about one alarm in a digest.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import sqrt
from random import Random

from rseaudit.ids import short_hash
from rseaudit.watch.reasons import Reason

WEEK = timedelta(days=7)
WEEKS = 8
NEW_FOR = 2  # weeks in which a term is still new
MIN_MENTIONS = 3
MIN_SOURCES = 2
FALSE_ALARMS = 1.0
# No term is called a trend below this, however few terms there are to choose from.
_FLOOR = 3.0
_ROUNDS = 200
# A feed counts once it is known for half of the weeks before: a younger one would bring its whole vocabulary as new.
_KNOWN_FOR = WEEK * (WEEKS // 2 + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A story that says a term. ``feeds`` are those of its independent entries that say it."""

    term: str
    written: str
    declared: bool
    in_title: bool
    feeds: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """A story as trends see it: its date, its terms, whether a watchlist wants it."""

    story: str
    at: datetime
    relevant: bool
    feeds: frozenset[str]
    mentions: tuple[Mention, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """A term that rises. ``history`` has nine weekly counts, oldest first; the last is ``count``.

    ``week`` is the ISO week in which most of its stories fall; ``stories`` are ids by date.
    """

    term: str
    week: str
    count: int
    expected: float
    z: float
    sources: int
    history: tuple[int, ...]
    stories: tuple[str, ...]
    declared: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WeakSignal:
    """A term first heard in the last two weeks, heard this week, and not in the eight before: a hint only.

    No significance is claimed. Two weeks, because what two sources say rarely falls into one.
    """

    term: str
    first: datetime
    stories: tuple[str, ...]
    sources: int
    declared: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """Trends by falling z, weak signals by rank. ``reason`` says why there can be none yet."""

    trends: tuple[Trend, ...] = ()
    weak_signals: tuple[WeakSignal, ...] = ()
    reason: Reason | None = None
    young_feeds: tuple[str, ...] = ()


def look(observations: Iterable[Observation], feeds_since: Mapping[str, datetime], *, now: datetime) -> Outlook:
    """Judge the seven days up to ``now``. ``feeds_since`` is the oldest entry known of each feed."""
    young = tuple(sorted(feed for feed, since in feeds_since.items() if now - since < _KNOWN_FOR))
    kept = [seen for item in observations if (seen := _without(item, frozenset(young))).feeds]
    heard: list[list[Observation]] = [[] for _ in range(WEEKS + NEW_FOR)]
    for item in sorted(kept, key=lambda o: (o.at, o.story)):
        age = (now - item.at) // WEEK
        if age < len(heard):
            heard[max(0, age)].append(item)
    weeks = heard[: WEEKS + 1]
    known = _known_weeks(weeks, list(feeds_since.values()), now)
    if known < WEEKS:
        reason = Reason(
            "Not enough history for trends yet: {weeks} of {wanted} weeks are known.", {"weeks": known, "wanted": WEEKS}
        )
        return Outlook(reason=reason, young_feeds=young)
    trends = _without_parts([*_trends(weeks, declared=True), *_trends(weeks, declared=False)])
    rising = {trend.term for trend in trends}
    weak = [signal for signal in _weak_signals(heard) if signal.term not in rising]
    return Outlook(trends=trends, weak_signals=tuple(weak), young_feeds=young)


def _without(item: Observation, feeds: frozenset[str]) -> Observation:
    if not item.feeds & feeds:
        return item
    mentions = (
        Mention(term=m.term, written=m.written, declared=m.declared, in_title=m.in_title, feeds=m.feeds - feeds)
        for m in item.mentions
    )
    return Observation(
        story=item.story,
        at=item.at,
        relevant=item.relevant,
        feeds=item.feeds - feeds,
        mentions=tuple(m for m in mentions if m.feeds),
    )


def _known_weeks(weeks: Sequence[Sequence[Observation]], since: Sequence[datetime], now: datetime) -> int:
    filled = sum(bool(week) for week in weeks[1:])
    if not since or filled < WEEKS // 2:
        return filled
    return min(WEEKS, max(0, (now - min(since)) // WEEK))


def _trends(weeks: Sequence[Sequence[Observation]], *, declared: bool) -> list[Trend]:
    """Return the rising terms of one family; each family has half of the allowed false alarms."""
    everything = [item for week in weeks for item in week]
    current = weeks[0]
    total: Counter[str] = Counter()
    for item in everything:
        total.update({m.term: len(m.feeds) for m in item.mentions if m.declared == declared})
    volume = sum(len(item.feeds) for item in everything)
    found = _alarms(current, total, volume, declared)
    if not found:
        return []
    limit = _threshold(everything, len(current), total, volume, declared)
    return [_trend(term, z, expected, weeks) for term, (z, expected) in sorted(found.items()) if z >= limit]


def _alarms(
    week: Sequence[Observation], total: Mapping[str, int], volume: int, declared: bool
) -> dict[str, tuple[float, float]]:
    """Return z and expectation of each term that could be a trend if these stories were the week."""
    here = sum(len(item.feeds) for item in week)
    if volume == here:
        return {}
    count: Counter[str] = Counter()
    feeds: dict[str, set[str]] = defaultdict(set)
    stories: Counter[str] = Counter()
    relevant: Counter[str] = Counter()
    titled: set[str] = set()
    for item in week:
        for mention in item.mentions:
            if mention.declared != declared or total[mention.term] < MIN_MENTIONS:
                continue
            count[mention.term] += len(mention.feeds)
            feeds[mention.term] |= mention.feeds
            stories[mention.term] += 1
            relevant[mention.term] += item.relevant
            if declared or mention.in_title:
                titled.add(mention.term)
    found: dict[str, tuple[float, float]] = {}
    for term in titled:
        x = count[term]
        if x < MIN_MENTIONS or len(feeds[term]) < MIN_SOURCES or 2 * relevant[term] < stories[term]:
            continue
        expected = (total[term] - x) / (volume - here) * here
        found[term] = ((x - expected) / sqrt(expected + 1), expected)
    return found


def _threshold(
    stories: Sequence[Observation], size: int, total: Mapping[str, int], volume: int, declared: bool
) -> float:
    """Return the z that chance passes about ``FALSE_ALARMS / 2`` times in one family.

    The deals depend on the stories only: the same entries give the same threshold.
    """
    chance = Random(short_hash("deal", *(item.story for item in stories)))  # noqa: S311 - no secret
    passed: list[float] = []
    for _ in range(_ROUNDS):
        dealt = chance.sample(stories, size)
        passed.extend(z for z, _ in _alarms(dealt, total, volume, declared).values())
    passed.sort(reverse=True)
    allowed = int(_ROUNDS * FALSE_ALARMS / 2)
    # Just above the first value that would be one alarm too many.
    return max(_FLOOR, passed[allowed] + 1e-9 if len(passed) > allowed else _FLOOR)


def _trend(term: str, z: float, expected: float, weeks: Sequence[Sequence[Observation]]) -> Trend:
    history = tuple(sum(len(m.feeds) for item in week for m in item.mentions if m.term == term) for week in weeks[::-1])
    said = [(item, m) for item in weeks[0] for m in item.mentions if m.term == term]
    calendar = Counter(_iso_week(item.at) for item, _ in said)
    return Trend(
        term=_spelling(m for _, m in said),
        week=max(calendar, key=lambda week: (calendar[week], week)),
        count=history[-1],
        expected=round(expected, 1),
        z=round(z, 1),
        sources=len({feed for _, m in said for feed in m.feeds}),
        history=history,
        stories=tuple(item.story for item, _ in said),
        declared=said[0][1].declared,
    )


def _iso_week(at: datetime) -> str:
    year, week, _ = at.astimezone(UTC).isocalendar()
    return f"{year}-W{week:02d}"


def _spelling(mentions: Iterable[Mention]) -> str:
    spellings = Counter(mention.written for mention in mentions)
    return min(spellings, key=lambda written: (-spellings[written], written))


def _without_parts(trends: Sequence[Trend]) -> tuple[Trend, ...]:
    """Drop a free term whose stories are nearly all told by a stronger or longer one; order by falling z."""
    ranked = sorted(trends, key=lambda t: (not t.declared, -t.z, -len(t.term), t.term))
    kept: list[Trend] = []
    for trend in ranked:
        own = set(trend.stories)
        if not any(not trend.declared and len(own & set(other.stories)) >= 0.8 * len(own) for other in kept):
            kept.append(trend)
    return tuple(sorted(kept, key=lambda t: (-t.z, -t.count, t.term)))


def _weak_signals(weeks: Sequence[Sequence[Observation]], limit: int = 10) -> list[WeakSignal]:
    heard = {m.term for week in weeks[NEW_FOR:] for item in week for m in item.mentions}
    current = {m.term for item in weeks[0] for m in item.mentions} - heard
    said: dict[str, list[tuple[Observation, Mention]]] = defaultdict(list)
    for item in (item for week in weeks[:NEW_FOR][::-1] for item in week):
        for mention in item.mentions:
            if mention.term in current:
                said[mention.term].append((item, mention))
    signals: list[WeakSignal] = []
    for mentions in said.values():
        feeds = {feed for _, mention in mentions for feed in mention.feeds}
        declared = mentions[0][1].declared
        titled = declared or any(mention.in_title for _, mention in mentions)
        if not (2 <= len(mentions) <= 3 and len(feeds) >= MIN_SOURCES and titled):
            continue
        if not any(item.relevant for item, _ in mentions):
            continue
        signals.append(
            WeakSignal(
                term=_spelling(mention for _, mention in mentions),
                first=min(item.at for item, _ in mentions),
                stories=tuple(item.story for item, _ in mentions),
                sources=len(feeds),
                declared=declared,
            )
        )
    ranked = sorted(signals, key=lambda s: (not s.declared, -s.sources, -len(s.stories), -len(s.term), s.term))
    kept: list[WeakSignal] = []
    for signal in ranked:
        if not any(not signal.declared and set(signal.stories) <= set(other.stories) for other in kept):
            kept.append(signal)
    return kept[:limit]
