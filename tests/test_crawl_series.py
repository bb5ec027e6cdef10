"""Series that lead on for ever are left by name, and nothing real is lost with them."""

from __future__ import annotations

import itertools
import json
import re
import sqlite3
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rseaudit.config.settings import Politeness
from rseaudit.crawl.page_content import PageContent
from rseaudit.crawl.series import REASON, Series, shape
from rseaudit.crawl.sieve import Sieve
from rseaudit.model import Document
from tests.command_line import Done, rseaudit, write_config
from tests.site_server import PROFILE, Answer, Site, article, serving

NOW = "2026-11-23"
PATIENCE = 12
SETTINGS = f"politeness = {{ autothrottle = false, concurrency = 8, max_fruitless = {PATIENCE}, max_depth = 500 }}"


def brings(text: str, id_: str = "1") -> PageContent:
    return PageContent(documents=(Document(source="s", id=id_, text=text),))


NOTHING = PageContent()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://x/agenda?mois=2031-05", "https://x/agenda?mois=2031-06"),
        ("https://x/agenda/2031/05/03", "https://x/agenda/2032/1/3"),
        ("https://x/s/4f2a9c/note/1", "https://x/s/b71/note/22"),
        ("https://x/liste?a=1&b=x", "https://x/liste?b=y&a=2"),
    ],
)
def test_addresses_of_one_shape_form_a_series(one: str, other: str) -> None:
    assert shape(one) == shape(other)
    assert shape(one) != shape("https://x/agenda")
    assert shape(one) != shape(one.replace("https://x", "https://y"))


def test_a_series_is_left_after_so_many_pages_that_bring_nothing() -> None:
    series = Series(3)
    for month in range(3):
        assert not series.puts_aside(f"https://x/agenda?mois={month}")
        assert series.learn(f"https://x/agenda?mois={month}", NOTHING) == ()
    assert series.puts_aside("https://x/agenda?mois=4")
    assert not series.puts_aside("https://x/note/1")


def test_what_was_put_aside_is_followed_when_something_new_comes_of_the_series() -> None:
    series = Series(2)
    series.follow("https://x/liste?page=1", "https://x/note/1")
    series.follow("https://x/liste?page=2", "https://x/note/2")
    for page in (1, 2):
        series.learn(f"https://x/liste?page={page}", NOTHING)
    assert series.puts_aside("https://x/liste?page=3")
    assert series.learn("https://x/note/1", brings("Du neuf.")) == ("https://x/liste?page=3",)
    assert not series.puts_aside("https://x/liste?page=4")


def test_the_same_text_under_other_numbers_and_dates_is_nothing_new() -> None:
    series = Series(2)
    assert series.learn("https://x/s/1/note/7", brings("La note 7 du 3 mars.")) == ()
    for session in range(2, 4):
        series.learn(f"https://x/s/{session}/note/7", brings(f"La note 7 du {session} mars."))
    assert series.puts_aside("https://x/s/9/note/7")


def test_where_ids_are_declared_they_say_what_is_new() -> None:
    series = Series(1, declared=True)
    for number in range(5):
        series.learn(f"https://x/fiche/{number}", brings(f"Fiche {number}", str(number)))
        assert not series.puts_aside("https://x/fiche/99")
    series.learn("https://x/fiche/4?tri=nom", brings("Fiche 4, triée", "4"))
    assert series.puts_aside("https://x/fiche/4?tri=date")


def test_an_unchanged_page_speaks_for_its_series() -> None:
    series = Series(1)
    series.learn("https://x/liste?page=1", NOTHING)
    assert series.puts_aside("https://x/liste?page=3")
    assert series.learn("https://x/liste?page=2", None) == ("https://x/liste?page=3",)


