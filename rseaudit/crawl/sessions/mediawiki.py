"""Log in to MediaWiki's API with a bot password: a token by GET, then the only POST, ``action=login``."""

from __future__ import annotations

import json
import re
from typing import ClassVar
from urllib.parse import urlencode

from rseaudit.config.secrets import Secret
from rseaudit.config.settings import Account
from rseaudit.crawl.page import Page
from rseaudit.crawl.proofs import Proof
from rseaudit.crawl.sessions.ask import Asker, shown
from rseaudit.crawl.sessions.base import Session
from rseaudit.crawl.sessions.sign import Sign
from rseaudit.crawl.sessions.wallet import Wallet
from rseaudit.errors import SessionError

_TOKEN = {"action": "query", "format": "json", "meta": "tokens", "type": "login"}
_USER = {"action": "query", "format": "json", "meta": "userinfo"}
_CODE = re.compile(r"[A-Za-z-]{1,40}")


class MediawikiSession(Session):
    """``api`` is the address of ``api.php``. The main password is refused by most wikis: make a bot password."""

    renews: ClassVar[bool] = True
    remedy = 'make a bot password (Special:BotPasswords): user = "Name@bot", and its password in password_file'

    def __init__(self, home: str, account: Account, sign: Sign, api: str, user: str, password: Secret) -> None:
        super().__init__(home, account, sign)
        self._api = api
        self._token_url = f"{api}?{urlencode(_TOKEN)}"
        self._user = user
        self._password = password
        self._may_ask(self._token_url)

    def is_login(self, url: str, method: str) -> bool:
        return url == self._api if method == "POST" else url in self._addresses

    async def log_in(self, asker: Asker, wallet: Wallet) -> None:
        wallet.empty()
        token = _at((await asker.get(self._token_url)).body, "query", "tokens", "logintoken")
        if not isinstance(token, str):
            raise SessionError(
                "the wiki gives no login token", where=shown(self._api), remedy="check that url leads to its api.php"
            )
        fields = {
            "action": "login",
            "format": "json",
            "lgname": self._user,
            "lgpassword": self._password.reveal(),
            "lgtoken": token,
        }
        answer = await asker.post(self._api, fields)
        result = _at(answer.body, "login", "result")
        if result != "Success":
            said = result if isinstance(result, str) and _CODE.fullmatch(result) else f"status {answer.status}"
            raise SessionError(
                f"the login of account {self.account.name!r} was refused ({said})",
                where=shown(self._api),
                remedy=self.remedy,
            )


def own_proof(api: str) -> Proof:
    """Return the proof of any wiki: it says who asks."""
    return Proof(f"{api}?{urlencode(_USER)}", _is_known)


def _is_known(page: Page) -> bool:
    number = _at(page.body, "query", "userinfo", "id")
    return isinstance(number, int) and number > 0


def _at(body: bytes, *path: str) -> object:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return None
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value
