"""What the watch tells its readers: pure data, already counted, in reading order.

``editing`` makes it, reports show it. Reasons are message keys with values; hints of a source (PESTEL, horizon)
are suggestions that the foresight team confirms.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from rseaudit.config.watchlist import Horizon, Label, Pestel
from rseaudit.model import Entry, Story
from rseaudit.watch.feedback import NO_OPINION, Opinion
from rseaudit.watch.matching import Matches
from rseaudit.watch.reasons import Reason
from rseaudit.watch.relevance import Relevance
from rseaudit.watch.trends import Trend, WeakSignal


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """An entry with all that was found out about it. ``story`` is the id of its story."""

    entry: Entry
    matches: Matches
    relevance: Relevance
    story: str
    opinion: Opinion = NO_OPINION


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Where a story can be read: the feed's name and the entry's address."""

    name: str
    url: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestStory:
    """One story as it is shown. ``also`` lists its other entries ("aussi chez"), by date.

    Entries that the team marked as not pertinent are left out of it.

    ``score`` and ``reasons`` are those of its most relevant entry; ``extract`` has at most two sentences.
    """

    story: Story
    lead: Entry
    source: str
    also: tuple[Link, ...]
    score: int
    relevance: int
    watchlists: tuple[str, ...]
    topics: tuple[tuple[str, str], ...]
    vendors: tuple[str, ...]
    reasons: tuple[Reason, ...]
    extract: tuple[str, ...]
    pestel: Pestel | None
    horizon: Horizon | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicSection:
    """The stories of one topic, by falling score. ``label`` has both languages."""

    watchlist: str
    watchlist_label: Label
    topic: str
    label: Label
    stories: tuple[DigestStory, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class VendorSection:
    """The stories that name one vendor, by falling score."""

    vendor: str
    stories: tuple[DigestStory, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedHealth:
    """How one feed does. ``entries`` counts those first seen in the period; ``problem`` is its last one."""

    url: str
    name: str
    state: Literal["active", "suspect", "retired", "unread"]
    entries: int
    last_ok: datetime | None
    newest: datetime | None
    address: str | None
    problem: Reason | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Volume:
    """What went in and what became of it: ``seen`` is the sum of all others.

    ``dismissed`` counts what the team marked as not pertinent.
    """

    seen: int
    kept: int
    below: int
    vetoed: int
    unmatched: int
    backlog: int
    dismissed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """What the foresight team reads for ``start`` to ``end``.

    ``stories`` by falling score, ``headlines`` are the first of them. ``mentioned`` holds the stories
    that trends and weak signals refer to and that stand nowhere else. ``trend_reason`` says why there
    can be no trend yet.
    """

    start: datetime
    end: datetime
    headlines: tuple[DigestStory, ...]
    trends: tuple[Trend, ...]
    weak_signals: tuple[WeakSignal, ...]
    trend_reason: Reason | None
    topics: tuple[TopicSection, ...]
    vendors: tuple[VendorSection, ...]
    stories: tuple[DigestStory, ...]
    mentioned: tuple[DigestStory, ...]
    health: tuple[FeedHealth, ...]
    volume: Volume
    notes: tuple[Reason, ...]
