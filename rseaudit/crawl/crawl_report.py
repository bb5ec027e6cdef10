"""What a crawl reports: the run, what became of each source, what the store holds."""

from __future__ import annotations

from dataclasses import dataclass, field

from rseaudit.model import Ref, Run


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceReport:
    """How the crawl of one source under one account ended.

    ``counts`` is by final state, ``refused`` counts links by reason; ``remarks`` tells of what was
    noted on pages that were read (``no-text``) how often, and where first.
    """

    source: str
    account: str
    counts: dict[str, int]
    problem: str | None = None
    failures: tuple[tuple[str, str], ...] = ()
    refused: dict[str, int] = field(default_factory=dict)
    remarks: dict[str, tuple[int, str]] = field(default_factory=dict)
    vanished: tuple[Ref, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """What the store held when a run ended, by source and id; ``crawl --diff`` compares two."""

    id: str
    documents: dict[str, dict[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlReport:
    """A finished run, what became of each source, and how many documents the store holds of each now."""

    run: Run
    sources: tuple[SourceReport, ...]
    documents: dict[str, int] = field(default_factory=dict)
    resumed: bool = False
    interrupted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinReport:
    """What a worker that joined a run has to tell: why it stopped reading a source, if it did."""

    run: Run
    worker: str
    problems: dict[str, str]
    interrupted: bool
