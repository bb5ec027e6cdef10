"""The half hour of docs/profiles.md: its profile reads such a forum, and ``profile check`` says what to mend."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from rseaudit.config.load import load
from tests.command_line import Done, canonical, rseaudit, write_config
from tests.forum_site import LONG_THREAD, SECTIONS, THREADS, forum, replies
from tests.site_server import Site, serving

NOW = "2026-11-23"
TEXT = (Path(__file__).parent.parent / "docs" / "profiles.md").read_text("utf-8")
[PROFILE] = [block for block in re.findall(r"```toml\n(.*?)```", TEXT, re.DOTALL) if 'item = ".post"' in block]
FAST = "politeness = { autothrottle = false, concurrency = 4 }\n"


def crawled(folder: Path, site: Site, profile: str) -> Done:
    text = profile.replace("https://forum.example.com", site.url)
    write_config(folder, text.replace("\n\n[profile.forum]", f"\n{FAST}\n[profile.forum]"))
    return rseaudit("crawl", "--now", NOW, "--json", cwd=folder)


def documents(folder: Path) -> dict[int, dict[str, Any]]:
    lines = [json.loads(line) for line in canonical(folder)]
    return {int(line["id"]): line for line in lines if line["type"] == "document"}


def check(folder: Path) -> Done:
    return rseaudit("profile", "check", "forum", cwd=folder)


@pytest.fixture(scope="module")
def mended(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a project whose forum has been crawled: what is mended in its profile needs no second crawl."""
    folder = tmp_path_factory.mktemp("forum")
    with serving(forum()) as site:
        assert crawled(folder, site, PROFILE).code == 0
    return folder


def test_the_profile_of_the_guide_reads_a_whole_forum_and_no_page_too_many(tmp_path: Path) -> None:
    with serving(forum()) as site:
        done = crawled(tmp_path, site, PROFILE)
        assert done.code == 0, done.err
        found = documents(tmp_path)
        assert set(found) == {*THREADS[2], *THREADS[3]}
        for thread, row in found.items():
            section = next(section for section, threads in THREADS.items() if thread in threads)
            assert row["title"] == f"Procédure {thread} : demander un badge"
            assert row["text"].startswith(f"Pour obtenir le badge numéro {thread}, adressez-vous à l'accueil")
            assert row["text"].endswith(f"Le délai est de {thread} jours.")
            assert (row["author"], row["spaces"]) == ("Jeanne Dupont", [SECTIONS[section]])
            assert row["created"] == f"2026-03-01T08:{thread:02d}:00+00:00"
            assert row["comments"] == (None if thread == LONG_THREAD else replies(thread))
        # The start, two sections, their threads, and the second page of the long one.
        assert len(site.fetched) == 1 + 2 + 14 + 1
    done = check(tmp_path)
    assert done.code == 0, done.err
    assert done.out.count("0 of 7 fields are empty") == 5
    assert "14 of 18 pages that were looked at hold documents" in done.out
    assert "start=10&t=7" in done.out


def test_a_careless_profile_reads_no_wrong_document_and_the_check_shows_what_is_read_for_nothing(
    tmp_path: Path,
) -> None:
    careless = PROFILE.replace("'^/viewtopic.*[?&]t=\\d'", "'^/viewtopic'")
    careless = re.sub(r"deny = .*\n", "", careless)
    with serving(forum()) as site:
        assert crawled(tmp_path, site, careless).code == 0
        assert set(documents(tmp_path)) == {*THREADS[2], *THREADS[3]}, "an excluded section is not stored"
        assert len(site.fetched) > 60
    out = check(tmp_path).out
    assert "narrow `allow`" in out
    assert "viewtopic.php?p=" in out


@pytest.mark.parametrize(
    ("line", "by", "wanted"),
    [
        ('created = "time@datetime"', 'created = ".content"', "<- not-understood"),
        ('author = ".author .username"', 'author = ".autor"', "document.author .autor (empty)"),
        ('title = ".topic-title"', 'title = ".topic-title"\nvisibility = ".author"', "<- not-understood"),
    ],
)
def test_the_check_shows_what_a_wrong_line_yields(mended: Path, line: str, by: str, wanted: str) -> None:
    config = (mended / "rseaudit.toml").read_text("utf-8")
    assert line in config
    write_config(mended, config.replace(line, by))
    try:
        assert wanted in " ".join(check(mended).out.split())
    finally:
        write_config(mended, config)


def test_where_no_page_is_a_document_the_check_names_some_that_were_read(tmp_path: Path) -> None:
    with serving(forum()) as site:
        crawled(tmp_path, site, PROFILE.replace("match = '[?&]t=", "match = '^/thread/"))
        done = check(tmp_path)
        assert done.code == 2
        assert "its profile takes for a document" in done.err
        assert f"{site.url}/viewtopic.php?f=2&t=" in done.err
        assert "`match`" in done.err


def test_every_profile_of_the_guide_is_accepted(tmp_path: Path) -> None:
    blocks = [block for block in re.findall(r"```toml\n(.*?)```", TEXT, re.DOTALL) if "[[source]]" in block]
    assert len(blocks) >= 4
    for block in blocks:
        write_config(tmp_path, block)
        assert load(tmp_path / "rseaudit.toml").profile
