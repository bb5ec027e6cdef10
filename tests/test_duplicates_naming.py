from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rseaudit.duplicates.naming import Spellings, is_written, spellings


def test_a_person_is_named_in_full_or_by_initials():
    assert " a s kermarec " in spellings("Anne-Sophie Kermarec").alone
    assert {" julien le goff ", " j le goff "} <= set(spellings("Julien Le Goff").alone)


def test_a_person_is_named_by_title_or_first_name_in_context_only():
    found = spellings("Julien Le Goff")
    assert " m le goff " in found.beside
    assert " m le goff " not in found.alone
    assert found.first == "Julien"
    assert is_written("Julien", "Julien nous explique")
    assert not is_written("Julien", "Le Julienage des carottes")


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Direction des ressources humaines", "la DRH annonce"),
        ("Direction des ressources humaines", "les RH annoncent"),
        ("CSE Solane Nantes", "votre CSE"),
        ("Service HSE", "le HSE"),
        ("Délégué à la protection des données", "notre DPO"),
        ("Direction des systèmes d'information", "la DSI"),
    ],
)
def test_a_service_is_named_by_its_initials(name: str, written: str):
    assert any(is_written(initials, written) for initials in spellings(name).initials)
    assert not any(is_written(initials, written.lower()) for initials in spellings(name).initials)


@pytest.mark.parametrize(
    ("name", "spoken"),
    [
        ("Service HSE", " merci a l equipe hse pour ce flash "),
        ("Équipe RSE et climat", " synthese de l equipe climat "),
        ("Direction des ressources humaines", " le service ressources humaines "),
        ("Pôle cybersécurité", " l equipe de la cybersecurite "),
    ],
)
def test_what_kind_of_service_one_calls_it_does_not_matter(name: str, spoken: str):
    service = spellings(name).service
    assert service is not None
    assert service.search(spoken)


def test_the_company_at_the_end_of_a_name_may_be_left_out():
    assert " association sportive " in spellings("Association sportive Solane").beside


def test_a_service_with_capitals_is_no_person():
    assert spellings("Pôle Écoles").alone == ()
    assert spellings("Service HSE").alone == ()


def test_one_word_has_no_spellings():
    assert spellings("Infirmerie") == Spellings()


@given(st.text(max_size=40))
def test_any_name_at_all_has_spellings(name: str):
    assert isinstance(spellings(name), Spellings)
