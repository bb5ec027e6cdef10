"""``watch why``, ``mark`` and ``test`` on a store of a dozen entries, without network."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from rseaudit.cli import main
from tests.watch_sample import NOW, TITLES, entry, keep, run, stock


@pytest.fixture
def stocked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    stock(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def why(capsys: pytest.CaptureFixture[str], name: str) -> dict[str, object]:
    done = run(capsys, "watch", "why", name, "--json")
    [found] = json.loads(done.out)["entries"]
    return dict(found)


def test_why_tells_each_term_with_its_points_and_its_context(stocked: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = why(capsys, "e1")
    assert (found["outcome"], found["sums"]) == ("kept", {"ma-veille": 15})
    told = [(term["phrase"], term["field"], term["points"]) for term in found["terms"]]  # type: ignore[attr-defined]
    assert told == [("intranet", "title", 9), ("portail interne", "lead", 6)]
    assert found["terms"][1]["context"] == ["La mairie ouvre un ", "portail interne", " en mars."]  # type: ignore[index]
    assert found["feed"]["name"] == "presse"  # type: ignore[index]
    assert found["story"]["entries"] == ["e1"]  # type: ignore[index]
    text = run(capsys, "watch", "why", "https://presse.example/e1").out
    assert "+9 ma-veille : « intranet » dans le titre" in text.replace("\u00a0", " ")
    assert "Un [intranet] à Brest" in text
    assert "85 sur 100" in text


@pytest.mark.parametrize(
    ("name", "outcome", "said"),
    [
        ("e2", "vetoed", "« Panne » figure dans le texte"),
        ("e3", "unmatched", "aucune liste de veille"),
        ("e4", "unmatched", "mais il manque : “chantier”"),
        ("e5", "unmatched", "rien dans le texte ne montre que « RSE » le désigne"),
        ("e6", "unmatched", "rien à moins de 10 mots ne montre qu’il s’agit de lui"),
        ("e7", "below", "sous le seuil 40"),
    ],
)
def test_why_tells_what_keeps_an_entry_out(
    stocked: Path, capsys: pytest.CaptureFixture[str], name: str, outcome: str, said: str
) -> None:
    config = stocked / "rseaudit.toml"
    config.write_text(config.read_text("utf-8").replace("[watch]\n", "[watch]\nthreshold = 40\n"), "utf-8")
    assert why(capsys, name)["outcome"] == outcome
    assert said in run(capsys, "watch", "why", name).out.replace("\u00a0", " ")


def test_why_takes_a_story_and_an_entry_that_stories_no_longer_follow(
    stocked: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    keep(stocked, entry("copie", "Un intranet à Brest", TITLES["e1"][1], feed="autre"))
    keep(stocked, entry("vieux", "Un intranet d'autrefois", "Il date.", days=200))
    story = why(capsys, "e1")["story"]["id"]  # type: ignore[index]
    both = json.loads(run(capsys, "watch", "why", story, "--json").out)["entries"]
    assert sorted(item["id"] for item in both) == ["copie", "e1"]
    assert why(capsys, "vieux")["story"] is None
    assert "n’est plus suivi" in run(capsys, "watch", "why", "vieux").out


def test_why_of_nothing_says_what_was_expected(stocked: Path, capsys: pytest.CaptureFixture[str]) -> None:
    done = run(capsys, "watch", "why", "e99")
    assert done.code == 2
    assert "no entry or story is called 'e99'" in done.err


def test_common_options_may_stand_before_the_sub_command(stocked: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["watch", "--json", "--lang", "en", "--now", NOW.isoformat(), "why", "e1"]) == 0
    [found] = json.loads(capsys.readouterr().out)["entries"]
    assert str(found["says"]).startswith("Kept")


def test_marks_are_kept_listed_replaced_and_taken_away(stocked: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "watch", "mark", "e1", "pertinent", "--note", "à  suivre\x07").code == 0
    assert run(capsys, "watch", "mark", "https://presse.example/e3", "no").code == 0
    story = why(capsys, "e2")["story"]["id"]  # type: ignore[index]
    assert run(capsys, "watch", "mark", story, "weak-signal").code == 0
    listed = json.loads(run(capsys, "watch", "mark", "--list", "--json").out)["marks"]
    assert [(m["kind"], m["id"], m["mark"], m["note"]) for m in listed] == [
        ("story", story, "weak-signal", None),
        ("entry", "e1", "pertinent", "à suivre"),
        ("entry", "e3", "no", None),
    ]
    assert set(listed[0]) == {"kind", "feed", "id", "mark", "at", "note"}
    text = run(capsys, "watch", "mark", "--list").out
    assert "Un intranet à Brest (presse) · à suivre" in text
    assert "Panne de l'intranet (sujet)" in text
    assert run(capsys, "watch", "mark", "e1", "no").code == 0
    assert run(capsys, "watch", "mark", "e3", "none").code == 0
    assert "there was no mark" in run(capsys, "watch", "mark", "e3", "none").err
    left = json.loads(run(capsys, "watch", "mark", "--list", "--json").out)["marks"]
    assert [(m["id"], m["mark"]) for m in left] == [(story, "weak-signal"), ("e1", "no")]


@pytest.mark.parametrize(
    "arguments",
    [
        ["e1"],
        ["e1", "great"],
        ["e99", "no"],
        [],
        ["e1", "no", "--list"],
        ["e1", "no", "--note", "x" * 501],
    ],
)
def test_a_mark_that_cannot_be_is_refused_and_changes_nothing(
    stocked: Path, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    assert run(capsys, "watch", "mark", *arguments).code == 2
    assert json.loads(run(capsys, "watch", "mark", "--list", "--json").out)["marks"] == []


def test_an_id_that_two_feeds_use_for_two_things_must_be_told_by_its_address(
    stocked: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    keep(stocked, entry("e1", "Tout autre chose", "Rien à voir.", feed="autre"))
    done = run(capsys, "watch", "mark", "e1", "no")
    assert done.code == 2
    assert "https://autre.example/e1, https://presse.example/e1" in done.err
    assert run(capsys, "watch", "mark", "https://autre.example/e1", "no").code == 0


def test_a_watchlist_is_tried_on_what_is_known(stocked: Path, capsys: pytest.CaptureFixture[str]) -> None:
    trial = json.loads(run(capsys, "watch", "test", "ma-veille.toml", "--json").out)
    assert (trial["entries"], trial["matched"]) == (7, 2)
    intranet, terrain, reseau = trial["topics"]
    assert (intranet["entries"], intranet["vetoed"], intranet["vetoes"]) == (2, 1, {"panne": 1})
    assert sorted(item["id"] for item in intranet["examples"]) == ["e1", "e7"]
    assert (terrain["entries"], terrain["never"]) == (0, ["chantier"])
    assert (reseau["entries"], reseau["unclear"]) == (0, 1)
    assert trial["vendors"][0]["entries"] == 0
    assert trial["common"] == {"intranet": 3}
    text = run(capsys, "watch", "test", "ma-veille.toml").out.replace("\u00a0", " ")
    assert "Intranets : 2 articles" in text
    assert "écartés : 1, par panne (1)" in text
    assert "Termes présents dans plus d’un tiers des articles : intranet (3)" in text


def test_a_watchlist_is_tried_on_a_text(stocked: Path, capsys: pytest.CaptureFixture[str]) -> None:
    done = run(capsys, "watch", "test", "ma-veille.toml", "--text", "Un intranet neuf\nPour le chantier de Metz.")
    assert done.code == 0
    assert "Un [intranet] neuf" in done.out
    assert "mais aucun de ces termes" in done.out


def test_the_watchlist_of_the_manual_can_be_used(stocked: Path, capsys: pytest.CaptureFixture[str]) -> None:
    manual = (Path(__file__).parent.parent / "docs" / "watch.md").read_text("utf-8")
    [shown] = re.findall(r"```toml\n(.*?)```", manual, re.DOTALL)
    (stocked / "manuel.toml").write_text(shown, "utf-8")
    text = "L'équipe de terrain a une tablette\nUne application qui marche hors ligne, pour les agents de l'entreprise."
    [found] = json.loads(run(capsys, "watch", "test", "manuel.toml", "--text", text, "--json").out)["entries"]
    assert found["watchlists"] == ["ma-veille"]


def test_a_broken_watchlist_is_told_with_its_line(stocked: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (stocked / "casse.toml").write_text('id = "x"\nlabel = { fr = "X", en = "X" }\n[[topic]]\nidd = "y"\n', "utf-8")
    done = run(capsys, "watch", "test", "casse.toml")
    assert done.code == 2
    assert "casse.toml:4" in done.err
