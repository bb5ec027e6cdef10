"""What is never asked for, what is left alone, who is waited for: told in the report, and lifted only in writing."""

from __future__ import annotations

import itertools
import json
import sqlite3
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest

from rseaudit.crawl.exclusions import Exclusions
from rseaudit.crawl.guards import GuardedResolver, may_connect
from tests.command_line import Done, rseaudit, write_config
from tests.site_server import PROFILE, Answer, Page, Site, article, serving

NOW = "2026-11-23"
FAST = "politeness = { autothrottle = false, concurrency = 8, attempts = 3 }"
DECIDED = "DRH, 2026-05-02, demandé par le CSE"


def source(name: str, url: str, options: str = "", *, profile: str = "site") -> str:
    return (
        f'[[source]]\nname = "{name}"\nrole = "audited"\nplatform = "website"\nprofile = "{profile}"\nurl = "{url}"\n'
        f"{FAST}\n{options}\n"
    )


# Spaces.


@pytest.mark.parametrize(
    ("spaces", "lifted", "covered"),
    [
        (["CSE du siège"], {}, True),
        (["CSE du siège"], {"cse du siege": DECIDED}, False),
        (["CSE de Lyon"], {"cse du siege": DECIDED}, True),
        (["CSE du siège", "Section syndicale"], {"CSE*": DECIDED}, True),
        (["Messages privés"], {"*": DECIDED}, True),
        (["Private messages"], {"private*": DECIDED}, True),
        (["Projet Héron"], {"*": DECIDED}, True),
        (["Cantine"], {}, False),
    ],
)
def test_a_default_exclusion_can_be_lifted_private_messages_and_declared_ones_cannot(
    spaces: list[str], lifted: dict[str, str], covered: bool
) -> None:
    assert Exclusions(["projet heron"], lifted).cover(spaces) is covered


@dataclass(frozen=True)
class Crawled:
    folder: Path
    site: Site
    done: Done
    report: dict[str, Any]
    pages: dict[str, str]


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Crawled:
    folder = tmp_path_factory.mktemp("limits")
    actions = ("/note/1/delete", "/logout", "/note/2?_wpnonce=4", "/admin/users")
    others = ("/fichiers/plan.pdf", "https://ailleurs.example.com/", "/prive/1", "ftp://127.0.0.1/x")
    pages: dict[str, Page] = {
        "/": article(0, "/note/1", "/note/2", "/note/3", "/note/4", "/absente", *actions, *others),
        "/note/1": article(1).replace("Espace 1", "CSE du siège"),
        "/note/2": article(2).replace("Espace 2", "Messages privés"),
        "/note/3": article(3),
        "/note/4": Answer(status=302, headers={"Location": "/note/3/delete"}),
        "/robots.txt": Answer(b"User-agent: *\nDisallow: /note/9\n", content_type="text/plain"),
    }
    with serving(Site(pages)) as site:
        waivers = f'robots_override = "DSI, 2026-03-01, accord n° 12"\ninclude_spaces = {{ "CSE*" = "{DECIDED}" }}'
        waivers += '\nvisibility = "registered"'
        profile = PROFILE.replace('start = ["/"]', 'start = ["/", "/logout?tout=1"]\ndeny = ["^/prive/"]')
        write_config(folder, source("rse", site.url, waivers) + profile)
        done = rseaudit("crawl", "--now", NOW, "--json", cwd=folder)
        made = rseaudit("report", "--format", "html,json", "--now", NOW, cwd=folder)
        assert made.code == 0, made.err
    reports = folder / "rseaudit-reports"
    html = {path.name: path.read_text("utf-8").replace("\u00a0", " ") for path in reports.rglob("*.html")}
    return Crawled(folder, site, done, json.loads((reports / "report.json").read_text("utf-8")), html)


def test_a_start_that_would_act_is_not_asked_for_either(crawled: Crawled) -> None:
    asked = {path for _, path in crawled.site.requests}
    assert not asked & {"/logout?tout=1", "/logout", "/note/1/delete", "/note/3/delete", "/note/2?_wpnonce=4"}
    with sqlite3.connect(crawled.folder / "rseaudit.db") as connection:
        [row] = connection.execute("SELECT state, cause FROM urls WHERE url LIKE '%/logout?tout=1'").fetchall()
    assert row == ("denied", "refused: action")


def test_refusals_stand_in_the_report_by_reason_with_counts_and_examples(crawled: Crawled) -> None:
    [told] = crawled.report["sources"]
    refused = {item["reason"]: item for item in told["crawl"]["refused"]}
    assert {reason: item["count"] for reason, item in refused.items()} == {"action": 4, "denied": 1, "file": 1}
    assert f"{crawled.site.url}/logout" in refused["action"]["examples"]
    html = crawled.pages["overview.html"]
    assert "elle agirait : déconnecter" in html
    assert f"{crawled.site.url}/admin/users" in html


def test_what_was_asked_for_and_left_out_stands_there_too(crawled: Crawled) -> None:
    [told] = crawled.report["sources"]
    left_out = {item["reason"]: item["count"] for item in told["crawl"]["left_out"]}
    assert left_out == {
        "a space that is excluded": 1,
        "leads to a refused address: action": 1,
        "refused: action": 1,
    }
    assert "elle mène à une adresse qui n’est pas demandée" in crawled.pages["overview.html"]


