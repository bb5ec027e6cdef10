"""What a site asks of robots is done, and who cannot be asked is left alone (RFC 9309)."""

from __future__ import annotations

import itertools
import json
import sqlite3
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rseaudit.crawl.robots import MOST_BYTES, Robots
from tests.command_line import Done, rseaudit, write_config
from tests.site_server import PROFILE, Answer, Page, Site, numbered_site, serving

NOW = "2026-11-23"
FAST = "politeness = { autothrottle = false, concurrency = 8, attempts = 2 }"


def refusal(text: str, path: str) -> str | None:
    return Robots(text.encode()).refusal(f"https://rse.example.com{path}")


@pytest.mark.parametrize(
    ("text", "path", "told"),
    [
        ("User-agent: *\nDisallow: /prive", "/prive/1", "line 2: Disallow: /prive (User-agent: *)"),
        ("# bonjour\nuser-AGENT: *\ndisallow:/*.php$ # rien", "/a.php", "line 3: Disallow: /*.php$ (User-agent: *)"),
        ("User-agent: *\nDisallow: /a\nDisallow: /a/b", "/a/b", "line 3: Disallow: /a/b (User-agent: *)"),
        (
            "User-agent: *\nDisallow: /\n\nUser-agent: Rseaudit\nDisallow: /x",
            "/x",
            "line 5: Disallow: /x (User-agent: Rseaudit)",
        ),
        ("User-agent: autre\nUser-agent: *\nDisallow: /a", "/a", "line 3: Disallow: /a (User-agent: *)"),
        ("\ufeffUser-agent: *\nDisallow: /équipe", "/%C3%A9quipe", "line 2: Disallow: /équipe (User-agent: *)"),
    ],
)
def test_a_refusal_names_the_line_of_robots_txt_and_whom_it_speaks_to(text: str, path: str, told: str) -> None:
    assert refusal(text, path) == f"robots.txt, {told}"


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("", "/"),
        ("User-agent: *\nDisallow:", "/a"),
        ("User-agent: *\nDisallow: /a\nAllow: /a/b", "/a/b/c"),
        ("User-agent: *\nDisallow: /\n\nUser-agent: rseaudit\nDisallow: /x", "/y"),
        ("User-agent: autrebot\nDisallow: /", "/a"),
        ("User-agent: robot\nDisallow: /", "/a"),
        ("<html><body>Connectez-vous</body></html>", "/a"),
        ("User-agent: *\nDisallow: /", "/robots.txt"),
    ],
)
def test_what_is_not_refused_is_allowed(text: str, path: str) -> None:
    assert refusal(text, path) is None


