from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from rseaudit.audit.context import seen_from
from rseaudit.audit.job import Audit, judge, to_json
from rseaudit.config.settings import AuditSettings, SpaceSettings
from rseaudit.errors import UsageError
from rseaudit.i18n import translator
from rseaudit.model import Audience, Document, Match, Originality, Passage, Person, Ref, Source, Space, Span
from rseaudit.people import Directory

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
SOURCES = [Source(name="rse", role="audited"), Source(name="intranet", role="reference")]
FIELD = Audience(id="terrain", label="Terrain", languages=("fr",), level="facile", device="mobile")
OFFICE = Audience(id="bureau", label="Bureau d’études", languages=("fr",), level="expert", device="desktop")
TEXT = (
    "Les vérins du hall 3 sont contrôlés par le prestataire. Chaque vérin porte une étiquette verte après le contrôle. "
    "Un vérin sans étiquette reste à l’arrêt. Prévenez votre chef d’équipe si vous en trouvez un. "
    "Répondez à l’enquête avant le 15 mars 2026."
)


def document(
    number: str, *, source: str = "rse", text: str = TEXT, author: str = "Nadia Perrin", space: str = "Atelier"
) -> Document:
    created = datetime(2026, 3, 2, tzinfo=UTC)
    return Document(source=source, id=number, text=text, kind="post", author=author, spaces=(space,), created=created)


def match(one: Ref, other: Ref, **changes: object) -> Match:
    whole = Span(0, len(TEXT))
    base = Match(
        id="m",
        document=one,
        other=other,
        kind="copy",
        shared_words=60,
        share_of_document=1.0,
        share_of_other=0.5,
        original="other",
        evidence="api-date",
        passages=(Passage(document=whole, other=Span(10, 10 + len(TEXT)), similarity=1.0, words=60),),
    )
    return replace(base, **changes)  # type: ignore[arg-type]


def audit(
    documents: Sequence[Document],
    *,
    matches: Sequence[Match] = (),
    originality: Sequence[Originality] = (),
    spaces: Sequence[Space] = (),
    persons: Sequence[Person] = (),
    settings: AuditSettings | None = None,
) -> Audit:
    return judge(
        documents,
        spaces=spaces,
        sources=SOURCES,
        directory=Directory(persons),
        audiences=[FIELD, OFFICE],
        space_settings=[
            SpaceSettings(match="rse/Atelier*", audience="terrain"),
            SpaceSettings(match="rse/Études*", audience="bureau"),
        ],
        matches=matches,
        originality=originality,
        settings=settings or AuditSettings(),
        now=NOW,
    )


def rules(result: Audit) -> list[str]:
    return [finding.rule for finding in result.findings]


def test_only_documents_of_audited_sources_that_are_not_gone_are_judged() -> None:
    result = audit([document("1"), replace(document("2"), gone=True), document("3", source="intranet")])
    assert [judgement.document for judgement in result.judgements] == [Ref("rse", "1")]
    assert {finding.document for finding in result.findings} == {Ref("rse", "1")}
    assert list(result.responsibles) == [Ref("rse", "1")]


def test_a_passed_deadline_is_found_at_its_exact_place_and_sent_to_the_author() -> None:
    [finding] = [f for f in audit([document("1")]).findings if f.rule == "expired-deadline"]
    [quote] = finding.evidence
    assert quote.text == "avant le 15 mars 2026" == TEXT[quote.start : quote.end]
    assert (finding.owner.name, finding.owner.rung) == ("Nadia Perrin", "author")


def test_the_same_store_in_another_order_gives_the_same_audit() -> None:
    documents = [document(str(number), space=space) for number in range(12) for space in ("Atelier",)]
    pairs = [match(Ref("rse", "1"), Ref("rse", "2")), match(Ref("rse", "3"), Ref("rse", "1"), original="unknown")]
    assert audit(documents, matches=pairs) == audit(documents[::-1], matches=pairs[::-1])


def test_findings_come_by_source_id_and_rule() -> None:
    found = audit([document(number) for number in ("10", "9", "é")]).findings
    assert [(f.document, f.rule) for f in found] == sorted((f.document, f.rule) for f in found)


def test_an_id_survives_a_move_of_the_text_and_changes_with_its_words() -> None:
    def deadline(text: str) -> str:
        return next(f.id for f in audit([document("1", text=text)]).findings if f.rule == "expired-deadline")

    assert deadline(TEXT) == deadline(f"Bonjour à tous.\n\n{TEXT.replace('15 mars 2026', '15 MARS 2026')}")
    assert deadline(TEXT) != deadline(TEXT.replace("15 mars", "16 mars"))


