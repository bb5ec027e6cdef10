"""The command line: options → one job → one renderer → an exit code."""

from __future__ import annotations

from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; ``None`` takes the process's own arguments."""
    from rseaudit.cli.commands import app

    try:
        app(args=list(arguments) if arguments is not None else None, prog_name="rseaudit")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0 if end.code is None else 2
    return 0
