"""What is not documented fails: commands, options, exit codes, rules, settings, dependencies."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
import typer.main

from rseaudit.audit.rules import RULES
from rseaudit.cli.command import _OPTIONS as COMMON
from rseaudit.cli.commands import app
from rseaudit.errors import Exit

ROOT = Path(__file__).parent.parent
DOCS = {path.name: path.read_text("utf-8") for path in (ROOT / "docs").glob("*.md")}
README = (ROOT / "README.md").read_text("utf-8")


def commands() -> dict[str, object]:
    root = typer.main.get_command(app)
    found: dict[str, object] = {}
    for name, command in root.commands.items():  # type: ignore[attr-defined]
        inner = getattr(command, "commands", {})
        found |= {f"{name} {sub}": inner[sub] for sub in inner}
        if not inner or command.invoke_without_command:
            found[name] = command
    return found


@pytest.mark.parametrize("name", sorted(commands()))
def test_every_command_has_help_and_is_documented(name: str) -> None:
    assert f"`rseaudit {name}" in DOCS["commands.md"]
    assert commands()[name].help  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", sorted(commands()))
def test_every_command_has_every_common_option_and_every_option_has_help(name: str) -> None:
    parameters = {p.name: p for p in commands()[name].params}  # type: ignore[attr-defined]
    assert set(COMMON) <= set(parameters)
    for parameter in parameters.values():
        if parameter.param_type_name == "option" and parameter.name != "help":
            assert parameter.help, parameter.name


def test_every_common_option_and_exit_code_is_documented() -> None:
    text = DOCS["commands.md"]
    for option in ("config", "store", "output", "json", "lang", "since", "space", "fail-on", "now", "dry-run"):
        assert f"`--{option}" in text
    for code in Exit:
        assert f"| {int(code)} |" in text


@pytest.mark.parametrize("rule", list(RULES))
def test_every_rule_is_documented(rule: str) -> None:
    assert re.search(rf"^#+ `?{rule}`?$", DOCS["rules.md"], re.MULTILINE)


def test_every_dependency_says_what_it_is_better_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = [*project["dependencies"], *(d for extra in project["optional-dependencies"].values() for d in extra)]
    for requirement in wanted:
        name = re.split(r"[<>=!\[; ]", requirement)[0]
        assert re.search(rf"\b{re.escape(name)}\b", DOCS["decisions.md"]), name


@pytest.mark.parametrize("name", ["README.md", *sorted(f"docs/{name}" for name in DOCS)])
def test_no_link_between_documents_is_dead(name: str) -> None:
    path = ROOT / name
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", path.read_text("utf-8")):
        if not target.startswith("http"):
            assert (path.parent / target).exists(), target


def test_the_readme_shows_what_the_demo_really_prints(demo_output: str) -> None:
    shown = re.search(r"<!-- demo output -->\n```text\n(.*?)```", README, re.DOTALL)
    assert shown is not None
    assert shown.group(1).strip() == demo_output.strip()
