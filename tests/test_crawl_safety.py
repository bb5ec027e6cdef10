"""A crawl harms nothing, leaks nothing and forgets nothing: logins, actions, robots, vanished pages, locks, signals."""

from __future__ import annotations

import json
import signal
import sqlite3
import threading
import time
import zlib
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs

import pytest

from tests.command_line import Done, rseaudit, start, write_config
from tests.site_server import PROFILE, Answer, Page, Site, article, numbered_site, serving

NOW = "2026-11-23"
FAST = "politeness = { autothrottle = false, concurrency = 8 }"
CANARY = "serin-jaune-4711"
LOGIN = """
[profile.site.login]
form = "/login"
fields = { username = "user", password = "password" }
csrf = { field = "_csrf" }
proof = 'a[href="/moi"]'
"""


def source(name: str, url: str, *, options: str = "", role: str = "reference") -> str:
    return f"""
[[source]]
name = "{name}"
role = "{role}"
platform = "website"
profile = "site"
url = "{url}"
{FAST}
{options}
"""


def account(name: str, password_file: str = "secrets/pass") -> str:
    return f"""[[source.account]]
name = "{name}"
login = {{ user = "{name}", password_file = "{password_file}" }}
"""


def write_secret(folder: Path, text: str, name: str = "pass") -> None:
    (folder / "secrets").mkdir(parents=True, exist_ok=True)
    path = folder / "secrets" / name
    path.write_text(text, "utf-8")
    path.chmod(0o600)


def documents(folder: Path) -> dict[tuple[str, str], dict[str, object]]:
    lines = [json.loads(line) for line in rseaudit("export", "--canonical", cwd=folder).out.splitlines()]
    return {(line["source"], line["id"]): line for line in lines if line["type"] == "document"}


def rows(folder: Path, query: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(folder / "rseaudit.db") as connection:
        return connection.execute(query).fetchall()


def files_that_hold(folder: Path, word: str) -> list[str]:
    """Return the files of a folder, secrets apart, and the kept pages of its store, in which a word stands."""
    wanted = word.encode()
    files = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.parent.name != "secrets"]
    found = [path.name for path in files if wanted in path.read_bytes()]
    with sqlite3.connect(folder / "rseaudit.db") as connection:
        kept = connection.execute("SELECT url, body FROM bodies").fetchall()
    return found + [url for url, body in kept if wanted in zlib.decompress(body)]


# Behind a login.


class Members(Site):
    """A site for members: a form with a token, a session in a cookie, sessions that can be made to end."""

    def __init__(self, *, when_lost: str) -> None:
        actions = ["/post/1/delete?token=x", "/logout", "/note/1?_wpnonce=7", "/note/2/like", "/admin/users"]
        pages: dict[str, Page] = {"/": article(0, "/moi", "/login", *actions, *(f"/note/{n}" for n in range(1, 41)))}
        pages |= {f"/note/{n}": article(n, "/moi", *actions) for n in range(1, 40)}
        pages["/note/40"] = article(40)  # a page to print: nothing on it tells a member from a guest
        pages["/moi"] = '<a href="/moi">Mon profil</a>'
        super().__init__(pages)
        self.members: set[str] = set()
        self.served = 0
        self.ends_after: int | None = None
        self._when_lost = when_lost
        self._lock = threading.Lock()

    def answer(self, path: str, conditions: Mapping[str, str | None]) -> Answer:
        cookies = dict(part.strip().split("=", 1) for part in (conditions.get("Cookie") or "").split(";") if part)
        if path.split("?")[0] == "/login":
            body = (
                '<form action="/session" method="post"><input type="hidden" name="_csrf" value="jeton-9"><input '
                'name="user"><input type="password" name="password"></form><p>Vous devez vous identifier.</p>'
            )
            return Answer(body.encode(), headers={"Set-Cookie": "avant=jeton-9"})
        if path == "/robots.txt":
            return Answer(status=404)
        with self._lock:
            self.served += path.startswith("/note/")
            if self.ends_after is not None and self.served > self.ends_after:
                self.members.clear()
            user = cookies.get("membre", "")
            if user in self.members:
                closed = user == "paul" and path in ("/note/7", "/note/8")
                return Answer(b"<a href='/moi'>non</a>", status=403) if closed else super().answer(path, conditions)
        if self._when_lost == "redirect":
            return Answer(status=302, headers={"Location": f"/login?next={path}"})
        return Answer(self.answer("/login", {}).body)

    def receive(self, path: str, body: bytes, conditions: Mapping[str, str | None]) -> Answer:
        sent = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        known = "avant=jeton-9" in (conditions.get("Cookie") or "") and sent.get("_csrf") == "jeton-9"
        if path != "/session" or not known or sent.get("password") != CANARY:
            return Answer("<p>Identifiants refusés.</p>".encode(), status=200)
        with self._lock:
            self.members.add(sent["user"])
        return Answer(status=302, headers={"Location": "/moi", "Set-Cookie": f"membre={sent['user']}"})


