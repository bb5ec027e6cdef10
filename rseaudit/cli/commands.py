"""Every command, registered on the application by the import of its module."""

from __future__ import annotations

from rseaudit.cli import data, judging, reading, reports, setup, unbuilt, watching
from rseaudit.cli.app import app

__all__ = ["app", "data", "judging", "reading", "reports", "setup", "unbuilt", "watching"]
