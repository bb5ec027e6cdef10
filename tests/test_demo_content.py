"""The invented company holds what it promises: its people, its copies, its traps."""

from __future__ import annotations

import re
from collections import Counter
from urllib.parse import urlsplit

import pytest

from rseaudit import richtext
from rseaudit.demo.company import DemoDocument
from rseaudit.model import Ref
from rseaudit.text import normalise, words
from tests.demo_company import COMPANY, EXPECTED, PAIRS


def plain(document: DemoDocument) -> str:
    return richtext.read(document.body, document.format).text


def folded(text: str) -> str:
    return " ".join(normalise(text).text.split())


def test_the_network_has_enough_spaces_documents_and_authors() -> None:
    posts = [post for post in COMPANY.of("rse") if post.space != "CSE Aubrelle"]
    assert len({post.space for post in posts}) == 7
    assert len(posts) >= 85
    assert len({post.author for post in posts}) >= 15
    assert sum(not COMPANY.people[str(author)].active for author in {post.author for post in posts}) == 2


def test_the_other_platforms_have_at_least_sixty_pages() -> None:
    assert len(COMPANY.of("intranet")) >= 35
    assert len(COMPANY.of("site-public")) >= 25


def test_everyone_named_anywhere_is_someone() -> None:
    named = {document.author for document in COMPANY.documents} | {document.owner for document in COMPANY.documents}
    named |= {comment.author for document in COMPANY.documents for comment in document.thread}
    named |= {key for space in COMPANY.spaces for key in (space.owner, *space.moderators, *space.members)}
    assert named - {None} <= set(COMPANY.people)


def test_documents_are_unique_by_path_and_by_id() -> None:
    assert len(COMPANY.by_path) == len(COMPANY.by_ref) == len(COMPANY.documents)


def test_no_date_is_later_than_the_clock_of_the_demonstration() -> None:
    instants = [instant for d in COMPANY.documents for instant in (d.created, d.modified, d.served_modified) if instant]
    instants += [comment.at for document in COMPANY.documents for comment in document.thread]
    assert max(instants) < COMPANY.now


def test_most_posts_have_the_length_of_real_posts() -> None:
    lengths = sorted(len(words(plain(post))) for post in COMPANY.of("rse"))
    assert 60 <= lengths[len(lengths) // 2] <= 200
    assert lengths[-1] >= 1_200


def test_reference_pages_have_the_length_of_real_pages() -> None:
    lengths = [len(words(plain(page))) for page in (*COMPANY.of("intranet"), *COMPANY.of("site-public"))]
    assert min(lengths) >= 75
    assert max(lengths) <= 350


@pytest.mark.parametrize("copy", EXPECTED.copies, ids=lambda copy: f"{copy.document}-{copy.other}")
def test_each_planted_copy_shares_its_sentence(copy) -> None:
    sentence = folded(copy.sentence)
    assert len(words(copy.sentence)) >= 8
    assert sentence in folded(plain(COMPANY.by_ref[copy.document]))
    assert sentence in folded(plain(COMPANY.by_ref[copy.other]))


@pytest.mark.parametrize("copy", EXPECTED.copies, ids=lambda copy: f"{copy.document}-{copy.other}")
def test_the_dates_lead_to_the_expected_direction(copy) -> None:
    document, other = COMPANY.by_ref[copy.document], COMPANY.by_ref[copy.other]
    by_page = (document.created > other.created) - (document.created < other.created)
    by_server = (document.last_modified > other.last_modified) - (document.last_modified < other.last_modified)
    said = {"other": (1, 1), "document": (-1, -1)}.get(copy.original)
    assert (by_page, by_server) == said if said else by_page != by_server or by_page == 0


def test_there_are_copies_of_every_kind() -> None:
    count = Counter(copy.plant for copy in EXPECTED.copies)
    assert count["whole"] >= 5
    assert count["near"] >= 5
    assert count["passage"] >= 8
    assert count["reordered"] >= 3
    assert count["relay"] >= 5
    assert count["unchanged-across-audiences"] >= 2
    assert count["undecidable-date"] == 2
    assert min(count[plant] for plant in ("reverse", "own-version", "between-spaces", "restricted")) >= 1


def test_only_planted_pairs_and_templates_share_long_runs_of_words() -> None:
    declared = {frozenset(pair) for pair in (*PAIRS, *EXPECTED.by_products, *EXPECTED.coincidences)}
    minutes, signed = (set(EXPECTED.audit[name]) for name in ("template_minutes", "signed"))
    holders: dict[tuple[str, ...], set[Ref]] = {}
    for document in COMPANY.documents:
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


def test_relays_name_their_source_and_add_words_of_their_own() -> None:
    relays = [copy for copy in EXPECTED.copies if copy.plant == "relay"]
    for copy in relays:
        rich = richtext.read(COMPANY.by_ref[copy.document].body, "markdown")
        quoted = sum(len(words(rich.text[span.start : span.end])) for span in rich.quotes)
        assert COMPANY.url(COMPANY.by_ref[copy.other]) in {link.target for link in rich.links}
        assert len(words(rich.text)) - quoted >= 60


def test_the_traps_are_there() -> None:
    audit = EXPECTED.audit
    assert len(audit["template_minutes"]) >= 6
    assert len(audit["one_liners"]) >= 8
    assert len(audit["signed"]) >= 8
    known = {post.id for post in COMPANY.of("rse")}
    assert all(set(ids) <= known for ids in audit.values())
    assert "<script>" in plain(COMPANY.by_ref[Ref("rse", audit["injection"][0])])


def test_an_orphan_has_nobody_left_to_answer_for_it() -> None:
    for number in EXPECTED.audit["orphans"]:
        post = COMPANY.by_ref[Ref("rse", number)]
        space = next(space for space in COMPANY.spaces if space.name == post.space)
        answerable = {post.author, post.owner, space.owner, *space.moderators} - {None}
        assert not any(COMPANY.people[str(key)].active for key in answerable)


def test_canary_words_stand_in_their_own_space_only() -> None:
    for closed in (EXPECTED.restricted, EXPECTED.excluded):
        for canary in closed.canaries:
            found = {d.space for d in COMPANY.documents if canary in folded(f"{d.title} {d.body} {d.thread}")}
            assert found == {closed.space}
    assert any(EXPECTED.restricted.canaries[0] in folded(d.title) for d in COMPANY.documents)


def test_the_members_of_the_restricted_space_are_those_expected() -> None:
    space = next(space for space in COMPANY.spaces if space.name == EXPECTED.restricted.space)
    assert set(space.members) == set(EXPECTED.restricted.members)
    assert (
        tuple(sorted(post.id for post in COMPANY.of("rse") if post.space == space.name))
        == EXPECTED.restricted.documents
    )


def test_no_text_leads_outside_of_the_reserved_names() -> None:
    bodies = "\n".join(f"{document.body}\n{document.canonical or ''}" for document in COMPANY.documents)
    hosts = {urlsplit(url).hostname or "" for url in re.findall(r"https?://[^\s)\"';<>]+", bodies)}
    mails = set(re.findall(r"[\w.]+@([\w.]+)", bodies + "\n".join(p.mail for p in COMPANY.people.values())))
    assert all(host.endswith(".example") for host in hosts | mails)
