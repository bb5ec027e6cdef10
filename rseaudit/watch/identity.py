"""Give the items of a feed an identity, a comparable address and a sane date."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from rseaudit.ids import short_hash
from rseaudit.model import Entry, Feed
from rseaudit.text import fold
from rseaudit.watch.parsed import RawEntry

_TRACKING = re.compile(
    r"utm_\w+|pk_\w+|mtm_\w+|piwik_\w+|hsa_\w+|_hs\w+|mc_[ce]id|fbclid|gclid|dclid|gbraid|wbraid|msclkid|yclid|twclid"
    r"|igshid|mkt_tok|oly_\w+_id|vero_\w+|xtor|at_(?:medium|campaign|format|custom\d)|ns_\w+|cmpid|wt\.mc_id|s_cid"
    r"|ref_src|__twitter_impression",
    re.IGNORECASE,
)
_SAFE = "/:@!$&'()*+,;=-._~%"
_FIRST_DAY = datetime(1990, 1, 1, tzinfo=UTC)
_TOLERANCE = timedelta(days=1)
_PORTS = {"http": 80, "https": 443}


def canonical_url(url: str) -> str:
    """Return the address as it is compared: lower-case host, no fragment, no tracking parameter.

    ``http`` and ``https`` stay different: they may be different pages on an intranet. What cannot be
    read as a web address is returned as it is.
    """
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        return url.strip()
    if parts.scheme.lower() not in _PORTS or not parts.hostname:
        return url.strip()
    scheme, host = parts.scheme.lower(), parts.hostname
    if ":" in host:
        host = f"[{host}]"
    if port and port != _PORTS[scheme]:
        host = f"{host}:{port}"
    query = parts.query
    if query:
        pairs = parse_qsl(query, keep_blank_values=True)
        kept = [(name, value) for name, value in pairs if not _TRACKING.fullmatch(name)]
        # An untouched query keeps its own spelling: servers may tell "+" from "%20".
        query = urlencode(kept) if len(kept) != len(pairs) else query
    path = quote(parts.path, safe=_SAFE) or "/"
    return urlunsplit((scheme, host, path, query, ""))


def sane_date(published: datetime | None, *, first_seen: datetime) -> datetime:
    """Return ``published`` when it can be true, else ``first_seen``.

    It cannot when it is missing, before 1990, or more than a day after we saw the entry. A date
    without an offset is UTC.
    """
    if published is None:
        return first_seen
    if published.tzinfo is None:
        published = published.replace(tzinfo=UTC)
    if published < _FIRST_DAY or published > first_seen + _TOLERANCE:
        return first_seen
    return published


def content_hash(title: str, text: str) -> str:
    """Name what an entry says, whatever its case, accents and spaces."""
    return short_hash(*(" ".join(fold(part).split()) for part in (title, text)))


def entry_ids(items: Sequence[RawEntry]) -> tuple[str, ...]:
    """Return one id for each item of one document, all different, in order.

    The id is the guid, else the canonical link, else a hash of title and content. A repeated one
    is kept for its first item; the next get guid and link, then guid and place.
    """
    found: list[str] = []
    taken: set[str] = set()
    for item in items:
        link = canonical_url(item.url) if item.url else ""
        base = item.guid or link or "hash:" + content_hash(item.title, item.summary)
        name, place = base, 1
        if name in taken and link and link != base:
            name = f"{base} {link}"
        while name in taken:
            place += 1
            name = f"{base} #{place}"
        taken.add(name)
        found.append(name)
    return tuple(found)


def entries(
    items: Sequence[RawEntry], feed: Feed, *, now: datetime, first_fetch: bool, period: timedelta
) -> tuple[Entry, ...]:
    """Turn the items of one document into entries first seen ``now``, in the document's order.

    At the first fetch of a feed, what is older than ``period`` is backlog: it is history, not news.
    """
    ids = entry_ids(items)
    return tuple(_entry(item, name, feed, now, first_fetch, period) for item, name in zip(items, ids, strict=True))


def _entry(item: RawEntry, name: str, feed: Feed, now: datetime, first_fetch: bool, period: timedelta) -> Entry:
    published = sane_date(item.published, first_seen=now)
    return Entry(
        id=name,
        feed=feed.url,
        url=item.url or "",
        title=item.title,
        summary=item.summary,
        published=published,
        first_seen=now,
        lang=feed.lang,
        author=item.author,
        backlog=first_fetch and published < now - period,
    )
