"""A real site for members, with every way in that accounts have, and sessions that can be made to end."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Mapping
from urllib.parse import parse_qs, unquote_plus

from tests.site_server import Answer, Page, Site, article

PASSWORD = "serin-4711-motdepasse"
TOKEN = "loriot-4712-jeton"
COOKIE = "mesange-4713-session"
SECRET = "pinson-4714-client"
GUEST = "Version pour les visiteurs"
NOTES = 40


class Portal(Site):
    """Notes that members read whole. ``guests`` says what others get instead: a ``public`` version of each
    note with status 200, a login ``form`` with status 200, a ``redirect`` to it, or 401.

    ``marked`` pages show that their reader is logged in. ``ends`` are counts of served notes at which every
    session is over. ``seen`` keeps the headers of each request.
    """

    def __init__(self, *, guests: str, marked: bool = True) -> None:
        mark = ["/profile"] if marked else []
        pages: dict[str, Page] = {"/": article(0, *mark, *(f"/note/{n}" for n in range(1, 9)))}
        for n in range(1, NOTES + 1):
            links = [f"/note/{m}" for m in (2 * n, 2 * n + 1, n * 7 % NOTES + 1) if m <= NOTES]
            pages[f"/note/{n}"] = article(n, *mark, *links)
        pages["/profile"] = '<a href="/profile">Mon profil</a>'
        super().__init__(pages)
        self.seen: list[tuple[str, str, dict[str, str]]] = []
        self.ends: list[int] = []
        self.served = 0
        self.refuses_logins = False
        self.sessions: set[str] = set()
        self.tokens = {TOKEN}
        self._guests = guests
        self._count = 0
        self._guard = threading.Lock()

    def answer(self, path: str, conditions: Mapping[str, str | None]) -> Answer:
        headers = {name.lower(): value or "" for name, value in conditions.items()}
        with self._guard:
            self.seen.append(("GET", path, headers))
            if path.startswith("/note/"):
                self.served += 1
                if self.ends and self.served >= self.ends[0]:
                    self.ends.pop(0)
                    self.sessions.clear()
            known = self.knows(headers)
        bare = path.split("?")[0]
        if bare == "/login":
            return self._form()
        if bare == "/csrf.json":
            return Answer(json.dumps({"data": {"token": "t-9"}}).encode(), content_type="application/json")
        if bare in self.pages and (known or bare == "/robots.txt"):
            return super().answer(bare, conditions)
        return self._for_guests(bare) if bare != "/robots.txt" else Answer(status=404)

    def knows(self, headers: Mapping[str, str]) -> bool:
        """Tell whether a request comes from a member."""
        cookies = dict(part.strip().split("=", 1) for part in headers.get("cookie", "").split(";") if "=" in part)
        if cookies.get("session") in self.sessions:
            return True
        scheme, _, value = headers.get("authorization", "").partition(" ")
        if scheme == "Basic":
            return base64.b64decode(value).decode() == f"anne:{PASSWORD}"
        return (scheme == "Bearer" and value in self.tokens) or headers.get("x-api-key") in self.tokens

    def _form(self) -> Answer:
        return Answer(
            b'<form action="/session" method="post"><input type="hidden" name="_csrf" value="t-9"><input name="user">'
            b'<input type="password" name="password"></form><p>Vous devez vous identifier.</p>',
            headers={"Set-Cookie": "before=1; HttpOnly"},
        )

    def _for_guests(self, path: str) -> Answer:
        if path not in self.pages:
            return Answer(status=404)
        if self._guests == "401" or (self._guests == "public" and path == "/profile"):
            return Answer(status=401)
        if self._guests == "redirect":
            return Answer(status=302, headers={"Location": f"/login?next={path}"})
        if self._guests == "form":
            return self._form()
        number = path.rpartition("/")[2] or "0"
        return Answer(article(int(number), "/note/1", "/note/2", words=GUEST).replace("note numéro", GUEST).encode())

    def receive(self, path: str, body: bytes, conditions: Mapping[str, str | None]) -> Answer:
        headers = {name.lower(): value or "" for name, value in conditions.items()}
        sent = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        with self._guard:
            self.seen.append(("POST", path, headers))
            token = sent.get("_csrf") == "t-9" or headers.get("x-csrf-token") == "t-9"
            right = sent.get("user") == "anne" and sent.get("password") == PASSWORD and "before=1" in headers["cookie"]
            if path != "/session" or not (token and right) or self.refuses_logins:
                return Answer("<p>Identifiants refusés.</p>".encode())
            self._count += 1
            session = f"{COOKIE}-{self._count}"
            self.sessions.add(session)
        cookie = f"session={session}; Path=/; HttpOnly"
        return Answer(status=302, headers={"Location": "/profile", "Set-Cookie": cookie})


class Provider(Site):
    """An identity provider that gives tokens for a portal; ``lifetime_s`` is what it says of them."""

    def __init__(self, portal: Portal, *, lifetime_s: int = 3600, in_body: bool = False) -> None:
        super().__init__({})
        self.logins = {"/token"}
        self.granted = 0
        self.seen: list[tuple[str, str, dict[str, str]]] = []
        self.says: Answer | None = None
        self._portal, self._lifetime_s, self._in_body = portal, lifetime_s, in_body

    def answer(self, path: str, conditions: Mapping[str, str | None]) -> Answer:
        self.seen.append(("GET", path, {name.lower(): value or "" for name, value in conditions.items()}))
        return super().answer(path, conditions)

    def receive(self, path: str, body: bytes, conditions: Mapping[str, str | None]) -> Answer:
        headers = {name.lower(): value or "" for name, value in conditions.items()}
        self.seen.append(("POST", path, headers))
        sent = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        if self.says is not None:
            return self.says
        if self._in_body:
            right = (sent.get("client_id"), sent.get("client_secret")) == ("rse:audit", SECRET)
        else:
            pair = base64.b64decode(headers.get("authorization", "").removeprefix("Basic ")).decode()
            right = [unquote_plus(part) for part in pair.split(":")] == ["rse:audit", SECRET]
        if not right or sent.get("grant_type") != "client_credentials" or sent.get("scope") != "lire tout":
            described = {"error": "invalid_client", "error_description": f"not {SECRET}"}
            return Answer(json.dumps(described).encode(), status=401, content_type="application/json")
        self.granted += 1
        token = f"{TOKEN}-{self.granted}"
        self._portal.sessions.clear()
        self._portal.tokens = {token}
        granted = {"access_token": token, "token_type": "Bearer", "expires_in": self._lifetime_s}
        return Answer(json.dumps(granted).encode(), content_type="application/json")
