"""Addresses of a WordPress API, in both forms that sites have, and the only ones that are ever asked for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, quote, urlsplit

PER_PAGE = 100  # the most that the API gives at once
PROBE = {"_fields": "namespaces"}
LISTED = {"_fields": "id,content.protected", "order": "asc", "orderby": "id", "per_page": str(PER_PAGE)}
CATEGORY = {"_fields": "id,link,name,parent", "per_page": str(PER_PAGE)}
AUTHORS = {"_fields": "email,id,name", "context": "edit", "has_published_posts": "true", "per_page": str(PER_PAGE)}
COMMENTED = {"_fields": "post", "per_page": str(PER_PAGE)}
WHOLE = {
    "_embed": "author,wp:term",
    "_fields": "_embedded,_links,author,content,date_gmt,id,link,modified_gmt,status,title,type",
}
CONTENT = {**WHOLE, "per_page": str(PER_PAGE)}
EDITED = {"context": "edit"}
UPDATES = {
    "_embed": "user",
    "display_comments": "threaded",
    "order": "asc",
    "per_page": str(PER_PAGE),
    "type": "activity_update",
}
UPDATE = {"_embed": "group,user", "display_comments": "threaded"}
MEMBERS = {"exclude_admins": "false", "per_page": str(PER_PAGE)}

_CORE = "wp/v2/"
_PREFIX = "/wp-json/"
_PLAIN = "rest_route"
_COMMUNITY = re.compile(r"buddypress/v[1-9][0-9]?")
_ID, _IDS, _NUMBER = r"[0-9]+", r"[0-9]+(?:,[0-9]+)*", r"[1-9][0-9]*"
_VERSION = r"buddypress/v[1-9][0-9]?"
# The route of a kind of content. What is never content is left out whatever a site lists as its types.
_KIND = (
    r"(?!buddypress/|wp/v2/(?:users|settings|plugins|themes|media|blocks|comments|sidebars|widgets|menu)|.*messages)"
    r"[a-z0-9_-]+(?:/[a-z0-9_-]+)*/[A-Za-z0-9_-]+"
)


@dataclass(frozen=True, slots=True)
class Call:
    """One request to the API: its route without slashes around it, and its parameters."""

    route: str
    params: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_alone(self) -> bool:
        """Whether it asks for one document by itself."""
        return self.collection != self.route

    @property
    def collection(self) -> str:
        """The route of the listing that this one belongs to."""
        head, _, last = self.route.rpartition("/")
        return head if last.isdigit() else self.route

    @property
    def namespace(self) -> str:
        """The first two parts of the route, as in ``buddypress/v1``."""
        return "/".join(self.route.split("/")[:2])

    def with_params(self, **params: str) -> Call:
        return Call(self.route, {**self.params, **params})

    def without(self, name: str) -> Call:
        return Call(self.route, {key: value for key, value in self.params.items() if key != name})


class Routes:
    """Writes and reads addresses of calls below the address of a site.

    A site without permalinks answers at ``/?rest_route=/…`` alone; ``plain`` says that this one does.
    """

    def __init__(self, base: str) -> None:
        parts = urlsplit(base)
        self._base = f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"
        self._root = parts.path.rstrip("/")

    def address(self, call: Call, *, plain: bool = False) -> str:
        """Return the address of a call; parameters stand in order of their names."""
        params = dict(call.params)
        path = f"{_PREFIX}{call.route}"
        if plain:
            path, params[_PLAIN] = "/", f"/{call.route}"
        query = "&".join(f"{name}={quote(value, safe='/,:')}" for name, value in sorted(params.items()))
        return f"{self._base}{path}{'?' if query else ''}{query}"

    def call(self, url: str) -> tuple[Call, bool]:
        """Return the call behind an address, and whether it has the plain form."""
        parts = urlsplit(url)
        params = dict(parse_qsl(parts.query, keep_blank_values=True))
        if _PLAIN in params:
            return Call(params.pop(_PLAIN).strip("/"), params), True
        return Call(parts.path.removeprefix(self._root).removeprefix(_PREFIX).strip("/"), params), False


def community(namespaces: Iterable[str]) -> str | None:
    """Return the newest BuddyPress namespace among those of a site, ``None`` when there is none."""
    found = (name for name in namespaces if _COMMUNITY.fullmatch(name))
    return max(found, key=lambda name: int(name.rpartition("v")[2]), default=None)


def is_community(route: str) -> bool:
    """Tell whether a route is one of BuddyPress."""
    return route.startswith("buddypress/")


def is_kind(route: str) -> bool:
    """Tell whether a route may list contents of one kind."""
    return re.fullmatch(_KIND, route) is not None


def document_id(route: str, native: int) -> str:
    """Return the id of a document: ids of WordPress are the same for all types, those of BuddyPress its own."""
    return f"{route.removeprefix(_CORE)}-{native}"


def alone(document_id: str, community: str) -> Call | None:
    """Return the call that tells of one document alone."""
    kind, _, native = document_id.rpartition("-")
    if not native.isdigit():
        return None
    if kind == "activity":
        return Call(f"{community}/activity/{native}", UPDATE)
    return Call(f"{kind if '/' in kind else _CORE + kind}/{native}", WHOLE)


def shapes() -> Iterator[str]:
    """Yield the patterns of every address that may be asked for, in both forms."""
    for route, params in _asked():
        yield _PREFIX + route + _query(params)
        yield "/" + _query({**params, _PLAIN: f"/{route}"})


def _asked() -> Iterator[tuple[str, dict[str, str]]]:
    def fixed(params: Mapping[str, str], **varying: str) -> dict[str, str]:
        return {**{name: re.escape(value) for name, value in params.items()}, **varying}

    yield "", fixed(PROBE)
    yield "wp/v2/types", {}
    yield "wp/v2/users/me", {}
    yield "wp/v2/categories", fixed(CATEGORY, page=_NUMBER)
    yield "wp/v2/users", fixed(AUTHORS, page=_NUMBER)
    yield "wp/v2/comments", fixed(COMMENTED, page=_NUMBER, post=_IDS)
    for status in ("publish", "private"):
        yield _KIND, fixed(LISTED, page=_NUMBER, status=status)
        yield _KIND, fixed(LISTED, page=_NUMBER, status=status, categories_exclude=_IDS)
        yield _KIND, fixed(CONTENT, include=_IDS, status=status)
    yield _KIND, fixed({**CONTENT, **EDITED}, include=_IDS, status="private")
    yield f"{_KIND}/{_ID}", fixed(WHOLE)
    yield f"{_VERSION}/groups", {"page": _NUMBER, "per_page": str(PER_PAGE)}
    yield f"{_VERSION}/groups", {"page": _NUMBER, "per_page": str(PER_PAGE), "show_hidden": "true"}
    yield f"{_VERSION}/groups/me", {}
    yield f"{_VERSION}/groups/{_ID}/members", fixed(MEMBERS, page=_NUMBER)
    yield f"{_VERSION}/activity", fixed(UPDATES, page=_NUMBER, group_id=_ID)
    yield f"{_VERSION}/activity", fixed(UPDATES, page=_NUMBER, component="activity")
    yield f"{_VERSION}/activity/{_ID}", fixed(UPDATE)


def _query(params: Mapping[str, str]) -> str:
    return r"\?" + "&".join(f"{name}={value}" for name, value in sorted(params.items())) if params else ""
