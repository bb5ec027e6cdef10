"""Whole crawls over HTTP of sites that answer in JSON."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.command_line import Done, canonical, rseaudit, write_config
from tests.json_forum import PATHS
from tests.site_server import Answer, Site, serving

NOW, LATER = "2026-11-23", "2026-11-24"


def record(number: int) -> dict[str, Any]:
    return {
        "id": number,
        "web_url": f"/t/{number}",
        "title": f"Note {number}",
        "body": f"La note numéro {number} dit aux équipes comment ranger le matériel {number} après usage.",
        "user": {"name": f"Anne {number % 5}"},
        "created": 1_700_000_000 + number * (1000 if number % 2 else 1),
        "group": {"name": f"Espace {number % 3}"},
    }


class JsonSite(Site):
    """Answers ``/api`` with ten records at a time, by page, by offset, by a cursor or by next addresses."""

    def __init__(self, count: int) -> None:
        super().__init__({})
        self.records = [record(number) for number in range(1, count + 1)]

    def answer(self, path: str, conditions: Any) -> Answer:
        parts = urlsplit(path)
        if path in self.pages or parts.path != "/api":
            return super().answer(path, conditions)
        asked = dict(parse_qsl(parts.query))
        start = int(asked.get("offset") or asked.get("after") or 10 * (int(asked.get("page", "1")) - 1))
        more = start + 10 < len(self.records)
        body = {
            "items": self.records[start : start + 10],
            "next": f"/api?offset={start + 10}" if more else None,
            "after": start + 10 if more else None,
        }
        return Answer(json.dumps(body).encode(), content_type="application/json")


def configure(folder: Path, site: Site, cursor: str, more: str = "") -> None:
    lines = "\n".join(f'{key} = "{path}"' for key, path in PATHS.items())
    write_config(
        folder,
        f"""
[[source]]
name = "forum"
role = "reference"
platform = "website"
profile = "forum"
url = "{site.url}"
politeness = {{ autothrottle = false, concurrency = 4, attempts = 1 }}

[profile.forum]
start = ["/api"]
list = "items"
cursor = "{cursor}"
{more}
[profile.forum.document]
{lines}
""",
    )


def crawl(folder: Path, now: str = NOW) -> Done:
    return rseaudit("crawl", "--now", now, "--json", cwd=folder)


def documents(folder: Path) -> dict[str, dict[str, Any]]:
    lines = [json.loads(line) for line in canonical(folder)]
    return {line["id"]: line for line in lines if line["type"] == "document" and not line.get("gone")}


def rows(folder: Path, query: str) -> list[tuple[Any, ...]]:
    with sqlite3.connect(folder / "rseaudit.db") as connection:
        return connection.execute(query).fetchall()


@pytest.mark.parametrize("cursor", ["next", "after=after", "page=+1", "offset=+10"])
def test_each_kind_of_cursor_reads_the_listing_to_its_end(tmp_path: Path, cursor: str) -> None:
    with serving(JsonSite(43)) as site:
        configure(tmp_path, site, cursor)
        done = crawl(tmp_path)
        assert done.code == 0, done.err
        found = documents(tmp_path)
        assert sorted(map(int, found)) == list(range(1, 44))
        assert found["12"]["url"] == f"{site.url}/t/12"
        assert (found["12"]["author"], found["12"]["spaces"]) == ("Anne 2", ["Espace 0"])
        assert len(site.fetched) <= 6
        assert {method for method, _ in site.requests} == {"GET"}
        before = canonical(tmp_path)
        assert crawl(tmp_path, LATER).code == 0
        assert canonical(tmp_path) == before


def test_what_a_listing_does_not_hold_any_more_is_gone_but_not_after_a_broken_chain(tmp_path: Path) -> None:
    forum = JsonSite(43)
    with serving(forum) as site:
        configure(tmp_path, site, "page=+1")
        assert crawl(tmp_path).code == 0
        site.pages["/api?page=5"] = Answer(b"oops", status=500)
        done = crawl(tmp_path, LATER)
        assert done.code == 3
        assert len(documents(tmp_path)) == 43
        del site.pages["/api?page=5"]
        forum.records = [item for item in forum.records if item["id"] != 17]
        assert crawl(tmp_path, "2026-11-25").code == 0
        assert set(documents(tmp_path)) == {str(number) for number in range(1, 44)} - {"17"}


def test_an_answer_that_is_no_json_fails_by_name(tmp_path: Path) -> None:
    with serving(JsonSite(12)) as site:
        site.pages["/api?page=2"] = "<html>maintenance</html>"
        configure(tmp_path, site, "page=+1")
        assert crawl(tmp_path).code == 3
        [(cause,)] = rows(tmp_path, "SELECT cause FROM urls WHERE state = 'failed'")
        assert "JSON" in cause
        assert len(documents(tmp_path)) == 10


def test_a_listing_leads_to_threads_whose_first_message_is_the_document(tmp_path: Path) -> None:
    """The shape of a well-known forum: a list of topics without text, and one answer per topic."""
    topics = [{"id": number, "title": f"Sujet {number}"} for number in range(1, 8)]
    site = Site({})
    listing = {"topic_list": {"topics": topics, "more_topics_url": None}}
    site.pages["/latest.json"] = Answer(json.dumps(listing).encode(), content_type="application/json")
    for topic in topics:
        texts = [f"<p>Message {n} du sujet {topic['id']}</p>" for n in range(3)]
        posts = [{"id": 100 * int(str(topic["id"])) + n, "cooked": text} for n, text in enumerate(texts)]
        body = {"id": topic["id"], "title": topic["title"], "reply_count": 2, "post_stream": {"posts": posts}}
        site.pages[f"/t/{topic['id']}.json"] = Answer(json.dumps(body).encode(), content_type="application/json")
    with serving(site):
        write_config(
            tmp_path,
            f"""
