"""Score an entry from 0 to 100 against the watchlists, each part with its reason.

``relevance = 100 × (1 − e^(−points / 8)) × (1 + trust) / 2`` where the points of a phrase are the
weight of its topic times 3 (title), 2 (lead) or 1 (body): one phrase of weight 1 in a title gives 31,
of weight 5 gives 85, and no pile of phrases passes 100. ``score`` is the relevance halved every 7 days of age.
The threshold is compared with the relevance: in a weekly digest, age orders but does not exclude.
What the team marked moves the relevance of what a watchlist wants by at most 15 points: see ``feedback``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import exp

from rseaudit.model import Entry, Feed
from rseaudit.watch.feedback import NO_OPINION, Opinion
from rseaudit.watch.matching import Field, Hit, Matches, TopicMatch
from rseaudit.watch.reasons import Reason

FACTORS: dict[Field, int] = {"title": 3, "lead": 2, "body": 1}
_SATURATION = 8.0
_HALF_LIFE_DAYS = 7.0
_DAY = 86_400.0
_TOPIC_TEXT: dict[Field, str] = {
    "title": "“{term}” in the title, topic “{topic_en}”: weight {weight} × 3",
    "lead": "“{term}” at the beginning of the text, topic “{topic_en}”: weight {weight} × 2",
    "body": "“{term}” in the text, topic “{topic_en}”: weight {weight} × 1",
}
_VENDOR_TEXT: dict[Field, str] = {
    "title": "“{term}” in the title, vendor {vendor}: weight {weight} × 3",
    "lead": "“{term}” at the beginning of the text, vendor {vendor}: weight {weight} × 2",
    "body": "“{term}” in the text, vendor {vendor}: weight {weight} × 1",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Relevance:
    """``relevance`` and ``score`` in 0–100; ``watchlists`` in code-point order.

    An entry that several watchlists want has the score of the one that wants it most. A vetoed
    entry has score 0, no watchlist, and a reason that names the veto.
    """

    relevance: int
    score: int
    watchlists: tuple[str, ...]
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """What one phrase brings to the sum of its watchlist, and where it stands."""

    watchlist: str
    hit: Hit
    points: int
    reason: Reason


def points(matches: Matches) -> tuple[Point, ...]:
    """Return the phrases that count, topics first, in the order of the watchlists."""
    found: list[Point] = []
    for match in matches.topics:
        weight, label = match.topic.weight, match.topic.label
        for hit in match.hits:
            reason = Reason(
                _TOPIC_TEXT[hit.field],
                {"term": hit.written, "weight": weight, "topic_fr": label.fr, "topic_en": label.en},
            )
            found.append(_point(match.watchlist, hit, weight, reason))
    for vendor_match in matches.vendors:
        weight, name = vendor_match.vendor.weight, vendor_match.vendor.name
        for hit in _one_a_field(vendor_match.hits):
            reason = Reason(_VENDOR_TEXT[hit.field], {"term": hit.written, "weight": weight, "vendor": name})
            found.append(_point(vendor_match.watchlist, hit, weight, reason))
    return tuple(found)


def _point(watchlist: str, hit: Hit, weight: int, reason: Reason) -> Point:
    return Point(watchlist=watchlist, hit=hit, points=weight * FACTORS[hit.field], reason=reason)


def sums(found: Sequence[Point]) -> dict[str, int]:
    """Return the sum of points of each watchlist that has any."""
    total: dict[str, int] = {}
    for point in found:
        total[point.watchlist] = total.get(point.watchlist, 0) + point.points
    return total


def saturated(points: int) -> float:
    """Return what a sum of points is worth, from 0 to 100, before trust and marks."""
    return 100 * (1 - exp(-points / _SATURATION))


def score(entry: Entry, feed: Feed, matches: Matches, *, now: datetime, opinion: Opinion = NO_OPINION) -> Relevance:
    """Weigh what the watchlists see in one entry, at the instant ``now``."""
    found = points(matches)
    reasons = [*(point.reason for point in found), *_set_aside(matches), *_verdict(opinion)]
    if not found:
        return Relevance(relevance=0, score=0, watchlists=(), reasons=tuple(reasons))
    trust = (1 + feed.trust) / 2
    exact = saturated(max(sums(found).values())) * trust
    exact = min(100.0, max(0.0, exact + opinion.points))
    age = max(0.0, (now - entry.published).total_seconds() / _DAY)
    freshness = 0.5 ** (age / _HALF_LIFE_DAYS)
    if feed.trust < 1:
        reasons.append(
            Reason("trust in the source “{feed}”: × {factor}", {"feed": feed.name, "factor": round(trust, 2)})
        )
    if opinion.points:
        signed = f"{opinion.points:+d}".replace("-", "−")
        reasons.append(
            Reason(
                "closeness to the {marks} contents marked pertinent: {points} points",
                {"marks": opinion.marks, "points": signed},
            )
        )
    if round(age):
        reasons.append(Reason("age in days: {days}, × {factor}", {"days": round(age), "factor": round(freshness, 2)}))
    return Relevance(
        relevance=round(exact),
        score=round(exact * freshness),
        watchlists=matches.watchlists(),
        reasons=tuple(reasons),
    )


def _verdict(opinion: Opinion) -> tuple[Reason, ...]:
    if opinion.verdict == "no":
        return (Reason("marked as not pertinent: left out of the digest"),)
    if opinion.verdict == "weak-signal":
        return (Reason("marked as a weak signal"),)
    return (Reason("marked as pertinent"),) if opinion.verdict == "pertinent" else ()


def _one_a_field(hits: tuple[Hit, ...]) -> tuple[Hit, ...]:
    # Aliases are other names of one thing: two of them in a title say it once.
    best: dict[Field, Hit] = {}
    for hit in hits:
        best.setdefault(hit.field, hit)
    return tuple(best.values())


def _set_aside(matches: Matches) -> list[Reason]:
    return [
        *(vetoed(match, match.vetoes[0]) for match in matches.vetoed),
        *(unclear(match, match.hits[0]) for match in matches.unclear),
    ]


def vetoed(match: TopicMatch, hit: Hit) -> Reason:
    """Say which term sets a topic aside."""
    return Reason(
        "topic “{topic_en}” set aside: “{term}” stands in the text",
        {"term": hit.written, "topic_fr": match.topic.label.fr, "topic_en": match.topic.label.en},
    )


def unclear(match: TopicMatch, hit: Hit) -> Reason:
    """Say of which term nothing shows that it means the topic."""
    return Reason(
        "topic “{topic_en}” set aside: nothing in the text shows that “{term}” means it",
        {"term": hit.written, "topic_fr": match.topic.label.fr, "topic_en": match.topic.label.en},
    )
