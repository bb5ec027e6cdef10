"""Lines in and out: nothing is lost on the way, and what is wrong is named."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from rseaudit.errors import UsageError
from rseaudit.interchange import document_from, document_line, person_from, person_line, space_from, space_line

LINE = {
    "source": "intranet",
    "role": "reference",
    "id": "n-17",
    "kind": "page",
    "url": "https://intranet.example/n/17",
    "spaces": ["Actualités"],
    "title": "Fermeture",
    "text": "<p>Le site <b>fermera</b>.</p>",
    "format": "html",
    "author": "Anne Martin",
    "owner": None,
    "created": "2026-03-04T09:00:00+01:00",
    "modified": None,
    "visibility": "registered",
    "lang": "fr",
    "tags": ["site"],
    "likes": 0,
    "views": None,
    "author_active": False,
    "shared_from": "n-3",
    "pays": {"code": "FR"},
}


def test_a_line_survives_the_way_in_and_out() -> None:
    document, role = document_from(LINE)
    assert role == "reference"
    assert document.text == "Le site fermera."
    assert document.body == LINE["text"]
    assert (document.likes, document.views, document.author_active) == (0, None, False)
    assert document.extra == {"pays": {"code": "FR"}}
    again, _ = document_from(json.loads(json.dumps(document_line(document, role))))
    assert again == document


def test_only_three_keys_are_required() -> None:
    document, role = document_from({"source": "a", "id": 7, "text": "b"})
    assert (document.id, role, document.visibility, document.created) == ("7", "reference", "unknown", None)


def test_an_instant_without_zone_is_in_the_zone_of_the_source() -> None:
    line = {"source": "a", "id": "1", "text": "b", "created": "2026-07-01T09:00:00"}
    assert document_from(line, zone=ZoneInfo("Europe/Paris"))[0].created == datetime(2026, 7, 1, 7, tzinfo=UTC)


def test_a_single_space_is_a_list_of_one() -> None:
    assert document_from({"source": "a", "id": "1", "text": "b", "space": "S"})[0].spaces == ("S",)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"id": None}, "id: is missing"),
        ({"source": ""}, "source: is empty"),
        ({"text": 3}, "text: int is not text"),
        ({"role": "auditee"}, "role: 'auditee' is not known"),
        ({"created": "hier"}, "created: 'hier' is not an instant"),
        ({"likes": "3"}, "likes: '3' is not a count"),
        ({"likes": True}, "likes: True is not a count"),
        ({"spaces": [1]}, "spaces: list is not a list of strings"),
        ({"author_active": "oui"}, "author_active: 'oui' is neither true nor false"),
        ({"dates": {"naissance": "2026-01-01"}}, "dates.naissance: is not a rung"),
    ],
)
def test_a_wrong_key_is_named_with_what_was_expected(change: dict[str, object], said: str) -> None:
    with pytest.raises(UsageError) as caught:
        document_from({**LINE, **change})
    assert said in str(caught.value)
    assert caught.value.expected


def test_spaces_and_persons_survive_the_way_in_and_out() -> None:
    space = space_from({"type": "space", "source": "rse", "name": "S", "owners": ["Anne"], "members": None})
    assert space.members is None
    assert space_from(space_line(space)) == space
    person = person_from({"type": "person", "name": "Anne", "mail": "a@x.example", "active": None})
    assert person.active is None
    assert person_from(person_line(person)) == person
