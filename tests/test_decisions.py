"""Decisions and spaces as tables: out, filled in, back, and what they change."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from rseaudit.answers import WORDS, join_names, read_decisions, split_names
from rseaudit.cli import main
from rseaudit.model import Decision, Proposal
from rseaudit.report.labels import LABELS
from rseaudit.spreadsheet import read_sheet
from rseaudit.store import decisions
from rseaudit.store.database import Store
from tests.command_line import rseaudit, write_config
from tests.site_server import PROFILE, numbered_site, serving

NOW = "2026-11-23"
WHEN = datetime(2026, 11, 23, tzinfo=UTC)
CORPUS = [
    {"type": "person", "key": "p2", "name": "Paul Roux", "active": False},
    {"type": "space", "source": "rse", "name": "Sécurité", "owners": ["Anne Martin"], "visibility": "registered"},
    {"type": "space", "source": "rse", "name": "Direction", "owners": ["Luc Petit"], "visibility": "private"},
    {
        "source": "rse",
        "role": "audited",
        "id": "12",
        "spaces": ["Sécurité"],
        "title": "Visite de mardi",
        "text": "Bonjour à tous, inscrivez-vous avant le 12 mars 2024 pour la visite du quai avec l'équipe.",
        "author": "Paul Roux",
        "created": "2024-03-05T09:00:00+01:00",
        "visibility": "registered",
    },
    {
        "source": "rse",
        "role": "audited",
        "id": "13",
        "spaces": ["Direction"],
        "text": "Répondez avant le 3 avril 2024 à la direction pour dire qui part et qui reste dans les équipes.",
        "created": "2024-03-05T09:00:00+01:00",
    },
]
Rows = list[dict[str, str]]
Capture = pytest.CaptureFixture[str]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> Path:
    monkeypatch.chdir(tmp_path)
    crawl_again(tmp_path)
    assert main(["audit", "--quiet", "--json", "--now", NOW]) == 0
    capsys.readouterr()
    return tmp_path


def crawl_again(folder: Path) -> None:
    """Bring every document in anew, as the next crawl does."""
    lines = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in CORPUS)
    (folder / "corpus.jsonl").write_text(lines, "utf-8")
    assert main(["import", "corpus.jsonl", "--quiet"]) == 0


def exported(capsys: Capture, *options: str) -> Rows:
    capsys.readouterr()
    assert main(["export", "--quiet", "--decisions", *options]) == 0
    text = capsys.readouterr().out
    assert text.startswith("\ufeffid;rule;document;space;owner;reason;proposed;decision;decision_reason;decided_by\r\n")
    return list(csv.DictReader(io.StringIO(text[1:], newline=""), delimiter=";"))


def write(path: Path, rows: Sequence[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter=";")
        writer.writeheader()
        writer.writerows(rows)


def audited(capsys: Capture, *options: str) -> dict[str, list[dict[str, object]]]:
    capsys.readouterr()
    assert main(["audit", "--quiet", "--json", "--now", NOW, *options]) in (0, 1)
    found: dict[str, list[dict[str, object]]] = json.loads(capsys.readouterr().out)
    return found


def test_the_table_holds_the_findings_that_an_auditor_may_read(folder: Path, capsys: Capture) -> None:
    rows = exported(capsys)
    assert {row["document"] for row in rows} == {"rse/12"}  # 13 stands in a private space
    told = {str(f["id"]) for f in audited(capsys)["findings"] if f["document"] == {"source": "rse", "id": "12"}}
    assert {row["id"] for row in rows} == told
    late = next(row for row in rows if row["rule"] == "expired-deadline")
    assert (late["space"], late["owner"]) == ("Sécurité", "Anne Martin")
    assert late["proposed"] in WORDS["fr"].values()
    assert "plus de 2 ans" in late["reason"]
    assert {(row["decision"], row["decision_reason"], row["decided_by"]) for row in rows} == {("", "", "")}


def test_keep_silences_a_finding_with_its_reason_and_survives_the_next_crawl(folder: Path, capsys: Capture) -> None:
    rows = exported(capsys)
    for row in rows:
        row |= {"decision": "Garder", "decision_reason": "Archive voulue", "decided_by": "Anne Martin"}
    write(folder / "decisions.csv", rows)
    assert main(["audit", "--quiet", "--json", "--now", NOW, "--fail-on", "info", "--space", "Sécurité"]) == 1
    assert main(["import", "decisions.csv", "--decisions", "--quiet", "--now", NOW]) == 0
    for _ in range(2):
        found = audited(capsys, "--fail-on", "info", "--space", "Sécurité")
        assert found["findings"] == []
        assert [(one["decision"], one["actions"]) for one in found["documents"]] == [("keep", [])]
        assert main(["audit", "--quiet", "--json", "--now", NOW, "--fail-on", "info", "--space", "Sécurité"]) == 0
        crawl_again(folder)
    assert {row["decision_reason"] for row in exported(capsys)} == {"Archive voulue"}


def test_a_decision_survives_a_real_crawl(tmp_path: Path) -> None:
    with serving(numbered_site(3)) as site:
        write_config(
            tmp_path,
            '[[source]]\nname = "rse"\nrole = "audited"\nplatform = "website"\nprofile = "site"\n'
            f'url = "{site.url}"\npoliteness = {{ autothrottle = false }}\n{PROFILE}',
        )
        assert rseaudit("crawl", "--now", NOW, cwd=tmp_path).code == 0
        before = json.loads(rseaudit("audit", "--json", "--now", NOW, cwd=tmp_path).out)["findings"]
        id_ = before[0]["id"]
        (tmp_path / "d.csv").write_text(f"id;decision;decision_reason\n{id_};garder;Voulu\n", "utf-8")
        assert rseaudit("import", "d.csv", "--decisions", cwd=tmp_path).code == 0
        assert rseaudit("crawl", "--now", "2026-11-24", cwd=tmp_path).code == 0
    after = json.loads(rseaudit("audit", "--json", "--now", NOW, cwd=tmp_path).out)["findings"]
    assert [finding["id"] for finding in before] == [id_, *(finding["id"] for finding in after)]


def test_reports_and_explanations_show_the_answer(folder: Path, capsys: Capture) -> None:
    row = exported(capsys)[0] | {"decision": "garder", "decision_reason": "Archive voulue"}
    write(folder / "decisions.csv", [row])
    assert main(["import", "decisions.csv", "--decisions", "--quiet", "--now", NOW]) == 0
    assert main(["audit", "--now", NOW]) == 0
    assert "answered with keep and not listed: 1" in capsys.readouterr().err
    report = json.loads((folder / "rseaudit-reports" / "report.json").read_text("utf-8"))
    answers = {finding["id"]: finding["decision"] for finding in report["findings"]}
    assert answers[row["id"]] == {"proposal": "keep", "reason": "Archive voulue"}
    [page] = (folder / "rseaudit-reports" / "owners").glob("anne-martin-*.html")
    assert "Archive voulue" in page.read_text("utf-8")
    assert main(["explain", row["id"]]) == 0
    assert "answered on 2026-11-23: keep. Archive voulue" in capsys.readouterr().out


def test_other_decisions_stay_listed_and_can_be_taken_back(folder: Path, capsys: Capture) -> None:
    rows = exported(capsys)
    before = audited(capsys)["findings"]
    write(folder / "decisions.csv", [row | {"decision": "mettre à jour"} for row in rows])
    assert main(["import", "decisions.csv", "--decisions", "--quiet"]) == 0
    assert audited(capsys)["findings"] == before
    assert {row["decision"] for row in exported(capsys)} == {"mettre à jour"}
    write(folder / "decisions.csv", [row | {"decision": "retirer"} for row in rows])
    assert main(["import", "decisions.csv", "--decisions", "--quiet"]) == 0
    assert {row["decision"] for row in exported(capsys)} == {""}


def test_bad_answers_are_named_by_cell_and_the_others_kept(folder: Path, capsys: Capture) -> None:
    row = exported(capsys)[0]
    write(
        folder / "decisions.csv",
        [
            row | {"decision": "gardr"},
            row | {"decision": "garder"},
            row | {"decision": "archiver", "id": "0123456789abcdef"},
            row | {"decision": ""},
            row | {"decision": "fusionner"},
            row | {"decision": "archiver"},
        ],
    )
    assert main(["import", "decisions.csv", "--decisions", "--json"]) == 3
    found = json.loads(capsys.readouterr().out)
    assert (found["decisions"], found["open"]) == (1, 1)
    assert [problem.partition(" ")[0] for problem in found["problems"]] == [
        f"decisions.csv!{place}:" for place in ("H2", "I3", "A4", "H7")
    ]
    assert 'did you mean "garder"?' in found["problems"][0]
    assert '"0123456789abcdef" is no finding of the last audit' in found["problems"][2]
    assert exported(capsys)[0]["decision"] == "fusionner"


def test_an_id_that_a_spreadsheet_made_a_number_is_found_by_its_row(tmp_path: Path) -> None:
    (tmp_path / "d.csv").write_text(
        "id;rule;document;decision\n1,23457E+20;stale-page;rse/1;archiver\n7E+1;stale-page;rse/9;archiver\n", "utf-8"
    )
    sheet = read_sheet(str(tmp_path / "d.csv"), wanted=("id", "decision"))
    known = {"12345678901234e5": ("stale-page", "rse/1"), "aaaaaaaaaaaaaaaa": ("stale-page", "rse/2")}
    found = read_decisions(sheet, known=known, now=WHEN)
    assert [decision.finding for decision in found.decisions] == ["12345678901234e5"]
    assert len(found.problems) == 1
    assert found.problems[0].startswith("d.csv!A3: ")


def test_a_workbook_comes_back_as_well(folder: Path, capsys: Capture) -> None:
    rows = exported(capsys)
    book = Workbook()
    assert book.active is not None
    for row in (list(rows[0]), [*list(rows[0].values())[:7], "Archiver", "Trop vieux", "Anne Martin"]):
        book.active.append(row)
    book.save(folder / "decisions.xlsx")
    assert main(["import", "decisions.xlsx", "--decisions", "--quiet"]) == 0
    assert exported(capsys)[0]["decision"] == "archiver"


@pytest.mark.parametrize(("lang", "proposal"), [(lang, proposal) for lang in WORDS for proposal in WORDS[lang]])
def test_every_proposal_is_understood_in_both_languages(tmp_path: Path, lang: str, proposal: Proposal) -> None:
    word = WORDS[lang][proposal].upper().replace("À", "A")
    (tmp_path / "d.csv").write_text(f"id,decision,decision_reason\nf1,{word},parce que\n", "utf-8")
    sheet = read_sheet(str(tmp_path / "d.csv"), wanted=("id", "decision"))
    found = read_decisions(sheet, known={"f1": ("", "")}, now=WHEN)
    assert [(decision.proposal, decision.reason) for decision in found.decisions] == [(proposal, "parce que")]


def test_there_is_a_word_for_every_proposal() -> None:
    assert [set(words) for words in WORDS.values()] == [set(LABELS["proposal"])] * 2


def test_a_table_without_its_columns_is_told(folder: Path, capsys: Capture) -> None:
    (folder / "d.csv").write_text("Id;Decisions\n", "utf-8")
    assert main(["import", "d.csv", "--decisions"]) == 2
    assert 'there is no column "decision"; did you mean "decisions"?' in capsys.readouterr().err


def test_english_tables_have_commas_and_formulas_stay_text(folder: Path, capsys: Capture) -> None:
    write(
        folder / "d.csv",
        [exported(capsys)[0] | {"decision": "archive", "decision_reason": "=1+1", "decided_by": "@me"}],
    )
    assert main(["import", "d.csv", "--decisions", "--quiet"]) == 0
    assert main(["export", "--decisions", "--lang", "en", "--quiet", "--output", "out"]) == 0
    text = (folder / "out" / "decisions.csv").read_text("utf-8-sig")
    row = next(iter(csv.DictReader(io.StringIO(text))))
    assert (row["decision"], row["decision_reason"], row["decided_by"]) == ("archive", "'=1+1", "'@me")
    assert main(["import", "out/decisions.csv", "--decisions", "--quiet"]) == 0
    assert exported(capsys)[0]["decision_reason"] == "'=1+1"


def test_export_before_any_audit_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.chdir(tmp_path)
    crawl_again(tmp_path)
    assert main(["export", "--decisions"]) == 2
    assert "rseaudit audit" in capsys.readouterr().err


def test_a_store_keeps_replaces_and_forgets_decisions(store: Store) -> None:
    def decision(finding: str, reason: str) -> Decision:
        return Decision(finding=finding, proposal="keep", reason=reason, by="Anne", at=WHEN)

    with store.write(durable=True) as connection:
        decisions.save(connection, [decision("b", "un"), decision("a", "deux")])
        decisions.save(connection, [decision("b", "trois")])
    with store.read() as connection:
        assert decisions.load(connection) == (decision("a", "deux"), decision("b", "trois"))
    with store.write() as connection:
        decisions.withdraw(connection, ["a", "absent"])
    with store.read() as connection:
        assert [item.finding for item in decisions.load(connection)] == ["b"]


def test_what_people_typed_is_written_through_to_the_disk(sqlite_address: str) -> None:
    from rseaudit.store.database import open_store

    def level(use: Callable[[], object]) -> object:
        with use() as connection:  # type: ignore[attr-defined]
            return connection.exec_driver_sql("PRAGMA synchronous").scalar()

    opened = open_store(sqlite_address)
    assert level(opened.write) == 1  # NORMAL
    assert level(lambda: opened.write(durable=True)) == 2  # FULL
    opened.close()


def test_spaces_go_out_and_come_back_unchanged(folder: Path, capsys: Capture) -> None:
    assert main(["export", "--quiet"]) == 0
    before = capsys.readouterr().out
    assert main(["export", "--spaces", "--quiet", "--output", "."]) == 0
    text = (folder / "spaces.csv").read_bytes().decode("utf-8-sig")
    assert text.splitlines() == [
        "source;name;visibility;owners;moderators;members",
        "rse;Direction;private;Luc Petit;;",
        "rse;Sécurité;registered;Anne Martin;;",
    ]
    assert main(["import", "spaces.csv", "--spaces", "--quiet"]) == 0
    assert main(["export", "--quiet"]) == 0
    assert capsys.readouterr().out == before


def test_an_imported_owner_receives_the_findings(folder: Path, capsys: Capture) -> None:
    (folder / "s.csv").write_text('source,name,owners,members\nrse,Sécurité,"Zoé Blanc; Ali Nour",";"\n', "utf-8")
    assert main(["import", "s.csv", "--spaces", "--quiet"]) == 0
    found = audited(capsys, "--space", "Sécurité")["findings"]
    assert {finding["owner"]["name"] for finding in found} == {"Zoé Blanc"}  # type: ignore[index]
    assert main(["export", "--quiet"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    space = next(line for line in lines if line.get("name") == "Sécurité")
    assert (space["owners"], space["members"], space["visibility"]) == (["Zoé Blanc", "Ali Nour"], [], "registered")


def test_bad_spaces_are_named_by_cell_and_the_others_kept(folder: Path, capsys: Capture) -> None:
    (folder / "s.csv").write_text(
        "source;name;visibility\nrsee;Sécurité;public\nrse;;public\nrse;Quai;publik\nrse;Sécurité;public\n", "utf-8"
    )
    assert main(["import", "s.csv", "--spaces", "--json"]) == 3
    found = json.loads(capsys.readouterr().out)
    assert found["spaces"] == 1
    assert [problem.partition(" ")[0] for problem in found["problems"]] == ["s.csv!A2:", "s.csv!B3:", "s.csv!C4:"]
    assert 'did you mean "rse"?' in found["problems"][0]


def test_what_the_configuration_declares_of_a_space_does_not_become_data(folder: Path, capsys: Capture) -> None:
    (folder / "rseaudit.toml").write_text('[[space]]\nmatch = "rse/*"\nowner = "Autre Personne"\n', "utf-8")
    assert main(["export", "--spaces", "--quiet"]) == 0
    assert "Autre Personne" not in capsys.readouterr().out


@pytest.mark.parametrize("options", [["--decisions", "--spaces"], ["--map", "m.toml", "--decisions"]])
def test_a_table_is_of_one_kind(folder: Path, capsys: Capture, options: list[str]) -> None:
    assert main(["import", "x.csv", *options]) == 2
    assert "cannot be used together" in capsys.readouterr().err


_NAME = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=12)


@given(st.none() | st.lists(_NAME, unique=True, max_size=5))
def test_names_in_a_cell_are_read_as_they_were_written(names: list[str] | None) -> None:
    cell = join_names(names)
    assert (split_names(cell) if cell else None) == (tuple(names) if names is not None else None)
