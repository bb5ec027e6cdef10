"""What paths and cursors of a JSON profile mean."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rseaudit.config.json_paths import json_path
from rseaudit.crawl.cursors import next_address
from rseaudit.crawl.page import Page
from tests.json_forum import HOME


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
