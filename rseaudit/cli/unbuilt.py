"""Commands that the design promises and that are not built yet: they say so and exit 2."""

from __future__ import annotations

from typing import Annotated

import typer

from rseaudit.cli.app import app
from rseaudit.cli.command import command
from rseaudit.cli.session import Session
from rseaudit.errors import UsageError

rules = typer.Typer(help="Charter rules.", rich_markup_mode=None, no_args_is_help=True)
app.add_typer(rules, name="rules")


def _not_built(what: str, instead: str) -> UsageError:
    return UsageError(f"`rseaudit {what}` is not built yet", remedy=instead)


@command(app, "forget")
def forget(
    session: Session,
    author: Annotated[str | None, typer.Option("--author", metavar="PERSON", help="Whose data.")] = None,
    url: Annotated[str | None, typer.Option("--url", metavar="URL", help="Which document.")] = None,
) -> None:
    """Really delete a person's data or a document. Not built yet."""
    raise _not_built("forget", "delete the store's file; the next crawl reads what the sources still hold")


@command(app, "purge")
def purge(session: Session) -> None:
    """Really delete what is older than the retention in the configuration. Not built yet."""
    raise _not_built("purge", "delete the store's file; the next crawl reads what the sources still hold")


@command(rules, "test")
def test(session: Session) -> None:
    """Run each charter rule's own good and bad examples. Not built yet."""
    raise _not_built("rules test", "the built-in rules stand in docs/rules.md; `rseaudit explain RULE` shows one")
