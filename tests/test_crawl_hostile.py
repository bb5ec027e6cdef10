"""What a server can do to a crawler: each fault is named, its neighbours are read, memory and time stay bounded."""

from __future__ import annotations

import gzip
import json
import sqlite3
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.command_line import Done, environment, rseaudit, write_config
from tests.fault_server import (
    Faults,
    announced,
    drip,
    endless,
    garbage,
    gzip_bomb,
    hang,
    large_header,
    longer_than_it_is,
    misbehaving,
    page,
    reset,
)
from tests.site_server import PROFILE, article, numbered_site, serving

NOW = "2026-11-23"
MEGABYTE = 1024 * 1024
# Peak memory above a crawl of a good site; time from the first request to the end of the command.
MOST_MEMORY_MB = 300
MOST_SECONDS = 240
# A body that does not end meets the limit of size, or that of time when the machine is slow.
TOO_MUCH = "larger than the limit | no answer in time"
GOOD = (1, 2, 3, 4)
SETTINGS = "politeness = { autothrottle = false, concurrency = 4, attempts = 2, timeout_s = 3 }"
MEASURED = """
import resource, sys
from rseaudit.cli import main
code = main(["crawl", "--now", "2026-11-23", "--json"])
sys.stdout.flush()
print("peak-kib", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)
sys.exit(code)
"""


def around(inside: str, number: int) -> bytes:
    """Return a good page with something terrible in the midst of its text."""
    return article(number).replace("après chaque", f"{inside} après chaque").encode()


