"""At most so many requests at once on a host, whoever asks; its wish to be left alone outlives the process."""

from __future__ import annotations

import sqlite3
import threading
import time
from pathlib import Path

import pytest

from rseaudit.config.settings import SourceSettings
from rseaudit.crawl.pace import adjusted
from rseaudit.crawl.tenancy import Work, linked, share_out
from rseaudit.store import frontier, hosts, passes
from rseaudit.store.database import Store
from rseaudit.store.frontier import LeaseLost, Outcome
from rseaudit.store.hosts import Standing
from tests.command_line import rseaudit, start, write_config
from tests.site_server import PROFILE, Answer, Site, article, numbered_site, serving

NOW = "2026-11-23"


def source(name: str, host: str, *more: str, account: str | None = None) -> SourceSettings:
    accounts = [{"name": account}] if account else []
    return SourceSettings.model_validate(
        {
            "name": name,
            "role": "audited",
            "platform": "website",
            "url": f"https://{host}/",
            "allow_hosts": list(more),
            "account": accounts,
        }
    )


class CountingSite(Site):
    """Knows how many requests it answers at the same time."""

    def __init__(self, site: Site, wait_s: float) -> None:
        super().__init__(site.pages)
        self.most = 0
        self._now = 0
        self._each_s = wait_s
        self._lock = threading.Lock()

    def answer(self, path: str, conditions: object) -> Answer:
        with self._lock:
            self._now += 1
            self.most = max(self.most, self._now)
        time.sleep(self._each_s)
        try:
            return super().answer(path, conditions)  # type: ignore[arg-type]
        finally:
            with self._lock:
                self._now -= 1


def test_two_sources_on_one_host_ask_it_at_most_twice_at_once(tmp_path: Path) -> None:
    with serving(CountingSite(numbered_site(20), 0.03)) as site:
        text = "".join(
            f"""
[[source]]
name = "{name}"
role = "audited"
platform = "website"
profile = "site"
url = "{site.url}"
politeness = {{ autothrottle = false, concurrency = {at_once} }}
"""
            for name, at_once in (("one", 2), ("two", 8))
        )
        write_config(tmp_path, text + PROFILE)
        assert rseaudit("crawl", "--now", NOW, "--json", cwd=tmp_path).code == 0
        assert sum(site.fetched.values()) == 2 * 21
        assert isinstance(site, CountingSite)
        assert site.most == 2


def test_a_host_that_asked_for_patience_has_it_from_the_next_process_too(tmp_path: Path) -> None:
    asked: list[float] = []

    def busy_once(_path: str) -> Answer:
        asked.append(time.monotonic())
        if len(asked) == 1:
            return Answer(b"", status=429, headers={"Retry-After": "6"})
        return Answer(article(1).encode())

    site = Site({"/": article(0, "/note/1", "/note/2"), "/note/1": busy_once, "/note/2": article(2)})
    with serving(site):
        write_config(
            tmp_path,
            f'[[source]]\nname = "notes"\nrole = "audited"\nplatform = "website"\nprofile = "site"\n'
            f'url = "{site.url}"\npoliteness = {{ autothrottle = false, concurrency = 1 }}\n{PROFILE}',
        )
        crawl = start("crawl", "--now", NOW, "--json", cwd=tmp_path)
        while not _not_before(tmp_path) and crawl.poll() is None:
            time.sleep(0.01)
        crawl.kill()
        crawl.wait()
        assert len(asked) == 1
        sent = len(site.requests)
        until = _not_before(tmp_path)
        done = rseaudit("crawl", "--now", NOW, "--json", cwd=tmp_path)
        assert done.code == 0, done.err
        assert time.time() >= until
        assert asked[1] - asked[0] >= 5.9
        assert site.fetched == {"/": 1, "/note/1": 2, "/note/2": 1}
        assert len(site.requests) > sent


