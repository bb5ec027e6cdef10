"""The crawl frontier: which addresses are to be fetched, are being fetched, and how they ended.

``pending`` → ``leased`` → one of the final states. All functions work inside the caller's
transaction, so that a page, its links and its state are committed together.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Literal, get_args

from sqlalchemy import ColumnElement, Connection, Update, and_, bindparam, delete, func, select, update

from rseaudit.store import schema
from rseaudit.store.database import insert_missing, upsert
from rseaudit.store.schema import urls

# done: read · redirected: leads elsewhere · absent: 404 or 410 · denied: 401, 403 or robots ·
# skipped: over a limit of depth or number · failed: could not be read, with its cause.
Final = Literal["done", "redirected", "absent", "denied", "skipped", "failed"]
FINAL: tuple[Final, ...] = get_args(Final)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """An address to fetch now, with the validators of its last answer.

    ``about`` is what the answer that led here knew of it.
    """

    source: str
    account: str
    url: str
    depth: int
    attempts: int
    etag: str | None = None
    last_modified: str | None = None
    about: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How the fetch of a leased address ended; ``state`` ``None`` means: try again after ``delay_s``."""

    lease: Lease
    state: Final | None
    status: int | None = None
    cause: str | None = None
    target: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    delay_s: float = 0.0


