"""The values that the words may take; the lists are in order of strength."""

from __future__ import annotations

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
