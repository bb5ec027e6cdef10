"""Read the rows of CSV and XLSX files, each cell with the place where people find it again.

The first row that holds anything is the header. Formulas are never computed: their last result, as
the spreadsheet saved it, is what is read.
"""

from __future__ import annotations

import csv
import io
import sys
import warnings
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from rseaudit.errors import UsageError
from rseaudit.text import clean

DELIMITERS = (";", ",", "\t", "|")
ENDINGS = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm")
_WORKBOOKS = (".xlsx", ".xlsm")
_MAX_MEMBER_BYTES = 1024**3


@dataclass(frozen=True, slots=True)
class Fault:
    """A cell that a spreadsheet could not compute, such as ``#REF!``."""

    text: str


Value = str | int | float | bool | datetime | Fault | None


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number as spreadsheets count, from 1, and its cells by header; an empty one is ``None``.

    ``extra`` holds what stands to the right of the last header.
    """

    table: str
    number: int
    cells: Mapping[str, Value]
    letters: Mapping[str, str]
    extra: tuple[Value, ...] = ()

    def place(self, header: str) -> str:
        """Return ``export.xlsx!Feuille1!C17``."""
        return f"{self.table}!{self.letters[header]}{self.number}"

    @property
    def where(self) -> str:
        """Return ``export.xlsx!Feuille1!17``, the row as a whole."""
        return f"{self.table}!{self.number}"


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of one table in their order. ``problems`` names the rows that could not be cut into cells."""

    table: str
    headers: tuple[str, ...]
    rows: tuple[Row, ...]
    problems: tuple[str, ...] = field(default=())


def read_sheet(
    name: str,
    *,
    wanted: Sequence[str],
    delimiter: str | None = None,
    encoding: str = "utf-8-sig",
    sheet: str | None = None,
) -> Sheet:
    """Read a file, or ``-`` for CSV from standard input; of a workbook the first sheet, or the one named.

    Without ``delimiter`` the one that finds most of the ``wanted`` headers is taken. A byte order
    mark wins over ``encoding``. Raises ``UsageError`` for what is no table at all.
    """
    if name != "-" and Path(name).suffix.lower() in _WORKBOOKS:
        return _workbook(name, sheet)
    if Path(name).suffix.lower() in (".xls", ".ods"):
        raise UsageError("this kind of workbook is not read", where=name, remedy="save it as .xlsx or .csv")
    try:
        raw = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        raise UsageError(f"cannot be read: {error.strerror}", where=name, expected="a CSV or XLSX file") from None
    return _csv("standard input" if name == "-" else Path(name).name, _decoded(raw, encoding, name), wanted, delimiter)


def _decoded(raw: bytes, encoding: str, name: str) -> str:
    if raw.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        encoding = "utf-16"
    elif raw.startswith(b"\xef\xbb\xbf"):
        encoding = "utf-8-sig"
    try:
        return clean(raw.decode(encoding))
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        guess = "cp1252" if encoding.startswith("utf") else "utf-8-sig"
    raise UsageError(
        f"line {line} is not {encoding}",
        where=name,
        expected=f"the encoding that the file was saved in, perhaps {guess}",
        remedy=f'write encoding = "{guess}" into the column map, or save the file as "CSV UTF-8"',
    )


def _csv(table: str, text: str, wanted: Sequence[str], delimiter: str | None) -> Sheet:
    limit = csv.field_size_limit(max(len(text), 1))  # a message may be longer than the usual 131 072 signs
    try:
        return _parsed(table, text, delimiter or _delimiter(text, wanted))
    finally:
        csv.field_size_limit(limit)


def _delimiter(text: str, wanted: Sequence[str]) -> str:
    def found(sign: str) -> tuple[int, int]:
        with_sign = csv.reader(io.StringIO(text, newline=""), delimiter=sign)
        headers = next((_headers(row) for row in with_sign if any(cell.strip() for cell in row)), ())
        return len(set(headers) & set(wanted)), len(headers)

    return max(DELIMITERS, key=found)


def _parsed(table: str, text: str, delimiter: str) -> Sheet:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    cut: list[tuple[int, Sequence[Value]]] = []
    problems: list[str] = []
    number = 0
    while True:
        number += 1
        first = reader.line_num + 1
        try:
            cut.append((number, [cell if cell.strip() else None for cell in next(reader)]))
        except StopIteration:
            break
        except csv.Error as error:
            if "unexpected end" in str(error):
                what = "a quotation mark is opened and never closed; the rest of the file is not read"
            else:
                what = 'a quotation mark inside a cell is not doubled; expected "" for each one'
            problems.append(f"{table}!{number}: line {first}: {what}")
    return _sheet(table, iter(cut), problems)


def _workbook(name: str, wanted: str | None) -> Sheet:
    from zipfile import BadZipFile, ZipFile

    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    table = Path(name).name
    try:
        with ZipFile(name) as archive:
            if any(member.file_size > _MAX_MEMBER_BYTES for member in archive.infolist()):
                raise UsageError("this workbook is larger than 1 GB once unpacked", where=name, remedy="split it")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl tells of styles and validations that it leaves aside
            book = load_workbook(name, read_only=True, data_only=True)
            try:
                sheet = _named(book.sheetnames, wanted, name)
                rows = book[sheet]
                rows.reset_dimensions()  # some exporters write wrong ones, and rows would be cut
                cut = [(number, [_cell(cell) for cell in row]) for number, row in enumerate(rows.iter_rows(), 1)]
            finally:
                book.close()
    except OSError as error:
        raise UsageError(f"cannot be read: {error.strerror}", where=name, expected="a CSV or XLSX file") from None
    except (BadZipFile, InvalidFileException, KeyError, ValueError, SyntaxError) as error:
        what = f"this is no workbook that can be read ({type(error).__name__})"
        raise UsageError(what, where=name, remedy="open it and save it as .xlsx, without a password") from None
    return _sheet(f"{table}!{sheet}", iter(cut), [])


def _named(names: Sequence[str], wanted: str | None, where: str) -> str:
    if wanted is None or wanted in names:
        return wanted or names[0]
    raise UsageError(f'there is no sheet "{wanted}"', where=where, expected=", ".join(names))


def _cell(cell: object) -> Value:
    value = getattr(cell, "value", None)
    if getattr(cell, "data_type", "") == "e":
        return Fault(str(value))
    if isinstance(value, str):
        return clean(value) if value.strip() else None
    if value is None or isinstance(value, bool | int | float | datetime):
        return value
    return str(value)  # a time or a duration: no field of a document holds one


def _sheet(table: str, cut: Iterator[tuple[int, Sequence[Value]]], problems: list[str]) -> Sheet:
    headers = next((_headers(row) for _, row in cut if any(cell is not None for cell in row)), None)
    if headers is None:
        raise UsageError("this table is empty", where=table, expected="a row of headers, then one row for each item")
    letters = {header: _letter(column) for column, header in enumerate(headers) if header}
    rows = []
    for number, row in cut:
        if any(cell is not None for cell in row):
            cells: dict[str, Value] = dict.fromkeys(letters)
            cells |= {header: cell for header, cell in zip(headers, row, strict=False) if header}
            extra = tuple(cell for cell in row[len(headers) :] if cell is not None)
            rows.append(Row(table, number, cells, letters, extra))
    return Sheet(table, headers, tuple(rows), tuple(problems))


def _headers(row: Sequence[object]) -> tuple[str, ...]:
    headers = [" ".join(str(cell).split()) if cell is not None else "" for cell in row]
    while headers and not headers[-1]:
        headers.pop()
    return tuple(headers)


def _letter(column: int) -> str:
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
