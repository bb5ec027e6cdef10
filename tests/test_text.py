"""Normalisation has a way back to every character; words and sentences stand where they say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rseaudit.text import clean, fold, normalise, sentences, words

FRENCH = st.text(
    alphabet=st.sampled_from("aeéèàçœÉ'’«» -–.,!?\n\u00a0\u202f&;#38lt0123456789\u0301\u00adﬁ…😀٣")
    | st.characters(codec="utf-8"),
    max_size=200,
)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("L’ÉTÉ à l'Œuvre", "l'ete a l'oeuvre"),
        ("« Oui\u202f! »", '" oui ! "'),
        ("AT&amp;T &lt;b&gt; &#233;t&eacute;", "at&t <b> ete"),
        ("e\u0301cole co\u00adopération ﬁn", "ecole cooperation fin"),
        ("2–3 % — ½", "2-3 % - 1⁄2"),
        ("&inconnu; & seul", "&inconnu; & seul"),
    ],
)
def test_platforms_rewrite_characters_and_comparison_does_not_mind(text: str, wanted: str) -> None:
    assert normalise(text).text == wanted


@given(FRENCH)
def test_every_normalised_character_leads_back_into_the_original(text: str) -> None:
    found = normalise(text)
    offsets = list(found.offsets)
    assert len(offsets) == len(found.text) + 1
    assert offsets == sorted(offsets)
    assert offsets[-1] == len(text)
    assert not found.text or offsets[-2] < len(text)


@given(FRENCH | st.text(max_size=12))
def test_folding_gives_the_text_of_normalising(text: str) -> None:
    assert fold(text) == normalise(text).text


@given(FRENCH)
def test_a_word_is_what_its_own_piece_of_the_original_normalises_to(text: str) -> None:
    found = words(text)
    position = 0
    for form, start, end in zip(found.forms, found.starts, found.ends, strict=True):
        assert position <= start < end <= len(text)
        assert form in normalise(text[start:end]).text
        position = start


@given(FRENCH)
def test_normalising_twice_changes_nothing_but_what_reads_as_an_entity(text: str) -> None:
    once = normalise(text).text
    if "&" not in once:
        assert normalise(once).text == once


def test_elisions_and_hyphens_separate_words() -> None:
    found = words("L’intranet, c'est là-bas : rendez-vous le 3/10/2026.")
    assert found.forms == ("l", "intranet", "c", "est", "la", "bas", "rendez", "vous", "le", "3", "10", "2026")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Bonjour M. Dupont. Ça va ?", ["Bonjour M. Dupont.", "Ça va ?"]),
        ("Voir p. 12, art. 3 et n° 4. Fin.", ["Voir p. 12, art. 3 et n° 4.", "Fin."]),
        ("Coût : 3.5 M€ ! Vraiment ?", ["Coût : 3.5 M€ !", "Vraiment ?"]),
        ("Il a dit : « Oui. » Elle aussi.", ["Il a dit : « Oui. »", "Elle aussi."]),
        ("A. B. Martin arrive... et repart.", ["A. B. Martin arrive... et repart."]),
        ("Titre\n\nUn paragraphe", ["Titre", "Un paragraphe"]),
        ("Vis, clous, etc. Le reste suit.", ["Vis, clous, etc.", "Le reste suit."]),
        ("Voir www.exemple.fr pour plus. Merci", ["Voir www.exemple.fr pour plus.", "Merci"]),
        ("", []),
        (" \n ", []),
    ],
)
def test_sentences_of_everyday_french(text: str, wanted: list[str]) -> None:
    assert [sentence.text for sentence in sentences(text)] == wanted


@given(FRENCH)
def test_a_sentence_stands_where_it_says_and_none_is_lost(text: str) -> None:
    found = sentences(text)
    for sentence in found:
        assert text[sentence.start : sentence.end] == sentence.text
        assert sentence.text == sentence.text.strip()
    assert "".join("".join(s.text.split()) for s in found) == "".join(text.split())


def test_nul_and_lone_surrogates_become_the_replacement_character() -> None:
    assert clean("a\0b\ud800c") == "a\ufffdb\ufffdc"
    assert clean("déjà") == "déjà"
