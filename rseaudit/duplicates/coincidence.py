"""Recognise what two people may write alike without having read each other.

Stock phrases are set aside before the texts are compared (``stock``); here it is the same passage
of a law, the same words of a third person, cited by both, or a passage made of formulas.
"""

from __future__ import annotations

import re
from functools import lru_cache

from rseaudit.duplicates.attribution import Reading
from rseaudit.duplicates.formulas import is_formula
from rseaudit.model import Span
from rseaudit.text import fold

# Over normalised text: a numbered article, a dated or numbered act, a named code or regulation.
_LAW = re.compile(
    r"\b(?:articles?|art\.?) (?:premier|1er|[lrda]\.? ?\d|\d)|\balinea \d|\b(?:loi|decret|ordonnance|arrete|circulaire)"
    r" (?:n[o°]|du \d|[\w'-]+ du \d)|\b(?:directive|reglement) (?:\((?:ue|ce)\)|(?:ue|ce) |n[o°]|europeen|general sur)"
    r"|\bcode (?:du travail|civil|penal|de |de l'|des |du |general|monetaire)|\brgpd\b|\bgdpr\b|\bconstitution du"
    r"|\bdeclaration (?:universelle )?des droits|\b(?:article|section|act|regulation) \(?\d"
)
_BEFORE = 200
_INSIDE = 60
_REMEMBERED = 20_000
# A longer passage is more than the quotation of an article.
_MOST_WORDS = 90


def is_coincidence(one: Reading, first: Span, two: Reading, second: Span, *, words: int, quoted: bool) -> bool:
    """Tell whether both documents cite the same third text or write the same formulas.

    ``quoted``: the passage stands in quotation marks in both. ``words`` is its length.
    """
    if words > _MOST_WORDS:
        return False
    if quoted or (_cites_law(one, first) and _cites_law(two, second)):
        return True
    texts = (one.document.text[first.start : first.end], two.document.text[second.start : second.end])
    return all(is_formula(text) for text in texts)


def _cites_law(reading: Reading, passage: Span) -> bool:
    text = reading.document.text
    start = max(0, passage.start - _BEFORE)
    # Most contents cite no law anywhere, and are asked for each of their passages.
    return _names_law(text) and _names_law(text[start : min(passage.end, passage.start + _INSIDE)])


@lru_cache(maxsize=_REMEMBERED)
def _names_law(text: str) -> bool:
    return _LAW.search(fold(text)) is not None
