"""What a rule is: a pure function from a context to remarks, with its manual page and examples.

To add a rule, write one decorated function in a module of ``audit/rules``: its docstring is its
manual page (first line: what it flags; then why it matters; then ``Remedy:``), and ``bad`` and
``good`` are texts that a test runs: the first must be flagged, the second must not.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from rseaudit.audit.context import Context, Shared
from rseaudit.audit.owners import NOBODY
from rseaudit.config.settings import AuditSettings
from rseaudit.model import (
    Audience,
    Dimension,
    Document,
    Originality,
    Proposal,
    Quote,
    Responsible,
    Severity,
    TextFormat,
)

# The day on which the examples of the manual are read.
EXAMPLE_DAY = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
_SOMEBODY = Responsible(name="Nadia Perrin", rung="author", key="nadia")


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """What a rule says of a document, before it is known who receives it.

    ``reason`` and ``action`` are message keys; only ``reason`` may have places, filled by ``numbers``.
    ``severity`` and ``proposal`` replace the rule's own when given.
    """

    reason: str
    action: str
    evidence: tuple[Quote, ...] = ()
    numbers: Mapping[str, str | int | float] = field(default_factory=dict)
    severity: Severity | None = None
    proposal: Proposal | None = None


Judge = Callable[[Context], Iterator[Remark]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A content that a rule flags or lets pass; ``flagged`` lists the exact pieces that are evidence.

    ``setting`` says to the reader of the manual what the text alone does not show.
    """

    text: str
    setting: str = ""
    flagged: tuple[str, ...] = ()
    title: str = ""
    kind: str = "post"
    body: str | None = None
    format: TextFormat = "text"
    created: datetime | None = EXAMPLE_DAY
    modified: datetime | None = None
    audience: Audience | None = None
    space_audiences: tuple[Audience, ...] = ()
    responsible: Responsible = _SOMEBODY
    author_inactive: bool = False
    shared: tuple[Shared, ...] = ()
    originality: Originality | None = None

    def context(self) -> Context:
        """Return what a rule sees when this content is read on ``EXAMPLE_DAY``."""
        document = Document(
            source="rse",
            id="12",
            text=self.text,
            title=self.title,
            kind=self.kind,
            body=self.body,
            format=self.format,
            created=self.created,
            modified=self.modified,
            spaces=("Exemple",),
        )
        return Context(
            document=document,
            audience=self.audience,
            responsible=self.responsible,
            now=EXAMPLE_DAY,
            settings=AuditSettings(),
            author_inactive=self.author_inactive,
            shared=self.shared,
            originality=self.originality,
            space_audiences=self.space_audiences,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A named judge. ``title`` is a message key for reports; ``on`` tells whether it speaks by default."""

    name: str
    title: str
    dimension: Dimension
    severity: Severity
    proposal: Proposal
    on: bool
    judge: Judge
    bad: tuple[Example, ...]
    good: tuple[Example, ...]

    @property
    def page(self) -> str:
        """The text that the function's author wrote about it."""
        return inspect.getdoc(self.judge) or ""


def rule(
    name: str,
    *,
    title: str,
    dimension: Dimension,
    severity: Severity,
    bad: Example | tuple[Example, ...],
    good: Example | tuple[Example, ...],
    proposal: Proposal = "update",
    on: bool = True,
) -> Callable[[Judge], Rule]:
    """Make a rule of a judge; the decorated name is then the ``Rule``."""

    def decorate(judge: Judge) -> Rule:
        return Rule(
            name=name,
            title=title,
            dimension=dimension,
            severity=severity,
            proposal=proposal,
            on=on,
            judge=judge,
            bad=bad if isinstance(bad, tuple) else (bad,),
            good=good if isinstance(good, tuple) else (good,),
        )

    return decorate


__all__ = ["EXAMPLE_DAY", "NOBODY", "Example", "Judge", "Remark", "Rule", "rule"]
