"""Each text that stands in several places has a page of its own, for the auditors' eyes."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from rseaudit.config.settings import DuplicatesSettings
from rseaudit.duplicates import find_reuse
from rseaudit.model import Document, Source, Visibility
from rseaudit.people import Directory
from rseaudit.report.data import ReportData
from rseaudit.report.files import write_reports
from rseaudit.report.groups import group_views
from tests.duplicates_cases import texts

NOW = datetime(2026, 3, 9, 9, tzinfo=UTC)
SOURCES = (Source(name="rse", role="audited"), Source(name="intranet", role="reference"))


def document(source: str, id_: str, name: str, day: int, visibility: Visibility = "registered") -> Document:
    when = NOW + timedelta(days=day)
    return Document(
        source=source, id=id_, title=f"{texts()[name]['title']} ({id_})", text=texts()[name]["text"],
        author=f"Auteur {id_}", url=f"https://{source}.example.com/{id_}", created=when, dates={"api-date": when},
        visibility=visibility,
    )  # fmt: skip


def data(*documents: Document) -> ReportData:
    reuse = find_reuse(
        documents,
        sources={source.name: source for source in SOURCES},
        spaces=(),
        directory=Directory(()),
        settings=DuplicatesSettings(),
    )
    return ReportData(
        organisation="",
        contact="",
        now=NOW,
        documents={document.ref: document for document in documents},
        sources=SOURCES,
        matches=reuse.matches,
        originality=reuse.documents,
    )


NOTE = document("intranet", "n", "reseau", 0)
COPIES = [document("rse", f"p{n}", "reseau", n) for n in (1, 2, 3)]


def test_all_copies_of_a_text_stand_on_its_page():
    (group,) = group_views(data(NOTE, *COPIES))
    assert (group.original.id, group.known) == ("n", True)
    assert sorted(view.mine.id for view in group.members) == ["p1", "p2", "p3"]
    assert {view.other.id for view in group.members} == {"n"}


def test_a_closed_copy_is_on_no_page(tmp_path: Path):
    closed = document("rse", "p9", "reseau", 5, "private")
    with_it, without = data(NOTE, *COPIES, closed), data(NOTE, *COPIES)
    assert group_views(with_it) == group_views(without)
    write_reports(with_it, tmp_path)
    for path in [*(tmp_path / "groups").iterdir(), tmp_path / "report.json", tmp_path / "overview.html"]:
        assert "p9" not in path.read_text("utf-8")


def test_a_closed_original_leaves_the_copies_among_themselves():
    groups = group_views(data(replace(NOTE, visibility="private"), *COPIES))
    assert all(group.original.id != "n" for group in groups)
    assert all(view.other.id != "n" and view.mine.id != "n" for group in groups for view in group.members)


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_overview_leads_to_each_page_and_json_names_it(tmp_path: Path, lang: str):
    write_reports(data(NOTE, *COPIES), tmp_path, lang=lang)
    (page,) = (tmp_path / "groups").iterdir()
    assert f'href="groups/{page.name}"' in (tmp_path / "overview.html").read_text("utf-8")
    (group,) = json.loads((tmp_path / "report.json").read_text("utf-8"))["groups"]
    assert group["page"] == f"groups/{page.name}"
    assert group["original"] == {"source": "intranet", "id": "n"}
    assert len(group["members"]) == len(group["matches"]) == 3
    assert 'href="../overview.html#taken-up"' in page.read_text("utf-8")


def test_pages_of_groups_that_are_no_more_go(tmp_path: Path):
    write_reports(data(NOTE, *COPIES), tmp_path)
    write_reports(data(NOTE), tmp_path)
    assert list((tmp_path / "groups").iterdir()) == []


def test_a_page_is_made_of_text_only(tmp_path: Path):
    evil = replace(NOTE, title="</title><script>alert(1)</script>", url="javascript:alert(1)")
    write_reports(data(evil, *COPIES), tmp_path)
    (page,) = (tmp_path / "groups").iterdir()
    assert "<script" not in page.read_text("utf-8")
    assert "javascript:" not in page.read_text("utf-8")
