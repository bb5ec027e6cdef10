"""What is read of one JSON answer by a profile."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from rseaudit.config.settings import Profile
from rseaudit.crawl.json_reader import read_json
from rseaudit.crawl.page import NotReadable, Page
from rseaudit.crawl.page_content import PageContent
from rseaudit.model import Document
from rseaudit.people import person_key
from tests.json_forum import HOME, PATHS, SOURCE


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
