"""Accounts that say who they are with every request: HTTP Basic, a bearer token, a header of its own."""

from __future__ import annotations

import base64

from rseaudit.config.secrets import Secret
from rseaudit.config.settings import Account
from rseaudit.crawl.sessions.ask import Asker
from rseaudit.crawl.sessions.base import Session
from rseaudit.crawl.sessions.sign import Sign
from rseaudit.crawl.sessions.wallet import Credential, Wallet


class HeaderSession(Session):
    """One header with every request; there is nothing to log in to, and nothing to renew."""

    def __init__(self, home: str, account: Account, sign: Sign, header: tuple[str, Secret], *, remedy: str) -> None:
        super().__init__(home, account, sign)
        self._header = header
        self.remedy = remedy

    async def log_in(self, asker: Asker, wallet: Wallet) -> None:
        wallet.empty()
        wallet.credential = Credential(self.origin, dict([self._header]))


def basic(user: str, password: Secret) -> tuple[str, Secret]:
    """Return the header of HTTP Basic (RFC 7617), in UTF-8."""
    pair = f"{user}:{password.reveal()}".encode()
    return "Authorization", Secret(f"Basic {base64.b64encode(pair).decode('ascii')}")


def bearer(token: Secret, header: str | None = None) -> tuple[str, Secret]:
    """Return the header of a bearer token (RFC 6750), or the token alone in a header of the platform's own."""
    if header is None or header.lower() == "authorization":
        return "Authorization", Secret(f"Bearer {token.reveal().strip()}")
    return header, Secret(token.reveal().strip())