def faults() -> Faults:
    whole = gzip.compress(article(24).encode() * 50)
    latin = article(41).replace("équipes", "équipes du côté été").encode("latin-1", "replace")
    server = Faults({})
    server.faults = {
        **{f"/note/{number}": page(article(number).encode()) for number in GOOD},
        "/note/10": reset,
        "/note/11": garbage,
        "/note/12": large_header,
        "/note/13": longer_than_it_is(article(13).encode()),
        "/note/14": page(whole[: len(whole) // 2], "Content-Encoding: gzip"),
        "/note/15": page(article(15).encode(), "Content-Encoding: gzip"),
        "/note/16": drip(server),
        "/note/17": hang(server),
        "/note/18": announced(10),
        "/note/19": endless(server),
        "/note/20": page(gzip_bomb(), "Content-Encoding: gzip"),
        "/note/21": page(around("mot " * (50 * MEGABYTE // 4), 21)),
        "/note/40": page(article(40).encode(), kind="text/html; charset=klingon"),
        "/note/41": page(latin.replace(b"<head>", b'<head><meta charset="utf-8">'), kind="text/html"),
        "/note/42": page(around("<div>" * 100_000 + "tout au fond" + "</div>" * 100_000, 42)),
        "/note/43": page(around("".join(f"<a href=/n{n}>" for n in range(1_000_000)), 43)[: 14 * MEGABYTE]),
        "/note/44": page(around("<i>x</i>" * 100_000, 44)),
        "/note/45": page(around("A\0B", 45).replace(b"outil ab", b"outil \xff\xfeab")),
        "/note/46": page(around("<p " + " ".join(f"a{n}=1" for n in range(1_000_000)) + ">fin", 46)),
        "/note/47": page(around("mot " * (13 * MEGABYTE // 4), 47)),
    }
    links = tuple(server.faults)
    many = tuple(f"/autre/{number}" for number in range(20_000))
    server.faults["/"] = page(article(0, *links, "/liste").encode())
    server.faults["/liste"] = page(article(0, *many).encode())
    return server


@dataclass(frozen=True)
class Crawled:
    server: Faults
    done: Done
    seconds: float
    peak_mb: int
    base_mb: int
    states: dict[str, tuple[str, str | None]]
    documents: dict[str, dict[str, object]]


def measured(folder: Path) -> tuple[Done, float, int]:
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", MEASURED],
        cwd=folder,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=environment(),
        timeout=600,
    )
    peak = int(done.stderr.rpartition("peak-kib ")[2].split()[0]) // 1024
    return Done(done.returncode, done.stdout, done.stderr), time.monotonic() - began, peak


def config(folder: Path, url: str, settings: str = SETTINGS) -> None:
    table = f'[[source]]\nname = "hostile"\nrole = "reference"\nplatform = "website"\nprofile = "site"\nurl = "{url}"\n'
    write_config(folder, table + settings + "\n" + PROFILE)


def states(folder: Path) -> dict[str, tuple[str, str | None]]:
    with sqlite3.connect(folder / "rseaudit.db") as connection:
        rows = connection.execute("SELECT url, state, cause FROM urls").fetchall()
    return {"/" + url.split("/", 3)[3]: (state, cause) for url, state, cause in rows}


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Crawled:
    plain, folder = tmp_path_factory.mktemp("plain"), tmp_path_factory.mktemp("hostile")
    with serving(numbered_site(8)) as good:
        config(plain, good.url)
        _, _, base = measured(plain)
    with misbehaving(faults()) as server:
        limits = SETTINGS.replace(" }", ", max_pages = 60 }")
        config(folder, server.url, limits)
        done, seconds, peak = measured(folder)
    lines = [json.loads(line) for line in rseaudit("export", "--canonical", cwd=folder).out.splitlines()]
    documents = {line["id"]: line for line in lines if line["type"] == "document"}
    return Crawled(server, done, seconds, peak, base, states(folder), documents)


@pytest.mark.parametrize(
    ("number", "cause"),
    [
        (10, "the answer was cut"),
        (11, "the answer is not HTTP"),
        (12, "the connection broke"),
        (13, "the answer was cut"),
        (14, "the answer was cut"),
        (15, "the body cannot be decompressed"),
        (16, "no answer in time"),
        (17, "no answer in time"),
        (18, "larger than the limit"),
        (19, TOO_MUCH),
        (20, "larger than the limit"),
        (21, TOO_MUCH),
    ],
)
def test_a_fault_is_named_and_nothing_of_it_is_kept(crawled: Crawled, number: int, cause: str) -> None:
    state, found = crawled.states[f"/note/{number}"]
    assert state == "failed"
    assert found in cause.split(" | ")
    assert str(number) not in crawled.documents
    assert f"  failed: {crawled.server.url}/note/{number}: {found}\n" in crawled.done.err


def test_the_neighbours_of_all_faults_are_read(crawled: Crawled) -> None:
    assert crawled.done.code == 3, crawled.done.err
    assert "Traceback" not in crawled.done.err
    assert {crawled.states[f"/note/{number}"] for number in GOOD} == {("done", None)}
    assert {str(number) for number in GOOD} <= crawled.documents.keys()
    assert not [path for path, (state, _) in crawled.states.items() if state in ("pending", "leased")]


@pytest.mark.parametrize(
    ("number", "cause", "words"),
    [
        (40, None, "La note numéro 40"),
        (41, "invalid-bytes:", "La note num\ufffdro 41"),
        (42, None, "tout au fond"),
        (43, "truncated", "La note numéro 43"),
        (44, "text-truncated", "La note numéro 44"),
        (45, "invalid-bytes:", "La note numéro 45"),
        (46, "truncated", "fin après chaque intervention"),
        (47, "text-truncated", "La note numéro 47"),
    ],
)
def test_a_terrible_page_is_read_as_far_as_it_can_be_and_what_is_lost_is_noted(
    crawled: Crawled, number: int, cause: str | None, words: str
) -> None:
    state, noted = crawled.states[f"/note/{number}"]
    assert state == "done"
    assert noted is None if cause is None else cause in (noted or "")
    assert words in str(crawled.documents[str(number)]["text"])


def test_memory_and_time_stay_bounded(crawled: Crawled) -> None:
    assert crawled.peak_mb - crawled.base_mb <= MOST_MEMORY_MB, (crawled.peak_mb, crawled.base_mb)
    assert crawled.seconds <= MOST_SECONDS


def test_of_twenty_thousand_links_on_a_page_all_are_known_up_to_the_declared_limit(crawled: Crawled) -> None:
    assert len(crawled.states) == 60
    told = crawled.done.err.partition("links not followed: ")[2].split("\n")[0]
    counts = {reason: int(count) for count, reason in (item.split(" ")[:2] for item in told.split(", "))}
    assert counts["max_pages"] > 9_000
