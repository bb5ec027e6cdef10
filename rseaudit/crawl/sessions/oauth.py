"""OAuth client credentials (RFC 6749, 4.4): a token from a declared address, renewed before it ends."""

from __future__ import annotations

import base64
import json
import re
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import quote_plus

from rseaudit.config.secrets import Secret
from rseaudit.config.settings import Account, OAuth
from rseaudit.crawl.addresses import origin
from rseaudit.crawl.sessions.ask import Asker, shown
from rseaudit.crawl.sessions.base import Session
from rseaudit.crawl.sessions.headers import bearer
from rseaudit.crawl.sessions.sign import Sign
from rseaudit.crawl.sessions.wallet import Credential, Wallet
from rseaudit.errors import SessionError

if TYPE_CHECKING:
    from scrapy.http import Response

_CODE = re.compile(r"[a-z_]{1,40}")
_EARLY_S = 60.0


class OAuthSession(Session):
    """The client's secret goes to ``token_url`` only, the token to the source only."""

    renews: ClassVar[bool] = True
    remedy = "check client_id, its secret and scope with whoever runs the identity provider"

    def __init__(self, home: str, account: Account, sign: Sign, client: OAuth, secret: Secret) -> None:
        super().__init__(home, account, sign)
        self._client = client
        self._secret = secret
        self._lifetime_s = float("inf")

    @property
    def lifetime_s(self) -> float:
        return self._lifetime_s

    def is_login(self, url: str, method: str) -> bool:
        return url == self._client.token_url if method == "POST" else super().is_login(url, method)

    async def log_in(self, asker: Asker, wallet: Wallet) -> None:
        fields = {"grant_type": "client_credentials"}
        if self._client.scope is not None:
            fields["scope"] = self._client.scope
        headers: dict[str, Secret] = {}
        if self._client.client_auth == "body":
            fields |= {"client_id": self._client.client_id, "client_secret": self._secret.reveal()}
        else:
            headers["Authorization"] = self._basic()
        there = Credential(origin(self._client.token_url), headers)
        answer = await asker.post(
            self._client.token_url, fields, headers={"Accept": "application/json"}, credential=there
        )
        token, kind, lifetime = _granted(answer)
        if token is None or kind != "bearer":
            raise SessionError(
                f"no token was granted to account {self.account.name!r} ({_reason(answer)})",
                where=shown(self._client.token_url),
                remedy=self.remedy,
            )
        self._lifetime_s = max(lifetime - _EARLY_S, lifetime / 2)
        wallet.empty()
        wallet.credential = Credential(self.origin, dict([bearer(token)]))

    def _basic(self) -> Secret:
        # RFC 6749, 2.3.1: both parts are form-encoded before they are joined.
        pair = f"{quote_plus(self._client.client_id)}:{quote_plus(self._secret.reveal())}"
        return Secret(f"Basic {base64.b64encode(pair.encode()).decode('ascii')}")


def _granted(answer: Response) -> tuple[Secret | None, str, float]:
    """Return the token, its kind and for how many seconds it holds."""
    data = _json(answer)
    token, lifetime = data.get("access_token"), data.get("expires_in")
    if answer.status != 200 or not isinstance(token, str) or not token:
        return None, "", 0.0
    seconds = float(lifetime) if isinstance(lifetime, int | float | str) and str(lifetime).isdecimal() else float("inf")
    return Secret(token), str(data.get("token_type", "")).lower(), seconds


def _reason(answer: Response) -> str:
    """Return the error code of an answer; its description may repeat what was sent."""
    code = _json(answer).get("error")
    return code if isinstance(code, str) and _CODE.fullmatch(code) else f"status {answer.status}"


def _json(answer: Response) -> dict[str, object]:
    try:
        data = json.loads(answer.body)
    except (ValueError, RecursionError):
        return {}
    return data if isinstance(data, dict) else {}
