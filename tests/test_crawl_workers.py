"""Several workers on one PostgreSQL: each host is one worker's, and no death of a worker loses anything."""

from __future__ import annotations

import random
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg
import pytest

from tests.command_line import rseaudit, start, write_config
from tests.site_server import PROFILE, Site, numbered_site, serving

NOW = "2026-11-23"
PAGES = 60
LEASE_S = 2
WINDOW, AT_ONCE, ATTEMPTS = 32, 4, 3


@contextmanager
def sites(count: int, *, pages: int = PAGES, wait_s: float = 0.0) -> Iterator[list[Site]]:
    with ExitStack() as stack:
        yield [
            stack.enter_context(serving(numbered_site(pages, wait_s=wait_s), host=f"127.0.0.{n + 1}"))
            for n in range(count)
        ]


def configure(folder: Path, found: list[Site]) -> None:
    sources = "".join(
        f"""
[[source]]
name = "notes-{number}"
role = "audited"
platform = "website"
profile = "site"
url = "{site.url}"
politeness = {{ autothrottle = false, concurrency = {AT_ONCE}, attempts = {ATTEMPTS} }}
"""
        for number, site in enumerate(found)
    )
    write_config(folder, f"{sources}\n[crawl]\nlease_s = {LEASE_S}\n{PROFILE}")


def whole(folder: Path, found: list[Site]) -> str:
    """Return the export of a crawl that nothing disturbed, and forget its requests."""
    configure(folder, found)
    assert rseaudit("crawl", "--now", NOW, "--json", cwd=folder).code == 0
    for site in found:
        site.requests.clear()
    return rseaudit("export", "--canonical", cwd=folder).out


def connect(address: str) -> psycopg.Connection:
    return psycopg.connect(address, autocommit=True)


def committed(connection: psycopg.Connection) -> int:
    query = "SELECT count(*) FROM urls WHERE state NOT IN ('pending', 'leased')"
    try:
        return int(connection.execute(query).fetchone()[0])  # type: ignore[index]
    except psycopg.errors.UndefinedTable:
        return 0


def holders(connection: psycopg.Connection) -> set[str]:
    query = "SELECT DISTINCT worker FROM hosts WHERE worker IS NOT NULL"
    return {row[0] for row in connection.execute(query)}


def wait_until(reached: object, *, seconds: float = 60.0) -> bool:
    deadline = time.monotonic() + seconds
    while not reached() and time.monotonic() < deadline:  # type: ignore[operator]
        time.sleep(0.02)
    return bool(reached())  # type: ignore[operator]


def slow_down(found: list[Site], wait_s: float) -> None:
    for site in found:
        site.wait_s = wait_s


def fetched_again(found: list[Site]) -> int:
    return sum(times - 1 for site in found for times in site.fetched.values())


def test_an_sqlite_store_refuses_several_workers_and_names_the_remedy(tmp_path: Path) -> None:
    with sites(1, pages=2) as found:
        configure(tmp_path, found)
        for options in (("--workers", "2"), ("--join",)):
            done = rseaudit("crawl", *options, cwd=tmp_path)
            assert done.code == 2
            assert "postgresql://" in done.err


def test_joining_needs_a_crawl_that_is_open(tmp_path: Path, postgres_address: str) -> None:
    with sites(1, pages=2) as found:
        configure(tmp_path, found)
        store = ("--store", postgres_address)
        assert rseaudit("crawl", *store, "--now", NOW, "--json", cwd=tmp_path).code == 0
        done = rseaudit("crawl", "--join", *store, cwd=tmp_path)
        assert done.code == 2
        assert "no crawl is open" in done.err
        assert rseaudit("crawl", "--join", "notes-0", *store, cwd=tmp_path).code == 2


