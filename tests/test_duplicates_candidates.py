from __future__ import annotations

import operator
import random
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rseaudit.duplicates import candidates, counter, index
from rseaudit.duplicates.cutting import hashed

ALPHABET = [f"mot{chr(97 + number)}" for number in range(12)]
texts = st.lists(st.lists(st.sampled_from(ALPHABET), max_size=25), min_size=1, max_size=6)


def search(forms: list[list[str]], *, audited: list[bool]) -> candidates.Search:
    cut = hashed(forms)
    return candidates.Search(
        candidates.Collection(
            cut,
            index.of_runs(cut),
            index.of_pairs(cut),
            np.zeros(len(cut.keys), dtype=np.bool_),
            np.array(audited),
            np.arange(len(forms), dtype=np.int64),
            np.arange(len(forms), dtype=np.uint64),
            np.arange(len(forms), dtype=np.int64),
            len(forms),
        )
    )


def pairs(forms: list[list[str]], *, audited: list[bool], score: int = 20) -> list[candidates.Pair]:
    asked = search(forms, audited=audited)
    return sorted(
        asked.find(asked.numbers.tolist(), least=score // 3, score=score), key=lambda pair: (pair.left, pair.right)
    )


def groups(found: index.Index) -> list[tuple[int, int]]:
    """Return the first posting of each key and that of the next one, the obvious way."""
    keys = (found.postings >> np.uint64(found.place_bits)).tolist()
    edges = [place for place in range(len(keys) + 1) if place in (0, len(keys)) or keys[place] != keys[place - 1]]
    return list(pairwise(edges))


def test_keys_depend_on_the_words_alone():
    first, second = hashed([["un", "deux", "trois", "quatre"]]), hashed([["zero"], ["un", "deux", "trois", "quatre"]])
    for build in (index.of_runs, index.of_pairs):
        one, two = build(first), build(second)
        assert (one.postings >> np.uint64(24)).tolist() == (two.postings >> np.uint64(24)).tolist()
        assert (one.places + 1).tolist() == two.places.tolist()


def test_pairs_survive_inflections_and_small_words():
    cut = hashed([["badges", "desactives", "vendredi"], ["badges", "sont", "desactivees", "le", "vendredis"]])
    pair = index.of_pairs(cut)
    assert groups(pair) == [(0, 2), (2, 4)]
    assert sorted(pair.places.tolist()) == [0, 1, 3, 5]


def test_a_text_shorter_than_a_run_has_no_key():
    cut = hashed([["un"], []])
    assert len(index.of_runs(cut)) + len(index.of_pairs(cut)) == 0


@settings(deadline=None)
@given(texts)
def test_the_index_counts_texts_like_the_obvious_way(forms: list[list[str]]):
    cut = hashed(forms)
    runs = index.of_runs(cut)
    seen = [{tuple(words[place : place + 4]) for place in range(len(words) - 3)} for words in forms]
    text_of = cut.text_numbers
    counts = [len({text_of[p] for p in runs.places[a:b]}) for a, b in groups(runs)]
    assert sorted(counts) == sorted(sum(key in keys for keys in seen) for key in set().union(*seen))


@settings(deadline=None)
@given(texts, st.integers(1, 4))
def test_a_key_is_crowded_when_it_stands_in_more_texts_than_the_limit(forms: list[list[str]], limit: int):
    cut = hashed(forms)
    runs = index.of_runs(cut)
    labels = np.arange(len(forms), dtype=np.int64)
    large = counter.large(runs.postings, runs.place_bits, 2)
    flags = counter.crowded(runs.postings, runs.place_bits, large, cut.text_numbers, labels, limit)
    for first, last in groups(runs):
        held = {int(cut.text_numbers[place]) for place in runs.places[first:last]}
        assert (first in flags) == (len(held) > limit or last - first > 8 * limit)


@settings(deadline=None)
@given(st.lists(st.integers(1, 30), max_size=40), st.lists(st.integers(2, 20), min_size=1, max_size=3))
def test_keys_with_many_postings_are_those_that_have_them(sizes: list[int], wanted: list[int]):
    keys = np.repeat(np.arange(len(sizes), dtype=np.uint64) << np.uint64(50), sizes)
    found = index.prefixed(keys | np.arange(len(keys), dtype=np.uint64), 24)
    for least in wanted:  # what was asked for before is made use of, whether it was more or less
        assert found.large(least).tolist() == [[a, b] for a, b in groups(found) if b - a >= least]


@settings(deadline=None)
@given(st.lists(st.integers(0, 63) | st.integers(0, (1 << 64) - 1)))
def test_every_prefix_has_its_first_posting(numbers: list[int]):
    postings = np.array(sorted(numbers), dtype=np.uint64)
    found = index.firsts(postings)
    values = np.arange(1 << index.PREFIX, dtype=np.uint64) << np.uint64(64 - index.PREFIX)
    assert np.array_equal(found[:-1], np.searchsorted(postings, values))
    assert found[-1] == len(postings)


@settings(deadline=None)  # the first call compiles
@given(texts)
def test_texts_that_share_six_words_in_a_row_are_found(forms: list[list[str]]):
    found = {(pair.left, pair.right) for pair in pairs(forms, audited=[True] * len(forms), score=15)}
    runs = [{tuple(words[place : place + 7]) for place in range(len(words) - 6)} for words in forms]
    assert found >= {(i, j) for j in range(len(forms)) for i in range(j) if runs[i] & runs[j]}


def test_references_are_not_compared_with_each_other():
    found = pairs([ALPHABET, ALPHABET, ALPHABET], audited=[False, False, True])
    assert [(pair.left, pair.right) for pair in found] == [(0, 2), (1, 2)]


def test_passages_far_apart_are_two():
    filler, other = [f"autre{chr(97 + n)}x" for n in range(26)] * 2, [f"encor{chr(97 + n)}y" for n in range(26)] * 2
    one, two = ALPHABET[:6] + filler + ALPHABET[6:], ALPHABET[:6] + other + ALPHABET[6:]
    (pair,) = pairs([one, two], audited=[False, True], score=12)
    assert [(run.left_start, run.left_end) for run in pair.runs] == [(0, 6), (58, 64)]


def test_a_key_that_stands_everywhere_still_leads_to_its_first_holders():
    count = 300
    found = pairs([ALPHABET] * count, audited=[False] * 10 + [True] * (count - 10))
    partners = {other: sorted({p.left for p in found if p.right == other}) for other in range(10, count)}
    assert all(partners[other][:4] == [0, 1, 2, 3] for other in partners)
    assert partners[count - 1] == [0, 1, 2, 3, 10, 11, 12, 13]


def test_a_text_of_one_word_over_and_over_meets_another_in_bounded_work():
    (pair,) = pairs([["motus"] * 20_000, ["motus"] * 3_000], audited=[False, True])
    assert (pair.left, pair.right) == (0, 1)


def test_the_order_of_two_texts_changes_no_passage():
    one, two = ALPHABET + ALPHABET[3:8], ALPHABET[2:] + ALPHABET[:7]
    cut = hashed([one, two])
    turned = hashed([two, one])
    results = []
    for known, ranks in ((cut, [0, 1]), (turned, [1, 0])):
        asked = candidates.Search(
            candidates.Collection(
                known,
                index.of_runs(known),
                index.of_pairs(known),
                np.zeros(len(known.keys), dtype=np.bool_),
                np.array([True, True]),
                np.arange(2, dtype=np.int64),
                np.array(ranks, dtype=np.uint64),
                np.arange(2, dtype=np.int64),
                2,
            )
        )
        results.append(asked.find([0, 1], least=6, score=20)[0].runs)
    assert results[0] == tuple(sorted(run.turned() for run in results[1]))


def test_a_search_with_little_room_finds_the_same(monkeypatch: pytest.MonkeyPatch):
    rng = random.Random(4)
    forms = [[rng.choice(ALPHABET) for _ in range(rng.randint(20, 80))] for _ in range(40)]
    audited = [False] * 10 + [True] * 30
    wide = pairs(forms, audited=audited)
    assert sum(len(pair.runs) for pair in wide) > 100
    for room in (1, 3, 16, 100):
        monkeypatch.setattr(candidates, "_ROOM", room)
        assert pairs(forms, audited=audited) == wide


@settings(deadline=None)
@given(texts)
def test_one_text_after_another_finds_what_all_at_once_find(forms: list[list[str]]):
    forms = forms * 9
    audited = [number % 3 > 0 for number in range(len(forms))]
    at_once, singly = search(forms, audited=audited), search(forms, audited=audited)
    numbers = at_once.numbers.tolist()
    found = at_once.find(numbers, least=6, score=20)
    one_by_one = [pair for number in numbers for pair in singly.find([number], least=6, score=20)]
    asked = {
        (p.left, p.right) for text in range(len(forms)) for p in singly.askers(np.array([text]), least=6, score=20)
    }
    order = operator.attrgetter("left", "right")
    assert sorted(found, key=order) == sorted(one_by_one, key=order)
    assert asked == {(pair.left, pair.right) for pair in found}
