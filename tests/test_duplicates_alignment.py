from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from rseaudit.duplicates import aligner
from rseaudit.duplicates.alignment import Run
from rseaudit.duplicates.cutting import hashed

Spot = tuple[int, int, int, int]
WEIGHT = 3


def align(
    left: str, right: str, chains: Sequence[Sequence[Spot]], *, least: int, idle: str = "", weight: int = WEIGHT
) -> tuple[Run, ...]:
    """Align two texts of words parted by spaces; each word weighs the same, those of ``idle`` nothing."""
    forms = [left.split(), right.split()]
    cut = hashed(forms)
    flat = [*forms[0], *forms[1]]
    weights = np.array([0 if form in idle.split() else weight for form in flat], dtype=np.uint8)
    words = (cut.keys, cut.stems, cut.letters, cut.lengths, weights)
    seeds = np.array([spot for chain in chains for spot in chain], dtype=np.int64).reshape(-1, 4)
    ends = np.cumsum([0, *(len(chain) for chain in chains)])
    ranges = np.column_stack((ends[:-1], ends[1:], np.full(len(chains), 1_000)))
    table = np.empty((aligner.WINDOW + 1, aligner.WINDOW + 1), dtype=np.int64)
    out = np.empty((100, aligner.COLUMNS), dtype=np.int64)
    sizes = (len(forms[0]), len(forms[1]))
    count = aligner.align(words, 0, sizes[0], sizes, seeds, ranges, least, table, out)
    return tuple(sorted(Run(*row) for row in out[:count].tolist()))


def numbered(tokens: list[int]) -> str:
    return " ".join(f"n{token}" for token in tokens)


def test_equal_words_around_a_seed_become_one_passage():
    (run,) = align("x y a b c d e z", "a b c d e w", [[(3, 5, 1, 3)]], least=1)
    assert (run.left_start, run.left_end, run.right_start, run.right_end, run.matched) == (2, 7, 0, 5, 5)
    assert run.similarity == 1.0


def test_a_changed_word_stays_inside_the_passage_and_lowers_similarity():
    (run,) = align("a b c d e f", "a b X d e f", [[(3, 5, 3, 5)]], least=1)
    assert (run.left_start, run.left_end, run.matched) == (0, 6, 5)
    assert run.similarity == 10 / 12


def test_a_long_stretch_of_other_words_separates_two_passages():
    left = "a b c d e f g h i j k l m n o p q r s t u v"
    right = "a b c d e 1 2 3 4 5 6 7 8 9 10 11 12 r s t u v"
    runs = align(left, right, [[(0, 4, 0, 4), (17, 21, 17, 21)]], least=6)
    assert [(run.left_start, run.left_end) for run in runs] == [(0, 5), (17, 22)]


def test_words_of_no_weight_neither_open_nor_close_a_passage():
    text = "s s a b c d s s"
    (run,) = align(text, text, [[(2, 6, 2, 6)]], least=1, idle="s")
    assert (run.left_start, run.left_end) == (2, 6)


def test_sentences_in_another_order_are_passages_of_their_own():
    one, two = "a b c d e f g h", "k l m n o p q r"
    runs = align(f"{one} {two}", f"{two} {one}", [[(0, 4, 8, 12)], [(8, 12, 0, 4)]], least=6)
    assert [(r.left_start, r.left_end, r.right_start, r.right_end) for r in runs] == [(0, 8, 8, 16), (8, 16, 0, 8)]


def test_what_one_passage_took_no_other_takes_again():
    runs = align("a b c d e f", "a b c d e f x x a b c d e f", [[(0, 4, 0, 4)], [(0, 4, 8, 12)]], least=1)
    assert [(r.right_start, r.right_end) for r in runs] == [(0, 6)]


def test_a_passage_below_the_least_score_is_left_out():
    assert align("a b c", "a b c", [[(0, 2, 0, 2)]], least=10) == ()


def test_a_misspelt_word_corresponds_but_is_not_equal():
    left, right = "avant le batiment garonne reste ouvert", "avant le batimant garonne reste ouvert"
    (run,) = align(left, right, [[(3, 6, 3, 6)]], least=1)
    assert (run.left_start, run.matched, run.equal) == (0, 6, 5)
    assert run.similarity == 10 / 12


def test_another_word_or_number_is_no_slip():
    left, right = "a b parking c d e 2024 f g", "a b marche c d e 2025 f g"
    (run,) = align(left, right, [[(0, 2, 0, 2), (3, 6, 3, 6), (7, 9, 7, 9)]], least=1)
    assert (run.left_end, run.matched) == (9, 7)


words = st.lists(st.integers(0, 6), min_size=1, max_size=40)


@settings(deadline=None)  # the first call compiles
@given(words, words, st.data())
def test_passages_never_overlap_and_begin_and_end_with_equal_words(one: list[int], two: list[int], data: st.DataObject):
    spots = [
        (i, i + 1, j, j + 1)
        for i, j in data.draw(
            st.lists(st.tuples(st.integers(0, len(one) - 1), st.integers(0, len(two) - 1)), min_size=1, max_size=8)
        )
    ]
    spots = sorted(spots, key=lambda spot: (spot[0], -spot[2]))
    runs = align(numbered(one), numbered(two), [spots], least=2, weight=2)
    for run in runs:
        assert one[run.left_start] == two[run.right_start]
        assert one[run.left_end - 1] == two[run.right_end - 1]
        assert 0 < run.matched <= min(run.left_end - run.left_start, run.right_end - run.right_start)
    for before, after in pairwise(runs):
        assert before.left_end <= after.left_start
    by_right = sorted(run.turned() for run in runs)
    for before, after in pairwise(by_right):
        assert before.left_end <= after.left_start


def test_a_run_turned_twice_is_itself():
    run = Run(1, 4, 6, 9, 3, 2, 7)
    assert run.turned().turned() == run
