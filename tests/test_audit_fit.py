from __future__ import annotations

from rseaudit.audit.fit import judge_fit
from rseaudit.model import Audience, Dimension, Document, Finding, Judgement, Proposal, Responsible, Severity

DOCUMENT = Document(source="rse", id="1", text="")
FIELD = Audience(id="terrain", label="Terrain")


def finding(
    dimension: Dimension, severity: Severity = "advice", proposal: Proposal = "update", action: str = "Do it."
) -> Finding:
    return Finding(
        id=f"{dimension}-{action}",
        rule=dimension,
        dimension=dimension,
        document=DOCUMENT.ref,
        severity=severity,
        evidence=(),
        reason="Because.",
        action=action,
        proposal=proposal,
        owner=Responsible(name="Nadia", rung="author"),
    )


def fit(*findings: Finding, audience: Audience | None = FIELD, words: int = 100) -> Judgement:
    return judge_fit(DOCUMENT, audience, findings, words=words)


def test_a_content_without_remark_fits_and_is_kept() -> None:
    judgement = fit()
    assert (judgement.fit, judgement.decision, judgement.actions) == ("fits", "keep", ())


def test_advice_asks_for_an_adjustment_and_information_does_not() -> None:
    assert fit(finding("length")).fit == "adjust"
    assert (fit(finding("length", "info")).fit, fit(finding("length", "info")).decision) == ("fits", "keep")


def test_an_alert_or_advice_on_three_dimensions_makes_it_unfit() -> None:
    assert fit(finding("language", "alert")).fit == "unfit"
    assert fit(finding("length"), finding("jargon"), finding("address")).fit == "unfit"
    assert fit(finding("length"), finding("length", action="Cut."), finding("jargon")).fit == "adjust"


def test_who_answers_and_who_wrote_first_say_nothing_about_the_reader() -> None:
    judgement = fit(finding("ownership", "alert", "assign-owner"), finding("originality", "alert", "merge"))
    assert (judgement.fit, judgement.decision) == ("fits", "assign-owner")


def test_fit_is_not_judged_without_audience_or_text_but_the_decision_stands() -> None:
    old = finding("freshness", proposal="archive")
    assert (fit(old, audience=None).fit, fit(old, audience=None).decision) == ("not-judged", "archive")
    assert fit(old, words=39).fit == "not-judged"


def test_merging_comes_before_archiving_and_archiving_before_updating() -> None:
    update, archive, merge = (
        finding("length"),
        finding("freshness", proposal="archive"),
        finding("originality", proposal="merge"),
    )
    assert fit(update, archive).decision == "archive"
    assert fit(update, archive, merge).decision == "merge"


def test_at_most_three_different_actions_the_gravest_first() -> None:
    findings = [
        finding("length", "info", action="Later."),
        finding("jargon", action="Explain."),
        finding("jargon", action="Explain."),
        finding("language", "alert", action="Translate."),
        finding("address", action="Address."),
        finding("structure", action="Cut."),
    ]
    actions = fit(*findings).actions
    assert actions[0] == "Translate."
    assert len(actions) == len(set(actions)) == 3
    assert "Later." not in actions
