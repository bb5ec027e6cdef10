"""What an answer of WordPress or BuddyPress leads to and holds, without a network."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rseaudit.config.settings import SourceSettings
from rseaudit.crawl.addresses import url_key
from rseaudit.crawl.page import NotReadable, Page
from rseaudit.crawl.page_content import PageContent
from rseaudit.crawl.shapes import Shapes
from rseaudit.crawl.wordpress import judging, routes
from rseaudit.crawl.wordpress.reading import Reader
from rseaudit.crawl.wordpress.routes import Call, Routes
from rseaudit.model import Visibility
from rseaudit.people import person_key

BASE = "https://intranet.example.org/blog"
SITE = Routes(BASE)
ALLOWED = Shapes(BASE, routes.shapes())


def source(visibility: Visibility = "unknown") -> SourceSettings:
    return SourceSettings(name="intranet", role="audited", platform="wordpress", url=BASE, visibility=visibility)


def page(
    call: Call, data: object, *, plain: bool = False, about: Mapping[str, str] | None = None, **headers: str
) -> Page:
    body = data if isinstance(data, bytes) else json.dumps(data).encode()
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return Page(SITE.address(call, plain=plain), body, "application/json", headers=sent, about=about or {})


def read(
    answer: Page, *, known: bool = False, visibility: Visibility = "unknown", excluded: str = "CSE"
) -> PageContent:
    return Reader(source(visibility), SITE, lambda names: excluded in names, known=known).read(answer)


ROOT = Call("", routes.PROBE)
CATEGORIES = Call("wp/v2/categories", {**routes.CATEGORY, "page": "1"})
IDS = Call("wp/v2/posts", {**routes.LISTED, "page": "1", "status": "publish"})
COMMENTS = Call("wp/v2/comments", {**routes.COMMENTED, "page": "1", "post": "4,7"})
CONTENTS = Call("wp/v2/posts", {**routes.CONTENT, "include": "4,7", "status": "publish"})
GROUPS = Call("buddypress/v1/groups", {"page": "1", "per_page": "100"})
MEMBERS = Call("buddypress/v1/groups/3/members", {**routes.MEMBERS, "page": "1"})
ACTIVITY = Call("buddypress/v1/activity", {**routes.UPDATES, "page": "1", "group_id": "3"})
CALLS = (ROOT, CATEGORIES, IDS, COMMENTS, CONTENTS, GROUPS, MEMBERS, ACTIVITY, Call("wp/v2/types"))
ABOUT = {"route": "wp/v2/posts", "status": "publish"}


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.route or "root")
@pytest.mark.parametrize("plain", [False, True])
def test_an_address_is_canonical_allowed_and_read_back(call: Call, plain: bool) -> None:
    address = SITE.address(call, plain=plain)
    assert url_key(address) == address
    assert ALLOWED.refusal(address) is None
    assert SITE.call(address) == (call, plain)


@pytest.mark.parametrize(
    "target",
    [
        "/wp-json/wp/v2/posts/12?_method=DELETE",
        "/wp-json/wp/v2/posts?_fields=id,content.protected&_method=POST&order=asc&orderby=id&page=1&per_page=100",
        "/wp-json/wp/v2/settings",
        "/wp-json/wp/v2/users?_embed=author,wp:term&include=1&per_page=100&status=publish",
        "/wp-json/buddypress/v1/messages?page=1&per_page=100",
        "/wp-json/buddypress/v1/activity/12/favorite",
        "/?rest_route=/wp/v2/posts/12&_method=DELETE",
        "/?p=12",
        "/wp-login.php?action=logout",
        "/wp-admin/",
        "/",
    ],
)
def test_nothing_but_the_listings_may_be_asked_for(target: str) -> None:
    assert ALLOWED.refusal(BASE + target) == "not-allowed"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 10**20) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                "id content rendered protected title raw status name parent type date_gmt link comments component "
                "primary_item_id _embedded author wp:term user group post is_admin is_banned taxonomy rest_base "
                "rest_namespace taxonomies namespaces email comment_count".split()
            ),
            inner,
            max_size=6,
        )
    ),
    max_leaves=25,
)


@given(call=st.sampled_from(CALLS), data=json_values, known=st.booleans())
def test_whatever_an_answer_holds_reading_it_never_breaks(call: Call, data: object, known: bool) -> None:
    try:
        found = read(page(call, data, about=ABOUT), known=known)
    except NotReadable:
        assert call is ROOT
        return
    assert all(ALLOWED.refusal(link) is None for link in found.links)
    assert all(document.text and document.id for document in found.documents)
    assert set(found.about) <= set(found.links)


def test_a_page_of_html_where_the_api_should_be_leads_to_its_other_address() -> None:
    answer = page(ROOT, b"<html>Bienvenue</html>")
    assert judging.judge(answer, ROOT, 404) is not None
    assert read(answer).links == (SITE.address(ROOT, plain=True),)
    with pytest.raises(NotReadable):
        read(page(ROOT, b"<html>Bienvenue</html>", plain=True))


def test_the_root_leads_to_the_newest_buddypress() -> None:
    names = ["wp/v2", "buddypress/v1", "buddypress/v2", "buddypress/v10", "x-buddypress/v99"]
    links = read(page(ROOT, {"namespaces": names})).links
    assert {link for link in links if "buddypress" in link} == {
        link for link in links if "/wp-json/buddypress/v10/" in link
    }


def test_categories_below_an_excluded_one_are_excluded_though_their_parent_came_on_another_page() -> None:
    first = read(page(CATEGORIES, [{"id": 2, "name": "Votes", "parent": 9}], x_wp_totalpages="2"))
    [second_address] = first.links
    assert "page=2" in second_address
    rows = [{"id": 9, "name": "CSE", "parent": 0}, {"id": 5, "name": "Vie &amp; travail", "parent": 0}]
    second = page(CATEGORIES.with_params(page="2"), rows, about=first.about[second_address], x_wp_totalpages="2")
    found = read(second)
    assert [space.name for space in found.spaces] == ["Vie & travail"]
    [types_address] = found.links
    types = {"post": {"rest_base": "posts", "taxonomies": ["category"]}, "page": {"rest_base": "pages"}}
    listings = read(page(Call("wp/v2/types"), types, about=found.about[types_address])).links
    assert [("categories_exclude=2,9" in link, "/posts?" in link) for link in listings] == [
        (False, False),
        (True, True),
    ]


def test_types_that_are_no_content_and_other_namespaces() -> None:
    types = {
        "attachment": {"rest_base": "media"},
        "wp_block": {"rest_base": "blocks"},
        "nav_menu_item": {"rest_base": "menu-items"},
        "fiche": {"rest_base": "fiches", "rest_namespace": "acme/v1"},
    }
    found = read(page(Call("wp/v2/types"), types), known=True).links
    assert [SITE.call(link)[0].route for link in found] == ["acme/v1/fiches", "acme/v1/fiches"]
    assert [SITE.call(link)[0].params["status"] for link in found] == ["publish", "private"]
    assert routes.alone("acme/v1/fiches-8", "buddypress/v1") == Call("acme/v1/fiches/8", routes.WHOLE)


def test_ids_are_present_those_behind_a_password_are_not_asked_about() -> None:
    rows = [{"id": 4}, {"id": 5, "content": {"protected": True}}, {"id": 7, "content": {"protected": False}}]
    found = read(page(IDS, rows, x_wp_totalpages="3"))
    assert found.present == ("posts-4", "posts-7")
    pages, [comments] = found.links[:2], found.links[2:]
    assert [SITE.call(link)[0].params["page"] for link in pages] == ["2", "3"]
    assert SITE.call(comments)[0].params["post"] == "4,7"


def test_comments_are_added_up_over_pages_and_halved_where_there_are_too_many() -> None:
    first = page(COMMENTS, [{"post": 4}] * 100, about=ABOUT, x_wp_total="130", x_wp_totalpages="2")
    [link] = read(first).links
    second = page(SITE.call(link)[0], [{"post": 7}] * 30, about=read(first).about[link], x_wp_totalpages="2")
    [contents] = read(second).links
    assert json.loads(read(second).about[contents]["comments"]) == {"4": 100, "7": 30}
    many = page(COMMENTS, [{"post": 4}] * 100, about=ABOUT, x_wp_total="2000", x_wp_totalpages="20")
    assert [SITE.call(link)[0].params["post"] for link in read(many).links] == ["4", "7"]
    alone = page(COMMENTS.with_params(post="4"), [{"post": 4}] * 100, about=ABOUT, x_wp_total="1990")
    [link] = read(alone).links
    assert json.loads(read(alone).about[link]["comments"]) == {"4": 1990}


def test_a_mail_address_makes_a_person_who_is_the_same_on_every_platform() -> None:
    users = Call("wp/v2/users", {**routes.AUTHORS, "page": "1"})
    rows = [{"id": 3, "name": "Anne Martin", "email": "anne.martin@exemple.fr"}, {"id": 4, "name": "Zoé"}, None]
    [person] = read(page(users, rows, x_wp_totalpages="1"), known=True).persons
    assert (person.name, person.mail) == ("Anne Martin", "anne.martin@exemple.fr")
    assert person.key == person_key("anne.martin@exemple.fr")


def item(**more: object) -> dict[str, object]:
    return {
        "id": 4,
        "type": "post",
        "status": "publish",
        "title": {"rendered": "L&rsquo;été &amp; <em>vous</em>"},
        "content": {"rendered": "<p>Bonjour</p>", "protected": False},
        "date_gmt": "2025-03-01T08:00:00",
        "link": f"{BASE}/ete/",
        **more,
    }


def test_unknown_is_none_and_never_zero() -> None:
    [document] = read(page(CONTENTS, [item(date_gmt=None)])).documents
    assert (document.comments, document.likes, document.author, document.created) == (None, None, None, None)
    assert document.title == "L’été & vous"
    [counted] = read(page(CONTENTS, [item()], about={"comments": '{"4": 0}'})).documents
    assert counted.comments == 0
    assert counted.created == datetime(2025, 3, 1, 8, tzinfo=UTC)


def test_visibility_is_the_closest_of_the_source_and_the_content() -> None:
    def seen(visibility: Visibility, status: str) -> Visibility:
        return read(page(CONTENTS, [item(status=status)]), visibility=visibility).documents[0].visibility

    assert seen("unknown", "publish") == "public"
    assert seen("registered", "publish") == "registered"
    assert seen("registered", "private") == "private"


def test_a_private_title_is_read_without_what_wordpress_puts_before_it() -> None:
    shown = item(status="private", title={"rendered": "Privé : Budget"})
    raw = item(status="private", title={"rendered": "Privé : Budget", "raw": "Budget"})
    assert [one.title for one in read(page(CONTENTS, [shown, raw])).documents] == ["Budget", "Budget"]
    public = item(title={"rendered": "Privé : un film"})
    assert read(page(CONTENTS, [public])).documents[0].title == "Privé : un film"


def test_what_is_no_longer_published_gives_no_document() -> None:
    found = read(page(Call("wp/v2/posts/4", routes.WHOLE), item(status="trash")))
    assert found.documents == ()
    excluded = item(_embedded={"wp:term": [[{"name": "CSE", "taxonomy": "category"}]]})
    assert read(page(CONTENTS, [excluded])).documents == ()


@pytest.mark.parametrize(
    ("call", "status", "code", "state"),
    [
        (IDS, 400, "rest_post_invalid_page_number", "absent"),
        (IDS.with_params(status="private"), 400, "rest_invalid_param", "denied"),
        (IDS, 400, "rest_invalid_param", None),
        (COMMENTS, 403, "rest_cannot_read_post", "done"),
        (CONTENTS.with_params(context="edit"), 403, "rest_forbidden_context", "done"),
        (Call("wp/v2/posts/4", routes.WHOLE), 401, "rest_forbidden", "absent"),
        (Call("wp/v2/posts/4", routes.WHOLE), 404, "rest_post_invalid_id", None),
        (Call("wp/v2/posts/4", routes.WHOLE), 404, "rest_no_route", "denied"),
        (Call("buddypress/v1/activity/4", routes.UPDATE), 403, "bp_rest_authorization_required", None),
    ],
)
def test_an_error_is_judged_by_the_word_that_the_api_has_for_it(
    call: Call, status: int, code: str, state: str | None
) -> None:
    judged = judging.judge(page(call, {"code": code, "data": {"status": status}}), call, status)
    assert (judged.state if judged else None) == state


def test_an_empty_list_of_a_closed_group_is_denied_and_that_of_an_open_one_is_empty() -> None:
    def judged(visibility: str, **headers: str) -> str | None:
        found = judging.judge(page(ACTIVITY, [], about={"visibility": visibility}, **headers), ACTIVITY, 200)
        return found.state if found else None

    assert judged("space") == "denied"
    assert judged("public") is None
    assert judged("space", x_wp_total="0") is None
