"""What pairs of texts gave is found by either of them, and results are amended where they change."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import select

from rseaudit.model import Originality, Quote, Ref
from rseaudit.store import relations, removal, results, schema
from rseaudit.store.database import Store, open_store
from rseaudit.store.refs import named
from rseaudit.store.relations import Kept

KEPT = (
    Kept(1, 2, ("a", "b"), ([0, 12, "é"], [3, [4, 5], None])),
    Kept(2, 7, (), ()),
    Kept(3, 1, ("c",), ([0.5],)),
    Kept(5, 6, ("d",), ()),
)


def judged(id_: str, share: float = 0.5) -> Originality:
    return Originality(document=Ref("rse", id_), words=9, originality=share, attributed_share=0.0, verdict="copy")


def test_what_is_kept_of_a_pair_is_found_by_either_text(store: Store) -> None:
    with store.write() as connection:
        relations.save(connection, reversed(KEPT))
    with store.read() as connection:
        assert relations.touching(connection, [1]) == (KEPT[0], KEPT[2])
        assert relations.touching(connection, [7, 2, 1, 2]) == KEPT[:3]
        assert relations.touching(connection, range(2000)) == KEPT
        assert relations.touching(connection, [4]) == relations.touching(connection, []) == ()


def test_a_pair_whose_texts_are_asked_for_apart_comes_once(store: Store) -> None:
    far = Kept(0, 5000, ("x",), ())
    with store.write() as connection:
        relations.save(connection, [far])
        assert relations.touching(connection, range(5001)) == (far,)


def test_what_is_kept_of_a_pair_is_replaced(store: Store) -> None:
    again = Kept(1, 2, ("z",), ([9],))
    with store.write() as connection:
        relations.save(connection, KEPT)
        relations.save(connection, [again])
        relations.save(connection, [])
        assert relations.touching(connection, [1]) == (again, KEPT[2])


def test_pairs_are_deleted_as_they_are_named(store: Store) -> None:
    with store.write() as connection:
        relations.save(connection, KEPT)
        relations.delete(connection, [(1, 2), (1, 3), (5, 6)])  # (1, 3) is not (3, 1)
        relations.delete(connection, [])
        assert relations.touching(connection, range(9)) == KEPT[1:3]
        relations.clear(connection)
        assert relations.touching(connection, range(9)) == ()


@pytest.mark.parametrize(("removed", "left"), [((), KEPT), ((Ref("rse", "1"),), ())])
def test_with_a_removed_document_goes_what_was_kept_of_pairs(
    store: Store, removed: tuple[Ref, ...], left: tuple[Kept, ...]
) -> None:
    with store.write() as connection:
        relations.save(connection, KEPT)
        removal.remove_documents(connection, iter(removed))
        assert relations.touching(connection, range(9)) == left


def test_amended_results_keep_what_stays_and_end_with_what_is_new(store: Store) -> None:
    with store.write() as connection:
        found = {
            "documents": (Originality, [judged(id_) for id_ in "123"]),
            "quotes": (Quote, [Quote(0, 1, "a")]),
        }
        results.save(connection, "duplicates", "duplicates-1", found)
        results.save(connection, "audit", "audit-1", {"documents": (Originality, [judged("2")])})
        results.amend(
            connection,
            "duplicates",
            "duplicates-2",
            "documents",
            Originality,
            gone=iter(["rse/2", "rse/2", *(f"rse/{n}" for n in range(100, 1000)), "rse/3"]),
            items=[judged("2", 0.9), judged("0")],
        )
    with store.read() as connection:
        assert results.load(connection, "duplicates", "documents", Originality) == (
            judged("1"),
            judged("2", 0.9),
            judged("0"),
        )
        assert results.load(connection, "duplicates", "quotes", Quote) == (Quote(0, 1, "a"),)
        assert results.load(connection, "audit", "documents", Originality) == (judged("2"),)
        [(job, kind, data)] = [item for item in results.find(connection, "rse/2") if item[0] == "duplicates"]
    assert (job, kind, data["originality"]) == ("duplicates", "documents", 0.9)
    assert "id" not in data


def test_results_are_amended_where_there_are_none(store: Store) -> None:
    with store.write() as connection:
        for _ in range(2):
            results.amend(
                connection, "duplicates", "d-1", "documents", Originality, gone=["rse/1"], items=[judged("1")]
            )
        results.amend(connection, "duplicates", "d-1", "documents", Originality, gone=[], items=[])
        assert results.load(connection, "duplicates", "documents", Originality) == (judged("1"),)


def test_just_the_pairs_that_are_named_are_given(store: Store) -> None:
    with store.write() as connection:
        relations.save(connection, [Kept(one, two, (), ()) for one in range(4) for two in range(one, 4)])
    with store.read() as connection:
        found = relations.between(connection, [(2, 3), (0, 1), (3, 9)])
    assert [(item.one, item.two) for item in found] == [(0, 1), (2, 3)]


def test_documents_are_asked_for_by_an_index(tmp_path: Path) -> None:
    with closing(open_store(f"sqlite:///{tmp_path}/store.db")) as store, store.read() as connection:
        for table in (schema.documents, schema.aliases, schema.histories):
            for where in named(table, [Ref("rse", "1"), Ref("rse", "2"), Ref("wiki", "1")]):
                query = select(table).where(where).compile(compile_kwargs={"literal_binds": True})
                plan = [row.detail for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {query}")]
                assert plan[0].startswith("SEARCH")
