"""The commands that bring content in and out: import, export."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rseaudit.cli.app import app
from rseaudit.cli.command import command
from rseaudit.cli.session import Session
from rseaudit.errors import Exit, UsageError

if TYPE_CHECKING:
    from rseaudit.store.database import Store


@command(app, "import")
def import_(
    session: Session,
    files: Annotated[
        list[str], typer.Argument(metavar="FILE…", help="JSON Lines (- for standard input), CSV, XLSX or OPML.")
    ],
    map_: Annotated[
        Path | None, typer.Option("--map", metavar="FILE", help="The files are tables, and this is their column map.")
    ] = None,
    decisions: Annotated[
        bool, typer.Option("--decisions", help="The files are tables of `export --decisions`, filled in.")
    ] = False,
    spaces: Annotated[bool, typer.Option("--spaces", help="The files are tables of spaces and their people.")] = False,
) -> None:
    """Bring in documents (JSON Lines, or tables with a map), decisions, spaces, or feeds to watch as OPML."""
    from rseaudit.cli import exchange

    _at_most_one({"--map": map_ is not None, "--decisions": decisions, "--spaces": spaces})
    if map_ is not None:
        exchange.import_tables(session, files, map_)
        return
    if decisions or spaces:
        (exchange.import_decisions if decisions else exchange.import_spaces)(session, files)
        return
    tables = [name for name in files if name.lower().endswith((".xlsx", ".xlsm", ".csv", ".tsv"))]
    if tables:
        raise UsageError(
            f"{', '.join(tables)}: nothing says what the columns of this table hold",
            expected="--map FILE for documents, --decisions or --spaces for what `export` wrote",
            remedy="write a column map: docs/tables.md has two to start from",
        )
    lists = [name for name in files if name.lower().endswith(".opml")]
    if lists and len(lists) < len(files):
        raise UsageError(
            "feeds go to the configuration, documents to the store",
            remedy="import OPML files in a command of their own",
        )
    if lists:
        from rseaudit.cli.watch_sources import import_lists

        import_lists(session, lists)
        return
    _import_lines(session, files)


def _at_most_one(options: dict[str, bool]) -> None:
    given = [name for name, is_given in options.items() if is_given]
    if len(given) > 1:
        raise UsageError(f"{' and '.join(given)} cannot be used together", expected="one of them")


def _import_lines(session: Session, files: list[str]) -> None:
    from rseaudit.importing import import_lines
    from rseaudit.store.locks import job_lock

    for name in files:
        if name != "-" and not Path(name).is_file():
            raise UsageError("there is no such file", where=name, expected="a file of JSON Lines, or -")
    if session.common.dry_run:
        session.say("nothing is imported in a dry run")
        return
    with session.store() as store, job_lock(store, "import"):
        done = import_lines(store, ((name, _lines(name)) for name in files), now=session.now)
    for problem in done.problems[:20]:
        session.say(f"  {problem}")
    if len(done.problems) > 20:
        session.say(f"  … and {len(done.problems) - 20} more")
    if done.problems:
        session.ends_with(Exit.INCOMPLETE)
    if session.common.as_json:
        session.result(
            {
                "schema": 1,
                "run": done.run.id,
                "documents": done.documents,
                "spaces": done.spaces,
                "persons": done.persons,
                "problems": list(done.problems),
            }
        )
    session.say(f"{done.documents} documents, {done.spaces} spaces and {done.persons} persons imported")
    session.say("next: rseaudit duplicates")


def _lines(name: str) -> Iterator[bytes]:
    if name == "-":
        yield from sys.stdin.buffer
    else:
        with Path(name).open("rb") as file:
            yield from file


@command(app, "export")
def export(
    session: Session,
    canonical: Annotated[
        bool, typer.Option("--canonical", help="Without runs, instants and attempts: equal sites, equal bytes.")
    ] = False,
    decisions: Annotated[
        bool, typer.Option("--decisions", help="The findings as a table (CSV), to be filled in with decisions.")
    ] = False,
    spaces: Annotated[bool, typer.Option("--spaces", help="The spaces and their people as a table (CSV).")] = False,
    pseudonymise: Annotated[
        bool, typer.Option("--pseudonymise", help="Under pseudonyms that no other export shares.")
    ] = False,
    pseudonym_key: Annotated[
        Path | None,
        typer.Option(
            "--pseudonym-key", metavar="FILE", help="With --pseudonymise: the same ones each time; made if missing."
        ),
    ] = None,
    opml: Annotated[bool, typer.Option("--opml", help="Only the watched feeds, as a list for other readers.")] = False,
) -> None:
    """Write documents, spaces and persons as JSON Lines to standard output, or to a file in --output."""
    from rseaudit.cli import exchange

    _at_most_one(
        {
            "--canonical": canonical,
            "--decisions": decisions,
            "--spaces": spaces,
            "--pseudonymise": pseudonymise,
            "--opml": opml,
        }
    )
    if pseudonym_key is not None and not pseudonymise:
        raise UsageError("--pseudonym-key is of no use alone", remedy="add --pseudonymise")
    if decisions or spaces:
        (exchange.export_decisions if decisions else exchange.export_spaces)(session)
        return
    if opml:
        from rseaudit.cli.watch_sources import export_list

        export_list(session)
        return
    with session.store(create=False) as store:
        if pseudonymise:
            lines = exchange.pseudonymised_lines(session, store, pseudonym_key)
        else:
            lines = _canonical(store) if canonical else _plain(session, store)
        if session.common.output is None:
            for line in lines:
                print(line)  # noqa: T201 - the result
            return
        from rseaudit.report.files import write_text

        path = session.common.output / "export.jsonl"
        write_text(path, "".join(f"{line}\n" for line in lines))
        session.say(f"  {path}")


def _canonical(store: Store) -> Iterator[str]:
    from rseaudit.store.canonical import canonical_lines

    with store.read() as connection:
        yield from canonical_lines(connection)


def _plain(session: Session, store: Store) -> Iterator[str]:
    from rseaudit import pipeline
    from rseaudit.interchange import document_line, person_line, space_line

    collection = pipeline.collect(store, session.settings)
    for space in collection.spaces:
        yield json.dumps(space_line(space), ensure_ascii=False)
    for person in collection.persons:
        yield json.dumps(person_line(person), ensure_ascii=False)
    for document in collection.documents:
        if pipeline.is_wanted(document, session.common.space, session.since):
            role = collection.sources[document.source].role
            yield json.dumps(document_line(document, role), ensure_ascii=False)
