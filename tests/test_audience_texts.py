"""Language, readability, acronyms, address, expectations: one text in, places out."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rseaudit.audience.acronyms import unknown_acronyms
from rseaudit.audience.address import address
from rseaudit.audience.expectations import has_action, has_contact, has_date
from rseaudit.audience.language import codes, foreign_paragraphs, identify, is_foreign
from rseaudit.audience.readability import FLOORS, Readability, is_harder_than, measure, noise, syllables
from rseaudit.audience.reading import Reading, longest, reading_seconds
from rseaudit.model import Document, Span

EASY = "Le casque protège la tête. Portez-le dans l’atelier. "
SAME = {
    "fr": "Merci de fermer les fenêtres de la salle quand vous partez le soir, car la pluie abîme le sol et le mur.",
    "en": "Please close the windows of the room when you leave in the evening, because the rain damages the floor.",
    "de": "Bitte schließen Sie die Fenster des Raumes, wenn Sie am Abend gehen, denn der Regen beschädigt den Boden.",
    "es": "Por favor, cierren las ventanas de la sala cuando se vayan por la noche, porque la lluvia daña el suelo.",
    "it": "Per favore chiudete le finestre della sala quando andate via la sera, perché la pioggia rovina il muro.",
}


def read(text: str) -> Reading:
    return Reading(Document(source="rse", id="1", text=text))


def pieces(text: str, spans: tuple[Span, ...]) -> list[str]:
    return [text[span.start : span.end] for span in spans]


@pytest.mark.parametrize("language", SAME)
def test_each_of_the_five_languages_is_told_apart(language: str) -> None:
    spoken = identify(SAME[language], ["fr"])
    assert spoken is not None
    assert spoken.language == language
    assert is_foreign(SAME[language], ["fr"]) == (None if language == "fr" else language)
    assert is_foreign(SAME[language], ["fr", language]) is None


@pytest.mark.parametrize(
    "text",
    [
        "Bonjour à tous",
        "Le workshop design thinking du team building réunit le product owner, le scrum master et le lead developer.",
        "SELECT name FROM users WHERE id = 3 ORDER BY name; git commit -m fix && git push origin main now quickly",
        "https://intranet.example.com/path/to/the/page and https://example.org/foo/bar/index.html or the other one",
        "Martin Dupont, Fatima Benali, Karl Schmidt, Elena Rossi, Jean Martin, Paul Verne, Luc Besson, Ann Smith",
    ],
)
def test_short_texts_borrowed_words_code_addresses_and_names_are_no_foreign_language(text: str) -> None:
    assert is_foreign(text, ["fr"]) is None


def test_only_the_paragraph_in_another_language_is_found() -> None:
    text = f"{SAME['fr']}\n\n{SAME['de']}\nOk.\n> {SAME['en']}"
    [paragraph] = foreign_paragraphs(read(text), ["fr"])
    assert (paragraph.language, text[paragraph.span.start : paragraph.span.end]) == ("de", SAME["de"])


def test_language_tags_are_cut_to_their_code_and_an_unknown_one_leaves_all_unjudged() -> None:
    assert codes(["fr-FR", "FR", "en_GB", ""]) == ("fr", "en")
    assert identify(SAME["en"], ["xx"]) is None


@pytest.mark.parametrize(
    ("word", "count"),
    [
        *[("que", 1), ("quatre", 1), ("oui", 1), ("pays", 1), ("l’intranet", 3), ("qu’il", 1), ("peut-être", 2)],
        *[("année", 2), ("créer", 2), ("théorie", 3), ("réunion", 3), ("ordinateur", 4), ("unique", 2), ("maïs", 2)],
        *[("entreprises", 3), ("vie", 1), ("le", 1), ("RH", 1)],
    ],
)
def test_syllables_are_counted_as_they_are_spoken(word: str, count: int) -> None:
    assert syllables(word) == count


def test_the_score_is_that_of_kandel_and_moles() -> None:
    assert Readability(words=100, sentences=5, syllables=150).score == pytest.approx(207 - 1.015 * 20 - 73.6 * 1.5)


def test_nothing_is_said_of_a_short_text_or_within_the_noise() -> None:
    hard = Readability(words=99, sentences=3, syllables=260)
    assert not is_harder_than(hard, "facile")
    level = FLOORS["courant"]
    near = Readability(words=150, sentences=10, syllables=round(150 * (207 - 15.225 - (level - 5)) / 73.6))
    assert level - noise(150) < near.score < level
    assert not is_harder_than(near, "courant")
    assert is_harder_than(near, "facile")
    assert not is_harder_than(near, "expert")


@given(st.integers(1, 5000), st.integers(1, 5000))
def test_noise_never_grows_with_length(one: int, other: int) -> None:
    assert noise(min(one, other)) >= noise(max(one, other))


def test_headings_and_numbers_are_not_measured() -> None:
    measured = measure(read("TITRE\n\n" + EASY + "Appelez le 4242 ou le 4343 vite.\nMenu"))
    assert measured is not None
    assert (measured.sentences, measured.words) == (3, 5 + 3 + 5)
    assert measure(read("Titre")) is None


def test_reading_time_is_rounded_up() -> None:
    assert [reading_seconds(words, 220) for words in (0, 1, 220, 221)] == [0, 1, 60, 61]


def test_the_longest_sentences_come_in_text_order() -> None:
    reading = read("Un deux trois quatre. Un deux. Un deux trois quatre cinq. Un deux trois.")
    found = longest(reading.sentences, reading.sentence_words, over=2, most=2)
    assert [sentence.text for sentence in found] == ["Un deux trois quatre.", "Un deux trois quatre cinq."]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Déclarez la panne dans la GMAO. La GMAO répond.", ["GMAO"]),
        ("Les RPS et le CODIR ; la GED.", ["RPS", "CODIR", "GED"]),
        ("La GMAO (gestion de maintenance assistée par ordinateur) répond.", []),
        ("La GMAO répond. C’est notre gestion de la maintenance assistée par ordinateur.", []),
        ("PPSPS : plan particulier de sécurité et de protection de la santé.", []),
        ("Portez vos EPI et gardez le PDF.", []),
        ("ATTENTION AUX TRAVAUX", []),
        ("Ne JAMAIS ouvrir. C’est NON. Il faut TOUS venir.", []),
        ("Jean DUPONT et Mme ROY accueillent Marie LE GOFF.", []),
        ("Le bâtiment XIV et Louis XVI.", []),
        ("Voir https://example.com/ABC et RSE-AB.", []),
        ("« La GTA arrive », dit-elle.", []),
    ],
)
def test_acronyms_are_flagged_once_unless_known_explained_or_no_acronym(text: str, expected: list[str]) -> None:
    assert pieces(text, unknown_acronyms(read(text), ["EPI"])) == expected


def test_the_reader_is_addressed_outside_quotations_only() -> None:
    text = "Venez avec votre badge. « Tu peux entrer », dit Paul. Peux-tu venir chez nous ? Assez de riz."
    found = address(read(text))
    assert pieces(text, found.vous) == ["Venez", "votre"]
    assert pieces(text, found.tu) == ["tu"]


@pytest.mark.parametrize(
    ("text", "contact", "day", "action"),
    [
        ("Le sol est clair et la lumière douce.", False, False, False),
        ("Écrivez à nadia@example.com avant mardi.", True, True, True),
        ("Appel au 01 02 03 04 05.", True, False, False),
        ("La visite est prévue le 15/03.", False, True, False),
        ("Le casque doit rester attaché.", False, False, True),
        ("1. Fermer la vanne.", False, False, True),
        ("Pense à ton casque.", False, False, True),
    ],
)
def test_what_a_reader_needs_is_seen(text: str, contact: bool, day: bool, action: bool) -> None:
    reading = read(text)
    assert (has_contact(reading), has_date(reading), has_action(reading)) == (contact, day, action)


@given(st.text(max_size=200))
def test_places_always_lie_in_the_text(text: str) -> None:
    reading = read(text)
    found = address(reading)
    for span in (*reading.words, *reading.quotations, *reading.links, *found.vous, *found.tu):
        assert 0 <= span.start < span.end <= len(text)
    assert sum(paragraph.words for paragraph in reading.paragraphs) == len(reading.words)


def test_quotations_and_links_of_the_original_markup_are_known() -> None:
    body = "<p>Notre avis.</p><blockquote>Leur texte.</blockquote><p><a href='https://example.com'>Lire</a></p>"
    document = Document(source="rse", id="1", text="Notre avis.\n\nLeur texte.\n\nLire", body=body, format="html")
    reading = Reading(document)
    assert pieces(document.text, reading.quotations) == ["Leur texte."]
    assert pieces(document.text, reading.links) == ["Lire"]


def test_the_rules_load_no_language_model() -> None:
    heavy = "('py3langid', 'simplemma', 'numpy', 'bs4')"
    code = f"import sys, rseaudit.audit.job; sys.exit(any(name in sys.modules for name in {heavy}))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
