"""Write all that one answer brings in one transaction: its state, links, body and documents."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from email.utils import parsedate_to_datetime

from sqlalchemy import Connection

from rseaudit.crawl.page_content import PageContent
from rseaudit.crawl.sieve import Sifted
from rseaudit.model import Document
from rseaudit.store import appearances, content, frontier, hosts, refusals, sightings
from rseaudit.store.frontier import Body, Lease, Outcome


@dataclass(frozen=True, slots=True)
class Kept:
    """All that one answer brings: its state, its links, its body and what was read in it."""

    outcome: Outcome
    links: Sifted
    body: Body | None
    found: PageContent | None
    now: datetime
    listing: bool = False

    def commit(self, connection: Connection) -> None:
        """Write everything in the caller's transaction."""
        lease = self.outcome.lease
        frontier.settle(connection, self.outcome, now=hosts.clock(connection) if self.outcome.delay_s else 0.0)
        about = self.found.about if self.found is not None else None
        frontier.add(connection, lease.source, lease.account, self.links.followed, lease.depth + 1, about)
        refusals.keep(connection, lease.source, self.links.refused)
        refusals.take_up(connection, lease.source, self.links.released)
        if self.body is not None:
            frontier.keep_body(connection, self.body)
        if self.found is not None:
            save_found(connection, lease, self.found, self.outcome.last_modified, self.now, listing=self.listing)


def save_found(
    connection: Connection,
    lease: Lease,
    found: PageContent,
    last_modified: str | None,
    now: datetime,
    *,
    listing: bool = False,
) -> None:
    """Save what a page holds: its documents with their addresses, spaces and people.

    The address of a ``listing`` is not that of its documents.
    """
    documents = [_completed(item, lease, last_modified, now) for item in found.documents]
    content.save_documents(connection, documents)
    ids = (*(document.id for document in documents), *found.present)
    appearances.keep(connection, lease, ids, listing=listing)
    for document in documents if not listing else ():
        # Not the canonical address: it may be that of another document, which this one repeats.
        if lease.url != document.url:
            content.add_alias(connection, lease.source, lease.url, document.id)
    sightings.keep_sighting(connection, lease.source, lease.account, lease.url, (found.spaces, found.persons))


def _completed(document: Document, lease: Lease, last_modified: str | None, now: datetime) -> Document:
    dates = dict(document.dates)
    if last_modified and (when := _http_date(last_modified)) is not None:
        dates["http-date"] = when
    dates["first-seen"] = now
    return replace(document, accounts=(lease.account,) if lease.account else (), dates=dates, first_seen=now)


def _http_date(text: str) -> datetime | None:
    try:
        return parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
