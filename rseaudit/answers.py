"""Read what people filled in and sent back: decisions on findings, and who owns which space.

The headers are keys, the same in both languages, so that a table finds its way back whoever filled it in.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType
from typing import cast, get_args

from rseaudit.config.values import did_you_mean, nearest
from rseaudit.errors import UsageError
from rseaudit.model import Decision, Proposal, Space, Visibility
from rseaudit.spreadsheet import Row, Sheet
from rseaudit.text import fold

DECISIONS = (
    "id", "rule", "document", "space", "owner", "reason", "proposed", "decision", "decision_reason", "decided_by",
)  # fmt: skip
SPACES = ("source", "name", "visibility", "owners", "moderators", "members")
# The words that are written and read, by language; the English ones are also the keys.
WORDS: Mapping[str, Mapping[Proposal, str]] = MappingProxyType(
    {
        "en": {proposal: proposal for proposal in get_args(Proposal)},
        "fr": {
            "keep": "garder",
            "update": "mettre à jour",
            "merge": "fusionner",
            "archive": "archiver",
            "assign-owner": "désigner",
        },
    }
)
_WITHDRAWN = ("withdraw", "retirer")
_ESCAPED = re.compile(r"'\s*[=+\-@\uff1d\uff0b\uff0d\uff20]")
_NUMBER = re.compile(r"[\d.,]+(?:[eE]\+?\d+)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """The decisions of a table, the findings whose decision is taken back, and the rows that cannot be used.

    ``problems`` has one text for each of them; rows without a decision are ``open``.
    """

    decisions: tuple[Decision, ...]
    withdrawn: tuple[str, ...]
    problems: tuple[str, ...]
    open: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SpaceRows:
    """The spaces of a table and the rows that cannot be used, one problem for each."""

    spaces: tuple[Space, ...]
    problems: tuple[str, ...]


@dataclass(slots=True)
class _Columns:
    """Finds cells by key, however the header is written."""

    headers: Mapping[str, str] = field(default_factory=dict)

    def cell(self, row: Row, key: str) -> str:
        """Return a cell as text; the apostrophe that kept it from being a formula is taken off."""
        header = self.headers.get(key)
        value = row.cells[header] if header is not None else None
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        text = " ".join(str(value).split()) if value is not None else ""
        return text[1:] if _ESCAPED.match(text) else text

    def place(self, row: Row, key: str) -> str:
        return row.place(self.headers[key]) if key in self.headers else row.where


def read_decisions(sheet: Sheet, *, known: Mapping[str, tuple[str, str]], now: datetime) -> Answers:
    """Read the rows that have a decision. ``known`` leads from findings to their rule and ``source/id``.

    ``keep`` needs a reason, for it silences the finding. Raises ``UsageError`` when a column is missing.
    """
    columns = _columns(sheet, ("id", "decision"))
    found: dict[str, tuple[Decision | None, int]] = {}
    problems = list(sheet.problems)
    unanswered = 0
    for row in sheet.rows:
        word = columns.cell(row, "decision")
        if not word:
            unanswered += 1
            continue
        try:
            id_ = _finding(columns, row, known)
            decision = _decision(columns, row, id_, word, now)
        except ValueError as problem:
            problems.append(str(problem))
            continue
        before = found.get(id_)
        if before is not None and before[0] != decision:
            place = columns.place(row, "decision")
            problems.append(f"{place}: row {before[1]} answers the same finding otherwise; expected one answer")
            continue
        found.setdefault(id_, (decision, row.number))
    return Answers(
        decisions=tuple(decision for decision, _ in found.values() if decision is not None),
        withdrawn=tuple(id_ for id_, (decision, _) in found.items() if decision is None),
        problems=tuple(problems),
        open=unanswered,
    )


def _finding(columns: _Columns, row: Row, known: Mapping[str, tuple[str, str]]) -> str:
    id_ = columns.cell(row, "id")
    if id_ in known:
        return id_
    if _NUMBER.fullmatch(id_):
        # Spreadsheets turn an id such as 12345678901234e5 into a number; its other columns still tell.
        rule, document = columns.cell(row, "rule"), columns.cell(row, "document")
        meant = [key for key, where in known.items() if rule and where == (rule, document)]
        if len(meant) == 1:
            return meant[0]
    what = f'"{id_}" is no finding of the last audit' if id_ else "is empty"
    raise ValueError(f"{columns.place(row, 'id')}: {what}; expected an id of `rseaudit export --decisions`")


def _decision(columns: _Columns, row: Row, id_: str, word: str, now: datetime) -> Decision | None:
    plain = _plain(word)
    if plain in _WITHDRAWN:
        return None
    meaning = {_plain(written): proposal for words in WORDS.values() for proposal, written in words.items()}
    if plain not in meaning:
        guess = did_you_mean(nearest(word, [*WORDS["fr"].values(), *WORDS["en"].values()]))
        expected = ", ".join(WORDS["fr"].values())
        raise ValueError(
            f'{columns.place(row, "decision")}: "{word}" is not a decision{guess or ";"} expected {expected}'
        )
    reason = columns.cell(row, "decision_reason")
    if meaning[plain] == "keep" and not reason:
        place = columns.place(row, "decision_reason")
        raise ValueError(f"{place}: is empty; expected why the content stays as it is, for the finding is silenced")
    by = columns.cell(row, "decided_by")
    return Decision(finding=id_, proposal=meaning[plain], reason=reason, by=by, at=now)


def read_spaces(sheet: Sheet, *, known: Sequence[Space], sources: Collection[str]) -> SpaceRows:
    """Read spaces; a column that is not there changes nothing, an empty cell empties.

    Raises ``UsageError`` when ``source`` or ``name`` has no column.
    """
    columns = _columns(sheet, ("source", "name"))
    before = {(space.source, space.name): space for space in known}
    found: dict[tuple[str, str], Space] = {}
    problems = list(sheet.problems)
    for row in sheet.rows:
        try:
            space = _space(columns, row, before, sources)
        except ValueError as problem:
            problems.append(str(problem))
            continue
        found[space.source, space.name] = space
    return SpaceRows(spaces=tuple(found.values()), problems=tuple(problems))


def _space(columns: _Columns, row: Row, known: Mapping[tuple[str, str], Space], sources: Collection[str]) -> Space:
    source, name = columns.cell(row, "source"), columns.cell(row, "name")
    if source not in sources:
        guess = did_you_mean(nearest(source, sorted(sources))) or ";"
        place = columns.place(row, "source")
        raise ValueError(f'{place}: "{source}" is not a known source{guess} expected {", ".join(sorted(sources))}')
    if not name:
        raise ValueError(f"{columns.place(row, 'name')}: is empty; expected the name of a space")
    space = known.get((source, name), Space(source=source, name=name))
    if "visibility" in columns.headers:
        word = columns.cell(row, "visibility") or "unknown"
        if word not in get_args(Visibility):
            guess = did_you_mean(nearest(word, list(get_args(Visibility)))) or ";"
            place, expected = columns.place(row, "visibility"), ", ".join(get_args(Visibility))
            raise ValueError(f'{place}: "{word}" is not a visibility{guess} expected {expected}')
        space = replace(space, visibility=cast("Visibility", word))
    if "owners" in columns.headers:
        space = replace(space, owners=split_names(columns.cell(row, "owners")))
    if "moderators" in columns.headers:
        space = replace(space, moderators=split_names(columns.cell(row, "moderators")))
    if "members" in columns.headers:
        text = columns.cell(row, "members")
        space = replace(space, members=split_names(text) if text else None)
    return space


def join_names(names: Sequence[str] | None) -> str:
    """Write names into one cell: ``a;b``, a name with ``;`` in double quotes; unknown is empty, nobody is ``;``."""
    if not names:
        return "" if names is None else ";"
    quoted = (f'"{name.replace(chr(34), chr(34) * 2)}"' if {";", '"'} & set(name) else name for name in names)
    return ";".join(quoted)


def split_names(text: str) -> tuple[str, ...]:
    """Read what ``join_names`` wrote."""
    cells = next(csv.reader([text], delimiter=";", skipinitialspace=True), [])
    return tuple(dict.fromkeys(name.strip() for name in cells if name.strip()))


def _columns(sheet: Sheet, needed: Sequence[str]) -> _Columns:
    headers = {header.casefold(): header for header in reversed(sheet.headers) if header}
    missing = list(_missing(headers, needed))
    if missing:
        raise UsageError("; ".join(missing), where=sheet.table, expected=f"columns named {', '.join(needed)}")
    return _Columns(headers)


def _missing(headers: Mapping[str, str], needed: Sequence[str]) -> Iterator[str]:
    for key in needed:
        if key not in headers:
            yield f'there is no column "{key}"{did_you_mean(nearest(key, list(headers)))}'


def _plain(text: str) -> str:
    return " ".join(fold(text).split())
