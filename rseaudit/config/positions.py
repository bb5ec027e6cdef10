"""Find the line of every key of a TOML document, which ``tomllib`` does not tell.

The scanner follows the grammar of keys, headers, strings, arrays and inline tables; it does not
check values, since ``tomllib`` has accepted the document. On a document that it has refused, the
scanner goes as far as it understands.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_left
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

Place = tuple[str | int, ...]

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_BLANK = re.compile(r"[ \t]*")
_BLANK_LINES = re.compile(r"(?:[ \t\n]|#[^\n]*)*")
_STRING = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*"{3,5}' r"|'''(?:[^']|'(?!''))*'{3,5}" r'|"(?:[^"\\\n]|\\.)*"' r"|'[^'\n]*'",
    re.DOTALL,
)
_SCALAR = re.compile(r"[^,\]}#\n]+")
# ``[ #word`` or a line of a list that is only ``#word,``: a term without its quotes. A sentence is a comment.
_HASHTAG = re.compile(r"(?:(?<=\[)|^)[ \t]*#[^\W\d][\w'’-]*[ \t]*,?[ \t]*$|#[^\W\d][\w'’-]*[ \t]*\]", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Positions:
    """``lines``: each key, table and list element with its line (from 1), in order of appearance.

    ``repeated``: a key that is given twice with its first and second line (in a refused document).
    ``hashtags``: lines of a list on which ``#word`` is a comment, most likely by mistake.
    """

    lines: Mapping[Place, int]
    repeated: tuple[tuple[Place, int, int], ...]
    hashtags: tuple[int, ...]

    def locate(self, place: Place) -> int:
        """Return the line of ``place``, or of the nearest table around it when it is absent."""
        while place:
            if (line := self.lines.get(place)) is not None:
                return line
            place = place[:-1]
        return 1


class _Lost(Exception):
    """The document is not TOML from here on."""


def positions(text: str) -> Positions:
    """Scan a document, LF or CRLF; linear in its length."""
    scanner = _Scanner(text.replace("\r\n", "\n"))
    with suppress(_Lost, RecursionError):
        scanner.document()
    return Positions(scanner.lines, tuple(scanner.repeated), tuple(scanner.hashtags))


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.lines: dict[Place, int] = {}
        self.repeated: list[tuple[Place, int, int]] = []
        self.hashtags: list[int] = []
        self._ends = [match.start() for match in re.finditer("\n", text)]
        self._explicit: set[Place] = set()
        self._last: dict[Place, int] = {}  # of each array of tables, the index of its newest table

    def document(self) -> None:
        table: Place = ()
        while self._skip(_BLANK_LINES) < len(self.text):
            if self._take("[["):
                table = self._header(array=True)
            elif self._take("["):
                table = self._header(array=False)
            else:
                self._pair(table)
            self._skip(_BLANK)

    def _header(self, *, array: bool) -> Place:
        line = self._line()
        *parents, name = self._key()
        self._expect("]]" if array else "]")
        place: Place = ()
        for part in parents:
            place = self._newest((*place, part))
            self.lines.setdefault(place, line)
        place = (*place, name)
        if not array:
            # An array of tables continues only in sub-tables: this header itself would be refused.
            self._declare(place, line)
            return place
        self.lines.setdefault(place, line)
        self._last[place] = index = self._last.get(place, -1) + 1
        self._declare((*place, index), line)
        return (*place, index)

    def _newest(self, place: Place) -> Place:
        self.lines.setdefault(place, self._line())
        return (*place, self._last[place]) if place in self._last else place

    def _pair(self, table: Place) -> None:
        line = self._line()
        *parents, name = self._key()
        place = table
        for part in parents:
            place = (*place, part)
            self.lines.setdefault(place, line)
        self._expect("=")
        place = (*place, name)
        self._declare(place, line)
        self._skip(_BLANK)
        self._value(place)

    def _declare(self, place: Place, line: int) -> None:
        if place in self._explicit:
            self.repeated.append((place, self.lines[place], line))
            return
        self._explicit.add(place)
        self.lines[place] = line

    def _key(self) -> list[str]:
        parts = []
        while True:
            self._skip(_BLANK)
            if found := _BARE.match(self.text, self.at):
                parts.append(found[0])
            elif (found := _STRING.match(self.text, self.at)) and not found[0].startswith(('"""', "'''")):
                parts.append(_decoded(found[0]))
            else:
                raise _Lost
            self.at = found.end()
            self._skip(_BLANK)
            if not self._take("."):
                return parts

    def _value(self, place: Place) -> None:
        if self._take("["):
            self._elements(place)
        elif self._take("{"):
            self._members(place)
        elif found := _STRING.match(self.text, self.at) or _SCALAR.match(self.text, self.at):
            self.at = found.end()
        else:
            raise _Lost

    def _elements(self, place: Place) -> None:
        index = 0
        while True:
            self._skip_in_list()
            if self._take("]"):
                return
            self._declare((*place, index), self._line())
            self._value((*place, index))
            index += 1
            self._skip_in_list()
            if not self._take(","):
                self._expect("]")
                return

    def _members(self, place: Place) -> None:
        while True:
            self._skip(_BLANK_LINES)  # line breaks are allowed from TOML 1.1 on
            if self._take("}"):
                return
            self._pair(place)
            self._skip(_BLANK_LINES)
            if not self._take(","):
                self._expect("}")
                return

    def _skip_in_list(self) -> None:
        start = self.at
        end = self._skip(_BLANK_LINES)
        # With the "[" or the line's first signs before it, since a comment after an element is one.
        for found in _HASHTAG.finditer(self.text, max(start - 1, 0), end):
            self.hashtags.append(self._line(found.end()))

    def _line(self, at: int | None = None) -> int:
        return bisect_left(self._ends, self.at if at is None else at) + 1

    def _skip(self, pattern: re.Pattern[str]) -> int:
        found = pattern.match(self.text, self.at)
        self.at = found.end() if found else self.at
        return self.at

    def _take(self, sign: str) -> bool:
        if not self.text.startswith(sign, self.at):
            return False
        self.at += len(sign)
        return True

    def _expect(self, sign: str) -> None:
        self._skip(_BLANK)
        if not self._take(sign):
            raise _Lost


def _decoded(string: str) -> str:
    """Return the text of a quoted key, its escapes decoded as ``tomllib`` does."""
    try:
        value: str = tomllib.loads(f"key = {string}")["key"]
    except tomllib.TOMLDecodeError:
        return string
    return value
