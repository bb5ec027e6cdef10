"""What is no copy: common text, templates, coincidences."""

from __future__ import annotations

import pytest

from rseaudit.model import Document
from tests.duplicates_posts import NOTE, OTHER, OWN, found, note, of, post, sentences

SIGNATURE = (
    "Karim Benali, responsable mobilité, site de Toulouse Garonne, bâtiment C, poste 4217\n"
    "Ce message et ses pièces jointes sont destinés aux seuls salariés du groupe Aubrac Industries ; "
    "toute diffusion à l'extérieur est soumise à autorisation écrite de la communication."
)
TOPICS = (
    "La navette de sept heures part désormais du quai numéro deux, derrière la halle aux tissus.",
    "Le contrat d'entretien des ascenseurs vient d'être renouvelé avec une entreprise de Colomiers.",
    "Trois stagiaires du lycée Galilée découvriront la chaudronnerie pendant quinze jours en juin.",
    "Notre tournoi de pétanque reprend jeudi midi sous les platanes, avec douze équipes inscrites.",
    "Le défibrillateur du hall a changé de place : cherchez le panneau vert à gauche des tourniquets.",
    "Une panne de climatisation touche la salle informatique, les serveurs tournent au ralenti.",
)


def signed() -> list[Document]:
    facts = [sentence for text in (NOTE, OTHER, OWN) for sentence in sentences(text)]
    bodies = [" ".join(facts[3 * n : 3 * n + 3]) for n in range(5)]
    return [post(f"{body}\n\n{SIGNATURE}", f"s{n}", day=n, author=f"Auteur {n}") for n, body in enumerate(bodies)]


def test_a_signature_is_shared_boilerplate_and_listed_once_as_common_text():
    reuse = found(*signed())
    assert {match.kind for match in reuse.matches} == {"shared-boilerplate"}
    assert any("toute diffusion à l'extérieur" in text.text and text.documents == 5 for text in reuse.common_texts)


def test_a_signature_is_in_no_denominator():
    body = f"{' '.join(TOPICS)}\n\n{SIGNATURE}"
    reuse = found(*signed(), post(body, day=9))
    assert (of(reuse).originality, of(reuse).verdict) == (1.0, "original")


def test_a_text_declared_in_the_configuration_is_common_however_rare():
    texts = [post(f"{topic}\n\n{NOTE}", f"t{n}") for n, topic in enumerate(TOPICS[:2])]
    reuse = found(*texts, exclude_text=[NOTE])
    assert all(match.kind in ("shared-boilerplate", "template") for match in reuse.matches)


def minutes(number: int, facts: list[str]) -> str:
    heads = (
        "Compte rendu de réunion d'équipe",
        "Personnes présentes et excusées :",
        "Points abordés pendant la séance :",
        "Décisions prises et responsables :",
        "Date et lieu de la prochaine réunion :",
    )
    return "\n".join(f"{head}\n{fact}" for head, fact in zip(heads, facts, strict=True))


def test_minutes_from_one_template_are_no_copies():
    pieces = (
        [sentence for text in (NOTE, OWN, OTHER) for sentence in sentences(text)]
        + list(TOPICS)
        + [
            "Madame Roux a rendu les clés du local technique avant son départ pour Nantes.",
            "Les palettes vides encombrent encore le couloir des expéditions malgré deux rappels.",
            "Budget formation épuisé, il faudra attendre septembre pour inscrire les caristes.",
            "Samir remplace Chloé jusqu'au retour de congé maternité, bureau 214.",
        ]
    )
    reports = [post(minutes(n, pieces[5 * n : 5 * n + 5]), f"cr{n}", day=n) for n in range(5)]
    reuse = found(*reports)
    assert {match.kind for match in reuse.matches} == {"template"}
    assert all(o.originality == 1.0 for o in reuse.documents)


def test_a_filled_form_is_a_template():
    form = "\n".join(
        f"Question {n} : décrivez précisément votre besoin au service numéro {n} du catalogue commun"
        for n in range(1, 9)
    )
    requests = [post(f"{form}\n{OWN if n == 0 else topic}", f"f{n}", day=n) for n, topic in enumerate(TOPICS)]
    reuse = found(*requests)
    assert of(reuse, "f0").verdict == "template"
    assert {match.kind for match in reuse.matches} == {"template"}


COURTESY = (
    "N'hésitez pas à me contacter pour toute question complémentaire, "
    "je reste à votre entière disposition. Bien cordialement"
)
SAFETY = (
    "« L'employeur prend les mesures nécessaires pour assurer la sécurité "
    "et protéger la santé physique et mentale des travailleurs. »"
)
HARASSMENT = (
    "aucun salarié ne doit subir les agissements répétés de harcèlement moral "
    "qui ont pour objet une dégradation de ses conditions de travail."
)


@pytest.mark.parametrize(
    ("one", "two"),
    [
        pytest.param(COURTESY, COURTESY, id="stock phrases"),
        pytest.param(
            f"L'article L. 4121-1 du code du travail le dit : {SAFETY}",
            f"Rappel de l'article L. 4121-1 : {SAFETY}",
            id="a law in quotation marks",
        ),
        pytest.param(
            f"Aux termes de l'article L. 1152-1 du code du travail, {HARASSMENT}",
            f"Selon l'article L. 1152-1, {HARASSMENT}",
            id="a law without quotation marks",
        ),
    ],
)
def test_a_coincidence_is_no_match(one: str, two: str):
    assert found(note(f"{OTHER}\n\n{one}"), post(f"{OWN}\n\n{two}")).matches == ()


def test_texts_on_one_subject_are_no_match():
    other = (
        "Le parking nord ferme une semaine pour travaux. Prenez le badge que vous avez déjà et garez-vous au sud. "
        "Les bornes électriques sont coupées, mais l'atelier de maintenance prête deux prises aux visiteurs."
    )
    assert found(note(), post(other)).matches == ()
