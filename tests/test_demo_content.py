"""The invented company holds what it promises: its people, its copies, its traps."""

from __future__ import annotations

import re
from collections import Counter
from urllib.parse import urlsplit

import pytest

from rseaudit import richtext
from rseaudit.demo.company import Company, DemoDocument, Expected, load_company, load_expected
from rseaudit.model import Ref
from rseaudit.text import normalise, words

COMPANY = load_company()
EXPECTED = load_expected()
NETWORK, INTRANET, PUBLIC = (COMPANY.hosts[source] for source in ("rse", "intranet", "site-public"))
PAIRS = [(copy.document, copy.other) for copy in EXPECTED.copies]


@pytest.fixture(scope="module")
def company() -> Company:
    return COMPANY


@pytest.fixture(scope="module")
def expected() -> Expected:
    return EXPECTED


def plain(document: DemoDocument) -> str:
    return richtext.read(document.body, document.format).text


def folded(text: str) -> str:
    return " ".join(normalise(text).text.split())


def test_the_network_has_enough_spaces_documents_and_authors(company: Company) -> None:
    posts = [post for post in company.of("rse") if post.space != "CSE Aubrelle"]
    assert len({post.space for post in posts}) == 7
    assert len(posts) >= 85
    assert len({post.author for post in posts}) >= 15
    assert sum(not company.people[str(author)].active for author in {post.author for post in posts}) == 2


def test_the_other_platforms_have_at_least_sixty_pages(company: Company) -> None:
    assert len(company.of("intranet")) >= 35
    assert len(company.of("site-public")) >= 25


def test_everyone_named_anywhere_is_someone(company: Company) -> None:
    named = {document.author for document in company.documents} | {document.owner for document in company.documents}
    named |= {comment.author for document in company.documents for comment in document.thread}
    named |= {key for space in company.spaces for key in (space.owner, *space.moderators, *space.members)}
    assert named - {None} <= set(company.people)


def test_documents_are_unique_by_path_and_by_id(company: Company) -> None:
    assert len(company.by_path) == len(company.by_ref) == len(company.documents)


def test_no_date_is_later_than_the_clock_of_the_demonstration(company: Company) -> None:
    instants = [instant for d in company.documents for instant in (d.created, d.modified, d.served_modified) if instant]
    instants += [comment.at for document in company.documents for comment in document.thread]
    assert max(instants) < company.now


