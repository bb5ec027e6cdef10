"""Sum up one document: does it fit its audience, what becomes of it, what to do first."""

from __future__ import annotations

from collections.abc import Sequence

from rseaudit.audit.context import LEAST_WORDS
from rseaudit.model import SEVERITIES, Audience, Dimension, Document, Finding, Fit, Judgement, Proposal

# Who answers and who wrote it first say nothing about the reader.
_NOT_ABOUT_READERS: frozenset[Dimension] = frozenset(("ownership", "originality"))
_UNFIT_DIMENSIONS = 3
_MOST_ACTIONS = 3
# Without somebody who answers nothing else gets done; a text that exists elsewhere is not worth polishing.
_DECISIONS: tuple[Proposal, ...] = ("assign-owner", "merge", "archive", "update")


def judge_fit(document: Document, audience: Audience | None, findings: Sequence[Finding], *, words: int) -> Judgement:
    """Return the judgement of a document from its own findings.

    ``unfit`` is one alert, or advice on three dimensions; ``adjust`` any other advice; remarks of
    level ``info`` change neither fit nor decision. Without a declared audience, or under 40 words,
    fit is ``not-judged``; the decision and the actions stand all the same.
    """
    telling = [finding for finding in findings if finding.severity != "info"]
    return Judgement(
        document=document.ref,
        audience=audience.id if audience is not None else None,
        fit=_fit(telling) if audience is not None and words >= LEAST_WORDS else "not-judged",
        decision=next((step for step in _DECISIONS if any(f.proposal == step for f in telling)), "keep"),
        actions=_actions(findings),
    )


def _fit(telling: Sequence[Finding]) -> Fit:
    about = [finding for finding in telling if finding.dimension not in _NOT_ABOUT_READERS]
    dimensions = {finding.dimension for finding in about}
    if any(finding.severity == "alert" for finding in about) or len(dimensions) >= _UNFIT_DIMENSIONS:
        return "unfit"
    return "adjust" if about else "fits"


def _actions(findings: Sequence[Finding]) -> tuple[str, ...]:
    """Return at most three different things to do: the gravest first, then in the order of decisions."""
    order = (*_DECISIONS, "keep")
    ranked = sorted(
        findings,
        key=lambda f: (-SEVERITIES.index(f.severity), order.index(f.proposal), f.rule, f.id),
    )
    return tuple(dict.fromkeys(finding.action for finding in ranked))[:_MOST_ACTIONS]
