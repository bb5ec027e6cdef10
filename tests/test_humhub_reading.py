"""One answer of HumHub's REST module: what is read of it, and what stays unknown."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from rseaudit.config.settings import SourceSettings
from rseaudit.crawl.humhub import reading, routes
from rseaudit.crawl.humhub.contents import document
from rseaudit.crawl.humhub.people import person, space
from rseaudit.crawl.humhub.routes import Call
from rseaudit.crawl.markdown import heading
from rseaudit.crawl.page import NotReadable, Page
from rseaudit.model import Document
from tests.replay_humhub import HOME, HumhubReplay

SOURCE = SourceSettings(name="rse", role="audited", platform="humhub", url=HOME, timezone="Europe/Paris")


def recorded(content: int) -> dict[str, Any]:
    site = HumhubReplay()
    return copy.deepcopy(next(i for i in [*site.posts, *site.wiki] if i["content"]["id"] == content))


def as_document(item: object, *, visibility: str = "registered") -> Document | str:
    return document(item, "post", SOURCE, {"space": "Mobilité durable", "visibility": visibility})


def read_document(item: object, *, visibility: str = "registered") -> Document:
    found = as_document(item, visibility=visibility)
    assert isinstance(found, Document)
    return found


def test_times_without_zone_are_those_of_the_server() -> None:
    found = read_document(recorded(243)).created
    assert found is not None
    assert found.isoformat() == "2023-02-17T13:02:00+01:00"


@pytest.mark.parametrize(
    ("content", "space_", "wanted"),
    [
        (1, "public", "public"),
        (1, "registered", "registered"),
        (1, "space", "space"),
        (0, "public", "space"),
        (0, "space", "space"),
        (2, "public", "private"),
        (None, "public", "unknown"),
        (9, "public", "unknown"),
    ],
)
def test_a_content_is_never_more_open_than_its_space(content: int | None, space_: str, wanted: str) -> None:
    item = recorded(243)
    item["content"]["metadata"]["visibility"] = content
    assert read_document(item, visibility=space_).visibility == wanted


def test_what_is_not_published_is_no_document_and_what_is_archived_or_hidden_says_so() -> None:
    for state in (0, 2, 3, 10, 20, 100):
        item = recorded(243)
        item["content"]["metadata"]["state"] = state
        assert as_document(item) == "not-published"
    item = recorded(243)
    item["content"]["metadata"] |= {"archived": True, "hidden": 1}
    assert read_document(item).extra == {"archived": True, "hidden": True}
    assert read_document(recorded(243)).extra == {}


def test_files_are_named_and_not_fetched() -> None:
    item = recorded(243)
    # As the module's FileDefinitions writes them.
    item["content"]["files"] = [{"id": 5, "guid": "x", "mime_type": "application/pdf", "file_name": "charte.pdf"}, 3]
    assert read_document(item).extra == {"files": ["charte.pdf"]}


def test_unknown_counts_and_deleted_authors_stay_unknown() -> None:
    item = recorded(243)
    item["content"] |= {"comments": {}, "likes": None, "topics": "x"}
    item["content"]["metadata"] |= {"created_by": None, "updated_by": None, "created_at": "bientôt"}
    found = read_document(item)
    assert (found.comments, found.likes, found.views, found.tags) == (None, None, None, ())
    assert (found.author, found.last_editor, found.created, found.dates) == (None, None, None, {})


@pytest.mark.parametrize(
    ("body", "title"),
    [
        ("## Titre **fort** et [lien](http://x)\n\nTexte", "Titre fort et lien"),
        ("Texte d'abord\n\n# Puis un titre #\n", "Puis un titre"),
        ("Un titre\nsur deux lignes\n====\n\nTexte", "Un titre sur deux lignes"),
        ("> # cité\n\nTexte", ""),
        ("```\n# commande\n```\nTexte", ""),
        ("#covoiturage est un mot-dièse", ""),
        ("##\n\n## Le second", "Le second"),
        ("- # dans une liste\n", ""),
        ("Texte\n\n---\n\nfin", ""),
    ],
)
def test_a_title_is_the_first_heading_of_the_text_itself(body: str, title: str) -> None:
    assert heading(body) == title


def test_an_answer_that_is_none_of_the_api_is_not_readable() -> None:
    url = routes.address(HOME, Call("post", 17))
    for body in (b"<html>bonjour</html>", b"[]", b'{"code": 200}', b'{"results": {}}'):
        with pytest.raises(NotReadable):
            reading.read(Page(url, body), SOURCE, lambda _: False)


def test_an_absurd_number_of_pages_does_not_fill_the_frontier() -> None:
    url = routes.address(HOME, Call("post", 17))
    found = reading.read(Page(url, b'{"results": [], "pages": 99999999999}'), SOURCE, lambda _: False)
    assert len(found.links) < 1_000
    last = reading.read(Page(found.links[-1], b'{"results": [], "pages": 99999999999}'), SOURCE, lambda _: False)
    assert last.links == (routes.address(HOME, Call("post", 17, 1_001)),)


def test_calls_and_addresses_belong_together_below_a_path_too() -> None:
    calls = [
        Call("spaces", page=3),
        Call("members", 4),
        Call("post", 5),
        Call("wiki", 6, 2),
        Call("users"),
        Call("content", 7),
    ]
    for base in (HOME, "https://example.com/reseau/"):
        assert [routes.call_of(base, routes.address(base, call)) for call in calls] == calls
    for other in ("/api/v1/post/3", "/api/v1/mail", "/api/v1/space?limit=100&page=1&x=1", "/user/profile"):
        assert routes.call_of(HOME, HOME + other) is None


def test_persons_and_spaces_with_missing_facts_stay_unknown() -> None:
    for account, active in (({"status": 1}, True), ({"status": 0}, False), ({"status": 2}, False), ({}, None)):
        known = person({"display_name": "Anne", "account": account})
        assert known is not None
        assert known.active is active
    assert person({"account": {"email": "a@b.fr"}}) is None
    found = space({"name": "Accueil"}, SOURCE)
    assert found is not None
    assert (found.visibility, found.owners, found.members, found.url) == ("unknown", (), None, None)
    assert space({"id": 4}, SOURCE) is None
