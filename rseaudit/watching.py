"""Run the watch on a store: fetch what is due, keep the entries, judge them all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from rseaudit.config import watchlist as watchlist_files
from rseaudit.config.watchlist import Watchlist
from rseaudit.crawl.fetch import Fetched, Wanted, fetch_all
from rseaudit.errors import UsageError
from rseaudit.model import Entry, Feed, FeedState, Run
from rseaudit.store import feeds as feed_store
from rseaudit.store import marks as mark_store
from rseaudit.store import results, runs
from rseaudit.store.database import Store
from rseaudit.watch import explanation, feedback, reading, stories
from rseaudit.watch.digest import Digest
from rseaudit.watch.explanation import Explanation
from rseaudit.watch.feedback import Opinion
from rseaudit.watch.identity import canonical_url
from rseaudit.watch.job import HISTORY, WatchResult, update
from rseaudit.watch.reading import FetchedFeed
from rseaudit.watch.reasons import Reason
from rseaudit.watch.sources import Watched, watched

if TYPE_CHECKING:
    from rseaudit.config.settings import Settings, SourceSettings


Readable = Literal["feed", "page"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Watching:
    """What one run brought; ``problems`` are (feed name, reason), in order of address.

    ``unread`` names the sources of a kind that is not read yet (sitemaps).
    """

    run: Run
    result: WatchResult
    new_entries: int
    problems: tuple[tuple[str, Reason], ...]
    unread: tuple[str, ...] = ()


def due(store: Store, settings: Settings, *, now: datetime) -> tuple[str, ...]:
    """Return the addresses that a run would fetch now."""
    places = _readable(sources(settings))
    with store.read() as connection:
        states = feed_store.states(connection, FeedState)
    planned = reading.plan([place.feed for place in places.values()], states, now)
    return tuple(state.address or state.url for state in planned)


def run_watch(store: Store, settings: Settings, *, now: datetime) -> Watching:
    """Fetch the due feeds and pages and judge all entries. The caller holds the lock of ``watch``."""
    everything = sources(settings)
    unread = tuple(place.feed.name for place in everything if place.kind == "sitemap")
    places = _readable(everything)
    by_url = {url: place.feed for url, place in places.items()}
    with store.write() as connection:
        run = runs.start(connection, "watch", now, {"feeds": len(places)})
        states = feed_store.states(connection, FeedState)
        known: dict[str, set[str]] = {}
        for entry in feed_store.entries(connection):
            known.setdefault(entry.feed, set()).add(entry.id)
    planned = reading.plan(tuple(by_url.values()), states, now)
    fetched = _fetch(planned, places, settings)
    absorbed = reading.collect(fetched, by_url, states, known, now=now, settings=settings.watch)
    with store.write() as connection:
        feed_store.save_states(connection, [(item.state.url, item.state) for item in absorbed], FeedState)
        feed_store.save_entries(connection, [entry for item in absorbed for entry in item.entries])
    notes = [Reason("Sources that are not read yet, because they are sitemaps: {count}.", {"count": len(unread)})]
    result = judge(store, settings, now=now, notes=notes if unread else [])
    problems = [
        (by_url[item.state.url].name, item.problem)
        for item in sorted(absorbed, key=lambda item: item.state.url)
        if item.problem is not None
    ]
    with store.write() as connection:
        results.save(connection, "watch", run.id, {"digest": (Digest, [result.digest])})
        run = runs.finish(
            connection,
            run,
            "incomplete" if problems else "complete",
            asked=len(places),
            done=len(absorbed) - len(problems),
            failed=len(problems),
            skipped=len(places) - len(absorbed),
        )
    return Watching(
        run=run,
        result=result,
        new_entries=sum(len(item.entries) for item in absorbed),
        problems=tuple(problems),
        unread=unread,
    )


def judge(store: Store, settings: Settings, *, now: datetime, notes: list[Reason] | None = None) -> WatchResult:
    """Judge all stored entries with the team's marks, as of ``now``. No network."""
    feeds = _readable(sources(settings))
    with store.read() as connection:
        states = feed_store.states(connection, FeedState)
        everything = feed_store.entries(connection)
        marks = mark_store.load(connection)
    entries = [entry for entry in everything if entry.published >= now - HISTORY]
    older = [entry for entry, _ in feedback.marked(marks, everything) if entry.published < now - HISTORY]
    return update(
        entries,
        [place.feed for place in feeds.values()],
        _watchlists(settings),
        now=now,
        settings=settings.watch,
        states=[states[url] for url in sorted(feeds) if url in states],
        marks=marks,
        older=older,
        notes=notes or (),
    )


