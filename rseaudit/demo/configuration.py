"""Write the configuration with which the demonstration reads its own company."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from importlib.resources import files
from pathlib import Path

from rseaudit.demo.company import Company, load_company
from rseaudit.demo.feeds import DemoFeed, load_feeds
from rseaudit.interchange import person_line
from rseaudit.model import Person
from rseaudit.people import person_key

PEOPLE = "people.jsonl"
_SECRET = Path("secrets", "rse")
_FEED = """
[[source]]
name = "{name}"
role = "watched"
platform = "feed"
url = "http://{host}{path}"
proxy = "{proxy}"
languages = ["{lang}"]
trust = {trust}
politeness = {{ autothrottle = false, start_delay_s = 0.0 }}
"""


def write(folder: Path, proxies: Mapping[str, str]) -> Path:
    """Write ``rseaudit.toml`` and what it names into ``folder``; return its path.

    ``proxies`` are those of ``server.Servers``; feeds without one are left out. Beside it stand the
    password (readable by its owner only), ``watchlists/demo-vendors.toml`` and ``people.jsonl``, who
    works there and who has left, for ``rseaudit import``.
    """
    company = load_company()
    content = files("rseaudit.demo") / "content"
    text = (content / "rseaudit.template.toml").read_text("utf-8")
    for name in company.hosts:
        text = text.replace(f"@{name}@", proxies[name])
    folder.mkdir(parents=True, exist_ok=True)
    _write_secret(folder / _SECRET, next(a.password for a in company.accounts if a.user == "auditeur"))
    (folder / "watchlists").mkdir(exist_ok=True)
    vendors = (content / "feeds" / "demo-vendors.toml").read_text("utf-8")
    (folder / "watchlists" / "demo-vendors.toml").write_text(vendors, "utf-8", newline="\n")
    (folder / PEOPLE).write_text(_people(company), "utf-8", newline="\n")
    path = folder / "rseaudit.toml"
    path.write_text(text + _sources(load_feeds(), proxies), "utf-8", newline="\n")
    return path


def person_of(company: Company, key: str) -> Person:
    """Return someone of the company as the audit knows people."""
    someone = company.people[key]
    return Person(
        key=person_key(someone.mail),
        name=someone.name,
        mail=someone.mail,
        active=someone.active,
        department=someone.department,
        site=someone.site,
        language="fr",
    )


def _sources(feeds: Iterable[DemoFeed], proxies: Mapping[str, str]) -> str:
    return "".join(
        _FEED.format(
            name=feed.key, host=feed.host, path=feed.path, proxy=proxies[feed.key], lang=feed.lang, trust=feed.trust
        )
        for feed in feeds
        if feed.key in proxies
    )


def _people(company: Company) -> str:
    lines = (person_line(person_of(company, key)) for key in sorted(company.people))
    return "".join(json.dumps({"type": "person", **line}, ensure_ascii=False) + "\n" for line in lines)


def _write_secret(path: Path, password: str) -> None:
    path.parent.mkdir(mode=0o700, exist_ok=True)
    path.touch(mode=0o600)
    path.chmod(0o600)
    path.write_text(f"{password}\n", "utf-8", newline="\n")
