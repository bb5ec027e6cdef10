"""Behind a login a crawl harms nothing, leaks nothing and stores no login page."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.command_line import Done, rseaudit, write_config
from tests.guarded_sites import (
    CANARY,
    LOGIN,
    NOW,
    Members,
    account,
    documents,
    files_that_hold,
    rows,
    source,
    write_secret,
)
from tests.site_server import PROFILE, serving


@dataclass(frozen=True)
class Visits:
    """Three crawls of sites for members: a good one, one whose sessions end midway, and the next."""

    folder: Path
    redirecting: Members
    asking: Members
    first: Done
    lost: Done
    again: Done
    after_first: dict[tuple[str, str], dict[str, object]]
    after_lost: dict[tuple[str, str], dict[str, object]]
    after_again: dict[tuple[str, str], dict[str, object]]
    pending: list[tuple[object, ...]]


@pytest.fixture(scope="module")
def visits(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visits]:
    folder = tmp_path_factory.mktemp("members")
    write_secret(folder, CANARY + "\n")
    with ExitStack() as stack:
        redirecting = stack.enter_context(serving(Members(when_lost="redirect")))
        asking = stack.enter_context(serving(Members(when_lost="form")))
        write_config(
            folder,
            source("membres", redirecting.url, options=account("anne") + account("paul"), role="audited")
            + source("cercle", asking.url, options=account("anne"))
            + PROFILE
            + LOGIN,
        )
        first = rseaudit("crawl", "--now", NOW, cwd=folder)
        after_first = documents(folder)
        for site in (redirecting, asking):
            site.ends_after = site.served + 12
        lost = rseaudit("crawl", "--now", NOW, "--verbose", cwd=folder)
        after_lost = documents(folder)
        pending = rows(folder, "SELECT DISTINCT source FROM urls WHERE state = 'pending' ORDER BY source")
        for site in (redirecting, asking):
            site.ends_after = None
        again = rseaudit("crawl", "--now", NOW, "--json", cwd=folder)
        yield Visits(
            folder, redirecting, asking, first, lost, again, after_first, after_lost, documents(folder), pending
        )


def test_a_form_with_a_token_lets_each_account_in(visits: Visits) -> None:
    assert visits.first.code == 0, visits.first.err
    numbers = {str(number) for number in range(1, 41)}
    assert {id_ for name, id_ in visits.after_first if name == "membres"} == numbers
    assert {id_ for name, id_ in visits.after_first if name == "cercle"} == numbers
    assert visits.after_first["membres", "7"]["accounts"] == ["anne"]
    assert visits.after_first["membres", "9"]["accounts"] == ["anne", "paul"]


def test_only_reading_requests_and_the_declared_login_reach_the_site(visits: Visits) -> None:
    for site in (visits.redirecting, visits.asking):
        assert {method for method, _ in site.requests} <= {"GET", "HEAD", "POST"}
        assert {path for method, path in site.requests if method == "POST"} == {"/session"}


def test_links_that_act_are_never_asked_for_and_are_listed_by_a_dry_run(visits: Visits) -> None:
    asked = {path for _, path in (*visits.redirecting.requests, *visits.asking.requests)}
    actions = {"/post/1/delete?token=x", "/logout", "/note/1?_wpnonce=7", "/note/2/like", "/admin/users"}
    assert not asked & actions
    done = rseaudit("crawl", "--dry-run", "--json", "membres", cwd=visits.folder)
    [plan] = json.loads(done.out)["sources"]
    refused = {item["url"].removeprefix(visits.redirecting.url): item["reason"] for item in plan["would_refuse"]}
    assert refused == dict.fromkeys(actions, "action")
    assert f"{visits.redirecting.url}/note/1" in plan["would_fetch"]
    assert "5 action" in visits.first.err


def test_compare_lists_what_one_account_sees_and_the_other_does_not(visits: Visits) -> None:
    done = rseaudit("crawl", "--compare", "anne", "paul", "--json", cwd=visits.folder)
    compared = json.loads(done.out)
    assert {"membres/7", "membres/8"} <= set(compared["only_first"])
    assert compared["only_second"] == []
    done = rseaudit("crawl", "--compare", "anne", "jean", cwd=visits.folder)
    assert done.code == 2
    assert "nothing was crawled as jean" in done.err


def test_a_session_that_ends_midway_leaves_the_run_incomplete_and_says_so(visits: Visits) -> None:
    assert visits.lost.code == 3, visits.lost.err
    assert "the session was lost" in visits.lost.err
    assert visits.pending == [("cercle",), ("membres",)]


def test_a_lost_session_stores_no_login_page_and_marks_nothing_as_vanished(visits: Visits) -> None:
    assert visits.after_lost == visits.after_first
    assert files_that_hold(visits.folder, "Vous devez vous identifier") == []


def test_the_crawl_after_a_lost_session_goes_on_and_ends_complete(visits: Visits) -> None:
    assert visits.again.code == 0, visits.again.err
    assert "taken up" in visits.again.err
    assert visits.after_again == visits.after_first
    assert rows(visits.folder, "SELECT count(*) FROM urls WHERE state IN ('pending', 'leased')") == [(0,)]


def test_a_password_stands_in_no_store_no_report_and_no_message(visits: Visits) -> None:
    assert any(CANARY.encode() in body for _, body in visits.redirecting.posted), "it was sent where it belongs"
    for done in (visits.first, visits.lost, visits.again):
        assert CANARY not in done.out + done.err
    assert (visits.folder / "rseaudit-reports" / "index.html").exists()
    assert files_that_hold(visits.folder, CANARY) == []
    assert files_that_hold(visits.folder, "jeton-9") == []
