"""What each person is asked: grouped, told from their side, never counted against them."""

from __future__ import annotations

import dataclasses
import tomllib
from dataclasses import replace
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rseaudit.model import Document, Match, MatchKind, Passage, Ref, Responsible, Side, Source, Span
from rseaudit.report import views
from rseaudit.report.data import ReportData
from rseaudit.report.owners import exclusion, flipped, owner_pages, slug
from rseaudit.report.passages import side_by_side
from rseaudit.report.views import MatchView, OwnerPage
from rseaudit.text import words
from tests.report_company import ADAPTED, SHARED
from tests.report_sample import passage, sample

LINE = "les agents de nuit prennent leur service une heure plus tôt pendant toute la durée des travaux"


def pair(original: Side, kind: MatchKind = "copy", role: str = "audited") -> ReportData:
    one = Document(source="rse", id="1", title="Un", text=f"Ici : {LINE}.", author="Ada", visibility="public")
    two = Document(source="other", id="2", title="Deux", text=f"Là : {LINE}.", author="Bob", visibility="public")
    match = Match(
        id="m", document=one.ref, other=two.ref, kind=kind, shared_words=17, share_of_document=0.9, share_of_other=0.8,
        original=original, evidence="none", passages=(passage(one.text, two.text, LINE, LINE),),
    )  # fmt: skip
    return ReportData(
        organisation="", contact="", now=sample().now, documents={one.ref: one, two.ref: two}, matches=(match,),
        sources=(Source(name="rse", role="audited"), Source(name="other", role=role)),
    )  # fmt: skip


def asked(data: ReportData) -> dict[str, str]:
    """Return for each page the title of the content that is asked about."""
    return {page.name: page.contents[0].document.title for page in owner_pages(data)}


def page_of(name: str) -> OwnerPage:
    return next(page for page in owner_pages(sample()) if page.name == name)


def test_the_side_that_repeats_is_told() -> None:
    assert asked(pair("document")) == {"Bob": "Deux"}
    assert asked(pair("other")) == {"Ada": "Un"}


def test_both_sides_are_told_when_nobody_knows_which_came_first() -> None:
    assert asked(pair("unknown")) == {"Ada": "Un", "Bob": "Deux"}


def test_authors_of_watched_feeds_are_told_nothing() -> None:
    assert asked(pair("unknown", role="watched")) == {}


@pytest.mark.parametrize("kind", [kind for kind in get_args(MatchKind) if kind != "copy"])
def test_what_is_no_copy_asks_nothing_by_itself(kind: MatchKind) -> None:
    assert owner_pages(pair("unknown", kind)) == ()


def test_a_match_is_told_from_the_side_of_its_reader() -> None:
    pages = {page.name: page.contents[0].matches[0] for page in owner_pages(pair("unknown"))}
    assert (pages["Bob"].mine.title, pages["Bob"].other.title) == ("Deux", "Un")
    assert (pages["Bob"].share_of_mine, pages["Bob"].share_of_other) == (0.8, 0.9)
    assert "".join(piece.text for piece in pages["Bob"].passages[0].mine) == LINE


def test_the_ladder_of_the_audit_goes_before_the_author() -> None:
    data = replace(
        pair("other"), responsibles={Ref("rse", "1"): Responsible(name="Eve", rung="space-owner", key="eve")}
    )
    assert asked(data) == {"Eve": "Un"}


def test_a_content_of_nobody_makes_no_page() -> None:
    assert asked(replace(pair("other"), responsibles={Ref("rse", "1"): Responsible(name="", rung="none")})) == {}


def test_the_most_pressing_content_comes_first_and_answers_are_remembered() -> None:
    page = page_of("Claire Marchand")
    assert [content.severity for content in page.contents] == ["alert", "alert"]
    deadline = page.contents[0].findings[0]
    assert (deadline.decision, deadline.decision_reason) == ("update", "Nouvelle session en janvier.")


def test_texts_that_others_take_up_are_told_apart_for_information() -> None:
    page = page_of("Claire Marchand")
    assert [match.other.title for match in page.taken_up] == ["Télétravail : ce que dit l’avenant"]
    told = [match for content in page.contents for match in content.matches]
    assert [match.other.title for match in told if match.kind == "copy"] == [
        "Travaux en espace confiné : la nouvelle consigne"
    ]


