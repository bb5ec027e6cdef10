"""What leads through JSON, as the profile of a site writes it: paths, cursors, addresses with paths in braces."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

_STEP = re.compile(r"""\.?(?:(?P<name>[^\s.,\[\]"'$]+)|\[(?P<index>\d{1,6})\]|\["(?P<quoted>[^"]+)"\])""")


@dataclass(frozen=True, slots=True)
class JsonPath:
    """Steps into an object: names, and numbers into lists. Commas mean "or": the first that leads to something.

    A name that is asked of a list is asked of each of its elements. ``$`` stands for what is looked in, and at
    the beginning of steps for the whole answer.
    """

    ways: tuple[tuple[bool, tuple[str | int, ...]], ...]

    def values(self, item: object, root: object) -> list[object]:
        """Return what the path leads to, lists taken apart, without what is null; ``root`` is the whole answer."""
        for rooted, steps in self.ways:
            if found := [value for value in _leaves(_walk(root if rooted else item, steps)) if value is not None]:
                return found
        return []

    def is_list(self, item: object, root: object) -> bool:
        """Tell whether the path leads to a list, be it empty."""
        ends = [value for rooted, steps in self.ways for value in _walk(root if rooted else item, steps)]
        return any(isinstance(value, list) for value in ends)

    def lists(self, item: object, root: object) -> list[object] | None:
        """Return the elements of the first list or object there, ``None`` where nothing stands.

        An empty list is a list. An object stands for a list of one.
        """
        for rooted, steps in self.ways:
            for value in _walk(root if rooted else item, steps):
                if isinstance(value, list):
                    return value
                if isinstance(value, Mapping):
                    return [value]
        return None


@lru_cache(maxsize=512)
def json_path(text: str) -> JsonPath:
    """Read a path; raises ``ValueError`` that says what is wrong with it."""
    return JsonPath(tuple(_way(part.strip(), text) for part in text.split(",")))


def path_problem(text: str) -> str | None:
    """Say what is wrong with a path, ``None`` when nothing is."""
    try:
        json_path(text)
    except ValueError as error:
        return str(error)
    return None


def _way(part: str, whole: str) -> tuple[bool, tuple[str | int, ...]]:
    rooted = part.startswith("$")
    rest = part.removeprefix("$")
    steps: list[str | int] = []
    position = 0
    while position < len(rest):
        found = _STEP.match(rest, position)
        if found is None or (not rooted and position == 0 and rest[0] == "."):
            raise ValueError(f'"{whole}" is not a path in JSON; write keys with dots: "data.items", "posts[0].text"')
        steps.append(int(found["index"]) if found["index"] is not None else found["name"] or found["quoted"])
        position = found.end()
    if not steps and not rooted:
        raise ValueError('a path is empty; "$" stands for the whole answer')
    return rooted and bool(steps), tuple(steps)


def _walk(start: object, steps: tuple[str | int, ...]) -> list[object]:
    found = [start]
    for step in steps:
        found = [value for item in found for value in _step(item, step)]
    return found


def _step(item: object, step: str | int) -> Iterator[object]:
    if isinstance(step, int):
        if isinstance(item, list) and step < len(item):
            yield item[step]
    elif isinstance(item, Mapping):
        if step in item:
            yield item[step]
    elif isinstance(item, list):
        for element in item:
            yield from _step(element, step)


def _leaves(values: list[object]) -> Iterator[object]:
    for value in values:
        if isinstance(value, list):
            yield from _leaves(value)
        else:
            yield value


@dataclass(frozen=True, slots=True)
class Cursor:
    """How an answer leads to the next one.

    ``path`` alone leads to its address; with ``parameter`` to the value that this parameter of the address
    takes; ``step`` is added to the number that stands in it.
    """

    path: JsonPath | None = None
    parameter: str | None = None
    step: int = 0


_COUNTED = re.compile(r"(?P<parameter>[^\s=?&#]+)\s*=\s*\+(?P<step>[1-9]\d{0,5})")
_SET = re.compile(r"(?P<parameter>[^\s=?&#]+)\s*=\s*(?P<path>[^+].*)")


@lru_cache(maxsize=64)
def cursor_of(text: str) -> Cursor:
    """Read ``path``, ``parameter=path`` or ``parameter=+step``; raises ``ValueError``."""
    text = text.strip()
    if found := _COUNTED.fullmatch(text):
        return Cursor(parameter=found["parameter"], step=int(found["step"]))
    if found := _SET.fullmatch(text):
        return Cursor(path=json_path(found["path"]), parameter=found["parameter"])
    if "=" in text:
        raise ValueError(f'"{text}" is no cursor; write "links.next", "after=meta.after" or "page=+1"')
    return Cursor(path=json_path(text))


def cursor_problem(text: str) -> str | None:
    """Say what is wrong with a cursor, ``None`` when nothing is."""
    try:
        cursor_of(text)
    except ValueError as error:
        return str(error)
    return None


_HOLE = re.compile(r"\{(?P<path>[^{}]*)\}")


def template_holes(text: str) -> list[tuple[str, str]]:
    """Return what stands in braces in an address, with the braces and without."""
    return [(found.group(), found["path"].strip()) for found in _HOLE.finditer(text)]


def template_problem(text: str) -> str | None:
    """Say what is wrong with an address that has paths in braces, ``None`` when nothing is."""
    holes = template_holes(text)
    if not holes:
        return f'"{text}" leads to the same address for all; write a path in braces: "/t/{{id}}.json"'
    return next((problem for _, path in holes if (problem := path_problem(path))), None)