def test_a_lifted_exclusion_is_printed_by_the_crawl_and_in_the_report(crawled: Crawled) -> None:
    assert f"rse: spaces named 'CSE*' are read although they usually are not: {DECIDED}" in crawled.done.err
    assert DECIDED in crawled.pages["overview.html"]
    assert crawled.report["waivers"] == [
        {"source": "rse", "kind": "robots", "decided": "DSI, 2026-03-01, accord n° 12"},
        {"source": "rse", "kind": "space", "decided": DECIDED, "space": "CSE*"},
    ]
    ids = {item["id"] for item in crawled.report["documents"]}
    assert ids == {"1", "3"}, "private messages are read in no case"


def test_robots_that_are_passed_over_are_printed_in_every_report(crawled: Crawled) -> None:
    assert len(crawled.pages) >= 3
    for name, page in crawled.pages.items():
        assert "accord n° 12" in page, name


def test_a_missing_contact_is_remarked(crawled: Crawled) -> None:
    assert "set `user_agent_contact`" in crawled.done.err


def test_a_dry_run_before_the_first_crawl_makes_no_store(tmp_path: Path) -> None:
    write_config(tmp_path, source("rse", "http://127.0.0.1:9") + PROFILE)
    done = rseaudit("crawl", "--dry-run", "--json", cwd=tmp_path)
    assert done.code == 0, done.err
    [plan] = json.loads(done.out)["sources"]
    assert plan["would_fetch"] == ["http://127.0.0.1:9/"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["rseaudit.toml"]


# Who asks for patience gets it.


class Busy(Site):
    """A host that wants to be left alone for two seconds after its first page."""

    def __init__(self, pages: Mapping[str, Page], *, dated: bool) -> None:
        super().__init__(pages)
        self.dated = dated
        self.times: list[float] = []

    def answer(self, path: str, conditions: Mapping[str, str | None]) -> Answer:
        if path == "/robots.txt":
            return Answer(status=404)
        self.times.append(time.monotonic())
        if len(self.times) == 1:
            until = datetime.now(UTC) + timedelta(seconds=3)
            wait = format_datetime(until, usegmt=True) if self.dated else "2"
            return Answer(status=503 if self.dated else 429, headers={"Retry-After": wait})
        return super().answer(path, conditions)


@pytest.mark.parametrize("dated", [False, True])
def test_retry_after_holds_the_host_for_all_its_sources(tmp_path: Path, dated: bool) -> None:
    pages = {"/": article(0, "/note/1", "/note/2"), "/note/1": article(1), "/note/2": article(2)}
    with serving(Busy(pages, dated=dated)) as site:
        assert isinstance(site, Busy)
        slow = FAST.replace("concurrency = 8", "concurrency = 1")
        tables = (source("un", site.url) + source("deux", site.url)).replace(FAST, slow)
        write_config(tmp_path, tables + PROFILE)
        done = rseaudit("crawl", "--now", NOW, "--json", cwd=tmp_path)
    assert done.code == 0, done.err
    assert len(site.times) == 1 + 2 * 3
    gaps = [later - earlier for earlier, later in itertools.pairwise(site.times)]
    assert gaps[0] >= 1.8
    assert max(gaps[1:]) < 1.8


# Addresses.


@pytest.mark.parametrize(
    ("address", "named", "allowed"),
    [
        ("93.184.216.34", False, True),
        ("127.0.0.1", False, False),
        ("10.2.3.4", False, False),
        ("10.2.3.4", True, True),
        ("169.254.169.254", True, False),
        ("::ffff:169.254.169.254", True, False),
        ("::ffff:127.0.0.1", False, False),
        ("fd00:ec2::254", True, False),
        ("0.0.0.0", True, False),
        ("fe80::1", True, False),
    ],
)
def test_addresses_inside_the_network_are_only_for_hosts_that_the_configuration_names(
    address: str, named: bool, allowed: bool
) -> None:
    assert may_connect(address, named=named) is allowed


def test_a_name_that_changes_its_address_is_checked_at_the_address_that_is_used(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from scrapy import resolver as scrapy_resolver
    from twisted.internet import defer, error
    from twisted.internet.base import ThreadedResolver

    answers = iter(("93.184.216.34", "127.0.0.1", "127.0.0.1"))
    monkeypatch.setattr(ThreadedResolver, "getHostByName", lambda *_, **__: defer.succeed(next(answers)))
    monkeypatch.setattr(scrapy_resolver, "dnscache", type(scrapy_resolver.dnscache)(10))

    def resolved(name: str, resolver: GuardedResolver) -> object:
        found: list[object] = []
        resolver.getHostByName(name).addBoth(found.append)
        return found[0]

    resolver = GuardedResolver(None, 10, 1.0, ["intranet.example.com"])  # type: ignore[arg-type]
    assert resolved("rebond.example.com", resolver) == "93.184.216.34"
    assert resolved("rebond.example.com", resolver) == "93.184.216.34", "the answer that was checked is kept"
    failure = resolved("autre.example.com", resolver)
    assert isinstance(failure.value, error.DNSLookupError)  # type: ignore[attr-defined]
    assert "autre.example.com" in resolver.refused
    assert resolved("intranet.example.com", resolver) == "127.0.0.1"
    failure = resolved("autre.example.com", resolver)
    assert isinstance(failure.value, error.DNSLookupError), "a kept answer is checked too"  # type: ignore[attr-defined]
