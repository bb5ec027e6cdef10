"""Nobody is shown, in any file, what the platform does not let them read."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from rseaudit.model import Document, Finding, Match, Originality, Person, Quote, Ref, Responsible, Source, Space, Span
from rseaudit.report.data import ReportData, SourceCrawl, Tally, tally
from rseaudit.report.files import write_reports
from rseaudit.report.overview import overview
from rseaudit.report.owners import owner_pages
from rseaudit.report.reader import Reader
from tests.report_company import CLAIRE, HUGO, INES, NOW
from tests.report_sample import passage, sample

SHARED = "la nouvelle grille entre en vigueur le premier lundi de janvier pour toutes les équipes de nuit"
ANNA = Person(key="anna", name="Anna Petit")
BORIS = Person(key="boris", name="Boris Roux")
# Each word stands in one closed space only; no file of the other person, nor of the auditors, may hold it.
CANARIES = {"anna": ("pivoine", "Pavillon", "a-741"), "boris": ("basilic", "Belvédère", "b-852")}


def closed_pair(original: str = "unknown") -> ReportData:
    """Two closed spaces of one member each; a text of each repeats the other's."""
    anna = Document(
        source="rse",
        id="a-741",
        title="Dossier pivoine",
        text=f"Note pivoine : {SHARED}.",
        author="Anna Petit",
        url="https://rse.example/pavillon/a-741",
        spaces=("Pavillon",),
        visibility="space",
    )
    boris = Document(
        source="rse",
        id="b-852",
        title="Dossier basilic",
        text=f"Note basilic : {SHARED}.",
        author="Boris Roux",
        url="https://rse.example/belvedere/b-852",
        spaces=("Belvédère",),
        visibility="space",
    )
    match = Match(
        id="m" * 16,
        document=anna.ref,
        other=boris.ref,
        kind="copy",
        shared_words=777,
        share_of_document=0.88,
        share_of_other=0.88,
        original=original,
        evidence="none",
        passages=(passage(anna.text, boris.text, SHARED, SHARED),),
    )
    findings = tuple(
        Finding(
            id=f"{person.key:f<16}",
            rule="copied-passage",
            dimension="originality",
            document=mine.ref,
            severity="alert",
            evidence=(Quote(0, 5, mine.text[:30]),),
            reason="{words} words are shared with {other}.",
            action="Name the source.",
            proposal="merge",
            owner=Responsible(name=person.name, rung="author", key=person.key),
            numbers={"words": 777, "other": other.title},
        )
        for person, mine, other in ((ANNA, anna, boris), (BORIS, boris, anna))
    )
    return ReportData(
        organisation="Régie",
        contact="audit@example.org",
        now=NOW,
        documents={anna.ref: anna, boris.ref: boris},
        sources=(Source(name="rse", role="audited"),),
        spaces=(
            Space(
                source="rse",
                name="Pavillon",
                visibility="space",
                members=("Anna Petit",),
                url="https://rse.example/pavillon",
            ),
            Space(
                source="rse",
                name="Belvédère",
                visibility="space",
                members=("Boris Roux",),
                url="https://rse.example/belvedere",
            ),
        ),
        persons=(ANNA, BORIS),
        matches=(match,),
        findings=findings,
        originality=tuple(
            Originality(document=d.ref, words=200, originality=0.12, attributed_share=0, verdict="copy")
            for d in (anna, boris)
        ),
        crawl=(
            SourceCrawl(
                source="rse",
                asked=2,
                done=2,
                failed=0,
                excluded=0,
                refused=(Tally(reason="action", count=1, examples=("https://rse.example/belvedere/b-852/delete",)),),
                failures=(Tally(reason="status 500", count=1, examples=("https://rse.example/pavillon/autre",)),),
            ),
        ),
    )


@pytest.mark.parametrize("original", ["unknown", "document", "other"])
@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_words_of_a_closed_space_stay_in_it(tmp_path: Path, lang: str, original: str) -> None:
    paths = write_reports(closed_pair(original), tmp_path, lang=lang)
    for path in paths:
        said = path.name + path.read_text("utf-8")
        for owner, words in CANARIES.items():
            if not path.name.startswith(owner):
                assert [word for word in words if word in said] == [], path.name


def test_an_owner_is_told_that_there_is_more_but_not_what(tmp_path: Path) -> None:
    write_reports(closed_pair(), tmp_path)
    page = next(tmp_path.glob("owners/anna-petit-*.html")).read_text("utf-8")
    assert "Dossier pivoine" in page
    assert "contenu à accès restreint" in page
    assert "audit@example.org" in page
    assert "777" not in page
    assert "12" not in page.split("<main")[1].split("</main>")[0].replace("grille", "")


def test_auditors_learn_that_closed_contents_exist_and_no_number_of_them() -> None:
    summary = overview(closed_pair())
    assert summary.withheld
    assert (summary.documents, summary.spaces, summary.concerned, summary.copied) == (0, 0, 0, 0)
    assert (summary.rules, summary.space_rows, summary.matches) == ((), (), ())


