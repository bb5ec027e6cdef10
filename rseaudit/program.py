"""What the program is made of: results of an earlier run are taken up only where it is the same."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from importlib.resources.abc import Traversable

from rseaudit import __version__
from rseaudit.ids import short_hash


@cache
def made_of(parts: tuple[str, ...], libraries: tuple[str, ...]) -> str:
    """Return a fingerprint of files and folders of this package and of the libraries that they use."""
    seen = [__version__]
    for name in parts:
        for path, data in _sources(files("rseaudit") / name, name):
            seen += [path, data.hex()]
    for name in libraries:
        try:
            seen.append(version(name))
        except PackageNotFoundError:
            seen.append("")
    return short_hash(*seen)


def _sources(where: Traversable, name: str) -> Iterator[tuple[str, bytes]]:
    if where.is_file():
        yield name, where.read_bytes()
    elif where.is_dir() and where.name != "__pycache__":
        for item in sorted(where.iterdir(), key=lambda item: item.name):
            yield from _sources(item, f"{name}/{item.name}")
