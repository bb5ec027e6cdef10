"""A session that is lost midway costs requests, never a document: nothing that a guest was shown is kept."""

from __future__ import annotations

import os
import signal
import sqlite3
import time
import zlib
from pathlib import Path

import pytest

from tests.command_line import Done, rseaudit, start, write_config
from tests.portal import COOKIE, GUEST, NOTES, PASSWORD, TOKEN, Portal
from tests.site_server import PROFILE, Answer, serving
from tests.test_sessions import BARE, FORM, PROOF, exported, secret, source

ASKS = "Vous devez vous identifier"


def configure(folder: Path, portal: Portal, *, proven: bool, more: str = "") -> None:
    """Let an account in by a form; ``proven`` pages show that by themselves, others need the proof's address."""
    password = secret(folder, "pass", PASSWORD)
    account = f'login = {{ user = "anne", password_file = "{password}" }}\n{more}\n'
    if not proven:
        account += 'proof_url = "/profile"\n'
    write_config(folder, source("rse", portal.url, account) + PROFILE + FORM)


def canonical(folder: Path) -> str:
    return rseaudit("export", "--canonical", cwd=folder).out


def kept(folder: Path) -> list[bytes]:
    with sqlite3.connect(folder / "rseaudit.db") as connection:
        return [zlib.decompress(body) for (body,) in connection.execute("SELECT body FROM bodies")]


def states(folder: Path) -> dict[str, int]:
    with sqlite3.connect(folder / "rseaudit.db") as connection:
        return dict(connection.execute("SELECT state, count(*) FROM urls GROUP BY state").fetchall())


def crawl(folder: Path) -> Done:
    return rseaudit("crawl", "--json", "--now", "2026-11-23", cwd=folder)


@pytest.fixture(scope="module")
def calm(tmp_path_factory: pytest.TempPathFactory) -> dict[bool, str]:
    """The exports of undisturbed crawls, of marked and of bare pages."""
    found = {}
    for marked in (True, False):
        folder = tmp_path_factory.mktemp("calm")
        with serving(Portal(guests="public", marked=marked)) as portal:
            configure(folder, portal, proven=marked)
            done = crawl(folder)
        assert done.code == 0, done.err
        assert states(folder) == {"done": NOTES + (2 if marked else 1)}
        found[marked] = canonical(folder).replace(portal.url, "https://portal")
    return found


@pytest.mark.parametrize(
    ("guests", "marked"),
    [("public", True), ("public", False), ("form", False), ("redirect", True), ("redirect", False), ("401", False)],
)
def test_a_session_lost_midway_ends_with_the_same_export(
    tmp_path: Path, calm: dict[bool, str], guests: str, marked: bool
) -> None:
    with serving(Portal(guests=guests, marked=marked)) as portal:
        configure(tmp_path, portal, proven=marked)
        portal.ends = [11, 31]
        done = crawl(tmp_path)
        assert portal.ends == []
    assert done.code == 0, done.err
    assert len(portal.posted) == 3, "at the start and after each loss"
    assert canonical(tmp_path).replace(portal.url, "https://portal") == calm[marked]
    assert not [body for body in kept(tmp_path) if GUEST.encode() in body or ASKS.encode() in body]
    with sqlite3.connect(tmp_path / "rseaudit.db") as connection:
        assert connection.execute("SELECT max(attempts) FROM urls").fetchone() == (1,), "a loss is no failed attempt"


def test_a_session_that_cannot_be_had_again_stops_the_crawl_and_the_next_one_ends_it(
    tmp_path: Path, calm: dict[bool, str]
) -> None:
    with serving(Portal(guests="public", marked=False)) as portal:
        configure(tmp_path, portal, proven=False)
        portal.ends = [15]
        original = portal.receive

        def once(path: str, body: bytes, conditions: dict[str, str | None]) -> Answer:
            answer = original(path, body, conditions)
            portal.refuses_logins = True
            return answer

        portal.receive = once  # type: ignore[method-assign, assignment]
        lost = crawl(tmp_path)
        halfway = canonical(tmp_path)
        portal.receive = original  # type: ignore[method-assign]
        portal.refuses_logins = False
        again = crawl(tmp_path)
    assert lost.code == 3
    told = " ".join(lost.err.split())
    assert "the session was lost: what was fetched since is pending, nothing is marked as vanished" in told
    assert "the login of account 'anne' was refused" in told
    assert GUEST not in halfway
    assert again.code == 0, again.err
    assert "taken up where it had stopped" in again.err
    assert canonical(tmp_path).replace(portal.url, "https://portal") == calm[False]


def test_a_session_that_never_lasts_is_given_up_after_the_declared_logins(tmp_path: Path) -> None:
    with serving(Portal(guests="public", marked=False)) as portal:
        configure(tmp_path, portal, proven=False, more="logins = 3\ncheck_every = 4")
        portal.ends = list(range(1, 400))
        done = crawl(tmp_path)
    assert done.code == 3
    assert "it was lost 4 times" in done.err
    assert len(portal.posted) == 4
    assert states(tmp_path).get("leased", 0) == 0
    assert not [body for body in kept(tmp_path) if GUEST.encode() in body]