class LeaseLost(Exception):
    """An address was taken back and is somebody else's by now: what it brought must not be kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """A raw answer, kept so that documents can be extracted again without a crawl."""

    source: str
    account: str
    url: str
    content_type: str | None
    last_modified: str | None
    fetched_at: int
    body: bytes
    about: Mapping[str, str] = field(default_factory=dict)


def renew(connection: Connection, source: str, account: str, *, listings: bool = False) -> None:
    """Begin a new crawl of a source: every known address is pending again, validators and remarks are kept.

    A source of ``listings`` begins without any address: where they end changes with every document.
    """
    mine = _key(source, account)
    if listings:
        connection.execute(delete(urls).where(mine))
    connection.execute(update(urls).where(mine, urls.c.state != "done").values(cause=None))
    connection.execute(update(urls).where(mine).values(state="pending", attempts=0, not_before=0, target=None))
    connection.execute(delete(schema.refusals).where(schema.refusals.c.source == source))


def release(connection: Connection, source: str, account: str, *, cap: int) -> None:
    """Take back all that is leased of a source; what was tried ``cap`` times has failed.

    For who holds the hosts of a source alone: what whoever held them before had leased is nobody's now.
    """
    mine = and_(urls.c.source == source, urls.c.account == account, urls.c.state == "leased")
    connection.execute(
        update(urls).where(mine, urls.c.attempts >= cap).values(state="failed", cause="interrupted at each attempt")
    )
    connection.execute(update(urls).where(mine).values(state="pending"))


def add(
    connection: Connection,
    source: str,
    account: str,
    found: Iterable[str],
    depth: int,
    about: Mapping[str, Mapping[str, str]] | None = None,
) -> None:
    """Add addresses that are not known yet, each with what is known about it."""
    about = about or {}
    rows = [
        {
            "source": source,
            "account": account,
            "url": url,
            "state": "pending",
            "depth": depth,
            "attempts": 0,
            "not_before": 0,
            "about": dict(about[url]) if url in about else None,
        }
        for url in sorted(set(found))
    ]
    insert_missing(connection, urls, rows)


def lease(connection: Connection, source: str, account: str, count: int, *, now: float) -> tuple[Lease, ...]:
    """Lease addresses, those tried before last, shallow ones first; ``send`` and ``settle`` count the attempt."""
    query = (
        select(urls)
        .where(urls.c.source == source, urls.c.account == account, urls.c.state == "pending", urls.c.not_before <= now)
        .order_by(urls.c.attempts, urls.c.depth, urls.c.url)
        .limit(count)
        .with_for_update(skip_locked=True)
    )
    leases = tuple(
        Lease(
            source=row.source,
            account=row.account,
            url=row.url,
            depth=row.depth,
            attempts=row.attempts + 1,
            etag=row.etag,
            last_modified=row.last_modified,
            about=row.about or {},
        )
        for row in connection.execute(query)
    )
    if leases:
        connection.execute(
            update(urls)
            .where(_key(source, account), urls.c.url.in_([item.url for item in leases]))
            .values(state="leased")
        )
    return leases


def send(connection: Connection, item: Lease) -> None:
    """Count the attempt, before the request is sent: nothing that ends the process can hide it.

    Raises ``LeaseLost`` when the address has been taken back, or is asked for elsewhere.
    """
    before = {**_at(item), "at_least": item.attempts - 1, "at_most": item.attempts - 1}
    if connection.execute(_settling(("attempts",)), {**before, "new_attempts": item.attempts}).rowcount != 1:
        raise LeaseLost(item.url)


def give_back(connection: Connection, leases: Iterable[Lease], *, not_before: float = 0.0) -> None:
    """Make leased addresses pending again as if they had not been tried.

    Their answers were not for the account, or they were not asked for at all; those of them that were
    taken back meanwhile are left alone.
    """
    for item in leases:
        new = {"new_state": "pending", "new_attempts": item.attempts - 1, "new_not_before": not_before}
        connection.execute(_settling(("attempts", "not_before", "state")), {**_held(item), **new})


def settle(connection: Connection, outcome: Outcome, *, now: float) -> None:
    """Record how a leased address ended.

    Raises ``LeaseLost`` when it is not leased any more, or leased anew.
    """
    item = outcome.lease
    values: dict[str, object] = {"status": outcome.status, "cause": outcome.cause, "target": outcome.target}
    values["attempts"] = item.attempts  # where robots.txt cannot be had, nothing was sent: it must end all the same
    if outcome.status == 304:
        del values["cause"]  # what was remarked on the page when it was read still holds
    if outcome.state is None:
        values |= {"state": "pending", "not_before": now + outcome.delay_s}
    else:
        values |= {"state": outcome.state}
    if outcome.state == "done":
        values |= {"etag": outcome.etag or item.etag, "last_modified": outcome.last_modified or item.last_modified}
    elif outcome.state == "absent":
        # Should it come back as it was, "not modified" would leave its documents marked as gone.
        values |= {"etag": None, "last_modified": None}
    changed = {f"new_{name}": value for name, value in values.items()}
    if connection.execute(_settling(tuple(sorted(values))), {**_held(item), **changed}).rowcount != 1:
        raise LeaseLost(item.url)


def _at(item: Lease) -> dict[str, object]:
    return {"at_source": item.source, "at_account": item.account, "at_url": item.url}


def _held(item: Lease) -> dict[str, object]:
    """Name the address of a lease while it holds: whoever asks for it after that counts one attempt more."""
    return {**_at(item), "at_least": item.attempts - 1, "at_most": item.attempts}


@cache  # making the statement costs more than running it
def _settling(names: tuple[str, ...]) -> Update:
    here = (urls.c[name] == bindparam(f"at_{name}") for name in ("source", "account", "url"))
    held = and_(urls.c.state == "leased", urls.c.attempts.between(bindparam("at_least"), bindparam("at_most")))
    return update(urls).where(*here, held).values({name: bindparam(f"new_{name}") for name in names})


def waiting(connection: Connection, source: str, account: str) -> tuple[int, float | None]:
    """Return how many addresses are pending and when the next one may be tried."""
    row = connection.execute(
        select(func.count(), func.min(urls.c.not_before)).where(_key(source, account), urls.c.state == "pending")
    ).one()
    return row[0], row[1]


def counts(connection: Connection, source: str, account: str) -> dict[str, int]:
    """Return the number of addresses by state."""
    query = select(urls.c.state, func.count()).where(_key(source, account)).group_by(urls.c.state)
    return {row[0]: row[1] for row in sorted(connection.execute(query).all())}


def known(connection: Connection, source: str, account: str) -> frozenset[str]:
    """Return the addresses of a source that are known."""
    return frozenset(connection.execute(select(urls.c.url).where(_key(source, account))).scalars())


def break_loops(connection: Connection, source: str, account: str) -> None:
    """Let the addresses fail whose redirects lead round and round: behind them nothing was read."""
    query = select(urls.c.url, urls.c.target).where(_key(source, account), urls.c.state == "redirected")
    targets: dict[str, str] = {row.url: row.target for row in connection.execute(query)}
    for url in sorted(targets):
        seen, at = {url}, targets[url]
        while at in targets and at not in seen:
            seen.add(at)
            at = targets[at]
        if at in targets:
            values = {"state": "failed", "cause": "its redirects lead in a circle"}
            connection.execute(update(urls).where(_key(source, account), urls.c.url == url).values(values))


def examples(connection: Connection, source: str, states: Sequence[str], limit: int) -> tuple[tuple[str, str], ...]:
    """Return (url, cause) of addresses that ended in one of ``states``, in order."""
    query = (
        select(urls.c.url, urls.c.cause, urls.c.status)
        .where(urls.c.source == source, urls.c.state.in_(states))
        .order_by(urls.c.url)
        .limit(limit)
    )
    return tuple((row.url, row.cause or f"status {row.status}") for row in connection.execute(query))


def remarks(connection: Connection, source: str, account: str) -> tuple[tuple[str, str], ...]:
    """Return (url, remarks) of the pages that were read with some, in order."""
    query = select(urls.c.url, urls.c.cause).where(
        _key(source, account), urls.c.state == "done", urls.c.cause.is_not(None)
    )
    return tuple(sorted((row.url, row.cause) for row in connection.execute(query)))


def final_states(connection: Connection) -> tuple[tuple[str, str, str, str, int | None, str | None], ...]:
    """Return (source, account, url, state, status, target) of every address, in order."""
    rows = connection.execute(select(urls)).all()
    found = ((r.source, r.account, r.url, r.state, r.status, r.target) for r in rows)
    return tuple(sorted(found, key=lambda row: row[:3]))


def keep_body(connection: Connection, body: Body) -> None:
    """Keep a raw answer, compressed."""
    row = {
        "source": body.source,
        "account": body.account,
        "url": body.url,
        "content_type": body.content_type,
        "last_modified": body.last_modified,
        "fetched_at": body.fetched_at,
        "body": zlib.compress(body.body, 3),
        "about": dict(body.about) or None,
    }
    upsert(connection, schema.bodies, [row])


def body_urls(connection: Connection, source: str) -> tuple[tuple[str, str], ...]:
    """Return (account, url) of every kept answer of a source, in order."""
    query = select(schema.bodies.c.account, schema.bodies.c.url).where(schema.bodies.c.source == source)
    return tuple(sorted((row.account, row.url) for row in connection.execute(query)))


def body(connection: Connection, source: str, account: str, url: str) -> Body | None:
    """Return one kept answer, decompressed."""
    where = and_(schema.bodies.c.source == source, schema.bodies.c.account == account, schema.bodies.c.url == url)
    row = connection.execute(select(schema.bodies).where(where)).mappings().first()
    if row is None:
        return None
    return Body(**{**row, "body": zlib.decompress(row["body"]), "about": row["about"] or {}})


def _key(source: str, account: str) -> ColumnElement[bool]:
    return and_(urls.c.source == source, urls.c.account == account)
