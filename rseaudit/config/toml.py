"""Read a TOML file and remember on which line each key stands."""

from __future__ import annotations

import codecs
import tomllib
from dataclasses import dataclass
from pathlib import Path

from rseaudit.config.positions import Place, Positions, positions
from rseaudit.config.slips import HASHTAG, syntax_problems
from rseaudit.errors import ConfigError


@dataclass(frozen=True, slots=True)
class Parsed:
    """A document with its places. ``name`` is the file as people know it.

    Not in ``repr``: the data, which may hold what must not be shown.
    """

    name: str
    _data: dict[str, object]
    _positions: Positions

    @property
    def data(self) -> dict[str, object]:
        """The tables as ``tomllib`` gives them."""
        return self._data

    def locate(self, place: Place) -> int:
        """Return the line (from 1) of a key, table or list element, such as ``("source", 1, "platform")``.

        What is absent has the line of the nearest table around it; the document itself has line 1.
        """
        return self._positions.locate(place)

    def problem(self, place: Place, text: str) -> str:
        """Write ``rseaudit.toml:8: source[1].platform: text``."""
        key, where = dotted(place), f"{self.name}:{self.locate(place)}"
        return f"{where}: {key}: {text}" if key else f"{where}: {text}"

    def __repr__(self) -> str:
        return f"Parsed(name={self.name!r})"


def read(path: Path) -> Parsed:
    """Read a file of UTF-8, with or without byte order mark.

    Raises ``ConfigError`` with every problem that can be told apart, none of which shows a value.
    """
    text = _text(path)
    try:
        data, failure = tomllib.loads(text), None
    except tomllib.TOMLDecodeError as error:
        data, failure = {}, str(error)
    except RecursionError:
        data, failure = {}, "lists or tables stand too deep inside one another (at line 1, column 1)"
    except ValueError:
        data, failure = {}, "a number is too long (at line 1, column 1)"
    # Raised outside of ``except``: a decoding error carries the whole document along.
    places = positions(text)
    name = str(path)
    if failure is not None:
        raise ConfigError([f"{name}:{line}: {what}" for line, what in syntax_problems(text, failure, places)])
    if places.hashtags:
        raise ConfigError([f"{name}:{line}: {HASHTAG}" for line in places.hashtags])
    return Parsed(name, data, places)


def dotted(place: Place) -> str:
    """Write ``("source", 1, "url")`` as ``source[1].url``; the first of a list has the number 0."""
    text = ""
    for part in place:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def _text(path: Path) -> str:
    try:
        raw, failure = path.read_bytes(), None
    except FileNotFoundError:
        raw, failure = b"", "there is no such file"
    except IsADirectoryError:
        raw, failure = b"", "this is a folder, not a file"
    except OSError as error:
        raw, failure = b"", f"cannot be read: {error.strerror}"
    if failure is not None:
        raise ConfigError([f"{path}: {failure}"], remedy="write one with: rseaudit init")
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise ConfigError([f"{path}:1: is written in UTF-16"], remedy="save it as UTF-8")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line, sign = raw.count(b"\n", 0, error.start) + 1, raw[error.start]
    raise ConfigError([f"{path}:{line}: is not UTF-8 (byte {sign:#04x})"], remedy="save it as UTF-8")
