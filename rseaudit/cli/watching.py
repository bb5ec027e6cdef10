"""The watch and what goes with it: why, mark, test, add."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rseaudit.cli.app import app
from rseaudit.cli.command import command, group
from rseaudit.cli.session import Session, printable
from rseaudit.errors import Exit, IncompleteError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from rseaudit.config.watchlist import Watchlist
    from rseaudit.model import Mark
    from rseaudit.store.database import Store
    from rseaudit.watch.explanation import Explanation

_VERDICTS = ("pertinent", "no", "weak-signal", "none")
_LONGEST_NOTE = 500


@group(app, "watch")
def watch(session: Session) -> None:
    """Update the feeds and pages that are due, and write the digest."""
    from rseaudit import watching
    from rseaudit.cli.reports import write
    from rseaudit.store.locks import job_lock
    from rseaudit.watch.job import to_json

    with session.store() as store:
        if session.common.dry_run:
            _print(watching.due(store, session.settings, now=session.now))
            return
        with job_lock(store, "watch"):
            outcome = watching.run_watch(store, session.settings, now=session.now)
        if session.common.as_json:
            session.result(to_json(outcome.result, outcome.run.id, session.speaker))
        write(session, store, digest=outcome.result.digest)
        for name, problem in outcome.problems:
            session.say(f"  failed: {name}: {problem.say(session.speaker)}")
            session.ends_with(Exit.INCOMPLETE)
        for name in outcome.unread:
            session.say(f"  not read: {name}: sources of the kind sitemap are not read yet")
        session.say(
            f"{outcome.run.done} feeds read, {outcome.new_entries} new entries; "
            f"{len(outcome.result.groups)} stories in all"
        )
        if outcome.run.asked and not outcome.run.done and outcome.run.failed:
            raise IncompleteError("no feed could be read", remedy="check the network and the addresses above")


@command(watch, "why")
def why(
    session: Session,
    name: Annotated[str, typer.Argument(metavar="ID|URL", help="An entry, by its id or address, or a story.")],
) -> None:
    """Tell why an entry has its score, or what keeps it out of the digest. No network."""
    from rseaudit import watching
    from rseaudit.cli.watch_texts import why_lines
    from rseaudit.watch.explanation import to_json

    with session.store(create=False) as store:
        found = watching.why(store, session.settings, name, now=session.now)
        if not found:
            raise UsageError(
                f"no entry or story is called {name!r}",
                expected="an id or address from `rseaudit watch --json`, or the id of a story",
            )
        if session.common.as_json:
            session.result(to_json(found, _last_run(store), session.speaker))
        else:
            _print(why_lines(found, session.speaker))


@command(watch, "mark")
def mark(
    session: Session,
    name: Annotated[str | None, typer.Argument(metavar="ID|URL", help="An entry or a story.")] = None,
    verdict: Annotated[
        str | None, typer.Argument(metavar="MARK", help="pertinent, no or weak-signal; none takes the mark away.")
    ] = None,
    note: Annotated[str | None, typer.Option("--note", metavar="TEXT", help="A remark that is kept with it.")] = None,
    list_: Annotated[bool, typer.Option("--list", help="List the marks.")] = False,
) -> None:
    """Mark an entry or a story. From five pertinent marks on, marks move the scores."""
    if list_ or name is None:
        if not list_ or verdict is not None or note is not None:
            raise UsageError("say what to mark and how", expected="rseaudit watch mark ID pertinent, or --list alone")
        with session.store(create=False) as store:
            _list_marks(session, store)
        return
    if verdict not in _VERDICTS:
        raise UsageError(f"{verdict or ''!r} is no mark", expected=", ".join(_VERDICTS))
    with session.store(create=False) as store:
        _mark(session, store, name, verdict, _clean_note(note))


def _mark(session: Session, store: Store, name: str, verdict: str, note: str | None) -> None:
    from rseaudit import watching
    from rseaudit.model import Mark
    from rseaudit.store import feeds, marks

    with store.read() as connection:
        targets = watching.targets(feeds.entries(connection), name)
    if session.common.dry_run:
        session.say(f"would be marked {verdict}: {name}")
        return
    with store.write() as connection:
        if verdict == "none":
            gone = [marks.remove(connection, feed, id_) for feed, id_ in targets]
            session.say("the mark is taken away" if any(gone) else "there was no mark")
        else:
            new = [Mark(feed=feed, id=id_, verdict=verdict, at=session.now, note=note) for feed, id_ in targets]  # type: ignore[arg-type]  # checked by the caller
            marks.save(connection, new)
        everything = marks.load(connection)
    if session.common.as_json:
        _marks_as_json(session, store, everything)
    session.say(_learning(everything))


def _clean_note(note: str | None) -> str | None:
    from rseaudit.text import clean

    text = " ".join("".join(c if c.isprintable() else " " for c in clean(note or "")).split())
    if len(text) > _LONGEST_NOTE:
        raise UsageError(f"the note has {len(text)} signs", where="--note", expected=f"at most {_LONGEST_NOTE}")
    return text or None


def _list_marks(session: Session, store: Store) -> None:
    from rseaudit import watching
    from rseaudit.cli.watch_texts import mark_lines
    from rseaudit.store import feeds, marks

    with store.read() as connection:
        found = marks.load(connection)
        entries = feeds.entries(connection)
    if session.common.as_json:
        _marks_as_json(session, store, found)
    else:
        _print(mark_lines(found, entries, watching.sources(session.settings), session.speaker))
    session.say(_learning(found))


def _marks_as_json(session: Session, store: Store, found: tuple[Mark, ...]) -> None:
    rows = [
        {
            "kind": "entry" if item.feed else "story",
            "feed": item.feed or None,
            "id": item.id,
            "mark": item.verdict,
            "at": item.at.isoformat(),
            "note": item.note,
        }
        for item in found
    ]
    session.result({"schema": 1, "run": _last_run(store), "marks": rows})


def _learning(found: tuple[Mark, ...]) -> str:
    from rseaudit.watch.feedback import MIN_MARKS, MOST

    count = sum(item.verdict == "pertinent" for item in found)
    if count < MIN_MARKS:
        return f"{count} marked pertinent; from {MIN_MARKS} on, marks move the scores"
    return f"{count} marked pertinent: what is close to them moves by at most {MOST} points"


@command(watch, "test")
def try_watchlist(
    session: Session,
    watchlist: Annotated[str, typer.Argument(metavar="WATCHLIST", help="The path of a .toml file, or a name.")],
    text: Annotated[
        str | None, typer.Option("--text", metavar="TEXT", help="Try it on this text; a first line is its title.")
    ] = None,
) -> None:
    """Try a watchlist on the stored entries or on a text. No network."""
    from rseaudit.config import watchlist as files

    # A path on the command line starts here; a name is looked for beside the configuration, then among ours.
    base = Path() if watchlist.endswith(".toml") else session.settings.base
    found = files.load(watchlist, base=base)
    if text is not None:
        _show([_explained(found, text, session.now, session.settings.watch.threshold)], session)
        return
    from rseaudit import watching
    from rseaudit.cli.watch_texts import trial_lines
    from rseaudit.store import feeds
    from rseaudit.watch.trial import to_json, try_out

    with session.store(create=False) as store:
        with store.read() as connection:
            entries = feeds.entries(connection)
        if not entries:
            raise UsageError("the store holds no entries yet", remedy="run `rseaudit watch` first, or use --text")
        trial = try_out(found, entries)
        if session.common.as_json:
            session.result(to_json(trial, _last_run(store), session.speaker))
        else:
            _print(trial_lines(trial, watching.sources(session.settings), session.speaker))


def _explained(watchlist: Watchlist, text: str, now: datetime, threshold: int) -> Explanation:
    from rseaudit.model import Entry, Feed
    from rseaudit.text import clean
    from rseaudit.watch.explanation import explain_alone

    title, line_break, body = clean(text).strip().partition("\n")
    entry = Entry(
        id="--text",
        feed="--text",
        url="",
        title=title if line_break else "",
        summary=body if line_break else title,
        published=now,
        first_seen=now,
    )
    return explain_alone(entry, Feed(url="--text", name="--text"), [watchlist], now=now, threshold=threshold)


def _show(found: list[Explanation], session: Session) -> None:
    from rseaudit.cli.watch_texts import why_lines
    from rseaudit.watch.explanation import to_json

    if session.common.as_json:
        session.result(to_json(found, None, session.speaker))
    else:
        _print(why_lines(found, session.speaker))


@command(watch, "add")
def add(
    session: Session,
    url: Annotated[str, typer.Argument(metavar="URL", help="A feed, or a page that announces one.")],
    name: Annotated[str | None, typer.Option("--name", metavar="NAME", help="Default: made from its title.")] = None,
) -> None:
    """Look at a feed and add it to rseaudit.toml. Nothing else in the file changes."""
    from rseaudit.cli.watch_sources import add_one

    add_one(session, url, name)


def _last_run(store: Store) -> str | None:
    from rseaudit.store import results

    with store.read() as connection:
        return results.run_of(connection, "watch")


def _print(lines: Iterable[str]) -> None:
    for line in lines:
        print(printable(line))  # noqa: T201 - the result
