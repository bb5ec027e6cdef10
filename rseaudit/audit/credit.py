"""Whether a text says where a passage comes from. Generous: naming any origin nearby is naming it."""

from __future__ import annotations

import re

from rseaudit.audience.reading import Reading
from rseaudit.model import Span
from rseaudit.text import fold

_CREDIT = re.compile(
    r"(?<!\w)(?:sources?|d'apres|selon|extraits?|tiree?s? d|repris(?:e|es)? d|publi\w+ (?:sur|par|dans)"
    r"|parue?s? (?:sur|dans)|vue? (?:sur|dans)|lue? (?:sur|dans)|trouve\w* (?:sur|dans)|relay\w+|partag\w+|via|credits?"
    r"|article|texte|communique|note|guide|charte|cit\w+|voici ce que|rappel\w*|indiqu\w+|ecri\w+|expliqu\w+|annonc\w+"
    r"|dit|disait|declar\w+|affirm\w+|resum\w+|preci\w+|comme|according to|taken from|excerpt|originally|from|says?"
    r"|said|writes?|wrote)(?!\w)"
)


def has_credit(reading: Reading, passage: Span) -> bool:
    """Tell whether the passage's own lines, or the lines around them, link or name an origin.

    The words of the passage itself do not count, its links do.
    """
    inside = [n for n, p in enumerate(reading.paragraphs) if p.start < passage.end and passage.start < p.end]
    if not inside:
        return False
    first, last = max(0, inside[0] - 1), min(len(reading.paragraphs) - 1, inside[-1] + 1)
    start, end = reading.paragraphs[first].start, reading.paragraphs[last].end
    if any(link.start < end and start < link.end for link in reading.links):
        return True
    around = f"{reading.text[start : passage.start]}\n{reading.text[passage.end : end]}"
    return _CREDIT.search(fold(around)) is not None