@dataclass(frozen=True)
class Visits:
    """Three crawls of sites for members: a good one, one whose sessions end midway, and the next."""

    folder: Path
    redirecting: Members
    asking: Members
    first: Done
    lost: Done
    again: Done
    after_first: dict[tuple[str, str], dict[str, object]]
    after_lost: dict[tuple[str, str], dict[str, object]]
    after_again: dict[tuple[str, str], dict[str, object]]
    pending: list[tuple[object, ...]]


@pytest.fixture(scope="module")
def visits(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visits]:
    folder = tmp_path_factory.mktemp("members")
    write_secret(folder, CANARY + "\n")
    with ExitStack() as stack:
        redirecting = stack.enter_context(serving(Members(when_lost="redirect")))
        asking = stack.enter_context(serving(Members(when_lost="form")))
        write_config(
            folder,
            source("membres", redirecting.url, options=account("anne") + account("paul"), role="audited")
            + source("cercle", asking.url, options=account("anne"))
            + PROFILE
            + LOGIN,
        )
        first = rseaudit("crawl", "--now", NOW, cwd=folder)
        after_first = documents(folder)
        for site in (redirecting, asking):
            site.ends_after = site.served + 12
        lost = rseaudit("crawl", "--now", NOW, "--verbose", cwd=folder)
        after_lost = documents(folder)
        pending = rows(folder, "SELECT DISTINCT source FROM urls WHERE state = 'pending' ORDER BY source")
        for site in (redirecting, asking):
            site.ends_after = None
        again = rseaudit("crawl", "--now", NOW, "--json", cwd=folder)
        yield Visits(
            folder, redirecting, asking, first, lost, again, after_first, after_lost, documents(folder), pending
        )


def test_a_form_with_a_token_lets_each_account_in(visits: Visits) -> None:
    assert visits.first.code == 0, visits.first.err
    numbers = {str(number) for number in range(1, 41)}
    assert {id_ for name, id_ in visits.after_first if name == "membres"} == numbers
    assert {id_ for name, id_ in visits.after_first if name == "cercle"} == numbers
    assert visits.after_first["membres", "7"]["accounts"] == ["anne"]
    assert visits.after_first["membres", "9"]["accounts"] == ["anne", "paul"]


def test_only_reading_requests_and_the_declared_login_reach_the_site(visits: Visits) -> None:
    for site in (visits.redirecting, visits.asking):
        assert {method for method, _ in site.requests} <= {"GET", "HEAD", "POST"}
        assert {path for method, path in site.requests if method == "POST"} == {"/session"}


def test_links_that_act_are_never_asked_for_and_are_listed_by_a_dry_run(visits: Visits) -> None:
    asked = {path for _, path in (*visits.redirecting.requests, *visits.asking.requests)}
    actions = {"/post/1/delete?token=x", "/logout", "/note/1?_wpnonce=7", "/note/2/like", "/admin/users"}
    assert not asked & actions
    done = rseaudit("crawl", "--dry-run", "--json", "membres", cwd=visits.folder)
    [plan] = json.loads(done.out)["sources"]
    refused = {item["url"].removeprefix(visits.redirecting.url): item["reason"] for item in plan["would_refuse"]}
    assert refused == dict.fromkeys(actions, "action")
    assert f"{visits.redirecting.url}/note/1" in plan["would_fetch"]
    assert "5 action" in visits.first.err


