"""Add sources to a ``rseaudit.toml`` that people wrote: at its end, and nothing else in it changes."""

from __future__ import annotations

import os
import shutil
from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import TypeAdapter, ValidationError

from rseaudit.config.load import load
from rseaudit.config.settings import Settings
from rseaudit.config.template import quoted
from rseaudit.config.values import LANGUAGES, WebAddress
from rseaudit.errors import ConfigError, UsageError
from rseaudit.text import fold

_LONGEST_NAME = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSource:
    """A watched source that is not in the configuration yet."""

    name: str
    url: str
    platform: Literal["feed", "page"] = "feed"
    language: str | None = None


def table(source: NewSource) -> str:
    """Return the ``[[source]]`` table, one key a line, with its line end."""
    lines = [
        "[[source]]",
        f"name = {quoted(source.name)}",
        'role = "watched"',
        f"platform = {quoted(source.platform)}",
        f"url = {quoted(source.url)}",
    ]
    if source.language:
        lines.append(f"languages = [{quoted(source.language)}]")
    return "\n".join(lines) + "\n"


def append(path: Path, sources: Sequence[NewSource]) -> Settings:
    """Add the sources to the file and return what it says then. All or nothing, in one step.

    The result is loaded before it takes the file's place; line ends, byte order mark and permissions stay.
    Raises ``ConfigError`` when the file does not exist or the result would not load.
    """
    if not path.exists():
        raise ConfigError([f"{path}: there is no such file"], remedy="write one with: rseaudit init")
    real = path.resolve()  # a link stays one
    before = real.read_bytes()
    new = real.with_name(f".{real.name}.{os.getpid()}.new")
    try:
        new.write_bytes(extended(before, sources))
        shutil.copymode(real, new)
        settings = _loaded(new, shown=path)
        if real.read_bytes() != before:
            raise UsageError(
                "the file was changed meanwhile", where=str(path), remedy="save it, then try the same command again"
            )
        new.replace(real)
    except OSError as error:
        raise UsageError(f"this cannot be written: {error.strerror or error}", where=str(path)) from error
    finally:
        with suppress(OSError):
            new.unlink()
    return settings


def extended(before: bytes, sources: Sequence[NewSource]) -> bytes:
    """Return the content of a file with the tables at its end, in its own kind of line ends."""
    newline = b"\r\n" if b"\r\n" in before else b"\n"
    tables = "".join("\n" + table(source) for source in sources).encode().replace(b"\n", newline)
    end = b"" if not before or before.endswith(b"\n") else newline
    return before + end + (tables if before.strip() else tables.removeprefix(newline))


def _loaded(new: Path, *, shown: Path) -> Settings:
    try:
        return load(new)
    except ConfigError as error:
        # ``source = [{ … }]`` is closed: no table can be added to it.
        problems = [problem.replace(str(new), str(shown)) for problem in error.problems]
    raise ConfigError(
        problems, remedy="nothing was changed; write sources as [[source]] tables, and give each another name"
    )


def address_key(url: str) -> str:
    """Return what two spellings of one address have in common."""
    parts = urlsplit(url.strip())
    host = parts.netloc.lower().removesuffix(":80" if parts.scheme.lower() == "http" else ":443")
    query = f"?{parts.query}" if parts.query else ""
    return f"{parts.scheme.lower()}://{host}{parts.path or '/'}{query}"


def address_problem(url: str) -> str | None:
    """Say why a source cannot have this address, without repeating it; ``None`` when it can."""
    try:
        TypeAdapter(WebAddress).validate_python(url)
    except ValidationError as error:
        return str(error.errors(include_input=False, include_url=False)[0]["ctx"]["error"])
    return None


def language_key(lang: str | None) -> str | None:
    """Return the two letters of what a feed declares ("fr-FR"), or nothing when they are no language."""
    short = (lang or "").strip().lower()[:2]
    return short if short in LANGUAGES else None


def free_name(title: str, url: str, taken: Collection[str]) -> str:
    """Return a short name made from a title, else from the host, that no other source has."""
    base = _slug(title) or _slug(urlsplit(url).hostname or "") or "source"
    names: Iterable[str] = (base if number == 1 else f"{base}-{number}" for number in range(1, len(taken) + 2))
    return next(name for name in names if name not in taken)


def _slug(text: str) -> str:
    kept = "".join(c if c.isascii() and c.isalnum() else " " for c in fold(text))
    words = kept.split()
    while words and len("-".join(words)) > _LONGEST_NAME and len(words) > 1:
        words.pop()
    return "-".join(words)[:_LONGEST_NAME]
