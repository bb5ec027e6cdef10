"""What every command shares: its common options, and what they lead to when first needed."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from rseaudit.errors import Exit, UsageError

if TYPE_CHECKING:
    from rseaudit.config.settings import Settings
    from rseaudit.i18n import Translator
    from rseaudit.store.database import Store

CONFIG_FILE = "rseaudit.toml"
OUTPUT_FOLDER = "rseaudit-reports"


@dataclass(frozen=True, kw_only=True)
class Common:
    """The common options as typed."""

    config: Path | None = None
    store: str | None = None
    output: Path | None = None
    as_json: bool = False
    lang: str | None = None
    since: str | None = None
    space: str | None = None
    fail_on: str | None = None
    quiet: bool = False
    verbose: bool = False
    dry_run: bool = False
    now: str | None = None


class Session:
    """One command's surroundings. Talk goes to standard error, results to standard output."""

    def __init__(self, common: Common) -> None:
        self.common = common
        self._codes: list[Exit] = []

    def check_options(self) -> None:
        """Raise ``UsageError`` for a common option that cannot be used, before any work is done."""
        for given, check in (
            (self.common.now, lambda: self.now),
            (self.common.since, lambda: self.since),
            (self.common.lang, lambda: self.lang),
            (self.common.fail_on, lambda: self.fail_on),
        ):
            if given is not None:
                check()

    @cached_property
    def settings(self) -> Settings:
        """The configuration: the named file, else ``rseaudit.toml`` here, else the defaults."""
        from rseaudit.config.load import default_settings, load

        path = self.common.config or Path(CONFIG_FILE)
        if self.common.config is None and not path.exists():
            return default_settings()
        settings = load(path)
        for notice in settings.notices:
            self.say(notice)
        return settings

    @property
    def has_configuration(self) -> bool:
        return self.common.config is not None or Path(CONFIG_FILE).exists()

    def require_sources(self) -> None:
        """Raise ``UsageError`` when there is nothing that a crawl could read."""
        if not self.has_configuration:
            raise UsageError(
                f"there is no {CONFIG_FILE} here",
                remedy="run `rseaudit init URL` to write one, or name yours with --config",
            )

    @cached_property
    def now(self) -> datetime:
        """The instant that judgements and output use: ``--now``, else the clock, in whole seconds."""
        if self.common.now is None:
            return datetime.now().astimezone().replace(microsecond=0)
        return parse_instant(self.common.now, option="--now")

    @cached_property
    def since(self) -> datetime | None:
        """The start of what is looked at, from ``--since``."""
        return parse_instant(self.common.since, option="--since") if self.common.since else None

    @cached_property
    def lang(self) -> str:
        """The language of everything that an owner or reader receives."""
        lang = self.common.lang or self.settings.report.lang
        if lang not in ("fr", "en"):
            raise UsageError(f"--lang: {lang!r} is not known", expected="fr or en")
        return lang

    @cached_property
    def speaker(self) -> Translator:
        from rseaudit.i18n import translator

        return translator(self.lang)

    def translate(self, message: str, places: Mapping[str, str | int | float]) -> str:
        """Return a message of a finding in the language of reports."""
        return self.speaker.text(message, **places)

    @cached_property
    def fail_on(self) -> str:
        """The severity from which findings change the exit code."""
        level = self.common.fail_on or self.settings.audit.fail_on
        if level not in ("never", "info", "advice", "alert"):
            raise UsageError(f"--fail-on: {level!r} is not a level", expected="never, info, advice or alert")
        return level

    @property
    def output(self) -> Path | None:
        """Where reports go; ``None`` when ``--json`` alone was asked for."""
        if self.common.output is not None:
            return self.common.output
        return None if self.common.as_json else Path(OUTPUT_FOLDER)

    @property
    def store_address(self) -> str:
        from rseaudit.config.secrets import database_address

        return self.common.store or database_address(self.settings.store).reveal()

    @contextmanager
    def store(self, *, create: bool = True) -> Iterator[Store]:
        """Open the store for the length of a command; a write that fails (a full disk) is told as such."""
        from rseaudit.store.database import open_store, telling_failures

        store = open_store(self.store_address, create=create)
        try:
            with telling_failures(store):
                yield store
        finally:
            store.close()

    def say(self, text: str) -> None:
        """Tell the person at the terminal, unless ``--quiet``."""
        if not self.common.quiet:
            print(printable(text), file=sys.stderr)  # noqa: T201 - this is the command line

    def result(self, value: object) -> None:
        """Print a result for a machine."""
        print(json.dumps(value, ensure_ascii=False, indent=1))  # noqa: T201

    def fails_on(self, severities: Iterable[str]) -> None:
        """End with "findings" when one of the severities reaches ``--fail-on``."""
        from rseaudit.model import SEVERITIES

        if self.fail_on != "never":
            wanted = SEVERITIES[SEVERITIES.index(self.fail_on) :]  # checked there
            if any(severity in wanted for severity in severities):
                self.ends_with(Exit.FINDINGS)

    def ends_with(self, code: Exit) -> None:
        """Note an exit code; the worst one wins at the end."""
        self._codes.append(code)

    @property
    def exit_code(self) -> Exit:
        from rseaudit.errors import worst

        return worst(*self._codes)


def printable(text: str) -> str:
    """Replace control characters: crawled text must not move the cursor or forge a line."""
    return "".join(c if c == "\n" or c.isprintable() or c in "\u00a0\u202f" else "\ufffd" for c in text)


def parse_instant(text: str, *, option: str) -> datetime:
    """Read a day or an instant; without a zone it is Paris time, a day begins at midnight."""
    zone = ZoneInfo("Europe/Paris")
    try:
        if len(text) == 10:
            return datetime.combine(date.fromisoformat(text), time(), tzinfo=zone)
        when = datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(
            f"{option}: {text!r} is not a date", expected="2026-03-04 or 2026-03-04T09:00:00+01:00"
        ) from None
    return when if when.tzinfo else when.replace(tzinfo=zone)
