from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from rseaudit.duplicates import candidates, index, shingles
from rseaudit.duplicates.lexicon import Lexicon

ALPHABET = [f"mot{number}" for number in range(12)]
texts = st.lists(st.lists(st.sampled_from(ALPHABET), max_size=25), min_size=1, max_size=6)


def built(forms: list[list[str]]) -> tuple[Lexicon, index.Index]:
    lexicon = Lexicon(forms)
    return lexicon, index.build([shingles.runs(ids, lexicon) for ids in lexicon.ids])


def chains(
    forms: list[list[str]], *, audited: list[bool], follow: bool = True, least: int = 3
) -> list[candidates.Chain]:
    _, runs = built(forms)
    keyring = candidates.Keyring(runs.restricted(np.ones(len(runs), dtype=np.bool_)), 3, follow)
    return candidates.find(
        [keyring],
        audited=np.array(audited),
        reference=~np.array(audited),
        places=np.arange(len(forms), dtype=np.int64),
        least=least,
        strong=12,
        weak=2,
    )


def test_keys_depend_on_the_words_alone():
    first, _ = built([["un", "deux", "trois", "quatre"]])
    second, _ = built([["quatre", "zero"], ["un", "deux", "trois", "quatre"]])
    assert shingles.runs(first.ids[0], first).keys.tolist() == shingles.runs(second.ids[1], second).keys.tolist()
    assert shingles.pairs(first.ids[0], first).keys.tolist() == shingles.pairs(second.ids[1], second).keys.tolist()


def test_pairs_survive_inflections_and_small_words():
    lexicon = Lexicon([["badges", "desactives", "vendredi"], ["badges", "sont", "desactivees", "le", "vendredis"]])
    one, two = (shingles.pairs(ids, lexicon) for ids in lexicon.ids)
    assert one.keys.tolist() == two.keys.tolist()
    assert two.starts.tolist() == [0, 2]
    assert two.ends.tolist() == [3, 5]


def test_a_text_shorter_than_a_run_has_no_key():
    lexicon = Lexicon([["un"], []])
    assert [len(shingles.runs(ids, lexicon)) + len(shingles.pairs(ids, lexicon)) for ids in lexicon.ids] == [0, 0]


@given(texts)
def test_the_index_counts_texts_like_the_obvious_way(forms: list[list[str]]):
    _, runs = built(forms)
    seen = [{tuple(words[place : place + 4]) for place in range(len(words) - 3)} for words in forms]
    expected = sorted(sum(key in keys for keys in seen) for key in set().union(*seen))
    assert sorted(runs.frequencies(range(len(forms))).tolist()) == expected


@given(texts)
def test_every_shared_run_of_four_words_between_two_texts_is_a_seed(forms: list[list[str]]):
    found = {(c.left, c.right) for c in chains(forms, audited=[True] * len(forms))}
    runs = [{tuple(words[place : place + 4]) for place in range(len(words) - 3)} for words in forms]
    expected = {(i, j) for j in range(len(forms)) for i in range(j) if runs[i] & runs[j]}
    assert found == expected


def test_references_are_not_compared_with_each_other():
    words = [ALPHABET, ALPHABET, ALPHABET]
    assert {(c.left, c.right) for c in chains(words, audited=[False, False, True])} == {(0, 2), (1, 2)}


def test_seeds_far_apart_make_two_chains():
    filler = [f"autre{number}" for number in range(60)]
    other = [f"encore{number}" for number in range(60)]
    found = chains([ALPHABET[:6] + filler + ALPHABET[6:], ALPHABET[:6] + other + ALPHABET[6:]], audited=[False, True])
    assert [(c.seeds[0][0], c.seeds[-1][1]) for c in found] == [(0, 6), (66, 72)]


def test_a_key_that_stands_everywhere_still_leads_to_its_first_holders():
    count = 300
    found = chains([ALPHABET] * count, audited=[False] * 10 + [True] * (count - 10))
    partners = {other: sorted({c.left for c in found if c.right == other}) for other in range(10, count)}
    assert all(partners[other][:4] == [0, 1, 2, 3] for other in partners)
    assert partners[count - 1] == [0, 1, 2, 3, 10, 11, 12, 13]


def test_a_weak_key_that_stands_everywhere_is_dropped():
    assert chains([ALPHABET] * 300, audited=[False] * 10 + [True] * 290, follow=False) == []


def test_a_text_that_repeats_itself_keeps_its_first_places():
    lexicon = Lexicon([["mot"] * 5_000])
    assert len(index.build([shingles.runs(lexicon.ids[0], lexicon)])) == index.MOST_REPEATS


def test_rare_words_weigh_more_than_common_and_empty_ones():
    forms = [["le", "parking", f"singulier{n}"] for n in range(2_000)]
    lexicon = Lexicon(forms)
    weights = dict(zip(lexicon.forms, lexicon.weights().tolist(), strict=True))
    assert weights["le"] == weights["parking"] == 1
    # Cut to six letters all the others are one stem.
    assert weights["singulier7"] == 1
    assert Lexicon([*forms, ["defibrillateur"]]).weights()[-1] == 5
