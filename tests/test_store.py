"""One contract for both stores: SQLite always, PostgreSQL where it can be started."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import textwrap
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection

from rseaudit.errors import LockedError, StoreError
from rseaudit.model import Document, Person, Quote, Ref, Source, Space
from rseaudit.store import appearances, content, frontier, results, runs, schema, sightings
from rseaudit.store.canonical import canonical_lines
from rseaudit.store.database import Store, get_property, open_store, set_property
from rseaudit.store.frontier import Body, Outcome
from rseaudit.store.locks import job_lock

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def document(id_: str, **values: object) -> Document:
    return Document(source="rse", id=id_, text=f"Texte {id_}", **values)  # type: ignore[arg-type]


def test_the_migrations_lead_to_the_schema_of_the_code(store: Store) -> None:
    with store.read() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), schema.metadata)
    assert differences == []


def test_what_is_saved_is_what_is_loaded(store: Store) -> None:
    full = document(
        "1",
        url="https://rse.example/1",
        spaces=("Sécurité", "Vie"),
        title="Titre",
        author="a@x.example",
        created=NOW,
        dates={"api-date": NOW},
        likes=0,
        tags=("epi",),
        extra={"pays": "FR"},
        first_seen=NOW,
        visibility="space",
    )
    person = Person(key="k", name="Anne", mail="a@x.example", active=True)
    space = Space(source="rse", name="Sécurité", owners=("Anne",), members=("Anne", "Luc"), visibility="space")
    with store.write() as connection:
        content.save_sources(connection, [Source(name="rse", role="audited")])
        content.save_documents(connection, [full, document("2")])
        content.save_persons(connection, [person])
        content.save_spaces(connection, [space])
    with store.read() as connection:
        assert content.documents(connection) == (full, document("2"))
        assert content.persons(connection) == (person,)
        assert content.spaces(connection) == (space,)
        assert content.some_documents(connection, [Ref("rse", "1"), Ref("rse", "9")]) == {full.ref: full}
        assert content.aliases(connection) == (("rse", "https://rse.example/1", "1"),)


def test_unknown_stays_unknown_and_zero_stays_zero(store: Store) -> None:
    with store.write() as connection:
        content.save_documents(connection, [document("1", likes=0, views=None)])
    with store.read() as connection:
        [found] = content.documents(connection)
    assert (found.likes, found.views) == (0, None)


def test_a_document_read_again_was_first_seen_when_it_was_first_seen(store: Store) -> None:
    later = NOW.replace(year=2027)
    with store.write() as connection:
        for when in (NOW, later):
            seen = document("1", title=str(when.year), first_seen=when, dates={"first-seen": when})
            content.save_documents(connection, [seen])
        [found] = content.documents(connection)
    assert (found.title, found.first_seen, found.dates["first-seen"]) == ("2027", NOW, NOW)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_document_had_under_two_addresses_is_the_same_in_any_order(store: Store, order: tuple[int, int]) -> None:
    long = document("1", url="https://rse.example/post?id=1", title="par l'adresse longue")
    short = document("1", url="https://rse.example/p/1", title="par l'adresse courte")
    with store.write() as connection:
        for index in order:
            content.save_documents(connection, [(long, short)[index]])
    with store.read() as connection:
        [found] = content.documents(connection)
        assert found.title == "par l'adresse courte"
        assert len(content.aliases(connection)) == 2


def test_order_is_by_code_point_on_both_databases(store: Store) -> None:
    names = ["é", "z", "Z", "a", "_", "œ", "10", "9"]
    with store.write() as connection:
        content.save_documents(connection, [document(name) for name in names])
    with store.read() as connection:
        assert [item.id for item in content.documents(connection)] == sorted(names)


def test_an_error_in_a_transaction_leaves_nothing_behind(store: Store) -> None:
    def failing() -> None:
        with store.write() as connection:
            content.save_documents(connection, [document("1")])
            raise RuntimeError

    with pytest.raises(RuntimeError):
        failing()
    with store.read() as connection:
        assert content.documents(connection) == ()


def test_a_lease_is_given_once_and_comes_back_after_a_death(store: Store) -> None:
    with store.write() as connection:
        frontier.add(connection, "rse", "", ["u1", "u2", "u3"], 0)
        frontier.add(connection, "rse", "", ["u1"], 5)
        first = frontier.lease(connection, "rse", "", 2, now=0)
        second = frontier.lease(connection, "rse", "", 2, now=0)
    assert [item.url for item in first] == ["u1", "u2"]
    assert [item.url for item in second] == ["u3"]
    assert {item.attempts for item in first} == {1}
    with store.write() as connection:
        frontier.settle(connection, Outcome(lease=first[0], state="done", status=200, etag='"x"'), now=0)
        frontier.release(connection, "rse", "", cap=3)
        assert frontier.counts(connection, "rse", "") == {"done": 1, "pending": 2}
        for _ in range(3):
            ready = {item.url: item for item in frontier.lease(connection, "rse", "", 5, now=0)}
            frontier.send(connection, ready["u2"])
            frontier.release(connection, "rse", "", cap=3)
        # Only what was sent each time is given up; what merely lay ready has cost nothing.
        assert frontier.counts(connection, "rse", "") == {"done": 1, "failed": 1, "pending": 1}
        [left] = frontier.lease(connection, "rse", "", 5, now=0)
        assert (left.url, left.attempts) == ("u3", 1)


def test_what_was_tried_before_comes_last(store: Store) -> None:
    with store.write() as connection:
        frontier.add(connection, "rse", "", ["u1", "u2", "u3"], 0)
        frontier.send(connection, frontier.lease(connection, "rse", "", 1, now=0)[0])
        frontier.release(connection, "rse", "", cap=3)
        assert [item.url for item in frontier.lease(connection, "rse", "", 5, now=0)] == ["u2", "u3", "u1"]


def test_a_new_crawl_asks_again_with_the_validators_of_the_last_answer(store: Store) -> None:
    with store.write() as connection:
        frontier.add(connection, "rse", "", ["u1"], 0)
        [lease] = frontier.lease(connection, "rse", "", 1, now=0)
        frontier.settle(connection, Outcome(lease=lease, state="done", status=200, etag='"x"'), now=0)
        frontier.renew(connection, "rse", "")
        [again] = frontier.lease(connection, "rse", "", 1, now=0)
    assert (again.etag, again.attempts) == ('"x"', 1)


def test_a_body_is_kept_as_it_came(store: Store) -> None:
    raw = bytes(range(256)) * 40
    body = Body(source="rse", account="", url="u", content_type="text/html", last_modified=None, fetched_at=1, body=raw)
    with store.write() as connection:
        frontier.keep_body(connection, body)
    with store.read() as connection:
        assert frontier.body(connection, "rse", "", "u") == body
        assert frontier.body(connection, "rse", "", "v") is None


def visit(connection: Connection, url: str, state: Literal["done", "absent"], *ids: str, listing: bool = False) -> None:
    frontier.add(connection, "rse", "", [url], 0)
    (lease,) = frontier.lease(connection, "rse", "", 1, now=0)
    assert lease.url == url
    if state == "done":
        content.save_documents(connection, [document(id_) for id_ in ids])
        appearances.keep(connection, lease, ids, listing=listing)
    frontier.settle(connection, Outcome(lease=lease, state=state), now=0)


def test_only_documents_whose_every_address_is_absent_have_vanished(store: Store) -> None:
    with store.write() as connection:
        for url, id_ in (("a", "1"), ("b", "1"), ("c", "2")):
            visit(connection, url, "done", id_)
        frontier.renew(connection, "rse", "")
        visit(connection, "a", "absent")
        visit(connection, "b", "done", "1")
        visit(connection, "c", "absent")
        assert appearances.vanished(connection, "rse") == (Ref("rse", "2"),)


def test_what_a_listing_does_not_give_any_more_is_asked_for_before_it_has_vanished(store: Store) -> None:
    with store.write() as connection:
        visit(connection, "page=1", "done", "1", "2", listing=True)
        visit(connection, "page=2", "done", "3", "4", listing=True)
        assert appearances.missing(connection, "rse", "") == ((), ())
        frontier.renew(connection, "rse", "", listings=True)
        visit(connection, "page=1", "done", "1", "4", listing=True)
        assert appearances.missing(connection, "rse", "") == ((), ("2", "3"))
        visit(connection, "item=2", "absent")
        visit(connection, "item=3", "done", "3", listing=True)
        appearances.close_listing(connection, "rse", "")
        assert appearances.vanished(connection, "rse") == (Ref("rse", "2"),)


def test_a_document_that_was_only_named_is_asked_for(store: Store) -> None:
    with store.write() as connection:
        frontier.add(connection, "rse", "", ["ids"], 0)
        (lease,) = frontier.lease(connection, "rse", "", 1, now=0)
        appearances.keep(connection, lease, ["7"], listing=True)
        frontier.settle(connection, Outcome(lease=lease, state="done"), now=0)
        assert appearances.missing(connection, "rse", "") == (("7",), ())


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_what_pages_say_of_a_space_is_joined_in_any_order(store: Store, order: tuple[int, int]) -> None:
    said = [
        ("u1", Space(source="rse", name="S", owners=("Anne",), visibility="registered")),
        ("u2", Space(source="rse", name="S", members=("Luc",), visibility="space")),
    ]
    people = [Person(key="k", name="A. Martin"), Person(key="k", name="Anne Martin", active=False)]
    with store.write() as connection:
        for index in order:
            url, space = said[index]
            sightings.keep_sighting(connection, "rse", "", url, ([space], [people[index]]))
        sightings.merge_sightings(connection, "rse")
    with store.read() as connection:
        [space] = content.spaces(connection)
        [person] = content.persons(connection)
    assert (space.owners, space.members, space.visibility) == (("Anne",), ("Luc",), "space")
    assert (person.name, person.active) == ("Anne Martin", False)


def test_the_counts_of_a_run_must_add_up(store: Store) -> None:
    with store.write() as connection:
        run = runs.start(connection, "crawl", NOW, {"sources": ["rse"]})
        with pytest.raises(ValueError, match="3 asked"):
            runs.finish(connection, run, "complete", asked=3, done=1, failed=1, skipped=0)
        runs.finish(connection, run, "complete", asked=3, done=2, failed=1, skipped=0, notes=["une page"])
        last = runs.last(connection, "crawl")
    assert last is not None
    assert (last.now, last.notes, last.done) == (NOW, ("une page",), 2)


def test_only_an_unfinished_run_of_the_same_scope_is_taken_up(store: Store) -> None:
    with store.write() as connection:
        run = runs.start(connection, "crawl", NOW, {"sources": ["rse"]})
        assert runs.resume(connection, "crawl", {"sources": ["autre"]}) is None
        resumed = runs.resume(connection, "crawl", {"sources": ["rse"]})
        assert resumed is not None
        assert resumed.id == run.id
        runs.finish(connection, run, "complete", asked=0, done=0, failed=0, skipped=0)
        assert runs.resume(connection, "crawl", {"sources": ["rse"]}) is None


def test_results_replace_those_of_the_last_run_and_keep_their_order(store: Store) -> None:
    with store.write() as connection:
        results.save(connection, "audit", "audit-1", {"quotes": (Quote, [Quote(1, 2, "b"), Quote(0, 1, "a")])})
        results.save(connection, "audit", "audit-2", {"quotes": (Quote, [Quote(5, 6, "z"), Quote(3, 4, "y")])})
    with store.read() as connection:
        assert results.load(connection, "audit", "quotes", Quote) == (Quote(5, 6, "z"), Quote(3, 4, "y"))
        assert results.run_of(connection, "audit") == "audit-2"


def test_a_property_is_replaced(store: Store) -> None:
    with store.write() as connection:
        set_property(connection, "x", "1")
        set_property(connection, "x", "2")
    with store.read() as connection:
        assert get_property(connection, "x") == "2"
        assert get_property(connection, "y") is None


def test_the_canonical_export_holds_no_instant_of_fetching(store: Store) -> None:
    with store.write() as connection:
        content.save_sources(connection, [Source(name="rse", role="audited")])
        content.save_documents(connection, [document("1", first_seen=NOW, dates={"first-seen": NOW})])
    with store.read() as connection:
        text = "\n".join(canonical_lines(connection))
    assert NOW.isoformat() not in text
    assert '"Texte 1"' in text


def test_a_second_run_of_a_job_is_refused_and_another_job_is_not(store: Store) -> None:
    with job_lock(store, "crawl"), job_lock(store, "watch"), pytest.raises(LockedError, match="crawl"):
        job_lock(store, "crawl").__enter__()
    with job_lock(store, "crawl"):
        pass


def test_a_lock_dies_with_its_process(store: Store) -> None:
    code = textwrap.dedent(
        f"""
        import sys, time
        from rseaudit.store.database import open_store
        from rseaudit.store.locks import job_lock
        with job_lock(open_store({store.url.render_as_string(hide_password=False)!r}), "crawl"):
            print("held", flush=True)
            time.sleep(60)
        """
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline().strip() == "held"
        with pytest.raises(LockedError):
            job_lock(store, "crawl").__enter__()
        holder.kill()
        holder.wait()
    for _ in range(50):  # a server notices a dead session a moment later
        try:
            with job_lock(store, "crawl"):
                return
        except LockedError:
            import time

            time.sleep(0.1)
    pytest.fail("the lock outlived its process")


def test_a_store_of_a_newer_schema_is_refused_and_left_alone(sqlite_address: str, tmp_path: Path) -> None:
    open_store(sqlite_address).close()
    path = tmp_path / "store.db"
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    before = path.read_bytes()
    with pytest.raises(StoreError, match="schema 9999"):
        open_store(sqlite_address)
    assert path.read_bytes() == before


def test_a_damaged_store_is_refused(sqlite_address: str, tmp_path: Path) -> None:
    store = open_store(sqlite_address)
    with store.write() as connection:
        content.save_documents(connection, [document(str(n)) for n in range(2000)])
    store.close()
    path = tmp_path / "store.db"
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    data = bytearray(path.read_bytes())
    data[len(data) // 2 : len(data) // 2 + 8192] = b"\xff" * 8192
    path.write_bytes(data)
    with pytest.raises(StoreError, match=r"damaged|malformed"):
        open_store(sqlite_address)


def test_what_is_no_store_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("bonjour " * 500, "utf-8")
    with pytest.raises(StoreError, match="not a database"):
        open_store(f"sqlite:///{tmp_path / 'notes.txt'}")
    with pytest.raises(StoreError, match="not the address"):
        open_store("mysql://x")
    with pytest.raises(StoreError, match="no store here yet"):
        open_store(f"sqlite:///{tmp_path / 'none.db'}", create=False)
    with pytest.raises(StoreError, match="folder"):
        open_store(f"sqlite:///{tmp_path / 'none' / 'x.db'}")


def test_a_reader_sees_a_consistent_state_while_another_job_writes(store: Store) -> None:
    with store.write() as connection:
        content.save_documents(connection, [document("1")])
    with store.read() as reader:
        assert len(content.documents(reader)) == 1
        with store.write() as writer:
            content.save_documents(writer, [document("2")])
    with store.read() as reader:
        assert len(content.documents(reader)) == 2
