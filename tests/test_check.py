"""A draft checked against a store: what stands elsewhere, for whose eyes, and how it fits."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from rseaudit.checking import Checked, check, is_current
from rseaudit.config.settings import AudienceSettings, DuplicatesSettings, Settings, StoreSettings
from rseaudit.drafts import read_draft
from rseaudit.errors import UsageError
from rseaudit.i18n import translator
from rseaudit.matching import index_folder, open_index, run_duplicates
from rseaudit.model import Document, Person, Ref, Source, Space, Visibility
from rseaudit.report.drafts import to_json, to_text
from rseaudit.store import content, removal, runs
from rseaudit.store.database import Store, open_store
from tests.command_line import rseaudit
from tests.duplicates_cases import texts

NOW = datetime(2026, 3, 9, 9, tzinfo=UTC)
FRENCH, ENGLISH = translator("fr"), translator("en")


def text(name: str) -> str:
    return str(texts()[name]["text"])


def document(
    name: str, *, source: str = "intranet", visibility: Visibility = "registered", space: str = ""
) -> Document:
    known = texts()[name]
    return Document(
        source=source, id=name, title=known["title"], text=known["text"], author=known["author"], created=NOW,
        url=f"https://{source}.example.com/actus/{name}", visibility=visibility, spaces=(space,) if space else (),
    )  # fmt: skip


@pytest.fixture
def filled(tmp_path: Path) -> Iterator[Store]:
    store = open_store(f"sqlite:///{tmp_path / 'store.db'}")
    closed = document("handicap", source="rse", visibility="space", space="Cellule d'écoute")
    with store.write() as connection:
        content.save_sources(
            connection, [Source(name="intranet", role="reference"), Source(name="rse", role="audited")]
        )
        content.save_persons(connection, [Person(key="p1", name="Zoé Lauret"), Person(key="p2", name="Tom Vidal")])
        content.save_spaces(
            connection, [Space(source="rse", name="Cellule d'écoute", visibility="space", members=("Zoé Lauret",))]
        )
        content.save_documents(connection, [*(document(n) for n in texts() if n != "handicap"), closed])
    yield store
    store.close()


SETTINGS = Settings(
    audience=[
        AudienceSettings(id="terrain", label="Techniciens de terrain", languages=["fr"], expects=["date", "contact"])
    ]
)


def checked(store: Store, draft: str, settings: Settings = SETTINGS, **options: str) -> Checked:
    read = read_draft(draft.encode(), name="note.txt", form=None, now=NOW)
    return check(store, settings, read, now=NOW, **options)


def test_a_passage_that_stands_elsewhere_is_told_with_its_link(filled: Store):
    run_duplicates(filled, SETTINGS, now=NOW)
    said = to_text(checked(filled, f"Bonjour !\n\n{text('tri')}"), FRENCH)
    assert "Le tri change de couleur [intranet] https://intranet.example.com/actus/tri" in said
    assert "Contenu repris" in said
    data = to_json(checked(filled, f"Bonjour !\n\n{text('tri')}"), ENGLISH)
    (match,) = data["matches"]  # type: ignore[misc]
    (start, end) = match["passages"][0]["draft"]
    assert str(data["text"])[start:end] == match["passages"][0]["text"]
    assert json.loads(json.dumps(data)) == data


def test_without_an_index_the_answer_is_the_same(filled: Store):
    before = to_json(checked(filled, text("tri")), FRENCH)
    run_duplicates(filled, SETTINGS, now=NOW)
    assert index_folder(filled, SETTINGS).is_dir()
    assert to_json(checked(filled, text("tri")), FRENCH) == before


def test_a_closed_content_is_neither_named_nor_counted(filled: Store):
    run_duplicates(filled, SETTINGS, now=NOW)
    found = checked(filled, text("handicap"))
    assert (found.comparison.matches, found.restricted) == ((), True)
    assert found.comparison.originality.originality == 1.0
    for said in (to_text(found, FRENCH), json.dumps(to_json(found, FRENCH), ensure_ascii=False)):
        assert "référente handicap" not in said
        assert "écoute" not in said
        assert "rse.example.com" not in said


@pytest.mark.parametrize(("reader", "sees"), [("Zoé Lauret", 1), ("p1", 1), ("Tom Vidal", 0)])
def test_a_reader_sees_what_the_platform_lets_them_see(filled: Store, reader: str, sees: int):
    found = checked(filled, text("handicap"), reader=reader)
    assert len(found.comparison.matches) == sees
    assert found.restricted is not bool(sees)


def test_a_reader_or_an_audience_that_nobody_knows_is_an_error(filled: Store):
    with pytest.raises(UsageError, match="--as: 'Inconnu' is not known"):
        checked(filled, text("tri"), reader="Inconnu")
    with pytest.raises(UsageError, match=r"--audience: 'siège' is not declared\n  expected: terrain"):
        checked(filled, text("tri"), audience="siège")


def test_the_fit_to_the_audience_is_told_without_asking_who_answers(filled: Store):
    found = checked(filled, text("bibliotheque"), audience="terrain")
    assert found.judgement.fit in ("adjust", "unfit")
    assert "no-contact" in {finding.rule for finding in found.findings}
    assert not {finding.dimension for finding in found.findings} & {"ownership", "originality"}
    assert found.judgement.decision != "assign-owner"
    assert "Techniciens de terrain" in to_text(found, FRENCH)


def test_without_an_audience_fit_is_not_judged(filled: Store):
    assert checked(filled, text("bibliotheque")).judgement.fit == "not-judged"


def test_a_draft_of_ones_own_gets_a_kind_word(filled: Store):
    own = "Le toit du hangar à sel fuit depuis la grêle de samedi ; deux bâches tiennent, la troisième claque au vent."
    assert "Rien de ce brouillon n’a été trouvé ailleurs." in to_text(checked(filled, own), FRENCH)


def test_checking_writes_nothing_and_takes_no_lock(filled: Store, tmp_path: Path):
    run_duplicates(filled, SETTINGS, now=NOW)
    before = sorted(
        (path, path.stat().st_mtime_ns) for path in tmp_path.rglob("*") if path.suffix not in (".db-shm", ".db-wal")
    )
    checked(filled, text("tri"), audience="terrain")
    after = sorted(
        (path, path.stat().st_mtime_ns) for path in tmp_path.rglob("*") if path.suffix not in (".db-shm", ".db-wal")
    )
    assert before == after


def test_an_index_lies_where_the_configuration_says(filled: Store, tmp_path: Path):
    settings = Settings(store=StoreSettings(index=str(tmp_path / "elsewhere")))
    run_duplicates(filled, settings, now=NOW)
    assert (tmp_path / "elsewhere" / "current.json").exists()
    assert not (tmp_path / "store.db.index").exists()


def test_an_index_that_cannot_be_written_stops_nothing(filled: Store, tmp_path: Path):
    (tmp_path / "blocked").write_text("a file")
    settings = Settings(store=StoreSettings(index=str(tmp_path / "blocked")))
    run = run_duplicates(filled, settings, now=NOW)
    assert (run.state, run.done) == ("complete", 1)
    assert len(checked(filled, text("tri"), settings).comparison.matches) == 1


def test_removing_a_document_makes_the_index_unusable(filled: Store):
    run_duplicates(filled, SETTINGS, now=NOW)
    with filled.write() as connection:
        removal.remove_documents(connection, [Ref("intranet", "tri")])
    assert open_index(filled, SETTINGS).generation == ""
    assert checked(filled, text("tri")).comparison.matches == ()


def test_a_document_that_vanished_after_the_run_is_not_named(filled: Store):
    run_duplicates(filled, SETTINGS, now=NOW)
    index = open_index(filled, SETTINGS)
    with filled.write() as connection:
        removal.remove_documents(connection, [Ref("intranet", "tri")])
    draft = read_draft(text("tri").encode(), name="note.txt", form=None, now=NOW)
    assert check(filled, SETTINGS, draft, now=NOW, index=index).comparison.matches == ()


def test_it_is_known_when_something_was_read_since(filled: Store):
    assert not is_current(filled)
    run_duplicates(filled, SETTINGS, now=NOW)
    assert is_current(filled)
    with filled.write() as connection:
        runs.start(connection, "import", NOW, {})
    assert not is_current(filled)


def test_excluded_text_is_no_match(filled: Store):
    settings = Settings(duplicates=DuplicatesSettings(exclude_text=[text("tri")]))
    assert checked(filled, text("tri"), settings).comparison.matches == ()


def lines(folder: Path) -> None:
    with (folder / "pages.jsonl").open("w", encoding="utf-8") as file:
        for name, known in texts().items():
            line = {
                "source": "intranet",
                "role": "reference",
                "id": name,
                "title": known["title"],
                "text": known["text"],
            }
            file.write(json.dumps({**line, "visibility": "registered", "created": "2026-03-01T09:00:00+01:00"}) + "\n")


def test_the_command_checks_a_file_and_standard_input(tmp_path: Path):
    lines(tmp_path)
    assert rseaudit("import", "pages.jsonl", cwd=tmp_path).code == 0
    assert rseaudit("duplicates", "--quiet", cwd=tmp_path).code == 0
    (tmp_path / "note.md").write_text(f"# Rappel\n\n{text('frais')}\n", encoding="utf-8")
    done = rseaudit("check", "note.md", "--json", "--fail-on", "alert", cwd=tmp_path)
    assert (done.code, done.err) == (1, "")
    data = json.loads(done.out)
    assert [match["other"]["id"] for match in data["matches"]] == ["frais"]
    spoken = rseaudit("check", "-", "--lang", "en", cwd=tmp_path, stdin=text("frais"))
    assert (spoken.code, spoken.err) == (0, "")
    assert "This draft shares passages with 1 content." in spoken.out


def test_the_command_tells_what_is_wrong(tmp_path: Path):
    assert "there is no store here yet" in rseaudit("check", "-", cwd=tmp_path, stdin="un texte").err
    missing = rseaudit("check", "nowhere.txt", cwd=tmp_path)
    assert missing.code == 2
    assert "the draft cannot be read" in missing.err
