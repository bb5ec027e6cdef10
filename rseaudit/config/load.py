"""Load ``rseaudit.toml``."""

from __future__ import annotations

from pathlib import Path

from rseaudit.config.checks import cross_problems, notices
from rseaudit.config.settings import Settings
from rseaudit.config.toml import read
from rseaudit.config.validation import validated


def load(path: Path) -> Settings:
    """Read and check a configuration; relative paths in it become absolute, from the file's folder.

    Raises ``ConfigError`` with every problem, in order of lines.
    """
    parsed = read(path)
    base = path.absolute().parent
    remarks = tuple(parsed.problem(place, text) for place, text in notices(parsed))
    given = {"base": base, "notices": remarks}
    return validated(Settings, parsed, base=base, more=cross_problems(parsed), given=given)


def default_settings(base: Path | None = None) -> Settings:
    """Return what holds without any file: no source, a store in ``base`` (by default the current folder)."""
    folder = (base or Path()).absolute()
    return Settings.model_validate({"base": folder}, context={"base": folder})
