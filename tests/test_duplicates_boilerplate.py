from __future__ import annotations

import pytest

from rseaudit.duplicates import boilerplate, index, stock
from rseaudit.duplicates.boilerplate import Common, Limits
from rseaudit.duplicates.collection import texts_of
from rseaudit.duplicates.library import Library
from rseaudit.model import Document, Source
from rseaudit.text import words

SOURCES = {"rse": Source(name="rse", role="audited")}
LEGAL = "Document interne au groupe Aubrac, toute diffusion est soumise à autorisation écrite de la communication."


def common(
    texts: list[str], *, least: int = 5, share: float = 0.02, excluded: tuple[str, ...] = ()
) -> tuple[list[str], Common]:
    documents = [Document(source="rse", id=f"{number:03}", text=text) for number, text in enumerate(texts)]
    distinct = texts_of(documents, SOURCES)
    pieces = [tuple(piece.split()) for piece in excluded]
    declared = boilerplate.declared_in(distinct, Library(documents), pieces)
    return texts, boilerplate.find(distinct, index.of_runs(distinct.cut), Limits(least, share), declared)


def pieces(texts: list[str], found: Common, number: int = 0) -> list[str]:
    forms = words(texts[number]).forms
    return [" ".join(forms[piece.start : piece.end]) for piece in found.pieces(number)]


def varied(number: int) -> str:
    return " ".join(f"sujet{number}x{place}" for place in range(30))


def test_a_sentence_that_ends_five_contents_is_common_text():
    texts, found = common([f"{varied(n)}\n{LEGAL}" for n in range(5)])
    assert pieces(texts, found) == [" ".join(words(texts[0]).forms[30:])]
    assert found.words(0).tolist() == [False] * 30 + [True] * 15


def test_a_sentence_in_four_contents_is_not():
    texts, found = common([f"{varied(n)}\n{LEGAL}" for n in range(4)])
    assert pieces(texts, found) == []


def test_the_limit_grows_with_the_source():
    _, found = common([f"{varied(n)}\n{LEGAL}" if n < 6 else varied(n) for n in range(400)])
    assert not len(found.spans[0])


def test_a_content_pasted_many_times_is_no_common_text_even_when_edited():
    content = " ".join(f"mot{place}" for place in range(80)).split()
    texts = [" ".join("change" if place % 20 == n else word for place, word in enumerate(content)) for n in range(10)]
    assert not len(common(texts)[1].spans[0])


def test_short_headings_that_fill_a_line_are_common_text():
    texts, found = common([f"Décisions\n{varied(n)}\nSuites\n{varied(n + 50)}" for n in range(5)])
    assert pieces(texts, found) == ["decisions", "suites"]


def test_a_turn_of_phrase_proves_nothing_but_belongs_to_its_author():
    _, found = common([f"{varied(n)} il est important de noter que {varied(n + 50)}" for n in range(5)])
    assert found.repeated[:66].sum() == 6
    assert not found.words(0).any()


def test_a_declared_text_is_common_wherever_it_stands():
    texts, found = common(
        ["Un mot. Ne pas imprimer ce message. Ne pas imprimer ce message. Fin."],
        excluded=("ne pas imprimer ce message",),
    )
    assert pieces(texts, found) == ["ne pas imprimer ce message ne pas imprimer ce message"]


@pytest.mark.parametrize(
    ("text", "flagged"),
    [
        ("bonjour a toutes et a tous le parking ferme", 6),
        ("le parking ferme demain", 0),
        ("merci de votre comprehension", 4),
        ("je reste bien entendu a votre entiere disposition", 8),
        ("desabonjour a tous", 0),
        ("veuillez agreer madame monsieur l expression de mes salutations distinguees", 9),
        ("", 0),
    ],
)
def test_stock_phrases_are_flagged_word_by_word(text: str, flagged: int):
    assert stock.flags(tuple(text.split())).sum() == flagged
