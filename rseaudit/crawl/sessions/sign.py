"""What shows that an account is logged in: a selector, an address of the platform, or a declared address."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from urllib.parse import urljoin, urlsplit

from rseaudit.config.settings import Account, Profile, SourceSettings
from rseaudit.crawl.actions import is_action
from rseaudit.crawl.addresses import origin, target
from rseaudit.crawl.page import Page
from rseaudit.crawl.proofs import Proof
from rseaudit.crawl.selectors import Selector, selector
from rseaudit.crawl.sessions.login_page import has_login_form
from rseaudit.errors import ConfigError


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """``shows`` judges an answer of status 2xx. ``url`` ``None`` is the page that the login leads to.

    ``on_pages``: any page of the source may show it by itself. ``guests``: whether a guest gets it as
    well must be tried, for nobody has made sure. ``says`` is for messages.
    """

    shows: Callable[[Page], bool]
    says: str
    url: str | None
    on_pages: bool = False
    guests: bool = False


def sign_of(source: SourceSettings, account: Account, profile: Profile | None, proof: Proof | None) -> Sign:
    """Return what shows that ``account`` is in: declared first, the platform's ``proof`` last.

    Raises ``ConfigError`` when nothing does, or when what is declared cannot be asked for.
    """
    where = f"source {source.name}: account {account.name}"
    url = urljoin(source.url, account.proof_url) if account.proof_url else None
    if url is not None and origin(url) != origin(source.url):
        raise ConfigError([f"{where}: proof_url: is on another origin"], remedy="name a path of the source's own site")
    if url is not None and is_action(urlsplit(url).path, urlsplit(url).query):
        raise ConfigError([f"{where}: proof_url: does something when it is read"], remedy="name a page that only shows")
    css = profile.login.proof if profile is not None and profile.login is not None else None
    if css is not None:
        shows = partial(_selects, selector(css))
        return Sign(shows=shows, says=f"a page with {css}", url=url, on_pages=True)
    if url is not None:
        return Sign(shows=_is_no_login, says=f"an answer of {urlsplit(url).path} for members", url=url, guests=True)
    if proof is not None:
        return Sign(shows=proof.shows, says=f"the account's own answer of {target(proof.url)}", url=proof.url)
    raise ConfigError(
        [f"{where}: nothing would show that it is logged in"],
        remedy='name an address that only members may read: proof_url = "/profile", or `proof` in a profile',
    )


def _selects(sought: Selector, page: Page) -> bool:
    return page.is_html and bool(sought.elements(page.tree))


def _is_no_login(page: Page) -> bool:
    return not has_login_form(page)