@pytest.mark.parametrize("kind", ["cookies", "token"])
def test_what_cannot_be_renewed_stops_with_what_a_person_does(tmp_path: Path, kind: str) -> None:
    with serving(Portal(guests="public", marked=False)) as portal:
        if kind == "cookies":
            portal.sessions.add(COOKIE)
            way = f'cookies_file = "{secret(tmp_path, "cookies.txt", exported("127.0.0.1", COOKIE))}"'
        else:
            way = f'token_file = "{secret(tmp_path, "token", TOKEN)}"'
            portal.pages["/note/9"] = lambda _: portal.tokens.clear() or Answer(b"", status=404)  # type: ignore[func-returns-value]
        portal.ends = [12]
        write_config(tmp_path, source("rse", portal.url, f'{way}\nproof_url = "/profile"', profile="bare") + BARE)
        done = crawl(tmp_path)
        assert done.code == 3
        told = " ".join(done.err.split())
        assert "the session was lost" in told
        remedy = "export its cookies to" if kind == "cookies" else "make a new token, and write it to"
        assert remedy in told
        assert not [body for body in kept(tmp_path) if GUEST.encode() in body]
        portal.sessions.add(COOKIE)
        portal.tokens.add(TOKEN)
        portal.pages.pop("/note/9")
        again = crawl(tmp_path)
        assert again.code == 0, again.err


def test_the_proof_is_asked_for_every_few_answers_and_not_for_each(tmp_path: Path) -> None:
    with serving(Portal(guests="public", marked=False)) as portal:
        configure(tmp_path, portal, proven=False, more="check_every = 10")
        assert crawl(tmp_path).code == 0
        checks = sum(path == "/profile" for _, path, _ in portal.seen)
        assert NOTES / 10 < checks <= NOTES / 2
    with serving(Portal(guests="public")) as portal:
        configure(tmp_path / "marked", portal, proven=True)
        assert crawl(tmp_path / "marked").code == 0
        assert sum(path == "/profile" for _, path, _ in portal.seen) <= 2, "each page shows it by itself"


def test_pages_that_ask_for_more_rights_are_denied_and_the_session_goes_on(tmp_path: Path) -> None:
    with serving(Portal(guests="redirect")) as portal:
        portal.pages["/note/38"] = Answer(status=302, headers={"Location": "/login?next=/note/38"})
        portal.pages["/note/39"] = Answer(status=401)
        portal.pages["/note/40"] = '<form><input name="user"><input type="password" name="password"></form>'
        for number in range(30, 36):
            portal.pages[f"/note/{number}"] = Answer(status=403)
        configure(tmp_path, portal, proven=True)
        done = crawl(tmp_path)
        assert done.code == 0, done.err
        assert len(portal.posted) == 1
    with sqlite3.connect(tmp_path / "rseaudit.db") as connection:
        rows = connection.execute("SELECT url, state, cause FROM urls WHERE state = 'denied' ORDER BY url").fetchall()
    found = {url.removeprefix(portal.url): cause for url, _, cause in rows}
    assert found == {
        **{f"/note/{number}": "status 403" for number in range(30, 36)},
        "/note/38": "it asks to log in",
        "/note/39": "status 401",
        "/note/40": "it asks to log in",
    }


def test_a_guest_keeps_no_login_page_but_pages_with_a_small_login_form(tmp_path: Path) -> None:
    with serving(Portal(guests="form")) as portal:
        box = '<form><input type="password"></form></body>'
        portal.knows = lambda _: True  # type: ignore[method-assign]
        portal.pages["/note/1"] = (
            portal.pages["/note/1"]
            .replace("</body>", box)
            .replace(  # type: ignore[union-attr]
                "<p>", f"<p>{'Un texte pour tous. ' * 20}", 1
            )
        )
        portal.pages["/note/2"] = f"<html><body><h1>Connexion</h1>{box}</html>"
        text = source("rse", portal.url, "")
        write_config(tmp_path, text[: text.index("[[source.account]]")] + PROFILE)
        assert crawl(tmp_path).code == 0
    bodies = kept(tmp_path)
    assert [body for body in bodies if b"Un texte pour tous" in body]
    assert not [body for body in bodies if b"Connexion" in body]


def test_a_site_that_is_down_when_asked_for_the_proof_loses_nothing(tmp_path: Path, calm: dict[bool, str]) -> None:
    with serving(Portal(guests="public", marked=False)) as portal:
        configure(tmp_path, portal, proven=False)
        proof = str(portal.pages["/profile"])
        answers = [Answer(status=503, headers={"Retry-After": "1"}), Answer(status=502), proof]
        portal.pages["/profile"] = lambda _: answers.pop(0) if len(answers) > 1 and portal.served > 12 else answers[-1]
        assert crawl(tmp_path).code == 0
        assert len(answers) == 1
    assert canonical(tmp_path).replace(portal.url, "https://portal") == calm[False]


def test_a_kill_while_answers_are_held_back_loses_nothing(tmp_path: Path, calm: dict[bool, str]) -> None:
    with serving(Portal(guests="public", marked=False)) as portal:
        configure(tmp_path, portal, proven=False)
        running = start("crawl", "--now", "2026-11-23", cwd=tmp_path)
        deadline = time.monotonic() + 60
        while portal.served < 12 and time.monotonic() < deadline:
            time.sleep(0.005)
        os.kill(running.pid, signal.SIGKILL)
        running.wait()
        portal.sessions.clear()
        done = crawl(tmp_path)
    assert done.code == 0, done.err
    assert canonical(tmp_path).replace(portal.url, "https://portal") == calm[False]


def test_a_second_crawl_of_an_account_asks_with_its_own_validators(tmp_path: Path) -> None:
    with serving(Portal(guests="form")) as portal:
        portal.sessions.add(COOKIE)
        jar = secret(tmp_path, "cookies.txt", exported("127.0.0.1", COOKIE))
        text = source("rse", portal.url, f'cookies_file = "{jar}"') + PROFILE + PROOF
        write_config(tmp_path, text)
        first = crawl(tmp_path)
        before = canonical(tmp_path)
        second = crawl(tmp_path)
        assert (first.code, second.code) == (0, 0), first.err + second.err
        assert canonical(tmp_path) == before
