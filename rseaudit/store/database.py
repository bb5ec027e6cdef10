"""Open a store: the file or server, its schema version, its transactions and its locks."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, cast

from sqlalchemy import Connection, Engine, Insert, Table, create_engine, event, inspect, select
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, OperationalError

from rseaudit.errors import NoStoreError, StoreError
from rseaudit.store import schema

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql

_WRITING = "rseaudit_writing"
_DURABLE = "rseaudit_durable"


class Store:
    """One database. Reads see a snapshot; writes are short, immediate and atomic."""

    def __init__(self, url: URL, engine: Engine) -> None:
        self.url = url
        self._engine = engine
        self._writing = engine.execution_options(**{_WRITING: True})
        # A transaction of SQLite sees one state as it is; the server's would see a new one with each statement.
        self._reading = engine if self.path else engine.execution_options(isolation_level="REPEATABLE READ")

    @property
    def path(self) -> Path | None:
        """The SQLite file, ``None`` on a server."""
        return Path(self.url.database or "") if self.url.get_backend_name() == "sqlite" else None

    @property
    def shown(self) -> str:
        """The address without its password, for messages."""
        return self.url.render_as_string(hide_password=True)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Give a connection that sees one consistent state: that of its first statement, until it is closed."""
        with self._reading.connect() as connection:
            yield connection

    @contextmanager
    def write(self, *, durable: bool = False) -> Iterator[Connection]:
        """Give a connection whose work is committed at the end, or not at all on an error.

        ``durable`` work also survives a power cut right after: for what people typed, not for what a
        crawl reads again.
        """
        with self._writing.execution_options(**{_DURABLE: durable}).begin() as connection:
            yield connection

    def connect(self) -> Connection:
        """Open a writing connection that the caller commits and closes (the frontier's writer)."""
        return self._writing.connect()

    def close(self) -> None:
        self._engine.dispose()


def open_store(address: str, *, create: bool = True) -> Store:
    """Open ``sqlite:///…`` or ``postgresql://…``, bring an older schema up to date.

    Raises ``StoreError`` when the store is newer than this program, damaged, read-only, missing
    (with ``create=False``) or out of reach; nothing is changed then.
    """
    url = _parse(address)
    store = Store(url, _engine(url))
    try:
        _prepare(store, create=create)
    except StoreError:
        store.close()
        raise
    except (DatabaseError, OSError) as error:
        store.close()
        raise _explained(store, error) from None
    return store


def _parse(address: str) -> URL:
    try:
        url = make_url(address)
    except ArgumentError:
        url = None
    if url is None or url.get_backend_name() not in ("sqlite", "postgresql"):
        raise StoreError(
            "this is not the address of a store",
            where="--store",
            expected="sqlite:///rseaudit.db or postgresql://user@host/database",
        )
    if url.get_backend_name() == "postgresql":
        return url.set(drivername="postgresql+psycopg")
    if not url.database or url.database == ":memory:":
        raise StoreError("a store in memory cannot be shared between commands", expected="sqlite:///rseaudit.db")
    return url


class Written(str):
    """JSON that is written already: it is stored as it is."""


