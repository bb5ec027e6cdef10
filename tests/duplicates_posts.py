"""French posts and notes as they are found on a network, and what the job says of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from rseaudit.config.settings import DuplicatesSettings
from rseaudit.duplicates import Reuse, find_reuse
from rseaudit.model import Document, Evidence, Match, Originality, Ref, Source
from rseaudit.people import Directory

SOURCES = {
    "rse": Source(name="rse", role="audited", url="https://rse.example.com"),
    "intranet": Source(name="intranet", role="reference", url="https://intranet.example.com"),
    "presse": Source(name="presse", role="watched"),
}
MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

NOTE = (
    "À partir du lundi 16 mars, l'accès au parking nord se fera uniquement avec le nouveau badge orange. "
    "Les anciens badges bleus seront désactivés le vendredi précédent à dix-huit heures. "
    "Chaque salarié retirera le sien à l'accueil du bâtiment Garonne, sur présentation de sa carte professionnelle. "
    "Les véhicules électriques gardent leurs vingt-quatre emplacements près des bornes de recharge. "
    "Les visiteurs stationneront désormais derrière l'atelier de maintenance, "
    "où une signalétique provisoire les guidera. "
    "Pendant les travaux d'élargissement de la rampe, la vitesse reste limitée à dix kilomètres par heure."
)
OWN = (
    "Dans notre équipe de Toulouse, trois collègues viennent à vélo et deux covoiturent depuis Muret. "
    "Nous avons mesuré que le trajet matinal dure quarante minutes en moyenne, contre cinquante-cinq en voiture seule. "
    "Le service des achats étudie donc un abri fermé pour quinze bicyclettes ainsi qu'une douche au rez-de-chaussée. "
    "Si le projet aboutit, les premiers arceaux seraient posés avant l'été et financés par le plan de mobilité. "
    "Dites-nous en commentaire quels horaires vous conviendraient pour la réunion de lancement prévue fin avril."
)
OTHER = (
    "La cantine propose ce mois-ci un menu végétarien préparé avec les maraîchers de Blagnac. "
    "Lentilles, courges rôties et fromages fermiers remplacent le plat unique du jeudi. "
    "Un questionnaire distribué en caisse permettra de choisir les recettes gardées au printemps. "
    "L'an dernier, huit repas sur dix notés cinq étoiles venaient déjà d'un producteur voisin."
)


def doc(
    source: str, id: str, text: str, *, day: float | None = None, rung: Evidence = "api-date", **more: object
) -> Document:
    when = None if day is None else MONDAY + timedelta(days=day)
    dates = {} if when is None else {rung: when}
    return Document(source=source, id=id, text=text, created=when, dates=dates, **more)  # type: ignore[arg-type]


def note(text: str = NOTE, **more: object) -> Document:
    known: dict[str, object] = {
        "day": 0,
        "title": "Nouveaux badges du parking nord",
        "url": "https://intranet.example.com/actus/badges",
        "author": "Hélène Marchand",
    }
    return doc("intranet", "n-17", text, **{**known, **more})  # type: ignore[arg-type]


def post(text: str, id: str = "12", **more: object) -> Document:
    known: dict[str, object] = {"day": 3, "author": "Karim Benali", "url": f"https://rse.example.com/p/{id}"}
    return doc("rse", id, text, **{**known, **more})  # type: ignore[arg-type]


def found(*documents: Document, **settings: object) -> Reuse:
    return find_reuse(
        documents,
        sources=SOURCES,
        spaces=(),
        directory=Directory(()),
        settings=DuplicatesSettings(**settings),  # type: ignore[arg-type]
    )


def only(matches: Iterable[Match]) -> Match:
    (match,) = matches
    return match


def of(reuse: Reuse, id: str = "12") -> Originality:
    return next(o for o in reuse.documents if o.document == Ref("rse", id))


def sentences(text: str) -> list[str]:
    return [f"{sentence}." for sentence in text.rstrip(".").split(". ")]
