"""Addresses of the calls to ``api.php``, and the only ones that are ever made."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, urlsplit

from rseaudit.crawl.addresses import url_key

PER_CALL = 50  # pages that an account without special rights may name in one call

_FORM = {"format": "json", "formatversion": "2"}
_KNOWN = {"assert": "user"}
_SITE = {"action": "query", "meta": "siteinfo", "siprop": "extensions|general|namespaces|usergroups"}
_USERS = {
    "action": "query",
    "list": "allusers",
    "aulimit": "max",
    "auprop": "blockinfo|groups",
    "auwitheditsonly": "1",
}
_HISTORY = {
    "action": "query",
    "list": "allrevisions",
    "arvdir": "newer",
    "arvlimit": "max",
    "arvprop": "ids|timestamp|user",
}
_PAGES = {
    "action": "query",
    "generator": "allpages",
    "gapfilterredir": "nonredirects",
    "gaplimit": str(PER_CALL),  # of more pages an answer does not tell who may read them
    "intestactions": "read",
    "prop": "info",
}
_FACTS = {
    "action": "query",
    "cllimit": "max",
    "clshow": "!hidden",
    "inprop": "protection|url",
    "intestactions": "read",
    "prop": "categories|info|revisions",
    "rvprop": "ids|timestamp|user",
}
_ALONE = {**_FACTS, **_SITE}
_FIRST = {"action": "query", "prop": "revisions", "rvdir": "newer", "rvlimit": "1", "rvprop": "ids|timestamp|user"}
_TEXT = {
    "action": "parse",
    "disableeditsection": "1",
    "disablelimitreport": "1",
    "disabletoc": "1",
    "prop": "text",
}
# What the API gives to go on with a listing, by the listing: in one of these forms, to be sent back whole.
_CONTINUED: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "allrevisions": (("arvcontinue", "continue"),),
    "allpages": (("continue", "gapcontinue"), ("continue", "incontinue"), ("continue", "gapcontinue", "incontinue")),
    "allusers": (("aufrom", "continue"),),
}
_ANY, _NUMBER = ".*", "[0-9]+"


@dataclass(frozen=True, slots=True)
class Api:
    """The API of one wiki, as a guest or, with ``known``, as the account that must be logged in.

    Calls of an account carry ``assert=user``: once it is logged out they are errors, and nothing that a
    guest would have been shown passes for what the account sees.
    """

    url: str
    known: bool = False

    def site(self) -> str:
        return self._address(_SITE)

    def users(self) -> str:
        return self._address(_USERS)

    def history(self, namespace: int) -> str:
        """All revisions of a namespace, oldest first."""
        return self._address(_HISTORY, arvnamespace=str(namespace))

    def pages(self, namespace: int) -> str:
        """The pages of a namespace that lead nowhere else."""
        return self._address(_PAGES, gapnamespace=str(namespace))

    def facts(self, ids: Sequence[int]) -> str:
        """What is known of at most ``PER_CALL`` pages, but for their text."""
        return self._address(_FACTS, pageids="|".join(map(str, ids)))

    def alone(self, id_: int) -> str:
        """The same of one page, with what the wiki is: an answer that needs no other."""
        return self._address(_ALONE, pageids=str(id_))

    def first(self, id_: int) -> str:
        """The first revision of a page."""
        return self._address(_FIRST, pageids=str(id_))

    def text(self, revision: int, touched: str) -> str:
        """The text of a revision as it was rendered last; ``touched`` only makes the address another one."""
        return self._address(_TEXT, oldid=str(revision), requestid=re.sub(r"\D", "", touched) or "0")

    def next_of(self, url: str, rest: Mapping[str, object]) -> str | None:
        """Return the address that goes on where ``url`` ended, from the answer's ``continue``."""
        params = params_of(url)
        forms = _CONTINUED.get(params.get("list") or params.get("generator") or "", ())
        names = {name for form in forms for name in form}
        given = {name: str(value) for name, value in rest.items() if name in names}
        first = {name: value for name, value in params.items() if name not in names}
        return self._address({**first, **given}) if given else None

    def _address(self, fixed: Mapping[str, str], **varying: str) -> str:
        params = {**fixed, **_FORM, **varying, **(_KNOWN if self.known else {})}
        query = "&".join(f"{name}={quote(value, safe='')}" for name, value in sorted(params.items()))
        return url_key(f"{self.url}?{query}")


def api_address(url: str) -> str:
    """Return the address of ``api.php`` for that of a wiki: its folder, or any of its ``.php`` files."""
    parts = urlsplit(url)
    folder = re.sub(r"/[^/]*\.php\d?(?:/.*)?$", "", parts.path).rstrip("/")
    return url_key(f"{parts.scheme}://{parts.netloc}{folder}/api.php")


def params_of(url: str) -> dict[str, str]:
    """Return the parameters of an address."""
    return dict(parse_qsl(urlsplit(url).query, keep_blank_values=True))


def shapes() -> Iterator[str]:
    """Yield the patterns of every call, below the folder of ``api.php``."""
    for params in _shaped():
        for account in ({}, _KNOWN):
            whole = {**params, **_FORM, **account}
            yield r"/api\.php\?" + "&".join(f"{name}={value}" for name, value in sorted(whole.items()))


def _shaped() -> Iterator[dict[str, str]]:
    def fixed(params: Mapping[str, str], **varying: str) -> dict[str, str]:
        return {**{name: re.escape(value) for name, value in params.items()}, **varying}

    listings = (
        ("allusers", fixed(_USERS)),
        ("allrevisions", fixed(_HISTORY, arvnamespace=_NUMBER)),
        ("allpages", fixed(_PAGES, gapnamespace=_NUMBER)),
    )
    for name, params in listings:
        yield params
        for form in _CONTINUED[name]:
            yield {**params, **dict.fromkeys(form, _ANY)}
    yield fixed(_SITE)
    yield fixed(_FACTS, pageids=rf"{_NUMBER}(?:\|{_NUMBER})*")
    yield fixed(_ALONE, pageids=_NUMBER)
    yield fixed(_FIRST, pageids=_NUMBER)
    yield fixed(_TEXT, oldid=_NUMBER, requestid=_NUMBER)
