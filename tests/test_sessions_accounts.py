"""Documents say which accounts see them; accounts share neither cookies, validators nor addresses."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.command_line import Done, rseaudit, write_config
from tests.site_server import PROFILE, Answer, Page, Site, article, serving
from tests.test_sessions import FAST, PROOF, secret

TOKENS = {"jeton-anne": "anne", "jeton-paul": "paul"}


class Rooms(Site):
    """Notes that depend on who asks: 7 is for anne, 8 for paul, the others for all; ``closed`` ones for nobody else.

    ``validators`` are told apart by account, and every answer sets a cookie that names who asked.
    """

    def __init__(self) -> None:
        pages: dict[str, Page] = {"/": article(0, "/profile", *(f"/note/{n}" for n in range(1, 11)))}
        pages |= {f"/note/{n}": article(n, "/profile") for n in range(1, 11)}
        super().__init__(pages)
        self.closed: dict[str, set[str]] = {"/note/7": {"anne"}, "/note/8": {"paul"}}
        self.seen: list[tuple[str, str, dict[str, str]]] = []

    def answer(self, path: str, conditions: Mapping[str, str | None]) -> Answer:
        headers = {name.lower(): value or "" for name, value in conditions.items()}
        who = TOKENS.get(headers.get("authorization", "").removeprefix("Bearer "), "visiteur")
        self.seen.append((who, path, headers))
        if path in self.closed and who not in self.closed[path]:
            return Answer(status=403)
        found = super().answer(path, conditions)
        if who == "visiteur":
            found = Answer(found.body.replace(b"/profile", b"/connexion"), status=found.status)
        tag = f'"{who}-{len(found.body)}"'
        if headers.get("if-none-match") == tag:
            found = Answer(status=304)
        return Answer(found.body, found.status, {"ETag": tag, "Set-Cookie": f"who={who}; Path=/"}, found.content_type)


@pytest.fixture(scope="module")
def rooms(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[Path, Rooms, list[Done], list[dict[str, list[str]]]]]:
    """Two crawls as anne, paul and a guest; between them note 1 is closed to paul and guests."""
    folder = tmp_path_factory.mktemp("rooms")
    with serving(Rooms()) as site:
        head = (
            f'[[source]]\nname = "rse"\nrole = "audited"\nplatform = "website"\nprofile = "site"\nurl = "{site.url}"\n'
        )
        head += f"{FAST}\n"
        accounts = [
            f'[[source.account]]\nname = "{TOKENS[t]}"\ntoken_file = "{secret(folder, t, t)}"\n' for t in TOKENS
        ]
        write_config(folder, head + "".join(accounts) + '[[source.account]]\nname = "visiteur"\n' + PROFILE + PROOF)
        done, found = [], []
        for _ in range(2):
            done.append(rseaudit("crawl", "--json", cwd=folder))
            lines = map(json.loads, rseaudit("export", "--canonical", cwd=folder).out.splitlines())
            found.append({line["id"]: line["accounts"] for line in lines if line["type"] == "document"})
            site.closed["/note/1"] = {"anne"}
            site.seen.append(("", "", {}))
        yield folder, site, done, found


Found = tuple[Path, Rooms, list[Done], list[dict[str, list[str]]]]


def test_documents_say_who_sees_them_and_forget_who_does_not_any_more(rooms: Found) -> None:
    _, _, done, (first, second) = rooms
    assert [item.code for item in done] == [0, 0], done[0].err + done[1].err
    everybody = ["anne", "paul", "visiteur"]
    assert (first["7"], first["8"], first["1"], first["2"]) == (["anne"], ["paul"], everybody, everybody)
    assert (second["7"], second["8"], second["1"], second["2"]) == (["anne"], ["paul"], ["anne"], everybody)


def test_what_one_account_sees_and_another_does_not_is_listed(rooms: Found) -> None:
    folder, _, _, _ = rooms
    compared = json.loads(rseaudit("crawl", "--compare", "anne", "paul", "--json", cwd=folder).out)
    assert (compared["only_first"], compared["only_second"]) == (["rse/1", "rse/7"], ["rse/8"])
    compared = json.loads(rseaudit("crawl", "--compare", "visiteur", "anne", "--json", cwd=folder).out)
    assert (compared["only_first"], compared["only_second"]) == ([], ["rse/1", "rse/7"])


def test_each_account_has_its_own_cookies_validators_and_addresses(rooms: Found) -> None:
    folder, site, _, _ = rooms
    for who, _, headers in site.seen:
        assert headers.get("cookie", f"who={who}") == f"who={who}"
        assert headers.get("if-none-match", f'"{who}-').startswith(f'"{who}-')
    second = site.seen[site.seen.index(("", "", {})) :]
    assert {who for who, path, headers in second if path == "/note/2" and "if-none-match" in headers} == {
        "anne",
        "paul",
        "visiteur",
    }
    with sqlite3.connect(folder / "rseaudit.db") as connection:
        query = "SELECT account, state FROM urls WHERE url LIKE '%/note/7' ORDER BY account"
        assert connection.execute(query).fetchall() == [("anne", "done"), ("paul", "denied"), ("visiteur", "denied")]
