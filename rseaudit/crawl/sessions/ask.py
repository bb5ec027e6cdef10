"""Requests of a login: outside the frontier, never redirected, through the same guard, proxy and certificates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from rseaudit.crawl.guards import LOGIN
from rseaudit.crawl.page import Page
from rseaudit.crawl.sessions.middleware import ANONYMOUS, CREDENTIAL
from rseaudit.crawl.sessions.wallet import Credential
from rseaudit.errors import SessionError

if TYPE_CHECKING:
    from scrapy import Spider
    from scrapy.http import Response

_MOVED = (301, 302, 303, 307, 308)


class Unreachable(SessionError):
    """There was no answer: nothing is known of the session."""


def shown(url: str) -> str:
    """Return an address as messages name it: a query may hold a session."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}{parts.path}"


def page_of(response: Response) -> Page:
    """Return an answer as the rest of the crawl sees it."""
    kind = response.headers.get(b"Content-Type")
    return Page(response.url, response.body, kind.decode("latin-1") if kind else None)


def leads_to(response: Response) -> str | None:
    """Return the absolute address that an answer redirects to, if it does."""
    location = response.headers.get(b"Location")
    if response.status not in _MOVED or not location:
        return None
    return urljoin(response.url, location.decode("utf-8", "replace"))


class Asker:
    """Sends the requests of a login for one spider. Raises ``Unreachable`` when there is no answer."""

    def __init__(self, spider: Spider) -> None:
        self._spider = spider

    async def get(self, url: str, *, headers: Mapping[str, str] | None = None, anonymous: bool = False) -> Response:
        """Ask for an address; ``anonymous`` sends neither cookie nor credential and keeps no cookie."""
        from scrapy import Request
        from scrapy.http.request import NO_CALLBACK

        meta = _meta({ANONYMOUS: True} if anonymous else {})
        return await self._send(Request(url, meta=meta, headers=headers, callback=NO_CALLBACK))

    async def post(
        self,
        url: str,
        fields: Mapping[str, str],
        *,
        headers: Mapping[str, str] | None = None,
        credential: Credential | None = None,
    ) -> Response:
        """Send a form; ``credential`` instead of that of the account."""
        from scrapy import FormRequest
        from scrapy.http.request import NO_CALLBACK

        meta = _meta({} if credential is None else {CREDENTIAL: credential})
        request = FormRequest(url, formdata=dict(fields), meta=meta, headers=headers, callback=NO_CALLBACK)
        return await self._send(request)

    async def _send(self, request: object) -> Response:
        try:
            return await self._spider.crawler.engine.download_async(request)  # type: ignore[arg-type]
        except Exception as error:
            from rseaudit.crawl.causes import cause_of

            what = f"the login cannot be reached: {cause_of(error)}"
            where = shown(request.url)  # type: ignore[attr-defined]
        # Outside of ``except``: the error keeps the request, and that the password.
        raise Unreachable(what, where=where)


def _meta(more: Mapping[str, object]) -> dict[str, object]:
    flags = (LOGIN, "dont_redirect", "handle_httpstatus_all", "dont_obey_robotstxt")
    return {**dict.fromkeys(flags, True), **more}
