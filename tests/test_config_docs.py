"""``docs/configuration.md`` names every key of every table, with its type and default, and no other."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pydantic.fields import FieldInfo

from rseaudit.config.fields import expected, keys, shape, tables
from rseaudit.config.load import load
from rseaudit.config.settings import Settings
from rseaudit.errors import ConfigError

TEXT = (Path(__file__).parent.parent / "docs" / "configuration.md").read_text(encoding="utf-8")
TABLES = dict(tables(Settings))


def documented() -> dict[str, dict[str, tuple[str, str, str]]]:
    """Return header → key → (type, default, meaning) as the document has them."""
    found: dict[str, dict[str, tuple[str, str, str]]] = {}
    header = None
    for line in TEXT.splitlines():
        if line.startswith("## "):
            header = line.removeprefix("## ").strip("`")
            header = "" if header == "Top of the file" else header
        elif header is not None and (row := re.fullmatch(r"\| `(\w+)` \| (.*?) \| (.*?) \| (.*) \|", line)):
            found.setdefault(header, {})[row[1]] = (row[2], row[3], row[4])
    return found


def shown_default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    default = field.get_default(call_default_factory=True, validated_data={})
    if isinstance(default, bool):
        return f"`{str(default).lower()}`"
    if isinstance(default, int | float):
        return f"`{default:g}`" if isinstance(default, float) else f"`{default}`"
    if isinstance(default, str):
        return f'`"{default}"`'
    if isinstance(default, list):
        return "`[" + ", ".join(f'"{item}"' for item in default) + "]`"
    if isinstance(default, dict) and default:
        return "`{ " + ", ".join(f'{key} = "{value}"' for key, value in default.items()) + " }`"
    return "–"


def test_every_table_is_documented_and_no_other() -> None:
    assert list(documented()) == list(TABLES)


@pytest.mark.parametrize("header", TABLES, ids=lambda header: header or "top")
def test_every_key_is_documented_with_its_type_and_default_and_no_other(header: str) -> None:
    rows = documented()[header]
    assert {key: row[:2] for key, row in rows.items()} == {
        key: (expected(shape(field.annotation, field.metadata)), shown_default(field))
        for key, field in keys(TABLES[header]).items()
    }
    assert all(len(meaning) > 3 for _, _, meaning in rows.values())


@pytest.mark.parametrize("block", re.findall(r"```toml\n(.*?)```", TEXT, re.DOTALL))
def test_the_examples_load(tmp_path: Path, block: str) -> None:
    path = tmp_path / "rseaudit.toml"
    path.write_text(block, encoding="utf-8")
    assert load(path).source or load(path).space


def test_the_messages_that_are_shown_are_true(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    lines = ['name = "rse"', 'role = "audited"', 'platform = "humub"', 'timezon = "x"', 'url = "https://x"']
    Path("rseaudit.toml").write_text("\n" * 4 + "\n".join(["[[source]]", *lines]))
    with pytest.raises(ConfigError) as caught:
        load(Path("rseaudit.toml"))
    block = re.findall(r"```text\n(.*?)```", TEXT, re.DOTALL)[0]
    assert [line.strip() for line in block.strip().splitlines()] == list(caught.value.problems)
