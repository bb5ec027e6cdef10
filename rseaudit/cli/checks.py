"""What ``rseaudit doctor`` looks at. Each check says what it found and what to do about it."""

from __future__ import annotations

import ssl
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from rseaudit.errors import RseauditError, UsageError

if TYPE_CHECKING:
    from rseaudit.cli.session import Session
    from rseaudit.config.settings import SourceSettings


@dataclass(frozen=True, slots=True)
class Check:
    """One line: ``ok`` ``None`` is a remark; ``usage`` tells a mistake of ours from a trouble outside."""

    name: str
    ok: bool | None
    says: str
    remedy: str | None = None
    usage: bool = False


def checks(session: Session) -> tuple[Check, ...]:
    """Run every check; one that fails does not stop the others."""
    return tuple(_checks(session))


def _checks(session: Session) -> Iterator[Check]:
    try:
        settings = session.settings
    except RseauditError as error:
        yield Check("configuration", False, str(error).replace("\n", " | "), "see docs/configuration.md", usage=True)
        return
    for notice in settings.notices:
        yield Check("configuration", None, notice)
    if session.has_configuration:
        yield Check("configuration", True, f"{len(settings.source)} sources, {len(settings.audience)} audiences")
    else:
        yield Check("configuration", None, "no rseaudit.toml here", "run `rseaudit init URL`")
    yield _store(session)
    for source in settings.source:
        yield from _source(session, source)
    yield from _accounts(session)
    yield _french()


def _store(session: Session) -> Check:
    from rseaudit.store import content

    try:
        with session.store(create=False) as store, store.read() as connection:
            count = content.count_documents(connection)
            return Check("store", True, f"{store.shown}: {count} documents")
    except RseauditError as error:
        missing = "no store here yet" in error.what
        return Check("store", None if missing else False, error.what, error.remedy, usage=not missing)


def _source(session: Session, source: SourceSettings) -> Iterator[Check]:
    from rseaudit.crawl.scrapy_settings import user_agent

    name = f"source {source.name}"
    try:
        context = ssl.create_default_context(cafile=source.ca_file)
    except OSError as error:
        yield Check(
            f"{name}: ca_file", False, f"{source.ca_file}: {error.strerror or error}", "name a PEM file", usage=True
        )
        return
    handlers: list[urllib.request.BaseHandler] = [urllib.request.HTTPSHandler(context=context)]
    handlers.append(urllib.request.ProxyHandler({"http": source.proxy, "https": source.proxy} if source.proxy else {}))
    opener = urllib.request.build_opener(*handlers)
    agent = user_agent(session.settings.user_agent_contact)
    for path, what in ((urljoin(source.url, "/robots.txt"), "robots.txt"), (source.url, "start")):
        request = urllib.request.Request(path, headers={"User-Agent": agent})  # noqa: S310 - http or https by validation
        try:
            with opener.open(request, timeout=source.politeness.timeout_s) as answer:
                yield Check(f"{name}: {what}", True, f"status {answer.status}")
        except urllib.error.HTTPError as error:
            expected = what == "robots.txt" and error.code == 404
            says = "none: everything may be read" if expected else f"status {error.code}"
            yield Check(f"{name}: {what}", True if expected else None, says)
        except (OSError, ValueError) as error:
            cause = getattr(error, "reason", error)
            yield Check(
                f"{name}: {what}", False, f"cannot be reached: {cause}", "check the address, proxy and certificate"
            )
            return


def _accounts(session: Session) -> Iterator[Check]:
    """Log every account in as a crawl would, and ask for its proof."""
    from rseaudit.crawl.trial import try_accounts

    sources = [source for source in session.settings.source if source.role != "watched" and source.accounts]
    if not sources:
        return
    tried = try_accounts(session.settings, sources)
    for source in sources:
        for account in source.accounts:
            name = f"source {source.name}: account {account.name}"
            if account.is_guest:
                yield Check(name, None, "names no identity: it reads as a guest")
                continue
            problem = tried[source.name, account.name]
            if problem is None:
                yield Check(name, True, "it gets in")
            else:
                says = f"{problem.where}: {problem.what}" if problem.where else problem.what
                yield Check(name, False, says, problem.remedy, usage=isinstance(problem, UsageError))
            if source.url.startswith("http://"):
                yield Check(name, None, "its secret crosses the network in clear", "write https in url, if you can")


def _french() -> Check:
    if find_spec("fr_core_news_sm") is not None:
        return Check("French pipeline", True, "fr_core_news_sm is installed")
    remedy = 'for better terms in trends: python -m pip install "rseaudit[fr]"'
    return Check("French pipeline", None, "fr_core_news_sm is not installed; everything works without it", remedy)
