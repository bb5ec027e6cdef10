"""What a run of matching asks first: in which state each document is."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, bindparam, func, select

from rseaudit.ids import short_hash
from rseaudit.model import Ref
from rseaudit.store import schema
from rseaudit.store.content import aliases_of

_STAMPS = (
    select(schema.documents.c.source, schema.documents.c.id, schema.documents.c.stamp)
    .where(schema.documents.c.gone.is_(False))
    .order_by(schema.documents.c.source, schema.documents.c.id)
)
_COUNTED = (
    select(schema.aliases.c.source, schema.aliases.c.id, func.count())
    .group_by(schema.aliases.c.source, schema.aliases.c.id)
    .having(func.count() >= bindparam("least"))
)


def states(connection: Connection) -> dict[tuple[str, str], str]:
    """Return by source and id, and in their order, for each document that has not vanished, a word for its state.

    That is all that it is judged by: the word stays when it is saved again with other likes, comments or readers.
    """
    with connection.execute(_STAMPS) as result:
        # As the driver gives them: as rows of SQLAlchemy they take twice as long, and these are all there are.
        rows = result.cursor.fetchall() if result.cursor is not None else ()
    found = {(source, id_): stamp for source, id_, stamp in rows}
    bare = {name for name, stamp in found.items() if stamp[0] == "-"}
    counted = connection.execute(_COUNTED, {"least": 1 if bare else 2}).all()
    several = [Ref(*name) for *name, count in counted if (own := tuple(name)) in found and (count > 1 or own in bare)]
    for ref, urls in aliases_of(connection, several).items():
        found[ref.source, ref.id] += f"+{short_hash(*urls)}"
    return found


def by_authors(connection: Connection, labels: Iterable[str]) -> tuple[Ref, ...]:
    """Return the documents that have not vanished and name one of these as their author, in order."""
    wanted = sorted(set(labels))
    found: list[Ref] = []
    for start in range(0, len(wanted), 400):
        query = select(schema.documents.c.source, schema.documents.c.id).where(
            schema.documents.c.author.in_(wanted[start : start + 400]), schema.documents.c.gone.is_(False)
        )
        found += [Ref(source, id_) for source, id_ in connection.execute(query)]
    return tuple(sorted(found))
