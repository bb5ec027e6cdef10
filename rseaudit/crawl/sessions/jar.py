"""The cookies of one origin, kept and sent as RFC 6265 says; none ever goes to another origin.

Browsers share cookies over ports, schemes and subdomains. Here a cookie returns to where it came
from and nowhere else, so that no list of public suffixes is needed to know how far it may go.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from rseaudit.config.secrets import Secret

_MOST = 200
_LONGEST = 8_192


@dataclass(frozen=True, slots=True)
class Cookie:
    """One cookie; ``expires`` in seconds since the epoch, ``None`` when it lasts as long as the session."""

    name: str
    value: Secret
    path: str = "/"
    expires: float | None = None

    def is_over(self, now: float) -> bool:
        return self.expires is not None and self.expires <= now

    def fits(self, path: str) -> bool:
        """Tell whether it goes with a request for ``path`` (RFC 6265, 5.1.4)."""
        return path == self.path or (
            path.startswith(self.path) and (self.path.endswith("/") or path[len(self.path)] == "/")
        )


class Jar:
    """The cookies of one origin. Times are seconds since the epoch."""

    def __init__(self, origin: str) -> None:
        parts = urlsplit(origin)
        self._host = (parts.hostname or "").lower()
        self._secure = parts.scheme == "https"
        self._cookies: dict[tuple[str, str], Cookie] = {}

    def __len__(self) -> int:
        return len(self._cookies)

    def put(self, cookies: Iterable[Cookie]) -> None:
        """Take cookies as they are."""
        for cookie in cookies:
            self._cookies[cookie.name, cookie.path] = cookie

    def take(self, line: str, *, path: str, now: float) -> None:
        """Take what a ``Set-Cookie`` header of an answer to ``path`` says; what it may not set is left out."""
        pair, *rest = line[:_LONGEST].split(";")
        name, equals, value = pair.partition("=")
        name = name.strip()
        if not (name and equals):
            return
        attributes = {key.strip().lower(): val.strip() for key, _, val in (item.partition("=") for item in rest)}
        if "secure" in attributes and not self._secure:
            return
        domain = attributes.get("domain", "").lstrip(".").lower()
        if domain and self._host != domain and not self._host.endswith(f".{domain}"):
            return
        at = attributes.get("path", "")
        cookie = Cookie(name, Secret(value.strip()), at if at.startswith("/") else _folder(path), _end(attributes, now))
        key = (cookie.name, cookie.path)
        if cookie.is_over(now):
            self._cookies.pop(key, None)
        elif key in self._cookies or len(self._cookies) < _MOST:
            self._cookies[key] = cookie

    def header(self, path: str, *, now: float) -> str:
        """Return the ``Cookie`` header of a request for ``path``: longer paths first; empty without cookies."""
        fitting = [cookie for cookie in self._cookies.values() if cookie.fits(path) and not cookie.is_over(now)]
        fitting.sort(key=lambda cookie: -len(cookie.path))  # stable: older ones first within one length
        return "; ".join(f"{cookie.name}={cookie.value.reveal()}" for cookie in fitting)


def _folder(path: str) -> str:
    return path[: path.rfind("/")] or "/"


def _end(attributes: dict[str, str], now: float) -> float | None:
    age = attributes.get("max-age", "")
    if age.lstrip("-").isdecimal():
        return now + int(age[:12])
    if not attributes.get("expires"):
        return None
    try:
        return parsedate_to_datetime(attributes["expires"]).timestamp()
    except (TypeError, ValueError, OverflowError):
        return None
