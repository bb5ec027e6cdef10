"""What pages show, as plain data: no decision is left to a template."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from rseaudit.model import CommonText, Evidence, Fit, MatchKind, Proposal, Quote, Rung, Severity, Verdict
from rseaudit.report.data import SourceCrawl


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentView:
    """A readable document as it is named on a page. ``source`` is the platform's own name."""

    key: str
    source: str
    id: str
    title: str
    url: str | None
    space: str | None
    kind: str
    created: datetime | None
    modified: datetime | None
    responsible: str
    rung: Rung


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of prose; ``common`` when the other side says the same words."""

    text: str
    common: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PassageView:
    """A shared passage, told from both sides. ``left_out`` counts words cut at the end for length."""

    mine: tuple[Piece, ...]
    other: tuple[Piece, ...]
    words: int
    similarity: float
    left_out: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchView:
    """A match seen from ``mine``. ``likely`` says where the text probably comes from."""

    id: str
    kind: MatchKind
    mine: DocumentView
    other: DocumentView
    share_of_mine: float
    share_of_other: float
    shared_words: int
    likely: str
    evidence: Evidence
    mine_date: datetime | None
    other_date: datetime | None
    passages: tuple[PassageView, ...]
    more_passages: int = 0
    exclude: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupView:
    """One text and the contents that share passages with it, each told from its own side, most words first.

    Without ``known`` nobody can say that ``original`` was first.
    """

    id: str
    file: str
    original: DocumentView
    known: bool
    members: tuple[MatchView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingView:
    """A finding with its sentences still as message keys; ``decision`` is what was answered to it."""

    id: str
    rule: str
    dimension: str
    severity: Severity
    reason: str
    action: str
    numbers: Mapping[str, str | int | float]
    quotes: tuple[Quote, ...]
    proposal: Proposal
    decision: Proposal | None = None
    decision_reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentView:
    """All that is said of one document to the person who answers for it.

    ``restricted`` says that there is more, about contents which this person may not read: not how much.
    """

    document: DocumentView
    severity: Severity
    proposal: Proposal
    action: str
    numbers: Mapping[str, str | int | float]
    audience: str | None
    fit: Fit | None
    words: int | None
    originality: float | None
    verdict: Verdict | None
    findings: tuple[FindingView, ...]
    matches: tuple[MatchView, ...]
    restricted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnerPage:
    """What one person is asked. ``taken_up`` are contents of theirs that others reuse: for information.

    ``withheld`` is true when a remark concerns a content that they answer for but may not read.
    """

    key: str
    name: str
    file: str
    contents: tuple[ContentView, ...]
    taken_up: tuple[MatchView, ...]
    withheld: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleGroup:
    """The findings of one rule, with the document of each; ``documents`` counts these once each."""

    rule: str
    dimension: str
    severity: Severity
    documents: int
    spaces: int
    items: tuple[tuple[DocumentView, FindingView], ...]
    more: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SpaceRow:
    """One space in figures; ``name`` is ``None`` for contents that stand in no space."""

    source: str
    name: str | None
    audience: str | None
    documents: int
    alerts: int
    advice: int
    fits: int
    adjust: int
    unfit: int
    not_judged: int
    taken_up: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRow:
    """One source in figures, with what its crawl met, if it was crawled."""

    name: str
    role: str
    platform: str
    url: str | None
    documents: int
    crawl: SourceCrawl | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """What the auditors read: everything that no closed space is betrayed by.

    ``withheld`` says that contents of closed spaces were judged and are told to their owners only.
    """

    documents: int
    spaces: int
    sources: tuple[SourceRow, ...]
    by_severity: Mapping[str, int]
    by_fit: Mapping[str, int]
    by_proposal: Mapping[str, int]
    by_kind: Mapping[str, int]
    concerned: int
    unanswered: int
    copied: int
    rules: tuple[RuleGroup, ...]
    space_rows: tuple[SpaceRow, ...]
    matches: tuple[MatchView, ...]
    more_matches: int
    common_texts: tuple[CommonText, ...]
    withheld: bool
