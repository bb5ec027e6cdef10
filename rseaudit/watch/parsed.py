"""What a feed document says, whatever its format, before any judgement."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urljoin

from rseaudit.richtext import read
from rseaudit.text import clean
from rseaudit.watch.reasons import Reason

MAX_TITLE = 500
MAX_SUMMARY = 20_000
# Markup beyond this is cut before it is read: no summary of 20,000 characters needs more.
_MAX_MARKUP = 400_000
_FRENCH_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(?:\D+(\d{1,2})[:h](\d{2}))?")


@dataclass(frozen=True, slots=True, kw_only=True)
class RawEntry:
    """One item as its feed gives it. ``title`` and ``summary`` are plain text.

    ``published`` is ``None`` when the feed gives no date or one that cannot be read;
    ``published_raw`` is what stood there.
    """

    guid: str | None = None
    url: str | None = None
    title: str = ""
    summary: str = ""
    published: datetime | None = None
    published_raw: str | None = None
    author: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedFeed:
    """One feed document. ``problem`` means that nothing could be read; ``note``, that it was read all the same.

    ``ttl_minutes`` is the longest pause the document itself asks for (``ttl``, ``sy:updatePeriod``).
    ``unchanged`` is true when the body equals the last one: it was not parsed and has no entries.
    ``dropped`` counts the oldest entries left out because there were more than allowed.
    """

    url: str
    format: str = ""
    title: str = ""
    lang: str | None = None
    entries: tuple[RawEntry, ...] = ()
    ttl_minutes: int | None = None
    dropped: int = 0
    unchanged: bool = False
    problem: Reason | None = None
    note: Reason | None = None


def plain_text(value: str, *, html: bool, limit: int) -> str:
    """Return at most ``limit`` characters of plain text; HTML loses its markup."""
    if html:
        value = read(value[:_MAX_MARKUP], "html").text
    return clean(value).strip()[:limit].rstrip()


def plain_title(value: str, *, html: bool) -> str:
    """Return a title on one line."""
    return " ".join(plain_text(value, html=html, limit=4 * MAX_TITLE).split())[:MAX_TITLE].rstrip()


def instant(raw: str | None) -> datetime | None:
    """Read ISO 8601 or the French ``19/10/2026 10:30``; without an offset it is UTC."""
    if not raw:
        return None
    try:
        found = datetime.fromisoformat(raw.strip())
    except ValueError:
        if not (match := _FRENCH_DATE.fullmatch(raw.strip())):
            return None
        day, month, year, hour, minute = (int(part or 0) for part in match.groups())
        try:
            found = datetime(year, month, day, hour, minute, tzinfo=UTC)
        except ValueError:
            return None
    if found.tzinfo is None:
        return found.replace(tzinfo=UTC)
    try:
        return found.astimezone(UTC)
    except OverflowError:
        return None


def complete(base: str, link: str) -> str | None:
    """Return the full address of a link that stands at ``base``, or nothing when it is no web address.

    A feed may carry ``javascript:`` or ``data:`` where a link is expected.
    """
    try:
        found = urljoin(base, link)
    except ValueError:  # "http://[" and the like
        return None
    return found if found.lower().startswith(("http://", "https://")) else None


def newest(entries: list[RawEntry], limit: int) -> tuple[RawEntry, ...]:
    """Keep at most ``limit`` entries: the newest when all are dated, else the first of the document."""
    if len(entries) <= limit:
        return tuple(entries)
    dates = [entry.published for entry in entries if entry.published]
    if len(dates) < len(entries):
        return tuple(entries[:limit])
    rank = sorted(range(len(entries)), key=lambda i: (-dates[i].timestamp(), i))
    return tuple(entries[i] for i in sorted(rank[:limit]))
