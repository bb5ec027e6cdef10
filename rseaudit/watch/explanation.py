"""Say of one entry why it has its score, or what keeps it out of the digest: the data of ``watch why``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from rseaudit.config.watchlist import Watchlist
from rseaudit.i18n import Translator
from rseaudit.model import Entry, Feed, Story
from rseaudit.watch import relevance
from rseaudit.watch.digest import Judged
from rseaudit.watch.editing import Fate, fate
from rseaudit.watch.feedback import NO_OPINION, Opinion
from rseaudit.watch.matching import Hit, Matcher, text_of
from rseaudit.watch.misses import Miss, misses
from rseaudit.watch.reasons import Reason

_AROUND = 60  # code points on each side of a term


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """A term as it stands in its text, on one line; ``before`` and ``after`` are cut with "…"."""

    before: str
    term: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """One phrase of a watchlist in the entry. ``points`` are 0 for what does not count (a veto, an unclear topic)."""

    kind: Literal["counted", "veto", "unclear"]
    watchlist: str
    phrase: str
    field: str
    points: int
    reason: Reason
    context: Context


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Everything that decided about one entry. ``sums`` are the points of each watchlist before trust and marks.

    ``outcome`` is its place in a digest that shows it as new; ``story`` is ``None`` for an entry that stories no
    longer follow. ``feed`` says how much the source is trusted.
    """

    judged: Judged
    outcome: Fate
    threshold: int
    feed: Feed
    story: Story | None
    sums: Mapping[str, int]
    proofs: tuple[Proof, ...]
    misses: tuple[Miss, ...]


def explain(
    judged: Judged, *, feed: Feed, story: Story | None, watchlists: Sequence[Watchlist], threshold: int
) -> Explanation:
    """Explain one judged entry; the watchlists are those it was judged by."""
    points = relevance.points(judged.matches)
    matcher = Matcher(watchlists)
    return Explanation(
        judged=judged,
        outcome=fate(judged, threshold),
        threshold=threshold,
        feed=feed,
        story=story,
        sums=relevance.sums(points),
        proofs=_proofs(judged, points),
        misses=misses(watchlists, matcher.see(judged.entry)),
    )


def explain_alone(
    entry: Entry,
    feed: Feed,
    watchlists: Sequence[Watchlist],
    *,
    now: datetime,
    threshold: int,
    opinion: Opinion = NO_OPINION,
) -> Explanation:
    """Judge and explain an entry by itself: an old one, or a text that stands in no feed."""
    matches = Matcher(watchlists).match(entry)
    judged = Judged(
        entry=entry,
        matches=matches,
        relevance=relevance.score(entry, feed, matches, now=now, opinion=opinion),
        story="",
        opinion=opinion,
    )
    return explain(judged, feed=feed, story=None, watchlists=watchlists, threshold=threshold)


def _proofs(judged: Judged, points: Sequence[relevance.Point]) -> tuple[Proof, ...]:
    text = text_of(judged.entry)
    found = [
        Proof(
            kind="counted",
            watchlist=point.watchlist,
            phrase=point.hit.phrase,
            field=point.hit.field,
            points=point.points,
            reason=point.reason,
            context=context(text, point.hit),
        )
        for point in points
    ]
    for match in judged.matches.vetoed:
        for hit in match.vetoes:
            reason = relevance.vetoed(match, hit)
            found.append(_silent("veto", match.watchlist, hit, reason, text))
    for match in judged.matches.unclear:
        for hit in match.hits:
            found.append(_silent("unclear", match.watchlist, hit, relevance.unclear(match, hit), text))
    return tuple(found)


def _silent(kind: Literal["veto", "unclear"], watchlist: str, hit: Hit, reason: Reason, text: str) -> Proof:
    return Proof(
        kind=kind,
        watchlist=watchlist,
        phrase=hit.phrase,
        field=hit.field,
        points=0,
        reason=reason,
        context=context(text, hit),
    )


def context(text: str, hit: Hit) -> Context:
    """Cut out what stands around a term, from ``text_of`` its entry; words are not cut."""
    end = hit.start + len(hit.written)
    start_of_field, end_of_field = text.rfind("\n\n", 0, hit.start), text.find("\n\n", end)
    first = max(0, start_of_field + 2 if start_of_field >= 0 else 0)
    last = end_of_field if end_of_field >= 0 else len(text)
    before, after = text[first : hit.start], text[end:last]
    if len(before) > _AROUND:
        before = "…" + before[-_AROUND:].partition(" ")[2]
    if len(after) > _AROUND:
        after = after[:_AROUND].rpartition(" ")[0] + "…"
    return Context(before=before, term=hit.written, after=after)


def says(explanation: Explanation) -> Reason:
    """Return the sentence that tells the outcome."""
    item, threshold = explanation.judged, explanation.threshold
    numbers = {"relevance": item.relevance.relevance, "threshold": threshold}
    match explanation.outcome:
        case "kept":
            return Reason("Kept: relevance {relevance} of 100, threshold {threshold}.", numbers)
        case "below":
            return Reason("Left out: relevance {relevance} of 100, under the threshold {threshold}.", numbers)
        case "vetoed":
            return Reason("Left out: every topic that it names is vetoed.")
        case "unmatched":
            return Reason("Left out: no watchlist finds what it looks for.")
        case "dismissed":
            return Reason("Left out: marked as not pertinent.")
        case "backlog":
            return Reason("Not shown as new: it was already in the feed, and old, when the feed was first read.")


def to_json(explanations: Sequence[Explanation], run: str | None, speaker: Translator) -> dict[str, object]:
    """Return the data of ``watch why --json``; sentences are in the language of ``speaker``."""
    return {"schema": 1, "run": run, "entries": [_as_json(item, speaker) for item in explanations]}


def _as_json(item: Explanation, speaker: Translator) -> dict[str, object]:
    entry, found = item.judged.entry, item.judged.relevance
    return {
        "id": entry.id,
        "feed": {"url": item.feed.url, "name": item.feed.name, "trust": item.feed.trust},
        "url": entry.url,
        "title": entry.title,
        "published": entry.published.isoformat(),
        "first_seen": entry.first_seen.isoformat(),
        "outcome": item.outcome,
        "says": says(item).say(speaker),
        "score": found.score,
        "relevance": found.relevance,
        "threshold": item.threshold,
        "watchlists": list(found.watchlists),
        "sums": dict(item.sums),
        "reasons": [reason.say(speaker) for reason in found.reasons],
        "terms": [
            {
                "kind": proof.kind,
                "watchlist": proof.watchlist,
                "phrase": proof.phrase,
                "field": proof.field,
                "points": proof.points,
                "reason": proof.reason.say(speaker),
                "context": [proof.context.before, proof.context.term, proof.context.after],
            }
            for proof in item.proofs
        ],
        "missing": [miss.reason.say(speaker) for miss in item.misses],
        "mark": item.judged.opinion.verdict,
        "mark_points": item.judged.opinion.points,
        "story": {
            "id": item.story.id,
            "lead": item.story.lead,
            "entries": list(item.story.entries),
            "sources": item.story.sources,
        }
        if item.story
        else None,
    }
