"""Serve the fictitious company on this machine and run the three jobs on it for real, over HTTP.

Each job is the command that a user would type, in a process of its own.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from rseaudit.demo import configuration, server
from rseaudit.demo.company import load_company
from rseaudit.demo.feeds import load_feeds
from rseaudit.errors import Exit, IncompleteError

NOW = "2026-11-23T08:00:00+01:00"


@dataclass(frozen=True, slots=True)
class Shown:
    """What the demo found, for the last lines on the terminal."""

    documents: int
    copies: int
    matches: int
    findings: int
    stories: int
    trends: tuple[str, ...]


def run_demo(output: Path, *, lang: str, say: Callable[[str], None]) -> Shown:
    """Run the demo and leave its reports in ``output``; the same bytes every time.

    Raises ``IncompleteError`` when one of the commands does not end well.
    """
    with (
        tempfile.TemporaryDirectory(prefix="rseaudit-demo-") as name,
        server.serve(load_company(), load_feeds()) as servers,
    ):
        folder = Path(name)
        config = configuration.write(folder, servers.proxies)
        common = ("--config", str(config), "--now", NOW, "--lang", lang, "--output", str(output.absolute()), "--json")
        _run("import", str(folder / configuration.PEOPLE), *common)
        say("crawling three sites on 127.0.0.1, 127.0.0.2 and 127.0.0.3 …")
        audit = _run("crawl", *common)
        say("comparing every content with the other platforms …")
        reuse = _run("duplicates", *common)
        say("reading eight feeds …")
        watch = _run("watch", *common)
    return Shown(
        documents=len(reuse["documents"]),
        copies=sum(item["verdict"] in ("copy", "adapted") for item in reuse["documents"]),
        matches=len(reuse["matches"]),
        findings=len(audit["findings"]),
        stories=len(watch["stories"]),
        trends=tuple(item["term"] for item in watch["trends"]),
    )


def _run(command: str, *options: str) -> dict[str, list[dict[str, str]]]:
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-m", "rseaudit", command, *options], capture_output=True, text=True, encoding="utf-8"
    )
    if done.returncode != Exit.OK:
        raise IncompleteError(
            f"`rseaudit {command}` ended with {done.returncode}:\n{done.stderr.strip()}",
            remedy="run `rseaudit demo --verbose`, and report it if it stays",
        )
    found: dict[str, list[dict[str, str]]] = json.loads(done.stdout)
    return found
