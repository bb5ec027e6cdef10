from __future__ import annotations

from itertools import permutations

from rseaudit.duplicates.groups import groups
from rseaudit.model import Match, MatchKind, Passage, Ref, Side, Span


def ref(name: str) -> Ref:
    return Ref("rse", name)


def match(
    one: str,
    two: str,
    original: Side = "other",
    *,
    kind: MatchKind = "copy",
    at: tuple[int, int] = (0, 100),
    other_at: tuple[int, int] = (0, 100),
) -> Match:
    passage = Passage(document=Span(*at), other=Span(*other_at), similarity=1.0, words=20)
    return Match(
        id=f"{one}-{two}", document=ref(one), other=ref(two), kind=kind, shared_words=20, share_of_document=1.0,
        share_of_other=1.0, original=original, evidence="api-date", passages=(passage,),
    )  # fmt: skip


def told(*matches: Match) -> list[tuple[str, bool, list[str]]]:
    return [(g.original.id, g.known, [member.id for member in g.members]) for g in groups(matches)]


def test_copies_stand_around_their_original():
    assert told(match("b", "a"), match("c", "a"), match("d", "a")) == [("a", True, ["b", "c", "d"])]


def test_a_copy_of_a_copy_belongs_to_the_first_original_when_it_matches_it():
    assert told(match("b", "a"), match("c", "a"), match("c", "b")) == [("a", True, ["b", "c"])]


def test_no_chain_leads_through_a_pair_that_was_not_verified():
    assert told(match("b", "a"), match("c", "b", at=(200, 300))) == [("a", True, ["b"]), ("b", True, ["c"])]


def test_a_copy_of_another_part_of_a_copy_stays_with_it():
    chain = [match("b", "a"), match("c", "a"), match("c", "b", at=(500, 900), other_at=(300, 700))]
    assert told(*chain) == [("a", True, ["b", "c"]), ("b", True, ["c"])]


def test_a_content_with_two_sources_belongs_to_both_groups():
    assert told(match("c", "a"), match("c", "b", at=(100, 200))) == [("a", True, ["c"]), ("b", True, ["c"])]


def test_a_match_told_from_its_original_counts_the_same():
    assert told(match("a", "b", "document")) == told(match("b", "a", "other"))


def test_of_unknown_direction_the_best_connected_content_stands_in_the_middle():
    links = [match("b", "a", "unknown"), match("b", "c", "unknown"), match("b", "d", "unknown")]
    assert told(*links) == [("b", False, ["a", "c", "d"])]


def test_two_copies_of_one_original_need_no_group_of_their_own():
    assert told(match("b", "a"), match("c", "a"), match("b", "c", "unknown")) == [("a", True, ["b", "c"])]


def test_pairs_that_lead_out_of_a_group_make_another():
    links = [match("b", "a", "unknown"), match("b", "c", "unknown"), match("c", "d", "unknown")]
    assert told(*links) == [("b", False, ["a", "c"]), ("c", False, ["d"])]


def test_shared_frames_make_no_group():
    assert told(match("b", "a", kind="template"), match("c", "a", kind="shared-boilerplate")) == []


def test_every_member_has_a_verified_match_with_its_original():
    links = [match("b", "a"), match("c", "b"), match("d", "c"), match("d", "a"), match("e", "d", "unknown")]
    pairs = {frozenset((m.document, m.other)): m.id for m in links}
    for group in groups(links):
        assert [pairs[frozenset((group.original, member))] for member in group.members] == list(group.matches)


def test_the_order_of_the_matches_changes_nothing():
    links = [match("b", "a"), match("c", "b", at=(200, 300)), match("c", "d", "unknown"), match("e", "d", "unknown")]
    assert len({groups(order) for order in permutations(links)}) == 1


def test_every_verified_pair_is_told_in_some_group():
    links = [match("b", "a"), match("c", "a"), match("d", "c", "unknown"), match("e", "d", "unknown")]
    inside = [{group.original, *group.members} for group in groups(links)]
    assert all(any({m.document, m.other} <= group for group in inside) for m in links)
