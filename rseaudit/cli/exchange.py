"""What `import` and `export` do with tables, decisions, spaces and pseudonyms."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rseaudit.cli.session import Session
from rseaudit.errors import Exit, UsageError

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from rseaudit.model import Run, Space
    from rseaudit.store.database import Store

_SHOWN = 20
_LEAST_KEY = 32


def import_tables(session: Session, files: Sequence[str], map_file: Path) -> None:
    """Import the documents of CSV and XLSX files as a column map says."""
    from rseaudit.config.mapping import read_map
    from rseaudit.importing import import_records
    from rseaudit.store.locks import job_lock
    from rseaudit.tables import read_tables

    chosen = read_map(map_file)
    found = read_tables(files, chosen)
    if session.common.dry_run:
        _name(session, found.problems)
        session.say(f"{len(found.lines)} documents would be imported, {found.skipped} rows left out")
        return
    with session.store() as store, job_lock(store, "import"):
        done = import_records(
            store,
            found.lines,
            now=session.now,
            timezone=chosen.map.timezone,
            problems=found.problems,
            failed=found.failed,
            skipped=found.skipped,
        )
    _name(session, done.problems)
    if session.common.as_json:
        _told(session, done.run, {"documents": done.documents, "skipped": done.run.skipped}, done.problems)
    session.say(f"{done.documents} documents imported, {done.run.skipped} rows left out")
    session.say("next: rseaudit duplicates")


def import_decisions(session: Session, files: Sequence[str]) -> None:
    """Keep the decisions that were filled in; all files are read before anything is kept."""
    from rseaudit import pipeline
    from rseaudit.answers import DECISIONS, read_decisions
    from rseaudit.spreadsheet import read_sheet
    from rseaudit.store import decisions
    from rseaudit.store.locks import job_lock

    sheets = [read_sheet(name, wanted=DECISIONS) for name in files]
    with session.store(create=False) as store, job_lock(store, "import"):
        audit = pipeline.load_audit(store)
        with store.read() as connection:
            known = {item.finding: ("", "") for item in decisions.load(connection)}
        known |= {item.id: (item.rule, str(item.document)) for item in audit.findings} if audit else {}
        found = [read_decisions(sheet, known=known, now=session.now) for sheet in sheets]
        answered = [item for one in found for item in one.decisions]
        withdrawn = [item for one in found for item in one.withdrawn]
        problems = [text for one in found for text in one.problems]
        _name(session, problems)
        if session.common.dry_run:
            session.say(f"{len(answered)} decisions would be kept, {len(withdrawn)} taken back")
            return
        unanswered = sum(one.open for one in found)
        with store.write(durable=True) as connection:
            decisions.save(connection, answered)
            decisions.withdraw(connection, withdrawn)
            run = _run(session, connection, len(answered) + len(withdrawn), problems, skipped=unanswered)
    if session.common.as_json:
        _told(session, run, {"decisions": len(answered), "withdrawn": len(withdrawn), "open": unanswered}, problems)
    session.say(f"{len(answered)} decisions kept, {len(withdrawn)} taken back, {unanswered} findings without answer")
    session.say("next: rseaudit audit")


def import_spaces(session: Session, files: Sequence[str]) -> None:
    """Keep who owns, moderates and reads which space."""
    from rseaudit.answers import SPACES, read_spaces
    from rseaudit.spreadsheet import read_sheet
    from rseaudit.store import content
    from rseaudit.store.locks import job_lock

    sheets = [read_sheet(name, wanted=SPACES) for name in files]
    with session.store(create=False) as store, job_lock(store, "import"):
        with store.read() as connection:
            known = content.spaces(connection)
            sources = {*content.sources(connection), *(source.name for source in session.settings.source)}
        found = [read_spaces(sheet, known=known, sources=sources) for sheet in sheets]
        spaces = [space for one in found for space in one.spaces]
        problems = [text for one in found for text in one.problems]
        _name(session, problems)
        if session.common.dry_run:
            session.say(f"{len(spaces)} spaces would be kept")
            return
        with store.write(durable=True) as connection:
            content.save_spaces(connection, spaces)
            run = _run(session, connection, len(spaces), problems)
    if session.common.as_json:
        _told(session, run, {"spaces": len(spaces)}, problems)
    session.say(f"{len(spaces)} spaces kept")
    session.say("next: rseaudit audit")


def export_decisions(session: Session) -> None:
    """Write the findings of the last audit as a table to fill in."""
    from dataclasses import replace

    from rseaudit import pipeline
    from rseaudit.cli.reports import report_data
    from rseaudit.report.answers import decisions

    with session.store(create=False) as store:
        audit = pipeline.load_audit(store)
        if audit is None:
            raise UsageError("there are no findings yet", remedy="run `rseaudit audit` first")
        told = pipeline.narrow_audit(store, session.settings, audit, space=session.common.space, since=session.since)
        data = replace(report_data(session, store), findings=told.findings)
    _put(session, "decisions.csv", decisions(data, session.speaker))


def export_spaces(session: Session) -> None:
    """Write the spaces that are known as a table to fill in."""
    from rseaudit.report.answers import spaces

    with session.store(create=False) as store:
        _put(session, "spaces.csv", spaces(_spaces(session, store), session.speaker))


def _spaces(session: Session, store: Store) -> list[Space]:
    """Return what the store itself says of spaces: what the configuration declares must not become data."""
    from fnmatch import fnmatchcase

    from rseaudit import pipeline

    pattern = session.common.space
    known = pipeline.collect(store, session.settings.model_copy(update={"space": []})).spaces
    if pattern is None:
        return list(known)
    return [s for s in known if fnmatchcase(f"{s.source}/{s.name}", pattern) or fnmatchcase(s.name, pattern)]


def pseudonymised_lines(session: Session, store: Store, key_file: Path | None) -> Iterator[str]:
    """Yield the lines of a plain export with everyone in it under a pseudonym."""
    from rseaudit import pipeline
    from rseaudit.interchange import document_line, person_line, space_line
    from rseaudit.pseudonyms import Pseudonyms, labels_of

    key = os.urandom(_LEAST_KEY) if key_file is None else _key(session, key_file)
    collection = pipeline.collect(store, session.settings)
    names = Pseudonyms(key, collection.persons, labels_of(collection.documents, collection.spaces))
    spaces = [space_line(names.space(space)) for space in collection.spaces]
    persons = [person_line(names.person(person)) for person in collection.persons]
    wanted = [d for d in collection.documents if pipeline.is_wanted(d, session.common.space, session.since)]
    documents = [document_line(names.document(d), collection.sources[d.source].role) for d in wanted]
    # In the order of the pseudonyms: that of the names would tell who is who.
    for line in (*sorted(spaces, key=_order), *sorted(persons, key=_order), *sorted(documents, key=_order)):
        yield json.dumps(line, ensure_ascii=False)


def _order(line: dict[str, object]) -> tuple[str, str]:
    return str(line.get("source", "")), str(line.get("id", line.get("key", line.get("name"))))


def _key(session: Session, path: Path) -> bytes:
    """Return the key that a file holds, as it stands there; a file that does not exist is made, with a new one."""
    from rseaudit.config.secrets import read_secret_file

    if not path.exists():
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except OSError as error:
            raise UsageError(f"cannot be written: {error.strerror}", where=str(path)) from None
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(os.urandom(_LEAST_KEY).hex() + "\n")
        session.say(f"  {path}  a new key: whoever has it can tell who is who")
    key = read_secret_file(path, key="--pseudonym-key", where="export").reveal().strip()
    if len(key) < _LEAST_KEY:
        raise UsageError(
            f"this key is shorter than {_LEAST_KEY} signs",
            where=str(path),
            remedy="name a file that does not exist: a key is written into it",
        )
    return key.encode()


def _put(session: Session, name: str, text: str) -> None:
    """Write a table to standard output as it is, or into ``--output``."""
    from rseaudit.report.files import write_text

    if session.common.output is not None:
        write_text(session.common.output / name, text)
        session.say(f"  {session.common.output / name}")
        return
    raw = getattr(sys.stdout, "buffer", None)
    if raw is None:  # something that stands for standard output and takes text only
        sys.stdout.write(text)
        return
    sys.stdout.flush()
    raw.write(text.encode())
    raw.flush()


def _run(session: Session, connection: Connection, done: int, problems: Sequence[str], *, skipped: int = 0) -> Run:
    from rseaudit.store import runs

    failed = len(problems)
    return runs.finish(
        connection,
        runs.start(connection, "import", session.now, {}),
        "incomplete" if problems else "complete",
        asked=done + failed + skipped,
        done=done,
        failed=failed,
        skipped=skipped,
        notes=problems[:100],
    )


def _name(session: Session, problems: Sequence[str]) -> None:
    """Name what could not be used; the exit code then says that something is missing."""
    for problem in problems[:_SHOWN]:
        session.say(f"  {problem}")
    if len(problems) > _SHOWN:
        session.say(f"  … and {len(problems) - _SHOWN} more")
    if problems:
        session.ends_with(Exit.INCOMPLETE)


def _told(session: Session, run: Run, counts: dict[str, int], problems: Sequence[str]) -> None:
    session.result({"schema": 1, "run": run.id, **counts, "problems": list(problems)})
