from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rseaudit.duplicates.quotation import quotations


def quoted(text: str) -> list[str]:
    return [text[span.start : span.end] for span in quotations(text)]


@pytest.mark.parametrize(
    "quotation",
    [
        "« Les badges changent. »",
        "«\u00a0Les badges changent.\u00a0»",
        "“Badges change.”",
        "„Die Ausweise ändern sich.“",
        '"Les badges changent."',
        "<<Les badges changent.>>",
        "<< Les badges changent. >>",
        "‹ Les badges changent. ›",
        "‘We don’t change badges.’",
        "'We don't change badges.'",
    ],
)
def test_marks_of_several_languages_are_quotations(quotation: str):
    assert quoted(f"Il est écrit : {quotation} Et voilà.") == [quotation]


def test_marks_opened_anew_at_each_paragraph_are_one_quotation():
    text = "Il écrit :\n\n« Un.\n\n« Deux.\n\n« Trois. »\n\nJe réponds."
    assert quoted(text) == ["« Un.\n\n« Deux.\n\n« Trois. »"]


def test_two_quotations_stay_two():
    assert quoted("« Un. » Je réponds. « Deux. »") == ["« Un. »", "« Deux. »"]


@pytest.mark.parametrize(
    "text",
    [
        "L'un dit qu'il part. L'autre, aujourd'hui, n'y croit pas.",
        "rock 'n' roll jusqu'à l'aube",
        "a << 2 et b >> 3",
        "« jamais fermé",
        '12" et 15" de large',
    ],
)
def test_apostrophes_and_stray_signs_are_none(text: str):
    assert [q for q in quoted(text) if len(q.split()) > 5] == []


def test_lines_with_an_angle_are_a_quotation():
    assert quoted("Je lis :\n> un\n> deux\nNon.") == ["> un\n> deux\n"]


@given(st.text(alphabet="«»“”„‘’'\"<>‹› \nab.", max_size=80))
def test_spans_stand_within_the_text(text: str):
    assert all(0 <= span.start < span.end <= len(text) for span in quotations(text))
