"""Answers of a wiki's API, read: what each holds, what is asked for next, and that nothing in them raises."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rseaudit.config.settings import Account, Login, Politeness, SourceSettings
from rseaudit.crawl.addresses import url_key
from rseaudit.crawl.assignment import Assignment
from rseaudit.crawl.mediawiki.calls import Api, api_address, params_of
from rseaudit.crawl.page import NotReadable, Page
from rseaudit.crawl.page_content import PageContent
from rseaudit.crawl.platforms import spider_class
from rseaudit.crawl.sieve import Sieve
from rseaudit.crawl.spider import SourceSpider
from rseaudit.people import person_key

HOME = "https://wiki.exemple.fr/w"
API = Api(f"{HOME}/api.php")
MAIN = {"space": "Wiki Belvaux", "visibility": "registered"}
Revision = dict[str, object]


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def spider(account: str = "", **more: object) -> SourceSpider:
    named = Account(name="anne", login=Login(user="Anne@audit", password_env="WIKI"))
    values = {"name": "wiki", "role": "audited", "platform": "mediawiki", "url": f"{HOME}/", "account": [named], **more}
    assigned = Assignment(
        source=SourceSettings.model_validate(values),
        profile=None,
        account=account,
        now=moment("2026-11-23T00:00:00Z"),
        tenancy=None,
    )
    return spider_class("mediawiki")(assigned)


def answer(url: str, data: object, about: Mapping[str, str] | None = None) -> Page:
    return Page(url, json.dumps(data).encode(), "application/json; charset=utf-8", about=about or {})


def read(url: str, data: object, about: Mapping[str, str] | None = None) -> PageContent:
    return spider().read(answer(url, data, about))


def revision(id_: int, parent: int, user: str | None, day: str) -> Revision:
    found: Revision = {"revid": id_, "parentid": parent, "timestamp": f"{day}T08:00:00Z"}
    return found | ({"user": user} if user is not None else {"userhidden": True})


def described(id_: int, last: Revision, **more: object) -> dict[str, object]:
    return {
        "pageid": id_,
        "ns": 0,
        "title": f"Page {id_}",
        "revisions": [last],
        "touched": "2025-02-03T04:05:06Z",
        "lastrevid": last["revid"],
        "protection": [],
        "fullurl": f"https://wiki.exemple.fr/wiki/Page_{id_}",
        "actions": {"read": True},
        **more,
    }


def wiki(*, extensions: tuple[str, ...] = (), guests: bool = True) -> dict[str, object]:
    return {
        "general": {"sitename": "Wiki Belvaux"},
        "namespaces": {
            "-1": {"id": -1, "name": "Spécial"},
            "0": {"id": 0, "name": "", "content": True},
            "1": {"id": 1, "name": "Discussion"},
            "3000": {"id": 3000, "name": "Projets", "content": True},
            "3002": {"id": 3002, "name": "Syndicats", "content": True},
        },
        "usergroups": [
            {"name": "*", "rights": ["read"] if guests else []},
            {"name": "user", "rights": ["read", "edit"]},
        ],
        "extensions": [{"name": name} for name in extensions],
    }


@pytest.mark.parametrize(
    "given",
    [
        HOME,
        f"{HOME}/",
        f"{HOME}/index.php",
        f"{HOME}/index.php/Accueil",
        f"{HOME}/api.php",
        f"{HOME}/index.php?title=A",
    ],
)
def test_any_address_below_the_script_path_leads_to_the_api(given: str) -> None:
    assert api_address(given) == f"{HOME}/api.php"


def test_a_wiki_at_the_root_has_its_api_there() -> None:
    assert api_address("https://wiki.exemple.fr") == "https://wiki.exemple.fr/api.php"


def test_only_content_namespaces_are_asked_for_and_of_an_excluded_one_nothing() -> None:
    found = read(API.site(), {"query": wiki()})
    asked = [params_of(url) for url in found.links]
    assert {params.get("arvnamespace") for params in asked} == {"0", "3000", None}
    assert {params.get("gapnamespace") for params in asked} == {"0", "3000", None}
    assert [(space.name, space.visibility) for space in found.spaces] == [
        ("Wiki Belvaux", "public"),
        ("Projets", "public"),
    ]


def test_who_may_read_is_said_by_the_rights_of_groups_unless_an_extension_closes_parts() -> None:
    assert {s.visibility for s in read(API.site(), {"query": wiki(guests=False)}).spaces} == {"registered"}
    assert {s.visibility for s in read(API.site(), {"query": wiki(extensions=("Lockdown",))}).spaces} == {"unknown"}


def test_the_history_names_who_began_a_page_and_goes_on_where_it_ended() -> None:
    rest = {"arvcontinue": "20250203|7", "continue": "-||", "action": "delete"}
    data = {
        "continue": rest,
        "query": {
            "allrevisions": [
                {"pageid": 4, "ns": 0, "revisions": [revision(9, 0, "Anne Martin", "2025-01-01")]},
                {"pageid": 5, "ns": 0, "revisions": [revision(11, 10, "Loïc", "2025-01-02")]},
            ]
        },
    }
    found = read(API.history(0), data, MAIN)
    following, facts = found.links
    assert params_of(following)["arvcontinue"] == "20250203|7"
    assert params_of(following)["action"] == "query"
    assert found.about[following] == MAIN
    assert params_of(facts)["pageids"] == "4"
    assert json.loads(found.about[facts]["begun"]) == {"4": ["Anne Martin", "2025-01-01T08:00:00Z"]}


def test_addresses_are_canonical_and_stay_within_their_shapes_whatever_a_title_holds() -> None:
    one, other = spider(), spider("anne")
    first = answer(
        API.pages(0), {"query": {}, "continue": {"gapcontinue": "R&D_=_100_%_?", "continue": "gapcontinue||"}}
    )
    for links in (one.read(first).links, other.read(first).links, tuple(one.starts()), tuple(other.starts())):
        (url,) = links
        assert url_key(url) == url
        assert one.refusal(url) is None
    assert params_of(one.read(first).links[0])["gapcontinue"] == "R&D_=_100_%_?"


def test_what_an_answer_gives_to_go_on_takes_the_place_of_what_the_last_one_gave() -> None:
    listed = spider()

    def after(url: str, rest: dict[str, str]) -> str:
        (following,) = listed.read(answer(url, {"query": {}, "continue": rest})).links
        assert listed.refusal(following) is None
        return following

    second = after(API.pages(0), {"gapcontinue": "B", "continue": "gapcontinue||"})
    third = after(second, {"gapcontinue": "B", "incontinue": "0|C", "continue": "||"})
    fourth = after(third, {"gapcontinue": "D", "continue": "gapcontinue||"})
    assert {name: params_of(third).get(name) for name in ("gapcontinue", "incontinue")} == {
        "gapcontinue": "B",
        "incontinue": "0|C",
    }
    assert {name: params_of(fourth).get(name) for name in ("gapcontinue", "incontinue")} == {
        "gapcontinue": "D",
        "incontinue": None,
    }
    after(API.pages(0), {"incontinue": "0|C", "continue": "||"})


@pytest.mark.parametrize(
    "target",
    [
        "api.php?action=delete&format=json&pageid=4",
        "api.php?action=logout&format=json",
        "api.php?action=query&format=json&formatversion=2&meta=tokens",
        "api.php?action=query&format=json&formatversion=2&list=recentchanges",
        "index.php?title=Accueil&action=edit",
        "index.php/Accueil",
        "",
    ],
)
def test_nothing_but_the_reading_calls_may_be_asked_for(target: str) -> None:
    assert spider().refusal(f"{HOME}/{target}") == "not-allowed"


def test_an_account_asks_so_that_a_guest_would_be_refused_and_a_guest_does_not() -> None:
    (known,), (guest,) = spider("anne").starts(), spider().starts()
    assert params_of(known)["assert"] == "user"
    assert "assert" not in params_of(guest)
    lost = answer(known, {"error": {"code": "assertuserfailed"}})
    assert not spider("anne").proves(lost)
    assert spider("anne").proves(answer(known, {"query": wiki()}))
    assert not spider().proves(answer(guest, {"query": wiki()}))
    judged = spider("anne").judge(lost, 200)
    assert judged is not None
    assert judged.state == "denied"


def test_facts_lead_to_the_text_by_revision_and_day_of_rendering() -> None:
    begun = json.dumps({"4": ["Anne Martin", "2024-01-01T08:00:00Z"]})
    item = described(
        4,
        revision(9, 8, "Loïc Le Guen", "2025-01-01"),
        categories=[{"title": "Catégorie:Sécurité"}, {"title": "Catégorie:Été : piscine"}],
        protection=[{"type": "edit", "level": "sysop", "expiry": "infinity"}],
    )
    data = {"batchcomplete": True, "query": {"pages": [item]}}
    (text,) = (found := read(API.facts([4]), data, {**MAIN, "begun": begun})).links
    assert params_of(text)["oldid"] == "9"
    assert params_of(text)["requestid"] == "20250203040506"
    html = "<p>Bonjour à tous.</p><table><tr><td>8 h</td><td>9 h</td></tr></table>"
    (document,) = read(text, {"parse": {"text": html}}, found.about[text]).documents
    assert (document.id, document.title, document.text) == ("page-4", "Page 4", "Bonjour à tous.\n\n8 h 9 h")
    assert (document.author, document.last_editor) == ("Anne Martin", "Loïc Le Guen")
    assert (document.created, document.modified) == (moment("2024-01-01T08:00:00Z"), moment("2025-01-01T08:00:00Z"))
    assert document.dates == {"api-date": document.created}
    assert (document.spaces, document.visibility) == (("Wiki Belvaux",), "registered")
    assert document.tags == ("Sécurité", "Été : piscine")
    assert document.extra == {"protection": {"edit": "sysop"}}
    assert (document.comments, document.likes, document.views, document.owner) == (None, None, None, None)


def test_an_answer_that_is_too_large_is_asked_for_again_in_halves() -> None:
    pages = [described(n, revision(n, 0, "Anne", "2025-01-01")) for n in range(1, 6)]
    begun = json.dumps({"2": ["Anne", "2025-01-01T08:00:00Z"], "5": ["Zoé", "2025-01-02T08:00:00Z"]})
    data = {"continue": {"clcontinue": "3|Sécurité", "continue": "||"}, "query": {"pages": pages}}
    found = read(API.facts([1, 2, 3, 4, 5]), data, {**MAIN, "begun": begun})
    assert [params_of(url)["pageids"] for url in found.links] == ["1|2", "3|4|5"]
    assert [set(json.loads(found.about[url]["begun"])) for url in found.links] == [{"2"}, {"5"}]


def test_a_page_whose_beginning_the_history_does_not_show_is_asked_who_began_it() -> None:
    item = described(4, revision(9, 8, "Loïc", "2025-01-01"))
    (first,) = (found := read(API.facts([4]), {"batchcomplete": True, "query": {"pages": [item]}}, MAIN)).links
    assert params_of(first)["rvdir"] == "newer"
    data = {"query": {"pages": [{"pageid": 4, "revisions": [revision(2, 0, None, "2019-01-01")]}]}}
    (text,) = (then := read(first, data, found.about[first])).links
    (document,) = read(text, {"parse": {"text": "<p>Bonjour.</p>"}}, then.about[text]).documents
    assert (document.author, document.created) == (None, moment("2019-01-01T08:00:00Z"))


def test_what_may_not_be_read_or_leads_elsewhere_or_is_excluded_is_not_asked_for() -> None:
    last = revision(9, 0, "Anne", "2025-01-01")
    pages = [
        described(1, last, actions={"read": False}),
        described(2, last, redirect=True),
        {"pageid": 3, "missing": True},
        described(4, last, categories=[{"title": "Catégorie:Santé au travail"}]),
        {"pageid": 5, "title": 12},
    ]
    found = read(API.facts([1, 2, 3, 4, 5]), {"batchcomplete": True, "query": {"pages": pages}}, MAIN)
    assert found.links == ()
    assert found.notes == ("unreadable-item:5",)


def test_a_listing_names_the_pages_that_may_be_read() -> None:
    items = [{"pageid": 1, "actions": {"read": True}}, {"pageid": 2, "actions": {"read": False}}, {"title": "?"}]
    assert read(API.pages(0), {"query": {"pages": items}}, MAIN).present == ("page-1",)


def test_administrators_answer_for_the_spaces_and_who_is_blocked_for_good_is_no_longer_active() -> None:
    users = [
        {"name": "Camille Roux", "groups": ["sysop", "user"]},
        {"name": "Nadia Benali", "groups": ["user"], "blockexpiry": "infinity"},
        {"name": "Loïc Le Guen", "groups": ["user"], "blockexpiry": "2026-01-01T00:00:00Z"},
        {"name": "Anne Martin", "groups": ["user"], "blockexpiry": "infinity", "blockpartial": True},
    ]
    found = read(API.users(), {"query": {"allusers": users}}, {"spaces": '["Wiki Belvaux", "Projets"]'})
    assert [(s.name, s.moderators) for s in found.spaces] == [
        ("Wiki Belvaux", ("Camille Roux",)),
        ("Projets", ("Camille Roux",)),
    ]
    assert [(p.key, p.name, p.active) for p in found.persons] == [(person_key("Nadia Benali"), "Nadia Benali", False)]


@pytest.mark.parametrize(
    ("code", "state"),
    [
        ("nosuchrevid", "absent"),
        ("readapidenied", "denied"),
        ("permissiondenied", "denied"),
        ("internal_api_error_DBQueryError", "failed"),
    ],
)
def test_an_error_of_the_api_is_judged_by_its_word_for_its_status_is_200(code: str, state: str) -> None:
    judged = spider().judge(answer(API.site(), {"error": {"code": code}}), 200)
    assert judged is not None
    assert judged.state == state
    assert code in (judged.cause or "")


@pytest.mark.parametrize(
    ("page", "state"),
    [
        ({"pageid": 4, "missing": True}, "absent"),
        ({"pageid": 4, "ns": 0, "redirect": True}, "absent"),
        ({"pageid": 4, "ns": 1}, "absent"),
        ({"pageid": 4, "ns": 0, "actions": {"read": False}}, "denied"),
        ({"pageid": 4, "ns": 0, "actions": {"read": True}}, None),
    ],
)
def test_a_missing_page_is_gone_only_when_the_wiki_says_so(page: dict[str, object], state: str | None) -> None:
    url = spider().address_of("page-4")
    assert url is not None
    judged = spider().judge(answer(url, {"batchcomplete": True, "query": {**wiki(), "pages": [page]}}), 200)
    assert (judged.state if judged else None) == state


def test_a_page_asked_for_alone_is_read_without_any_other_answer() -> None:
    item = described(4, revision(9, 0, "Anne", "2025-01-01"), ns=3000)
    url = spider().address_of("page-4")
    assert url is not None
    (text,) = (found := read(url, {"batchcomplete": True, "query": {**wiki(), "pages": [item]}})).links
    (document,) = read(text, {"parse": {"text": "<p>Bonjour.</p>"}}, found.about[text]).documents
    assert (document.spaces, document.visibility) == (("Projets",), "public")


def test_a_listing_is_followed_however_far_it_leads() -> None:
    sieve = Sieve(Politeness(max_depth=2), lambda _: None)
    assert sieve.sift([API.pages(0)], page=API.site(), depth=5_000) == ([API.pages(0)], [])


def test_a_text_that_was_read_lasts_and_no_other_answer_does() -> None:
    reader = spider()
    assert reader.lasts(API.text(9, "2025-02-03T04:05:06Z"))
    others = (API.site(), API.users(), API.history(0), API.pages(0), API.facts([1]), API.alone(1), API.first(1))
    assert not any(map(reader.lasts, others))


def test_an_id_of_another_kind_has_no_address() -> None:
    assert spider().address_of("post-4") is None
    assert spider().address_of("page-x") is None


def test_what_is_no_answer_of_the_api_is_said_so() -> None:
    with pytest.raises(NotReadable, match="the platform's API"):
        spider().read(Page(API.site(), b"<html>Accueil</html>", "text/html"))
    with pytest.raises(NotReadable, match=r"api\.php"):
        read(API.site(), {"hello": 1})


_LEAVES = st.none() | st.booleans() | st.integers(0, 9) | st.sampled_from(["", "user", "2025-01-01T08:00:00Z", "x"])
_KEYS = st.sampled_from(
    "pages pageid ns title revisions revid parentid user timestamp lastrevid categories protection type level "
    "actions read allrevisions allusers name groups general sitename namespaces usergroups rights content id".split()
)
_ANY = st.recursive(_LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=5))


@given(data=st.dictionaries(_KEYS, _ANY), complete=_LEAVES)
def test_no_answer_of_whatever_form_raises_anything_else(data: dict[str, object], complete: object) -> None:
    about, reader = {**MAIN, "begun": '{"1": ["Anne", null]}', "spaces": '["Projets"]'}, spider()
    for url in (API.site(), API.users(), API.history(0), API.pages(0), API.facts([1]), API.alone(1)):
        page = answer(url, {"batchcomplete": complete, "continue": complete, "query": data}, about)
        reader.judge(page, 200)
        try:
            found = reader.read(page)
        except NotReadable:
            continue
        assert all(reader.refusal(link) is None for link in found.links)
