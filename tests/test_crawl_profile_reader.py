import json
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path

import pytest

from rseaudit import richtext
from rseaudit.config.settings import Profile, SourceSettings
from rseaudit.crawl.page import Page
from rseaudit.crawl.page_content import PageContent
from rseaudit.crawl.profile_reader import explain, read
from rseaudit.errors import UsageError
from rseaudit.model import Document

PAGES = Path(__file__).parent / "data" / "pages"
CASES = sorted(path.stem for path in PAGES.glob("*.json"))


def source(**keys):
    return SourceSettings(
        **{"name": "rse", "role": "audited", "platform": "website", "url": "https://rse.example.com"} | keys
    )


def profile(**keys):
    return Profile.model_validate(keys)


def reading(body, case):
    page = Page(case["url"], body, case["content_type"])
    found = case["profile"] and Profile.model_validate(case["profile"])
    return read(page, source=source(**case["source"]), profile=found)


def as_json(content):
    """Give a page's content as the JSON beside it: only what is known, dates in ISO form."""
    return {
        "documents": [_known(document) for document in content.documents],
        "spaces": [_known(space) for space in content.spaces],
        "persons": [_known(person) for person in content.persons],
        "links": list(content.links),
        "canonical": content.canonical,
        "notes": list(content.notes),
    }


def _known(thing):
    left_out = ("body", "first_seen", "key", "source")
    values = {f.name: getattr(thing, f.name) for f in fields(thing) if f.name not in left_out}
    defaults = {f.name: f.default for f in fields(thing)}
    shown = {k: v for k, v in values.items() if v not in ((), {}, None) and (k == "text" or v != defaults[k])}
    return json.loads(json.dumps(shown, default=lambda value: value.isoformat()))


def page(html, url="https://rse.example.com/article/7"):
    return Page(url, html.encode(), "text/html; charset=utf-8")


def only(content: PageContent) -> Document:
    (document,) = content.documents
    return document


@pytest.mark.parametrize("name", CASES)
def test_a_saved_page_gives_the_data_beside_it(name):
    case = json.loads((PAGES / f"{name}.json").read_text())

    content = reading((PAGES / f"{name}.html").read_bytes(), case)

    assert as_json(content) == case["expected"]


@pytest.mark.parametrize("name", CASES)
def test_the_text_can_be_read_again_from_the_body(name):
    case = json.loads((PAGES / f"{name}.json").read_text())

    for document in reading((PAGES / f"{name}.html").read_bytes(), case).documents:
        assert document.text == richtext.read(document.body, document.format).text


def test_every_saved_page_has_its_data():
    assert sorted(path.stem for path in PAGES.glob("*.html")) == CASES


def test_a_page_that_the_profile_does_not_claim_is_read_for_its_links_only():
    found = read(
        page("<p>Un menu</p><a href='/article/8'>Lire</a>", "https://rse.example.com/accueil"),
        source=source(),
        profile=profile(document={"match": r"^/article/(?P<native_id>\d+)"}),
    )

    assert found.documents == ()
    assert found.links == ("https://rse.example.com/article/8",)


def test_without_group_the_id_is_the_canonical_path_and_query():
    html = "<link rel=canonical href='/fiche?ref=12&amp;utm_source=x#haut'><p class=t>Bonjour</p>"

    found = read(page(html), source=source(), profile=profile(document={"match": "^/", "text": ".t"}))

    assert only(found).id == "/fiche?ref=12"
    assert only(found).url == "https://rse.example.com/fiche?ref=12"


def test_a_canonical_on_another_platform_is_kept_as_evidence_but_not_as_identity():
    html = "<link rel=canonical href='https://intranet.example.com/note/3'><p class=t>Bonjour</p>"

    document = only(read(page(html), source=source(), profile=profile(document={"match": "^/", "text": ".t"})))

    assert (document.id, document.url) == ("/article/7", "https://rse.example.com/article/7")
    assert document.canonical == "https://intranet.example.com/note/3"


def test_a_canonical_that_names_the_home_page_everywhere_is_ignored():
    words = " ".join(["texte"] * 40)
    html = f"<link rel=canonical href='/'><main><article><p>{words}.</p></article></main>"

    found = read(page(html), source=source(), profile=None)

    assert only(found).id == "/article/7"
    assert found.canonical is None
    assert "canonical-ignored" in found.notes


def test_a_canonical_of_another_document_is_ignored():
    html = "<link rel=canonical href='/article/8'><p class=t>Bonjour</p>"

    found = read(
        page(html),
        source=source(),
        profile=profile(document={"match": r"^/article/(?P<native_id>\d+)", "text": ".t"}),
    )

    assert only(found).id == "7"
    assert found.canonical is None


