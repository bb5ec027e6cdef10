"""Say which of two documents came first, from evidence alone and never from the text.

The ladder of ``Evidence``, strongest rung first: what a document itself declares (canonical
address, share button), then the instants that both documents have. A person must not be accused
because the copy was read first, so any contradiction makes the answer unknown.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from rseaudit.duplicates.addresses import names
from rseaudit.duplicates.roll import aware
from rseaudit.model import DATE_RUNGS, Document, Evidence, Side

_TOLERANCE = timedelta(days=1)


def direction(document: Document, other: Document, *, seen_before: bool = False) -> tuple[Side, Evidence]:
    """Return the original and the rung that decided: ``("unknown", "none")`` when none may.

    ``seen_before``: the shared passage was read in the candidate original before the other document
    was created, so a later change of the original takes nothing away from it.
    """
    votes = [vote for vote in (_declared(document, other), *_dated(document, other)) if vote is not None]
    if not votes:
        return "unknown", "none"
    side, evidence, _ = votes[0]
    if side == "unknown" or any(_disagrees(side, lower, distance) for lower, _, distance in votes[1:]):
        return "unknown", "none"
    if evidence in DATE_RUNGS and not seen_before:
        original, copy = (document, other) if side == "document" else (other, document)
        if original.modified is not None and aware(original.modified) > written(copy, evidence):
            return "unknown", "none"
    return side, evidence


_Vote = tuple[Side, Evidence, timedelta]


def _declared(document: Document, other: Document) -> _Vote | None:
    """What the documents say of each other; mutual declarations cancel out."""
    canonical = _pointed(
        names(document.canonical, other, source=document.source), names(other.canonical, document, source=other.source)
    )
    shared = _pointed(
        names(document.shared_from, other, source=document.source),
        names(other.shared_from, document, source=other.source),
    )
    if canonical is None:
        return None if shared is None else (shared, "share-link", timedelta.max)
    if shared is not None and shared != canonical:
        return "unknown", "canonical", timedelta.max
    return canonical, "canonical", timedelta.max


def _pointed(to_other: bool, to_document: bool) -> Side | None:
    if to_other == to_document:
        return "unknown" if to_other else None
    return "other" if to_other else "document"


def _dated(document: Document, other: Document) -> list[_Vote]:
    votes: list[_Vote] = []
    for rung in DATE_RUNGS:
        one, two = _date(document, rung), _date(other, rung)
        if one is not None and two is not None:
            side: Side = "unknown" if one == two else "document" if one < two else "other"
            votes.append((side, rung, abs(aware(one) - aware(two))))
    return votes


def _date(document: Document, rung: Evidence) -> datetime | None:
    known = document.dates.get(rung) or (document.first_seen if rung == "first-seen" else None)
    return None if known is None else aware(known)


def written(document: Document, rung: Evidence) -> datetime:
    """Return when a document was created, by the date shown to people, else by that of a rung that it has."""
    created = document.created or _date(document, rung)
    assert created is not None
    return aware(created)


def _disagrees(side: Side, lower: Side, distance: timedelta) -> bool:
    return lower not in ("unknown", side) and distance > _TOLERANCE
