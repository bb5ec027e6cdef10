"""The words of the project as frozen data. Everything else reads or makes these.

Unknown is a value: ``None`` where a platform does not say, never ``0`` or ``""``.
Instants are aware datetimes. Offsets count Unicode code points of ``Document.text``.
"""

from __future__ import annotations

from rseaudit.model.content import (
    Audience,
    Document,
    Person,
    Ref,
    Source,
    Space,
    Span,
)
from rseaudit.model.judging import (
    CommonText,
    Decision,
    Finding,
    Group,
    Judgement,
    Match,
    Originality,
    Passage,
    Quote,
    Responsible,
    Run,
)
from rseaudit.model.values import (
    DATE_RUNGS,
    SEVERITIES,
    Dimension,
    Evidence,
    Fit,
    MarkVerdict,
    MatchKind,
    Proposal,
    Role,
    Rung,
    Severity,
    Side,
    TextFormat,
    Verdict,
    Visibility,
)
from rseaudit.model.watching import (
    Entry,
    Feed,
    FeedState,
    Mark,
    Story,
)

__all__ = [
    "DATE_RUNGS",
    "SEVERITIES",
    "Audience",
    "CommonText",
    "Decision",
    "Dimension",
    "Document",
    "Entry",
    "Evidence",
    "Feed",
    "FeedState",
    "Finding",
    "Fit",
    "Group",
    "Judgement",
    "Mark",
    "MarkVerdict",
    "Match",
    "MatchKind",
    "Originality",
    "Passage",
    "Person",
    "Proposal",
    "Quote",
    "Ref",
    "Responsible",
    "Role",
    "Run",
    "Rung",
    "Severity",
    "Side",
    "Source",
    "Space",
    "Span",
    "Story",
    "TextFormat",
    "Verdict",
    "Visibility",
]
