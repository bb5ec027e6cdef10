"""A run after changes of the store gives what one in a new store gives, and writes only what has changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from rseaudit import matching
from rseaudit.config.settings import DuplicatesSettings, Settings
from rseaudit.duplicates.draft import compare
from rseaudit.duplicates.job import Reuse
from rseaudit.duplicates.keeping import Words
from rseaudit.matching import open_index, run_duplicates
from rseaudit.model import Document, Person, Run
from rseaudit.people import Directory
from rseaudit.pipeline import load_reuse, matches_are_fresh
from rseaudit.store import content, histories, removal
from rseaudit.store.database import Store, open_store
from tests.duplicates_writer import SOURCES, START, Writer

SETTINGS = Settings(duplicates=DuplicatesSettings(boilerplate_documents=4))
NOW = START + timedelta(days=100)


def keep(store: Store, documents: Sequence[Document]) -> None:
    with store.write() as connection:
        content.save_sources(connection, SOURCES.values())
        content.save_documents(connection, documents)


def run(store: Store) -> Run:
    return run_duplicates(store, SETTINGS, now=NOW)


def found(store: Store) -> Reuse:
    reuse = load_reuse(store)
    assert reuse is not None
    return reuse


@pytest.fixture
def anew(tmp_path: Path) -> Iterator[Store]:
    """A store that knows nothing."""
    (tmp_path / "anew").mkdir()
    store = open_store(f"sqlite:///{tmp_path}/anew/store.db")
    yield store
    store.close()


@pytest.fixture
def from_nothing(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Collect the addresses of the stores of which everything was compared."""
    seen: list[str] = []
    wrapped = matching._anew

    def noticed(store: Store, *args: object) -> Run:
        seen.append(store.shown)
        return wrapped(store, *args)  # type: ignore[arg-type]

    monkeypatch.setattr(matching, "_anew", noticed)
    return seen


@pytest.mark.parametrize("seed", range(4))
def test_after_many_days_a_store_holds_what_a_new_one_would(
    store: Store, anew: Store, from_nothing: list[str], seed: int
) -> None:
    writer = Writer(seed)
    documents = [writer.document() for _ in range(140)]
    keep(store, documents)
    run(store)
    for count in (3, 0, 8, 5):
        before = {document.ref: document for document in documents}
        documents = writer.changed(documents, count)
        keep(store, [document for document in documents if before.get(document.ref) != document])
        with store.write() as connection:
            content.mark_gone(connection, before.keys() - {document.ref for document in documents})
        assert run(store).done == len(found(store).documents)
    keep(anew, documents)
    run(anew)
    assert found(store) == found(anew)
    assert len(found(store).matches) > 20
    assert from_nothing == [store.shown, anew.shown]
    assert matches_are_fresh(store, SETTINGS)


def test_what_has_not_changed_is_not_written_again(store: Store, from_nothing: list[str]) -> None:
    writer = Writer(7)
    documents = [writer.document() for _ in range(100)]
    keep(store, documents)
    first = run(store)
    before = found(store)
    keep(store, [writer.document()])
    second = run(store)
    assert len(from_nothing) == 1
    with store.read() as connection:
        rows = connection.execute(text("SELECT run, count(*) FROM results WHERE kind = 'documents' GROUP BY run"))
        of_runs = {row.run: row[1] for row in rows}
    assert of_runs[first.id] > 60
    assert of_runs.get(second.id, 0) < 20
    assert {match.id for match in before.matches} <= {match.id for match in found(store).matches}


def test_where_nothing_has_changed_nothing_is_done(store: Store, from_nothing: list[str]) -> None:
    writer = Writer(6)
    keep(store, [writer.document() for _ in range(60)])
    first = run(store)
    before = found(store)
    folder = matching.index_folder(store, SETTINGS)
    written = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    second = run(store)
    assert (second.state, second.done) == ("complete", first.done)
    assert second.id != first.id
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == written
    assert found(store) == before
    assert len(from_nothing) == 1


