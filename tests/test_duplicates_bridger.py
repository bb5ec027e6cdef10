from __future__ import annotations

from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rseaudit.duplicates import bridger

Pairs = list[tuple[int, int]]
EVERY = 1 << 10


def bridged(one: list[int], two: list[int], weights: list[int], *, late: bool) -> Pairs:
    stems = np.array(one + two, dtype=np.uint64)
    on = bridger.desk(np.empty((bridger.WINDOW + 1, bridger.WINDOW + 1), dtype=np.int64))
    out = np.empty((len(one) + 1, 2), dtype=np.int64)
    proofs = np.array(weights + [0] * len(two), dtype=np.uint8)
    # Twice, for what the first time leaves behind must not matter.
    for _ in range(2):
        count = bridger.common(stems, proofs, 0, len(one), 0, len(one), 0, len(two), late, on, out, 0)
    return [(i, j) for i, j in out[:count].tolist()]


def obvious(one: list[int], two: list[int], weights: list[int], *, late: bool) -> Pairs:
    """Fill the whole table, from the ends, and walk through it."""
    one, two = one[: bridger.WINDOW], two[: bridger.WINDOW]
    table = [[0] * (len(two) + 1) for _ in range(len(one) + 1)]
    for i in reversed(range(len(one))):
        for j in reversed(range(len(two))):
            table[i][j] = max(table[i + 1][j], table[i][j + 1])
            if one[i] == two[j]:
                table[i][j] = max(table[i][j], table[i + 1][j + 1] + 1 + 2 * weights[i])
    found, i, j = [], 0, 0
    while i < len(one) and j < len(two):
        beside = max(table[i + 1][j], table[i][j + 1])
        if one[i] == two[j] and (table[i][j] > beside or not late):
            found.append((i, j))
            i, j = i + 1, j + 1
        elif table[i + 1][j] >= table[i][j + 1]:
            i += 1
        else:
            j += 1
    return found


@st.composite
def stretches(draw: st.DrawFn) -> tuple[list[int], list[int], list[int]]:
    """Draw words of few and of many kinds, some on the same shelf, and what each word of the first side proves."""
    kinds = draw(st.integers(1, 40))
    word = st.integers(0, kinds).map(lambda number: number // 2 + (number % 2) * EVERY)
    one = draw(st.lists(word, min_size=1, max_size=60))
    two = draw(st.lists(word, min_size=1, max_size=60))
    return one, two, draw(st.lists(st.integers(0, 4), min_size=len(one), max_size=len(one)))


@settings(deadline=None)  # the first call compiles
@given(stretches(), st.booleans())
def test_the_small_table_tells_the_same_words_as_the_whole_one(
    case: tuple[list[int], list[int], list[int]], late: bool
):
    assert bridged(*case, late=late) == obvious(*case, late=late)


@pytest.mark.parametrize("late", [False, True])
@pytest.mark.parametrize("kinds", [1, 2, 30, 300])
def test_long_stretches_are_bridged_within_their_window(kinds: int, late: bool):
    rng = np.random.default_rng(kinds)
    one, two = rng.integers(0, kinds, 2 * bridger.WINDOW).tolist(), rng.integers(0, kinds, bridger.WINDOW + 1).tolist()
    weights = rng.integers(0, 5, len(one)).tolist()
    found = bridged(one, two, weights, late=late)
    assert found == obvious(one, two, weights, late=late)
    assert max(max(pair) for pair in found) < bridger.WINDOW


def test_of_equal_ways_the_earliest_or_the_latest_words_are_taken():
    assert bridged([1, 1], [1], [1, 1], late=False) == [(0, 0)]
    assert bridged([1, 1], [1], [1, 1], late=True) == [(1, 0)]


def test_the_weightier_words_correspond():
    assert bridged([1, 2], [2, 1], [1, 4], late=False) == [(1, 0)]
    assert bridged([1, 2], [2, 1], [4, 1], late=False) == [(0, 1)]


def test_words_on_one_shelf_are_not_the_same_word():
    assert bridged([1, 1 + EVERY], [1 + EVERY, 1], [1, 1], late=False) == [(1, 0)]
    assert bridged([1], [1 + EVERY], [1], late=False) == []


@settings(deadline=None)
@given(st.lists(st.integers(0, 9), min_size=1, max_size=9))
def test_no_longer_part_of_the_seeds_rises(rights: list[int]):
    seeds = np.array([(left, left + 4, right, right + 4) for left, right in enumerate(rights)], dtype=np.int64)
    rows = np.arange(len(rights), dtype=np.int64)
    chain = bridger.rising(seeds, rows, np.empty((5, len(rights)), dtype=np.int64)).tolist()
    assert all(one < two and rights[one] < rights[two] for one, two in pairwise(chain))
    longer = combinations(rights, len(chain) + 1)
    assert not any(all(one < two for one, two in pairwise(part)) for part in longer)
