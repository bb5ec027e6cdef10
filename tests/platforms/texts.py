"""French texts of an invented company, each said once: no two documents share a paragraph."""

from __future__ import annotations

PLACES = "Bourges Chartres Dole Épinal Fougères Guéret Honfleur Issoire Joigny Lannion Mâcon Nevers".split()
MATTERS = (
    ("badges d’accès", "le portique de l’entrée principale", "au poste de garde", "Sécurité"),
    ("œuvres sociales", "la billetterie de l’été", "auprès du comité", "Vie du site"),
    ("notes de frais", "le nouveau formulaire", "à la comptabilité", "Finances"),
    ("chariots élévateurs", "la zone de charge n° 2", "au magasin", "Sécurité"),
    ("télétravail", "l’accord signé en mars", "aux ressources humaines", "Ressources humaines"),
    ("déchets triés", "les bacs « papier » et « carton »", "à l’équipe propreté", "Environnement"),
    ("véhicules partagés", "la réservation en ligne", "à l’accueil", "Vie du site"),
    ("postes informatiques", "la mise à jour & le redémarrage", "au support", "Informatique"),
)
OPENINGS = (
    "Depuis ce lundi, {thing} change à {place} : {detail} sert à tous, équipe de nuit comprise.",
    "À {place}, on nous demande souvent ce qu’il en est : {thing}, c’est d’abord {detail}.",
    "Petit rappel pour les collègues de {place} sur {thing} — {detail} n’attend pas !",
)
MIDDLES = (
    "Comptez {number} minutes ; prévenez votre responsable la veille, c’est plus simple pour le planning.",
    "Il reste {number} places, et la liste se trouve dans la salle de pause, près de l’escalier.",
    "Le budget est de {number} € par personne : l’an dernier, c’était moins, et cela se voyait.",
)
CLOSINGS = (
    "Une question ? Adressez-la {contact} de {place}, qui répond sous {days} jours.",
    "Merci à celles et ceux qui ont déjà joué le jeu ; signalez le reste {contact} ({place}).",
)


def heading(number: int) -> str:
    """Return the title of text ``number``; no two are equal below 96."""
    thing = MATTERS[number % len(MATTERS)][0]
    return f"{thing[0].upper()}{thing[1:]} : point n° {number} à {PLACES[number % len(PLACES)]}"


def matter(number: int) -> str:
    """Return the domain that text ``number`` is about."""
    return MATTERS[number % len(MATTERS)][3]


def paragraphs(number: int) -> list[str]:
    """Return the three paragraphs of text ``number``."""
    thing, detail, contact, _ = MATTERS[number % len(MATTERS)]
    facts = {
        "thing": f"la question des {thing}" if not thing.startswith("télé") else "le télétravail",
        "detail": detail,
        "place": PLACES[number % len(PLACES)],
        "number": str(15 + 7 * number),
        "contact": contact,
        "days": str(2 + number % 9),
    }
    chosen = (
        OPENINGS[number % len(OPENINGS)],
        MIDDLES[number // 3 % len(MIDDLES)],
        CLOSINGS[number // 2 % len(CLOSINGS)],
    )
    return [f"{text.format(**facts)} (fiche {number}-{part})" for part, text in enumerate(chosen, 1)]
