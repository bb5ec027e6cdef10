"""Tables of documents: CSV and XLSX read by a column map, through the command line."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from rseaudit.cli import main
from rseaudit.config.mapping import read_map
from rseaudit.errors import ConfigError

MAP = """
source = "ancien-rse"
role = "audited"
date_formats = ["%d/%m/%Y %H:%M", "%d/%m/%Y"]
[columns]
id = "N°"
title = "Titre du message"
text = "Message"
author = "Auteur"
created = "Créé le"
modified = "Modifié le"
spaces = "Groupes"
visibility = "Accès"
comments = "Réponses"
[values.visibility]
"Ouvert" = "registered"
"Fermé" = "space"
"""
HEADERS = ["N°", "Titre du message", "Message", "Auteur", "Créé le", "Modifié le", "Groupes", "Accès", "Réponses"]
ROW = [
    "7",
    "Casques",
    "Les casques sont au quai.",
    "Anne Martin",
    "04/03/2026 09:00",
    "",
    "Sécurité; Quai",
    "Ouvert",
    "3",
]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "map.toml").write_text(MAP, "utf-8")
    return tmp_path


def csv_file(*rows: list[str], sign: str = ";") -> str:
    return "".join(sign.join(f'"{cell}"' for cell in row) + "\r\n" for row in (HEADERS, *rows))


def workbook(path: Path, *rows: list[object], title: str = "Feuille1") -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(row)
    book.save(path)


def documents(capsys: pytest.CaptureFixture[str]) -> dict[str, dict[str, object]]:
    capsys.readouterr()
    assert main(["export", "--quiet"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    return {line["id"]: line for line in lines if "id" in line}


def imported(*names: str) -> int:
    return main(["import", *names, "--map", "map.toml"])


@pytest.mark.parametrize("sign", [";", ",", "\t", "|"])
def test_a_csv_file_becomes_documents_whatever_parts_its_cells(
    folder: Path, capsys: pytest.CaptureFixture[str], sign: str
) -> None:
    (folder / "export.csv").write_text(csv_file(ROW, sign=sign), "utf-8-sig")
    assert imported("export.csv") == 0
    found = documents(capsys)["7"]
    assert found["source"] == "ancien-rse"
    assert found["role"] == "audited"
    assert (found["title"], found["text"]) == ("Casques", "Les casques sont au quai.")
    assert found["author"] == "Anne Martin"
    assert found["created"] == "2026-03-04T09:00:00+01:00"
    assert found["modified"] is None
    assert found["spaces"] == ["Sécurité", "Quai"]
    assert found["visibility"] == "registered"
    assert found["comments"] == 3
    assert found["likes"] is None


def test_a_workbook_gives_the_same_documents_as_csv(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "export.csv").write_text(csv_file(ROW), "utf-8")
    assert imported("export.csv", "--store", "sqlite:///one.db") == 0
    when = datetime(2026, 3, 4, 9, 0)  # noqa: DTZ001 - spreadsheets know no zones
    workbook(folder / "export.xlsx", HEADERS, [7, *ROW[1:4], when, None, *ROW[6:8], 3.0])
    assert imported("export.xlsx", "--store", "sqlite:///two.db") == 0
    capsys.readouterr()
    exports = []
    for store in ("one.db", "two.db"):
        assert main(["export", "--canonical", "--store", f"sqlite:///{store}"]) == 0
        exports.append(capsys.readouterr().out)
    assert exports[0] == exports[1] != ""


def test_a_bad_cell_is_named_and_its_neighbours_are_kept(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "map.toml").write_text(
        'source = "x"\ndate_formats = ["%d/%m/%Y"]\n[columns]\nid = "id"\ntext = "texte"\ncreated = "date"\n', "utf-8"
    )
    rows: list[list[object]] = [["id", "texte", "date"]]
    rows += [[n, "Bonjour", date(2026, 3, 4) if n != 16 else "hier"] for n in range(1, 20)]
    workbook(folder / "export.xlsx", *rows)
    assert imported("export.xlsx") == 3
    told = capsys.readouterr().err
    assert 'export.xlsx!Feuille1!C17: "hier" is not a date; expected %d/%m/%Y\n' in told
    assert set(documents(capsys)) == {str(n) for n in range(1, 20)} - {"16"}


def test_every_bad_cell_of_a_row_is_named_at_its_place(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad = ["", "t", "m", "a", "31/02/2026", "bientôt", "s", "Secret", "beaucoup"]
    (folder / "export.csv").write_text(csv_file(ROW, bad), "utf-8")
    assert main(["import", "export.csv", "--map", "map.toml", "--json"]) == 3
    found = json.loads(capsys.readouterr().out)
    assert found["documents"] == 1
    assert [text.partition(": ")[0] for text in found["problems"]] == [
        f"export.csv!{place}" for place in ("A3", "E3", "F3", "H3", "I3")
    ]
    assert '"Secret" is not in [values.visibility]; expected Ouvert, Fermé' in found["problems"][3]


def test_all_columns_that_are_not_there_are_told_at_once(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    headers = [header.replace("Titre du message", "Titre").replace("Auteur", "Rédaction") for header in HEADERS]
    (folder / "a.csv").write_text(";".join(headers), "utf-8")
    (folder / "b.csv").write_text(";".join([*HEADERS[1:], "Message"]), "utf-8")
    assert imported("a.csv", "b.csv") == 2
    told = capsys.readouterr().err
    assert 'map.toml:7: columns.title: a.csv has no column "Titre du message"; did you mean "Titre"?' in told
    assert 'map.toml:9: columns.author: a.csv has no column "Auteur"' in told
    assert 'map.toml:6: columns.id: b.csv has no column "N°"' in told
    assert 'map.toml:8: columns.text: b.csv has 2 columns "Message"' in told
    assert not (folder / "rseaudit.db").exists()


def test_all_problems_of_a_map_are_told_at_once(tmp_path: Path) -> None:
    path = tmp_path / "map.toml"
    path.write_text(
        """
