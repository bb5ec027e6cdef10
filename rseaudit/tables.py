"""Make documents of the rows of tables, as a column map says; a bad cell is named and its neighbours are kept.

An export often holds several versions of one message: the last one wins, by its date of change or
creation; where neither is known, by its place in the files.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import get_args
from zoneinfo import ZoneInfo

from rseaudit.config.mapping import ColumnMap, MapFile, plain_header
from rseaudit.errors import ConfigError
from rseaudit.model import Visibility
from rseaudit.spreadsheet import Fault, Row, Sheet, Value, read_sheet

Line = dict[str, object]

_DATES = ("created", "modified")
_COUNTS = ("comments", "likes", "views")
_FLAGS = ("author_active", "owner_active")
_LISTS = ("spaces", "tags")
_YES = frozenset("true yes oui vrai 1 actif active".split())
_NO = frozenset("false no non faux 0 inactif inactive".split())
_OLDEST = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """What tables hold: lines of documents with their places, and what became of every other row.

    ``failed`` rows have a bad cell, each named in ``problems``; ``skipped`` ones were left out by the
    map or are earlier versions.
    """

    lines: tuple[tuple[str, Line], ...]
    problems: tuple[str, ...]
    failed: int
    skipped: int


class BadCell(ValueError):
    """A cell whose text is not what its column holds."""


def read_tables(names: Sequence[str], chosen: MapFile) -> Tables:
    """Read the files as one. Raises ``ConfigError`` with all columns that are not there, in all files."""
    settings = chosen.map
    wanted = [*settings.fields().values(), *map(plain_header, settings.skip)]
    sheets = [
        read_sheet(
            name,
            wanted=wanted,
            delimiter=settings.delimiter,
            encoding=settings.encoding,
            sheet=settings.sheet,
        )
        for name in names
    ]
    missing = [text for sheet in sheets for text in chosen.problems(sheet.headers, sheet.table)]
    if missing:
        raise ConfigError(missing, remedy="correct the column map, or name the files it is made for")
    return map_rows(sheets, settings)


def map_rows(sheets: Iterable[Sheet], settings: ColumnMap) -> Tables:
    """Turn rows into lines of the exchange format; the sheets have all the columns that the map names."""
    problems: list[str] = []
    failed = skipped = 0
    newest: dict[str, tuple[datetime, str, Line]] = {}
    reader = _RowReader(settings)
    for sheet in sheets:
        problems += sheet.problems
        failed += len(sheet.problems)
        for row in sheet.rows:
            if reader.is_left_out(row):
                skipped += 1
                continue
            line, wrong = reader.read(row)
            problems += wrong
            failed += bool(wrong)
            if wrong:
                continue
            changed = _instant(line)
            known = newest.get(str(line["id"]))
            skipped += known is not None
            if known is None or changed >= known[0]:
                newest[str(line["id"])] = (changed, row.where, line)
    return Tables(
        lines=tuple((where, line) for _, where, line in newest.values()),
        problems=tuple(problems),
        failed=failed,
        skipped=skipped,
    )


def _instant(line: Line) -> datetime:
    text = line.get("modified") or line.get("created")
    return datetime.fromisoformat(str(text)) if text else _OLDEST


class _RowReader:
    """Reads cells into fields; made once for a map."""

    def __init__(self, settings: ColumnMap) -> None:
        self._settings = settings
        self._zone = ZoneInfo(settings.timezone)
        self._empty = {_plain(text) for text in settings.empty}
        self._visibilities = {_plain(word): ours for word, ours in settings.values.visibility.items()}
        self._skip = {plain_header(header): {_plain(t) for t in texts} for header, texts in settings.skip.items()}
        self._fields = settings.fields()

    def is_left_out(self, row: Row) -> bool:
        """Tell whether the map's ``skip`` leaves a row out."""
        for header, texts in self._skip.items():
            value = self._value(row, header)
            if value is not None and ("*" in texts or _plain(_text(value)) in texts):
                return True
        return False

    def read(self, row: Row) -> tuple[Line, list[str]]:
        """Return the line of a row and what is wrong with its cells, all of them."""
        settings = self._settings
        line: Line = {"source": settings.source, "role": settings.role, "kind": settings.kind}
        line |= {"format": settings.format, "visibility": settings.visibility}
        wrong = []
        if row.extra:
            wrong.append(f"{row.where}: more cells than headers; expected one for each, quoted where it holds the sign")
        for field, header in self._fields.items():
            try:
                line[field] = self._field(field, self._value(row, header))
            except BadCell as error:
                wrong.append(f"{row.place(header)}: {error}")
        line["kind"] = line["kind"] or settings.kind
        return line, wrong

    def _value(self, row: Row, header: str) -> Value:
        value = row.cells[header]
        return None if isinstance(value, str) and _plain(value) in self._empty else value

    def _field(self, field: str, value: Value) -> object:
        if isinstance(value, Fault):
            raise BadCell(f"the spreadsheet could not compute this cell ({value.text})")
        if value is None:
            if field == "id":
                raise BadCell("is empty; expected the platform's own id")
            return "" if field == "text" else None
        for names, read in self._readers():
            if field in names:
                return read(value)
        return _text(value) if field == "text" else _text(value).strip()

    def _readers(self) -> Iterator[tuple[Sequence[str], Callable[[Value], object]]]:
        yield _DATES, self._date
        yield _COUNTS, _count
        yield _FLAGS, _flag
        yield _LISTS, self._names
        yield ("visibility",), self._visibility

    def _names(self, value: Value) -> list[str]:
        names = [name.strip() for name in _text(value).split(self._settings.separator)]
        return list(dict.fromkeys(name for name in names if name))

    def _date(self, value: Value) -> str:
        when = value if isinstance(value, datetime) else self._parsed(_text(value).strip())
        return (when if when.tzinfo else when.replace(tzinfo=self._zone)).isoformat()

    def _parsed(self, text: str) -> datetime:
        formats = self._settings.date_formats
        for pattern in formats:
            try:
                return datetime.strptime(text, pattern)  # noqa: DTZ007 - its zone is that of the map
            except ValueError:
                continue
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            expected = " or ".join(formats) or "2026-03-04T09:00:00"
        raise BadCell(f'"{_short(text)}" is not a date; expected {expected}')

    def _visibility(self, value: Value) -> str:
        word = _text(value).strip()
        if self._visibilities:
            if (ours := self._visibilities.get(_plain(word))) is not None:
                return ours
            known = ", ".join(self._settings.values.visibility)
            raise BadCell(f'"{_short(word)}" is not in [values.visibility]; expected {known}')
        if word in get_args(Visibility):
            return word
        known = ", ".join(get_args(Visibility))
        raise BadCell(f'"{_short(word)}" is not a visibility; expected {known}, or a table [values.visibility]')


def _count(value: Value) -> int:
    text = _text(value).strip().replace("\u00a0", "").replace("\u202f", "")
    if not (text.isascii() and text.isdigit()):
        raise BadCell(f'"{_short(text)}" is not a count; expected a whole number, or nothing when unknown')
    return int(text)


def _flag(value: Value) -> bool:
    text = _plain(_text(value))
    if text not in _YES | _NO:
        raise BadCell(f'"{_short(text)}" is neither yes nor no; expected oui, non, true, false, 1, 0, or nothing')
    return text in _YES


def _text(value: Value) -> str:
    """Write a cell as people see it: a whole number without its decimals, an instant in ISO 8601."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.isoformat()
    return "" if value is None else value.text if isinstance(value, Fault) else str(value)


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def _short(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= 40 else f"{plain[:39]}…"
