"""The demo is the golden test: the three jobs, over HTTP, against what the company's authors planted."""

from __future__ import annotations

import json
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from rseaudit.demo.company import load_company
from tests.command_line import rseaudit

CONTENT = Path(__file__).parent.parent / "rseaudit" / "demo" / "content"
EXPECTED = tomllib.loads((CONTENT / "expected.toml").read_text("utf-8"))
pytestmark = pytest.mark.slow


@cache
def _report(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "report.json").read_text("utf-8"))
    return found


def test_the_demo_leaves_the_same_bytes_each_time(demo: Path, tmp_path: Path) -> None:
    again = rseaudit("demo", "--quiet", "--output", "again", cwd=tmp_path)
    assert again.code == 0, again.err
    one = {path.relative_to(demo): path.read_bytes() for path in demo.rglob("*.*")}
    two = {path.relative_to(tmp_path / "again"): path.read_bytes() for path in (tmp_path / "again").rglob("*.*")}
    assert one.keys() == two.keys()
    assert [str(name) for name in one if one[name] != two[name]] == []


def test_no_port_address_or_folder_of_this_machine_stands_in_a_report(demo: Path) -> None:
    for path in demo.rglob("*.*"):
        text = path.read_text("utf-8")
        assert "127.0.0." not in text, path.name
        assert str(Path.home()) not in text, path.name
        assert "/tmp/" not in text, path.name


@pytest.mark.parametrize("planted", EXPECTED["copy"], ids=lambda c: f"{c['plant']}-{c['document']}")
def test_every_planted_copy_is_found_with_its_source_and_direction(demo: Path, planted: dict[str, Any]) -> None:
    matches = {
        (m["document"]["source"], m["document"]["id"], m["other"]["source"], m["other"]["id"]): m
        for m in _report(demo)["matches"]
    }
    other = planted["other"]
    straight = matches.get(("rse", planted["document"], other["source"], other["id"]))
    turned = matches.get((other["source"], other["id"], "rse", planted["document"]))
    found = straight or turned
    if planted["plant"] == "restricted":
        assert found is None, "auditors are not members: the match may not be told"
        return
    assert found is not None
    turn = {"document": "other", "other": "document", "unknown": "unknown"}
    original = found["original"] if straight else turn[found["original"]]
    assert original == planted["original"]
    assert found["kind"] in planted["kinds"]


def test_what_is_no_copy_is_not_called_one(demo: Path) -> None:
    verdicts = {(d["source"], d["id"]): d["verdict"] for d in _report(demo)["documents"]}
    # The two share a signature, which is told as such.
    told = [m for m in _report(demo)["matches"] if m["kind"] in ("copy", "relay", "quote")]
    pairs = {(m["document"]["id"], m["other"]["id"]) for m in told}
    for planted in EXPECTED["coincidence"]:
        one, two = planted["document"], planted["other"]["id"]
        assert not {(one, two), (two, one)} & pairs
    for document in EXPECTED["audit"]["template_minutes"]:
        assert verdicts["rse", document] not in ("copy", "adapted")


@pytest.mark.parametrize("canary", EXPECTED["restricted"]["canaries"])
def test_what_is_restricted_stands_in_no_report_whose_reader_is_not_a_member(demo: Path, canary: str) -> None:
    members = {load_company().people[key].name for key in EXPECTED["restricted"]["members"]}
    seen_by = set()
    for path in demo.rglob("*.*"):
        if canary.casefold() in path.read_text("utf-8").casefold() or canary in path.name:
            assert path.parent.name == "owners", path.name
            seen_by.add(json.loads(path.with_suffix(".json").read_text("utf-8"))["name"])
    assert seen_by <= members


def test_the_crawl_saw_everything_and_nothing_that_is_excluded(demo: Path) -> None:
    crawl = {item["name"]: item["crawl"] for item in _report(demo)["sources"]}
    assert set(crawl) == {"rse", "intranet", "site-public"}
    for item in crawl.values():
        assert item["failed"] == 0
        assert item["asked"] == item["done"] + item["failed"] + item["excluded"]
    text = "".join(path.read_text("utf-8").casefold() for path in demo.rglob("*.*"))
    for word in EXPECTED["excluded"]["canaries"]:
        assert word not in text


def test_the_digest_tells_the_trends_and_the_weak_signals(demo: Path) -> None:
    wanted = tomllib.loads((CONTENT / "feeds" / "expected.toml").read_text("utf-8"))
    digest = json.loads((demo / "digest.json").read_text("utf-8"))
    assert [trend["term"] for trend in digest["trends"]] == [wanted["bursting"]["term"], wanted["rising"]["term"]]
    assert {s["term"] for s in wanted["weak_signal"]} <= {signal["term"] for signal in digest["weak_signals"]}


@pytest.mark.parametrize(
    ("rule", "key"),
    [
        ("orphan-content", "orphans"),
        ("stale-content", "stale"),
        ("wrong-language", "wrong_language"),
        ("too-long", "too_long"),
    ],
)
def test_what_was_planted_for_a_rule_is_found(demo: Path, rule: str, key: str) -> None:
    found = {finding["document"]["id"] for finding in _report(demo)["findings"] if finding["rule"] == rule}
    assert set(EXPECTED["audit"][key]) <= found
