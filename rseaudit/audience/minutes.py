"""Minutes of a meeting: a record of the past, which asks nothing and needs no update."""

from __future__ import annotations

import re

from rseaudit.model import Document
from rseaudit.text import fold

_RECORD = (
    r"(?:comptes?[ -]rendus?|proces[ -]verba(?:l|ux)|releves? d(?:e|es) (?:decisions?|conclusions?|actions?)|cr|pv)"
)
_MEETING = (
    r"(?:reunion|seance|comite|conseil|assemblee|point|bureau|codir|copil|commission|cse|ag|rencontre|echanges"
    r"|negociations?|\d)"
)
_TITLE = re.compile(
    rf"^\W*{_RECORD}\W*$|[:,(-]\s*{_RECORD}\W*$"
    rf"|^\W*(?:projet de )?{_RECORD}\W+(?:d\w*\W+)?(?:l[ae]?\W+|les )?{_MEETING}(?!\w)"
    r"|^\W*minutes (?:of|de la (?:reunion|seance))(?!\w)"
)
# Parts that minutes have, each on a line of its own.
_PART = re.compile(
    r"^\W*(?:etai(?:en)?t )?(?:(?P<present>presente?s?|participante?s?|excusee?s?|absente?s?)"
    r"|(?P<points>ordre du jour|points abordes|sujets abordes)|(?P<decided>decisions?|releve de decisions)"
    r"|(?P<next>prochaine (?:reunion|seance)))\s*(?:prises?)?\s*(?::|$)",
    re.MULTILINE,
)
_LEAST_PARTS = 2


def is_minutes(document: Document) -> bool:
    """Tell whether the title or the first line says so, or two of the usual parts stand there.

    The parts: who was present, what was discussed, what was decided, the next meeting.
    """
    text = fold(document.text)
    first = text.lstrip().split("\n", 1)[0]
    if _TITLE.search(fold(document.title).strip()) or _TITLE.search(first):
        return True
    parts = {match.lastgroup for match in _PART.finditer(text)}
    return "present" in parts and len(parts) >= _LEAST_PARTS