def test_what_waits_takes_no_place_until_it_is_followed() -> None:
    sieve = Sieve(Politeness(max_pages=3, max_fruitless=1), lambda _: None, Series(1))
    followed, _ = sieve.sift(["https://x/l?p=1", "https://x/note/1"], page="https://x/", depth=0)
    assert len(followed) == 2
    sieve.learn("https://x/l?p=1", NOTHING)
    assert sieve.sift(["https://x/l?p=2", "https://x/l?p=3"], page="https://x/l?p=1", depth=1) == (
        [],
        [("https://x/l?p=2", REASON), ("https://x/l?p=3", REASON)],
    )
    assert sieve.learn("https://x/l?p=1", None) == ["https://x/l?p=2"], "no more than the source's limit"


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 20), st.booleans()), max_size=60))
def test_an_address_waits_or_is_followed_and_is_released_once(steps: list[tuple[int, int, bool]]) -> None:
    series, texts = Series(2), itertools.count()
    waiting: set[str] = set()
    for kind, number, fruitful in steps:
        url = f"https://x/{'abcdef'[kind]}?n={number}"
        found = brings("x" * next(texts)) if fruitful else NOTHING
        released = series.learn(url, found)
        assert len(set(released)) == len(released)
        assert set(released) <= waiting
        waiting -= set(released)
        if series.puts_aside(url):
            waiting.add(url)
    rest = {url for kind in range(6) for url in series.learn(f"https://x/{'abcdef'[kind]}?n=0", None)}
    assert rest == waiting


# A whole site full of traps.


def calendar(path: str) -> str:
    month = int(re.findall(r"\d+", path)[0])
    return f'<p>Aucun événement</p><a href="/agenda?mois={month + 1}">suivant</a><a href="/jour/{month}/1">1</a>'


def day(path: str) -> str:
    month = int(re.findall(r"\d+", path)[0])
    return f'<p>Rien ce jour</p><a href="/agenda?mois={month}">le mois</a><a href="/jour/{month}/2">2</a>'


class Traps(Site):
    """A calendar without end, a session's number in each address, a list that answers every number."""

    def answer(self, path: str, conditions: Mapping[str, str | None]) -> Answer:
        if path.startswith("/agenda?mois="):
            return Answer(calendar(path).encode())
        if path.startswith("/jour/"):
            return Answer(day(path).encode())
        if found := re.fullmatch(r"/s/(\w+)/note/(\d+)", path):
            visit = int(found.group(1), 16)
            links = (f"/s/{visit * 31 % 1_000_003 + 17:x}/note/{n}" for n in (501, 502, 503))
            return Answer(article(int(found.group(2)), *links).encode())
        if found := re.fullmatch(r"/liste\?page=(\d+)", path):
            page = int(found.group(1))
            notes = (f"/note/{n}" for n in range(10 * page, 10 * page + 10) if n < 400)
            return Answer(article(0, *notes, f"/liste?page={page + 1}").encode())
        return super().answer(path, conditions)


PROFILE_OF_TRAPS = PROFILE.replace("'^/note/", "'^(?:/s/[0-9a-f]+)?/note/")


def test_a_crawl_ends_before_the_limit_reads_all_and_reports_what_it_left_by_name(tmp_path: Path) -> None:
    pages = {f"/note/{n}": article(n) for n in range(400)}
    site = Traps({"/": article(0, "/agenda?mois=1", "/s/1f/note/501", "/liste?page=0"), **pages})
    with serving(site):
        write_config(
            tmp_path,
            f'[[source]]\nname = "pieges"\nrole = "audited"\nplatform = "website"\nprofile = "site"\n'
            f'url = "{site.url}"\n{SETTINGS}\n{PROFILE_OF_TRAPS}',
        )
        done: Done = rseaudit("crawl", "--now", NOW, "--json", cwd=tmp_path)
        again: Done = rseaudit("crawl", "--now", NOW, "--json", cwd=tmp_path)
    assert (done.code, again.code) == (0, 0), done.err
    with sqlite3.connect(tmp_path / "rseaudit.db") as connection:
        ids = {row[0] for row in connection.execute("SELECT id FROM documents WHERE gone = 0")}
        refused = [row[0] for row in connection.execute("SELECT url FROM refusals WHERE reason = 'series'")]
    assert ids == {str(n) for n in (*range(400), 501, 502, 503)}
    assert len(site.fetched) < 400 + 40 + 12 * PATIENCE
    assert {shape(url).partition("/")[2].split("?")[0] for url in refused} >= {"agenda", "s/#/note/#", "liste"}
    assert re.search(r"links not followed: .*\d+ series", done.err)
    report = rseaudit("report", "--format", "html,json", "--lang", "en", cwd=tmp_path)
    assert report.code == 0, report.err
    [told] = json.loads((tmp_path / "rseaudit-reports" / "report.json").read_text("utf-8"))["sources"]
    [row] = [item for item in told["crawl"]["refused"] if item["reason"] == "series"]
    assert row["count"] == len(refused)
    assert row["examples"]
    html = (tmp_path / "rseaudit-reports" / "overview.html").read_text("utf-8")
    assert "one more of a series that brings nothing new" in html
