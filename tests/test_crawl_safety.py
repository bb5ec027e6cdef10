"""A crawl does what a site's owner allows, beside other jobs, and stops when it is told to."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.command_line import Done, rseaudit, start, write_config
from tests.guarded_sites import (
    LOGIN,
    NOW,
    Members,
    account,
    documents,
    rows,
    source,
    write_secret,
)
from tests.site_server import PROFILE, Answer, Site, article, numbered_site, serving


@dataclass(frozen=True)
class Rules:
    """One crawl of a site that refuses a login, and of sites with robots.txt."""

    folder: Path
    sites: dict[str, Site]
    done: Done


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rules]:
    folder = tmp_path_factory.mktemp("rules")
    write_secret(folder, "pas-le-bon")
    robots = Answer(b"User-agent: *\nDisallow: /note/2\n", content_type="text/plain")
    nobody = Answer(b"User-agent: *\nDisallow: /\n", content_type="text/plain")
    with ExitStack() as stack:
        sites = {
            "refus": Members(when_lost="redirect"),
            "obeie": numbered_site(4),
            "passe-outre": numbered_site(4),
            "fermee": numbered_site(4),
        }
        sites["obeie"].pages["/robots.txt"] = sites["passe-outre"].pages["/robots.txt"] = robots
        sites["fermee"].pages["/robots.txt"] = nobody
        for site in sites.values():
            stack.enter_context(serving(site))
        override = 'robots_override = "DSI, 2026-03-01, accord n° 12"'
        write_config(
            folder,
            source("refus", sites["refus"].url, options=account("anne"), role="audited")
            + source("obeie", sites["obeie"].url)
            + source("passe-outre", sites["passe-outre"].url, options=override)
            + source("fermee", sites["fermee"].url)
            + PROFILE
            + LOGIN,
        )
        yield Rules(folder, sites, rseaudit("crawl", "--now", NOW, "--json", cwd=folder))


def test_a_refused_login_is_told_with_its_remedy_and_the_other_sources_are_read(rules: Rules) -> None:
    assert rules.done.code == 3
    told = " ".join(rules.done.err.split())
    assert "the login of account 'anne' was refused (status 200, no proof)" in told
    assert "check the user, its password file and `proof` in the profile" in told
    assert rules.sites["refus"].fetched == {"/login": 1}
    assert "pas-le-bon" not in rules.done.out + rules.done.err
    assert ("obeie", "1") in documents(rules.folder)


def test_robots_rules_are_obeyed(rules: Rules) -> None:
    assert rules.sites["obeie"].fetched["/note/2"] == 0
    assert rules.sites["obeie"].fetched["/note/3"] == 1


def test_robots_rules_are_passed_over_only_in_writing_and_aloud(rules: Rules) -> None:
    assert rules.sites["passe-outre"].fetched["/note/2"] == 1
    assert "passe-outre: robots.txt is overridden: DSI, 2026-03-01, accord n° 12" in rules.done.err
    report = rseaudit("report", "--format", "html", cwd=rules.folder)
    assert report.code == 0, report.err
    assert "accord n° 12" in (rules.folder / "rseaudit-reports" / "overview.html").read_text("utf-8").replace(
        "\u00a0", " "
    )


def test_a_source_that_robots_close_altogether_is_incomplete(rules: Rules) -> None:
    assert rules.sites["fermee"].fetched.total() == 0
    told = "  nothing could be read: robots.txt, line 2: Disallow: / (User-agent: *)\n"
    assert told in rules.done.err


FEED = """<rss version="2.0"><channel><title>Lettre</title><link>https://lettre.example.org/</link><item><title>Un
réseau social d'entreprise</title><link>https://lettre.example.org/1</link><guid>1</guid>
<pubDate>Fri, 20 Nov 2026 10:00:00 +0100</pubDate></item></channel></rss>"""


class Gate:
    """A page that is held back until the gate opens."""

    def __init__(self) -> None:
        self.reached, self.open = threading.Event(), threading.Event()

    def __call__(self, path: str) -> str:
        self.reached.set()
        self.open.wait(60)
        return article(9)


def test_one_crawl_at_a_time_beside_other_jobs_and_an_interrupted_one_goes_on(tmp_path: Path) -> None:
    gate = Gate()
    site = numbered_site(8)
    site.pages |= {"/": article(0, "/note/1", "/note/9"), "/note/9": gate}
    site.pages["/lettre.xml"] = Answer(FEED.encode(), content_type="application/rss+xml")
    with serving(site):
        feed = f'[[source]]\nname = "lettre"\nrole = "watched"\nplatform = "feed"\nurl = "{site.url}/lettre.xml"\n'
        quiet = "[watch]\nwatchlist_sources = false\n"
        write_config(tmp_path, source("notes", site.url, role="audited") + feed + quiet + PROFILE)
        running = start("crawl", "--now", NOW, "--json", cwd=tmp_path)
        try:
            assert gate.reached.wait(60)
            commands = (["crawl"], ["export"], ["report", "--json"], ["watch", "--json"])
            with ThreadPoolExecutor() as pool:
                ends = pool.map(lambda command: rseaudit(*command, "--now", NOW, cwd=tmp_path), commands)
            second, *beside = ends
            assert second.code == 5
            assert "another `rseaudit crawl` is running on this store" in second.err
            assert "wait until it has finished" in second.err
            assert [done.code for done in beside] == [0, 0, 0], [done.err for done in beside]
            assert running.poll() is None
            running.send_signal(signal.SIGINT)
            time.sleep(0.2)  # so that the signal is there before the page
        finally:
            gate.open.set()
            code = running.wait(60)
        assert code == 130
        [(state,)] = rows(tmp_path, "SELECT state FROM runs WHERE job = 'crawl'")
        assert state in ("open", "interrupted")
        done = rseaudit("crawl", "--now", NOW, "--json", cwd=tmp_path)
    assert done.code == 0, done.err
    assert "taken up where it had stopped" in done.err
    assert {id_ for _, id_ in documents(tmp_path)} == {str(number) for number in range(1, 10)}
