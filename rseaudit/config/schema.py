"""Write the keys of ``rseaudit.toml`` as a JSON Schema, for editors (Taplo, Even Better TOML).

Editors understand draft 4 at best, so only plain words are used: ``properties``, ``enum``,
``required``, bounds.
"""

from __future__ import annotations

import inspect

import annotated_types
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from rseaudit.config.fields import Shape, expected, keys, shape
from rseaudit.config.settings import Account, Settings

Schema = dict[str, object]


def json_schema() -> Schema:
    """Return the schema; its order is that of the models."""
    return {"$schema": "http://json-schema.org/draft-04/schema#", "title": "rseaudit.toml", **_table(Settings)}


def _table(model: type[BaseModel]) -> Schema:
    fields = keys(model)
    found: Schema = {"type": "object"}
    if text := inspect.getdoc(model):
        found["description"] = text.split("\n\n")[0].replace("\n", " ").replace("``", "")
    found["additionalProperties"] = False
    if required := [key for key, field in fields.items() if field.is_required()]:
        found["required"] = required
    found["properties"] = {key: _key(field) for key, field in fields.items()}
    return found


def _key(field: FieldInfo) -> Schema:
    here = shape(field.annotation, field.metadata)
    found = _value(here)
    if here.element is not None and here.element.model is Account:
        # One table stands for a list of one, then without a name.
        single = {key: value for key, value in _table(Account).items() if key != "required"}
        found = {"anyOf": [found, single]}
    default = field.get_default(call_default_factory=True, validated_data={})
    if isinstance(default, bool | int | float | str | list) and not field.is_required():
        found["default"] = default
    return found


def _value(here: Shape) -> Schema:
    if here.model is not None:
        return _table(here.model)
    if here.choices:
        return {"type": "string", "enum": list(here.choices)}
    if here.element is not None:
        inner = _value(here.element)
        return {"type": "array", "items": inner} if here.is_list else {"type": "object", "additionalProperties": inner}
    if here.base is bool:
        return {"type": "boolean"}
    if here.base in (int, float):
        return {"type": "integer" if here.base is int else "number", **_bounds(here)}
    words = expected(here)
    return {"type": "string"} if words == "text" else {"type": "string", "description": words}


def _bounds(here: Shape) -> Schema:
    found: Schema = {}
    for item in here.metadata:
        if isinstance(item, annotated_types.Ge):
            found["minimum"] = item.ge
        elif isinstance(item, annotated_types.Gt):
            found |= {"minimum": item.gt, "exclusiveMinimum": True}
        elif isinstance(item, annotated_types.Le):
            found["maximum"] = item.le
    return found
