"""What all ways of getting in have in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from w3lib.url import safe_url_string

from rseaudit.config.settings import Account
from rseaudit.crawl.addresses import origin
from rseaudit.crawl.page import NotReadable, Page
from rseaudit.crawl.sessions.ask import Asker, page_of, shown
from rseaudit.crawl.sessions.login_page import has_login_form, is_login_page
from rseaudit.crawl.sessions.sign import Sign
from rseaudit.crawl.sessions.wallet import Wallet
from rseaudit.errors import SessionError

if TYPE_CHECKING:
    from scrapy.http import Response


class Session(ABC):
    """The way in of one account of one source. It knows the secret; ``Wallet`` carries what comes of it.

    ``renews``: whether it can get in again by itself. ``remedy`` says what a person does when it cannot.
    """

    renews: ClassVar[bool] = False
    remedy: str

    def __init__(self, home: str, account: Account, sign: Sign) -> None:
        self.home = home
        self.origin = origin(home)
        self.account = account
        self.sign = sign
        self._addresses: set[str] = set()
        self._may_ask(sign.url or home)

    @property
    def proof_url(self) -> str:
        """Where the proof is asked for."""
        return self.sign.url or self.home

    @property
    def lifetime_s(self) -> float:
        """For how many seconds from the last login on its credential holds."""
        return float("inf")

    @abstractmethod
    async def log_in(self, asker: Asker, wallet: Wallet) -> Response | None:
        """Put what lets the account in into ``wallet``; return the page that this led to, if to any.

        Raises ``SessionError`` when it is refused.
        """

    def is_login(self, url: str, method: str) -> bool:
        """Tell whether an address belongs to the login and may be asked for by ``method``."""
        return method != "POST" and url in self._addresses

    def _may_ask(self, *urls: str) -> None:
        self._addresses.update(safe_url_string(url) for url in urls)  # as Scrapy writes them

    def is_login_page(self, url: str) -> bool:
        """Tell whether an address is that of the page that asks to log in."""
        return False

    def has_form(self, page: Page) -> bool:
        """Tell whether a page has the form to log in."""
        return has_login_form(page)

    def is_shown_by(self, response: Response) -> bool:
        """Tell whether an answer shows the sign."""
        try:
            return 200 <= response.status < 300 and self.sign.shows(page_of(response))
        except NotReadable:
            return False

    def is_proven_by(self, page: Page, status: int, proves: Callable[[Page], bool]) -> bool:
        """Tell whether a page of the crawl shows the sign by itself; ``proves`` is the platform's word."""
        if not 200 <= status < 300:
            return False
        try:
            return self.sign.shows(page) if self.sign.on_pages else proves(page)
        except NotReadable:
            return False

    def refused(self, status: int | None = None) -> SessionError:
        """Return the error that says that the account did not get in."""
        seen = f" (status {status}, no proof)" if status is not None else ""
        return SessionError(
            f"the login of account {self.account.name!r} was refused{seen}",
            where=shown(self.proof_url),
            expected=self.sign.says,
            remedy=self.remedy,
        )


def asks_to_log_in(session: Session | None, page: Page, leads_to: str | None) -> bool:
    """Tell whether an answer sends its reader to log in (``leads_to`` is where it redirects), or is the page to do so.

    A page that shows by itself that its reader is logged in may hold such a form for something else.
    """
    if session is None or (leads_to is None and not session.sign.on_pages):
        return leads_to is None and (is_login_page(page) or (session is not None and session.is_login_page(page.url)))
    if leads_to is not None:
        return session.is_login_page(leads_to)
    return session.is_login_page(page.url) or (session.has_form(page) and not session.sign.shows(page))
