"""What a demonstration host answers, before it is sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request, without its host. ``session`` is the session cookie, ``form`` what was posted."""

    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    method: str = "GET"
    session: str | None = None
    form: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One answer. ``modified`` becomes ``Last-Modified``; the entity tag follows from the body."""

    status: int = 200
    body: bytes = b""
    content_type: str = "text/html; charset=utf-8"
    modified: datetime | None = None
    headers: tuple[tuple[str, str], ...] = ()

    @property
    def etag(self) -> str:
        return f'"{blake2b(self.body, digest_size=8).hexdigest()}"'


def text(body: str, *, status: int = 200, content_type: str = "text/plain; charset=utf-8") -> Reply:
    """Return a short answer without markup."""
    return Reply(status=status, body=body.encode(), content_type=content_type)


def redirect(path: str, *headers: tuple[str, str]) -> Reply:
    """Send the reader to another page of the same host."""
    return Reply(status=303, headers=(("Location", path), *headers))
