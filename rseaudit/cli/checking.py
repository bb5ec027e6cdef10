"""Look at a draft before it is published: check. Takes no lock and writes nothing."""

from __future__ import annotations

import gc
import sys
from pathlib import Path
from typing import Annotated

import typer

from rseaudit.cli.app import app
from rseaudit.cli.command import command
from rseaudit.cli.session import Session, printable
from rseaudit.errors import UsageError

_COLLECT_AFTER = 200_000


@command(app, "check")
def check(
    session: Session,
    file: Annotated[str, typer.Argument(metavar="FILE|-", help="A draft: text, Markdown, HTML or .docx.")],
    audience: Annotated[str | None, typer.Option("--audience", metavar="ID", help="For whom it is.")] = None,
    form: Annotated[
        str | None,
        typer.Option("--format", metavar="KIND", help="text, markdown, html or docx. Default: by the file's name."),
    ] = None,
    reader: Annotated[
        str | None,
        typer.Option("--as", metavar="PERSON", help="With whose eyes. Default: somebody who belongs to no space."),
    ] = None,
) -> None:
    """Check a draft before publication: what of it stands elsewhere, how it fits its audience."""
    # The command is over within a second or so, most of which is loading libraries: they make no garbage.
    gc.set_threshold(_COLLECT_AFTER)
    from rseaudit import checking
    from rseaudit.drafts import read_draft
    from rseaudit.report.drafts import to_json, to_text

    draft = read_draft(_bytes(file), name="draft" if file == "-" else Path(file).name, form=form, now=session.now)
    if session.common.dry_run:
        session.say(f"the draft can be read: {len(draft.text)} characters; nothing is compared in a dry run")
        return
    with session.store(create=False) as store:
        checked = checking.check(store, session.settings, draft, audience=audience, reader=reader, now=session.now)
        if not checking.is_current(store):
            session.say("contents were read since the last `rseaudit duplicates`: newer ones may be missing here")
    levels = [finding.severity for finding in checked.findings]
    if any(match.kind == "copy" for match in checked.comparison.matches):
        levels.append("alert" if checked.comparison.originality.verdict == "copy" else "advice")
    session.fails_on(levels)
    if session.common.as_json:
        session.result(to_json(checked, session.speaker))
    else:
        print(printable(to_text(checked, session.speaker)), end="")  # noqa: T201 - the result


def _bytes(file: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as error:
        raise UsageError(
            f"the draft cannot be read: {error.strerror or error}",
            where=file,
            expected="a file, or - for standard input",
        ) from None
