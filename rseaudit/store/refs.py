"""Ask for the rows of named documents."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sqlalchemy import ColumnElement, Table, and_

from rseaudit.model import Ref

_BATCH = 400


def named(table: Table, refs: Iterable[Ref]) -> Iterator[ColumnElement[bool]]:
    """Yield conditions that name the rows of documents between them: some ids of one source each.

    An index answers those; for pairs of source and id SQLite reads the whole table.
    """
    ids: dict[str, list[str]] = {}
    for ref in sorted({(ref.source, ref.id) for ref in refs}):
        ids.setdefault(ref[0], []).append(ref[1])
    for source, own in ids.items():
        for start in range(0, len(own), _BATCH):
            yield and_(table.c.source == source, table.c.id.in_(own[start : start + _BATCH]))
