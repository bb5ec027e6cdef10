"""What a wiki is: its namespaces with content, and who may read it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rseaudit.access import closest
from rseaudit.crawl.json_items import number, part, rows, words
from rseaudit.model import Visibility

_READ = "read"
# Extensions that close parts of a wiki, in words of their names. Which parts, the API does not tell.
_CLOSING = ("lockdown", "accesscontrol", "access control", "acl", "permissionmanager", "permission manager")


@dataclass(frozen=True, slots=True)
class Namespace:
    """One that holds content; the main one, which has no name, bears that of the wiki."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Site:
    """``visibility`` is that of all its pages: MediaWiki itself knows no other rule for reading."""

    namespaces: tuple[Namespace, ...]
    visibility: Visibility

    def namespace(self, id_: int | None) -> Namespace | None:
        """Return a namespace with content, ``None`` for any other."""
        return next((item for item in self.namespaces if item.id == id_), None)


def site_of(data: object, declared: Visibility) -> Site | None:
    """Read the answer about a wiki; ``None`` when it is none. ``declared`` is the visibility of the source."""
    named = words(data, "query", "general", "sitename")
    found = part(data, "query", "namespaces")
    if named is None or not isinstance(found, Mapping):
        return None
    namespaces = []
    for item in found.values():
        id_ = number(item, "id")
        if id_ is not None and id_ >= 0 and part(item, "content") is True:
            namespaces.append(Namespace(id_, words(item, "name") or named))
    namespaces.sort(key=lambda item: item.id)
    return Site(tuple(namespaces), closest(declared, _readers(data)))


def _readers(data: object) -> Visibility:
    names = (words(item, "name") or "" for item in rows(data, "query", "extensions"))
    if any(word in name.casefold() for name in names for word in _CLOSING):
        return "unknown"
    rights = {words(group, "name"): rows(group, "rights") for group in rows(data, "query", "usergroups")}
    if not rights:
        return "unknown"
    if _READ in rights.get("*", ()):
        return "public"
    return "registered" if _READ in rights.get("user", ()) else "space"