[[source]]
name = "forum"
role = "reference"
platform = "website"
profile = "forum"
url = "{site.url}"
politeness = {{ autothrottle = false }}

[profile.forum]
start = ["/latest.json"]
list = "topic_list.topics, $"
item = "post_stream.posts"
follow = "/t/{{id}}.json"
cursor = "topic_list.more_topics_url"
[profile.forum.document]
id = "$.id"
title = "$.title"
text = "cooked"
""",
        )
        done = crawl(tmp_path)
        assert done.code == 0, done.err
        found = documents(tmp_path)
        assert {id_: (row["title"], row["text"], row["comments"]) for id_, row in found.items()} == {
            str(n): (f"Sujet {n}", f"Message 0 du sujet {n}", 2) for n in range(1, 8)
        }


def test_profile_check_shows_what_each_path_yields(tmp_path: Path) -> None:
    with serving(JsonSite(12)) as site:
        configure(tmp_path, site, "page=+1", 'follow = "/nowhere/{missing}"')
        assert crawl(tmp_path).code == 0
    done = rseaudit("profile", "check", "forum", cwd=tmp_path)
    assert done.code == 0, done.err
    assert done.out.count("fields are empty") == 5
    assert "[1]" in done.out
    lines = [" ".join(line.split()) for line in done.out.splitlines()]
    assert "list items 10" in lines
    assert f"cursor page=+1 {site.url}/api?page=2" in lines
    assert "follow /nowhere/{missing} (empty)" in lines
    assert "document.title title Note 1" in lines
    assert "document.created created 1700001000 → 2023-11-14T22:30:00+00:00" in lines
    assert "document.likes likes (empty)" in lines


def test_several_items_on_a_page_are_a_document_and_its_comments(tmp_path: Path) -> None:
    def thread(number: int, replies: int) -> str:
        items = "".join(
            f'<div class="m"><b class="who">Membre {n}</b>'
            f'<div class="t">Message {n} du fil {number}, assez long.</div></div>'
            for n in range(replies + 1)
        )
        return f"<html><body><h1>Fil {number}</h1>{items}<a href='/fil/{number + 1}'>suivant</a></body></html>"

    with serving(Site({f"/fil/{n}": thread(n, replies=n) for n in range(6)})) as site:
        write_config(
            tmp_path,
            f"""
[[source]]
name = "forum"
role = "reference"
platform = "website"
profile = "forum"
url = "{site.url}"
politeness = {{ autothrottle = false }}
[profile.forum]
start = ["/fil/0"]
item = ".m"
[profile.forum.document]
match = '^/fil/(?P<native_id>\\d+)$'
text = ".t"
author = ".who"
""",
        )
        assert crawl(tmp_path).code == 0
    found = documents(tmp_path)
    assert {id_: row["comments"] for id_, row in found.items()} == {str(n): n for n in range(6)}
    assert {row["text"] for row in found.values()} == {f"Message 0 du fil {n}, assez long." for n in range(6)}
    assert {row["author"] for row in found.values()} == {"Membre 0"}
