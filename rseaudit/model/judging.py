"""What is found: passages, matches, findings, decisions, runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from rseaudit.model.content import Ref, Span
from rseaudit.model.values import (
    Dimension,
    Evidence,
    Fit,
    MatchKind,
    Proposal,
    Rung,
    Severity,
    Side,
    Verdict,
)


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
class Group:
    """Contents that each share passages with ``original``, in order and without it.

    ``matches`` are the ids of those matches, in the order of ``members``. Without ``known`` nobody can say
    which content was first: ``original`` is then the one that most of the others match.
    """

    id: str
    original: Ref
    known: bool
    members: tuple[Ref, ...]
    matches: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Originality:
    """What one document owes to others; ``originality`` is ``None`` when no word is left to judge."""

    document: Ref
    words: int
    originality: float | None
    attributed_share: float
    verdict: Verdict

    @property
    def id(self) -> str:
        """The document it is about: there is one for each."""
        return str(self.document)


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
