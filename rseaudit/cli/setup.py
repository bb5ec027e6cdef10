"""The commands of the first hour: demo, init, doctor."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated
from urllib.parse import urljoin, urlsplit

import typer

from rseaudit.cli.app import app
from rseaudit.cli.command import command
from rseaudit.cli.session import CONFIG_FILE, Session
from rseaudit.errors import Exit, UsageError

DEMO_FOLDER = "rseaudit-demo"
SCHEMA_FILE = "rseaudit.schema.json"


@command(app, "demo")
def demo(session: Session) -> None:
    """Show the three jobs at work on a fictitious company, over HTTP on this machine. No configuration."""
    from rseaudit.demo.show import run_demo

    output = session.common.output or Path(DEMO_FOLDER)
    shown = run_demo(output, lang=session.lang, say=session.say)
    if session.common.as_json:
        session.result({"schema": 1, "files": sorted(str(path) for path in output.rglob("*") if path.is_file())})
    session.say(
        f"\n{shown.documents} contents of the network were compared with its other platforms: {shown.copies} take up "
        f"text from elsewhere\n({shown.matches} matches). {shown.findings} findings for their owners. "
        f"{shown.stories} stories in the press; on the rise: {', '.join(shown.trends) or 'nothing'}.\n"
    )
    for name, what in (
        ("overview.html", "for the auditors: what happened, what to do"),
        ("owners", "one page for each owner"),
        ("digest.html", "the watch of the week"),
    ):
        session.say(f"  {output / name}  {what}")
    session.say("\nnext: rseaudit init https://your-network.example")


@command(app, "init")
def init(
    session: Session,
    url: Annotated[str | None, typer.Argument(metavar="[URL]", help="The network to audit.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace an existing file.")] = False,
) -> None:
    """Write a commented rseaudit.toml; with a URL, look at that page and recognise the platform."""
    from rseaudit.config.schema import json_schema
    from rseaudit.config.template import render, typed_address
    from rseaudit.report.files import write_text

    path = (session.common.output or Path()) / CONFIG_FILE
    if path.exists() and not force:
        raise UsageError("there is a configuration already", where=str(path), remedy="use --force to replace it")
    platform, remarks = _recognised(session, typed_address(url)) if url else (None, ())
    text = render(url, platform, schema=SCHEMA_FILE, remarks=remarks)
    if session.common.dry_run:
        print(text)  # noqa: T201 - the result of a dry run
        return
    write_text(path, text)
    write_text(path.with_name(SCHEMA_FILE), json.dumps(json_schema(), indent=1, ensure_ascii=False))
    session.say(f"  {path}\n  {path.with_name(SCHEMA_FILE)}  for editors that complete and check TOML")
    session.say("next: read it, then `rseaudit doctor`")


def _recognised(session: Session, url: str) -> tuple[str, tuple[str, ...]]:
    """Return the platform to write for an address, and what to say of it; a page out of reach stops nothing."""
    from rseaudit.crawl.mediawiki.calls import api_address
    from rseaudit.crawl.recognise import recognise
    from rseaudit.crawl.scrapy_settings import user_agent
    from rseaudit.crawl.visit import visit
    from rseaudit.errors import FetchError

    try:
        page = visit(url, agent=user_agent(None))
    except FetchError as error:
        session.say(f"  {error.where}: {error.what}; the platform is not recognised")
        return "website", (f"Not recognised: {error.what}. Known platforms: humhub, wordpress, mediawiki, website.",)
    found = recognise(page.body, page.headers)
    by = f"{found.platform}, known by {', '.join(found.signs)}" if found.signs else "no platform that is known"
    remarks = [f"Recognised: {by}."]
    if page.status >= 400:
        remarks.append(f"The server answered {page.status}: a guest may see another page than a member.")
    there = urlsplit(page.url)
    if there.hostname != urlsplit(url).hostname:
        seen = f"{there.scheme}://{there.netloc}{there.path}"  # the query may hold a session
        remarks.append(f"The site sends its visitors on to {seen}: write that address if it is the network's.")
    api = _beside(page.url, found.api) if found.api is not None else None
    if api is not None and api != api_address(url):
        remarks.append(f"Its API is at {api}: write that address as url.")
    if not found.is_built:
        remarks.append(f'There is no reader for "{found.platform}" yet: it is read as a website, by a profile.')
    for remark in remarks:
        session.say(f"  {remark}")
    return found.platform if found.is_built else "website", tuple(remarks)


def _beside(url: str, href: str) -> str | None:
    """Return the address that a page names, without a query; ``None`` for one on another host."""
    try:
        found = urlsplit(urljoin(url, href))
        same = found.hostname == urlsplit(url).hostname
    except ValueError:  # it is no address
        return None
    return f"{found.scheme}://{found.netloc}{found.path}" if same else None


@command(app, "doctor")
def doctor(session: Session) -> None:
    """Check configuration, store, secrets, sources and language data; one line each, with the remedy."""
    from rseaudit.cli.checks import checks

    found = checks(session)
    if session.common.as_json:
        session.result(
            {
                "schema": 1,
                "checks": [{"name": c.name, "ok": c.ok, "says": c.says, "remedy": c.remedy} for c in found],
            }
        )
    else:
        for check in found:
            mark = {True: "ok  ", False: "FAIL", None: "note"}[check.ok]
            print(f"{mark}  {check.name}: {check.says}" + (f"; {check.remedy}" if check.remedy else ""))  # noqa: T201
    if any(check.ok is False for check in found):
        session.ends_with(Exit.USAGE if any(c.ok is False and c.usage for c in found) else Exit.INCOMPLETE)
