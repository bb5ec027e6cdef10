"""Run the command line as people do: another process, its output and its exit code."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from rseaudit.store.canonical import canonical_lines
from rseaudit.store.database import open_store


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    code: int
    out: str
    err: str


def rseaudit(*arguments: str, cwd: Path, stdin: str | None = None) -> Done:
    """Run one command in a folder and wait for it."""
    done = subprocess.run(
        [sys.executable, "-m", "rseaudit", *arguments],
        cwd=cwd,
        input=stdin,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=environment(),
        timeout=300,
    )
    return Done(done.returncode, done.stdout, done.stderr)


def start(*arguments: str, cwd: Path) -> subprocess.Popen[bytes]:
    """Start a command and leave it running."""
    return subprocess.Popen(
        [sys.executable, "-m", "rseaudit", *arguments],
        cwd=cwd,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=environment(),
    )


def environment() -> dict[str, str]:
    """Return an environment in which warnings of ours are errors and Python writes UTF-8."""
    return {**os.environ, "PYTHONUTF8": "1", "PYTHONPATH": str(Path(__file__).parent.parent)}


def write_config(folder: Path, text: str) -> None:
    """Write ``rseaudit.toml``."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "rseaudit.toml").write_text(text, "utf-8")


def canonical(folder: Path) -> list[str]:
    """Return what `rseaudit export --canonical` writes of a project's store."""
    store = open_store(f"sqlite:///{folder / 'rseaudit.db'}")
    try:
        with store.read() as connection:
            return list(canonical_lines(connection))
    finally:
        store.close()
