"""The word by which a document's state is known: it tells what texts are compared and judged by, nothing else."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from rseaudit.model import Document, Ref
from rseaudit.store import content, removal
from rseaudit.store import states as stored
from rseaudit.store.database import Store, open_store

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
URL = "https://rse.example/"
ONE = Document(
    source="rse",
    id="1",
    text="Texte",
    url=f"{URL}1",
    author="Anne",
    created=NOW,
    dates={"api-date": NOW},
    tags=("epi",),
)
TWO = Document(source="rse", id="2", text="Autre texte", url=f"{URL}2")
IMPORTED = Document(source="rse", id="3", text="Sans adresse")

# One other value for every field but those that name the document.
OTHER: dict[str, object] = {
    "kind": "post",
    "url": f"{URL}other",
    "spaces": ("Vie",),
    "title": "Titre",
    "text": "Texte revu",
    "body": "<p>Texte</p>",
    "format": "html",
    "author": "Luc",
    "owner": "Luc",
    "last_editor": "Luc",
    "author_active": False,
    "owner_active": False,
    "created": NOW.replace(day=1),
    "modified": NOW,
    "dates": {"api-date": NOW.replace(day=1)},
    "visibility": "space",
    "lang": "fr",
    "tags": ("epi", "casque"),
    "shared_from": "9",
    "translation_of": "9",
    "canonical": f"{URL}other",
}
OF_READERS: dict[str, object] = {
    "comments": 3,
    "likes": 4,
    "views": 5,
    "accounts": ("anne",),
    "first_seen": NOW.replace(year=2027),
    "extra": {"pays": "FR"},
}


def save(store: Store, *documents: Document) -> None:
    with store.write() as connection:
        content.save_documents(connection, documents)


def add(store: Store, url: str, id_: str) -> None:
    with store.write() as connection:
        content.add_alias(connection, "rse", url, id_)


def states(store: Store) -> dict[str, str]:
    with store.read() as connection:
        return {id_: state for (_, id_), state in stored.states(connection).items()}


def test_every_field_of_a_document_is_held_to_be_one_or_the_other() -> None:
    named = {"source", "id", "gone"}
    assert {*OTHER, *OF_READERS, *named} == {field.name for field in fields(Document)}


@pytest.mark.parametrize("name", ["", *OF_READERS])
def test_a_state_stays_when_the_same_is_saved_again(store: Store, name: str) -> None:
    save(store, ONE)
    before = states(store)
    save(store, replace(ONE, **{name: OF_READERS[name]}) if name else ONE)  # type: ignore[arg-type]
    assert states(store) == before


@pytest.mark.parametrize("name", OTHER)
def test_a_state_changes_with_what_is_judged(store: Store, name: str) -> None:
    save(store, ONE, TWO)
    before = states(store)
    save(store, replace(ONE, **{name: OTHER[name]}))  # type: ignore[arg-type]
    after = states(store)
    assert after["1"] != before["1"]
    assert after["2"] == before["2"]


def test_a_state_is_that_of_what_is_stored_not_of_what_was_read(store: Store) -> None:
    first = replace(ONE, dates={"url-date": NOW, "first-seen": NOW})
    save(store, first)
    before = states(store)
    save(store, replace(first, dates={"first-seen": NOW.replace(year=2027), "url-date": NOW}))
    assert states(store) == before
    save(store, replace(first, dates={"url-date": NOW}))
    assert states(store) == before


def test_a_page_read_by_a_worse_address_changes_the_addresses_alone(store: Store) -> None:
    save(store, ONE)
    (before,) = states(store).values()
    save(store, replace(ONE, url=f"{URL}post?id=1", text="par l'autre adresse"))
    (after,) = states(store).values()
    assert after.startswith(f"{before}+")


def test_what_has_vanished_has_no_state_until_it_is_back(store: Store) -> None:
    save(store, ONE, TWO)
    before = states(store)
    with store.write() as connection:
        content.mark_gone(connection, [ONE.ref])
    assert states(store) == {"2": before["2"]}
    save(store, ONE)
    assert states(store) == before


def test_a_further_address_changes_the_state_of_its_document_alone(store: Store) -> None:
    save(store, ONE, TWO, IMPORTED)
    before = states(store)
    assert not [state for state in before.values() if "+" in state]
    add(store, f"{URL}?p=1", "1")
    second = states(store)
    add(store, f"{URL}?id=1", "1")
    third = states(store)
    assert len({before["1"], second["1"], third["1"]}) == 3
    assert all(before[id_] == second[id_] == third[id_] for id_ in "23")


def test_the_first_address_of_a_document_without_one_changes_its_state(store: Store) -> None:
    save(store, IMPORTED, TWO)
    before = states(store)
    assert before["3"].startswith("-")
    assert len(before["3"]) == 17
    add(store, f"{URL}3", "3")
    after = states(store)
    assert after["3"].startswith(f"{before['3']}+")
    assert after["2"] == before["2"]


def test_an_address_that_another_document_takes_changes_both(store: Store) -> None:
    save(store, ONE, TWO)
    before = states(store)
    save(store, replace(TWO, url=ONE.url))
    add(store, f"{URL}?p=1", "1")  # its only address now, and not the one in its row
    after = states(store)
    assert after["1"].startswith(f"-{before['1']}+")
    assert after["2"] != before["2"]
    save(store, replace(TWO, id="4", url=ONE.url))
    assert states(store)["1"] == after["1"]  # it has nothing more to lose


def test_documents_of_one_address_are_in_the_same_states_when_they_are_saved_again(store: Store) -> None:
    thread = [replace(ONE, id=id_, text=f"Réponse {id_}") for id_ in "123"]
    save(store, *thread)
    before = states(store)
    save(store, *thread)
    assert states(store) == before


def test_many_documents_of_many_addresses_have_the_states_they_have_alone(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(store, ONE, TWO, IMPORTED)
    for id_ in "123":
        add(store, f"{URL}?p={id_}", id_)
    few = states(store)
    monkeypatch.setattr(content, "_FEW", 1)
    assert states(store) == few
    with store.read() as connection:
        assert content.aliases_of(connection, [ONE.ref, Ref("rse", "9"), Ref("rse", "3")]) == {
            ONE.ref: (f"{URL}1", f"{URL}?p=1"),
            Ref("rse", "3"): (f"{URL}?p=3",),
        }


def test_the_stamps_are_read_without_the_documents(sqlite_address: str) -> None:
    store = open_store(sqlite_address)
    query = str(stored._STAMPS.compile(compile_kwargs={"literal_binds": True})).replace("false", "0")
    with store.read() as connection:
        (step,) = connection.execute(text(f"EXPLAIN QUERY PLAN {query}"))
    store.close()
    assert "USING COVERING INDEX" in step.detail


def test_a_removed_document_has_no_state(store: Store) -> None:
    save(store, ONE, TWO)
    before = states(store)
    with store.write() as connection:
        removal.remove_documents(connection, [ONE.ref])
    assert states(store) == {"2": before["2"]}


def test_readers_see_one_state_for_all_they_ask(store: Store) -> None:
    save(store, ONE)
    with store.read() as reader:
        before = stored.states(reader)
        save(store, replace(ONE, text="Texte revu"), TWO)
        assert stored.states(reader) == before
        assert content.count_documents(reader) == 1
    with store.read() as reader:
        assert content.count_documents(reader) == 2


def test_who_writes_after_a_reader_writes_what_others_have_left(store: Store) -> None:
    with store.read() as reader:
        stored.states(reader)
    if store.path is None:
        with store.write() as connection:  # the same connection of the pool
            assert connection.execute(text("SHOW transaction_isolation")).scalar() == "read committed"
    save(store, ONE)
    assert len(states(store)) == 1