def test_most_posts_have_the_length_of_real_posts(company: Company) -> None:
    lengths = sorted(len(words(plain(post))) for post in company.of("rse"))
    assert 60 <= lengths[len(lengths) // 2] <= 200
    assert lengths[-1] >= 1_200


def test_reference_pages_have_the_length_of_real_pages(company: Company) -> None:
    lengths = [len(words(plain(page))) for page in (*company.of("intranet"), *company.of("site-public"))]
    assert min(lengths) >= 75
    assert max(lengths) <= 350


@pytest.mark.parametrize("copy", EXPECTED.copies, ids=lambda copy: f"{copy.document}-{copy.other}")
def test_each_planted_copy_shares_its_sentence(company: Company, copy) -> None:
    sentence = folded(copy.sentence)
    assert len(words(copy.sentence)) >= 8
    assert sentence in folded(plain(company.by_ref[copy.document]))
    assert sentence in folded(plain(company.by_ref[copy.other]))


@pytest.mark.parametrize("copy", EXPECTED.copies, ids=lambda copy: f"{copy.document}-{copy.other}")
def test_the_dates_lead_to_the_expected_direction(company: Company, copy) -> None:
    document, other = company.by_ref[copy.document], company.by_ref[copy.other]
    by_page = (document.created > other.created) - (document.created < other.created)
    by_server = (document.last_modified > other.last_modified) - (document.last_modified < other.last_modified)
    said = {"other": (1, 1), "document": (-1, -1)}.get(copy.original)
    assert (by_page, by_server) == said if said else by_page != by_server or by_page == 0


def test_there_are_copies_of_every_kind(expected: Expected) -> None:
    count = Counter(copy.plant for copy in expected.copies)
    assert count["whole"] >= 5
    assert count["near"] >= 5
    assert count["passage"] >= 8
    assert count["reordered"] >= 3
    assert count["relay"] >= 5
    assert count["unchanged-across-audiences"] >= 2
    assert count["undecidable-date"] == 2
    assert min(count[plant] for plant in ("reverse", "own-version", "between-spaces", "restricted")) >= 1


def test_only_planted_pairs_and_templates_share_long_runs_of_words(company: Company, expected: Expected) -> None:
    declared = {frozenset(pair) for pair in (*PAIRS, *expected.by_products, *expected.coincidences)}
    minutes, signed = (set(expected.audit[name]) for name in ("template_minutes", "signed"))
    holders: dict[tuple[str, ...], set[Ref]] = {}
    for document in company.documents:
        forms = words(plain(document)).forms
        for start in range(len(forms) - 11):
            holders.setdefault(forms[start : start + 12], set()).add(Ref(document.source, document.id))
    sharing = {frozenset((a, b)) for refs in holders.values() for a in refs for b in refs if a < b}
    surprising = [
        pair
        for pair in sharing - declared
        if not any(
            {ref.source for ref in pair} == {"rse"} and {ref.id for ref in pair} <= of for of in (minutes, signed)
        )
    ]
    assert surprising == []


def test_relays_name_their_source_and_add_words_of_their_own(company: Company, expected: Expected) -> None:
    relays = [copy for copy in expected.copies if copy.plant == "relay"]
    for copy in relays:
        rich = richtext.read(company.by_ref[copy.document].body, "markdown")
        quoted = sum(len(words(rich.text[span.start : span.end])) for span in rich.quotes)
        assert company.url(company.by_ref[copy.other]) in {link.target for link in rich.links}
        assert len(words(rich.text)) - quoted >= 60


def test_the_traps_are_there(company: Company, expected: Expected) -> None:
    audit = expected.audit
    assert len(audit["template_minutes"]) >= 6
    assert len(audit["one_liners"]) >= 8
    assert len(audit["signed"]) >= 8
    known = {post.id for post in company.of("rse")}
    assert all(set(ids) <= known for ids in audit.values())
    assert "<script>" in plain(company.by_ref[Ref("rse", audit["injection"][0])])


def test_an_orphan_has_nobody_left_to_answer_for_it(company: Company, expected: Expected) -> None:
    for number in expected.audit["orphans"]:
        post = company.by_ref[Ref("rse", number)]
        space = next(space for space in company.spaces if space.name == post.space)
        answerable = {post.author, post.owner, space.owner, *space.moderators} - {None}
        assert not any(company.people[str(key)].active for key in answerable)


def test_canary_words_stand_in_their_own_space_only(company: Company, expected: Expected) -> None:
    for closed in (expected.restricted, expected.excluded):
        for canary in closed.canaries:
            found = {d.space for d in company.documents if canary in folded(f"{d.title} {d.body} {d.thread}")}
            assert found == {closed.space}
    assert any(expected.restricted.canaries[0] in folded(d.title) for d in company.documents)


def test_the_members_of_the_restricted_space_are_those_expected(company: Company, expected: Expected) -> None:
    space = next(space for space in company.spaces if space.name == expected.restricted.space)
    assert set(space.members) == set(expected.restricted.members)
    assert (
        tuple(sorted(post.id for post in company.of("rse") if post.space == space.name))
        == expected.restricted.documents
    )


def test_no_text_leads_outside_of_the_reserved_names(company: Company) -> None:
    bodies = "\n".join(f"{document.body}\n{document.canonical or ''}" for document in company.documents)
    hosts = {urlsplit(url).hostname or "" for url in re.findall(r"https?://[^\s)\"';<>]+", bodies)}
    mails = set(re.findall(r"[\w.]+@([\w.]+)", bodies + "\n".join(p.mail for p in company.people.values())))
    assert all(host.endswith(".example") for host in hosts | mails)
