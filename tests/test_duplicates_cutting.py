from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rseaudit.duplicates.cutting import cut, forms, hashed
from rseaudit.text import clean, words

SIGNS = "aéE\u0301 \u00ad&;#x4\n\ufe0f\u20e3½²ﬁœßİ0'-_😀日"
text = st.text(st.one_of(st.characters(codec="utf-8"), st.sampled_from(SIGNS)), max_size=40).map(clean)


@settings(deadline=None)  # the first call compiles
@given(st.lists(text, min_size=1, max_size=4))
def test_words_and_places_are_those_of_the_plain_way(given_texts: list[str]):
    found = cut(given_texts)
    plain = [words(one) for one in given_texts]
    keys = hashed([one.forms for one in plain])
    assert found.bounds.tolist() == keys.bounds.tolist()
    assert found.keys.tolist() == keys.keys.tolist()
    assert found.weights.tolist() == keys.weights.tolist()
    assert found.starts.tolist() == [start for one in plain for start in one.starts]
    assert found.ends.tolist() == [end for one in plain for end in one.ends]


@settings(deadline=None)  # the first call compiles
@given(text)
def test_forms_are_those_of_the_plain_way(one: str):
    plain = words(one).forms
    assert forms(one, len(plain)) == plain


@settings(deadline=None)  # the first call compiles
@given(st.lists(text, min_size=1, max_size=3))
def test_a_text_is_cut_the_same_alone_and_among_others(given_texts: list[str]):
    together = cut(given_texts)
    for number, one in enumerate(given_texts):
        alone = cut([one])
        for name in ("keys", "stems", "letters", "lengths", "weights", "starts", "ends", "opens"):
            assert np.array_equal(getattr(alone, name), getattr(together, name)[together.of(number)])


@pytest.mark.parametrize(
    ("line", "opening"),
    [("un deux\ntrois", ["un", "trois"]), ("un\n\n\ndeux", ["un", "deux"]), ("&eacute;t&eacute;\nfin", ["ete", "fin"])],
)
def test_the_first_word_of_a_line_is_known(line: str, opening: list[str]):
    found = cut([line])
    assert [form for form, opens in zip(words(line).forms, found.opens.tolist(), strict=True) if opens] == opening


@pytest.mark.parametrize(
    ("form", "weight"), [("le", 1), ("l", 1), ("2026", 2), ("sel", 2), ("badge", 3), ("intranet", 4), ("été", 1)]
)
def test_long_words_prove_more_than_short_ones_and_empty_ones_nearly_nothing(form: str, weight: int):
    assert cut([form]).weights.tolist() == [weight]


def test_texts_without_a_word_have_none():
    assert cut([]).bounds.tolist() == [0]
    assert cut(["", "😀 — …", "\ufffd"]).bounds.tolist() == [0, 0, 0, 0]


def test_texts_of_a_collection_can_be_picked_in_any_order():
    found = cut(["un deux", "trois", "", "quatre cinq six"])
    assert found.picked([3, 2, 0]).keys.tolist() == cut(["quatre cinq six", "", "un deux"]).keys.tolist()
