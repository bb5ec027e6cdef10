"""From one crawl to the next: what is unchanged, what has vanished, what must not be kept."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.command_line import Done, rseaudit, write_config
from tests.guarded_sites import (
    NOW,
    documents,
    files_that_hold,
    rows,
    source,
)
from tests.site_server import PROFILE, Site, article, numbered_site, serving


@dataclass(frozen=True)
class Weeks:
    """Four crawls of two sites: as they are, unchanged, with losses, and with something back."""

    folder: Path
    living: Site
    fragile: Site
    done: list[Done]
    exports: list[str]
    requests: list[list[tuple[str, str]]]
    statuses: list[tuple[object, ...]]

    def documents(self, week: int) -> dict[tuple[str, str], dict[str, object]]:
        lines = [json.loads(line) for line in self.exports[week].splitlines()]
        return {(line["source"], line["id"]): line for line in lines if line["type"] == "document"}

    def gone(self, week: int) -> set[tuple[str, str]]:
        return {key for key, item in self.documents(week).items() if item.get("gone")}


def living_site() -> Site:
    site = numbered_site(14, validators=True)
    site.pages["/"] = article(0, *(f"/note/{n}" for n in range(1, 15)), "/note/90", "/note/91")
    for number, space in ((90, "CSE"), (91, "Projet Héron")):
        page = article(number, words=f"Ceci ne regarde que les membres : hermine-{number}.")
        site.pages[f"/note/{number}"] = page.replace(f"Espace {number % 3}", space)
    return site


@pytest.fixture(scope="module")
def weeks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Weeks]:
    folder = tmp_path_factory.mktemp("weeks")
    with serving(living_site()) as living, serving(numbered_site(14, validators=True)) as fragile:

        def configure(excluded: str) -> None:
            options = f"exclude_spaces = [{excluded}]"
            sources = source("vivante", living.url, options=options, role="audited") + source("fragile", fragile.url)
            write_config(folder, sources + PROFILE)

        done, exports, requests, statuses = [], [], [], []

        def crawl() -> None:
            living.requests.clear()
            done.append(rseaudit("crawl", "--now", NOW, "--json", cwd=folder))
            exports.append(rseaudit("export", "--canonical", cwd=folder).out)
            requests.append(list(living.requests))
            statuses.append(tuple(rows(folder, "SELECT DISTINCT status FROM urls WHERE source = 'fragile'")))

        configure('"projet heron"')
        crawl()
        crawl()
        kept = {path: living.pages.pop(path) for path in ("/note/3", "/note/6")}
        living.pages["/note/4"] = article(4, words="Le magasin ouvre désormais à sept heures.")
        living.pages["/"] = article(0, *(f"/note/{n}" for n in range(1, 16)))
        living.pages["/note/15"] = article(15)
        for number in range(3, 15):
            del fragile.pages[f"/note/{number}"]
        crawl()
        living.pages["/note/3"] = kept["/note/3"]
        configure('"projet heron", "Espace 2"')
        crawl()
        yield Weeks(folder, living, fragile, done, exports, requests, statuses)


def test_an_unchanged_site_is_asked_politely_and_changes_nothing(weeks: Weeks) -> None:
    assert [weeks.done[0].code, weeks.done[1].code] == [0, 0], weeks.done[1].err
    assert (weeks.statuses[0], weeks.statuses[1]) == (((200,),), ((304,),))
    assert weeks.exports[1] == weeks.exports[0]


def test_a_page_that_has_vanished_takes_its_document_along(weeks: Weeks) -> None:
    assert ("vivante", "3") in weeks.documents(1)
    assert weeks.gone(1) == set()
    assert weeks.gone(2) == {("vivante", "3"), ("vivante", "6")}
    assert "; 2 vanished\n" in weeks.done[2].err


def test_a_page_that_comes_back_unchanged_brings_its_document_back(weeks: Weeks) -> None:
    assert weeks.gone(3) == {("vivante", "6")}
    assert "vanished\n" not in weeks.done[3].err.partition("fragile: ")[0], "what is gone vanishes once"


def test_a_collapsed_site_loses_nothing_and_makes_the_run_incomplete(weeks: Weeks) -> None:
    assert weeks.done[2].code == 3
    assert "collapsed: 12 of 14 documents have vanished at once; nothing was marked" in weeks.done[2].err
    assert {name for name, _ in weeks.gone(2) | weeks.gone(3)} == {"vivante"}
    assert {id_ for name, id_ in weeks.documents(3) if name == "fragile"} == {str(number) for number in range(1, 15)}


def test_diff_lists_what_vanished_what_is_new_and_what_changed(weeks: Weeks) -> None:
    [first, *_] = [json.loads(done.out)["run"] for done in weeks.done]
    assert first
    [(seq,)] = rows(weeks.folder, "SELECT min(seq) FROM runs WHERE job = 'crawl'")
    done = rseaudit("crawl", "--diff", f"crawl-{seq}", "--json", cwd=weeks.folder)
    difference = json.loads(done.out)
    assert done.code == 0
    assert "vivante/6" in difference["only_first"]
    assert "vivante/3" not in difference["only_first"]
    assert difference["only_second"] == ["vivante/15"]
    assert difference["changed"] == ["vivante/4"]
    done = rseaudit("crawl", "--diff", "crawl-999", cwd=weeks.folder)
    assert done.code == 2
    assert "no crawl is called 'crawl-999'" in done.err


def test_spaces_where_people_must_be_able_to_speak_are_never_stored(weeks: Weeks) -> None:
    for number in (90, 91):
        assert ("GET", f"/note/{number}") in weeks.requests[0], "only its page tells in which space it stands"
        assert f"hermine-{number}" not in weeks.exports[0]
        assert files_that_hold(weeks.folder, f"hermine-{number}") == []


def test_a_space_that_is_excluded_later_is_deleted(weeks: Weeks) -> None:
    assert ("vivante", "5") in weeks.documents(2)
    spaces = {name for (_, _), item in weeks.documents(3).items() for name in item["spaces"]}  # type: ignore[attr-defined]
    assert ("vivante", "5") not in weeks.documents(3)
    assert ("fragile", "5") in weeks.documents(3), "the exclusion is that of one source"
    assert "Espace 2" in spaces
    bodies = rows(weeks.folder, "SELECT url FROM bodies WHERE source = 'vivante'")
    assert (f"{weeks.living.url}/note/5",) not in bodies
    assert (f"{weeks.living.url}/note/4",) in bodies


def test_reextract_reads_the_kept_pages_with_the_new_profile_and_no_network(weeks: Weeks) -> None:
    path = weeks.folder / "rseaudit.toml"
    path.write_text(path.read_text("utf-8").replace('title = "h1"', 'title = ".author"'), "utf-8")
    before = len(weeks.living.requests)
    done = rseaudit("crawl", "--reextract", "--now", NOW, "--json", cwd=weeks.folder)
    assert done.code == 0, done.err
    assert len(weeks.living.requests) == before
    titles = {item["title"] for (name, id_), item in documents(weeks.folder).items() if id_ != "6"}
    assert titles == {f"Anne Martin {n}" for n in range(7)}
