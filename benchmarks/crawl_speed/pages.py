"""Make the site: pages of about 24 KB with 90 links each, the same for the same number of pages."""

from __future__ import annotations

import random
from pathlib import Path

LINKS = 90
_WORDS = (
    "équipe projet réunion document service client réseau atelier outil partage page semaine objectif nouveau "
    "mobile sécurité accueil site formation usage question réponse manager métier chantier agence contrat congé "
    "badge poste messagerie annuaire procédure maintenance qualité production vente budget plan action suivi"
).split()
_PAGE = """<!DOCTYPE html>
<html lang="fr"><head><meta charset="utf-8"><title>{title} – Intranet</title>
<link rel="stylesheet" href="/theme.css"><meta name="viewport" content="width=device-width"></head>
<body class="page"><header><nav class="menu"><ul>
{menu}
</ul></nav></header>
<main><nav class="breadcrumb"><a href="/">Accueil</a> › <a href="/page/{space}.html">Espace {space}</a></nav>
<article class="content"><h1>{title}</h1>
<p class="meta"><a class="author" href="/page/{author}.html">Auteur {author}</a>
<time datetime="2026-0{month}-1{day}T09:00:00+01:00">{day} du mois</time></p>
<div class="body">
{body}
</div></article>
<aside><ul class="related">
{related}
</ul></aside></main>
<footer><p>Mentions légales – contact – plan du site</p></footer></body></html>
"""


def write_site(folder: Path, pages: int) -> None:
    """Write ``pages`` pages ``page/N.html`` and ``index.html``; every page is reached by links."""
    (folder / "page").mkdir(parents=True)
    for number in range(pages):
        (folder / "page" / f"{number}.html").write_text(_page(number, pages), "utf-8")
    (folder / "index.html").write_text(_page(0, pages), "utf-8")
    (folder / "robots.txt").write_text("User-agent: *\nAllow: /\n", "utf-8")


def _page(number: int, pages: int) -> str:
    draw = random.Random(number)
    # A tree makes every page reachable; the other links are drawn.
    children = [child for child in (2 * number + 1, 2 * number + 2) if child < pages]
    others = [draw.randrange(pages) for _ in range(LINKS - 4 - len(children))]
    links = [f'<li><a href="/page/{n}.html" title="Page {n}">{_title(n)}</a></li>' for n in (*children, *others)]
    half = len(links) // 2
    return _PAGE.format(
        title=_title(number),
        menu="\n".join(links[:half]),
        related="\n".join(links[half:]),
        space=number % 20,
        author=number % 50,
        month=1 + number % 9,
        day=number % 10,
        body="\n".join(_paragraph(draw) for _ in range(31)),
    )


def _title(number: int) -> str:
    draw = random.Random(number * 7919)
    return f"{draw.choice(_WORDS)} {draw.choice(_WORDS)} {number}".capitalize()


def _paragraph(draw: random.Random) -> str:
    return f"<p>{' '.join(draw.choices(_WORDS, k=70)).capitalize()}.</p>"
