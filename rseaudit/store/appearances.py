"""Which documents each address gave: what no address gives any more has vanished.

A page that is a document gives one; an answer that lists documents (``listing``) gives many, and
what it gave before and does not give now is ``lost``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sqlalchemy import ColumnElement, Connection, and_, delete, distinct, func, select, update

from rseaudit.model import Ref
from rseaudit.store.database import upsert
from rseaudit.store.frontier import Lease
from rseaudit.store.schema import appearances, bodies, documents, sightings, urls

_GIVE_NOTHING = ("absent", "redirected", None)


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
    given = _given(connection, and_(appearances.c.source == source, appearances.c.account == account))
    query = select(documents.c.id, documents.c.gone).where(documents.c.source == source)
    gone = {row.id: row.gone for row in connection.execute(query)}
    named = sorted(id_ for id_, gives in given.items() if gives and id_ not in gone)
    lost = sorted(id_ for id_, gives in given.items() if not gives and gone.get(id_) is False)
    return tuple(named), tuple(lost)


def vanished(connection: Connection, source: str) -> tuple[Ref, ...]:
    """Return the documents of a source that no address gives any more, in order."""
    given = _given(connection, appearances.c.source == source)
    return tuple(sorted(Ref(source, id_) for id_, gives in given.items() if not gives))


def _given(connection: Connection, where: ColumnElement[bool]) -> dict[str, bool]:
    """Tell of each id that ever appeared whether an address gives it still."""
    same = (urls.c[name] == appearances.c[name] for name in ("source", "account", "url"))
    query = select(appearances.c.id, appearances.c.lost, urls.c.state).outerjoin(urls, and_(*same)).where(where)
    given: dict[str, bool] = {}
    for row in connection.execute(query):
        given[row.id] = given.get(row.id, False) or not (row.lost or row.state in _GIVE_NOTHING)
    return given


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
