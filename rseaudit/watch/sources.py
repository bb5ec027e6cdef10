"""List what is watched: the sources of the watchlists and those that the configuration declares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rseaudit.config.settings import SourceSettings
from rseaudit.config.watchlist import Watchlist
from rseaudit.model import Feed

Kind = Literal["feed", "page", "sitemap"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """One place with the way to read it. ``feed.url`` names it."""

    feed: Feed
    kind: Kind


def watched(watchlists: Sequence[Watchlist], sources: Sequence[SourceSettings]) -> tuple[Watched, ...]:
    """Return each address once, by URL; the configuration has precedence over a watchlist, and so on in order."""
    found: dict[str, Watched] = {}
    for source in sources:
        if source.role != "watched":
            continue
        lang = source.languages[0] if source.languages else None
        feed = Feed(url=source.url, name=source.name, lang=lang, trust=source.trust)
        found.setdefault(source.url, Watched(feed=feed, kind="feed" if source.platform == "feed" else "page"))
    for watchlist in watchlists:
        for brought in watchlist.source:
            feed = Feed(url=brought.url, name=brought.name, lang=brought.lang, trust=brought.trust)
            found.setdefault(brought.url, Watched(feed=feed, kind=brought.kind))
    return tuple(found[url] for url in sorted(found))
