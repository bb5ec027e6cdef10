"""Files appear whole, with the same bytes each time, and tables open in a spreadsheet."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rseaudit.errors import UsageError
from rseaudit.report import tables
from rseaudit.report.files import LATER, write_reports, write_text
from tests.digest_sample import digest
from tests.report_company import CLAIRE
from tests.report_sample import sample


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_the_same_data_give_the_same_bytes(tmp_path: Path) -> None:
    write_reports(replace(sample(), digest=digest()), tmp_path / "one")
    write_reports(replace(sample(), digest=digest()), tmp_path / "two")
    assert contents(tmp_path / "one") == contents(tmp_path / "two")


def test_every_path_that_is_returned_is_written_and_nothing_else(tmp_path: Path) -> None:
    paths = write_reports(replace(sample(), digest=digest()), tmp_path)
    assert sorted(path.relative_to(tmp_path).as_posix() for path in paths) == sorted(contents(tmp_path))
    assert [path.name for path in paths[:2]] == ["index.html", "overview.html"]


def test_only_the_wanted_formats_are_written(tmp_path: Path) -> None:
    assert {path.suffix for path in write_reports(sample(), tmp_path, formats=["csv"])} == {".csv"}


@pytest.mark.parametrize("name", LATER)
def test_formats_that_are_to_come_say_so(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match="not built yet"):
        write_reports(sample(), tmp_path, formats=["html", name])
    assert contents(tmp_path) == {}


def test_an_unknown_format_names_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"'docx' is not known\n  expected: html, json, csv"):
        write_reports(sample(), tmp_path, formats=["docx"])


@pytest.mark.parametrize("label", [CLAIRE.name, CLAIRE.mail, CLAIRE.key, "claire  MARCHAND"])
def test_one_owner_can_be_asked_for_by_name_mail_or_key(tmp_path: Path, label: str) -> None:
    paths = write_reports(sample(), tmp_path, owner=label)
    assert [path.name[:15] for path in paths] == ["claire-marchand"] * 2


def test_an_owner_of_whom_nothing_is_asked_is_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="nothing is asked of 'Zoé'"):
        write_reports(sample(), tmp_path, owner="Zoé")


def test_pages_of_persons_who_are_no_longer_asked_anything_go(tmp_path: Path) -> None:
    write_reports(sample(), tmp_path)
    (tmp_path / "owners" / "notes.txt").write_text("mine")
    write_reports(replace(sample(), findings=(), matches=()), tmp_path)
    assert [path.name for path in (tmp_path / "owners").iterdir()] == ["notes.txt"]


def test_without_an_audit_only_the_digest_is_written(tmp_path: Path) -> None:
    data = replace(sample(), documents={}, crawl=(), findings=(), matches=(), digest=digest())
    assert [path.name for path in write_reports(data, tmp_path)] == ["index.html", "digest.html", "digest.json"]


def test_a_folder_that_cannot_be_written_to_is_named_with_the_remedy(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("x")
    with pytest.raises(UsageError, match=r"cannot be written: (?s:.*)next: choose another one with --output"):
        write_reports(sample(), blocked)


def test_a_failed_write_leaves_the_old_file_and_no_rest(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    write_text(path, "old")
    with pytest.raises(UnicodeEncodeError):
        write_text(path, "new \ud800")
    assert contents(tmp_path) == {"a.html": b"old"}


def test_the_json_holds_what_the_interface_promises(tmp_path: Path) -> None:
    write_reports(sample(), tmp_path, formats=["json"])
    report = json.loads((tmp_path / "report.json").read_text("utf-8"))
    assert report["schema"] == 1
    assert {"id", "rule", "dimension", "document", "severity", "evidence", "reason", "action", "owner"} <= set(
        report["findings"][0]
    )
    assert report["matches"][0]["passages"][0].keys() == {"document", "other", "similarity"}
    assert {"source", "id", "audience", "fit", "decision", "actions", "originality", "verdict"} <= set(
        report["documents"][0]
    )
    page = json.loads(next((tmp_path / "owners").glob("claire-*.json")).read_text("utf-8"))
    assert page["contents"][0]["findings"][0]["reason"].endswith(": 436).")


@pytest.mark.parametrize(("lang", "delimiter"), [("fr", ";"), ("en", ",")])
def test_tables_open_in_the_spreadsheet_of_their_language(tmp_path: Path, lang: str, delimiter: str) -> None:
    write_reports(sample(), tmp_path, lang=lang, formats=["csv"])
    for name, header in (("findings.csv", tables.FINDINGS), ("matches.csv", tables.MATCHES)):
        raw = (tmp_path / name).read_bytes()
        assert raw.startswith(b"\xef\xbb\xbf")
        rows = list(csv.reader(raw.decode("utf-8-sig").splitlines(), delimiter=delimiter))
        assert len(rows) > 1
        assert {len(row) for row in rows} == {len(header)}


def test_findings_are_one_row_each_with_owner_space_document_and_decision(tmp_path: Path) -> None:
    write_reports(sample(), tmp_path, lang="en", formats=["csv"])
    text = (tmp_path / "findings.csv").read_text("utf-8-sig")
    rows = list(csv.DictReader(text.splitlines()))
    assert [(row["Rule"], row["Who answers"], row["Space"], row["Decision"]) for row in rows] == [
        ("orphan-content", "", "Exploitation", ""),
        ("expired-deadline", "Claire Marchand", "Sécurité terrain", "Update"),
        ("long-sentences", "Claire Marchand", "Vie au travail", ""),
        ("stale-content", "Claire Marchand", "Vie au travail", ""),
    ]


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@x", "\t=1", "\rx", "  =1", "\u202e=1", "＝1", "\n-"])
def test_a_formula_is_quoted(text: str) -> None:
    assert tables.cell(text).startswith("'")


@given(st.text())
def test_no_cell_starts_a_formula_or_a_line(text: str) -> None:
    cell = tables.cell(text)
    assert not cell.lstrip().startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠"))
    assert not set("\r\n\t\0") & set(cell)
