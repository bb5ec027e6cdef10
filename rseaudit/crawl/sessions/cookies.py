"""Cookies that a person exported from a browser after single sign-on (Netscape ``cookies.txt``)."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from rseaudit.config.secrets import Secret
from rseaudit.config.settings import Account
from rseaudit.crawl.sessions.ask import Asker
from rseaudit.crawl.sessions.base import Session
from rseaudit.crawl.sessions.jar import Cookie
from rseaudit.crawl.sessions.sign import Sign
from rseaudit.crawl.sessions.wallet import Wallet
from rseaudit.errors import ConfigError, SessionError

_HTTP_ONLY = "#HttpOnly_"
_FIELDS = 7


@dataclass(frozen=True, slots=True)
class Exported:
    """The cookies of a file that belong to one origin; ``elsewhere`` names the hosts of the others, in order."""

    cookies: tuple[Cookie, ...]
    elsewhere: tuple[str, ...]


class CookieSession(Session):
    """It cannot get in again by itself: somebody has to log in and export anew."""

    def __init__(self, home: str, account: Account, sign: Sign, exported: Exported) -> None:
        super().__init__(home, account, sign)
        self._exported = exported
        self.remedy = f"log in with a browser and export its cookies to {account.cookies_file} again: docs/accounts.md"

    async def log_in(self, asker: Asker, wallet: Wallet) -> None:
        now = time.time()
        good = [cookie for cookie in self._exported.cookies if not cookie.is_over(now)]
        if not good:
            over = sorted({cookie.name for cookie in self._exported.cookies})
            what = f"have expired: {', '.join(over)}" if over else f"are not of {urlsplit(self.origin).hostname}"
            others = ", ".join(self._exported.elsewhere[:5])
            raise SessionError(
                f"the cookies of account {self.account.name!r} {what}",
                where=self.account.cookies_file,
                expected=f"cookies of {self.origin}" + (f"; those in the file are of {others}" if others else ""),
                remedy=self.remedy,
            )
        wallet.empty()
        wallet.jar(self.origin).put(good)


def read_cookies(text: Secret, *, origin: str, where: str) -> Exported:
    """Return what an exported file holds for ``origin``; what it holds for others is not kept.

    Raises ``ConfigError`` that names the line, never what stands there.
    """
    parts = urlsplit(origin)
    host, secure = parts.hostname or "", parts.scheme == "https"
    cookies: list[Cookie] = []
    elsewhere: set[str] = set()
    for domain, subdomains, path, only_secure, expires, name, value in _rows(text, where):
        bare = domain.lstrip(".").lower()
        at_home = bare == host or (subdomains.upper() == "TRUE" and host.endswith(f".{bare}"))
        if at_home and (secure or only_secure.upper() != "TRUE"):
            end = float(expires) if expires.replace(".", "", 1).isdecimal() and float(expires) > 0 else None
            cookies.append(Cookie(name, Secret(value), path or "/", end))
        elif not at_home:
            elsewhere.add(bare)
    return Exported(tuple(cookies), tuple(sorted(elsewhere)))


def _rows(text: Secret, where: str) -> Iterator[list[str]]:
    for number, raw in enumerate(text.reveal().splitlines(), 1):
        line = raw.removeprefix(_HTTP_ONLY)
        if not line.strip() or line.startswith("#"):
            continue
        fields = line.split("\t")
        if len(fields) != _FIELDS:
            raise ConfigError(
                [f"{where}:{number}: is no cookie: {len(fields)} columns of {_FIELDS}, set apart by tabs"],
                remedy='export the cookies in the format "Netscape" (cookies.txt): docs/accounts.md',
            )
        yield fields