def test_of_a_huge_robots_txt_the_first_500_kib_count() -> None:
    rule = "User-agent: *\nDisallow: /loin\n"
    filler = "# du vent\n" * (MOST_BYTES // 10)
    assert refusal("#" * (MOST_BYTES - 20) + "\n" + rule, "/loin") is None
    assert refusal(rule + filler, "/loin") is not None


def test_a_delay_of_hours_between_two_requests_is_a_refusal() -> None:
    assert refusal("User-agent: *\nCrawl-delay: 3600", "/a") == "robots.txt asks for 3600 s between two requests"
    assert Robots(b"User-agent: *\nCrawl-delay: 1.5").crawl_delay_s == 1.5
    assert Robots(b"User-agent: *\nCrawl-delay: demain").crawl_delay_s == 0


@given(st.binary(max_size=400), st.sampled_from(["/", "/a", "/a?b=c"]))
def test_no_robots_txt_whatever_breaks_a_crawl(body: bytes, path: str) -> None:
    for prefix in (b"", b"User-agent: *\nDisallow: "):
        told = Robots(prefix + body).refusal(f"https://rse.example.com{path}")
        assert told is None or told.startswith("robots.txt")


class Unwell:
    """A robots.txt that comes only when it has been asked for twice."""

    def __init__(self) -> None:
        self.asked = 0

    def __call__(self, path: str) -> Answer:
        self.asked += 1
        if self.asked == 1:
            return Answer(status=503)
        return Answer(b"User-agent: *\nDisallow: /note/2\n", content_type="text/plain")


@dataclass(frozen=True)
class Crawled:
    folder: Path
    sites: dict[str, Site]
    times: list[float]
    done: Done

    def causes(self, source: str) -> set[tuple[str, str | None]]:
        with sqlite3.connect(self.folder / "rseaudit.db") as connection:
            rows = connection.execute("SELECT state, cause FROM urls WHERE source = ?", (source,)).fetchall()
        return set(rows)


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawled]:
    folder = tmp_path_factory.mktemp("robots")
    times: list[float] = []

    def timed(path: str) -> str:
        times.append(time.monotonic())
        return "<p>une page</p>"

    robots: dict[str, Page] = {
        "en-panne": Answer(status=503),
        "trop": Answer(status=429),
        "absent": Answer(status=404),
        "interdit": Answer(status=403),
        "remis": Unwell(),
        "ailleurs": Answer(status=302, headers={"Location": "/wp-login.php"}),
        "demenage": Answer(status=301, headers={"Location": "/textes/robots.txt"}),
        "lent": Answer(b"User-agent: *\nCrawl-delay: 0.4\n", content_type="text/plain"),
        "ferme": Answer(
            b"User-agent: autre\nAllow: /\n\nUser-agent: rseaudit\nDisallow: /\n", content_type="text/plain"
        ),
    }
    with ExitStack() as stack:
        sites = {name: numbered_site(3) for name in robots}
        for name, answer in robots.items():
            sites[name].pages["/robots.txt"] = answer
            stack.enter_context(serving(sites[name]))
        sites["demenage"].pages["/textes/robots.txt"] = Answer(
            b"User-agent: *\nDisallow: /note/3\n", content_type="text/plain"
        )
        sites["lent"].pages |= {f"/note/{number}": timed for number in (1, 2, 3)}
        tables = "".join(
            f'[[source]]\nname = "{name}"\nrole = "audited"\nplatform = "website"\nprofile = "site"\n'
            f'url = "{site.url}"\n{FAST}\n'
            for name, site in sites.items()
        )
        write_config(folder, tables + PROFILE)
        yield Crawled(folder, sites, times, rseaudit("crawl", "--now", NOW, "--json", cwd=folder))


def test_a_site_whose_robots_txt_cannot_be_had_is_left_alone_and_the_crawl_says_why(crawled: Crawled) -> None:
    assert crawled.done.code == 3
    for name, status in (("en-panne", 503), ("trop", 429)):
        assert crawled.sites[name].fetched.total() == 0
        assert crawled.causes(name) == {("failed", f"robots.txt cannot be read: status {status}")}
        assert f"  nothing could be read: robots.txt cannot be read: status {status}\n" in crawled.done.err
        assert crawled.sites[name].requests.count(("GET", "/robots.txt")) == 2, "as often as a page"


@pytest.mark.parametrize("name", ["absent", "interdit", "ailleurs"])
def test_where_there_are_no_rules_everything_may_be_read(crawled: Crawled, name: str) -> None:
    assert crawled.sites[name].fetched == {"/": 1, "/note/1": 1, "/note/2": 1, "/note/3": 1}
    assert ("GET", "/wp-login.php") not in crawled.sites[name].requests


def test_rules_that_come_late_are_obeyed(crawled: Crawled) -> None:
    assert crawled.sites["remis"].fetched == {"/": 1, "/note/1": 1, "/note/3": 1}
    assert crawled.causes("remis") == {
        ("done", None),
        ("denied", "robots.txt, line 2: Disallow: /note/2 (User-agent: *)"),
    }


def test_rules_that_have_moved_are_followed(crawled: Crawled) -> None:
    assert crawled.sites["demenage"].fetched == {"/textes/robots.txt": 1, "/": 1, "/note/1": 1, "/note/2": 1}


def test_the_rules_are_asked_for_once_a_crawl(crawled: Crawled) -> None:
    for name in ("absent", "lent", "ferme"):
        assert crawled.sites[name].requests.count(("GET", "/robots.txt")) == 1


def test_a_crawl_delay_is_kept_between_any_two_requests(crawled: Crawled) -> None:
    assert len(crawled.times) == 3
    assert min(later - earlier for earlier, later in itertools.pairwise(crawled.times)) >= 0.35


def test_a_source_that_is_closed_to_us_names_the_rule(crawled: Crawled) -> None:
    assert crawled.sites["ferme"].fetched.total() == 0
    told = "nothing could be read: robots.txt, line 5: Disallow: / (User-agent: rseaudit)"
    assert told in crawled.done.err
    assert json.loads(crawled.done.out)["schema"] == 1
