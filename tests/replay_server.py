"""A platform played from recorded answers: a real web server, true rights per account, every request kept.

A recording is a list of ``{as, method, path, status, headers, body}``: which account asked, what for, and
what the real platform answered. ``Replay`` serves it as it is:

    with serving(Replay(DATA / "buddypress-rest.json", accounts={"admin": "secret"})) as site:
        ...  # site.url, site.fetched, site.requests

- The account is read from ``Authorization`` (Basic, or Bearer with the same secret); no header is ``GUEST``,
  a wrong one gets ``refused``. An account that nothing was recorded of sees what ``seen_by`` says.
- An address is looked up with its parameters in any order; addresses inside the answers lead to this server.
- What was not recorded is made: override ``made(account, path, params)`` and return an ``Answer``, or ``None``
  to leave it to the recording. Make it from recorded objects (``self.bodies()`` yields all that were
  recorded, ``self.objects()`` all JSON objects at any depth), so that it has their shapes, and let a test ask
  for every recorded address of the made world and compare: ``recorded()`` yields them.
- What is neither made nor recorded is ``unknown``: 404.

``page_of`` cuts a list into pages. ``HumhubReplay`` in ``tests/replay_humhub.py`` shows a whole platform.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlsplit

from tests.site_server import Answer, Site

T = TypeVar("T")

DATA = Path(__file__).parent / "data" / "platforms"
GUEST = "guest"


@dataclass(frozen=True)
class Recorded:
    """One answer of the real platform; ``body`` is its JSON."""

    account: str
    path: str
    params: tuple[tuple[str, str], ...]
    status: int
    headers: Mapping[str, str]
    body: object

    def answer(self) -> Answer:
        headers = {name: value for name, value in self.headers.items() if name.lower() != "content-type"}
        return json_answer(self.body, status=self.status, headers=headers)


def json_answer(body: object, *, status: int = 200, headers: Mapping[str, str] | None = None) -> Answer:
    """Return an answer as JSON APIs give it."""
    raw = json.dumps(body, ensure_ascii=False).encode()
    return Answer(raw, status, dict(headers or {}), "application/json; charset=UTF-8")


def page_of(items: Sequence[T], page: int, size: int) -> tuple[list[T], int]:
    """Return the items of a page that is counted from 1, and how many pages there are."""
    return list(items[(page - 1) * size : page * size]), -(-len(items) // size)


class Replay(Site):
    """The recorded answers under the rights of ``accounts``: password or token by name.

    ``home`` is the address that the recording has for the platform; it becomes that of this server.
    """

    def __init__(
        self,
        recording: Path,
        *,
        accounts: Mapping[str, str],
        home: str | None = None,
        seen_by: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__({})
        self._accounts = dict(accounts)
        self._home = home
        self._seen_by = dict(seen_by or {})
        self._recorded: dict[tuple[str, str, tuple[tuple[str, str], ...]], Recorded] = {}
        for row in json.loads(recording.read_text("utf-8")):
            path, params = _parts(row["path"])
            item = Recorded(row["as"], path, params, row["status"], row["headers"], row["body"])
            self._recorded[item.account, path, params] = item

    def recorded(self) -> Iterator[Recorded]:
        """Yield all recorded answers, in the order of the recording."""
        yield from self._recorded.values()

    def bodies(self) -> Iterator[object]:
        """Yield the body of every recorded answer."""
        yield from (item.body for item in self.recorded())

    def objects(self) -> Iterator[dict[str, Any]]:
        """Yield every JSON object of the recording, outer ones first."""
        waiting = list(self.bodies())
        while waiting:
            found = waiting.pop(0)
            if isinstance(found, dict):
                yield found
                waiting.extend(found.values())
            elif isinstance(found, list):
                waiting.extend(found)

    def answer(self, path: str, conditions: Mapping[str, str | None]) -> Answer:
        if urlsplit(path).path == "/robots.txt":
            return Answer(b"", 404)
        if path in self.pages:  # what a test puts there goes first: a broken answer, an outage
            return super().answer(path, conditions)
        account = self._account(conditions.get("Authorization"))
        found = self.refused() if account is None else self._answer(account, *_parts(path))
        if self._home is not None:
            found.body = found.body.replace(self._home.encode(), self.url.encode())
        return found

    def _answer(self, account: str, path: str, params: tuple[tuple[str, str], ...]) -> Answer:
        made = self.made(account, path, dict(params))
        if made is not None:
            return made
        found = self._recorded.get((self._seen_by.get(account, account), path, params))
        return found.answer() if found is not None else self.unknown(path)

    def _account(self, header: str | None) -> str | None:
        if header is None:
            return GUEST
        kind, _, value = header.partition(" ")
        if kind == "Basic":
            user, _, password = base64.b64decode(value).decode().partition(":")
            return user if self._accounts.get(user) == password else None
        return next((user for user, secret in self._accounts.items() if secret == value), None)

    def made(self, account: str, path: str, params: Mapping[str, str]) -> Answer | None:
        """Return the answer that is made for an account, ``None`` for what is recorded or unknown."""
        return None

    def refused(self) -> Answer:
        """Return the answer to a wrong password or token."""
        return json_answer({"message": "Unauthorized"}, status=401)

    def unknown(self, path: str) -> Answer:
        """Return the answer to an address that the platform does not have."""
        return json_answer({"message": "Not Found"}, status=404)


def _parts(target: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    parts = urlsplit(target)
    return parts.path, tuple(sorted(parse_qsl(parts.query, keep_blank_values=True)))
