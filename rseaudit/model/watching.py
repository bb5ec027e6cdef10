"""What is watched: feeds, their entries, and the stories that they tell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from rseaudit.model.values import MarkVerdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A watched source: an address with its watchlist, trust in [0, 1] and language."""

    url: str
    name: str
    lang: str | None = None
    trust: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedState:
    """What is known of a feed between two runs. ``url`` names it for good, even once it has moved.

    ``address`` is where it is read since a permanent move (``None``: at ``url``); ``moved_to`` and
    ``moved_times`` count equal permanent redirects in a row. Validators are kept verbatim.
    ``last_problem`` is a message key with ``numbers`` to fill it: reports translate. ``seen`` holds
    the sentences of a watched page as short hashes; a feed has none.
    """

    url: str
    name: str
    address: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None
    next_check: datetime | None = None
    errors: int = 0
    state: Literal["active", "suspect", "retired"] = "active"
    moved_to: str | None = None
    moved_times: int = 0
    first_fetch: datetime | None = None
    last_ok: datetime | None = None
    last_problem: str | None = None
    numbers: Mapping[str, str | int | float] = field(default_factory=dict)
    seen: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One item of a feed. ``published`` is sane: never after ``first_seen`` + 1 day.

    ``backlog`` marks what was already in the feed at its first fetch: it is not news.
    """

    id: str
    feed: str
    url: str
    title: str
    summary: str
    published: datetime
    first_seen: datetime
    lang: str | None = None
    author: str | None = None
    backlog: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """Entries that tell the same news; ``lead`` is the earliest of the best-trusted."""

    id: str
    lead: str
    entries: tuple[str, ...]
    sources: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What the team says of an entry, or of a story (``feed`` is then empty and ``id`` the story's).

    Who said it is not kept. A story's id names its first entry: the mark finds it again for good.
    """

    feed: str
    id: str
    verdict: MarkVerdict
    at: datetime
    note: str | None = None