def _engine(url: URL) -> Engine:
    def dump(value: object) -> str:
        if isinstance(value, Written):
            return value
        return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    if url.get_backend_name() == "sqlite":
        engine = create_engine(url, json_serializer=dump, connect_args={"timeout": 60})
        event.listen(engine, "connect", _configure_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    try:
        return create_engine(url, json_serializer=dump, pool_pre_ping=True)
    except ModuleNotFoundError:
        raise StoreError("PostgreSQL needs its driver", remedy='python -m pip install "rseaudit[postgres]"') from None


def _configure_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # transactions are ours: see _begin_sqlite
    for pragma in ("foreign_keys=ON", "synchronous=NORMAL", "busy_timeout=60000", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    if connection.get_execution_options().get(_DURABLE):
        connection.exec_driver_sql("PRAGMA synchronous=FULL")  # it stays so for this connection
    # A read that turns into a write would fail at once when another job has written meanwhile.
    writing = connection.get_execution_options().get(_WRITING)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def _prepare(store: Store, *, create: bool) -> None:
    path = store.path
    if path is not None:
        if not create and not path.exists():
            raise NoStoreError(
                "there is no store here yet", where=str(path), remedy="run `rseaudit crawl` or `rseaudit import` first"
            )
        if not path.parent.is_dir():
            raise StoreError("the folder of the store does not exist", where=str(path.parent), remedy="create it")
        _check_sqlite(store, path)
    version = _version(store)
    if version == schema.SCHEMA_VERSION:
        return
    if version is not None and version > schema.SCHEMA_VERSION:
        raise StoreError(
            f"the store has schema {version}, this program knows {schema.SCHEMA_VERSION}",
            where=store.shown,
            remedy="update rseaudit, or open the store with the version that made it",
        )
    from rseaudit.store.migrations import upgrade

    with store.write() as connection:
        upgrade(connection)


def _check_sqlite(store: Store, path: Path) -> None:
    with store._engine.connect() as connection:
        answer = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar()
        if answer != "ok":
            raise StoreError(
                f"the store is damaged: {answer}", where=str(path), remedy="restore a backup; nothing was changed"
            )
        connection.rollback()
        raw = cast("sqlite3.Connection", connection.connection.dbapi_connection)
        raw.execute("PRAGMA journal_mode=WAL")


def _version(store: Store) -> str | None:
    with store.read() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return cast("str | None", connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar())


def _explained(store: Store, error: Exception) -> StoreError:
    cause = str(getattr(error, "orig", error)).strip().splitlines()[0]
    remedy = "check the address and that the server runs"
    if store.path is not None:
        if "readonly" in cause or "unable to open" in cause or isinstance(error, PermissionError):
            remedy = "give this user the right to write there, or name another place with --store"
        elif "not a database" in cause or "malformed" in cause:
            remedy = "name the right file, or restore a backup; nothing was changed"
        elif "full" in cause or "I/O" in cause:
            remedy = "make room on the disk, then run the same command again: what was written before is kept"
        elif "locked" in cause:
            remedy = "another program holds the file; try again when it has finished"
    return StoreError(f"the store cannot be used: {cause}", where=store.shown, remedy=remedy)


@contextmanager
def telling_failures(store: Store) -> Iterator[None]:
    """Turn a failed read or write (disk full, read-only, locked) into an error with its remedy."""
    try:
        yield
    except OperationalError as error:
        raise _explained(store, error) from error


def upsert(
    connection: Connection,
    table: Table,
    rows: Sequence[Mapping[str, object]],
    *,
    keep: Sequence[str] = (),
) -> None:
    """Insert rows or update those whose primary key exists, except the columns in ``keep``."""
    if rows:
        statement = _upserting(connection.dialect.name, table, tuple(rows[0]), tuple(keep))
        connection.execute(statement, list(rows))


def insert_missing(connection: Connection, table: Table, rows: Sequence[Mapping[str, object]]) -> None:
    """Insert the rows whose primary key is new and leave the others as they are."""
    if rows:
        connection.execute(_inserting(connection.dialect.name, table), list(rows))


# Making a statement costs more than running it.
@cache
def _upserting(dialect: str, table: Table, names: tuple[str, ...], keep: tuple[str, ...]) -> Insert:
    statement = _insert(dialect, table)
    keys = [column.name for column in table.primary_key]
    changed = {name: statement.excluded[name] for name in names if name not in keys and name not in keep}
    return statement.on_conflict_do_update(index_elements=keys, set_=changed)


@cache
def _inserting(dialect: str, table: Table) -> Insert:
    keys = [column.name for column in table.primary_key]
    return _insert(dialect, table).on_conflict_do_nothing(index_elements=keys)


def _insert(dialect: str, table: Table) -> sqlite.Insert | postgresql.Insert:
    if dialect == "sqlite":
        return sqlite.insert(table)
    from sqlalchemy.dialects import postgresql  # loads three drivers' dialects

    return postgresql.insert(table)


def get_property(connection: Connection, name: str) -> str | None:
    """Return a property of the store itself."""
    where = schema.properties.c.name == name
    return connection.execute(select(schema.properties.c.value).where(where)).scalar()


def set_property(connection: Connection, name: str, value: str) -> None:
    """Set a property of the store itself."""
    upsert(connection, schema.properties, [{"name": name, "value": value}])
