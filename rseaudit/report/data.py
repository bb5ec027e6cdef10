"""All that reports are made of, free of language and of any reader."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from rseaudit.access import Access
from rseaudit.model import (
    Audience,
    CommonText,
    Decision,
    Document,
    Finding,
    Judgement,
    Match,
    Originality,
    Person,
    Ref,
    Responsible,
    Source,
    Space,
)
from rseaudit.people import Directory

if TYPE_CHECKING:
    from rseaudit.watch.digest import Digest

EXAMPLES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How often one thing happened, with some of the addresses it happened to.

    ``reason`` is a message key, like that of a finding.
    """

    reason: str
    count: int
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceCrawl:
    """What became of the addresses of one source. ``asked == done + failed + excluded``.

    ``refused`` counts addresses that were never asked for, such as those that would act; ``left_out``
    those that were asked for and not read, by cause.
    ``complete`` is false when something is still to be read.
    """

    source: str
    asked: int
    done: int
    failed: int
    excluded: int
    complete: bool = True
    refused: tuple[Tally, ...] = ()
    failures: tuple[Tally, ...] = ()
    left_out: tuple[Tally, ...] = ()
    robots_override: str | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiver:
    """A rule that the configuration sets aside for one source, with who decided it, when and why.

    ``kind`` is ``robots`` or ``space``; ``space`` is then the name, with ``*``, of the spaces that are read.
    """

    source: str
    kind: Literal["robots", "space"]
    decided: str
    space: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportData:
    """The whole of what is known at ``now``.

    ``responsibles`` says who answers for a document, as the audit's ladder found it; without an
    entry the owner of the document's first finding does. Documents that are ``gone`` are ignored.
    ``waivers`` stand at the foot of every page, those about spaces on the auditors' page only.
    """

    organisation: str
    contact: str
    now: datetime
    documents: Mapping[Ref, Document] = field(default_factory=dict)
    sources: Sequence[Source] = ()
    spaces: Sequence[Space] = ()
    persons: Sequence[Person] = ()
    audiences: Sequence[Audience] = ()
    matches: Sequence[Match] = ()
    originality: Sequence[Originality] = ()
    common_texts: Sequence[CommonText] = ()
    findings: Sequence[Finding] = ()
    judgements: Sequence[Judgement] = ()
    decisions: Sequence[Decision] = ()
    responsibles: Mapping[Ref, Responsible] = field(default_factory=dict)
    crawl: Sequence[SourceCrawl] = ()
    waivers: Sequence[Waiver] = ()
    digest: Digest | None = None

    def directory(self) -> Directory:
        return Directory(self.persons)

    def access(self) -> Access:
        return Access(self.spaces, self.directory())


def tally(pairs: Sequence[tuple[str, str]]) -> tuple[Tally, ...]:
    """Count (reason, address) pairs: the most frequent reason first, with its first addresses."""
    found: dict[str, list[str]] = {}
    for reason, address in sorted(set(pairs)):
        found.setdefault(reason, []).append(address)
    return tuple(
        Tally(reason=reason, count=len(addresses), examples=tuple(addresses[:EXAMPLES]))
        for reason, addresses in sorted(found.items(), key=lambda item: (-len(item[1]), item[0]))
    )
