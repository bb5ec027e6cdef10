"""The JSON Schema for editors says what the models say, in words that editors know."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator

import pytest

from rseaudit.config.schema import json_schema
from rseaudit.config.template import render
from tests.config_file import EXAMPLE

TYPES = {"string": str, "boolean": bool, "array": list, "object": dict}


def complaints(schema: dict, value: object, place: str = "") -> Iterator[str]:
    """Check a value by the words of JSON Schema that ours uses; a word it does not know fails."""
    known = "$schema title description default type enum minimum maximum exclusiveMinimum properties required".split()
    assert set(schema) <= {*known, "additionalProperties", "items", "anyOf"}
    if "anyOf" in schema:
        if all(list(complaints(choice, value)) for choice in schema["anyOf"]):
            yield f"{place}: none of them"
        return
    kind = schema["type"]
    if kind in ("integer", "number"):
        allowed = int if kind == "integer" else (int, float)
        if not isinstance(value, allowed) or isinstance(value, bool) or not value >= schema.get("minimum", value):
            yield f"{place}: {kind}"
        elif value > schema.get("maximum", value) or (schema.get("exclusiveMinimum") and value == schema["minimum"]):
            yield f"{place}: bounds"
        return
    if not isinstance(value, TYPES[kind]):
        yield f"{place}: {kind}"
        return
    if "enum" in schema and value not in schema["enum"]:
        yield f"{place}: enum"
    for number, element in enumerate(value if kind == "array" else ()):
        yield from complaints(schema["items"], element, f"{place}[{number}]")
    if kind == "object":
        yield from (f"{place}.{key}: required" for key in schema.get("required", ()) if key not in value)
        for key, inner in value.items():
            other = schema.get("additionalProperties")
            found = schema.get("properties", {}).get(key, other if isinstance(other, dict) else None)
            yield from [f"{place}.{key}: unknown"] if found is None else complaints(found, inner, f"{place}.{key}")


@pytest.mark.parametrize("text", [EXAMPLE, render(), render("https://x.fr", "website"), ""])
def test_what_loads_is_valid(text: str) -> None:
    assert list(complaints(json_schema(), tomllib.loads(text))) == []


def test_one_table_may_stand_for_a_list_of_accounts() -> None:
    source = json_schema()["properties"]["source"]["items"]["properties"]["account"]
    assert list(complaints(source, {"token_file": "x"})) == []
    assert list(complaints(source, [{"token_file": "x"}])) == [": none of them"]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("stor = 1", ".stor: unknown"),
        ("[[source]]\nname = 'a'\nrole = 'audited'\nplatform = 'x'\nurl = 'x'", ".source[0].platform: enum"),
        ("[[audience]]\nid = 'a'", ".audience[0].label: required"),
        ("[store.retention]\nbodies_days = 0", ".store.retention.bodies_days: integer"),
        ("[duplicates]\noriginal_share = 2", ".duplicates.original_share: bounds"),
        ("[profile.x.visibility_map]\na = 'x'", ".profile.x.visibility_map.a: enum"),
        ("[report]\nlang = 1", ".report.lang: string"),
        (
            "[profile.x.login]\nform = '/'\nproof = 'a'\ncsrf = { json_url = 'x' }",
            ".profile.x.login.csrf.json_url: unknown",
        ),
    ],
)
def test_what_is_refused_is_not_valid(text: str, complaint: str) -> None:
    assert list(complaints(json_schema(), tomllib.loads(text))) == [complaint]


def test_the_schema_is_plain_json_that_holds_no_path_of_a_machine() -> None:
    text = json.dumps(json_schema())
    assert json.loads(text) == json_schema()
    assert "$ref" not in text
    assert '"base"' not in text
    assert '"default": "sqlite:///rseaudit.db"' in text
