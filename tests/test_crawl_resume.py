"""Kill -9 at any moment loses nothing, and costs at most what was leased and in flight."""

from __future__ import annotations

import random
import sqlite3
import time
from pathlib import Path

import pytest

from tests.command_line import rseaudit, start, write_config
from tests.replay_humhub import ADMIN, PASSWORDS, HumhubReplay
from tests.site_server import PROFILE, Site, numbered_site, serving

PAGES = 500
LEASED_AND_IN_FLIGHT = 32 + 8
NOW = "2026-11-23"


def configure(folder: Path, site: Site) -> None:
    write_config(
        folder,
        f"""
[[source]]
name = "notes"
role = "audited"
platform = "website"
profile = "site"
url = "{site.url}"
politeness = {{ autothrottle = false, concurrency = 8 }}
{PROFILE}""",
    )


def committed(folder: Path) -> int:
    """Return how many addresses have ended, as another process sees it."""
    try:
        with sqlite3.connect(f"file:{folder / 'rseaudit.db'}?mode=ro", uri=True) as connection:
            query = "SELECT count(*) FROM urls WHERE state NOT IN ('pending', 'leased')"
            return int(connection.execute(query).fetchone()[0])
    except sqlite3.Error:
        return 0


@pytest.mark.slow
def test_five_kills_lose_nothing_and_fetch_little_twice(tmp_path: Path) -> None:
    with serving(numbered_site(PAGES, wait_s=0.004)) as site:
        whole, killed = tmp_path / "whole", tmp_path / "killed"
        configure(whole, site)
        configure(killed, site)
        assert rseaudit("crawl", "--now", NOW, "--json", cwd=whole).code == 0
        wanted = rseaudit("export", "--canonical", cwd=whole).out
        assert wanted.count('"type":"document"') == PAGES

        site.requests.clear()
        chance = random.Random(20261123)
        reached = 0
        for _ in range(5):
            reached += chance.randint(40, 90)
            crawl = start("crawl", "--now", NOW, "--json", cwd=killed)
            while committed(killed) < reached and crawl.poll() is None:
                time.sleep(0.01)
            assert crawl.poll() is None, "the crawl ended before it could be killed"
            crawl.kill()
            crawl.wait()
        done = rseaudit("crawl", "--now", NOW, "--json", cwd=killed)
        assert done.code == 0, done.err
        assert "taken up" in done.err
        assert rseaudit("export", "--canonical", cwd=killed).out == wanted
        again = sum(times - 1 for times in site.fetched.values())
        assert again <= 5 * LEASED_AND_IN_FLIGHT
        assert max(site.fetched.values()) <= 3
        with sqlite3.connect(killed / "rseaudit.db") as connection:
            rows = connection.execute("SELECT state, resumed, asked, done, failed, skipped FROM runs WHERE job='crawl'")
            [(state, resumed, asked, finished, failed, skipped)] = rows.fetchall()
        assert (state, resumed) == ("complete", 5)
        assert asked == finished + failed + skipped == PAGES + 1


@pytest.mark.slow
def test_kills_amid_the_listings_of_an_api_lose_nothing(tmp_path: Path) -> None:
    with serving(HumhubReplay()) as site:
        whole, killed = tmp_path / "whole", tmp_path / "killed"
        for folder in (whole, killed):
            write_config(
                folder,
                f"""
[[source]]
name = "rse"
role = "audited"
platform = "humhub"
url = "{site.url}"
politeness = {{ autothrottle = false, concurrency = 2 }}
login = {{ user = "{ADMIN}", password_file = "secret" }}
""",
            )
            (folder / "secret").write_text(PASSWORDS[ADMIN], "utf-8")
            (folder / "secret").chmod(0o600)
        assert rseaudit("crawl", "--now", NOW, "--json", cwd=whole).code == 0
        wanted = rseaudit("export", "--canonical", cwd=whole).out
        site.requests.clear()
        site.wait_s = 0.2
        for reached in (1, 4, 9):
            crawl = start("crawl", "--now", NOW, "--json", cwd=killed)
            while committed(killed) < reached and crawl.poll() is None:
                time.sleep(0.01)
            assert crawl.poll() is None, "the crawl ended before it could be killed"
            crawl.kill()
            crawl.wait()
        site.wait_s = 0.0
        done = rseaudit("crawl", "--now", NOW, "--json", cwd=killed)
        assert done.code == 0, done.err
        assert rseaudit("export", "--canonical", cwd=killed).out == wanted
        for query in (
            "SELECT source, account, url, state, status FROM urls ORDER BY 1, 2, 3",
            "SELECT source, account, url, id, lost FROM appearances ORDER BY 1, 2, 3, 4",
        ):
            assert rows(killed, query) == rows(whole, query)


def rows(folder: Path, query: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(folder / "rseaudit.db") as connection:
        return connection.execute(query).fetchall()


def test_an_address_that_kills_its_crawler_each_time_ends_as_failed(tmp_path: Path) -> None:
    with serving(numbered_site(5)) as site:
        configure(tmp_path, site)
        assert rseaudit("crawl", "--now", NOW, "--json", cwd=tmp_path).code == 0
        with sqlite3.connect(tmp_path / "rseaudit.db") as connection:
            connection.execute("UPDATE runs SET state='open' WHERE job='crawl'")
            connection.execute("UPDATE urls SET state='leased', attempts=3 WHERE url LIKE '%/note/2'")
        site.requests.clear()
        done = rseaudit("crawl", "--now", NOW, "--json", cwd=tmp_path)
        assert done.code == 3
        assert "interrupted at each attempt" in done.err
        assert site.fetched["/note/2"] == 0
