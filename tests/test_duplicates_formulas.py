from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rseaudit.duplicates.formulas import is_formula


@pytest.mark.parametrize(
    "passage",
    [
        "Ce courriel est généré automatiquement, merci de ne pas répondre à ce message.",
        "Nous avons le plaisir de vous convier à un moment de convivialité autour d'un petit déjeuner.",
        "C'est avec une grande tristesse que nous vous faisons part du décès de notre collègue.",
        "Nous lui souhaitons la bienvenue parmi nous et beaucoup de succès dans ses nouvelles fonctions.",
        "L'atelier est annulé en raison d'un nombre insuffisant d'inscriptions.",
        "Rejoindre la réunion Teams. ID de réunion. Code secret. Options de réunion.",
        "lundi 6 avril, vendredi 1er mai, vendredi 8 mai, jeudi 14 mai et lundi 25 mai 2026",
    ],
)
def test_what_anybody_writes_is_a_formula(passage: str):
    assert is_formula(passage)


@pytest.mark.parametrize(
    "passage",
    [
        "Le samedi 6 juin, l'usine de Dole ouvre ses portes aux familles de dix heures à dix-sept heures.",
        "La bascule est fixée au week-end du 1er et 2 août ; aucune commande ne pourra être saisie du jeudi au mardi.",
        "Nous avons le plaisir de vous inviter à la remise des médailles du travail, à l'ancienne forge.",
        "",
    ],
)
def test_a_formula_around_news_is_none(passage: str):
    assert not is_formula(passage)


def test_a_long_passage_is_more_than_a_formula():
    assert not is_formula("Nous vous attendons nombreux et nombreuses. " * 20)


@given(st.text(max_size=200))
def test_any_text_is_answered(passage: str):
    assert is_formula(passage) in (True, False)