def test_workers_share_the_hosts_and_read_what_one_reads(tmp_path: Path, postgres_address: str) -> None:
    with sites(4, wait_s=0.3) as found, connect(postgres_address) as connection:
        wanted = whole(tmp_path / "whole", found)
        configure(tmp_path / "many", found)
        store = ("--store", postgres_address)
        crawl = start("crawl", *store, "--workers", "2", "--now", NOW, "--json", cwd=tmp_path / "many")
        seen: set[str] = set()

        def both() -> bool:
            if committed(connection):
                seen.update(holders(connection))
            return len(seen) > 1 or crawl.poll() is not None

        wait_until(both)
        assert crawl.wait(120) == 0
        assert len(seen) == 2, "the second worker got no host"
        assert rseaudit("export", "--canonical", *store, cwd=tmp_path / "many").out == wanted
        assert fetched_again(found) == 0
        assert not holders(connection)
        [(state, asked, finished)] = connection.execute("SELECT state, asked, done FROM runs WHERE job='crawl'")
        assert (state, asked, finished) == ("complete", 4 * (PAGES + 1), 4 * (PAGES + 1))


@pytest.mark.slow
def test_killing_one_of_two_workers_three_times_loses_nothing(tmp_path: Path, postgres_address: str) -> None:
    with sites(4, pages=150) as found, connect(postgres_address) as connection:
        wanted = whole(tmp_path / "whole", found)
        slow_down(found, 0.6)
        folder = tmp_path / "many"
        configure(folder, found)
        store = ("--store", postgres_address)
        crawl = start("crawl", *store, "--now", NOW, "--json", cwd=folder)
        chance = random.Random(20261123)
        kills, reached = 0, 0
        try:
            for _ in range(3):
                assert wait_until(lambda: committed(connection) > 0 and len(holders(connection)) == 1)
                joined = start("crawl", "--join", *store, cwd=folder)
                assert wait_until(lambda: len(holders(connection)) == 2), "the worker that joined got no host"
                reached = committed(connection) + chance.randint(3, 20)
                wait_until(lambda reached=reached: committed(connection) >= reached)
                assert crawl.poll() is None, "the crawl ended before its worker could be killed"
                joined.kill()
                joined.wait()
                kills += 1
            slow_down(found, 0.0)
            assert crawl.wait(180) == 0
        finally:
            crawl.kill()
        assert rseaudit("export", "--canonical", *store, cwd=folder).out == wanted
        assert fetched_again(found) <= kills * 4 * (WINDOW + AT_ONCE)
        assert max(times for site in found for times in site.fetched.values()) <= kills + 1


def test_without_their_first_process_workers_end_and_the_next_crawl_goes_on(
    tmp_path: Path, postgres_address: str
) -> None:
    with sites(3, wait_s=0.3) as found, connect(postgres_address) as connection:
        wanted = whole(tmp_path / "whole", found)
        folder = tmp_path / "many"
        configure(folder, found)
        store = ("--store", postgres_address)
        crawl = start("crawl", *store, "--now", NOW, "--json", cwd=folder)
        assert wait_until(lambda: committed(connection) > 0)
        joined = _join(folder, *store)
        assert wait_until(lambda: len(holders(connection)) == 2)
        crawl.kill()
        crawl.wait()
        _, told = joined.communicate(timeout=60)
        assert joined.returncode == 3
        assert b"the process that began the crawl is gone" in told
        before = committed(connection)
        assert before < 3 * (PAGES + 1)
        done = rseaudit("crawl", *store, "--now", NOW, "--json", cwd=folder)
        assert done.code == 0, done.err
        assert "taken up" in done.err
        assert rseaudit("export", "--canonical", *store, cwd=folder).out == wanted
        assert fetched_again(found) <= 3 * (WINDOW + AT_ONCE)


def _join(folder: Path, *options: str) -> subprocess.Popen[bytes]:
    import sys

    from tests.command_line import environment

    command = [sys.executable, "-m", "rseaudit", "crawl", "--join", *options]
    return subprocess.Popen(command, cwd=folder, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, env=environment())
