"""Write reports: each file appears whole or not at all, with the same bytes for the same data."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from rseaudit.errors import UsageError
from rseaudit.i18n import translator

if TYPE_CHECKING:
    from rseaudit.i18n import Translator
    from rseaudit.report.data import ReportData
    from rseaudit.report.views import OwnerPage

FORMATS = ("html", "json", "csv")
LATER = ("xlsx", "md", "eml")
OWNERS = "owners"
GROUPS = "groups"
_PAGE_FILE = re.compile(r"[a-z0-9-]+-[0-9a-f]{8}\.(?:html|json)")


def write_reports(
    data: ReportData,
    output: Path,
    *,
    lang: str = "fr",
    formats: Collection[str] = FORMATS,
    owner: str | None = None,
) -> tuple[Path, ...]:
    """Write what there is to tell and return the paths, the most general first.

    ``overview``, ``digest``, ``index`` and ``groups/<title>-<hash>`` are for the team;
    ``owners/<name>-<hash>`` for one person each. With ``owner`` (a name, mail address or key) only that
    person's page is written. Pages of persons who are no longer asked anything, and of groups that are no
    more, as an earlier call wrote them, are removed.
    """
    for name in formats:
        if name in LATER:
            raise UsageError(f"the report format {name} is not built yet", expected=", ".join(FORMATS))
        if name not in FORMATS:
            raise UsageError(f"the report format {name!r} is not known", expected=", ".join(FORMATS))
    from rseaudit.report.owners import owner_pages

    speaker = translator(lang)
    pages = owner_pages(data)
    if owner is not None:
        pages = (_wanted(pages, data, owner),)
        files = _owner_files(pages, data, speaker, formats)
    else:
        files = _all_files(pages, data, speaker, formats)
    paths = []
    for name, text in files:
        write_text(output / name, text)
        paths.append(output / name)
    if owner is None:
        _remove_old(output / OWNERS, {page.file for page in pages})
        if "html" in formats:
            _remove_old(output / GROUPS, {path.stem for path in paths if path.parent.name == GROUPS})
    return tuple(paths)


def write_text(path: Path, text: str) -> None:
    """Replace a file by ``text`` in one step, making its folders; errors say what cannot be written and why."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # Beside its destination, for only within one file system is a rename one step.
        new = path.with_name(f".{path.name}.{os.getpid()}.new")
        try:
            with new.open("w", encoding="utf-8", newline="") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            new.replace(path)
        except BaseException:
            with suppress(OSError):
                new.unlink()
            raise
    except OSError as error:
        raise UsageError(
            f"this cannot be written: {error.strerror or error}",
            where=str(path),
            expected="a folder that may be written to",
            remedy="choose another one with --output",
        ) from error


def _all_files(
    pages: tuple[OwnerPage, ...], data: ReportData, speaker: Translator, formats: Collection[str]
) -> Iterator[tuple[str, str]]:
    from rseaudit.report import html, records, tables
    from rseaudit.report.groups import group_views
    from rseaudit.report.overview import overview

    audit = bool(data.documents or data.crawl)
    if "html" in formats:
        links = [(page.name, f"{OWNERS}/{page.file}.html") for page in pages]
        yield "index.html", html.index_page(links, data, speaker, audit=audit)
    if audit:
        summary = overview(data)
        groups = group_views(data) if {"html", "json"} & set(formats) else ()
        if "html" in formats:
            yield "overview.html", html.overview_page(summary, data, speaker, groups=groups)
        if "json" in formats:
            yield "report.json", records.report(data, summary, speaker, groups=groups)
        if "csv" in formats:
            yield "findings.csv", tables.findings(data, speaker)
            yield "matches.csv", tables.matches(data, speaker)
        if "html" in formats:
            yield from ((f"{GROUPS}/{group.file}.html", html.group_page(group, data, speaker)) for group in groups)
    if data.digest is not None:
        if "html" in formats:
            yield "digest.html", html.digest_page(data, speaker)
        if "json" in formats:
            yield "digest.json", records.digest(data, speaker)
    yield from _owner_files(pages, data, speaker, formats)


def _owner_files(
    pages: tuple[OwnerPage, ...], data: ReportData, speaker: Translator, formats: Collection[str]
) -> Iterator[tuple[str, str]]:
    from rseaudit.report import html, records

    for page in pages:
        if "html" in formats:
            yield f"{OWNERS}/{page.file}.html", html.owner_page(page, data, speaker)
        if "json" in formats:
            yield f"{OWNERS}/{page.file}.json", records.owner(page, data, speaker)


def _wanted(pages: tuple[OwnerPage, ...], data: ReportData, owner: str) -> OwnerPage:
    person = data.directory().find(owner)
    keys = {owner, person.key if person else owner}
    for page in pages:
        if page.key in keys:
            return page
    raise UsageError(
        f"nothing is asked of {owner!r}",
        expected="the name, mail address or key of someone who answers for a content with remarks",
        remedy="see index.html, written without --owner, for the names",
    )


def _remove_old(folder: Path, written: set[str]) -> None:
    """Remove the pages of persons or groups that are no more: they show what may be closed by now."""
    for path in sorted(folder.glob("*")):
        if _PAGE_FILE.fullmatch(path.name) and path.stem not in written:
            with suppress(OSError):
                path.unlink()
