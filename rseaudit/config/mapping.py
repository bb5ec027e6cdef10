"""The keys of a column map: which column of a table holds which field of a document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from rseaudit.config import toml
from rseaudit.config.table import Table
from rseaudit.config.validation import validated
from rseaudit.config.values import Kind, Name, Words, Zone, nearest
from rseaudit.model import Role, TextFormat, Visibility

# A day that tells day, month, year, hours and minutes apart.
_PROBE = datetime(2026, 11, 23, 14, 5)  # noqa: DTZ001 - a pattern is tried with it, nothing more


def _date_format(pattern: str) -> str:
    try:
        found = datetime.strptime(_PROBE.strftime(pattern), pattern) if "%" in pattern else None  # noqa: DTZ007
    except ValueError:
        found = None
    if found is None or found.date() != _PROBE.date():
        raise ValueError(f'"{pattern}" is not a pattern for dates; expected day, month and year, such as "%d/%m/%Y"')
    return pattern


def _encoding(name: str) -> str:
    try:
        "é".encode(name)
    except (LookupError, UnicodeEncodeError):
        raise ValueError(f'"{name}" is not a known encoding; expected "utf-8-sig", "cp1252" or another') from None
    return name


DateFormat = Annotated[str, AfterValidator(_date_format), Kind('a pattern for dates, such as "%d/%m/%Y"')]
Encoding = Annotated[str, AfterValidator(_encoding), Kind('an encoding, such as "utf-8-sig" or "cp1252"')]
Delimiter = Annotated[str, Field(min_length=1, max_length=1), Kind('one sign, such as ";" or "\\t"')]


class Columns(Table):
    """Field of a document = header of its column, as it stands in the table."""

    id: Words
    text: Words
    title: Words | None = None
    url: Words | None = None
    kind: Words | None = None
    author: Words | None = None
    owner: Words | None = None
    last_editor: Words | None = None
    author_active: Words | None = None
    owner_active: Words | None = None
    created: Words | None = None
    modified: Words | None = None
    visibility: Words | None = None
    space: Words | None = None
    spaces: Words | None = None
    tags: Words | None = None
    lang: Words | None = None
    comments: Words | None = None
    likes: Words | None = None
    views: Words | None = None
    shared_from: Words | None = None
    translation_of: Words | None = None
    canonical: Words | None = None

    @model_validator(mode="after")
    def _names_spaces_once(self) -> Self:
        if self.space and self.spaces:
            raise ValueError('only one of space and spaces can be used: "spaces" holds several in one cell')
        return self


class Values(Table):
    """Word of a column = our word."""

    visibility: dict[str, Visibility] = Field(default={})


class ColumnMap(Table):
    """What a table's columns mean. ``skip`` leaves rows out: header = list of cells, ``"*"`` for any text.

    ``empty`` lists the texts that stand for an empty cell. ``separator`` parts the names of the
    columns ``spaces`` and ``tags``. Dates are tried in the order of ``date_formats``, then as ISO 8601.
    """

    source: Name
    role: Role = "reference"
    timezone: Zone = "Europe/Paris"
    kind: Words = "page"
    format: TextFormat = "text"
    visibility: Visibility | None = None
    date_formats: list[DateFormat] = Field(default=[])
    separator: Words = ";"
    empty: list[str] = Field(default=[])
    delimiter: Delimiter | None = None
    encoding: Encoding = "utf-8-sig"
    sheet: Words | None = None
    columns: Columns
    values: Values = Field(default=Values())
    skip: dict[str, list[str]] = Field(default={})

    @model_validator(mode="after")
    def _says_visibility_once(self) -> Self:
        if self.visibility is not None and self.columns.visibility is not None:
            raise ValueError("visibility is given twice: as one word for all rows and as a column")
        if self.values.visibility and self.columns.visibility is None:
            raise ValueError("[values.visibility] serves a column: name it in [columns] as visibility = …")
        return self

    def fields(self) -> Mapping[str, str]:
        """Return the header of each field that has a column, as ``plain_header`` writes it."""
        given = {name: getattr(self.columns, name) for name in type(self.columns).model_fields}
        return {name: plain_header(header) for name, header in given.items() if header is not None}


@dataclass(frozen=True, slots=True)
class MapFile:
    """A column map with its places, for what only the tables can show to be wrong."""

    map: ColumnMap
    parsed: toml.Parsed

    def problems(self, headers: Sequence[str], table: str) -> Iterator[str]:
        """Yield what the map asks of a table that the table does not have, as ``map.toml:9: columns.title: …``."""
        wanted = [(("columns", name), header) for name, header in self.map.fields().items()]
        wanted += [(("skip", header), header) for header in self.map.skip]
        for place, header in wanted:
            count = headers.count(plain_header(header))
            if count != 1:
                what = f"has {count} columns" if count else "has no column"
                yield self.parsed.problem(place, f'{table} {what} "{header}"{"" if count else _known(header, headers)}')


def read_map(path: Path) -> MapFile:
    """Read a column map. Raises ``ConfigError`` with all of its problems."""
    parsed = toml.read(path)
    return MapFile(validated(ColumnMap, parsed, base=path.parent), parsed)


def plain_header(text: str) -> str:
    """Return a header without the spaces and line breaks that spreadsheets put around and into it."""
    return " ".join(text.split())


def _known(header: str, headers: Sequence[str]) -> str:
    wanted = header.casefold()
    longer = (name for name in headers if name and (name.casefold() in wanted or wanted in name.casefold()))
    guess = nearest(header, list(headers)) or next(longer, None)
    if guess is not None:
        return f'; did you mean "{guess}"?'
    shown = ", ".join(f'"{name}"' for name in headers[:12] if name)
    return f"; its columns: {shown}{' …' if len(headers) > 12 else ''}"
