"""Add what is watched to the configuration, from one address or from a list of another reader; write such a list."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from rseaudit.cli.session import CONFIG_FILE, printable
from rseaudit.errors import Exit, FetchError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rseaudit.cli.session import Session
    from rseaudit.config.append import NewSource
    from rseaudit.config.settings import Settings
    from rseaudit.probing import Probe


def add_one(session: Session, url: str, name: str | None) -> None:
    """Look at an address, say what stands there, and add the feed. Raises ``FetchError`` when there is none."""
    from rseaudit.config.append import NewSource, address_problem, free_name, language_key, table
    from rseaudit.probing import probe

    session.require_sources()
    settings = session.settings
    if problem := address_problem(url):
        raise UsageError(problem, where="URL")
    _refuse_double(url, settings)
    found, *others = probe(url, settings)
    if found.problem is not None:
        raise FetchError(
            found.problem.say(session.speaker),
            where=url,
            remedy='a page without a feed can be watched too: [[source]] with role = "watched" and platform = "page"',
        )
    _refuse_double(found.url, settings)
    taken = [source.name for source in settings.source]
    source = NewSource(
        name=name or free_name(found.title, found.url, taken), url=found.url, language=language_key(found.lang)
    )
    _tell(session, source, found, others)
    if session.common.dry_run:
        if not session.common.as_json:
            print(table(source), end="")  # noqa: T201 - the result of a dry run
        return
    _append(session, [source])


def _tell(session: Session, source: NewSource, found: Probe, others: Sequence[Probe]) -> None:
    if session.common.as_json:
        session.result(
            {
                "schema": 1,
                "run": None,
                "source": {"name": source.name, "platform": source.platform, "url": source.url},
                "title": found.title,
                "entries": found.entries,
                "newest": found.newest.isoformat() if found.newest else None,
                "others": [{"url": other.url, "title": other.title, "entries": other.entries} for other in others],
            }
        )
        return
    newest = session.speaker.date(found.newest) if found.newest else "unknown"
    session.say(f"{found.title or found.url}: {found.entries} entries, the newest of {newest}\n  {found.url}")
    for other in others:
        session.say(f"  the page also announces: {other.url} ({other.title or 'without title'})")


def _refuse_double(url: str, settings: Settings) -> None:
    from rseaudit.config.append import address_key

    for source in settings.source:
        if address_key(source.url) == address_key(url):
            raise UsageError(f"this is in the configuration already, as {source.name!r}", where=url)


def import_lists(session: Session, files: Sequence[str]) -> None:
    """Add the feeds of OPML files, without looking at them; those that are there already are told and passed over."""
    from rseaudit.config.append import NewSource, address_key, address_problem, free_name, language_key, table
    from rseaudit.watch import opml

    session.require_sources()
    known = {address_key(source.url): source.name for source in session.settings.source}
    taken = [source.name for source in session.settings.source]
    new: list[NewSource] = []
    passed, problems = 0, 0
    for file in files:
        for feed in opml.read(_content(file), where=file):
            if problem := address_problem(feed.url):
                session.say(f"  failed: {feed.name if feed.name != feed.url else 'a feed'}: {problem}")
                problems += 1
            elif (key := address_key(feed.url)) in known:
                session.say(f"  there already, as {known[key]}: {feed.url}")
                passed += 1
            else:
                name = free_name("" if feed.name == feed.url else feed.name, feed.url, taken)
                new.append(NewSource(name=name, url=feed.url, language=language_key(feed.lang)))
                known[key] = name
                taken.append(name)
    if problems:
        session.ends_with(Exit.INCOMPLETE)
    if session.common.as_json:
        rows = [{"name": source.name, "platform": source.platform, "url": source.url} for source in new]
        session.result({"schema": 1, "run": None, "sources": rows, "there_already": passed, "failed": problems})
    if session.common.dry_run:
        if not session.common.as_json:
            print("\n".join(table(source) for source in new), end="")  # noqa: T201 - the result of a dry run
        return
    if new:
        _append(session, new)
    session.say(f"{len(new)} feeds added, {passed} were there already")


def _content(file: str) -> bytes:
    path = Path(file)
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"cannot be read: {error.strerror}", where=file, expected="an OPML file") from None


def _append(session: Session, new: Sequence[NewSource]) -> None:
    from rseaudit.config.append import append
    from rseaudit.watching import reads_watchlist_sources

    path = session.common.config or Path(CONFIG_FILE)
    before = reads_watchlist_sources(session.settings)
    after = append(path, new)
    session.say(f"  added to {path}: {', '.join(source.name for source in new)}")
    if before and not reads_watchlist_sources(after):
        session.say(
            "  note: with a source of your own, those that the watchlists bring along are no longer read;\n"
            "  to keep them, write watchlist_sources = true under [watch]"
        )
    session.say("next: rseaudit watch")


def export_list(session: Session) -> None:
    """Write the watched feeds as OPML to standard output, or to feeds.opml in --output; pages are no feeds."""
    from rseaudit.report.files import write_text
    from rseaudit.watch import opml
    from rseaudit.watching import sources

    feeds = [
        opml.Subscription(url=place.feed.url, name=place.feed.name, lang=place.feed.lang)
        for place in sources(session.settings)
        if place.kind == "feed"
    ]
    written = opml.write(feeds, title="rseaudit", now=session.now).decode()
    if session.common.output is None:
        print(written, end="")  # noqa: T201 - the result
        return
    path = session.common.output / "feeds.opml"
    write_text(path, written)
    session.say(printable(f"  {path}"))
