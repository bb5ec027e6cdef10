from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rseaudit.audience.dates import days, last_of_month
from rseaudit.audience.deadlines import announced
from rseaudit.audience.reading import Reading
from rseaudit.audience.timewords import outdated
from rseaudit.model import Document
from rseaudit.text import normalise

WRITTEN = date(2026, 2, 1)
MONTHS = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()


def read(text: str) -> Reading:
    return Reading(Document(source="rse", id="1", text=text))


def found(text: str, *, created: date | None = WRITTEN, changed: date | None = WRITTEN) -> list[tuple[str, str]]:
    return [
        (text[a.span.start : a.span.end], a.day.isoformat())
        for a in announced(read(text), created=created, changed=changed)
    ]


@pytest.mark.parametrize(
    ("text", "words", "day"),
    [
        ("Inscrivez-vous avant le 15 mars 2026.", "avant le 15 mars 2026", "2026-03-15"),
        ("Réponse attendue au plus tard le 1er avril.", "au plus tard le 1er avril", "2026-04-01"),
        ("Réponse attendue au plus tard le 1er janvier.", "au plus tard le 1er janvier", "2027-01-01"),
        ("Merci de répondre avant le 15/03.", "avant le 15/03", "2026-03-15"),
        ("Merci de répondre avant vendredi 13 mars 2026 à 12 h.", "avant vendredi 13 mars 2026", "2026-03-13"),
        ("L’offre est valable jusqu’au 30\u00a0juin 2026.", "jusqu’au 30\u00a0juin 2026", "2026-06-30"),
        ("Date limite d’inscription : 15.03.26", "Date limite d’inscription : 15.03.26", "2026-03-15"),
        ("Les dossiers doivent être déposés avant le 2026-03-15.", "avant le 2026-03-15", "2026-03-15"),
        ("Candidatures à envoyer d’ici le 15 mars !", "d’ici le 15 mars", "2026-03-15"),
        ("Répondez d’ici la fin février 2028.", "d’ici la fin février 2028", "2028-02-29"),
        ("La réunion aura lieu du 3 au 7 octobre 2026 à Lyon.", "du 3 au 7 octobre 2026", "2026-10-07"),
        ("Une réunion se tiendra le 23 juin à Dijon.", "le 23 juin", "2026-06-23"),
        ("Le 3 mars 2026, nous fermerons le guichet.", "Le 3 mars 2026", "2026-03-03"),
        ("La cantine est fermée jusqu’au 15 mars 2026.", "jusqu’au 15 mars 2026", "2026-03-15"),
        ("Le guide a changé : répondez avant le 15 mars 2026.", "avant le 15 mars 2026", "2026-03-15"),
    ],
)
def test_an_announced_day_is_found_with_its_exact_words(text: str, words: str, day: str) -> None:
    assert found(text) == [(words, day)]


@pytest.mark.parametrize(
    "text",
    [
        "Les demandes reçues avant le 15 mars 2026 ont été traitées.",
        "Les salariés embauchés avant le 1er mars 2026 bénéficient de la prime.",
        "Les dossiers déposés le 3 mars 2026 seront examinés en commission.",
        "Toute note validée avant le 20 est remboursée avec la paie.",
        "Le service était ouvert jusqu’au 15 mars 2026.",
        "Cette information remplace la note du 17 juin.",
        "Le bilan du 3 mars 2026 sera publié sur cette page.",
        "Depuis le 3 mars 2026, toute demande sera faite en ligne.",
        "À compter du 1er mars 2026, la prime sera versée chaque mois.",
        "Merci de renvoyer le formulaire avant le 31 février 2026.",
        "La salle sera remplie jusqu’aux 2/3 du parterre.",
        "Elle écrivait : « Inscrivez-vous avant le 15 mars 2026 ».",
        "Inscrivez-vous avant le 15 mars 2026. Ajout : les inscriptions sont désormais closes.",
        "L’opéra du 3 mars et la caméra du hall sont en panne le 4 mars 2026.",
        "Nous avons reçu 300 réponses, le 3 mars 2026.",
    ],
)
def test_the_past_a_rule_a_quotation_and_what_is_over_are_left_alone(text: str) -> None:
    assert found(text) == []


def test_a_day_before_the_text_was_never_announced_by_it() -> None:
    assert found("Ouvert jusqu’au 15 mars 2025.") == []
    assert found("Ouvert jusqu’au 15 mars 2025.", created=None) == [("Ouvert jusqu’au 15 mars 2025", "2025-03-15")]


def test_a_day_without_year_needs_a_date_of_the_text_and_takes_the_latest_change() -> None:
    assert found("Répondez avant le 15 mars.", created=None, changed=None) == []
    assert found("Répondez avant le 15 mars.", changed=date(2026, 6, 1)) == [("avant le 15 mars", "2027-03-15")]


