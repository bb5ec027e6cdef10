"""An audit that remembers the last one says the same as one that judges everything, and looks at less."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rseaudit.audit.context import Context
from rseaudit.audit.job import Audit, judge
from rseaudit.audit.memory import NOTHING, Fingerprints, Memory
from rseaudit.audit.rules import RULES
from rseaudit.audit.today import Today
from rseaudit.cli import main
from rseaudit.config.settings import AuditSettings, SpaceSettings
from rseaudit.model import Audience, Document, Finding, Match, Passage, Person, Ref, Source, Span
from rseaudit.people import Directory

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
RULE_LIST = tuple(RULES.values())
TEXTS = [example.text for rule in RULE_LIST for example in (*rule.bad, *rule.good)]
AUDIENCES = [
    Audience(id="terrain", label="Terrain", languages=("fr",), level="facile", freshness_days=400),
    Audience(id="bureau", label="Bureau", languages=("fr",), level="expert"),
]


def corpus() -> list[Document]:
    """Return the examples of all rules as documents of two spaces, of many ages, in threes by one author."""
    return [
        Document(
            source="rse",
            id=str(number),
            title=f"Note {number}",
            text=text,
            kind="page" if number % 2 else "post",
            author=f"Anne Martin {number // 3}",
            spaces=("Atelier" if number % 3 else "Bureau",),
            created=NOW - timedelta(days=number * 9 % 1600, hours=number),
        )
        for number, text in enumerate(TEXTS)
    ]


def some_matches(documents: Sequence[Document]) -> list[Match]:
    pairs = zip(documents[::7], documents[3::7], strict=False)
    return [
        Match(
            id=f"m{number}",
            document=one.ref,
            other=other.ref,
            kind="copy",
            shared_words=30,
            share_of_document=0.9,
            share_of_other=0.4,
            original="other",
            evidence="api-date",
            passages=(Passage(document=Span(0, 20), other=Span(0, 20), similarity=1.0, words=5),),
        )
        for number, (one, other) in enumerate(pairs)
    ]


def audit(
    documents: Sequence[Document],
    *,
    now: datetime = NOW,
    memory: Memory = NOTHING,
    matches: Sequence[Match] = (),
    persons: Sequence[Person] = (),
    settings: AuditSettings | None = None,
    kept: Sequence[str] = (),
) -> Audit:
    return judge(
        documents,
        spaces=(),
        sources=[Source(name="rse", role="audited")],
        directory=Directory(persons),
        audiences=AUDIENCES,
        space_settings=[SpaceSettings(match="rse/*", audience="terrain")],
        matches=matches,
        originality=(),
        settings=settings or AuditSettings(),
        now=now,
        kept=kept,
        memory=memory,
    )


def told(result: Audit) -> tuple[object, ...]:
    return result.findings, result.judgements, result.responsibles


def memory_of(result: Audit) -> Memory:
    return Memory.of(result.judged, result.findings)


@pytest.fixture(scope="module")
def first() -> Audit:
    documents = corpus()
    return audit(documents, matches=some_matches(documents))


def test_a_second_audit_at_the_same_time_looks_at_nothing_and_says_the_same(first: Audit) -> None:
    documents = corpus()
    second = audit(documents, matches=some_matches(documents), memory=memory_of(first))
    assert (second.unchanged, second.redated) == (len(documents), 0)
    assert told(second) == told(first)
    assert second.judged == first.judged


@pytest.mark.parametrize("hours", [1, 14, 15, 24, 25, 24 * 29, 24 * 31, 24 * 181, 24 * 366, 24 * 2000])
def test_later_audits_say_what_a_full_one_says_on_that_day(first: Audit, hours: int) -> None:
    documents, now = corpus(), NOW + timedelta(hours=hours)
    later = audit(documents, matches=some_matches(documents), now=now, memory=memory_of(first))
    assert told(later) == told(audit(documents, matches=some_matches(documents), now=now))
    assert later.unchanged + later.redated == len(documents)
    assert later.redated < len(documents) or hours > 24 * 366, "in years everything grows old"


def test_a_chain_of_daily_audits_ends_like_one_full_audit(first: Audit) -> None:
    documents = corpus()
    current = first
    for day in range(1, 40, 3):
        now = NOW + timedelta(days=day)
        current = audit(documents, matches=some_matches(documents), now=now, memory=memory_of(current))
    full = audit(documents, matches=some_matches(documents), now=now)
    assert told(current) == told(full)
    assert [one.until for one in current.judged] == [one.until for one in full.judged]


def test_an_audit_of_an_earlier_day_or_in_another_time_zone_says_what_a_full_one_says(first: Audit) -> None:
    documents = corpus()
    for now in (NOW - timedelta(days=300), NOW.astimezone(timezone(timedelta(hours=14)))):
        found = audit(documents, matches=some_matches(documents), now=now, memory=memory_of(first))
        assert told(found) == told(audit(documents, matches=some_matches(documents), now=now))
    assert audit(documents, now=NOW - timedelta(seconds=1), memory=memory_of(first)).unchanged == 0


def _changed(documents: list[Document]) -> list[tuple[str, dict[str, object]]]:
    return [
        ("text", {"text": "Le parking sera fermé le 3 mars 2026."}),
        ("title", {"title": "INFO"}),
        ("author", {"author": "Karim Haddad"}),
        ("modified", {"modified": NOW}),
        ("spaces", {"spaces": ("Ailleurs",)}),
        ("author_active", {"author_active": False}),
        ("kind", {"kind": "thread"}),
    ]


@pytest.mark.parametrize(("name", "change"), _changed(corpus()))
def test_only_what_changed_and_what_is_compared_with_it_is_judged_again(
    first: Audit, name: str, change: dict[str, object]
) -> None:
    documents = corpus()
    pairs = some_matches(documents)
    before = audit(documents, matches=pairs)
    documents[3] = replace(documents[3], **change)  # type: ignore[arg-type]
    after = audit(documents, matches=pairs, memory=memory_of(before))
    assert told(after) == told(audit(documents, matches=pairs)), name
    assert after.unchanged == len(documents) - 2


@pytest.mark.parametrize(
    "change",
    [
        {"matches": []},
        {"persons": [Person(key="a", name="Anne Martin 0", active=False)]},
        {"settings": AuditSettings(sentence_words=12)},
        {"settings": AuditSettings(disable=["stale-content"])},
    ],
)
def test_what_documents_are_judged_by_is_remembered_too(first: Audit, change: dict[str, object]) -> None:
    documents = corpus()
    arguments: dict[str, object] = {"matches": some_matches(documents), **change}
    after = audit(documents, memory=memory_of(first), **arguments)  # type: ignore[arg-type]
    assert told(after) == told(audit(documents, **arguments))  # type: ignore[arg-type]
    assert after.unchanged < len(documents)


def test_an_answer_changes_what_is_proposed_without_a_new_look(first: Audit) -> None:
    documents = corpus()
    kept = [finding.id for finding in first.findings]
    after = audit(documents, matches=some_matches(documents), memory=memory_of(first), kept=kept)
    assert after.unchanged == len(documents)
    assert {judgement.decision for judgement in after.judgements} == {"keep"}


def test_counts_of_readers_and_the_day_of_the_crawl_do_not_make_a_document_new() -> None:
    [one] = corpus()[:1]
    other = replace(
        one,
        likes=3,
        views=90,
        comments=2,
        accounts=("anne",),
        first_seen=NOW,
        dates={"first-seen": NOW},
        extra={"x": 1},
    )
    before = audit([one])
    assert audit([other], memory=memory_of(before)).unchanged == 1
    assert told(audit([other])) == told(before)


def test_rules_that_are_not_the_same_program_remember_nothing(first: Audit, monkeypatch: pytest.MonkeyPatch) -> None:
    documents = corpus()
    monkeypatch.setattr("rseaudit.audit.memory.made_of", lambda: "another version")
    assert audit(documents, matches=some_matches(documents), memory=memory_of(first)).unchanged == 0


def test_rules_have_no_clock_but_the_one_that_notes() -> None:
    context = Context(
        document=corpus()[0],
        audience=None,
        responsible=RULE_LIST[0].bad[0].responsible,
        now=NOW,
        settings=AuditSettings(),
    )
    assert not hasattr(context, "now")


instants = st.integers(-1_200_000_000, 400_000_000).map(lambda seconds: NOW + timedelta(seconds=seconds))


@given(now=instants, then=instants, later=st.integers(0, 4_000 * 86_400), days=st.integers(0, 4_000))
def test_an_answer_about_time_holds_until_the_instant_that_was_noted(
    now: datetime, then: datetime, later: int, days: int
) -> None:
    day = date(then.year, then.month, then.day)
    questions: tuple[Callable[[Today], object], ...] = (
        lambda today: today.days_since(then),
        lambda today: today.is_older(then, days),
        lambda today: today.is_past(day),
        lambda today: today.days_past(day),
    )
    for question in questions:
        today = Today(now)
        answer, until = question(today), today.noted()
        after = now + timedelta(seconds=later)
        if until is None or until.holds(after):
            assert question(Today(after)) == answer
        assert until is None or until.instant > now
        assert today.noted() is None


def test_a_date_that_means_never_is_no_error() -> None:
    today = Today(NOW)
    assert today.days_since(datetime.max.replace(tzinfo=UTC)) == 0
    assert not today.is_past(date.max)
    assert (until := today.noted()) is not None
    assert until.holds(NOW)


def test_a_document_shared_twice_is_fingerprinted_alike_and_differs_from_its_neighbours() -> None:
    prints = Fingerprints(AuditSettings())
    keys = [
        prints.key(
            Context(
                document=one,
                audience=None,
                responsible=RULE_LIST[0].bad[0].responsible,
                now=NOW,
                settings=AuditSettings(),
            )
        )
        for one in corpus()[:20]
    ]
    assert len(set(keys)) == 20


def test_what_is_remembered_survives_the_store(first: Audit) -> None:
    from pydantic import TypeAdapter

    from rseaudit.audit.memory import Judged

    kept, adapter = TypeAdapter(Judged), TypeAdapter(Finding)
    judged = tuple(kept.validate_python(json.loads(kept.dump_json(one))) for one in first.judged)
    findings = tuple(adapter.validate_python(json.loads(adapter.dump_json(one))) for one in first.findings)
    documents = corpus()
    after = audit(documents, matches=some_matches(documents), memory=Memory.of(judged, findings))
    assert (after.unchanged, told(after)) == (len(documents), told(first))
    assert after.judged[0].document == Ref("rse", "0")


def test_the_command_tells_how_many_were_judged_and_how_many_were_unchanged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    lines = [
        {"source": "rse", "role": "audited", "id": str(number), "text": text, "created": "2024-03-02T09:00:00+01:00"}
        for number, text in enumerate(TEXTS[:12])
    ]

    def put_in(some: list[dict[str, str]]) -> None:
        Path("corpus.jsonl").write_text("".join(json.dumps(line) + "\n" for line in some), "utf-8")
        assert main(["import", "corpus.jsonl", "--quiet"]) == 0
        capsys.readouterr()

    def audited(day: str) -> tuple[int, int, int, object]:
        assert main(["audit", "--json", "--now", day]) == 0
        found = json.loads(capsys.readouterr().out)
        return found["judged"], found["unchanged"], found["dates_checked"], found["findings"]

    put_in(lines)
    *counts, findings = audited("2026-11-25")
    assert counts == [12, 0, 0]
    assert audited("2026-11-25") == (0, 12, 0, findings)
    judged, unchanged, dated, _ = audited("2026-11-26")
    assert (judged, unchanged + dated) == (0, 12)
    put_in([{**lines[3], "text": "Le texte est tout autre, et bien plus court."}])
    judged, unchanged, dated, _ = audited("2026-11-26")
    assert judged + unchanged + dated == 12
    assert 1 <= judged <= 4, "it, and those that it was compared with"
