"""Which documents each address gave: what no address gives any more has vanished.

A page that is a document gives one; an answer that lists documents (``listing``) gives many, and
what it gave before and does not give now is ``lost``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from sqlalchemy import ColumnElement, Connection, Select, and_, case, delete, distinct, func, select, update

from rseaudit.model import Ref
from rseaudit.store.database import upsert
from rseaudit.store.frontier import Lease
from rseaudit.store.schema import appearances, bodies, documents, sightings, urls

_GIVE_NOTHING = ("absent", "redirected")


def keep(connection: Connection, lease: Lease, ids: Iterable[str], *, listing: bool) -> None:
    """Record the documents that an address gave; a listing loses those that it gave before."""
    key = {"source": lease.source, "account": lease.account, "url": lease.url}
    if listing:
        here = and_(*(appearances.c[name] == value for name, value in key.items()))
        connection.execute(update(appearances).where(here).values(lost=True))
    upsert(connection, appearances, [{**key, "id": id_, "lost": False} for id_ in sorted(set(ids))])


def missing(connection: Connection, source: str, account: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the ids that one account must ask for by themselves: (named, lost), each in order.

    Those that were only named, and those that listings gave it before and do not give any more, unless
    they are known to be gone. To be asked when nothing is left to fetch.
    """
    given = _given(and_(appearances.c.source == source, appearances.c.account == account)).subquery()
    same = and_(documents.c.source == source, documents.c.id == given.c.id)
    joined = select(given.c.id).outerjoin_from(given, documents, same)
    named = connection.execute(joined.where(given.c.gives == 1, documents.c.id.is_(None))).scalars()
    lost = connection.execute(joined.where(given.c.gives == 0, documents.c.gone.is_(False))).scalars()
    return tuple(sorted(named)), tuple(sorted(lost))


def expect(connection: Connection, source: str, account: str, asked: Mapping[str, str]) -> None:
    """Hold documents as given (id by address) by addresses that are still to be asked for.

    An address that is refused or fails goes on giving them: only an answer without them takes them away.
    """
    rows = [{"source": source, "account": account, "url": url, "id": id_, "lost": False} for url, id_ in asked.items()]
    upsert(connection, appearances, rows)


def seers(connection: Connection, source: str) -> dict[str, tuple[str, ...]]:
    """Return by id the accounts that see each document of a source now, in order; nameless guests are left out.

    An account that was denied it, or is not given it any more, does not see it; one whose address
    could not be read is believed to see what it saw.
    """
    same = (urls.c[name] == appearances.c[name] for name in ("source", "account", "url"))
    shown = and_(appearances.c.lost.is_(False), urls.c.state.not_in((*_GIVE_NOTHING, "denied")))
    query = select(appearances.c.id, appearances.c.account).distinct().join(urls, and_(*same))
    found: dict[str, list[str]] = {}
    for row in connection.execute(query.where(appearances.c.source == source, appearances.c.account != "", shown)):
        found.setdefault(row.id, []).append(row.account)
    return {id_: tuple(sorted(accounts)) for id_, accounts in found.items()}


def vanished(connection: Connection, source: str) -> tuple[Ref, ...]:
    """Return the documents of a source that no address gives any more, in order."""
    given = _given(appearances.c.source == source).subquery()
    query = select(given.c.id).where(given.c.gives == 0)
    return tuple(sorted(Ref(source, id_) for id_ in connection.execute(query).scalars()))


def _given(where: ColumnElement[bool]) -> Select[tuple[str, int]]:
    """Ask of each id that ever appeared whether an address gives it still (1) or not (0)."""
    same = (urls.c[name] == appearances.c[name] for name in ("source", "account", "url"))
    gives = and_(appearances.c.lost.is_(False), urls.c.state.not_in(_GIVE_NOTHING))  # no row, no state, no gift
    query = select(appearances.c.id, func.max(case((gives, 1), else_=0)).label("gives"))
    return query.outerjoin(urls, and_(*same)).where(where).group_by(appearances.c.id)


def count(connection: Connection, source: str) -> int:
    """Return how many documents of a source were ever given and are not known to be gone."""
    same = and_(documents.c.source == appearances.c.source, documents.c.id == appearances.c.id)
    query = select(func.count(distinct(appearances.c.id))).join(documents, same)
    return connection.execute(query.where(appearances.c.source == source, documents.c.gone.is_(False))).scalar_one()


def close_listing(connection: Connection, source: str, account: str) -> None:
    """Drop what was kept of the answers that a source of listings did not lead to this time."""
    reached = select(urls.c.url).where(urls.c.source == source, urls.c.account == account)
    for table in (sightings, bodies):
        stale = and_(table.c.source == source, table.c.account == account, table.c.url.not_in(reached))
        connection.execute(delete(table).where(stale))


def pages_of(connection: Connection, ref: Ref) -> Iterator[str]:
    """Yield the addresses of every answer that gave a document."""
    query = select(appearances.c.url).where(appearances.c.source == ref.source, appearances.c.id == ref.id)
    yield from connection.execute(query.distinct().order_by(appearances.c.url)).scalars()


def remove(connection: Connection, ref: Ref) -> None:
    """Forget that a document was ever given."""
    connection.execute(delete(appearances).where(appearances.c.source == ref.source, appearances.c.id == ref.id))
