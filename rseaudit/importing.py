"""Read JSON Lines, or lines made of tables, into the store; a bad one is named and its neighbours are kept."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from rseaudit.errors import UsageError
from rseaudit.interchange import document_from, person_from, space_from
from rseaudit.model import Document, Person, Role, Run, Source, Space
from rseaudit.store import content, runs
from rseaudit.store.database import Store

_BATCH = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What an import brought, and the lines that could not be read as ``file:line: problem``."""

    run: Run
    documents: int
    spaces: int
    persons: int
    problems: tuple[str, ...]


class _Batch:
    def __init__(self, now: datetime) -> None:
        self._now = now
        self.roles: dict[str, Role] = {}
        self.stated: set[str] = set()
        self.documents: list[Document] = []
        self.spaces: list[Space] = []
        self.persons: list[Person] = []

    def add(self, line: object, zone: ZoneInfo) -> str:
        if not isinstance(line, dict):
            raise UsageError("this is not an object", expected='{"source": …, "id": …, "text": …}')
        kind = line.get("type", "document")
        if kind == "space":
            self.spaces.append(space_from(line))
        elif kind == "person":
            self.persons.append(person_from(line))
        elif kind == "document":
            document, role = document_from(line, zone=zone)
            seen = document.first_seen or self._now
            dates = {"first-seen": seen, **document.dates}
            self.documents.append(replace(document, first_seen=seen, dates=dates))
            if "role" in line:
                self.stated.add(document.source)
                self.roles[document.source] = role
            else:
                self.roles.setdefault(document.source, role)
        elif kind not in ("source", "alias", "url"):
            raise UsageError(f"type: {kind!r} is not known", expected="document, space or person")
        return str(kind)

    def save(self, store: Store) -> None:
        with store.write() as connection:
            known = content.sources(connection)
            content.save_sources(
                connection,
                [
                    Source(name=name, role=role)
                    for name, role in sorted(self.roles.items())
                    # What is crawled has its role from the configuration.
                    if name not in known or (name in self.stated and known[name].url is None)
                ],
            )
            content.save_persons(connection, self.persons)
            content.save_spaces(connection, self.spaces)
            content.save_documents(connection, self.documents)
        self.documents, self.spaces, self.persons = [], [], []


def import_lines(
    store: Store, files: Iterable[tuple[str, Iterable[bytes]]], *, now: datetime, timezone: str = "Europe/Paris"
) -> Imported:
    """Import the lines of named files. The caller holds the lock of the ``import`` job."""
    return import_records(store, _records(files), now=now, timezone=timezone)


def import_records(
    store: Store,
    records: Iterable[tuple[str, object]],
    *,
    now: datetime,
    timezone: str = "Europe/Paris",
    problems: Sequence[str] = (),
    failed: int = 0,
    skipped: int = 0,
) -> Imported:
    """Import pairs of a place and a line, or the error that stands for one.

    ``problems`` are those of ``failed`` lines that whoever read the files has named already, and
    ``skipped`` counts lines that were left out. The caller holds the lock of the ``import`` job.
    """
    zone = ZoneInfo(timezone)
    batch = _Batch(now)
    counts = {"document": 0, "space": 0, "person": 0}
    told = list(problems)
    asked = failed + skipped
    for where, record in records:
        asked += 1
        try:
            if isinstance(record, UsageError):
                raise record
            kind = batch.add(record, zone)
        except UsageError as error:
            expected = f"; expected {error.expected}" if error.expected else ""
            told.append(f"{where}: {error.what}{expected}")
            failed += 1
            continue
        counts[kind] = counts.get(kind, 0) + 1
        if len(batch.documents) >= _BATCH:
            batch.save(store)
    batch.save(store)
    with store.write() as connection:
        run = runs.start(connection, "import", now, {})
        state = runs.finish(
            connection,
            run,
            "incomplete" if failed else "complete",
            asked=asked,
            done=asked - failed - skipped,
            failed=failed,
            skipped=skipped,
            notes=told[:100],
        )
    return Imported(
        run=state,
        documents=counts["document"],
        spaces=counts["space"],
        persons=counts["person"],
        problems=tuple(told),
    )


def _records(files: Iterable[tuple[str, Iterable[bytes]]]) -> Iterator[tuple[str, object]]:
    for name, lines in files:
        for number, raw in enumerate(lines, 1):
            if not raw.strip():
                continue
            try:
                yield f"{name}:{number}", _parse(raw)
            except UsageError as error:
                yield f"{name}:{number}", error


def _parse(raw: bytes) -> object:
    try:
        return json.loads(raw.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise UsageError(f"byte {error.start + 1} is not UTF-8", expected="UTF-8") from None
    except json.JSONDecodeError as error:
        raise UsageError(f"column {error.colno}: {error.msg}", expected="one JSON object a line") from None
