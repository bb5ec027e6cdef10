"""What is seen first: the title."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rseaudit.audit.context import Context
from rseaudit.audit.registry import Example, Remark, rule
from rseaudit.model import Quote
from rseaudit.text import words

_LONGEST = 80
# Titles made of these alone say that there is something, not what.
_VAGUE = frozenset(
    "info infos information informations important importante importants a lire actualite actualites actu actus "
    "news divers document documents fichier fichiers page article note bonjour coucou hello salut sans titre "
    "untitled test tests nouveau nouveaute nouveautes rappel message annonce communication communique compte rendu "
    "cr pv lien liens urgent attention question aide point tr fw fwd re vos votre nos notre le la les l un une des "
    "du de d et pour tous toutes a au aux generale generales diverses copie final v1 v2 version".split()
)
_TEXT = "La cantine ferme vendredi à treize heures."


@rule(
    "vague-title",
    title="A title that says nothing",
    dimension="first-screen",
    severity="advice",
    bad=(Example(title="Information importante", text=_TEXT), Example(title="Compte rendu", text=_TEXT)),
    good=(
        Example(title="La cantine ferme vendredi à 13 h", text=_TEXT),
        Example(title="", text=_TEXT, setting="a post without a title"),
    ),
)
def vague_title(context: Context) -> Iterator[Remark]:
    """Flag a title made only of words that fit any content: « Information importante », « Compte rendu ».

    One telling word is enough for a title to pass, and a date is one. A content without a title is not judged.

    Why it matters: in a stream, in search results and in a notification the title is all there is.

    Remedy: put the news itself into the title: who, what, when.
    """
    forms = words(context.document.title).forms
    if forms and all(form in _VAGUE for form in forms):
        yield Remark(
            evidence=_in_text(context),
            reason="The title “{title}” would fit any content.",
            action="Put the news itself into the title: who, what, when.",
            numbers={"title": context.document.title.strip()},
        )


@rule(
    "long-title",
    title="A long title",
    dimension="first-screen",
    severity="info",
    bad=Example(
        title="Note relative aux modalités pratiques de fermeture exceptionnelle de la cantine du site de Nantes",
        text=_TEXT,
    ),
    good=Example(title="La cantine de Nantes ferme vendredi à 13 h", text=_TEXT),
)
def long_title(context: Context) -> Iterator[Remark]:
    """Flag a title of more than 80 characters.

    Why it matters: telephones and notifications cut it, and the end is often what tells it apart.

    Remedy: begin with the telling word; leave the rest to the first sentence.
    """
    length = len(context.document.title.strip())
    if length > _LONGEST:
        yield Remark(
            evidence=_in_text(context),
            reason="The title has {length} characters; beyond {limit} it is cut.",
            action="Shorten the title: the telling word first.",
            numbers={"length": length, "limit": _LONGEST},
        )


def _in_text(context: Context) -> tuple[Quote, ...]:
    """Return the title as evidence where the text begins with it; elsewhere it is not part of the text."""
    title = context.document.title.strip()
    found = re.match(r"[\s#*_]*" + re.escape(title), context.document.text) if title else None
    return (context.reading.quote(found.end() - len(title), found.end()),) if found else ()