def _not_before(folder: Path) -> float:
    try:
        with sqlite3.connect(f"file:{folder / 'rseaudit.db'}?mode=ro", uri=True) as connection:
            found = connection.execute("SELECT max(not_before) FROM hosts").fetchone()[0]
            return float(found or 0)
    except sqlite3.Error:
        return 0.0


def test_a_crawl_that_commits_nothing_stops_itself(tmp_path: Path) -> None:
    with serving(numbered_site(200, wait_s=0.02)) as site:
        write_config(
            tmp_path,
            f'[[source]]\nname = "notes"\nrole = "audited"\nplatform = "website"\nprofile = "site"\n'
            f'url = "{site.url}"\npoliteness = {{ autothrottle = false, timeout_s = 0.25 }}\n'
            f"[crawl]\nstall_s = 1\n{PROFILE}",
        )
        crawl = start("crawl", "--now", NOW, "--json", cwd=tmp_path)
        while len(site.fetched) < 20 and crawl.poll() is None:
            time.sleep(0.01)
        with sqlite3.connect(tmp_path / "rseaudit.db", timeout=30, isolation_level=None) as connection:
            connection.execute("BEGIN IMMEDIATE")  # from here on nothing can be committed
            sent = 0
            while sent < len(site.requests):  # until it has stopped asking
                sent = len(site.requests)
                time.sleep(2.5)
            connection.execute("ROLLBACK")
        assert crawl.wait(60) == 3
        assert sum(site.fetched.values()) < 200
        with sqlite3.connect(tmp_path / "rseaudit.db") as connection:
            [(state, notes)] = connection.execute("SELECT state, notes FROM runs WHERE job = 'crawl'")
        assert "stopped itself" in notes
        assert state == "interrupted"
        assert rseaudit("crawl", "--now", NOW, "--json", cwd=tmp_path).code == 0


def test_sources_that_share_a_host_are_read_by_one_worker() -> None:
    found = linked(
        [
            source("a", "a.test"),
            source("b", "b.test", "shared.test"),
            source("c", "c.test", "shared.test"),
            source("d", "d.test", "a.test"),
        ]
    )
    assert found["a"] == found["d"] == {"a.test", "d.test"}
    assert found["b"] == found["c"] == {"b.test", "c.test", "shared.test"}


def test_the_attempts_of_each_account_are_known_to_who_takes_a_source_over() -> None:
    a, b = source("a", "a.test", account="lecteur"), source("b", "b.test")
    work = Work.on([(a, ""), (a, "lecteur"), (b, "")])
    assert work.of(frozenset({"a.test"})) == (("a", ""), ("a", "lecteur"))
    assert work.all_groups == (frozenset({"a.test"}), frozenset({"b.test"}))


def groups(*names: str) -> list[frozenset[str]]:
    return [frozenset({name}) for name in names]


def test_a_worker_alone_takes_everything() -> None:
    plan = share_out("w1", groups("a", "b", "c"), Standing(workers=frozenset(), holders={}))
    assert (plan.give_up, plan.take) == ((), 3)


def test_who_has_more_than_an_even_share_gives_up_the_rest() -> None:
    standing = Standing(workers=frozenset({"w1", "w2"}), holders={"a": "w1", "b": "w1", "c": "w1"})
    assert share_out("w1", groups("a", "b", "c"), standing).give_up == tuple(groups("c"))
    assert share_out("w2", groups("a", "b", "c"), standing).take == 2


def test_nobody_gives_up_what_is_an_even_share() -> None:
    standing = Standing(workers=frozenset({"w1", "w2"}), holders={"a": "w1", "b": "w1", "c": "w2"})
    for worker in ("w1", "w2"):
        assert share_out(worker, groups("a", "b", "c"), standing).give_up == ()