def test_members_of_both_spaces_see_both_sides() -> None:
    data = closed_pair()
    spaces = [replace(space, members=("Anna Petit", "Boris Roux")) for space in data.spaces]
    pages = owner_pages(replace(data, spaces=spaces))
    assert [page.contents[0].matches[0].other.title for page in pages] == ["Dossier basilic", "Dossier pivoine"]
    assert [page.contents[0].restricted for page in pages] == [False, False]


def test_someone_who_may_not_read_what_they_answer_for_is_sent_to_the_contact() -> None:
    data = closed_pair()
    documents = {ref: replace(d, author=None, visibility="private") for ref, d in data.documents.items()}
    pages = owner_pages(replace(data, documents=documents))
    assert [(page.contents, page.withheld) for page in pages] == [((), True), ((), True)]


def test_a_remark_on_an_open_original_is_told_even_beside_a_closed_one() -> None:
    data = closed_pair()
    opened = Document(source="rse", id="open", title="Ouvert", text=SHARED, author="Boris Roux", visibility="public")
    beside = replace(data.matches[0], id="n", other=opened.ref, passages=())
    about = replace(data.findings[0], id="open", numbers={"words": 17, "other": "rse/open"})
    both = replace(
        data,
        documents={**data.documents, opened.ref: opened},
        matches=(*data.matches, beside),
        findings=(*data.findings, about),
    )
    assert [finding.id for finding in Reader(both, ANNA).findings()] == ["open"]


def test_an_address_below_a_closed_space_is_not_an_example() -> None:
    crawl = overview(closed_pair()).sources[0].crawl
    assert crawl is not None
    assert [(t.count, t.examples) for t in (*crawl.refused, *crawl.failures)] == [(1, ()), (1, ())]


def test_the_sample_keeps_its_closed_project_from_everybody_but_its_author(tmp_path: Path) -> None:
    for path in write_reports(sample(), tmp_path):
        if not path.name.startswith("ines"):
            said = path.read_text("utf-8")
            assert [word for word in ("Hirondelle", "Comité de direction", "903", "post/903") if word in said] == []


def test_the_name_of_a_closed_space_is_passed_over_for_one_that_is_open() -> None:
    spaces = (
        Space(source="rse", name="Fermé", visibility="space"),
        Space(source="rse", name="Ouvert", visibility="public"),
    )
    document = Document(source="rse", id="1", text="x", spaces=("Fermé", "Ouvert"), visibility="public")
    data = replace(sample(), documents={document.ref: document}, spaces=spaces)
    assert Reader(data, None).space(document) == "Ouvert"


def test_a_readable_document_names_a_space_of_unknown_openness() -> None:
    document = Document(source="rse", id="1", text="x", spaces=("Fil",), visibility="public")
    data = replace(sample(), documents={document.ref: document}, spaces=(Space(source="rse", name="Fil"),))
    assert Reader(data, None).space(document) == "Fil"


def test_what_nobody_says_how_open_it_is_stays_closed() -> None:
    document = Document(source="rse", id="1", text="x", author="Claire Marchand")
    reader = Reader(replace(sample(), documents={document.ref: document}), None)
    assert reader.document(document.ref) is None
    assert reader.for_person(HUGO).document(document.ref) is None
    assert reader.for_person(CLAIRE).document(document.ref) == document


def test_what_is_gone_is_shown_to_nobody() -> None:
    data = sample()
    ref = Ref("rse", "903")
    gone = replace(data, documents={**data.documents, ref: replace(data.documents[ref], gone=True)})
    assert Reader(gone, INES).document(ref) is None
    assert "ines" not in "".join(page.file for page in owner_pages(gone))


def test_a_common_text_is_shown_only_if_an_open_document_holds_it() -> None:
    data = closed_pair()
    from rseaudit.model import CommonText

    common = CommonText(id="c", text=SHARED, documents=9, sources=1, suggestion=SHARED)
    assert overview(replace(data, common_texts=(common,))).common_texts == ()
    opened = Document(source="rse", id="o", text=SHARED, visibility="public")
    documents = {**data.documents, opened.ref: opened}
    assert overview(replace(data, documents=documents, common_texts=(common,))).common_texts == (common,)


def test_reasons_are_counted_once_per_address_and_the_most_frequent_comes_first() -> None:
    pairs = [("b", "2"), ("a", "1"), ("b", "2"), ("b", "1")]
    assert tally(pairs) == (
        Tally(reason="b", count=2, examples=("1", "2")),
        Tally(reason="a", count=1, examples=("1",)),
    )


def test_a_span_beyond_a_text_is_clipped_rather_than_a_crash() -> None:
    data = closed_pair()
    opened = {ref: replace(d, visibility="public", spaces=()) for ref, d in data.documents.items()}
    wild = replace(data.matches[0].passages[0], document=Span(-3, 10_000))
    pages = owner_pages(replace(data, documents=opened, matches=(replace(data.matches[0], passages=(wild,)),)))
    assert "".join(p.text for p in pages[0].contents[0].matches[0].passages[0].mine).endswith("nuit.")
