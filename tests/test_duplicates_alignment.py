from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from rseaudit.duplicates.alignment import Run, Side, align


def side(words: str, **weights: int) -> Side:
    forms = words.split()
    return Side([hash_of(form) for form in forms], [weights.get(form, 3) for form in forms], forms)


def numbered(tokens: list[int]) -> Side:
    return Side(tokens, [2] * len(tokens), [str(token) for token in tokens])


def hash_of(form: str) -> int:
    return int.from_bytes(form.encode(), "big")


def test_equal_words_around_a_seed_become_one_passage():
    (run,) = align(side("x y a b c d e z"), side("a b c d e w"), [[(3, 5, 1, 3)]], least=1)
    assert (run.left_start, run.left_end, run.right_start, run.right_end, run.matched) == (2, 7, 0, 5, 5)
    assert run.similarity == 1.0


def test_a_changed_word_stays_inside_the_passage_and_lowers_similarity():
    (run,) = align(side("a b c d e f"), side("a b X d e f"), [[(3, 5, 3, 5)]], least=1)
    assert (run.left_start, run.left_end, run.matched) == (0, 6, 5)
    assert run.similarity == 10 / 12


def test_a_long_stretch_of_other_words_separates_two_passages():
    left = side("a b c d e f g h i j k l m n o p q r s t u v")
    right = side("a b c d e 1 2 3 4 5 6 7 8 9 10 11 12 r s t u v")
    runs = align(left, right, [[(0, 4, 0, 4), (17, 21, 17, 21)]], least=6)
    assert [(run.left_start, run.left_end) for run in runs] == [(0, 5), (17, 22)]


def test_words_of_no_weight_neither_open_nor_close_a_passage():
    text = "s s a b c d s s"
    (run,) = align(side(text, s=0), side(text, s=0), [[(2, 6, 2, 6)]], least=1)
    assert (run.left_start, run.left_end) == (2, 6)


def test_sentences_in_another_order_are_passages_of_their_own():
    one, two = "a b c d e f g h", "k l m n o p q r"
    runs = align(side(f"{one} {two}"), side(f"{two} {one}"), [[(0, 4, 8, 12)], [(8, 12, 0, 4)]], least=6)
    assert [(r.left_start, r.left_end, r.right_start, r.right_end) for r in runs] == [(0, 8, 8, 16), (8, 16, 0, 8)]


def test_what_one_passage_took_no_other_takes_again():
    runs = align(side("a b c d e f"), side("a b c d e f x x a b c d e f"), [[(0, 4, 0, 4)], [(0, 4, 8, 12)]], least=1)
    assert [(r.right_start, r.right_end) for r in runs] == [(0, 6)]


def test_a_passage_below_the_least_score_is_left_out():
    assert align(side("a b c"), side("a b c"), [[(0, 2, 0, 2)]], least=10) == ()


def test_a_misspelt_word_corresponds_but_is_not_equal():
    left, right = side("avant le batiment garonne reste ouvert"), side("avant le batimant garonne reste ouvert")
    (run,) = align(left, right, [[(3, 6, 3, 6)]], least=1)
    assert (run.left_start, run.matched, run.equal) == (0, 6, 5)
    assert run.similarity == 10 / 12


def test_another_word_or_number_is_no_slip():
    left, right = side("a b parking c d e 2024 f g"), side("a b marche c d e 2025 f g")
    (run,) = align(left, right, [[(0, 2, 0, 2), (3, 6, 3, 6), (7, 9, 7, 9)]], least=1)
    assert (run.left_end, run.matched) == (9, 7)


words = st.lists(st.integers(0, 6), min_size=1, max_size=40)


@given(words, words, st.data())
def test_passages_never_overlap_and_begin_and_end_with_equal_words(one: list[int], two: list[int], data: st.DataObject):
    spots = [
        (i, i + 1, j, j + 1)
        for i, j in data.draw(
            st.lists(st.tuples(st.integers(0, len(one) - 1), st.integers(0, len(two) - 1)), min_size=1, max_size=8)
        )
    ]
    runs = align(numbered(one), numbered(two), [spots], least=2)
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