@given(st.dates(min_value=date(1950, 1, 1), max_value=date(2049, 12, 31)), st.sampled_from(["", "mardi ", "le "]))
def test_every_day_is_read_back_in_every_spelling(day: date, before: str) -> None:
    long = f"{day.day}{'er' if day.day == 1 else ''} {MONTHS[day.month - 1]} {day.year}"
    for written in (long, long.upper(), f"{day:%d/%m/%Y}", f"{day:%d.%m.%Y}", day.isoformat()):
        [read_back] = days(normalise(before + written).text)
        assert read_back.resolve(None) == day


@given(st.dates(min_value=date(2000, 1, 1), max_value=date(2090, 1, 1)), st.integers(1, 31), st.integers(1, 12))
def test_a_day_without_year_is_the_first_one_from_the_base_on(base: date, day: int, month: int) -> None:
    read_back = next(days(normalise(f"{day} {MONTHS[month - 1]}").text), None)
    if day <= last_of_month(2024, month).day:
        assert read_back is not None
        meant = read_back.resolve(base)
        assert meant is not None
        assert meant >= base
        assert (meant.day, meant.month) == (day, month)
    else:
        assert read_back is None


@given(
    st.lists(
        st.sampled_from(["avant le ", "15 mars 2026", "Répondez ", "aura lieu le ", "3/4", "\n", "œ", "…", "«", "»"])
    ).map("".join)
)
def test_places_are_those_of_the_original_text(text: str) -> None:
    for one in announced(read(text), created=None, changed=WRITTEN):
        assert 0 <= one.span.start < one.span.end <= len(text)
        assert text[one.span.end - 1].isalnum()


def test_time_words_are_over_after_their_own_delay() -> None:
    text = "Rendez-vous demain matin. L’outil arrive prochainement ; à ce jour, trois sites l’ont."
    words = {age: [text[s.start : s.end] for s in outdated(read(text), age_days=age)] for age in (10, 31, 181)}
    assert words == {10: [], 31: ["demain matin"], 181: ["demain matin", "prochainement", "à ce jour"]}


@pytest.mark.parametrize(
    "text",
    ["À bientôt !", "Le métier de demain.", "« Demain, on ferme », disait-il.", "C’était il y a bientôt dix ans."],
)
def test_words_that_name_no_day_are_left_alone(text: str) -> None:
    assert outdated(read(text), age_days=1000) == ()


@pytest.mark.parametrize(
    ("text", "words", "day"),
    [
        ("Les noms sont attendus avant le 28 février 2026.", "avant le 28 février 2026", "2026-02-28"),
        ("Réponses souhaitées avant le 28 février 2026.", "avant le 28 février 2026", "2026-02-28"),
        ("La visite est prévue le 12 mars 2026.", "le 12 mars 2026", "2026-03-12"),
        ("L’école organise une fête le vendredi 12 juin 2026.", "le vendredi 12 juin 2026", "2026-06-12"),
        ("La campagne se déroule du 2 au 28 février 2026.", "du 2 au 28 février 2026", "2026-02-28"),
        (
            "Dépôt des dossiers : du jeudi 5 mars 10 h 00 au mardi 7 avril 2026, 16 h.",
            "du jeudi 5 mars 10 h 00 au mardi 7 avril 2026",
            "2026-04-07",
        ),
        ("Répondez, si possible avant le 15 mars 2026.", "avant le 15 mars 2026", "2026-03-15"),
    ],
)
def test_what_is_expected_or_planned_is_announced_without_a_future(text: str, words: str, day: str) -> None:
    assert found(text) == [(words, day)]


@pytest.mark.parametrize(
    "text",
    [
        "Si vous partez avant le 15 mars 2026, vous devrez rendre votre badge.",
        "Par exemple, pour un départ le 15 mars 2026, vous devrez prévenir en février.",
        "Les résultats sont à publier chaque année avant le 1er mars.",
        "Les membres inscrit·es avant le 15 mars 2026 recevront une carte.",
        "Cette réunion était prévue le 12 mars 2026.",
        "Calorifugeage du collecteur commandé, pose le 18 septembre.",
    ],
)
def test_what_is_supposed_or_comes_back_every_year_is_no_deadline(text: str) -> None:
    assert found(text) == []


def test_a_deadline_asks_and_an_appointment_only_tells() -> None:
    text = "Répondez avant le 3 mars 2026. Le guichet fermera le 9 mars 2026."
    assert [one.kind for one in announced(read(text), created=WRITTEN, changed=WRITTEN)] == ["deadline", "appointment"]


@pytest.mark.parametrize(
    "text",
    [
        "Si je baisse la température cette nuit, qui aura froid demain matin ?",
        "Si la pluie revient demain, tout sera à refaire.",
        "L’outil devait arriver prochainement.",
    ],
)
def test_questions_conditions_and_the_past_promise_nothing(text: str) -> None:
    assert outdated(read(text), age_days=1000) == ()


def test_a_content_that_shows_its_date_keeps_its_tomorrow_clear() -> None:
    text = "On remet ça demain. La suite arrive prochainement."
    spans = outdated(read(text), age_days=1000, dated=True)
    assert [text[span.start : span.end] for span in spans] == ["prochainement"]
