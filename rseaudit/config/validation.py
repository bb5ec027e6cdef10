"""Turn a parsed file into settings, or into all of its problems at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeVar

from pydantic import BaseModel, ValidationError

from rseaudit.config.fields import Shape, expected, keys, shape_at, tables
from rseaudit.config.literals import literal_secrets
from rseaudit.config.positions import Place
from rseaudit.config.toml import Parsed
from rseaudit.config.values import did_you_mean, nearest, proposed
from rseaudit.errors import ConfigError

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

T = TypeVar("T", bound=BaseModel)
Problem = tuple[Place, str]


def validated(
    model: type[T],
    parsed: Parsed,
    *,
    base: Path,
    more: Iterable[Problem] = (),
    given: Mapping[str, object] = MappingProxyType({}),
) -> T:
    """Return ``model`` filled from ``parsed``; relative paths are resolved against ``base``.

    ``more`` are problems found by other means. ``given`` fills the fields that are no keys of the
    file. Raises ``ConfigError`` with every problem, in order of lines. Neither it nor its context
    holds a value that was refused, but for numbers and the choice of a closed list.
    """
    secrets = literal_secrets(parsed.data)
    places = [place for place, _ in secrets]
    problems = [*secrets, *more]
    hidden = [name for name, field in model.model_fields.items() if field.exclude and name in parsed.data]
    problems += [((name,), _unknown(model, (name,))) for name in hidden]
    data = {key: value for key, value in parsed.data.items() if key not in hidden}
    found: T | None = None
    errors: list[ErrorDetails] = []
    try:
        found = model.model_validate({**data, **given}, context={"base": base})
    except ValidationError as error:
        errors = error.errors(include_url=False, include_input=False)
    # Outside of ``except``: a pydantic error keeps the input.
    for error_ in errors:
        place = _in_file(parsed.data, error_["loc"])
        if not any(place[: len(secret)] == secret for secret in places):
            problems.append((place, _sentence(model, error_, place, parsed.data)))
    if found is None or problems:
        ordered = sorted(dict.fromkeys((parsed.locate(place), parsed.problem(place, text)) for place, text in problems))
        raise ConfigError([text for _, text in ordered])
    return found


def _in_file(data: object, loc: tuple[int | str, ...]) -> Place:
    """Drop what pydantic adds to the path: the mark of a bad key, the number of a table that stands for a list."""
    place: list[int | str] = []
    for part in loc:
        if part == "[key]" or (isinstance(part, int) and isinstance(data, dict)):
            continue
        place.append(part)
        data = _child(data, part)
    return tuple(place)


def _child(data: object, part: int | str) -> object:
    if isinstance(data, dict):
        return data.get(part)
    if isinstance(data, list) and isinstance(part, int) and part < len(data):
        return data[part]
    return None


def _value(data: object, place: Place) -> object:
    for part in place:
        data = _child(data, part)
    return data


def _sentence(model: type[BaseModel], error: ErrorDetails, place: Place, data: object) -> str:
    kind = error["type"]
    here = shape_at(model, error["loc"])
    value = _value(data, place)
    if kind == "extra_forbidden":
        return _unknown(model, error["loc"])
    if kind == "missing":
        return f"is missing; expected {expected(here)}"
    if kind == "value_error":
        return str(error.get("ctx", {}).get("error", error["msg"]))
    if here.choices and isinstance(value, str):
        return _not_known(here.choices, place, value)
    if kind in ("string_too_short", "too_short"):
        return "expected at least one sign or element, not an empty one"
    if kind == "string_pattern_mismatch" or isinstance(value, bool | int | float | dict | list | date | time):
        return f"expected {expected(here)}, {_instead(here, value, place)}"
    if kind.endswith(("_type", "_parsing")):
        return f"expected {expected(here)}, {_instead(here, value, place)}"
    return error["msg"][:1].lower() + error["msg"][1:]


def _instead(here: Shape, value: object, place: Place) -> str:
    """Say what stands there; of text only that it is text, since it may be a secret in the wrong place."""
    header = ".".join(part for part in place if isinstance(part, str))
    if here.is_list and isinstance(value, dict):
        return f"not one table; write [[{header}]] with two brackets on each side"
    if here.model is not None and isinstance(value, list):
        return f"not a list; write [{header}] with one bracket on each side"
    if isinstance(value, bool):
        return f"not {str(value).lower()}"
    if isinstance(value, int | float):
        if here.base in (int, float):
            return f"not {value}"
        return "not a number" if here.model or here.element else "not a number; text stands in double quotes"
    if isinstance(value, str):
        return "not text in quotes" if here.base in (int, float, bool) else "not this text"
    if isinstance(value, datetime | date | time):
        return "not a date or time; text stands in double quotes"
    return "not a list" if isinstance(value, list) else "not a table"


def _not_known(choices: tuple[str, ...], place: Place, value: str) -> str:
    named = next((part for part in reversed(place) if isinstance(part, str)), "value")
    noun = f"known {named}" if isinstance(place[-1], str) else f"known value of {named}"
    shown = value if len(value) <= 40 else value[:39] + "…"
    return f'"{shown}" is not a {noun}{proposed(value, list(choices))}'


def _unknown(model: type[BaseModel], loc: tuple[int | str, ...]) -> str:
    key, parent = str(loc[-1]), shape_at(model, loc[:-1])
    known = list(keys(parent.model)) if parent.model is not None else []
    if guess := nearest(key, known):
        return f"unknown key{did_you_mean(guess)}"
    headers = [header for header, table in tables(model) if key in keys(table)]
    homes = [f"in {header}" if header else "at the top of the file, above the first [table]" for header in headers]
    if homes:
        return f"unknown key here; it belongs {' or '.join(homes)}"
    return f"unknown key; known: {', '.join(known)}"
