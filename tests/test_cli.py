"""The command line to the letter: results on standard output, exit codes, errors with their remedy."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rseaudit.cli import main
from rseaudit.errors import Exit, worst

CORPUS = [
    {"type": "person", "key": "p1", "name": "Anne Martin", "mail": "anne@exemple.example", "active": True},
    {"type": "person", "key": "p2", "name": "Paul Roux", "active": False},
    {
        "type": "space",
        "source": "rse",
        "name": "Sécurité",
        "owners": ["anne@exemple.example"],
        "visibility": "registered",
    },
    {
        "source": "intranet",
        "role": "reference",
        "id": "n-17",
        "url": "https://intranet.example/n/17",
        "title": "Port du casque",
        "text": "Depuis lundi, la règle change. "
        "Les chefs d'équipe remettent un casque neuf à chaque arrivant et notent son "
        "numéro dans le registre du quai. Toute personne sans casque quitte la zone de déchargement sans délai.",
        "created": "2026-03-01T09:00:00+01:00",
        "visibility": "registered",
    },
    {
        "source": "rse",
        "role": "audited",
        "id": "12",
        "spaces": ["Sécurité"],
        "title": "Après la visite de mardi",
        "text": "Bonjour à tous, voici ce que nous retenons de la visite. "
        "Les chefs d'équipe remettent un casque neuf à "
        "chaque arrivant et notent son numéro dans le registre du quai. Toute personne sans casque quitte la zone de "
        "déchargement sans délai. Je passe vendredi matin sur chaque quai avec la responsable pour voir ce qui manque "
        "encore, dites-moi d'ici là comment cela se passe chez vous et qui a besoin d'une taille particulière.",
        "author": "Paul Roux",
        "created": "2026-03-05T09:00:00+01:00",
        "visibility": "registered",
    },
]
NOW = "2026-11-23"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def imported(folder: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    lines = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in CORPUS)
    (folder / "corpus.jsonl").write_text(lines, "utf-8")
    assert main(["import", "corpus.jsonl", "--quiet"]) == 0
    capsys.readouterr()
    return folder


def test_contents_that_do_not_say_who_may_read_them_are_told_and_shown_to_nobody(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = [{key: value for key, value in line.items() if key != "visibility"} for line in CORPUS]
    (folder / "corpus.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    assert main(["import", "corpus.jsonl"]) == 0
    assert main(["duplicates", "--now", NOW, "--output", "out"]) == 0
    assert "2 of 2 contents do not say who may read them" in capsys.readouterr().err
    (page,) = (folder / "out" / "owners").glob("*.html")
    shown = page.read_text("utf-8")
    assert "Rien n’en est montré ici." in shown
    assert "contact indiqué" not in shown  # none is configured
    (folder / "rseaudit.toml").write_text('[report]\ncontact = "audit@example.com"\n', "utf-8")
    assert main(["duplicates", "--now", NOW, "--output", "out"]) == 0
    assert "Adressez-vous au contact indiqué en bas de page." in page.read_text("utf-8")


def test_a_source_that_nobody_called_audited_is_told_and_can_be_called_so_later(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def compare(lines: list[dict[str, object]]) -> str:
        (folder / "corpus.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
        assert main(["import", "corpus.jsonl", "--quiet"]) == 0
        assert main(["duplicates", "--now", NOW]) == 0
        return capsys.readouterr().err

    told = compare([{key: value for key, value in line.items() if key != "role"} for line in CORPUS])
    assert "no content of an audited source" in told
    assert '"role": "audited"' in told
    assert "1 documents compared: 1 matches" in compare(CORPUS)


def test_duplicates_prints_the_agreed_json(imported: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["duplicates", "--json", "--now", NOW]) == 0
    found = json.loads(capsys.readouterr().out)
    assert set(found) >= {"schema", "run", "matches", "documents"}
    [match] = found["matches"]
    assert (match["document"], match["other"]) == ({"source": "rse", "id": "12"}, {"source": "intranet", "id": "n-17"})
    assert (match["kind"], match["original"], match["evidence"]) == ("copy", "other", "api-date")
    [passage] = match["passages"]
    here = CORPUS[4]["text"][slice(*passage["document"])]  # type: ignore[index]
    assert "Les chefs d'équipe remettent un casque neuf" in here
    assert here.rstrip(".").endswith("sans délai")
    [document] = found["documents"]
    assert 0.5 < document["originality"] < 0.8
    assert not (imported / "rseaudit-reports").exists()


def test_audit_prints_the_agreed_json_in_french_by_default(imported: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit", "--json", "--now", NOW]) == 0
    french = json.loads(capsys.readouterr().out)
    assert main(["audit", "--json", "--now", NOW, "--lang", "en"]) == 0
    english = json.loads(capsys.readouterr().out)
    rules = [finding["rule"] for finding in french["findings"]]
    assert "inactive-author" in rules
    assert rules == [finding["rule"] for finding in english["findings"]]
    assert [f["id"] for f in french["findings"]] == [f["id"] for f in english["findings"]]
    assert all(f["reason"] != e["reason"] for f, e in zip(french["findings"], english["findings"], strict=True))
    assert {finding["owner"]["name"] for finding in french["findings"]} == {"Anne Martin"}
    for finding in french["findings"]:
        for quote in finding["evidence"]:
            assert CORPUS[4]["text"][quote["start"] : quote["end"]] == quote["text"]  # type: ignore[index]
    assert [document["id"] for document in french["documents"]] == ["12"]


def test_the_same_store_gives_the_same_reports(imported: Path) -> None:
    for folder in ("one", "two"):
        assert main(["audit", "--quiet", "--now", NOW, "--output", folder]) == 0
    one = {path.relative_to(imported / "one"): path.read_bytes() for path in (imported / "one").rglob("*.*")}
    two = {path.relative_to(imported / "two"): path.read_bytes() for path in (imported / "two").rglob("*.*")}
    assert one == two
    assert {path.suffix for path in one} == {".html", ".json", ".csv"}


@pytest.mark.parametrize(("level", "code"), [("never", 0), ("alert", 0), ("advice", 1), ("info", 1)])
def test_fail_on_changes_the_exit_code_only(imported: Path, level: str, code: int) -> None:
    (imported / "rseaudit.toml").write_text('[audit]\ndisable = ["copied-content", "copied-passage"]\n', "utf-8")
    assert main(["audit", "--quiet", "--json", "--now", NOW, "--fail-on", level]) == code


def test_space_and_since_narrow_what_is_told(imported: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for options in (["--space", "rse/Autre*"], ["--since", "2026-04-01"]):
        assert main(["audit", "--json", "--now", NOW, *options]) == 0
        assert json.loads(capsys.readouterr().out)["findings"] == []
    assert main(["audit", "--json", "--now", NOW, "--space", "Sécu*", "--since", "2026-03-01"]) == 0
    assert json.loads(capsys.readouterr().out)["findings"] != []


def test_explain_tells_a_finding_a_match_a_verdict_and_a_rule(
    imported: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["audit", "--json", "--now", NOW])
    finding = json.loads(capsys.readouterr().out)["findings"][0]
    main(["duplicates", "--json", "--now", NOW])
    match = json.loads(capsys.readouterr().out)["matches"][0]
    assert main(["explain", finding["id"]]) == 0
    assert finding["reason"] in capsys.readouterr().out
    assert main(["explain", match["id"]]) == 0
    assert str(match["shared_words"]) in capsys.readouterr().out
    assert main(["explain", "{source}/{id}".format(**match["document"])]) == 0
    assert "originality" in capsys.readouterr().out
    assert main(["explain", finding["rule"]]) == 0
    assert finding["rule"] in capsys.readouterr().out
    assert main(["explain", "nothing-like-this"]) == 2


def test_report_renders_again_and_refuses_what_is_not_built(imported: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["audit", "--quiet", "--json", "--now", NOW])
    assert main(["report", "--now", NOW, "--format", "csv", "--output", "out"]) == 0
    assert {path.suffix for path in (imported / "out").rglob("*.*")} == {".csv"}
    assert main(["report", "--format", "xlsx"]) == 2
    assert "not built yet" in capsys.readouterr().err
    assert main(["report", "--format", "docx"]) == 2
    assert main(["report", "send"]) == 2


def test_an_export_can_be_imported_again(imported: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "--output", "out"]) == 0
    assert main(["import", "out/export.jsonl", "--store", "sqlite:///other.db", "--quiet"]) == 0
    capsys.readouterr()
    main(["export", "--canonical"])
    first = capsys.readouterr().out
    main(["export", "--canonical", "--store", "sqlite:///other.db"])
    second = capsys.readouterr().out
    kinds = ('"type":"document"', '"type":"space"', '"type":"person"')
    assert [x for x in first.splitlines() if any(k in x for k in kinds)] == [
        x for x in second.splitlines() if any(k in x for k in kinds)
    ]


def test_init_writes_a_configuration_that_is_valid_and_never_replaces_one(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["init", "https://rse.exemple.example"]) == 0
    text = (folder / "rseaudit.toml").read_text("utf-8")
    assert "https://rse.exemple.example" in text
    assert main(["init", "https://autre.example"]) == 2
    assert "--force" in capsys.readouterr().err
    assert (folder / "rseaudit.toml").read_text("utf-8") == text
    assert main(["crawl", "--dry-run"]) == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ["forget", "--author", "Anne"],
        ["purge"],
        ["rules", "test"],
        ["report", "send"],
    ],
)
def test_what_is_not_built_says_so_and_exits_2(
    folder: Path, arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    said = capsys.readouterr().err
    assert "not built yet" in said
    assert "next: " in said


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["crawl"], "there is no rseaudit.toml here"),
        (["audit"], "there is no store here yet"),
        (["audit", "--now", "demain"], "'demain' is not a date"),
        (["audit", "--lang", "de"], "'de' is not known"),
        (["audit", "--store", "mysql://x/y"], "not the address of a store"),
        (["import", "absent.jsonl"], "there is no such file"),
        (["report", "--config", "absent.toml"], "absent.toml"),
        (["audti"], "audit"),
    ],
)
def test_a_mistake_is_told_and_exits_2(
    folder: Path, arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    assert said in capsys.readouterr().err


def test_the_worst_code_wins() -> None:
    assert worst() is Exit.OK
    assert worst(Exit.FINDINGS, Exit.INCOMPLETE) is Exit.INCOMPLETE
    assert worst(Exit.INCOMPLETE, Exit.USAGE, Exit.LOCKED) is Exit.LOCKED
    assert worst(*Exit) is Exit.BUG


def test_crawled_control_characters_do_not_reach_the_terminal(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "x.jsonl").write_text('{"source": "a", "id": "1", "text": "b", "role": "\\u001b[2Jauditée"}\n', "utf-8")
    assert main(["import", "x.jsonl"]) == 3
    assert "\x1b" not in capsys.readouterr().err