THREAD = profile(
    item=".message",
    document={"match": r"^/thread/(?P<native_id>\d+)", "text": ".corps", "author": ".auteur", "likes": ".jaime"},
)


def thread(url, before="", after=""):
    first = "<div class=message><div class=corps>Question</div>"
    second = "<div class=message><b class=auteur>Zoé</b><div class=corps>Réponse</div><i class=jaime>4</i></div>"
    return page(f"{before}{first}</div>{second}{after}", f"https://rse.example.com{url}")


def test_what_the_first_item_does_not_say_is_never_taken_from_another_item():
    document = only(read(thread("/thread/5"), source=source(), profile=THREAD))

    assert (document.text, document.author, document.likes, document.comments) == ("Question", None, None, 1)


def test_what_stands_outside_of_all_items_counts_for_the_document():
    document = only(read(thread("/thread/5", "<b class=auteur>Aline</b>"), source=source(), profile=THREAD))

    assert document.author == "Aline"


def test_an_item_inside_the_first_item_is_a_comment():
    html = """<div class=message><div class=corps>Question</div>
              <div class=message><div class=corps>Réponse</div><i class=jaime>4</i></div></div>"""

    document = only(read(page(html, "https://rse.example.com/thread/5"), source=source(), profile=THREAD))

    assert (document.text, document.likes, document.comments) == ("Question", None, 1)


@pytest.mark.parametrize("url", ["/thread/5?page=2", "/thread/5?start=20", "/thread/5/page/3", "/thread/5/page-2"])
def test_a_later_page_does_not_replace_the_beginning_of_its_thread(url):
    found = read(thread(url), source=source(), profile=THREAD)

    assert found.documents == ()
    assert found.notes == ("later-page",)


def test_a_page_numbered_from_zero_is_later_when_it_says_what_comes_before():
    first = read(thread("/thread/5?page=1"), source=source(), profile=THREAD)
    later = read(thread("/thread/5?page=1", after="<a rel=prev href='?page=0'>‹</a>"), source=source(), profile=THREAD)

    assert [len(first.documents), len(later.documents)] == [1, 0]


def test_the_comments_of_a_thread_on_several_pages_are_unknown():
    document = only(
        read(thread("/thread/5", after="<a href='/thread/5?page=2'>2</a>"), source=source(), profile=THREAD)
    )

    assert document.comments is None


def test_a_number_that_is_the_id_is_no_page_number():
    found = read(
        page("<p class=t>Bonjour</p>", "https://rse.example.com/?p=12"),
        source=source(),
        profile=profile(document={"match": r"[?&]p=(?P<native_id>\d+)", "text": ".t"}),
    )

    assert only(found).id == "12"


def test_a_declared_text_that_is_missing_is_not_guessed():
    words = " ".join(["texte"] * 60)

    found = read(
        page(f"<main><article><p>{words}</p></article></main>"),
        source=source(),
        profile=profile(document={"match": "^/article/", "text": ".corps"}),
    )

    assert found.documents == ()
    assert found.notes == ("no-text",)


def test_a_menu_is_no_document():
    assert read(page("<h1>Accueil</h1><a href='/a'>Un lien</a>"), source=source(), profile=None).documents == ()


def test_something_else_than_a_page_holds_nothing():
    found = read(Page("https://rse.example.com/x", b"%PDF-1.7", "application/pdf"), source=source(), profile=None)

    assert found == PageContent(notes=("not-html:application/pdf",))


def test_only_a_date_that_the_profile_points_to_is_evidence():
    html = "<meta property='article:published_time' content='2026-03-15T09:00:00Z'><p class=t>Bonjour</p>"

    document = only(read(page(html), source=source(), profile=profile(document={"match": "^/", "text": ".t"})))

    assert document.created == datetime(2026, 3, 15, 9, tzinfo=UTC)
    assert document.dates == {}
    assert document.extra == {"created_from": "meta"}


def test_a_date_that_is_not_understood_is_unknown_and_noted():
    found = read(
        page("<i class=d>hier</i><p class=t>Bonjour</p>"),
        source=source(),
        profile=profile(document={"match": "^/", "text": ".t", "created": ".d"}),
    )

    assert only(found).created is None
    assert found.notes == ("date-not-understood",)


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("<i class=v>Public</i>", "public"),
        ("<i class=v>Direction seulement</i>", "private"),
        ("<i class=v>???</i>", "unknown"),
        ("", "registered"),
    ],
)
def test_visibility_comes_from_the_map_then_from_known_words_then_from_the_source(label, expected):
    document = only(
        read(
            page(f"{label}<p class=t>Bonjour</p>"),
            source=source(visibility="registered"),
            profile=profile(
                visibility_map={"Direction seulement": "private"},
                document={"match": "^/", "text": ".t", "visibility": ".v"},
            ),
        )
    )

    assert document.visibility == expected