def test_the_delay_follows_the_latency_up_at_once_and_down_by_halves() -> None:
    assert adjusted(0.25, latency_s=4.0, at_once=2, least_s=0.0, sound=True) == 2.0
    assert adjusted(2.0, latency_s=0.0, at_once=2, least_s=0.0, sound=True) == 1.0
    assert adjusted(2.0, latency_s=0.0, at_once=2, least_s=0.0, sound=False) == 2.0
    assert adjusted(1.0, latency_s=0.0, at_once=2, least_s=0.8, sound=True) == 0.8
    assert adjusted(1.0, latency_s=900.0, at_once=1, least_s=0.0, sound=True) == 30.0


def test_a_host_is_held_by_one_worker_until_it_gives_it_back(store: Store) -> None:
    with store.write() as connection:
        hosts.add(connection, ["a", "b"])
        assert hosts.claim(connection, "w1", ["a"], lease_s=60)
        assert not hosts.claim(connection, "w2", ["a", "b"], lease_s=60), "all of them or none"
        assert hosts.claim(connection, "w2", ["b"], lease_s=60)
    with store.write() as connection:
        assert hosts.renew(connection, "w1", lease_s=60) == {"a"}
        hosts.give_back(connection, "w1", ["a", "b"])
        assert hosts.standing(connection).holders == {"b": "w2"}
        assert hosts.claim(connection, "w2", ["a", "b"], lease_s=60)


def test_who_renews_too_late_has_lost_what_another_took(store: Store) -> None:
    with store.write() as connection:
        hosts.add(connection, ["a", "b"])
        assert hosts.claim(connection, "w1", ["a", "b"], lease_s=-1)
        assert hosts.standing(connection).holders == {}
        assert hosts.claim(connection, "w2", ["a"], lease_s=60)
        assert hosts.renew(connection, "w1", lease_s=60) == frozenset()
        assert hosts.standing(connection).workers == {"w1"}
        hosts.leave(connection, "w2")
        assert hosts.claim(connection, "w1", ["a"], lease_s=60)


def test_a_longer_wait_stands(store: Store) -> None:
    with store.write() as connection:
        hosts.hold(connection, "a", 100)
        hosts.hold(connection, "a", 5)
        waits = hosts.waits(connection, ["a", "b"])
        assert list(waits) == ["a"]
        assert 90 < waits["a"] <= 100


def test_what_was_taken_back_cannot_be_settled_by_who_had_it(store: Store) -> None:
    with store.write() as connection:
        frontier.add(connection, "rse", "", ["https://a.test/1"], 0)
        (first,) = frontier.lease(connection, "rse", "", 1, now=0)
        frontier.send(connection, first)
        frontier.release(connection, "rse", "", cap=3)
        with pytest.raises(LeaseLost):
            frontier.settle(connection, Outcome(lease=first, state="done"), now=0)
        (second,) = frontier.lease(connection, "rse", "", 1, now=0)
        frontier.send(connection, second)
        assert second.attempts == 2
        with pytest.raises(LeaseLost):
            frontier.send(connection, first)
        with pytest.raises(LeaseLost):
            frontier.settle(connection, Outcome(lease=first, state="failed"), now=0)
        frontier.give_back(connection, [first])
        frontier.settle(connection, Outcome(lease=second, state="done", status=200), now=0)
        assert frontier.counts(connection, "rse", "") == {"done": 1}


def test_what_was_not_asked_for_costs_no_attempt(store: Store) -> None:
    with store.write() as connection:
        frontier.add(connection, "rse", "", ["https://a.test/1"], 0)
        for _ in range(5):
            (lease,) = frontier.lease(connection, "rse", "", 1, now=10)
            assert lease.attempts == 1
            frontier.give_back(connection, [lease], not_before=5)
        assert frontier.lease(connection, "rse", "", 1, now=4) == ()


def test_how_a_pass_ended_is_forgotten_by_the_next_crawl(store: Store) -> None:
    with store.write() as connection:
        passes.end(connection, "rse", "lecteur", "the session was lost")
        passes.end(connection, "rse", "", None)
        assert passes.ended(connection) == {("rse", ""): None, ("rse", "lecteur"): "the session was lost"}
        passes.begin(connection)
        assert passes.ended(connection) == {}
