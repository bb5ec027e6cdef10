"""Say which feeds are due, and turn what was fetched into new entries and a new state."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from rseaudit.config.settings import WatchSettings
from rseaudit.model import Entry, Feed, FeedState
from rseaudit.watch import identity, pages, schedule
from rseaudit.watch.parsed import ParsedFeed
from rseaudit.watch.reasons import Reason
from rseaudit.watch.workers import FeedBody, body_hash, parse_all


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchedFeed:
    """What came back for the feed ``url`` (its name, not the address it may have moved to).

    ``status`` is 0 when there was no answer; ``error`` then says why. ``permanent_redirect`` is the
    final address when *every* redirect on the way was a 301 or 308, else ``None``.
    """

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes | None = None
    error: str | None = None
    permanent_redirect: str | None = None
    kind: Literal["feed", "page"] = "feed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Absorbed:
    """The new state of one feed, its new entries in document order, and what went wrong, if anything did."""

    state: FeedState
    entries: tuple[Entry, ...] = ()
    problem: Reason | None = None


def plan(feeds: Sequence[Feed], states: Mapping[str, FeedState], now: datetime) -> tuple[FeedState, ...]:
    """Return the states of the feeds to be read now, by URL; a feed never seen gets its first state."""
    asked = {feed.url: states.get(feed.url) or FeedState(url=feed.url, name=feed.name) for feed in feeds}
    return tuple(asked[url] for url in sorted(asked) if schedule.is_due(asked[url], now))


def conditions(state: FeedState) -> dict[str, str]:
    """Return the request headers that let the server answer 304, with its validators verbatim."""
    asked = {"If-None-Match": state.etag, "If-Modified-Since": state.last_modified}
    return {name: value for name, value in asked.items() if value}


def collect(
    fetched: Sequence[FetchedFeed],
    feeds: Mapping[str, Feed],
    states: Mapping[str, FeedState],
    known: Mapping[str, Collection[str]],
    *,
    now: datetime,
    settings: WatchSettings,
    workers: int = 1,
) -> tuple[Absorbed, ...]:
    """Parse all bodies in worker processes and absorb each answer, in the given order.

    ``known`` holds the ids of the stored entries of each feed.
    """
    before = [states.get(item.url) or FeedState(url=item.url, name=feeds[item.url].name) for item in fetched]
    readable = [index for index, item in enumerate(fetched) if item.status == 200 and item.body is not None]
    bodies = [
        FeedBody(
            url=fetched[index].permanent_redirect or before[index].address or fetched[index].url,
            body=fetched[index].body or b"",
            kind=fetched[index].kind,
            content_type=schedule.lowered(fetched[index].headers).get("content-type"),
            known_hash=before[index].body_hash,
        )
        for index in readable
    ]
    parsed = dict(zip(readable, parse_all(bodies, max_entries=settings.max_entries, workers=workers), strict=True))
    return tuple(
        absorb(
            state,
            item,
            parsed.get(index),
            feed=feeds[item.url],
            known=known.get(item.url, ()),
            now=now,
            settings=settings,
        )
        for index, (item, state) in enumerate(zip(fetched, before, strict=True))
    )


def absorb(
    state: FeedState,
    fetched: FetchedFeed,
    parsed: ParsedFeed | None,
    *,
    feed: Feed,
    known: Collection[str],
    now: datetime,
    settings: WatchSettings,
) -> Absorbed:
    """Return what one answer changes. ``parsed`` is its body as read by ``workers``, if it had one."""
    headers = schedule.lowered(fetched.headers)
    if fetched.status == 410:
        gone = Reason("The feed is gone for good (410): it is no longer read.")
        return Absorbed(state=_told(replace(state, state="retired", next_check=None), gone), problem=gone)
    if problem := failure(fetched, parsed):
        errors = state.errors + 1
        failed = _told(replace(state, errors=errors, moved_to=None, moved_times=0), problem)
        due = _next(now, settings, headers, errors=errors)
        mark = "suspect" if schedule.is_suspect(failed, now) else state.state
        return Absorbed(state=replace(failed, next_check=due, state=mark), problem=problem)
    ttl = parsed.ttl_minutes if parsed else None
    good = replace(
        schedule.moved(state, fetched.permanent_redirect),
        state="active",
        errors=0,
        last_ok=now,
        first_fetch=state.first_fetch or now,
        next_check=_next(now, settings, headers, ttl=ttl),
        last_problem=None,
        numbers={},
    )
    if fetched.status == 304:
        # A 304 may carry newer validators (RFC 9111 §3.2); those it does not carry stay.
        etag, date = headers.get("etag") or state.etag, headers.get("last-modified") or state.last_modified
        return Absorbed(state=replace(good, etag=etag, last_modified=date))
    good = replace(good, etag=headers.get("etag"), last_modified=headers.get("last-modified"))
    if parsed is None or parsed.unchanged:
        return Absorbed(state=good)
    good = replace(good, body_hash=body_hash(fetched.body or b""))
    if parsed.note:
        good = _told(good, parsed.note)
    named = replace(feed, lang=feed.lang or parsed.lang)
    items = parsed.entries
    if fetched.kind == "page":
        items, seen = pages.added(parsed.entries[0], state.seen, first=state.first_fetch is None)
        good = replace(good, seen=seen)
    found = identity.entries(
        items,
        named,
        now=now,
        first_fetch=state.first_fetch is None,
        period=timedelta(days=settings.period_days),
    )
    return Absorbed(state=good, entries=tuple(entry for entry in found if entry.id not in known))


def failure(fetched: FetchedFeed, parsed: ParsedFeed | None) -> Reason | None:
    """Say why an answer brings nothing, ``None`` when it does. ``parsed`` is its body, if it had one."""
    if fetched.error:
        return Reason("The feed could not be reached ({cause}).", {"cause": fetched.error})
    if fetched.status == 304:
        return None
    if fetched.status == 404:
        return Reason("The feed is not found (404).")
    if fetched.status in (429, 503):
        return Reason("The server asks us to wait ({status}).", {"status": fetched.status})
    if fetched.status != 200:
        return Reason("The server answers {status}.", {"status": fetched.status})
    if parsed is None:
        return Reason("The answer is empty.")
    return parsed.problem


def _told(state: FeedState, reason: Reason) -> FeedState:
    return replace(state, last_problem=reason.text, numbers=dict(reason.params))


def _next(
    now: datetime, settings: WatchSettings, headers: Mapping[str, str], *, ttl: int | None = None, errors: int = 0
) -> datetime:
    interval = timedelta(minutes=settings.interval_minutes)
    return schedule.next_check(now, interval=interval, ttl_minutes=ttl, headers=headers, errors=errors)