source = "a b"
role = "audité"
timezone = "Europe/Pariss"
date_formats = ["%d/%m", "jj/mm/aaaa"]
encoding = "latin-42"
visibility = "public"
[columns]
id = "id"
titel = "Titre"
visibility = "Accès"
[values.visibility]
Ouvert = "open"
""",
        "utf-8",
    )
    with pytest.raises(ConfigError) as caught:
        read_map(path)
    lines = [problem.removeprefix(f"{path}:") for problem in caught.value.problems]
    assert [line.partition(": ")[0] for line in lines] == ["2", "3", "4", "5", "5", "6", "8", "10", "13"]
    told = "\n".join(lines)
    assert 'did you mean "Europe/Paris"?' in told
    assert 'did you mean "title"?' in told
    assert "columns.text: is missing" in told
    assert "%d/%m/%Y" in told


def test_visibility_is_one_word_or_a_column_not_both(tmp_path: Path) -> None:
    path = tmp_path / "map.toml"
    path.write_text('source = "x"\nvisibility = "public"\n[columns]\nid = "a"\ntext = "b"\nvisibility = "c"\n', "utf-8")
    with pytest.raises(ConfigError, match="visibility is given twice"):
        read_map(path)


def test_the_last_version_of_a_message_wins_by_its_date_then_by_its_row(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def version(id_: str, text: str, modified: str) -> list[str]:
        return [id_, "", text, "", "01/03/2026", modified, "", "Ouvert", ""]

    (folder / "one.csv").write_text(
        csv_file(version("1", "nouveau", "05/03/2026"), version("1", "ancien", "04/03/2026")), "utf-8"
    )
    (folder / "two.csv").write_text(
        csv_file(version("2", "avant", ""), version("2", "après", ""), version("1", "premier", "")), "utf-8"
    )
    assert main(["import", "one.csv", "two.csv", "--map", "map.toml", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["skipped"] == 3
    found = documents(capsys)
    assert (found["1"]["text"], found["2"]["text"]) == ("nouveau", "après")


def test_rows_that_the_map_skips_are_left_out(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "map.toml").write_text(
        'source = "x"\nempty = ["null"]\n[columns]\nid = "id"\ntext = "body"\n'
        '[skip]\ndeleted_at = ["*"]\nprivate = ["true"]\n',
        "utf-8",
    )
    (folder / "m.csv").write_text(
        "id,body,deleted_at,private\n1,a,null,false\n2,b,2026-01-01,false\n3,c,,TRUE\n4,d,,\n", "utf-8"
    )
    assert imported("m.csv") == 0
    assert set(documents(capsys)) == {"1", "4"}


def test_long_messages_with_line_breaks_and_quotes_arrive_whole(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = 'Première ligne\r\nil a dit ""oui""; ' + "mot " * 60_000 + "fin"
    (folder / "export.csv").write_text(csv_file([*ROW[:2], text, *ROW[3:]]), "utf-8", newline="")
    assert imported("export.csv") == 0
    found = str(documents(capsys)["7"]["text"])
    assert found == text.replace('""', '"')


def test_a_quotation_mark_that_is_never_closed_is_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "map.toml").write_text('source = "x"\n[columns]\nid = "id"\ntext = "body"\n', "utf-8")
    (folder / "m.csv").write_text('id;body\n1;un\n2;"deux" et demi\n3;trois\n4;"quatre\n5;cinq\n', "utf-8")
    assert imported("m.csv") == 3
    told = capsys.readouterr().err
    assert "m.csv!3: line 3: a quotation mark inside a cell is not doubled" in told
    assert "m.csv!5: line 5: a quotation mark is opened and never closed; the rest of the file is not read" in told
    assert set(documents(capsys)) == {"1", "3"}


def test_a_row_with_more_cells_than_headers_is_named(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "map.toml").write_text('source = "x"\n[columns]\nid = "id"\ntext = "body"\n', "utf-8")
    (folder / "m.csv").write_text("id;body\n1;un; deux\n2;trois\n3\n", "utf-8")
    assert imported("m.csv") == 3
    assert "m.csv!2: more cells than headers" in capsys.readouterr().err
    assert {id_: line["text"] for id_, line in documents(capsys).items()} == {"2": "trois", "3": ""}


def test_the_wrong_encoding_is_told_with_the_likely_one(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "export.csv").write_bytes(csv_file(ROW).encode("cp1252"))
    assert imported("export.csv") == 2
    assert 'encoding = "cp1252"' in capsys.readouterr().err
    (folder / "map.toml").write_text('encoding = "cp1252"\n' + MAP, "utf-8")
    assert imported("export.csv") == 0
    assert documents(capsys)["7"]["spaces"] == ["Sécurité", "Quai"]


def test_a_byte_order_mark_wins_over_the_encoding(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "export.csv").write_bytes(csv_file(ROW, sign="\t").encode("utf-16"))
    assert imported("export.csv") == 0
    assert documents(capsys)["7"]["author"] == "Anne Martin"


def test_formulas_are_never_computed_and_faults_are_named(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "map.toml").write_text('source = "x"\n[columns]\nid = "id"\ntext = "body"\n', "utf-8")
    workbook(folder / "m.xlsx", ["id", "body"], ["=1+1", "un"], [2, "#REF!"], [3, "trois"])
    assert imported("m.xlsx") == 3
    told = capsys.readouterr().err
    assert "m.xlsx!Feuille1!A2: is empty" in told
    assert "m.xlsx!Feuille1!B3: the spreadsheet could not compute this cell (#REF!)" in told
    assert set(documents(capsys)) == {"3"}


def test_a_sheet_is_chosen_by_its_name(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = 'source = "x"\nsheet = "Messages"\n[columns]\nid = "id"\ntext = "body"\n'
    (folder / "map.toml").write_text(text, "utf-8")
    book = Workbook()
    assert book.active is not None
    book.active.append(["Lisez-moi"])
    for row in ([], ["id", " body\n"], [1, "un"]):
        (book["Messages"] if "Messages" in book.sheetnames else book.create_sheet("Messages")).append(row)
    book.save(folder / "m.xlsx")
    assert imported("m.xlsx") == 0
    assert documents(capsys)["1"]["text"] == "un"
    workbook(folder / "m.xlsx", ["id", "body"], title="Autre")
    assert imported("m.xlsx") == 2
    assert "expected: Autre" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["m.xlsx", "m.xls", "m.csv", "absent.csv", "absent.xlsx"])
def test_what_is_no_table_is_told_with_its_name(folder: Path, capsys: pytest.CaptureFixture[str], name: str) -> None:
    if not name.startswith("absent"):
        (folder / name).write_bytes(b"" if name == "m.csv" else b"\xd0\xcf\x11\xe0 not a workbook")
    assert imported(name) == 2
    told = capsys.readouterr().err
    assert name in told
    assert "bug" not in told


def test_a_table_without_a_map_says_what_to_do(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "export.csv").write_text(csv_file(ROW), "utf-8")
    assert main(["import", "export.csv"]) == 2
    assert "--map" in capsys.readouterr().err


def test_a_dry_run_reads_everything_and_keeps_nothing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "export.csv").write_text(csv_file(ROW, ["", *ROW[1:]]), "utf-8")
    assert main(["import", "export.csv", "--map", "map.toml", "--dry-run"]) == 3
    told = capsys.readouterr().err
    assert "1 documents would be imported" in told
    assert "export.csv!A3" in told
    assert not (folder / "rseaudit.db").exists()


def test_a_run_of_tables_adds_up(folder: Path) -> None:
    from rseaudit.store import runs
    from rseaudit.store.database import open_store

    (folder / "export.csv").write_text(csv_file(ROW, ROW, ["", *ROW[1:]]), "utf-8")
    assert imported("export.csv", "--quiet") == 3
    store = open_store("sqlite:///rseaudit.db")
    with store.read() as connection:
        run = runs.last(connection, "import")
    store.close()
    assert run is not None
    assert (run.asked, run.done, run.failed, run.skipped) == (3, 1, 1, 1)


@pytest.mark.parametrize("name", ["Viva Engage", "Another platform"])
def test_the_maps_of_the_documentation_work(folder: Path, capsys: pytest.CaptureFixture[str], name: str) -> None:
    page = (Path(__file__).parent.parent / "docs" / "tables.md").read_text("utf-8")
    section = page.partition(f"## {name}")[2]
    (folder / "map.toml").write_text(section.partition("```toml\n")[2].partition("```")[0], "utf-8")
    (folder / "export.csv").write_text(section.partition("```csv\n")[2].partition("```")[0], "utf-8")
    assert imported("export.csv") == 0
    found = documents(capsys)
    expected = json.loads(section.partition("```json\n")[2].partition("```")[0])
    assert [{key: line[key] for key in one} for line, one in zip(found.values(), expected, strict=True)] == expected


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"), max_size=60))
def test_any_text_in_a_quoted_cell_arrives_as_it_is(text: str) -> None:
    from rseaudit.spreadsheet import _csv

    quoted = text.replace('"', '""')
    sheet = _csv("t", f'id;body;last\n1;"{quoted}";x\n', ("id", "body"), ";")
    assert [row.cells["body"] for row in sheet.rows] == [text if text.strip() else None]