@pytest.mark.parametrize(
    ("written", "read_as"),
    [("https://rse.example.com/article/3?utm_source=mail", "3"), ("/article/3", "3"), ("a-77", "a-77")],
)
def test_what_was_shared_is_named_by_its_native_id(written, read_as):
    document = only(
        read(
            page(f"<a class=s href='{written}'>partagé</a><p class=t>Bonjour</p>"),
            source=source(),
            profile=profile(
                document={"match": r"^/article/(?P<native_id>[\w-]+)", "text": ".t", "shared_from": ".s@href"}
            ),
        )
    )

    assert document.shared_from == read_as


def test_a_page_nested_ten_thousand_levels_deep_gives_its_whole_text():
    html = "<h1>Titre</h1><div class=t>début " + "<div>" * 10_000 + "milieu" + "</div>" * 10_000 + " fin</div>"

    found = read(page(html), source=source(), profile=profile(document={"match": "^/", "text": ".t"}))

    assert only(found).text.split() == ["début", "milieu", "fin"]
    assert only(found).text == richtext.read(only(found).body, "html").text
    assert found.notes == ()


def test_a_deep_page_without_selectors_gives_its_whole_text():
    words = " ".join(f"mot{n}" for n in range(200))
    html = f"<title>Titre</title><body>{'<div>' * 10_000}{words}{'</div>' * 10_000}</body>"

    assert only(read(page(html), source=source(), profile=None)).text == words


def test_a_text_of_too_many_elements_is_cut_and_noted():
    html = "<div class=t>" + "<i>mot </i>" * 40_000 + "</div>"

    found = read(page(html), source=source(), profile=profile(document={"match": "^/", "text": ".t"}))

    assert 20_000 < len(only(found).text.split()) < 40_000
    assert found.notes == ("text-truncated",)


def test_a_text_of_too_many_characters_is_cut_and_noted():
    html = f"<div class=t>{'mot ' * 600_000}</div>"

    found = read(page(html), source=source(), profile=profile(document={"match": "^/", "text": ".t"}))

    assert 1_900_000 < len(only(found).text) < 2_000_000
    assert found.notes == ("text-truncated",)


def test_a_pattern_that_takes_too_long_claims_nothing():
    slow = profile(document={"match": r"^/(a|aa)+$"})

    found = read(page("<p>x</p>", "https://rse.example.com/" + "a" * 200 + "!"), source=source(), profile=slow)

    assert found.documents == ()
    assert found.notes == ("slow-pattern:document.match",)


def test_a_wrong_selector_is_named_with_what_to_do():
    with pytest.raises(UsageError, match=r"'div\['.*\n.*css@attribute.*\n.*profile check"):
        read(page("<p>x</p>"), source=source(), profile=profile(document={"text": "div["}))


def test_every_declared_key_is_explained():
    declared = profile(
        item="article",
        document={
            "match": r"^/article/(?P<native_id>\d+)",
            "title": "h1",
            "text": ".corps",
            "author": ".auteur",
            "created": ".date",
            "likes": "p[",
        },
    )
    html = (
        """<article><h1>Titre</h1><a class=auteur href='mailto:a@ex.fr'>Ana</a><i class=date>15/03/2026</i></article>"""
    )

    reports = {report.name: report for report in explain(page(html), source(), declared)}

    assert list(reports) == ["item"] + [f"document.{k}" for k in "match title text author created likes".split()]
    assert reports["document.match"].meaning == "7"
    assert reports["document.title"].value == "Titre"
    assert reports["document.text"].problem == "nothing-found"
    assert reports["document.text"].empty
    assert reports["document.author"].value == "Ana → a@ex.fr"
    assert reports["document.created"].meaning == "2026-03-15T00:00:00+01:00"
    assert reports["document.likes"].problem == "wrong-selector"


def test_what_is_left_to_extraction_is_explained_too():
    words = " ".join(["texte"] * 40)
    html = f"<title>Titre</title><main><article><p>{words}.</p></article></main>"

    reports = {report.name: report for report in explain(page(html), source(), None)}

    assert reports["document.title"].value == "Titre"
    assert reports["document.text"].value.startswith("texte texte")
    assert reports["document.author"].empty
    assert all(report.selector is None for report in reports.values())
