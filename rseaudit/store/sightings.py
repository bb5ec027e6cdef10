"""What pages say of spaces and people, joined into the same result whatever the order of reading."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict

from sqlalchemy import Connection, bindparam, delete, select

from rseaudit.access import OPENNESS
from rseaudit.model import Person, Space
from rseaudit.store.content import make, save_persons, save_spaces
from rseaudit.store.database import upsert
from rseaudit.store.schema import sightings

_NOTHING = delete(sightings).where(
    *(sightings.c[name] == bindparam(f"at_{name}") for name in ("source", "account", "url"))
)


def merge_spaces(items: Iterable[Space]) -> tuple[Space, ...]:
    """Join what several pages say of each space, in any order: people add up, the closest visibility wins."""
    merged: dict[tuple[str, str], Space] = {}
    for item in sorted(items, key=lambda space: (space.source, space.name, space.url or "")):
        known = merged.get((item.source, item.name))
        merged[item.source, item.name] = _joined(known, item) if known else item
    return tuple(merged.values())


def _joined(one: Space, other: Space) -> Space:
    def union(first: tuple[str, ...] | None, second: tuple[str, ...] | None) -> tuple[str, ...]:
        return tuple(sorted({*(first or ()), *(second or ())}))

    known = [space.visibility for space in (one, other) if space.visibility != "unknown"]
    return Space(
        source=one.source,
        name=one.name,
        visibility=max(known, key=OPENNESS.index) if known else "unknown",
        owners=union(one.owners, other.owners),
        moderators=union(one.moderators, other.moderators),
        members=None if one.members is None and other.members is None else union(one.members, other.members),
        url=min((url for url in (one.url, other.url) if url), key=lambda url: (len(url), url), default=None),
    )


def keep_sighting(
    connection: Connection, source: str, account: str, url: str, found: tuple[Iterable[Space], Iterable[Person]]
) -> None:
    """Keep what one page says of spaces and people; a page read again replaces what it said before."""
    spaces_, persons_ = ([asdict(item) for item in items] for items in found)
    if not spaces_ and not persons_:
        connection.execute(_NOTHING, {"at_source": source, "at_account": account, "at_url": url})
        return
    row = {"source": source, "account": account, "url": url, "spaces": spaces_, "persons": persons_}
    upsert(connection, sightings, [row])


def merge_sightings(connection: Connection, source: str) -> None:
    """Make the spaces and persons of a source from all that its pages say, whatever their order."""
    rows = connection.execute(select(sightings).where(sightings.c.source == source)).mappings().all()
    save_spaces(connection, merge_spaces(make(Space, item) for row in rows for item in row["spaces"]))
    found = (make(Person, item) for row in rows for item in row["persons"])
    save_persons(connection, sorted(found, key=lambda person: person.key))