def test_an_index_that_cannot_be_written_to_any_more_costs_time_only(
    store: Store, from_nothing: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = Writer(5)
    keep(store, [writer.document() for _ in range(60)])
    run(store)
    keep(store, [writer.document()])

    def full(*_: object) -> None:
        raise OSError("no room")

    monkeypatch.setattr(Words, "extended", full)
    assert run(store).done == len(found(store).documents)
    assert len(from_nothing) == 2


def test_a_draft_is_compared_with_what_came_later(store: Store, from_nothing: list[str]) -> None:
    writer = Writer(13)
    keep(store, [writer.document() for _ in range(60)])
    run(store)
    late = replace(writer.document(), id="late", text=" ".join(writer.sentence() for _ in range(6)))
    keep(store, [late])
    run(store)
    draft = Document(source="draft", id="d", text=f"{writer.sentence()} {late.text}", created=NOW)
    compared = compare(
        draft,
        open_index(store, SETTINGS),
        load=lambda refs: {late.ref: late} if late.ref in refs else {},
        directory=Directory(()),
        settings=SETTINGS.duplicates,
    )
    assert [match.other for match in compared.matches] == [late.ref]
    assert len(from_nothing) == 1


def test_most_postings_are_written_once(store: Store, from_nothing: list[str]) -> None:
    writer = Writer(12)
    keep(store, [writer.document() for _ in range(100)])
    run(store)
    folder = matching.index_folder(store, SETTINGS)
    places = []
    for _ in range(8):
        keep(store, [writer.document() for _ in range(3)])
        run(store)
        [base] = folder.glob("base-*")
        places.append(base.name)
        assert len([*folder.glob("words-*")]) == 1
    assert len(from_nothing) == 1
    assert 1 < len(set(places)) < 4
    assert places[0] == places[1]
    drafted = open_index(store, SETTINGS)
    assert len(drafted.runs[0]) > 8 * len(drafted.runs[1])


def test_a_further_address_and_another_person_are_changes(store: Store, anew: Store, from_nothing: list[str]) -> None:
    writer = Writer(8)
    others = [writer.document() for _ in range(60)]
    note = " ".join(writer.sentence() for _ in range(4))
    url = "https://intranet.example/note"
    original = Document(source="intranet", id="n1", text=note, url=url, author="ocaron", created=START)
    linking = Document(
        source="rse", id="c1", text=f"{note} Source\u00a0: https://court.example/n1", created=START + timedelta(days=3)
    )
    thanking = replace(linking, id="c2", text=f"{note}\n\nMerci à Odile Caron.")
    for each in (store, anew):
        keep(each, [*others, original, linking, thanking])
    run(store)
    kinds = {match.document.id: match.kind for match in found(store).matches if match.document.id in ("c1", "c2")}
    for each in (store, anew):
        with each.write() as connection:
            content.add_alias(connection, "intranet", "https://court.example/n1", "n1")
            content.save_persons(connection, [Person(key="ocaron", name="Odile Caron")])
    run(store)
    run(anew)
    assert from_nothing == [store.shown, anew.shown]
    assert found(store) == found(anew)
    now = {match.document.id: match.kind for match in found(store).matches if match.document.id in ("c1", "c2")}
    assert kinds != now
    for path in matching.index_folder(store, SETTINGS).rglob("*"):
        assert path.is_dir() or b"Caron" not in path.read_bytes()


def test_after_a_removal_everything_is_compared(store: Store, from_nothing: list[str]) -> None:
    writer = Writer(9)
    documents = [writer.document() for _ in range(60)]
    keep(store, documents)
    run(store)
    with store.write() as connection:
        removal.remove_documents(connection, [documents[0].ref])
    run(store)
    assert len(from_nothing) == 2
    assert documents[0].ref not in {item.document for item in found(store).documents}
    with store.read() as connection:
        assert documents[0].ref not in histories.stamps(connection)


def test_a_removal_during_a_run_takes_its_index_away(
    store: Store, from_nothing: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = Writer(10)
    documents = [writer.document() for _ in range(60)]
    keep(store, documents)
    run(store)
    keep(store, [writer.document()])
    wrapped = matching.outcome.amend

    def removed(store: Store, *args: object, **named: object) -> Run:
        with store.write() as connection:
            removal.remove_documents(connection, [documents[0].ref])
        return wrapped(store, *args, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(matching.outcome, "amend", removed)
    run(store)
    assert len(from_nothing) == 1
    run(store)
    assert len(from_nothing) == 2
    assert documents[0].ref not in {item.document for item in found(store).documents}


def test_a_run_that_ends_before_its_time_leaves_nothing_wrong(
    store: Store, anew: Store, from_nothing: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = Writer(11)
    documents = [writer.document() for _ in range(80)]
    keep(store, documents)
    run(store)
    documents += [writer.document() for _ in range(3)]
    keep(store, documents[-3:])

    def dies(*_args: object, **_named: object) -> Run:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(matching.outcome, "amend", dies)  # the words of new texts are in their files by now
        with pytest.raises(KeyboardInterrupt):
            run(store)
    documents.append(writer.document())
    keep(store, documents[-1:])
    run(store)
    assert len(from_nothing) == 1
    keep(anew, documents)
    run(anew)
    assert found(store) == found(anew)
