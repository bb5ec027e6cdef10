"""Decide when a feed is read again, from what its server and its document ask for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from rseaudit.model import FeedState

# No feed is left alone longer than this, whatever it asks for.
LONGEST = timedelta(days=31)
_LONGEST_BACKOFF = timedelta(days=1)
_SUSPECT_ERRORS = 3
_SUSPECT_AFTER = timedelta(days=7)
_PERMANENT_TIMES = 2


def lowered(headers: Mapping[str, str]) -> dict[str, str]:
    """Return the headers with lower-case names, as the functions here expect them."""
    return {name.lower(): value.strip() for name, value in headers.items()}


def is_due(state: FeedState, now: datetime) -> bool:
    """Tell whether the feed may be read now; a retired feed never is."""
    return state.state != "retired" and (state.next_check is None or state.next_check <= now)


def next_check(
    now: datetime, *, interval: timedelta, ttl_minutes: int | None, headers: Mapping[str, str], errors: int
) -> datetime:
    """Return the earliest instant of the next reading: the longest of all the pauses asked for.

    These are our ``interval`` (doubled with each error in a row, up to a day), the document's
    ``ttl_minutes``, ``Cache-Control: max-age`` or else ``Expires`` (both void under ``no-cache``) and
    ``Retry-After``; never more than ``LONGEST``. ``headers`` have lower-case names.
    """
    backoff = min(interval * 2 ** min(errors, 12), max(interval, _LONGEST_BACKOFF)) if errors else interval
    pauses = [
        backoff,
        timedelta(minutes=min(ttl_minutes or 0, 10**6)),
        _freshness(headers, now),
        retry_after(headers, now),
    ]
    return now + min(max(pauses), LONGEST)


def _freshness(headers: Mapping[str, str], now: datetime) -> timedelta:
    control = [part.strip().lower() for part in headers.get("cache-control", "").split(",")]
    if "no-cache" in control or "no-store" in control:
        return timedelta()
    for part in control:
        name, _, value = part.partition("=")
        if name.strip() == "max-age":
            return _seconds(value.strip().strip('"'))
    expires = _date(headers.get("expires", ""))
    if expires is None:
        return timedelta()
    # Expires is relative to the server's clock, which may differ from ours (RFC 9111 §4.2.1).
    return max(timedelta(), expires - (_date(headers.get("date", "")) or now))


def retry_after(headers: Mapping[str, str], now: datetime) -> timedelta:
    """Return the pause that ``Retry-After`` asks for, given in seconds or as a date; zero without one."""
    value = headers.get("retry-after", "")
    if (pause := _seconds(value)) or (date := _date(value)) is None:
        return pause
    return max(timedelta(), date - (_date(headers.get("date", "")) or now))


def _seconds(value: str) -> timedelta:
    return timedelta(seconds=min(int(value[:12]), 10**9)) if value.isascii() and value.isdigit() else timedelta()


def _date(value: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(value)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def moved(state: FeedState, target: str | None) -> FeedState:
    """Return the state after an answer reached through the permanent redirect ``target``, or none.

    The second one in a row to the same place changes where the feed is read; its name stays, and
    its validators go, for they belong to an address.
    """
    where = state.address or state.url
    if target is None or target == where:
        return replace(state, moved_to=None, moved_times=0)
    times = state.moved_times + 1 if target == state.moved_to else 1
    if times < _PERMANENT_TIMES:
        return replace(state, moved_to=target, moved_times=times)
    address = None if target == state.url else target
    return replace(state, address=address, moved_to=None, moved_times=0)


def is_suspect(state: FeedState, now: datetime) -> bool:
    """Tell whether a feed has failed so often and so long that somebody should look."""
    since = state.last_ok or state.first_fetch
    return state.errors >= _SUSPECT_ERRORS and (since is None or now - since >= _SUSPECT_AFTER)
