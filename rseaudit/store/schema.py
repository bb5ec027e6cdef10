"""The tables. SQLite and PostgreSQL share them; migrations lead to exactly this.

Instants that come from content are ISO 8601 text with their own offset; instants of operation
(fetching, leases) are seconds since the epoch, for they are never shown or compared with content.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
)

SCHEMA_VERSION = "0001"

metadata = MetaData(
    naming_convention={"ix": "ix_%(table_name)s_%(column_0_N_name)s", "pk": "pk_%(table_name)s"},
)

properties = Table(
    "properties",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

runs = Table(
    "runs",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("job", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("now", Text, nullable=False),
    Column("scope", JSON, nullable=False),
    Column("resumed", Integer, nullable=False, default=0),
    Column("asked", Integer, nullable=False, default=0),
    Column("done", Integer, nullable=False, default=0),
    Column("failed", Integer, nullable=False, default=0),
    Column("skipped", Integer, nullable=False, default=0),
    Column("notes", JSON, nullable=False),
)

sources = Table(
    "sources",
    metadata,
    Column("name", Text, primary_key=True),
    Column("role", Text, nullable=False),
    Column("platform", Text, nullable=False),
    Column("url", Text),
)

persons = Table(
    "persons",
    metadata,
    Column("key", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("mail", Text),
    Column("active", Boolean),
    Column("department", Text),
    Column("site", Text),
    Column("language", Text),
)

spaces = Table(
    "spaces",
    metadata,
    Column("source", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("visibility", Text, nullable=False),
    Column("owners", JSON, nullable=False),
    Column("moderators", JSON, nullable=False),
    Column("members", JSON),
    Column("url", Text),
)

documents = Table(
    "documents",
    metadata,
    Column("source", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("url", Text),
    Column("spaces", JSON, nullable=False),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("body", Text),
    Column("format", Text, nullable=False),
    Column("author", Text),
    Column("owner", Text),
    Column("last_editor", Text),
    Column("author_active", Boolean),
    Column("owner_active", Boolean),
    Column("created", Text),
    Column("modified", Text),
    Column("dates", JSON, nullable=False),
    Column("visibility", Text, nullable=False),
    Column("lang", Text),
    Column("tags", JSON, nullable=False),
    Column("comments", Integer),
    Column("likes", Integer),
    Column("views", Integer),
    Column("shared_from", Text),
    Column("translation_of", Text),
    Column("canonical", Text),
    Column("accounts", JSON, nullable=False),
    Column("first_seen", Text),
    Column("gone", Boolean, nullable=False, default=False),
    Column("extra", JSON, nullable=False),
    Column("stamp", Text, nullable=False),
    # All stamps are read from it alone, without the rows.
    Index(None, "gone", "source", "id", "stamp"),
)

aliases = Table(
    "aliases",
    metadata,
    Column("source", Text, primary_key=True),
    Column("url", Text, primary_key=True),
    Column("id", Text, nullable=False),
    Index(None, "source", "id"),
)

# The crawl frontier. States: pending, leased, then one that is final (see store.frontier).
urls = Table(
    "urls",
    metadata,
    Column("source", Text, primary_key=True),
    Column("account", Text, primary_key=True),
    Column("url", Text, primary_key=True),
    Column("state", Text, nullable=False),
    Column("depth", Integer, nullable=False),
    Column("attempts", Integer, nullable=False, default=0),
    Column("not_before", Float, nullable=False, default=0),
    Column("status", Integer),
    Column("cause", Text),
    Column("target", Text),
    Column("etag", Text),
    Column("last_modified", Text),
    Column("about", JSON),
    Index(None, "source", "account", "state", "attempts", "depth", "url"),
)

# Which worker holds which host; instants are the database's own: see store.hosts.
hosts = Table(
    "hosts",
    metadata,
    Column("host", Text, primary_key=True),
    Column("worker", Text),
    Column("expires", Float, nullable=False),
    Column("not_before", Float, nullable=False),
)

workers = Table(
    "workers",
    metadata,
    Column("name", Text, primary_key=True),
    Column("expires", Float, nullable=False),
)

# What of the open crawl has come to its end, and the problem with which it did.
passes = Table(
    "passes",
    metadata,
    Column("source", Text, primary_key=True),
    Column("account", Text, primary_key=True),
    Column("problem", Text),
)

# Which documents each address gave when it was last read; ``lost`` when it does not give them any more.
appearances = Table(
    "appearances",
    metadata,
    Column("source", Text, primary_key=True),
    Column("account", Text, primary_key=True),
    Column("url", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("lost", Boolean, nullable=False, default=False),
    Index(None, "source", "id"),
)

bodies = Table(
    "bodies",
    metadata,
    Column("source", Text, primary_key=True),
    Column("account", Text, primary_key=True),
    Column("url", Text, primary_key=True),
    Column("content_type", Text),
    Column("last_modified", Text),
    Column("fetched_at", BigInteger, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("about", JSON),
)

# What each page says of spaces and people; ``content.merge_sightings`` joins it in any order.
sightings = Table(
    "sightings",
    metadata,
    Column("source", Text, primary_key=True),
    Column("account", Text, primary_key=True),
    Column("url", Text, primary_key=True),
    Column("spaces", JSON, nullable=False),
    Column("persons", JSON, nullable=False),
)

refusals = Table(
    "refusals",
    metadata,
    Column("source", Text, primary_key=True),
    Column("url", Text, primary_key=True),
    Column("reason", Text, nullable=False),
)

# What a job found, as JSON: the truth that reports render. ``position`` is the canonical order.
results = Table(
    "results",
    metadata,
    Column("job", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("id", Text, nullable=False),
    Column("run", Text, nullable=False),
    Column("data", JSON, nullable=False),
    Index(None, "id", "job", "kind"),
)

# Since when the sentences of a document stand there; ``stamp`` says of which state of it.
histories = Table(
    "histories",
    metadata,
    Column("source", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("stamp", Text, nullable=False),
    Column("data", JSON, nullable=False),
)

# What the judging of two texts gave, by their numbers in the index of matches: see store.relations.
relations = Table(
    "relations",
    metadata,
    Column("one", Integer, primary_key=True),
    Column("two", Integer, primary_key=True),
    Column("matches", JSON, nullable=False),
    Column("owed", JSON, nullable=False),
    Index(None, "two"),
)

decisions = Table(
    "decisions",
    metadata,
    Column("finding", Text, primary_key=True),
    Column("proposal", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("at", Text, nullable=False),
)

feeds = Table(
    "feeds",
    metadata,
    Column("url", Text, primary_key=True),
    Column("data", JSON, nullable=False),
)

entries = Table(
    "entries",
    metadata,
    Column("feed", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("data", JSON, nullable=False),
)

# ``feed`` is empty for the mark of a story.
marks = Table(
    "marks",
    metadata,
    Column("feed", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("verdict", Text, nullable=False),
    Column("note", Text),
    Column("at", Text, nullable=False),
)