def test_compare_lists_what_one_account_sees_and_the_other_does_not(visits: Visits) -> None:
    done = rseaudit("crawl", "--compare", "anne", "paul", "--json", cwd=visits.folder)
    compared = json.loads(done.out)
    assert {"membres/7", "membres/8"} <= set(compared["only_first"])
    assert compared["only_second"] == []
    done = rseaudit("crawl", "--compare", "anne", "jean", cwd=visits.folder)
    assert done.code == 2
    assert "nothing was crawled as jean" in done.err


def test_a_session_that_ends_midway_leaves_the_run_incomplete_and_says_so(visits: Visits) -> None:
    assert visits.lost.code == 3, visits.lost.err
    assert "the session was lost" in visits.lost.err
    assert visits.pending == [("cercle",), ("membres",)]


def test_a_lost_session_stores_no_login_page_and_marks_nothing_as_vanished(visits: Visits) -> None:
    assert visits.after_lost == visits.after_first
    assert files_that_hold(visits.folder, "Vous devez vous identifier") == []


def test_the_crawl_after_a_lost_session_goes_on_and_ends_complete(visits: Visits) -> None:
    assert visits.again.code == 0, visits.again.err
    assert "taken up" in visits.again.err
    assert visits.after_again == visits.after_first
    assert rows(visits.folder, "SELECT count(*) FROM urls WHERE state IN ('pending', 'leased')") == [(0,)]


def test_a_password_stands_in_no_store_no_report_and_no_message(visits: Visits) -> None:
    assert any(CANARY.encode() in body for _, body in visits.redirecting.posted), "it was sent where it belongs"
    for done in (visits.first, visits.lost, visits.again):
        assert CANARY not in done.out + done.err
    assert (visits.folder / "rseaudit-reports" / "index.html").exists()
    assert files_that_hold(visits.folder, CANARY) == []
    assert files_that_hold(visits.folder, "jeton-9") == []


# What a site's owner allows.


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


# From one crawl to the next.


@dataclass(frozen=True)
class Weeks:
    """Four crawls of two sites: as they are, unchanged, with losses, and with something back."""

    folder: Path
    living: Site
    fragile: Site
    done: list[Done]
    exports: list[str]
    requests: list[list[tuple[str, str]]]
    statuses: list[tuple[object, ...]]

    def documents(self, week: int) -> dict[tuple[str, str], dict[str, object]]:
        lines = [json.loads(line) for line in self.exports[week].splitlines()]
        return {(line["source"], line["id"]): line for line in lines if line["type"] == "document"}

    def gone(self, week: int) -> set[tuple[str, str]]:
        return {key for key, item in self.documents(week).items() if item.get("gone")}


def living_site() -> Site:
    site = numbered_site(14, validators=True)
    site.pages["/"] = article(0, *(f"/note/{n}" for n in range(1, 15)), "/note/90", "/note/91")
    for number, space in ((90, "CSE"), (91, "Projet Héron")):
        page = article(number, words=f"Ceci ne regarde que les membres : hermine-{number}.")
        site.pages[f"/note/{number}"] = page.replace(f"Espace {number % 3}", space)
    return site


@pytest.fixture(scope="module")
def weeks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Weeks]:
    folder = tmp_path_factory.mktemp("weeks")
    with serving(living_site()) as living, serving(numbered_site(14, validators=True)) as fragile:

        def configure(excluded: str) -> None:
            options = f"exclude_spaces = [{excluded}]"
            sources = source("vivante", living.url, options=options, role="audited") + source("fragile", fragile.url)
            write_config(folder, sources + PROFILE)

        done, exports, requests, statuses = [], [], [], []

        def crawl() -> None:
            living.requests.clear()
            done.append(rseaudit("crawl", "--now", NOW, "--json", cwd=folder))
            exports.append(rseaudit("export", "--canonical", cwd=folder).out)
            requests.append(list(living.requests))
            statuses.append(tuple(rows(folder, "SELECT DISTINCT status FROM urls WHERE source = 'fragile'")))

        configure('"projet heron"')
        crawl()
        crawl()
        kept = {path: living.pages.pop(path) for path in ("/note/3", "/note/6")}
        living.pages["/note/4"] = article(4, words="Le magasin ouvre désormais à sept heures.")
        living.pages["/"] = article(0, *(f"/note/{n}" for n in range(1, 16)))
        living.pages["/note/15"] = article(15)
        for number in range(3, 15):
            del fragile.pages[f"/note/{number}"]
        crawl()
        living.pages["/note/3"] = kept["/note/3"]
        configure('"projet heron", "Espace 2"')
        crawl()
        yield Weeks(folder, living, fragile, done, exports, requests, statuses)


