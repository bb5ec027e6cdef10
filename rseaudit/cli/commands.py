"""Every command, registered on the application by the import of its module."""

from __future__ import annotations

from rseaudit.cli import checking, data, judging, reading, reports, setup, unbuilt, watching
from rseaudit.cli.app import app

__all__ = ["app", "checking", "data", "judging", "reading", "reports", "setup", "unbuilt", "watching"]
