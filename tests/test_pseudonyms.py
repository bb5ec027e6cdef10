"""Pseudonymised exports: no canary gets out, what is needed to work with them stays."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rseaudit.cli import main
from rseaudit.model import Person
from rseaudit.pseudonyms import Pseudonyms

KEY = b"0123456789abcdef0123456789abcdef"
PERSONS = [
    Person(key="p1", name="Hélène Quenouillard", mail="helene.q@exemple.example"),
    Person(key="p2", name="Jean-Pierre Zblorg"),
    Person(key="p3", name="xtravers", mail="x@exemple.example"),
]
TOKEN = re.compile(r"person-[0-9a-f]{16}")
# What must not be found in an export, whatever its case and accents.
CANARIES = ("quenouillard", "zblorg", "helene", "hélène", "jean-pierre", "exemple.example", "@xtravers", "p1-clef")

CORPUS = [
    {
        "type": "person",
        "key": "p1-clef",
        "name": "Hélène Quenouillard",
        "mail": "Helene.Quenouillard@exemple.example",
        "active": True,
        "department": "Qualité",
        "site": "Lyon",
    },
    {
        "type": "space",
        "source": "rse",
        "name": "Équipe de Hélène Quenouillard",
        "owners": ["p1-clef"],
        "moderators": ["helene.quenouillard@exemple.example"],
        "members": ["Jean-Pierre Zblorg"],
        "visibility": "registered",
        "url": "https://rse.example/s/helene-quenouillard",
    },
    {
        "source": "rse",
        "role": "audited",
        "id": "/u/helene-quenouillard/1",
        "url": "https://rse.example/u/H%C3%A9l%C3%A8ne%20Quenouillard?mail=helene.quenouillard%40exemple.example",
        "spaces": ["Équipe de Hélène Quenouillard"],
        "title": "Le mot de QUENOUILLARD Hélène",
        "format": "html",
        "text": '<p title="Hélène Quenouillard">H&eacute;l&egrave;ne&nbsp;<b>Quenouillard</b> et Jean&#8209;Pierre '
        'ZBLORG écrivent à <a href="mailto:jp%40exemple.example">jp&#64;exemple.example</a>, '
        "merci à @helenequenouillard</p>",
        "author": "Hélène Quenouillard",
        "owner": "p1-clef",
        "last_editor": "Jean-Pierre Zblorg",
        "tags": ["jean pierre zblorg"],
        "created": "2026-03-05T09:00:00+01:00",
        "employee_file": "Hélène Quenouillard, née en 1980",
    },
    {
        "source": "rse",
        "id": "2",
        "text": "Relais.",
        "shared_from": "/u/helene-quenouillard/1",
        "author": "helene.quenouillard@exemple.example",
    },
]
Capture = pytest.CaptureFixture[str]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    lines = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in CORPUS)
    (tmp_path / "corpus.jsonl").write_text(lines, "utf-8")
    assert main(["import", "corpus.jsonl", "--quiet"]) == 0
    return tmp_path


def exported(capsys: Capture, *options: str) -> str:
    capsys.readouterr()
    assert main(["export", "--pseudonymise", "--quiet", *options]) == 0
    return capsys.readouterr().out


def test_no_canary_is_in_the_export(folder: Path, capsys: Capture) -> None:
    text = exported(capsys).casefold()
    assert [canary for canary in CANARIES if canary in text] == []
    assert "née en 1980" not in text
    assert main(["export", "--quiet"]) == 0
    assert "quenouillard" in capsys.readouterr().out.casefold()


def test_one_person_has_one_pseudonym_everywhere(folder: Path, capsys: Capture) -> None:
    lines = [json.loads(line) for line in exported(capsys).splitlines()]
    space, person = lines[0], lines[1]
    found = {line["text"]: line for line in lines[2:]}
    relay = found.pop("Relais.")
    [page] = found.values()
    helene, other = person["key"], page["last_editor"]
    assert TOKEN.fullmatch(helene)
    assert helene != other
    assert (person["name"], person["mail"]) == (helene, f"{helene}@pseudonym.invalid")
    assert (person["department"], person["site"], person["active"]) == ("Qualité", "Lyon", True)
    assert (space["name"], space["owners"], space["members"]) == (f"Équipe de {helene}", [helene], [other])
    assert space["moderators"] == [person["mail"]] == [relay["author"]]
    assert page["spaces"] == [space["name"]]
    assert (page["author"], page["owner"], page["tags"]) == (helene, helene, [other])
    assert page["title"] == f"Le mot de {helene}"
    assert page["text"].startswith(f"{helene} et {other} écrivent à ")
    assert page["text"].endswith(f"merci à @{helene}")
    assert page["url"] == f"https://rse.example/u/{helene}?mail={person['mail']}"
    assert relay["shared_from"] == page["id"] != "/u/helene-quenouillard/1"
    assert page["created"] == "2026-03-05T09:00:00+01:00"


def test_two_exports_cannot_be_joined(folder: Path, capsys: Capture) -> None:
    one, two = exported(capsys), exported(capsys)
    assert set(TOKEN.findall(one)) & set(TOKEN.findall(two)) == set()


def test_a_key_file_keeps_the_pseudonyms(folder: Path, capsys: Capture) -> None:
    one = exported(capsys, "--pseudonym-key", "key")
    key = (folder / "key").read_text("ascii").strip()
    assert len(key) == 64
    assert exported(capsys, "--pseudonym-key", "key") == one
    assert exported(capsys, "--pseudonym-key", "other") != one
    assert key not in one
    if os.name == "posix":
        assert (folder / "key").stat().st_mode & 0o077 == 0
        (folder / "key").chmod(0o644)
        assert main(["export", "--pseudonymise", "--pseudonym-key", "key"]) == 2
        assert "chmod 600" in capsys.readouterr().err


def test_a_short_key_is_refused_without_being_shown(folder: Path, capsys: Capture) -> None:
    (folder / "key").write_text("hunter2", "ascii")
    (folder / "key").chmod(0o600)
    assert main(["export", "--pseudonymise", "--pseudonym-key", "key"]) == 2
    told = capsys.readouterr()
    assert "shorter than 32 signs" in told.err
    assert "hunter2" not in told.err + told.out


@pytest.mark.parametrize("options", [["--pseudonymise", "--canonical"], ["--pseudonym-key", "key"]])
def test_options_that_make_no_sense_together_are_refused(folder: Path, options: list[str]) -> None:
    assert main(["export", *options]) == 2
    assert not (folder / "key").exists()


def test_the_export_can_be_imported_and_audited(folder: Path, capsys: Capture) -> None:
    (folder / "out.jsonl").write_text(exported(capsys), "utf-8")
    assert main(["import", "out.jsonl", "--quiet", "--store", "sqlite:///other.db"]) == 0
    options = ["audit", "--quiet", "--json", "--now", "2026-11-23", "--store"]
    audits = []
    for store in ("sqlite:///rseaudit.db", "sqlite:///other.db"):
        assert main([*options, store]) == 0
        found = json.loads(capsys.readouterr().out)["findings"]
        audits.append([(one["rule"], one["owner"]["rung"]) for one in found])
    assert audits[0] == audits[1]


@pytest.mark.parametrize(
    "text",
    [
        "Hélène Quenouillard",
        "HELENE  QUENOUILLARD",
        "Quenouillard, Hélène",
        "quenouillard-helene",
        "helene_quenouillard",
        "Helene.Quenouillard",
        "**Hélène** _Quenouillard_",
        "Hélène\u00a0Quenouillard",
        "Hé\u00adlène\nQuenouillard",
        "He\u0301le\u0300ne Quenouillard",
        "H&#233;l&egrave;ne Quenouillard",
        "<b>Hélène</b> <i>Quenouillard</i>",
        "HélèneQuenouillard",
        "H%C3%A9l%C3%A8ne%20Quenouillard",
        "HELENE.Q@EXEMPLE.EXAMPLE",
        "helene.q%40exemple.example",
        "helene.q&#64;exemple.example",
        "l'adresse d'helene.q@exemple.example",
    ],
)
def test_a_name_is_found_however_it_is_written(text: str) -> None:
    names = Pseudonyms(KEY, PERSONS)
    found = names.text(f"Merci à {text} !")
    assert names.token("p1") in found
    assert "quenouillard" not in found.casefold()
    assert "helene" not in found.casefold()


@pytest.mark.parametrize(
    "text",
    ["Hélène est passée, Quenouillard non.", "xtravers", "a & b < c", "100 % des équipes", "Jean, Pierre et Zblorga"],
)
def test_what_is_no_full_name_stays(text: str) -> None:
    assert Pseudonyms(KEY, PERSONS).text(f"Voir : {text}") == f"Voir : {text}"


def test_a_name_of_one_word_is_found_as_a_mention_or_alone() -> None:
    names = Pseudonyms(KEY, PERSONS)
    assert names.text("merci @xtravers !") == f"merci @{names.token('p3')} !"
    assert names.text("xtravers") == names.token("p3")


def test_two_persons_of_one_name_are_not_taken_for_each_other() -> None:
    twins = [Person(key="a", name="Jean Martin", mail="a@x.example"), Person(key="b", name="Jean Martin")]
    names = Pseudonyms(KEY, twins)
    assert len({names.token("a"), names.token("b"), names.label("Jean Martin")}) == 3
    assert names.text("Selon Jean Martin") == f"Selon {names.label('Jean Martin')}"


@given(st.text(max_size=200))
def test_a_text_without_anyone_stays_as_it_is_and_none_breaks(text: str) -> None:
    names = Pseudonyms(KEY, PERSONS)
    if "@" not in text and "%" not in text and "&" not in text and "\uff20" not in text and "\ufe6b" not in text:
        assert names.text(text) == text
    hidden = names.text(f"{text} Hélène Quenouillard {text}")
    assert "Quenouillard" not in hidden


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
def test_an_address_without_anyone_stays_as_it_is(text: str) -> None:
    url = f"https://rse.example/{quote(text.replace('@', ''))}?a=%2F"
    assert Pseudonyms(KEY, PERSONS).url(url) == url
