"""Log in by the form of a page: its hidden fields, a token from the page or a JSON address, a user and a password."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import urljoin, urlsplit

from w3lib.url import safe_url_string

from rseaudit.config.secrets import Secret
from rseaudit.config.settings import Account, LoginForm
from rseaudit.crawl.actions import is_action
from rseaudit.crawl.addresses import origin
from rseaudit.crawl.page import Page
from rseaudit.crawl.sessions.ask import Asker, leads_to, shown
from rseaudit.crawl.sessions.base import Session
from rseaudit.crawl.sessions.sign import Sign
from rseaudit.crawl.sessions.wallet import Wallet
from rseaudit.errors import SessionError

if TYPE_CHECKING:
    import parsel
    from scrapy.http import Response

_REDIRECTS = 5


class FormSession(Session):
    """The form that a profile declares. The proof is asked for where the login leads, unless it has an address."""

    renews: ClassVar[bool] = True
    remedy = "check the user, its password file and `proof` in the profile"

    def __init__(self, home: str, account: Account, sign: Sign, form: LoginForm, user: str, password: Secret) -> None:
        super().__init__(home, account, sign)
        self._url = urljoin(home, form.form or "")
        self._form = form
        self._user = user
        self._password = password
        self._landing = home
        self._action = ""
        self._may_ask(self._url, home)
        if form.csrf and form.csrf.json_url:
            self._may_ask(urljoin(home, form.csrf.json_url))

    @property
    def proof_url(self) -> str:
        return self.sign.url or self._landing

    def is_login(self, url: str, method: str) -> bool:
        return url == self._action if method == "POST" else url in self._addresses

    def is_login_page(self, url: str) -> bool:
        return urlsplit(url)[:3] == urlsplit(self._url)[:3]

    def has_form(self, page: Page) -> bool:
        name = self._form.fields["password"]
        return super().has_form(page) or bool(page.tree.xpath("//form[.//*[@name=$name]]", name=name))

    async def log_in(self, asker: Asker, wallet: Wallet) -> Response:
        wallet.empty()
        page = await asker.get(self._url)
        form = self._find_form(page)
        action = urljoin(page.url, form.attrib.get("action") or page.url)
        if origin(action) != self.origin:
            raise SessionError(
                "the login form sends its fields to another origin",
                where=self._url,
                expected="the source's own",
                remedy="behind single sign-on an account brings cookies or a token: docs/accounts.md",
            )
        fields = {
            field.attrib["name"]: field.attrib.get("value", "")
            for field in form.css("input[type=hidden][name], input[type=submit][name]")
        }
        fields[self._form.fields["username"]] = self._user
        fields[self._form.fields["password"]] = self._password.reveal()
        headers = await self._token(asker, page, fields)
        self._action = safe_url_string(action)
        answer = await asker.post(action, fields, headers=headers)
        for _ in range(_REDIRECTS):
            target = leads_to(answer)
            if target is None or origin(target) != self.origin:
                break
            if is_action(urlsplit(target).path, urlsplit(target).query):
                # WordPress leads to its dashboard, which makes a draft for whoever looks at it.
                answer = await asker.get(self.home)
                break
            self._may_ask(target)
            self._landing = target
            answer = await asker.get(target)
        if self.sign.url is None and not self.is_shown_by(answer):
            raise self.refused(answer.status)
        return answer

    def refused(self, status: int | None = None) -> SessionError:
        error = super().refused(status)
        error.where = self._url
        return error

    def _find_form(self, page: Response) -> parsel.Selector:
        name = self._form.fields["password"]
        forms = page.xpath("//form[.//*[@name=$name]]", name=name) if hasattr(page, "text") else []
        if not forms:
            raise SessionError(
                f"no form with a field {name!r} on the login page (status {page.status})",
                where=self._url,
                remedy="check `form` and `fields` in the profile",
            )
        return forms[0]

    async def _token(self, asker: Asker, page: Response, fields: dict[str, str]) -> dict[str, str]:
        csrf = self._form.csrf
        if csrf is None or csrf.json_url is None:
            if csrf is not None and csrf.field is not None and csrf.field not in fields:
                raise SessionError(f"the login form has no field {csrf.field!r}", where=self._url)
            return {}
        answer = await asker.get(urljoin(self.home, csrf.json_url))
        try:
            token = json.loads(answer.body)
            for part in (csrf.key or "").split("."):
                token = token[part]
        except (ValueError, KeyError, TypeError):
            token = None
        if not isinstance(token, str | int):
            raise SessionError(f"no token {csrf.key!r} in the answer", where=shown(answer.url))
        return {csrf.header: str(token)} if csrf.header else {}
