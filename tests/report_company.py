"""The people of a small French company, and what they wrote, for the tests of reports."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from rseaudit.model import (
    Document,
    Person,
)

PARIS = timezone(timedelta(hours=1))


PASSED = "This content still announces a date that has passed (days ago: {days})."
REPLACE = "Replace the date that has passed by the outcome or the next date, or archive the content."
NOW = datetime(2026, 11, 25, 9, 0, tzinfo=PARIS)

CLAIRE = Person(key="k-claire", name="Claire Marchand", mail="claire.marchand@valdeau.example", active=True)
HUGO = Person(key="k-hugo", name="Hugo Lefèvre", mail="hugo.lefevre@valdeau.example", active=True)
INES = Person(key="k-ines", name="Inès Boulanger", mail="ines.boulanger@valdeau.example", active=True)

SHARED = (
    "Depuis le 1er mars, les interventions en espace confiné se font à deux personnes au minimum, dont une reste "
    "à l’extérieur et garde le contact avec celle qui descend. Le détecteur quatre gaz est vérifié avant chaque "
    "descente, en présence du chef d’équipe. Toute alarme impose la sortie immédiate, sans exception."
)
ADAPTED = (
    "Depuis le 1er mars, les interventions en espace confiné se font à deux personnes au minimum, dont une reste "
    "à l’extérieur et garde le contact radio avec celle qui descend. Le détecteur quatre gaz est contrôlé avant chaque "
    "descente, en présence du chef d’équipe. Toute alarme impose la sortie immédiate, sans exception."
)
LEGAL = (
    "Ce message et ses pièces jointes sont confidentiels et établis à l’intention exclusive de ses destinataires. "
    "Si vous l’avez reçu par erreur, merci de le détruire et d’en avertir l’expéditeur."
)

CONFINED = Document(
    source="rse",
    id="412",
    kind="post",
    title="Espaces confinés : on ne descend plus jamais seul",
    text="Bonjour à toutes et à tous,\n\n" + ADAPTED + "\n\nMerci de vous inscrire avant le 15 septembre 2025 "
    "auprès de votre responsable pour la session de recyclage CATEC.",
    url="https://rse.valdeau.example/s/securite-terrain/post/412",
    spaces=("Sécurité terrain",),
    author="Claire Marchand",
    created=datetime(2026, 3, 9, 14, 20, tzinfo=PARIS),
    modified=datetime(2026, 4, 2, 8, 0, tzinfo=PARIS),
    dates={"api-date": datetime(2026, 3, 9, 14, 20, tzinfo=PARIS)},
    visibility="registered",
    lang="fr",
)
INTRANET = Document(
    source="intranet",
    id="n-17",
    title="Travaux en espace confiné : la nouvelle consigne",
    text="La consigne nationale évolue.\n\n" + SHARED + "\n\n" + LEGAL,
    url="https://intranet.valdeau.example/node/17",
    spaces=("Prévention",),
    author="Paul Nguyen",
    created=datetime(2026, 2, 24, 10, 0, tzinfo=PARIS),
    dates={"api-date": datetime(2026, 2, 24, 10, 0, tzinfo=PARIS)},
    visibility="public",
    lang="fr",
)
REMOTE = Document(
    source="rse",
    id="87",
    kind="page",
    title="Guide du télétravail 2021",
    text="Conformément à l’avenant n° 3, le reporting des jours de télétravail s’effectue dans le SIRH "
    "via le workflow dédié, sous réserve de validation N+1 et N+2, étant entendu "
    "que les modalités afférentes aux astreintes, aux "
    "déplacements et aux situations particulières demeurent inchangées. " + LEGAL,
    url="https://rse.valdeau.example/s/vie-au-travail/page/87",
    spaces=("Vie au travail",),
    author="Claire Marchand",
    created=datetime(2021, 9, 1, 9, 0, tzinfo=PARIS),
    visibility="registered",
    lang="fr",
)
REUSE = Document(
    source="forum",
    id="t-5",
    title="Télétravail : ce que dit l’avenant",
    text="Pour mémoire : le reporting des jours de télétravail s’effectue dans le SIRH via le workflow "
    "dédié, sous réserve de validation N+1 et N+2. On en reparle jeudi.",
    url="https://forum.valdeau.example/t/5",
    spaces=("Entraide",),
    author="Hugo Lefèvre",
    created=datetime(2022, 1, 10, 9, 0, tzinfo=PARIS),
    visibility="registered",
    lang="fr",
)
ORPHAN = Document(
    source="rse",
    id="31",
    kind="page",
    title="Procédure d’astreinte",
    spaces=("Exploitation",),
    text="En cas d’alerte, appelez le numéro habituel. " + LEGAL,
    url="https://rse.valdeau.example/s/exploitation/page/31",
    created=datetime(2019, 5, 1, 9, 0, tzinfo=PARIS),
    visibility="registered",
    author_active=False,
    lang="fr",
)
CLOSED = Document(
    source="rse",
    id="903",
    title="Projet Hirondelle : réorganisation de l’agence Sud",
    spaces=("Comité de direction",),
    text="Confidentiel. " + SHARED,
    url="https://rse.valdeau.example/s/comite/post/903",
    author="Inès Boulanger",
    created=datetime(2026, 1, 5, 9, 0, tzinfo=PARIS),
    visibility="space",
    lang="fr",
)
FINE = Document(
    source="rse",
    id="500",
    title="Nouvelle station de Brézins : venez la visiter",
    spaces=("Sécurité terrain",),
    text="La station de Brézins ouvre ses portes le 4 décembre. "
    "Inscrivez-vous auprès de l’accueil avant le 1er décembre.",
    url="https://rse.valdeau.example/s/securite-terrain/post/500",
    author="Hugo Lefèvre",
    created=datetime(2026, 11, 20, 9, 0, tzinfo=PARIS),
    visibility="registered",
    lang="fr",
)
