"""Sites that must be crawled with care, and what a crawl of them left behind."""

from __future__ import annotations

import json
import sqlite3
import threading
import zlib
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import parse_qs

from tests.command_line import rseaudit
from tests.site_server import Answer, Page, Site, article

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
