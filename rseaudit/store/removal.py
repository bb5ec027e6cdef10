"""Really delete what may no longer be kept. SQLite overwrites what it deletes (``secure_delete``)."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, and_, delete, select, update

from rseaudit.model import Ref
from rseaudit.store import appearances, histories, relations
from rseaudit.store.database import set_property
from rseaudit.store.schema import aliases, bodies, documents, sightings, urls

# Names the state of the store that the index of matches was made of (``rseaudit.matching``).
INDEX_GENERATION = "index-generation"


def document_spaces(connection: Connection, source: str) -> tuple[tuple[Ref, tuple[str, ...]], ...]:
    """Return every document of a source, vanished ones too, with its spaces, in order."""
    query = select(documents.c.id, documents.c.spaces).where(documents.c.source == source)
    return tuple(sorted((Ref(source, row.id), tuple(row.spaces)) for row in connection.execute(query)))


def remove_documents(connection: Connection, refs: Iterable[Ref]) -> None:
    """Delete documents with their kept pages and what those said of people; their addresses stay known.

    The validators go as well: an answer of "not modified" would refer to a page that is no longer here.
    The index of matches, which knows of them by hashed words, belongs to the store no longer: it is made again, and
    with it what was kept by its numbers. What jobs found stays until they run again: results are theirs to replace.
    """
    removed = tuple(refs)
    if removed:
        set_property(connection, INDEX_GENERATION, "")
        relations.clear(connection)
    for ref in removed:
        histories.remove(connection, (ref,))
        known = and_(aliases.c.source == ref.source, aliases.c.id == ref.id)
        pages = {
            *connection.execute(select(aliases.c.url).where(known)).scalars(),
            *appearances.pages_of(connection, ref),
        }
        for url in sorted(pages):
            for table in (bodies, sightings):
                connection.execute(delete(table).where(table.c.source == ref.source, table.c.url == url))
            page = and_(urls.c.source == ref.source, urls.c.url == url)
            connection.execute(update(urls).where(page).values(etag=None, last_modified=None))
        connection.execute(delete(aliases).where(known))
        appearances.remove(connection, ref)
        connection.execute(delete(documents).where(documents.c.source == ref.source, documents.c.id == ref.id))
