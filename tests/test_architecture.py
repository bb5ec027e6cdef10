"""Imports point inward, frameworks stay at their edge, modules stay small."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "rseaudit"
MODULES = sorted([*PACKAGE.rglob("*.py"), *(ROOT / "spiders").glob("*.py")])

# From the inside out. A module imports its own layer's package and what stands further in.
LAYERS = (
    ("model", "errors", "ids", "places"),
    ("text", "richtext", "people", "access", "i18n", "program"),
    ("interchange", "config", "spreadsheet", "pseudonyms"),
    ("store",),
    ("crawl", "duplicates", "audience", "watch", "audit"),
    ("importing", "pipeline", "probing", "tables", "answers", "watching"),
    ("snapshot", "drafts"),
    ("outcome",),
    ("matching",),
    ("checking",),
    ("report",),
    ("demo",),
    ("cli", "spiders"),
)
# Jobs know nothing of each other, but for what the audit asks of audiences.
ALLOWED_BESIDE = {("audit", "audience")}
# A framework and the only places that may name it.
EDGES = {
    "scrapy": ("crawl", "spiders"),
    "twisted": ("crawl",),
    "spacy": ("audience", "watch"),
    "feedparser": ("watch",),
    "sqlalchemy": ("store",),
    "alembic": ("store",),
    "jinja2": ("report", "demo"),
    "typer": ("cli",),
    "pyspark": ("duplicates",),
}
# Type names of SQLAlchemy that pass through: a connection is handed over, never used to speak SQL.
HANDED_OVER = {"Connection"}
LEVEL = {name: level for level, names in enumerate(LAYERS) for name in names}


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return parts[0] if parts[0] == "spiders" else (parts[1] if len(parts) > 1 else "")


def imports(path: Path) -> list[tuple[str, tuple[str, ...]]]:
    found = []
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found += [(alias.name, ()) for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            found.append((node.module, tuple(alias.name for alias in node.names)))
    return found


def inner(module: str, names: tuple[str, ...]) -> list[str]:
    parts = module.split(".")
    if parts[0] != "rseaudit":
        return []
    return [parts[1]] if len(parts) > 1 else [name for name in names if name in LEVEL]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_point_inward(path: Path) -> None:
    own = name_of(path)
    if own in ("__init__", "__main__"):
        return
    for module, names in imports(path):
        for other in inner(module, names):
            if other == own or (own, other) in ALLOWED_BESIDE:
                continue
            assert LEVEL[other] < LEVEL[own] or LAYERS[LEVEL[own]] == LAYERS[1], f"{own} imports {other}"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_frameworks_stay_at_their_edge(path: Path) -> None:
    own = name_of(path)
    for module, names in imports(path):
        framework = module.split(".")[0]
        if framework == "sqlalchemy" and set(names) <= HANDED_OVER:
            continue
        assert own in EDGES.get(framework, (own,)), f"{own} imports {framework}"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_nobody_imports_a_spider_and_modules_stay_small(path: Path) -> None:
    assert not [module for module, _ in imports(path) if module.startswith("rseaudit.spiders")]
    assert len(path.read_text("utf-8").splitlines()) <= 310, "does it hold more than one idea?"


def test_every_package_on_disk_is_declared() -> None:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]["packages"]
    on_disk = {str(p.parent.relative_to(ROOT)).replace("/", ".") for p in PACKAGE.rglob("__init__.py")}
    assert set(declared) == on_disk | {"rseaudit.spiders", "rseaudit.watchlists"}


HEAVY = (
    "alembic babel feedparser jinja2 lxml numpy openpyxl pebble pyspark rich scrapy spacy sqlalchemy trafilatura "
    "twisted"
).split()


def test_help_loads_no_heavy_library() -> None:
    code = (
        "import sys, rseaudit.cli\n"
        "try: rseaudit.cli.main(['--help'])\n"
        f"finally: print([m for m in {HEAVY!r} if m in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"
    assert "duplicates" in done.stdout
