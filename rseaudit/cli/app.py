"""The table of commands. Modules here import nothing heavy: each command imports what it uses."""

from __future__ import annotations

from typing import Annotated

import typer
from typer.core import TyperGroup

from rseaudit import __version__

_ORDER = (
    "demo init doctor crawl profile audit duplicates watch check import export report explain rules forget purge"
).split()


class _InOrder(TyperGroup):
    """Lists commands in the order in which they are met, not in that of the alphabet."""

    def list_commands(self, ctx: typer.Context) -> list[str]:  # type: ignore[override]  # typer vendors its base class
        return sorted(super().list_commands(ctx), key=_ORDER.index)


app = typer.Typer(
    cls=_InOrder,
    name="rseaudit",
    help="Audit the content of enterprise social networks and watch the trends around them.",
    epilog="Start with `rseaudit demo`: offline, no configuration, two minutes.",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    add_completion=False,
)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"rseaudit {__version__}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool | None, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = None,
) -> None:
    """Audit the content of enterprise social networks and watch the trends around them."""
