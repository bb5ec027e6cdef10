"""Which worker holds which host, until when, and how long a host has asked to be left alone.

A host is held by one worker at a time. The row is the lock: whoever changes it first wins, and a
worker that did not renew its hold in time has lost it, whatever it believes. All instants are those
of the database's clock, so that machines need not agree on the time.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, and_, delete, func, or_, select, update

from rseaudit.store.database import insert_missing, upsert
from rseaudit.store.schema import hosts, workers


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Who is there: the living workers, and the living worker that holds each host, if one does."""

    workers: frozenset[str]
    holders: Mapping[str, str]


def clock(connection: Connection) -> float:
    """Return the database's time in seconds since the epoch; an SQLite file shares that of its machine."""
    if connection.dialect.name == "sqlite":
        return time.time()
    return float(connection.execute(select(func.extract("epoch", func.clock_timestamp()))).scalar_one())


def add(connection: Connection, names: Iterable[str]) -> None:
    """Make hosts known; what is known of them stays."""
    rows = [{"host": name, "worker": None, "expires": 0.0, "not_before": 0.0} for name in sorted(set(names))]
    insert_missing(connection, hosts, rows)


def renew(connection: Connection, worker: str, *, lease_s: float) -> frozenset[str]:
    """Show that a worker is alive and prolong what it holds; return the hosts that it still holds."""
    now = clock(connection)
    upsert(connection, workers, [{"name": worker, "expires": now + lease_s}])
    mine = and_(hosts.c.worker == worker, hosts.c.expires >= now)
    renewed = update(hosts).where(mine).values(expires=now + lease_s).returning(hosts.c.host)
    return frozenset(connection.execute(renewed).scalars())


def claim(connection: Connection, worker: str, names: Iterable[str], *, lease_s: float) -> bool:
    """Take hosts that are free or whose holder is dead: all of them, or none when one cannot be had."""
    wanted = sorted(set(names))
    now = clock(connection)
    free = or_(hosts.c.worker.is_(None), hosts.c.worker == worker, hosts.c.expires < now)
    query = select(hosts.c.host).where(hosts.c.host.in_(wanted), free).order_by(hosts.c.host)
    found = connection.execute(query.with_for_update(skip_locked=True)).scalars().all()
    if len(found) < len(wanted):
        return False
    taken = update(hosts).where(hosts.c.host.in_(wanted)).values(worker=worker, expires=now + lease_s)
    connection.execute(taken)
    return True


def give_back(connection: Connection, worker: str, names: Iterable[str]) -> None:
    """Let others take hosts that this worker holds."""
    mine = and_(hosts.c.worker == worker, hosts.c.host.in_(sorted(set(names))))
    connection.execute(update(hosts).where(mine).values(worker=None, expires=0.0))


def leave(connection: Connection, worker: str) -> None:
    """Give back whatever a worker holds, and forget it."""
    connection.execute(update(hosts).where(hosts.c.worker == worker).values(worker=None, expires=0.0))
    connection.execute(delete(workers).where(or_(workers.c.name == worker, workers.c.expires < clock(connection))))


def standing(connection: Connection) -> Standing:
    """Return who is there; holds and workers that have expired are left out."""
    now = clock(connection)
    alive = connection.execute(select(workers.c.name).where(workers.c.expires >= now)).scalars()
    held = select(hosts.c.host, hosts.c.worker).where(hosts.c.worker.is_not(None), hosts.c.expires >= now)
    return Standing(
        workers=frozenset(alive),
        holders={row.host: row.worker for row in connection.execute(held.order_by(hosts.c.host))},
    )


def hold(connection: Connection, name: str, seconds: float) -> None:
    """Leave a host alone for a while, as it has asked; a longer wait that it asked for before stands."""
    add(connection, [name])
    until = clock(connection) + seconds
    connection.execute(update(hosts).where(hosts.c.host == name, hosts.c.not_before < until).values(not_before=until))


def waits(connection: Connection, names: Iterable[str]) -> dict[str, float]:
    """Return the seconds that hosts still want to be left alone, of those that do."""
    now = clock(connection)
    query = select(hosts.c.host, hosts.c.not_before).where(hosts.c.host.in_(sorted(set(names))))
    return {row.host: row.not_before - now for row in connection.execute(query) if row.not_before > now}
