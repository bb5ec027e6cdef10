"""The words of the project as frozen data. Everything else reads or makes these.

Unknown is a value: ``None`` where a platform does not say, never ``0`` or ``""``.
Instants are aware datetimes. Offsets count Unicode code points of ``Document.text``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Role = Literal["audited", "reference", "watched"]
Visibility = Literal["public", "registered", "space", "private", "unknown"]
TextFormat = Literal["text", "html", "markdown"]
Severity = Literal["info", "advice", "alert"]
Proposal = Literal["keep", "update", "merge", "archive", "assign-owner"]
Fit = Literal["fits", "adjust", "unfit", "not-judged"]
MatchKind = Literal["copy", "relay", "quote", "shared-boilerplate", "own-version", "template"]
Side = Literal["document", "other", "unknown"]
MarkVerdict = Literal["pertinent", "no", "weak-signal"]
Evidence = Literal[
    "canonical", "share-link", "api-date", "sitemap-date", "feed-date", "http-date", "first-seen", "none"
]
Verdict = Literal["copy", "adapted", "relay", "original", "template", "not-judged"]
Rung = Literal["configuration", "content-owner", "author", "last-editor", "space-owner", "space-moderator", "none"]
Dimension = Literal[
    "language",
    "reading-level",
    "sentence-load",
    "jargon",
    "topical-fit",
    "address",
    "first-screen",
    "structure",
    "length",
    "freshness",
    "ownership",
    "action",
    "unchanged-across-audiences",
    "originality",
]

# The rungs of date evidence, strongest first (a subset of ``Evidence``).
DATE_RUNGS: tuple[Evidence, ...] = ("api-date", "sitemap-date", "feed-date", "http-date", "first-seen")
SEVERITIES: tuple[Severity, ...] = ("info", "advice", "alert")


@dataclass(frozen=True, slots=True, order=True)
class Ref:
    """Identify a document: the source's name and the platform's own id, never the URL."""

    source: str
    id: str

    def __str__(self) -> str:
        return f"{self.source}/{self.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One place that is read."""

    name: str
    role: Role
    platform: str = "import"
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Someone who writes, owns, moderates or reads; ``key`` is the same across platforms."""

    key: str
    name: str
    mail: str | None = None
    active: bool | None = None
    department: str | None = None
    site: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Space:
    """A community, group, category or site section. People are labels as the source gives them.

    ``members`` is ``None`` when the source does not list them: nobody is then presumed a member.
    """

    source: str
    name: str
    visibility: Visibility = "unknown"
    owners: tuple[str, ...] = ()
    moderators: tuple[str, ...] = ()
    members: tuple[str, ...] | None = None
    audience: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One content. ``text`` is plain; ``body`` with ``format`` is the original it came from.

    ``author``, ``owner`` and ``last_editor`` are labels as the source gives them (a key, a mail
    address or a name); ``people.Directory`` leads from a label to a person. ``dates`` holds one
    instant per rung of ``DATE_RUNGS`` that is known; ``created`` is what is shown to people.
    """

    source: str
    id: str
    text: str
    kind: str = "page"
    url: str | None = None
    spaces: tuple[str, ...] = ()
    title: str = ""
    body: str | None = None
    format: TextFormat = "text"
    author: str | None = None
    owner: str | None = None
    last_editor: str | None = None
    author_active: bool | None = None
    owner_active: bool | None = None
    created: datetime | None = None
    modified: datetime | None = None
    dates: Mapping[Evidence, datetime] = field(default_factory=dict)
    visibility: Visibility = "unknown"
    lang: str | None = None
    tags: tuple[str, ...] = ()
    comments: int | None = None
    likes: int | None = None
    views: int | None = None
    shared_from: str | None = None
    translation_of: str | None = None
    canonical: str | None = None
    accounts: tuple[str, ...] = ()
    first_seen: datetime | None = None
    gone: bool = False
    extra: Mapping[str, object] = field(default_factory=dict)

    @property
    def ref(self) -> Ref:
        return Ref(self.source, self.id)

    @property
    def space(self) -> str | None:
        """The first space, which decides the audience unless the configuration says otherwise."""
        return self.spaces[0] if self.spaces else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """A declared target. ``None`` means that the team did not declare it: it is not judged."""

    id: str
    label: str
    languages: tuple[str, ...] = ()
    level: Literal["facile", "courant", "soutenu", "expert"] | None = None
    device: Literal["mobile", "desktop"] | None = None
    reading_time_s: int | None = None
    known_terms: tuple[str, ...] = ()
    address: Literal["vous", "tu", "neutral"] | None = None
    freshness_days: int | None = None
    expects: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Code points ``[start, end)`` of a document's text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A run of words that two documents share; ``similarity`` is in [0, 1], two decimals."""

    document: Span
    other: Span
    similarity: float
    words: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """Two documents with their shared passages, in order of ``document`` offsets."""

    id: str
    document: Ref
    other: Ref
    kind: MatchKind
    shared_words: int
    share_of_document: float
    share_of_other: float
    original: Side
    evidence: Evidence
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Originality:
    """What one document owes to others; ``originality`` is ``None`` when no word is left to judge."""

    document: Ref
    words: int
    originality: float | None
    attributed_share: float
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Quote:
    """A piece of a document's text that proves a finding."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Responsible:
    """Who receives a finding and on which rung of the ladder that person was found."""

    name: str
    rung: Rung
    key: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One remark on one document, with its proof, its reason and what to do.

    ``reason`` and ``action`` are message keys with ``numbers`` to fill them: reports translate.
    """

    id: str
    rule: str
    dimension: Dimension
    document: Ref
    severity: Severity
    evidence: tuple[Quote, ...]
    reason: str
    action: str
    proposal: Proposal
    owner: Responsible
    numbers: Mapping[str, str | int | float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """How one document fits its audience (an id) and what becomes of it; ``None``: none declared.

    ``actions`` are message keys, most useful first.
    """

    document: Ref
    audience: str | None
    fit: Fit
    decision: Proposal
    actions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CommonText:
    """A text that many documents share: a signature, a legal notice, a form's questions.

    ``suggestion`` is the piece to put into ``[duplicates] exclude_text``.
    """

    id: str
    text: str
    documents: int
    sources: int
    suggestion: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What an owner or auditor answered to a finding; it survives the next crawl."""

    finding: str
    proposal: Proposal
    reason: str
    by: str
    at: datetime


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One execution of a job. ``asked == done + failed + skipped`` once it has ended."""

    id: str
    job: Literal["crawl", "duplicates", "audit", "watch", "import"]
    now: datetime
    state: Literal["open", "complete", "incomplete", "interrupted"]
    asked: int = 0
    done: int = 0
    failed: int = 0
    skipped: int = 0
    notes: tuple[str, ...] = ()
