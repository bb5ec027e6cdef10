"""Log in by the declared form, and know whether the session still holds."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from rseaudit.config.settings import Account, LoginForm
from rseaudit.crawl.guards import LOGIN
from rseaudit.errors import SessionError

if TYPE_CHECKING:
    import parsel
    from scrapy import Spider
    from scrapy.http import Response

LOST = "the session is lost"


@dataclass(frozen=True, slots=True)
class Credentials:
    """A user name and its password, never shown."""

    user: str
    password: str

    def __repr__(self) -> str:
        return f"Credentials({self.user!r}, …)"


class Session:
    """The login of one account on one source; its proof is a selector that only members see."""

    def __init__(self, base_url: str, account: Account, form: LoginForm, credentials: Credentials) -> None:
        self._url = urljoin(base_url, form.form)
        self._account = account
        self._form = form
        self._credentials = credentials
        self._origin = urlsplit(base_url)[:2]
        self._landing = base_url
        self._addresses = {self._url, base_url}
        if form.csrf and form.csrf.json_url:
            self._addresses.add(urljoin(base_url, form.csrf.json_url))

    def is_login(self, url: str) -> bool:
        """Tell whether an address belongs to the login: its page, its action, its token, its landing."""
        return url in self._addresses

    def proves(self, response: Response) -> bool:
        """Tell whether a page shows that its reader is logged in."""
        return bool(response.css(self._form.proof))

    def is_over(self, response: Response) -> bool:
        """Tell whether an answer sends its reader to log in: 401, or a redirect to the form."""
        if response.status == 401:
            return True
        location = response.headers.get(b"Location")
        if not 300 <= response.status < 400 or location is None:
            return False
        target = urlsplit(urljoin(response.url, location.decode("utf-8", "replace")))
        return target[:3] == urlsplit(self._url)[:3]

    async def doubt(self, spider: Spider, page: Response) -> str | None:
        """Say what speaks against reading a page: ``LOST``, or that it asks to log in; ``None`` if nothing does.

        A page without the proof (a bare or printable one) is believed when the page that the login
        led to still shows it.
        """
        if self.proves(page):
            return None
        if not await self.holds(spider):
            return LOST
        return "it asks to log in" if self._forms(page) else None

    async def holds(self, spider: Spider) -> bool:
        """Ask again for the page that the login led to, and tell whether it still shows the proof."""
        try:
            return self.proves(await self._ask(spider, self._landing))
        except SessionError:
            return False

    async def log_in(self, spider: Spider) -> None:
        """Send the form and check the proof; raise ``SessionError`` when it does not show."""
        page = await self._ask(spider, self._url)
        form = self._find_form(page)
        action = urljoin(page.url, form.attrib.get("action") or page.url)
        if urlsplit(action)[:2] != self._origin:
            raise SessionError(
                "the login form sends its fields to another origin", where=self._url, expected="the source's own"
            )
        fields = {
            field.attrib["name"]: field.attrib.get("value", "")
            for field in form.css("input[type=hidden][name], input[type=submit][name]")
        }
        fields[self._form.fields["username"]] = self._credentials.user
        fields[self._form.fields["password"]] = self._credentials.password
        headers = await self._token(spider, page, fields)
        self._addresses.add(action)
        answer = await self._ask(spider, action, fields=fields, headers=headers)
        for _ in range(5):
            location = answer.headers.get(b"Location")
            if answer.status not in (301, 302, 303, 307, 308) or location is None:
                break
            target = urljoin(answer.url, location.decode("utf-8", "replace"))
            if urlsplit(target)[:2] != self._origin:
                break
            self._addresses.add(target)
            self._landing = target
            answer = await self._ask(spider, target)
        if not self.proves(answer):
            raise SessionError(
                f"the login of account {self._account.name!r} was refused (status {answer.status}, no proof)",
                where=self._url,
                expected=f"a page with {self._form.proof}",
                remedy="check the user, its password file and `proof` in the profile",
            )

    def _find_form(self, page: Response) -> parsel.Selector:
        forms = self._forms(page)
        if not forms:
            raise SessionError(
                f"no form with a field {self._form.fields['password']!r} on the login page (status {page.status})",
                where=self._url,
                remedy="check `form` and `fields` in the profile",
            )
        return forms[0]

    def _forms(self, page: Response) -> parsel.SelectorList[parsel.Selector]:
        return page.xpath("//form[.//*[@name=$name]]", name=self._form.fields["password"])

    async def _token(self, spider: Spider, page: Response, fields: dict[str, str]) -> dict[str, str]:
        csrf = self._form.csrf
        if csrf is None or csrf.json_url is None:
            if csrf is not None and csrf.field is not None and csrf.field not in fields:
                raise SessionError(f"the login form has no field {csrf.field!r}", where=self._url)
            return {}
        answer = await self._ask(spider, urljoin(page.url, csrf.json_url))
        try:
            token = json.loads(answer.text)
            for part in (csrf.key or "").split("."):
                token = token[part]
        except (ValueError, KeyError, TypeError):
            raise SessionError(f"no token {csrf.key!r} in the answer", where=answer.url) from None
        if csrf.field:
            fields[csrf.field] = str(token)
        return {csrf.header: str(token)} if csrf.header else {}

    async def _ask(
        self,
        spider: Spider,
        url: str,
        *,
        fields: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
    ) -> Response:
        from scrapy import FormRequest, Request
        from scrapy.http.request import NO_CALLBACK

        meta: dict[str, object] = dict.fromkeys(
            (LOGIN, "dont_redirect", "handle_httpstatus_all", "dont_obey_robotstxt"), True
        )
        meta["proxy"] = getattr(spider, "proxy", None)
        if fields is None:
            request = Request(url, meta=meta, headers=headers, callback=NO_CALLBACK)
        else:
            request = FormRequest(url, formdata=fields, meta=meta, headers=headers, callback=NO_CALLBACK)
        try:
            return await spider.crawler.engine.download_async(request)
        except Exception as error:
            from rseaudit.crawl.causes import cause_of

            raise SessionError(f"the login cannot be reached: {cause_of(error)}", where=url) from None
