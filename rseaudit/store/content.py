"""Sources, persons, spaces and documents: in and out as the dataclasses of the model."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, fields
from datetime import datetime
from operator import itemgetter
from typing import Any, TypeVar, cast

from sqlalchemy import Connection, RowMapping, Table, Text, and_, bindparam, func, literal, select, update

from rseaudit.ids import short_hash
from rseaudit.model import Document, Evidence, Person, Ref, Source, Space
from rseaudit.store import schema
from rseaudit.store.database import insert_missing, upsert
from rseaudit.store.refs import named

_T = TypeVar("_T", Person, Space, Source)
_AT = and_(schema.documents.c.source == bindparam("at_source"), schema.documents.c.id == bindparam("at_id"))
_OWN = and_(schema.aliases.c.source == bindparam("at_source"), schema.aliases.c.url == bindparam("at_url"))
# One row always: what is known of a document, if it is, and whose its address was until now, if it was.
_KNOWN = select(
    *(schema.documents.c[name] for name in ("url", "canonical", "accounts", "dates")),
    schema.aliases.c.id.label("holder"),
).select_from(select(literal(1)).subquery().outerjoin(schema.documents, _AT).outerjoin(schema.aliases, _OWN))
_LOSING = (
    update(schema.documents)
    .where(_AT, schema.documents.c.stamp.not_like("-%"))
    .values(stamp=literal("-", Text) + schema.documents.c.stamp)
)
# So many documents are asked for by name; for more, reading all addresses is faster.
_FEW = 1200
# They change with readers, or decide nothing about what a text shares.
_UNSTAMPED = {"comments", "likes", "views", "accounts", "first_seen", "gone", "extra", "stamp"}
_STAMPED = itemgetter(*(column.name for column in schema.documents.c if column.name not in _UNSTAMPED))
_written = json.JSONEncoder(ensure_ascii=False, sort_keys=True).encode


def save_sources(connection: Connection, items: Iterable[Source]) -> None:
    """Insert or update sources by name."""
    upsert(connection, schema.sources, [asdict(item) for item in items])


def save_persons(connection: Connection, items: Iterable[Person]) -> None:
    """Insert persons or fill in what is newly known of them; nothing known is forgotten."""
    known = {person.key: person for person in persons(connection)}
    merged: dict[str, Person] = {}
    for item in items:
        before = merged.get(item.key) or known.get(item.key)
        merged[item.key] = merge_persons(before, item) if before else item
    upsert(connection, schema.persons, [asdict(item) for item in merged.values()])


def merge_persons(one: Person, other: Person) -> Person:
    """Join what two places say of one person; where they differ the longer text wins, in any order."""

    def best(first: str | None, second: str | None) -> str | None:
        return max((first or "", second or ""), key=lambda text: (len(text), text)) or None

    return Person(
        key=one.key,
        name=best(one.name, other.name) or one.key,
        mail=best(one.mail, other.mail),
        active=one.active
        if other.active is None
        else other.active
        if one.active is None
        else one.active and other.active,
        department=best(one.department, other.department),
        site=best(one.site, other.site),
        language=best(one.language, other.language),
    )


def save_spaces(connection: Connection, items: Iterable[Space]) -> None:
    """Insert spaces or replace them by source and name."""
    rows = [_plain(asdict(item)) for item in items]
    for row in rows:
        del row["audience"]
    upsert(connection, schema.spaces, rows)


def save_documents(connection: Connection, items: Iterable[Document]) -> None:
    """Insert documents or replace them by (source, id); ``first_seen`` and earlier addresses stay.

    When a document is had under several addresses, its row comes from the best one (its canonical
    address, else the shortest, then the first in code-point order), whatever the order of arrival.
    """
    for item in items:
        at = {"at_source": item.source, "at_id": item.id, "at_url": item.url}
        known = connection.execute(_KNOWN, at).one()
        if item.url:
            upsert(connection, schema.aliases, [{"source": item.source, "url": item.url, "id": item.id}])
            if known.holder not in (None, item.id):  # what it loses may be the address in its stamp
                connection.execute(_LOSING, {"at_source": item.source, "at_id": known.holder})
        row = document_row(item)
        if known.dates is not None:
            accounts = sorted({*known.accounts, *item.accounts})
            if known.url and item.url and _rank(known.url, known.canonical) < _rank(item.url, item.canonical):
                key = and_(schema.documents.c.source == item.source, schema.documents.c.id == item.id)
                connection.execute(update(schema.documents).where(key).values(accounts=accounts, gone=False))
                continue
            row["accounts"] = accounts
            if seen := known.dates.get("first-seen"):
                row["dates"] = {**cast("dict[str, str]", row["dates"]), "first-seen": seen}
        row["stamp"] = _stamp(row)
        upsert(connection, schema.documents, [row], keep=("first_seen",))


def _stamp(row: Mapping[str, object]) -> str:
    """Return a digest of what a text is compared and judged by.

    It begins with "-" when the row has no address, or (``_LOSING``) one that another document has taken.
    """
    digest = short_hash(_written(_STAMPED(row)))
    # In an index it stands right behind an id, of which it must not seem a part.
    return f"={digest}" if row["url"] else f"-{digest}"


def _rank(url: str, canonical: str | None) -> tuple[bool, int, str]:
    return (url != canonical, len(url), url)


def add_alias(connection: Connection, source: str, url: str, document_id: str) -> None:
    """Record one more address of a document."""
    insert_missing(connection, schema.aliases, [{"source": source, "url": url, "id": document_id}])


def keep_accounts(connection: Connection, source: str, seers: Mapping[str, tuple[str, ...]]) -> None:
    """Record who sees each document now, by id; documents that nobody is told of keep what they have."""
    query = select(schema.documents.c.id, schema.documents.c.accounts).where(schema.documents.c.source == source)
    for row in connection.execute(query).all():
        if row.id in seers and list(seers[row.id]) != row.accounts:
            here = and_(schema.documents.c.source == source, schema.documents.c.id == row.id)
            connection.execute(update(schema.documents).where(here).values(accounts=list(seers[row.id])))


def mark_gone(connection: Connection, refs: Iterable[Ref]) -> None:
    """Mark documents whose every address has vanished."""
    for ref in refs:
        where = and_(schema.documents.c.source == ref.source, schema.documents.c.id == ref.id)
        connection.execute(update(schema.documents).where(where).values(gone=True))


def sources(connection: Connection) -> dict[str, Source]:
    """Return all sources by name."""
    found = [make(Source, row) for row in _rows(connection, schema.sources)]
    return {item.name: item for item in sorted(found, key=lambda item: item.name)}


def persons(connection: Connection) -> tuple[Person, ...]:
    """Return all persons in order of their keys."""
    found = [make(Person, row) for row in _rows(connection, schema.persons)]
    return tuple(sorted(found, key=lambda item: item.key))


def spaces(connection: Connection) -> tuple[Space, ...]:
    """Return all spaces in order of source and name."""
    found = [make(Space, row) for row in _rows(connection, schema.spaces)]
    return tuple(sorted(found, key=lambda item: (item.source, item.name)))


def documents(connection: Connection, *, gone: bool = False) -> tuple[Document, ...]:
    """Return all documents in order of source and id; vanished ones with ``gone=True`` only."""
    return tuple(sorted(each_document(connection, gone=gone), key=lambda item: item.ref))


def each_document(connection: Connection, *, gone: bool = False) -> Iterator[Document]:
    """Yield what ``documents`` returns one by one, in no order: for what need not hold them all."""
    query = select(schema.documents)
    if not gone:
        query = query.where(schema.documents.c.gone.is_(False))
    for row in connection.execute(query, execution_options={"yield_per": 500}).mappings():
        yield _document(row)


def count_documents(connection: Connection, source: str | None = None) -> int:
    """Return the number of documents that have not vanished, of one source or of all."""
    query = select(func.count()).select_from(schema.documents).where(schema.documents.c.gone.is_(False))
    return connection.execute(
        query if source is None else query.where(schema.documents.c.source == source)
    ).scalar_one()


def present(connection: Connection, refs: Iterable[Ref]) -> tuple[Ref, ...]:
    """Return those of ``refs`` that are stored and have not vanished, in order."""
    return tuple(sorted(ref for ref, item in some_documents(connection, refs).items() if not item.gone))


def some_documents(connection: Connection, refs: Iterable[Ref]) -> Mapping[Ref, Document]:
    """Return the named documents, those that exist."""
    found: dict[Ref, Document] = {}
    for where in named(schema.documents, refs):
        for row in connection.execute(select(schema.documents).where(where)).mappings().all():
            document = _document(row)
            found[document.ref] = document
    return found


def aliases(connection: Connection) -> tuple[tuple[str, str, str], ...]:
    """Return (source, url, document id) of every known address, in order."""
    return tuple(sorted((row.source, row.url, row.id) for row in connection.execute(select(schema.aliases))))


def names(connection: Connection) -> frozenset[str]:
    """Return every label of an author or owner of a document, as the sources give them."""
    columns = (schema.documents.c.author, schema.documents.c.owner)
    found = (connection.execute(select(column).distinct()).scalars() for column in columns)
    return frozenset(label for labels in found for label in labels if label)


def aliases_of(connection: Connection, refs: Iterable[Ref]) -> Mapping[Ref, tuple[str, ...]]:
    """Return the known addresses of the named documents, in order."""
    wanted = set(refs)
    query = select(schema.aliases.c.source, schema.aliases.c.id, schema.aliases.c.url)
    few = len(wanted) <= _FEW
    found: dict[Ref, list[str]] = {}
    for each in [query.where(where) for where in named(schema.aliases, wanted)] if few else [query]:
        for source, id_, url in connection.execute(each).all():
            found.setdefault(Ref(source, id_), []).append(url)
    return {ref: tuple(sorted(urls)) for ref, urls in found.items() if ref in wanted}


def document_row(item: Document) -> dict[str, object]:
    """Return the row of the documents table for a document."""
    row = {field.name: getattr(item, field.name) for field in fields(item)}
    row["dates"] = {rung: when.isoformat() for rung, when in sorted(item.dates.items())}
    row["extra"] = dict(item.extra)
    for name in ("created", "modified", "first_seen"):
        when = cast("datetime | None", row[name])
        row[name] = when.isoformat() if when else None
    return _plain(row)


def _document(row: RowMapping) -> Document:
    values = dict(row)
    del values["stamp"]
    for name in ("spaces", "tags", "accounts"):
        values[name] = tuple(values[name])
    values["dates"] = {cast("Evidence", rung): datetime.fromisoformat(when) for rung, when in row["dates"].items()}
    for name in ("created", "modified", "first_seen"):
        values[name] = datetime.fromisoformat(values[name]) if values[name] else None
    return Document(**values)


def _plain(row: dict[str, object]) -> dict[str, object]:
    return {key: list(value) if isinstance(value, tuple) else value for key, value in row.items()}


def _rows(connection: Connection, table: Table) -> Iterator[RowMapping]:
    return iter(connection.execute(select(table)).mappings())


def make(kind: type[_T], row: Mapping[Any, Any]) -> _T:
    """Build a source, person or space from its row; lists become tuples."""
    values: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in row.items()}
    return kind(**values)