def why(store: Store, settings: Settings, name: str, *, now: datetime) -> tuple[Explanation, ...]:
    """Explain each entry that ``name`` means: its id, its address, or its story. Empty when there is none.

    An entry of more than eleven weeks ago is judged by itself: no story follows it any longer.
    """
    with store.read() as connection:
        everything = feed_store.entries(connection)
        marks = mark_store.load(connection)
    result = judge(store, settings, now=now)
    watchlists, threshold = _watchlists(settings), settings.watch.threshold
    groups = {group.story.id: group for group in result.groups}
    judged = {(item.entry.feed, item.entry.id): item for item in result.entries}
    feeds = {place.feed.url: place.feed for place in sources(settings)}
    verdicts = feedback.verdicts(marks, {(e.feed, e.id): stories.story_id(e) for e in everything})
    found: list[Explanation] = []
    for entry in groups[name].entries if name in groups else meant(everything, name):
        key, feed = (entry.feed, entry.id), feeds.get(entry.feed) or Feed(url=entry.feed, name=entry.feed)
        if key in judged:
            story = groups[judged[key].story].story
            found.append(
                explanation.explain(judged[key], feed=feed, story=story, watchlists=watchlists, threshold=threshold)
            )
        else:
            opinion = Opinion(verdict=verdicts.get(key))
            found.append(
                explanation.explain_alone(entry, feed, watchlists, now=now, threshold=threshold, opinion=opinion)
            )
    return tuple(found)


def meant(entries: tuple[Entry, ...], name: str) -> tuple[Entry, ...]:
    """Return the entries with this id or address, else the one that the story of this id begins with."""
    address = canonical_url(name)
    found = tuple(e for e in entries if e.id == name or (e.url and canonical_url(e.url) == address))
    return found or tuple(entry for entry in entries if stories.story_id(entry) == name)


def targets(entries: tuple[Entry, ...], name: str) -> tuple[tuple[str, str], ...]:
    """Return what a mark on ``name`` stands on: (feed, id) of entries, or ("", id) of a story.

    One article in several feeds is marked in all of them. Raises ``UsageError`` when nothing is called so, or when
    several feeds use the id for different things.
    """
    found = meant(entries, name)
    if not found:
        raise UsageError(
            f"no entry or story is called {name!r}",
            expected="an id or address from `rseaudit watch --json`, or the id of a story",
        )
    if len(found) == 1 and stories.story_id(found[0]) == name:
        return (("", name),)
    addresses = sorted({canonical_url(entry.url) if entry.url else entry.feed for entry in found})
    if len(addresses) > 1:
        raise UsageError(f"several entries are called {name!r}", expected=f"the address of one: {', '.join(addresses)}")
    return tuple((entry.feed, entry.id) for entry in found)


def load_digest(store: Store) -> Digest | None:
    """Return the digest of the last run of the watch, ``None`` when it has never run."""
    with store.read() as connection:
        found = results.load(connection, "watch", "digest", Digest)
    return found[0] if found else None


def reads_watchlist_sources(settings: Settings) -> bool:
    """Tell whether the places that watchlists bring along are read: unless said, when no own one is declared."""
    own = any(source.role == "watched" for source in settings.source)
    return settings.watch.watchlist_sources if settings.watch.watchlist_sources is not None else not own


def sources(settings: Settings) -> tuple[Watched, ...]:
    """Return all that is watched, by address."""
    brought = _watchlists(settings) if reads_watchlist_sources(settings) else ()
    return watched(brought, settings.source)


def _watchlists(settings: Settings) -> tuple[Watchlist, ...]:
    return tuple(watchlist_files.load(name, base=settings.base) for name in settings.watch.watchlists)


def _readable(places: tuple[Watched, ...]) -> dict[str, Watched]:
    return {place.feed.url: place for place in places if place.kind != "sitemap"}


def _fetch(
    planned: tuple[FeedState, ...], places: Mapping[str, Watched], settings: Settings
) -> tuple[FetchedFeed, ...]:
    declared: Mapping[str, SourceSettings] = {source.url: source for source in settings.source}
    wanted = []
    for state in planned:
        source = declared.get(state.url)
        wanted.append(
            Wanted(
                key=state.url,
                url=state.address or state.url,
                headers=reading.conditions(state),
                platform=_platform(places[state.url]),
                proxy=source.proxy if source else None,
                ca_file=source.ca_file if source else None,
                obey_robots=source is None or source.robots_override is None,
            )
        )
    return tuple(_as_feed(item, _platform(places[item.key])) for item in fetch_all(wanted, settings))


def _platform(place: Watched) -> Readable:
    return "page" if place.kind == "page" else "feed"


def _as_feed(item: Fetched, kind: Readable) -> FetchedFeed:
    return FetchedFeed(
        url=item.key,
        status=item.status,
        headers=item.headers,
        body=item.body,
        error=item.error,
        permanent_redirect=item.moved_to,
        kind=kind,
    )