def test_a_copy_is_reported_to_the_later_side_only() -> None:
    here, there = document("1"), document("2", author="Karim Haddad")
    verdicts = [
        Originality(document=here.ref, words=60, originality=0.0, attributed_share=0.0, verdict="copy"),
        Originality(document=there.ref, words=60, originality=1.0, attributed_share=0.0, verdict="original"),
    ]
    result = audit([here, there], matches=[match(here.ref, there.ref)], originality=verdicts)
    assert [f.document.id for f in result.findings if f.rule in ("copied-content", "copied-passage")] == ["1"]
    assert next(j.decision for j in result.judgements if j.document.id == "1") == "merge"


def test_what_one_person_published_twice_is_not_taken_from_anybody() -> None:
    pair = [document("1"), document("2")]
    found = rules(audit(pair, matches=[match(pair[0].ref, pair[1].ref)]))
    assert not {"copied-content", "copied-passage", "shared-passage"} & set(found)


def test_a_relay_with_its_source_is_never_blamed() -> None:
    here, there = document("1"), document("n-17", source="intranet", author="Karim Haddad")
    relay = Originality(document=here.ref, words=60, originality=0.1, attributed_share=0.9, verdict="relay")
    result = audit([here, there], matches=[match(here.ref, there.ref, kind="relay")], originality=[relay])
    assert "originality" not in {finding.dimension for finding in result.findings}


def test_a_match_is_seen_from_either_side() -> None:
    seen = seen_from(match(Ref("rse", "1"), Ref("rse", "2")), Ref("rse", "2"))
    assert (seen.document, seen.other, seen.original) == (Ref("rse", "2"), Ref("rse", "1"), "document")
    assert (seen.share_of_document, seen.share_of_other) == (0.5, 1.0)
    assert seen.passages[0].document == Span(10, 10 + len(TEXT))
    assert seen_from(seen, Ref("rse", "1")) == match(Ref("rse", "1"), Ref("rse", "2"))


def test_one_text_for_two_audiences_is_reported_on_the_later_side() -> None:
    here, there = document("1"), document("2", space="Études")
    same = match(here.ref, there.ref, share_of_other=1.0, kind="own-version")
    found = [f for f in audit([here, there], matches=[same]).findings if f.rule == "unchanged-across-audiences"]
    assert [(f.document.id, f.numbers["fields"]) for f in found] == [("1", "level, device")]


def test_one_content_in_two_spaces_for_two_audiences_is_reported() -> None:
    both = replace(document("1"), spaces=("Atelier", "Études"))
    assert "unchanged-across-audiences" in rules(audit([both]))


def test_an_orphan_is_given_to_nobody_and_asks_for_an_owner() -> None:
    gone = Person(key="n", name="Nadia Perrin", active=False)
    result = audit([document("1")], persons=[gone], spaces=[Space(source="rse", name="Atelier")])
    assert {finding.owner.rung for finding in result.findings} == {"none"}
    assert result.judgements[0].decision == "assign-owner"
    assert "inactive-author" not in rules(result)


def test_a_disabled_rule_is_silent_and_an_unknown_one_is_refused() -> None:
    assert "expired-deadline" not in rules(audit([document("1")], settings=AuditSettings(disable=["expired-deadline"])))
    with pytest.raises(UsageError, match="no rule"):
        audit([document("1")], settings=AuditSettings(disable=["expired"]))


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_json_has_exactly_the_agreed_shape(lang: str) -> None:
    speaker = translator(lang)
    data = to_json(audit([document("1")]), "r1", lambda key, values: speaker.text(key, **values))
    read = json.loads(json.dumps(data))
    assert set(read) == {"schema", "run", "judged", "unchanged", "dates_checked", "findings", "documents"}
    assert (read["judged"], read["unchanged"], read["dates_checked"]) == (1, 0, 0)
    assert (read["schema"], read["run"]) == (1, "r1")
    for finding in read["findings"]:
        assert list(finding) == [
            "id",
            "rule",
            "dimension",
            "document",
            "severity",
            "evidence",
            "reason",
            "action",
            "owner",
        ]
        assert set(finding["document"]) == {"source", "id"}
        assert set(finding["owner"]) == {"name", "rung"}
        assert all(TEXT[e["start"] : e["end"]] == e["text"] for e in finding["evidence"])
        assert "{" not in finding["reason"] + finding["action"]
    [judged] = read["documents"]
    assert list(judged) == ["source", "id", "audience", "fit", "decision", "actions"]
    assert (judged["audience"], judged["decision"]) == ("terrain", "update")


def test_of_a_short_message_whatever_is_said_is_information() -> None:
    short = document("1", text="Répondez à l’enquête avant le 15 mars 2026.")
    assert {f.severity for f in audit([short]).findings} == {"info"}
    page = replace(short, kind="page")
    assert {f.severity for f in audit([page]).findings if f.rule == "expired-deadline"} == {"advice"}
