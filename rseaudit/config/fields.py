"""Walk the tables and keys that the models declare, and say in words what each expects."""

from __future__ import annotations

import types
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal, Union, get_args, get_origin

import annotated_types
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from rseaudit.config.positions import Place
from rseaudit.config.values import Kind


@dataclass(frozen=True, slots=True)
class Shape:
    """A type without ``| None`` and ``Annotated``, with what these said of it."""

    base: object
    metadata: tuple[object, ...]

    @property
    def model(self) -> type[BaseModel] | None:
        """The table that a value of this shape is, if it is one."""
        return self.base if isinstance(self.base, type) and issubclass(self.base, BaseModel) else None

    @property
    def choices(self) -> tuple[str, ...]:
        """The words of a ``Literal``, in the order of their declaration."""
        return tuple(map(str, get_args(self.base))) if get_origin(self.base) is Literal else ()

    @property
    def element(self) -> Shape | None:
        """What a list or a table with free keys holds."""
        if get_origin(self.base) in (list, dict):
            return shape(get_args(self.base)[-1])
        return None

    @property
    def is_list(self) -> bool:
        return get_origin(self.base) is list


def shape(annotation: object, metadata: Sequence[object] = ()) -> Shape:
    """Take ``Annotated`` and ``| None`` off a type."""
    collected = list(metadata)
    while True:
        if get_origin(annotation) is Annotated:
            annotation, *more = get_args(annotation)
            collected += more
        elif get_origin(annotation) in (Union, types.UnionType):
            annotation = next(part for part in get_args(annotation) if part is not types.NoneType)
        else:
            break
    flat = [piece for item in collected for piece in (item.metadata if isinstance(item, FieldInfo) else [item])]
    return Shape(annotation, tuple(flat))


def keys(model: type[BaseModel]) -> dict[str, FieldInfo]:
    """Return the keys of a table as they are written in a file; what is ``exclude``d is no key."""
    return {field.alias or name: field for name, field in model.model_fields.items() if not field.exclude}


def shape_at(model: type[BaseModel], place: Place) -> Shape:
    """Return the shape of what stands at ``place``; of something undeclared, that of plain text."""
    here = Shape(model, ())
    for part in place:
        if here.model is not None:
            field = keys(here.model).get(str(part))
            if field is None:
                return Shape(str, ())
            here = shape(field.annotation, field.metadata)
        else:
            here = here.element or Shape(str, ())
    return here


def tables(model: type[BaseModel], path: str = "") -> Iterator[tuple[str, type[BaseModel]]]:
    """Yield every table with its header as it is written: ``[store]``, ``[[source]]``, ``[profile.NAME]``.

    The document itself comes first, with an empty header.
    """
    yield path, model
    inside = path.strip("[]")
    for key, field in keys(model).items():
        here = shape(field.annotation, field.metadata)
        name = f"{inside}.{key}" if inside else key
        if here.model is not None:
            yield from tables(here.model, f"[{name}]")
        elif here.element is not None and here.element.model is not None:
            yield from tables(here.element.model, f"[[{name}]]" if here.is_list else f"[{name}.NAME]")


def expected(here: Shape) -> str:
    """Say what a value must be: ``a whole number of at least 1``, ``text in double quotes``."""
    kind = next((item.words for item in here.metadata if isinstance(item, Kind)), None)
    if kind is not None:
        return kind
    if here.choices:
        return "one of " + ", ".join(f'"{choice}"' for choice in here.choices)
    if here.element is not None:
        return _several(here, here.element)
    if here.base is bool:
        return "true or false"
    if here.base in (int, float):
        return ("a whole number" if here.base is int else "a number") + _bounds(here.metadata)
    return "a table" if here.model is not None else "text"


def _several(here: Shape, element: Shape) -> str:
    if not here.is_list:
        return "a table with names of your own"
    if element.model is not None:
        return "a list of tables"
    return "a list of text" if expected(element) == "text" else f"a list, each {expected(element)}"


def _bounds(metadata: Sequence[object]) -> str:
    low = next((item.ge for item in metadata if isinstance(item, annotated_types.Ge)), None)
    above = next((item.gt for item in metadata if isinstance(item, annotated_types.Gt)), None)
    high = next((item.le for item in metadata if isinstance(item, annotated_types.Le)), None)
    if low is not None and high is not None:
        return f" from {low} to {high}"
    if low is not None:
        return f" of at least {low}"
    if above is not None:
        return f" above {above}"
    return "" if high is None else f" of at most {high}"
