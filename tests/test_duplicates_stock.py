from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rseaudit.duplicates import stock
from rseaudit.duplicates.cutting import hashed

TURNS = stock._PATTERNS
# Its own end is what nothing can be made from.
TIMES = next(turn for turn in TURNS if stock._DAY in turn)
WORDS = sorted({word for turn in TURNS for word in re.findall(r"[a-z0-9]+", turn)})


def hinted(forms: list[str]) -> bool:
    return len(stock.hints(hashed([forms]).keys)) > 0


@pytest.mark.parametrize("turn", [turn for turn in TURNS if turn != TIMES])
@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_no_phrase_is_without_a_hint(turn: str, data: st.DataObject):
    forms = data.draw(st.from_regex(re.compile(turn, re.ASCII), fullmatch=True)).split()
    assert hinted(["un", *forms, "un"])


@settings(deadline=None)
@given(st.lists(st.from_regex(f"(?:{stock._DAY}|{stock._HOUR})", fullmatch=True), min_size=3))
def test_opening_hours_are_never_without_a_hint(times: list[str]):
    forms = " et ".join(times).split()
    assert stock.flags(forms).any()
    assert hinted(forms)


@settings(max_examples=500, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=30))
def test_where_nothing_hints_at_a_phrase_there_is_none(forms: list[str]):
    assert hinted(forms) or not stock.flags(forms).any()


def test_common_words_hint_at_a_phrase_only_where_they_meet():
    assert not hinted("les informations de la direction pour tous ceux qui ont une question".split())
    assert hinted("pour plus d informations".split())


def test_hints_are_the_numbers_of_words():
    assert stock.hints(hashed([["bonjour", "x"], ["x", "salutations"]]).keys).tolist() == [0, 3]
    assert stock.hints(hashed([[]]).keys).tolist() == []
