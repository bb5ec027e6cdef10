"""Declare a command once: the common options are added, errors become exit codes."""

from __future__ import annotations

import errno
import functools
import inspect
import sys
import tempfile
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, get_type_hints

import typer

from rseaudit.cli.session import Common, Session, printable
from rseaudit.errors import Exit, RseauditError

_OPTIONS: dict[str, object] = {
    "config": Annotated[
        Path | None,
        typer.Option("--config", metavar="FILE", help="Configuration file. Default: rseaudit.toml in this folder."),
    ],
    "store": Annotated[
        str | None,
        typer.Option("--store", metavar="URL", help="sqlite:///… or postgresql://… Default: the configuration's."),
    ],
    "output": Annotated[
        Path | None,
        typer.Option("--output", metavar="DIR", help="Where reports are written. Default: rseaudit-reports."),
    ],
    "as_json": Annotated[bool, typer.Option("--json", help="Print the result as JSON to standard output.")],
    "lang": Annotated[str | None, typer.Option("--lang", metavar="fr|en", help="Language of reports. Default: fr.")],
    "since": Annotated[
        str | None, typer.Option("--since", metavar="DATE", help="Only what was created or changed since then.")
    ],
    "space": Annotated[
        str | None, typer.Option("--space", metavar="PATTERN", help="Only spaces whose source/name matches.")
    ],
    "fail_on": Annotated[
        str | None,
        typer.Option("--fail-on", metavar="LEVEL", help="Exit 1 from this severity on: never, info, advice, alert."),
    ],
    "quiet": Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but errors.")],
    "verbose": Annotated[bool, typer.Option("--verbose", "-v", help="Say more.")],
    "dry_run": Annotated[bool, typer.Option("--dry-run", help="Say what would be done and do nothing.")],
    "now": Annotated[
        str | None,
        typer.Option("--now", metavar="DATE", help="The date that judgements and output use. Default: today."),
    ],
}
_NO_ROOM = frozenset(
    number for name in ("ENOSPC", "EFBIG", "EDQUOT") if (number := getattr(errno, name, None)) is not None
)
_DEFAULTS = {"as_json": False, "quiet": False, "verbose": False, "dry_run": False}


def command(app: typer.Typer, name: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Register a function whose first parameter is a ``Session`` as a command with all common options."""

    def register(function: Callable[..., None]) -> Callable[..., None]:
        app.command(name)(_with_common_options(function))
        return function

    return register


def group(app: typer.Typer, name: str) -> Callable[[Callable[..., None]], typer.Typer]:
    """Register a function like ``command``, and return where sub-commands of it are registered.

    Without a sub-command the function itself runs. Common options may stand before a sub-command or after it.
    """

    def register(function: Callable[..., None]) -> typer.Typer:
        inner = typer.Typer(rich_markup_mode=None)
        inner.callback(invoke_without_command=True)(_with_common_options(function))
        app.add_typer(inner, name=name)
        return inner

    return register


def _with_common_options(function: Callable[..., None]) -> Callable[..., None]:
    hints = get_type_hints(function, include_extras=True)
    own = [
        parameter.replace(annotation=hints[parameter.name], kind=inspect.Parameter.KEYWORD_ONLY)
        for parameter in list(inspect.signature(function).parameters.values())[1:]
    ]
    common = [
        inspect.Parameter(key, inspect.Parameter.KEYWORD_ONLY, default=_DEFAULTS.get(key), annotation=hint)
        for key, hint in _OPTIONS.items()
    ]
    context = inspect.Parameter("context", inspect.Parameter.KEYWORD_ONLY, annotation=typer.Context)

    @functools.wraps(function)
    def run(*, context: typer.Context, **values: object) -> None:
        given = {key: values.pop(key) for key in _OPTIONS}
        before = context.obj or {}
        given = {key: before.get(key) if value == _DEFAULTS.get(key) else value for key, value in given.items()}
        given = {key: _DEFAULTS.get(key) if value is None else value for key, value in given.items()}
        if context.invoked_subcommand is not None:
            context.obj = given
            return
        session = Session(Common(**given))  # type: ignore[arg-type]
        raise typer.Exit(_run(session, functools.partial(function, session, **values)))

    run.__signature__ = inspect.Signature([context, *own, *common])  # type: ignore[attr-defined]
    run.__annotations__ = {parameter.name: parameter.annotation for parameter in [context, *own, *common]}
    del run.__wrapped__  # typer would read the inner signature
    return run


def _run(session: Session, job: Callable[[], None]) -> int:
    try:
        session.check_options()
        job()
    except RseauditError as error:
        _complain(str(error))
        session.ends_with(error.exit_code)
    except KeyboardInterrupt:
        _complain("interrupted; what was done is kept, the same command goes on from here")
        session.ends_with(Exit.INTERRUPTED)
    except BrokenPipeError:
        sys.stdout = None  # whoever read us has gone: nothing is left to say
    except Exception as error:  # the last door: a bug of ours, told as one
        if isinstance(error, OSError) and error.errno in _NO_ROOM:
            _complain(
                f"nothing more can be written: {error.strerror}\n  next: make room on the disk, then run it again"
            )
            session.ends_with(Exit.USAGE)
            return int(session.exit_code)
        _complain(f"this is a bug of rseaudit: {type(error).__name__}; its trace is in {_keep_trace(session)}")
        session.ends_with(Exit.BUG)
    return int(session.exit_code)


def _keep_trace(session: Session) -> str:
    trace = traceback.format_exc()
    if session.common.verbose:
        print(trace, file=sys.stderr)  # noqa: T201
    with tempfile.NamedTemporaryFile("w", prefix="rseaudit-", suffix=".log", delete=False, encoding="utf-8") as file:
        file.write(trace)
    return file.name


def _complain(text: str) -> None:
    print(f"rseaudit: {printable(text)}", file=sys.stderr)  # noqa: T201
