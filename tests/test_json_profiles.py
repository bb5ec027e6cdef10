"""Profiles of sites that answer in JSON: what paths and cursors mean, and whole crawls over HTTP."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rseaudit.config.json_paths import json_path
from rseaudit.config.settings import Profile, SourceSettings
from rseaudit.crawl.cursors import next_address
from rseaudit.crawl.json_reader import read_json
from rseaudit.crawl.page import NotReadable, Page
from rseaudit.crawl.page_content import PageContent
from rseaudit.model import Document
from rseaudit.people import person_key
from tests.command_line import Done, canonical, rseaudit, write_config
from tests.site_server import Answer, Site, serving

NOW, LATER = "2026-11-23", "2026-11-24"
HOME = "https://forum.example.com"
SOURCE = SourceSettings(name="forum", role="audited", platform="website", url=HOME, timezone="Europe/Paris")


# Paths.


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ("title", ["Bonjour"]),
        ("author.name", ["Anne"]),
        ("tags.name", ["a", "b"]),
        ("tags[1].name", ["b"]),
        ("tags[7].name", []),
        ("missing", []),
        ("nothing", []),
        ("missing, author.name", ["Anne"]),
        ("nothing, title", ["Bonjour"]),
        ('["odd.key"]', [1]),
        ('author["name"]', ["Anne"]),
        ("$.meta.site", ["Forum"]),
        ("zero", [0]),
        ("no", [False]),
        ("empty", []),
        ("title.name", []),
    ],
)
def test_a_path_leads_through_objects_and_lists(path: str, wanted: list[object]) -> None:
    item = {
        "title": "Bonjour",
        "author": {"name": "Anne"},
        "tags": [{"name": "a"}, {"name": "b"}, {"id": 3}, 4],
        "odd.key": 1,
        "nothing": None,
        "zero": 0,
        "no": False,
        "empty": [],
    }
    assert json_path(path).values(item, {"meta": {"site": "Forum"}, "rows": [item]}) == wanted


@pytest.mark.parametrize("path", ["", " ", ".a", "a..b", "a b", "a[", "a[x]", "$$", "a.", "a,,b", '["'])
def test_what_is_no_path_is_refused(path: str) -> None:
    with pytest.raises(ValueError, match="path"):
        json_path(path)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    ),
    st.sampled_from(["a", "a.b", "$", "a[0]", "$.a.b, c"]),
)
def test_a_path_never_fails_on_any_answer(item: object, path: str) -> None:
    found = json_path(path).values(item, item)
    assert not any(isinstance(value, list) or value is None for value in found)


# Cursors.


@pytest.mark.parametrize(
    ("cursor", "url", "answer", "wanted"),
    [
        ("links.next", "/api?x=1", {"links": {"next": "/api?x=2"}}, "/api?x=2"),
        ("links.next", "/api/posts", {"links": {"next": "?page=2"}}, "/api/posts?page=2"),
        ("links.next", "/api", {"links": {"next": HOME + "/z"}}, "/z"),
        ("links.next", "/api", {"links": {"next": None}}, None),
        ("links.next", "/api", {"links": {"next": False}}, None),
        ("links.next", "/api", {"links": {"next": ""}}, None),
        ("links.next", "/api", {}, None),
        ("links.next", "/api", {"links": {"next": 7}}, None),
        ("links.next", "/api", {"links": {"next": "/api"}}, None),
        ("after=meta.after", "/api?limit=5", {"meta": {"after": "a b&c"}}, "/api?limit=5&after=a+b%26c"),
        ("after=meta.after", "/api?after=x&limit=5", {"meta": {"after": 12}}, "/api?limit=5&after=12"),
        ("after=meta.after", "/api?after=12", {"meta": {"after": 12}}, None),
        ("after=meta.after", "/api", {"meta": {"after": True}}, None),
        ("page=+1", "/api", {}, "/api?page=2"),
        ("page=+1", "/api?page=0&n=9", {}, "/api?n=9&page=1"),
        ("offset=+20", "/api", {}, "/api?offset=20"),
        ("offset=+20", "/api?offset=40", {}, "/api?offset=60"),
        ("page=+1", "/api?page=x", {}, None),
        ("StreamQuery[from]=last", "/s", {"last": 44}, "/s?StreamQuery%5Bfrom%5D=44"),
    ],
)
def test_a_cursor_leads_to_the_next_answer(cursor: str, url: str, answer: object, wanted: str | None) -> None:
    page = Page(HOME + url, json.dumps(answer).encode())
    assert next_address(page, cursor) == (HOME + wanted if wanted is not None else None)


# One answer.

PATHS = {
    "id": "id",
    "url": "web_url",
    "title": "title",
    "text": "body",
    "author": "user.mail, user.name",
    "created": "created",
    "modified": "changed",
    "space": "group.name",
    "visibility": "access",
    "tags": "tags.label",
    "comments": "replies",
    "likes": "likes",
    "views": "views",
}


def read(answer: object, *, excluded: Callable[[Any], bool] = lambda _: False, **keys: Any) -> PageContent:
    profile = Profile.model_validate({"list": "items", "document": PATHS, **keys})
    page = Page(f"{HOME}/api", json.dumps(answer).encode())
    return read_json(page, source=SOURCE, profile=profile, excluded=excluded)


def only(answer: object, **keys: Any) -> Document:
    [found] = read(answer, **keys).documents
    return found


def message(**values: Any) -> dict[str, Any]:
    user = {"name": "Anne Martin"}
    return {"id": 7, "body": "<p>Bonjour à <b>tous</b></p>", "web_url": "/t/7", "user": user} | values


def test_everything_that_an_element_says_is_read() -> None:
    found = only(
        {
            "items": [
                message(
                    title="Congés &amp; absences",
                    created=1_700_000_000,
                    changed="2023-11-20T10:00:00Z",
                    group={"name": "Ressources humaines"},
                    access="members only of this group",
                    tags=[{"label": "rh"}, {"label": "congés"}],
                    replies=[{"id": 1}, {"id": 2}],
                    likes="1 234",
                    views=0,
                )
            ]
        }
    )
    assert (found.id, found.url, found.kind) == ("7", f"{HOME}/t/7", "page")
    assert (found.title, found.text, found.format) == ("Congés & absences", "Bonjour à tous", "html")
    assert found.author == "Anne Martin"
    assert found.created == datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)
    assert found.dates == {"api-date": found.created}
    assert found.modified == datetime(2023, 11, 20, 10, tzinfo=UTC)
    assert (found.spaces, found.visibility, found.tags) == (("Ressources humaines",), "space", ("rh", "congés"))
    assert (found.comments, found.likes, found.views) == (2, 1234, 0)


@pytest.mark.parametrize(
    "created", [1_700_000_000, 1_700_000_000_000, "1700000000", 1.7e9, "2023-11-14T22:13:20Z", "2023-11-14 23:13:20"]
)
def test_dates_are_iso_seconds_or_milliseconds(created: object) -> None:
    assert only({"items": [message(created=created)]}).created == datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)


def test_what_is_missing_stays_unknown() -> None:
    found = only({"items": [message(created=True, likes=None, replies="beaucoup", user=None, access="??")]})
    assert (found.created, found.likes, found.comments, found.views, found.author) == (None, None, None, None, None)
    assert (found.visibility, found.tags, found.title) == ("unknown", (), "")


def test_a_person_is_known_by_mail_and_name_together() -> None:
    content = read({"items": [message(user={"name": "Anne Martin", "mail": "Anne@Example.com"})]})
    [person] = content.persons
    assert (person.key, person.name, person.mail) == (person_key("anne@example.com"), "Anne Martin", "anne@example.com")
    assert content.documents[0].author == "anne@example.com"


def test_the_first_item_is_the_document_and_the_others_are_comments() -> None:
    thread = {
        "id": 40,
        "title": "Parking",
        "posts": [
            {"body": "Le parking ferme lundi.", "user": {"name": "Anne"}, "likes": 2},
            {"body": "Merci !", "user": {"name": "Bob"}, "likes": 9},
            {"body": "Pourquoi ?", "user": {"name": "Chloé"}},
        ],
    }
    paths = PATHS | {"id": "$.id", "title": "$.title", "comments": None}
    found = only(thread, list="$", item="posts", document=paths)
    assert (found.id, found.title, found.text, found.author) == ("40", "Parking", "Le parking ferme lundi.", "Anne")
    assert (found.comments, found.likes, found.kind, found.format) == (2, 2, "post", "text")
    counted = only(thread | {"count": 57}, list="$", item="posts", document=paths | {"comments": "$.count"})
    assert counted.comments == 57


def test_another_format_of_text_is_declared() -> None:
    body = "## Parking\n\nFermé **lundi**.\n\n<b>ouvert mardi</b>"
    found = only({"items": [message(body=body)]}, format="markdown")
    assert (found.title, found.body) == ("Parking", body)
    assert found.text.startswith("Parking\n\nFermé lundi.")
    assert only({"items": [message(body="a < b\nc")]}).text == "a < b\nc"


def test_the_address_says_the_number_and_what_is_a_document() -> None:
    paths = {"url": "web_url", "text": "body", "match": r"^/t/(?P<native_id>\d+)"}
    rows = [message(), message(web_url="/help/3"), message(web_url=None)]
    content = read({"items": rows}, document=paths)
    assert [document.id for document in content.documents] == ["7"]
    assert content.notes == ("no-id",)


def test_elements_that_are_none_are_passed_over_and_noted() -> None:
    content = read({"items": [None, 3, "x", {}, message(body=""), message(id=8)]})
    assert [document.id for document in content.documents] == ["8"]
    assert set(content.notes) == {"no-id", "no-text"}


def test_documents_of_excluded_spaces_are_left_out() -> None:
    rows = [message(), message(id=8, group={"name": "Syndicat"})]
    content = read({"items": rows}, excluded=lambda spaces: "Syndicat" in spaces)
    assert [document.id for document in content.documents] == ["7"]


def test_an_answer_that_is_no_json_is_not_readable_and_one_without_the_list_says_so() -> None:
    with pytest.raises(NotReadable):
        read_json(
            Page(f"{HOME}/api", b"<html>"),
            source=SOURCE,
            profile=Profile.model_validate({"list": "items", "document": PATHS}),
            excluded=lambda _: False,
        )
    assert read({"other": []}).notes == ("no-list",)
    assert read({"items": []}).notes == ()


def test_spaces_are_read_where_their_address_matches() -> None:
    space = {"match": "^/api$", "name": "name", "owner": "boss", "members": "people.mail", "visibility": "access"}
    row = {"name": "RH", "boss": "Anne", "people": [{"mail": "a@b.fr"}, {"mail": "c@d.fr"}], "access": "private"}
    content = read({"items": [row]}, space=space)
    [found] = content.spaces
    assert (found.name, found.owners, found.visibility) == ("RH", ("Anne",), "private")
    assert found.members == ("a@b.fr", "c@d.fr")
    assert content.documents == ()


# Whole crawls.


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
