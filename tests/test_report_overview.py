"""The overview adds up what auditors may know, by rule, space and source."""

from __future__ import annotations

from dataclasses import replace

from rseaudit.model import Source
from rseaudit.report.overview import ITEMS, overview
from tests.report_sample import sample

OVERVIEW = overview(sample())


def test_findings_and_fit_are_counted_over_readable_contents() -> None:
    assert (OVERVIEW.documents, OVERVIEW.spaces) == (6, 5)
    assert OVERVIEW.by_severity == {"alert": 3, "advice": 1, "info": 0}
    assert OVERVIEW.by_fit == {"fits": 1, "adjust": 1, "unfit": 1, "not-judged": 1}
    assert (OVERVIEW.concerned, OVERVIEW.unanswered) == (3, 1)


def test_rules_come_by_severity_and_name_each_document() -> None:
    assert [group.rule for group in OVERVIEW.rules] == [
        "expired-deadline",
        "orphan-content",
        "stale-content",
        "long-sentences",
    ]
    assert [group.items[0][0].id for group in OVERVIEW.rules] == ["412", "31", "87", "87"]


def test_long_groups_say_how_many_are_left_out() -> None:
    data = sample()
    many = tuple(replace(data.findings[0], id=f"{i:016}") for i in range(ITEMS + 5))
    (group,) = overview(replace(data, findings=many)).rules
    assert (len(group.items), group.more, group.documents) == (ITEMS, 5, 1)


def test_spaces_add_up_to_the_audited_contents() -> None:
    rows = {row.name: row for row in OVERVIEW.space_rows}
    assert list(rows) == ["Exploitation", "Sécurité terrain", "Vie au travail"]
    security = rows["Sécurité terrain"]
    assert (security.documents, security.fits, security.adjust, security.taken_up) == (2, 1, 1, 1)
    assert all(row.documents == row.fits + row.adjust + row.unfit + row.not_judged for row in rows.values())


def test_a_taken_up_content_is_told_from_the_side_that_repeats() -> None:
    assert [(m.mine.id, m.other.id, m.likely) for m in OVERVIEW.matches] == [
        ("412", "n-17", "other"),
        ("t-5", "87", "other"),
    ]
    assert OVERVIEW.copied == 2
    assert OVERVIEW.by_kind["shared-boilerplate"] == 1


def test_sources_say_what_their_crawl_met() -> None:
    crawl = {row.name: row.crawl for row in OVERVIEW.sources}["rse"]
    assert crawl is not None
    assert crawl.robots_override == "DSI, 2026-03-01, accord n° 12"
    assert [(t.reason, t.count) for t in crawl.refused] == [("action", 41), ("origin", 7)]
    assert crawl.refused[0].examples == ("https://rse.valdeau.example/user/auth/logout",)


def test_contents_of_watched_feeds_are_not_counted() -> None:
    data = sample()
    watched = [replace(source, role="watched") if source.name == "forum" else source for source in data.sources]
    assert overview(replace(data, sources=[*watched, Source(name="x", role="watched")])).documents == 5
