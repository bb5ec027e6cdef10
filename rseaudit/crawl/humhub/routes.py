"""The addresses of HumHub's REST API that are asked for, and no others.

Every listing is asked for by ``limit`` and ``page``: the addresses that HumHub prints in ``links`` carry a
``per-page`` that it ignores itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

import regex

Kind = Literal["spaces", "members", "post", "wiki", "users", "content"]

LIMIT = 100  # the most that the API gives at once
_PAGED = rf"\?limit={LIMIT}&page="
_ROUTES: dict[Kind, str] = {
    "spaces": "space",
    "members": "space/{id}/membership",
    "post": "post/container/{id}",
    "wiki": "wiki/container/{id}",
    "users": "user",
    "content": "content/{id}",
}
_PROOF = "/api/v1/space?limit=1&page=1"


@dataclass(frozen=True, slots=True)
class Call:
    """One request: ``id`` is that of a space for its members, of its container for contents; 0 where there is none."""

    kind: Kind
    id: int = 0
    page: int = 1

    @property
    def target(self) -> str:
        """The path and query below the address of the platform."""
        route = _ROUTES[self.kind].format(id=self.id)
        return f"/api/v1/{route}" if self.kind == "content" else f"/api/v1/{route}?limit={LIMIT}&page={self.page}"


def address(base: str, call: Call) -> str:
    """Return the absolute address of a call."""
    return _below(base, call.target)


def proof_address(base: str) -> str:
    """Return an address that every account gets an answer from, and no guest."""
    return _below(base, _PROOF)


def call_of(base: str, url: str) -> Call | None:
    """Return the call behind an address, ``None`` for an address of another shape."""
    parts = urlsplit(url)
    target = parts.path.removeprefix(urlsplit(base).path.rstrip("/"))
    target += f"?{parts.query}" if parts.query else ""
    for kind in _ROUTES:
        if found := regex.fullmatch(_pattern(kind), target):
            groups = found.groupdict()
            return Call(kind, int(groups.get("id") or 0), int(groups.get("page") or 1))
    return None


def shapes() -> Iterator[str]:
    """Yield the patterns of every address that may be asked for."""
    return (_pattern(kind) for kind in _ROUTES)


def _pattern(kind: Kind) -> str:
    route = _ROUTES[kind].format(id="(?P<id>[0-9]{1,18})")
    return f"/api/v1/{route}" + ("" if kind == "content" else _PAGED + "(?P<page>[1-9][0-9]{0,8})")


def _below(base: str, target: str) -> str:
    parts = urlsplit(base)
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}{target}"
