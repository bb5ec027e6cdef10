"""Say what an entry lacks: topics and vendors of which something stands in it, but not all that they ask for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rseaudit.config.watchlist import Topic, Vendor, Watchlist
from rseaudit.watch.matching import VENDOR_CONTEXT, Seen, match_topic, match_vendor
from rseaudit.watch.reasons import Reason

_SHOWN = 5  # of the terms that are asked for


@dataclass(frozen=True, slots=True, kw_only=True)
class Miss:
    """A topic id or vendor name, and the condition that does not hold."""

    watchlist: str
    name: str
    reason: Reason


def misses(watchlists: Sequence[Watchlist], seen: Seen) -> tuple[Miss, ...]:
    """Return the near misses of one entry, in the order of the watchlists.

    A topic whose context is absent is no miss: ``Matches.unclear`` holds it.
    """
    found: list[Miss] = []
    for watchlist in watchlists:
        for topic in watchlist.topic:
            found += [
                Miss(watchlist=watchlist.id, name=topic.id, reason=reason) for reason in _topic(watchlist, topic, seen)
            ]
        for vendor in watchlist.vendor:
            found += [Miss(watchlist=watchlist.id, name=vendor.name, reason=reason) for reason in _vendor(vendor, seen)]
    return tuple(found)


def _topic(watchlist: Watchlist, topic: Topic, seen: Seen) -> Iterator[Reason]:
    near = topic.near.terms if topic.near else []
    # One word of several that must stand together says nothing by itself.
    together = near if all(seen.spans(term) for term in near) else []
    said = [phrase for phrase in (*topic.any, *topic.all, *together) if seen.spans(phrase)]
    if not said or match_topic(watchlist, topic, seen) is not None:
        return
    written = seen.hit(said[0], seen.spans(said[0])[0]).written
    names = {"term": written, "topic_fr": topic.label.fr, "topic_en": topic.label.en}
    if topic.lang and seen.reading.lang not in topic.lang:
        yield Reason(
            "topic “{topic_en}”: “{term}” stands in the text, but the topic is only looked for in: {wanted}",
            {**names, "wanted": ", ".join(topic.lang)},
        )
    elif topic.any and not any(seen.spans(phrase) for phrase in topic.any):
        yield Reason(
            "topic “{topic_en}”: “{term}” stands in the text, but none of: {wanted}",
            {**names, "wanted": _listed(topic.any)},
        )
    elif lacking := [phrase for phrase in topic.all if not seen.spans(phrase)]:
        yield Reason(
            "topic “{topic_en}”: “{term}” stands in the text, but not: {wanted}", {**names, "wanted": _listed(lacking)}
        )
    elif topic.near:
        yield Reason(
            "topic “{topic_en}”: “{term}” stands in the text, but not within {within} words: {wanted}",
            {**names, "within": topic.near.within, "wanted": _listed(near)},
        )


def _vendor(vendor: Vendor, seen: Seen) -> Iterator[Reason]:
    said = [name for name in (vendor.name, *vendor.aliases) if seen.spans(name)]
    if said and not match_vendor(vendor, seen):
        written = seen.hit(said[0], seen.spans(said[0])[0]).written
        yield Reason(
            "vendor {vendor}: “{term}” stands in the text, but nothing within {within} words shows that it is meant",
            {"vendor": vendor.name, "term": written, "within": VENDOR_CONTEXT},
        )


def _listed(phrases: Sequence[str]) -> str:
    more = ", …" if len(phrases) > _SHOWN else ""
    return ", ".join(f"“{phrase}”" for phrase in phrases[:_SHOWN]) + more