def test_an_unchanged_site_is_asked_politely_and_changes_nothing(weeks: Weeks) -> None:
    assert [weeks.done[0].code, weeks.done[1].code] == [0, 0], weeks.done[1].err
    assert (weeks.statuses[0], weeks.statuses[1]) == (((200,),), ((304,),))
    assert weeks.exports[1] == weeks.exports[0]


def test_a_page_that_has_vanished_takes_its_document_along(weeks: Weeks) -> None:
    assert ("vivante", "3") in weeks.documents(1)
    assert weeks.gone(1) == set()
    assert weeks.gone(2) == {("vivante", "3"), ("vivante", "6")}
    assert "; 2 vanished\n" in weeks.done[2].err


def test_a_page_that_comes_back_unchanged_brings_its_document_back(weeks: Weeks) -> None:
    assert weeks.gone(3) == {("vivante", "6")}
    assert "vanished\n" not in weeks.done[3].err.partition("fragile: ")[0], "what is gone vanishes once"


def test_a_collapsed_site_loses_nothing_and_makes_the_run_incomplete(weeks: Weeks) -> None:
    assert weeks.done[2].code == 3
    assert "collapsed: 12 of 14 documents have vanished at once; nothing was marked" in weeks.done[2].err
    assert {name for name, _ in weeks.gone(2) | weeks.gone(3)} == {"vivante"}
    assert {id_ for name, id_ in weeks.documents(3) if name == "fragile"} == {str(number) for number in range(1, 15)}


def test_diff_lists_what_vanished_what_is_new_and_what_changed(weeks: Weeks) -> None:
    [first, *_] = [json.loads(done.out)["run"] for done in weeks.done]
    assert first
    [(seq,)] = rows(weeks.folder, "SELECT min(seq) FROM runs WHERE job = 'crawl'")
    done = rseaudit("crawl", "--diff", f"crawl-{seq}", "--json", cwd=weeks.folder)
    difference = json.loads(done.out)
    assert done.code == 0
    assert "vivante/6" in difference["only_first"]
    assert "vivante/3" not in difference["only_first"]
    assert difference["only_second"] == ["vivante/15"]
    assert difference["changed"] == ["vivante/4"]
    done = rseaudit("crawl", "--diff", "crawl-999", cwd=weeks.folder)
    assert done.code == 2
    assert "no crawl is called 'crawl-999'" in done.err


def test_spaces_where_people_must_be_able_to_speak_are_never_stored(weeks: Weeks) -> None:
    for number in (90, 91):
        assert ("GET", f"/note/{number}") in weeks.requests[0], "only its page tells in which space it stands"
        assert f"hermine-{number}" not in weeks.exports[0]
        assert files_that_hold(weeks.folder, f"hermine-{number}") == []


def test_a_space_that_is_excluded_later_is_deleted(weeks: Weeks) -> None:
    assert ("vivante", "5") in weeks.documents(2)
    spaces = {name for (_, _), item in weeks.documents(3).items() for name in item["spaces"]}  # type: ignore[attr-defined]
    assert ("vivante", "5") not in weeks.documents(3)
    assert ("fragile", "5") in weeks.documents(3), "the exclusion is that of one source"
    assert "Espace 2" in spaces
    bodies = rows(weeks.folder, "SELECT url FROM bodies WHERE source = 'vivante'")
    assert (f"{weeks.living.url}/note/5",) not in bodies
    assert (f"{weeks.living.url}/note/4",) in bodies


def test_reextract_reads_the_kept_pages_with_the_new_profile_and_no_network(weeks: Weeks) -> None:
    path = weeks.folder / "rseaudit.toml"
    path.write_text(path.read_text("utf-8").replace('title = "h1"', 'title = ".author"'), "utf-8")
    before = len(weeks.living.requests)
    done = rseaudit("crawl", "--reextract", "--now", NOW, "--json", cwd=weeks.folder)
    assert done.code == 0, done.err
    assert len(weeks.living.requests) == before
    titles = {item["title"] for (name, id_), item in documents(weeks.folder).items() if id_ != "6"}
    assert titles == {f"Anne Martin {n}" for n in range(7)}


# Beside and after one another.

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
