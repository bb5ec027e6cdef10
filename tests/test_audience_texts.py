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
from rseaudit.audience.language import codes, foreign_paragraphs, identify, is_foreign, wholly_foreign
from rseaudit.audience.minutes import is_minutes
from rseaudit.audience.prose import is_prose, outside
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
        ("GMAO : le logiciel où l’on note les interventions.", []),
        ("**GMAO** : l’outil de l’atelier, sur tablette.", []),
        ("GMAO : lancement de la campagne.", ["GMAO"]),
        ("La GMAO, notre outil de suivi, répond.", []),
        ("La GMAO, la GED et les autres outils.", ["GMAO", "GED"]),
        ("GMAO désigne l’outil de l’atelier.", []),
        ("Les établissements publics à caractère scientifique, culturel et professionnel (EPSCP).", []),
        ("Un chèque à l’ordre du TRESOR PUBLIC, code NNN.", []),
        ("export EDITOR=nano; echo $EDITOR /tmp/LOG", []),
        ("ibus V:161 I:204 1637 KDE plugin XYZ widgets 972 Wayland GTK module engine 40 KVM", []),
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
        ("Écrivez-moi, je réponds dans la journée.", True, False, True),
        ("Je vous propose un geste simple.", True, False, True),
        ("Une photo suffit, envoie-la à Maud.", True, False, True),
        ("Si tu commences, prends des chaussettes épaisses.", False, False, True),
        ("Tu viens ? Apporte ta carte.", False, False, True),
        ("Les souhaits sont à saisir dans l’outil.", False, False, True),
        ("Le vendeur vérifie la référence.", False, False, True),
        ("Le vendeur a vérifié la référence.", False, False, False),
        ("Chaque comptoir envoie dix références.", False, False, True),
        ("Les notes sont à renvoyer au service du personnel.", True, False, True),
        ("Vous veillerez à la propreté du local.", False, False, True),
        ("Vous recevrez une carte au printemps.", False, True, False),
        ("Elle en convient avec son responsable.", True, False, False),
        ("Le service est resté ouvert, à votre disposition.", False, False, False),
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


def test_a_link_that_writes_or_calls_is_a_contact() -> None:
    body = "<p>La <a href='mailto:atelier@example.com'>cabine</a> est claire.</p>"
    document = Document(source="rse", id="1", text="La cabine est claire.", body=body, format="html")
    assert has_contact(Reading(document))
    assert not has_contact(read("La cabine est claire."))


def test_a_sentence_that_calls_somebody_by_name_does_not_address_the_readers() -> None:
    text = "Ne t’excuse pas, Sami. Merci Léa, tu as été parfaite. Tu peux venir à Metz."
    assert pieces(text, address(read(text)).tu) == ["Tu"]


@pytest.mark.parametrize(
    ("title", "text", "expected"),
    [
        ("Compte rendu de la réunion de site, 12 mars", "Le portail est réglé.", True),
        ("Réunion du 12 mars : compte rendu", "Le portail est réglé.", True),
        ("PV du CSE", "Le portail est réglé.", True),
        ("", "Relevé de décisions\n\nLe portail est réglé.", True),
        ("Point de mardi", "Présents : M. K., Y. L.\nDécisions\nLe portail est réglé.", True),
        ("Compte rendu d’intervention : comment le remplir", "Notez la cause.", False),
        ("Un bon compte rendu", "Il répond à trois questions.", False),
        ("CV et lettres", "Ordre du jour : rien.", False),
    ],
)
def test_minutes_are_known_by_title_first_line_or_parts(title: str, text: str, expected: bool) -> None:
    assert is_minutes(Document(source="rse", id="1", title=title, text=text)) is expected


@pytest.mark.parametrize(
    ("text", "prose"),
    [
        ("Le casque protège la tête et les gants protègent les mains, sur le quai et dans l’atelier.", True),
        ("Pqts |Installer/enlever g| |Mettre à jour u| |Oublier f|", False),
        ("ibus V:161 I:204 1637 engine ibus mozc V:2 I:3 935 Japonais module plugin widgets", False),
        ("$ cat baz.md5", False),
        ("Titre court", True),
    ],
)
def test_prose_is_told_from_tables_menus_and_commands(text: str, prose: bool) -> None:
    assert is_prose(text) is prose


def test_words_are_counted_at_a_stretch_outside_quotations_and_code() -> None:
    text = "Il le dit ainsi : « Un deux trois quatre cinq six sept huit. » Voir /etc/apt/apt.conf ; puis fermez."
    assert read(text).stretches == (4, 2)


def test_what_stands_outside_is_kept_in_order() -> None:
    places = [Span(0, 2), Span(3, 5), Span(6, 8), Span(9, 12)]
    assert outside(places, [Span(10, 11), Span(4, 7)]) == (Span(0, 2),)
    assert outside(places, [Span(2, 3), Span(8, 9)]) == tuple(places)


def test_table_rows_paths_and_foreign_paragraphs_are_not_measured() -> None:
    text = f"{EASY}\nmagicrescue utilitaire récupération recherche\n{SAME['en']}"
    foreign = [p.span for p in foreign_paragraphs(read(text), ["fr"])]
    assert measure(read(text), foreign=foreign) == measure(read(EASY))
    assert measure(read("Le casque /etc/apt/apt.conf protège la tête.")) == measure(read("Le casque protège la tête."))


def test_short_sentences_are_never_called_hard() -> None:
    assert not is_harder_than(Readability(words=300, sentences=30, syllables=900), "facile")
    assert is_harder_than(Readability(words=300, sentences=20, syllables=900), "facile")


def test_a_text_with_a_part_in_the_right_language_is_not_wholly_foreign() -> None:
    both = f"{SAME['fr']}\n\n{SAME['en']}\n\n{SAME['en']}"
    assert wholly_foreign(read(both), ["fr"]) is None
    assert wholly_foreign(read(f"{SAME['en']}\n\n{SAME['en']}"), ["fr"]) == "en"


def test_the_rules_load_no_language_model() -> None:
    heavy = "('py3langid', 'simplemma', 'numpy', 'bs4')"
    code = f"import sys, rseaudit.audit.job; sys.exit(any(name in sys.modules for name in {heavy}))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
