import pytest
from hypothesis import given
from hypothesis import strategies as st

from rseaudit.crawl import values


@pytest.mark.parametrize(
    ("label", "number"),
    [
        ("0", 0),
        ("1 234", 1234),
        ("1\u202f234\u202f567 vues", 1234567),
        ("1,2 k", 1200),
        ("1.2K views", 1200),
        ("3 M", 3_000_000),
        ("2,5 milliers", 2500),
        ("1.234", 1234),
        ("1,234", 1234),
        ("12 commentaires", 12),
        ("Vu 7 fois", 7),
        ("J'aime (3)", 3),
        ("Aucun commentaire", 0),
        ("No comments", 0),
        ("J'aime", None),
        ("", None),
        ("15/03/2026", None),
        ("3/5", None),
        ("50 %", None),
        ("1,5", None),
    ],
)
def test_a_count_is_its_number_and_unknown_without_one(label, number):
    assert values.count(label) == number


@given(st.integers(min_value=0, max_value=999_999_999))
def test_a_count_with_french_spaces_is_read_back(number):
    assert values.count(f"{number:,}".replace(",", "\u202f")) == number


@given(st.text())
def test_any_label_gives_a_count_or_unknown(label):
    number = values.count(label)

    assert number is None or number >= 0


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("Public", "public"),
        ("Groupe public", "public"),
        ("Tout le monde", "public"),
        ("Visible par tous", "registered"),
        ("Tous les salariés", "registered"),
        ("Utilisateurs connectés", "registered"),
        ("Membres du groupe", "space"),
        ("Réservé à l'équipe", "space"),
        ("Communauté", "space"),
        ("Groupe privé", "private"),
        ("PRIVÉ", "private"),
        ("Non public", "private"),
        ("Confidentiel, membres du comité", "private"),
        ("Lundi", None),
    ],
)
def test_known_words_say_who_may_read_and_the_most_closed_counts(label, expected):
    assert values.visibility(label, {}) == expected


def test_the_map_of_the_profile_goes_first_for_a_label_or_one_class():
    declared = {"public": "registered", "icone-cadenas": "private"}

    assert values.visibility("PUBLIC", declared) == "registered"
    assert values.visibility("icone icone-cadenas", declared) == "private"


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("mailto:Jeanne.Dupont%40example.com?subject=Bonjour", "jeanne.dupont@example.com"),
        ("MAILTO:a@example.com", "a@example.com"),
        ("Jeanne Dupont <jeanne@example.com>", "jeanne@example.com"),
        ("a@b", None),
        ("@jeanne", None),
        ("Jeanne", None),
    ],
)
def test_a_mail_address_is_found_and_lower_case(text, address):
    assert values.mail(text) == address


@pytest.mark.parametrize(
    ("text", "called"),
    [
        ("Publié par Jeanne Dupont", "Jeanne Dupont"),
        ("par  Léa\nPetit", "Léa Petit"),
        ("Auteur : Noé", "Noé"),
        ("Paris Hubert", "Paris Hubert"),
        ("Byron Moreau", "Byron Moreau"),
    ],
)
def test_what_introduces_a_name_is_left_out(text, called):
    assert values.name(text) == called
