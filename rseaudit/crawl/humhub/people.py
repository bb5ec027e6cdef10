"""Spaces with those who answer for them, and the accounts behind their names."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urljoin

from rseaudit.config.settings import SourceSettings
from rseaudit.crawl.json_items import number, part, words
from rseaudit.model import Person, Space, Visibility
from rseaudit.people import person_key

_VISIBILITY: Mapping[int, Visibility] = {0: "space", 1: "registered", 2: "public"}
_MEMBER = 3  # those who are invited or have applied have other states
_ENABLED = 1


def space(item: object, source: SourceSettings) -> Space | None:
    """Return a space of the listing; ``None`` for one without a name."""
    name, url = words(item, "name"), words(item, "url")
    if name is None:
        return None
    owner, open_to = words(item, "owner", "display_name"), number(item, "visibility")
    return Space(
        source=source.name,
        name=name,
        visibility="unknown" if open_to is None else _VISIBILITY.get(open_to, "unknown"),
        owners=(owner,) if owner else (),
        url=urljoin(source.url, url) if url else None,
    )


def team(members: list[object], name: str, source: SourceSettings) -> Space:
    """Return what one page of memberships says of a space: administrators and moderators moderate it."""
    known = [item for item in members if number(item, "status") == _MEMBER]

    def named(*roles: str) -> tuple[str, ...]:
        chosen = (words(item, "user", "display_name") for item in known if not roles or part(item, "role") in roles)
        return tuple(dict.fromkeys(label for label in chosen if label))

    return Space(source=source.name, name=name, moderators=named("admin", "moderator"), members=named())


def person(item: object) -> Person | None:
    """Return the person behind an account; only those who manage users see these."""
    name, mail = words(item, "display_name"), words(item, "account", "email")
    status = number(item, "account", "status")
    if name is None:
        return None
    return Person(
        key=person_key(mail or name),
        name=name,
        mail=mail.lower() if mail else None,
        active=None if status is None else status == _ENABLED,
        language=words(item, "account", "language"),
    )