def test_pages_do_not_depend_on_the_order_of_the_data() -> None:
    data = sample()
    turned = replace(
        data,
        documents=dict(reversed(data.documents.items())),
        matches=tuple(reversed(data.matches)),
        findings=tuple(reversed(data.findings)),
        persons=tuple(reversed(data.persons)),
    )
    assert owner_pages(turned) == owner_pages(data)


def test_nothing_is_counted_per_person() -> None:
    fields = {field.name for field in dataclasses.fields(views.OwnerPage)}
    assert fields == {"key", "name", "file", "contents", "taken_up", "withheld"}
    names = [field.name for field in dataclasses.fields(views.Overview)]
    assert [name for name in names if "owner" in name or "person" in name or "author" in name] == []


def test_the_words_that_differ_are_left_unmarked() -> None:
    view = side_by_side(passage(ADAPTED, SHARED, ADAPTED, SHARED), ADAPTED, SHARED)
    assert [piece.text.strip() for piece in view.mine if not piece.common] == ["radio", "contrôlé", "."]
    assert [piece.text.strip() for piece in view.other if not piece.common] == ["vérifié", "."]


@given(st.text(alphabet="abc é,.\n", max_size=80), st.text(alphabet="abc é,.\n", max_size=80))
def test_marked_words_are_the_same_on_both_sides_and_no_text_is_lost(mine: str, other: str) -> None:
    whole = Passage(document=Span(0, len(mine)), other=Span(0, len(other)), similarity=1, words=1)
    view = side_by_side(whole, mine, other)
    common = [
        [form for piece in side if piece.common for form in words(piece.text).forms] for side in (view.mine, view.other)
    ]
    assert common[0] == common[1]
    assert "".join(piece.text for piece in view.mine).replace("¶", "").split() == mine.split()


def test_a_long_passage_is_cut_and_says_by_how_much() -> None:
    text = " ".join(f"mot{i}" for i in range(50))
    whole = Passage(document=Span(0, len(text)), other=Span(0, len(text)), similarity=1, words=50)
    view = side_by_side(whole, text, text, shown_words=20)
    assert view.left_out == 30
    assert view.mine[0].text == text[: text.index("mot19") + 5]


def test_a_match_flipped_twice_is_itself() -> None:
    for match in sample().matches:
        assert flipped(flipped(match)) == match


@pytest.mark.parametrize("text", ['dit "oui"\\', "é\x7f\x01\t", "a\nb", "'''\"\"\"", "#]"])
def test_the_line_that_excludes_a_text_is_toml(text: str) -> None:
    assert tomllib.loads(exclusion(text)) == {"duplicates": {"exclude_text": [" ".join(text.split())]}}


@pytest.mark.parametrize(("name", "expected"), [
    ("Inès Boulanger", "ines-boulanger"), ("../../etc/passwd", "etc-passwd"), ("Œuvre & Cie", "oeuvre-cie"),
    ("李雷", "contents"), ("", "contents"), ("a" * 90, "a" * 40),
])  # fmt: skip
def test_file_names_are_plain(name: str, expected: str) -> None:
    assert slug(name) == expected


def test_persons_of_the_same_name_have_files_of_their_own() -> None:
    data = pair("unknown")
    twins = {
        Ref("rse", "1"): Responsible(name="Ada", rung="author", key="k1"),
        Ref("other", "2"): Responsible(name="Ada", rung="author", key="k2"),
    }
    files = [page.file for page in owner_pages(replace(data, responsibles=twins))]
    assert len(set(files)) == 2
    assert all(file.startswith("ada-") for file in files)


def test_every_view_of_a_match_leads_back_to_the_store() -> None:
    ids = {match.id for match in sample().matches}
    shown = [m for page in owner_pages(sample()) for c in page.contents for m in c.matches]
    assert shown
    assert {match.id for match in shown} <= ids
    assert all(isinstance(match, MatchView) for match in shown)
