"""Runs on a store: what one run leaves to the next, and where its index lies."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from rseaudit.config.settings import Settings
from rseaudit.duplicates.archive import discard
from rseaudit.duplicates.engines import Engine
from rseaudit.duplicates.job import Reuse
from rseaudit.errors import UsageError
from rseaudit.matching import index_folder, local_engine, run_duplicates
from rseaudit.model import Document, Match, Person, Source
from rseaudit.pipeline import load_reuse
from rseaudit.store import content, histories, removal
from rseaudit.store.database import Store, open_store
from tests.duplicates_cases import texts

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
NOTE = str(texts()["reseau"]["text"])


def at(day: float) -> datetime:
    return MONDAY + timedelta(days=day)


def document(source: str, text: str, day: float) -> Document:
    return Document(source=source, id="1", text=text, created=at(day), dates={"api-date": at(day)})


def keep(store: Store, *documents: Document) -> None:
    with store.write() as connection:
        content.save_sources(
            connection, [Source(name="rse", role="audited"), Source(name="intranet", role="reference")]
        )
        content.save_documents(connection, documents)


def reuse(store: Store, day: float, engine: Engine | None = None) -> Reuse:
    run_duplicates(store, Settings(), now=at(day), engine=engine)
    found = load_reuse(store)
    assert found is not None
    return found


def match(store: Store, day: float) -> Match:
    (found,) = reuse(store, day).matches
    return found


ORIGINAL, COPY = document("intranet", NOTE, 0), document("rse", NOTE, 3)
CHANGED = replace(ORIGINAL, text=f"{NOTE} Le gardien prévient les équipes par haut-parleur.", modified=at(9))


def test_a_later_change_of_the_original_is_forgiven_when_it_was_read_before(store: Store) -> None:
    keep(store, ORIGINAL, COPY)
    assert match(store, 4).original == "other"
    keep(store, CHANGED)
    assert (match(store, 10).original, match(store, 20).original) == ("other", "other")


def test_a_change_that_nobody_saw_coming_makes_it_unknown(store: Store) -> None:
    keep(store, CHANGED, COPY)
    assert match(store, 10).original == "unknown"


def test_a_passage_that_came_with_the_change_makes_it_unknown(store: Store) -> None:
    keep(store, document("intranet", str(texts()["velo"]["text"]), 0), COPY)
    assert reuse(store, 4).matches == ()
    keep(store, CHANGED)
    assert match(store, 10).original == "unknown"


def test_the_history_of_a_removed_document_is_removed(store: Store) -> None:
    keep(store, ORIGINAL, COPY)
    match(store, 4)
    with store.write() as connection:
        assert set(histories.stamps(connection)) == {ORIGINAL.ref, COPY.ref}
        removal.remove_documents(connection, [ORIGINAL.ref])
        assert set(histories.stamps(connection)) == {COPY.ref}


def test_a_history_survives_the_store(store: Store) -> None:
    kept = histories.Kept("s", {"0123abcd": at(0), "4567efab": at(1), "89abcdef": at(0)})
    with store.write() as connection:
        histories.save(connection, {ORIGINAL.ref: kept})
        assert histories.load(connection, [ORIGINAL.ref, COPY.ref]) == {ORIGINAL.ref: kept}


OTHER = "Le service des achats négocie chaque automne les contrats de fournitures avec trois imprimeurs de la région."


def test_a_run_that_takes_up_the_last_one_finds_what_one_from_nothing_finds(store: Store) -> None:
    keep(store, ORIGINAL, COPY, replace(COPY, id="2", text=OTHER))
    reuse(store, 4)
    keep(store, replace(ORIGINAL, id="3", text=f"{OTHER} Les échantillons arrivent en mars."), replace(COPY, id="4"))
    taken_up = reuse(store, 5)
    discard(index_folder(store, Settings()))
    anew = reuse(store, 5)
    assert taken_up == anew
    assert len(anew.matches) == 4


@pytest.mark.parametrize("name", ["left.json", "names.json", "keys.column", "rows.npy"])
@pytest.mark.parametrize("damage", [b"", b"{}", b"[1, 2"])
def test_what_the_last_run_left_may_be_damaged(store: Store, name: str, damage: bytes) -> None:
    keep(store, ORIGINAL, COPY)
    before = reuse(store, 4)
    [left] = index_folder(store, Settings()).glob(f"*/{name}")
    left.write_bytes(damage)
    assert reuse(store, 5) == before


def test_what_other_settings_or_people_led_to_is_judged_again(store: Store) -> None:
    named = replace(ORIGINAL, author="amartin")
    told = replace(COPY, text=f"{NOTE}\n\nMerci à Anne Martin.")
    keep(store, named, told)
    assert match(store, 4).kind == "copy"
    with store.write() as connection:
        content.save_persons(connection, [Person(key="amartin", name="Anne Martin")])
    assert match(store, 5).kind == "relay"


def test_partitions_lie_beside_the_index_and_go(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'store.db'}")
    keep(store, ORIGINAL, COPY)
    whole = reuse(store, 4)
    with local_engine(store, Settings(), partitions=3) as engine:
        parted = reuse(store, 4, engine)
        assert list(index_folder(store, Settings()).glob("partitions-*"))
    assert parted == whole
    assert not list(index_folder(store, Settings()).glob("partitions-*"))
    store.close()


def test_partitions_that_cannot_be_written_are_told_with_the_remedy(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'store.db'}")
    (tmp_path / "store.db.index").write_text("a file")
    with pytest.raises(UsageError, match="partitions cannot be written"), local_engine(store, Settings(), partitions=3):
        pass
    store.close()
