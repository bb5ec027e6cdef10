"""Try a watchlist on known entries: what each topic finds, what vetoes it, which terms are idle or too common."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from rseaudit.config.watchlist import Label, Topic, Watchlist
from rseaudit.i18n import Translator
from rseaudit.model import Entry
from rseaudit.watch.matching import Matcher

_EXAMPLES = 3
_COMMON_SHARE = 3  # a term in more than one entry in this many tells nothing from another


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What a topic or vendor finds. ``examples`` are the newest, ``vetoes`` the terms with how many entries each stops.

    ``unclear`` counts the entries in which a term stands, but not the context that makes it clear. ``idle`` are the
    terms that never occur, in the order of the file: only those that look for something, for a veto or a context that
    never occurs does no harm.
    """

    name: str
    label: Label
    count: int
    examples: tuple[Entry, ...]
    vetoed: int
    vetoes: tuple[tuple[str, int], ...]
    unclear: int
    idle: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A watchlist against ``entries`` entries, ``matched`` of which it wants.

    ``common`` are terms of any kind that occur in more than a third of the entries, the commonest first.
    """

    watchlist: str
    entries: int
    matched: int
    topics: tuple[Tried, ...]
    vendors: tuple[Tried, ...]
    common: tuple[tuple[str, int], ...]


def try_out(watchlist: Watchlist, entries: Sequence[Entry]) -> Trial:
    """Match every entry; the result does not depend on their order."""
    matcher = Matcher([watchlist])
    ordered = sorted(entries, key=lambda e: (-e.published.timestamp(), e.feed, e.id))
    occurs: Counter[str] = Counter()
    found: dict[str, list[Entry]] = {}
    vetoes: dict[str, Counter[str]] = {}
    vetoed: Counter[str] = Counter()
    unclear: Counter[str] = Counter()
    matched = 0
    for entry in ordered:
        seen = matcher.see(entry)
        occurs.update(seen.phrases())
        matches = matcher.judge(seen)
        matched += bool(matches.counted())
        for match in matches.topics:
            found.setdefault(match.topic.id, []).append(entry)
        for vendor in matches.vendors:
            found.setdefault(f"vendor {vendor.vendor.name}", []).append(entry)
        for match in matches.vetoed:
            vetoed[match.topic.id] += 1
            vetoes.setdefault(match.topic.id, Counter()).update({hit.phrase for hit in match.vetoes})
        unclear.update(match.topic.id for match in matches.unclear)
    topics = [_Row(topic.id, topic.id, topic.label, _main_terms(topic)) for topic in watchlist.topic]
    vendors = [
        _Row(f"vendor {v.name}", v.name, Label(fr=v.name, en=v.name), (v.name, *v.aliases)) for v in watchlist.vendor
    ]

    def tried(row: _Row) -> Tried:
        mine = found.get(row.key, [])
        return Tried(
            name=row.name,
            label=row.label,
            count=len(mine),
            examples=tuple(mine[:_EXAMPLES]),
            vetoed=vetoed[row.key],
            vetoes=tuple(_ranked(vetoes.get(row.key, Counter()))),
            unclear=unclear[row.key],
            idle=tuple(term for term in dict.fromkeys(row.terms) if not occurs[term]),
        )

    return Trial(
        watchlist=watchlist.id,
        entries=len(ordered),
        matched=matched,
        topics=tuple(map(tried, topics)),
        vendors=tuple(map(tried, vendors)),
        common=tuple((term, n) for term, n in _ranked(occurs) if n * _COMMON_SHARE > len(ordered)),
    )


@dataclass(frozen=True, slots=True)
class _Row:
    key: str
    name: str
    label: Label
    terms: tuple[str, ...]


def _ranked(counts: Counter[str]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def _main_terms(topic: Topic) -> tuple[str, ...]:
    return (*topic.any, *topic.all, *(topic.near.terms if topic.near else ()))


def to_json(trial: Trial, run: str | None, speaker: Translator) -> dict[str, object]:
    """Return the data of ``watch test --json``; labels are in the language of ``speaker``."""

    def rows(items: Sequence[Tried]) -> list[dict[str, object]]:
        return [
            {
                "name": item.name,
                "label": item.label.fr if speaker.lang == "fr" else item.label.en,
                "entries": item.count,
                "examples": [
                    {"id": entry.id, "feed": entry.feed, "url": entry.url, "title": entry.title}
                    for entry in item.examples
                ],
                "vetoed": item.vetoed,
                "vetoes": dict(item.vetoes),
                "unclear": item.unclear,
                "never": list(item.idle),
            }
            for item in items
        ]

    return {
        "schema": 1,
        "run": run,
        "watchlist": trial.watchlist,
        "entries": trial.entries,
        "matched": trial.matched,
        "topics": rows(trial.topics),
        "vendors": rows(trial.vendors),
        "common": dict(trial.common),
    }
