"""Every rule is exercised from the registry: forgetting one is impossible."""

from __future__ import annotations

import ast
import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rseaudit.audit.registry import Example, Rule
from rseaudit.audit.rules import RULES, chosen, find, manual, manuals
from rseaudit.config.settings import AuditSettings
from rseaudit.errors import UsageError
from rseaudit.i18n import catalogue
from rseaudit.model import Audience

BAD = [
    pytest.param(rule, example, id=f"{name}-{n}") for name, rule in RULES.items() for n, example in enumerate(rule.bad)
]
GOOD = [
    pytest.param(rule, example, id=f"{name}-{n}") for name, rule in RULES.items() for n, example in enumerate(rule.good)
]
ROOT = Path(__file__).parent.parent
STRICT = Audience(
    id="terrain",
    label="Terrain",
    languages=("fr",),
    level="facile",
    device="mobile",
    reading_time_s=5,
    known_terms=("EPI",),
    address="vous",
    freshness_days=30,
    expects=("contact", "date", "action"),
)
FRAGMENTS = [
    "Inscrivez-vous avant le 15 mars 2026.",
    "Tu viens demain ?",
    "La GMAO sera arrêtée le 3/10/2025.",
    "« Please do read the rules of the house before you come in, it is the law. »",
    "Please do read the rules of the house before you come in, it is the law.",
    "L’équipe œuvre à ﬁnir\u00a0: prochainement, à ce jour…",
    "\n\n",
    "🙂",
    "İstanbul",
    "e\u0301tait",
]


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_a_rule_has_a_readable_name_a_page_and_examples_of_both_kinds(rule: Rule) -> None:
    assert re.fullmatch(r"[a-z]+(-[a-z]+)+", rule.name)
    assert rule.page.split(".", 1)[0].startswith(("Flag ", "Say "))
    assert "Why it matters:" in rule.page
    assert "Remedy:" in rule.page
    assert rule.bad
    assert rule.good


@pytest.mark.parametrize(("rule", "example"), BAD)
def test_a_bad_example_is_flagged_with_its_exact_evidence(rule: Rule, example: Example) -> None:
    context = example.context()
    remarks = list(rule.judge(context))
    quotes = [quote for remark in remarks for quote in remark.evidence]
    assert remarks
    assert not example.flagged or tuple(quote.text for quote in quotes) == example.flagged
    assert all(context.document.text[quote.start : quote.end] == quote.text for quote in quotes)


@pytest.mark.parametrize(("rule", "example"), GOOD)
def test_a_good_example_passes(rule: Rule, example: Example) -> None:
    assert list(rule.judge(example.context())) == []


@pytest.mark.parametrize(("rule", "example"), BAD)
def test_what_a_rule_says_is_translated_with_the_same_places(rule: Rule, example: Example) -> None:
    french = catalogue()
    for remark in rule.judge(example.context()):
        for sentence in (remark.reason, remark.action, rule.title):
            message = french.get(sentence)
            assert message is not None, sentence
            assert set(re.findall(r"{\w+}", str(message.string))) == set(re.findall(r"{\w+}", sentence))
        assert set(re.findall(r"{(\w+)}", remark.reason)) <= set(remark.numbers)
        assert "{" not in remark.action


def test_french_sentences_are_kind_and_set_with_no_break_spaces() -> None:
    text = (ROOT / "rseaudit" / "locale" / "fr.audit.po").read_text(encoding="utf-8")
    french = "\n".join(re.findall(r'^msgstr "(.*)"$', text, re.MULTILINE))
    assert "plagiat" not in french.lower()
    assert re.findall(r" [:;!?»%]|« ", french) == []


@settings(max_examples=60, deadline=None)
@given(
    text=st.lists(st.one_of(st.sampled_from(FRAGMENTS), st.text(max_size=30)), max_size=12).map(" ".join),
    kind=st.sampled_from(["page", "post"]),
    age=st.integers(min_value=0, max_value=2000),
)
def test_evidence_is_always_a_piece_of_the_text(text: str, kind: str, age: int) -> None:
    created = datetime(2026, 11, 25, tzinfo=UTC) - timedelta(days=age)
    context = Example(text=text, title=text[:90], kind=kind, created=created, audience=STRICT).context()
    for rule in RULES.values():
        for remark in rule.judge(context):
            for quote in remark.evidence:
                assert quote.text == text[quote.start : quote.end] != ""


def test_every_sentence_of_the_rules_has_its_french_and_no_other_has() -> None:
    """Also those that only some contents get: yesterday, two years, one place, the same network."""
    written = "".join(path.read_text("utf-8") for path in sorted((ROOT / "rseaudit" / "audit" / "rules").glob("*.py")))
    literals = re.findall(r'(?:reason=|action=|else |return |    )("[A-Z{][^"\n]*"(?:\s+"[^"\n]*")*)', written)
    sentences = {text for found in literals if (text := ast.literal_eval(f"({found})")).endswith(".")}
    examples = "".join(example.text for rule in RULES.values() for example in (*rule.bad, *rule.good))
    shown = {text for text in sentences if text not in examples and not re.search("[éèàç’]", text)}
    shown |= {rule.title for rule in RULES.values()}
    po = (ROOT / "rseaudit" / "locale" / "fr.audit.po").read_text("utf-8")
    assert sorted(re.findall(r'^msgid "(.+)"$', po, re.MULTILINE)) == sorted(shown)


def test_the_manual_in_docs_is_the_one_that_the_rules_make() -> None:
    written = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
    assert written == manuals(), "write rseaudit.audit.rules.manuals() to docs/rules.md"
    assert all(manual(rule) in written for rule in RULES.values())


def test_rules_are_disabled_and_enabled_by_name() -> None:
    default = [rule.name for rule in chosen(AuditSettings())]
    changed = [rule.name for rule in chosen(AuditSettings(disable=["stale-content"], enable=["too-short"]))]
    assert Counter(changed) == Counter([*default, "too-short"]) - Counter(["stale-content"])
    assert changed == sorted(changed)


def test_an_unknown_rule_name_gets_the_nearest_one() -> None:
    with pytest.raises(UsageError, match="stale-contents") as caught:
        find("stale-contents")
    assert "did you mean 'stale-content'?" in str(caught.value)
