"""Words that were true for a while: « demain », « prochainement », « à ce jour »."""

from __future__ import annotations

import re

from rseaudit.audience.reading import Reading
from rseaudit.audience.tense import asks, sentence_around, supposes, tells_the_past
from rseaudit.model import Span

# Over the normalised text. "de demain" and "d'aujourd'hui" speak of the future at large.
_SOON = re.compile(
    r"(?<![\w'-])(?:(?<!de )(?<!pour )(?:apres-)?demain(?: matin| soir| midi)?"
    r"|(?:cette|la) semaine prochaine|cette semaine|le mois prochain|ce mois-ci"
    r"|(?:lundi|mardi|mercredi|jeudi|vendredi) prochain|le week-end prochain"
    r"|d'ici la fin de la semaine|d'ici quelques jours|dans (?:les (?:tout )?prochains|quelques) jours)(?![\w-])"
)
_LATER = re.compile(
    r"(?<![\w'-])(?:(?:tres )?prochainement|(?:tres )?bientot(?! (?:un|deux|trois|dix|vingt) ans?)"
    r"|a ce jour|a l'heure actuelle|l'annee prochaine|le (?:trimestre|semestre) prochain"
    r"|(?:au|le) printemps prochain|l'(?:ete|automne|hiver) prochain|a l'automne prochain|a la rentree prochaine"
    r"|dans les (?:prochaines semaines|prochains mois|semaines a venir|mois a venir)|ces prochaines semaines"
    r"|d'ici la fin de l'annee|d'ici quelques (?:semaines|mois)"
    r"|en cours de (?:deploiement|construction|redaction))(?![\w-])"
)
# "À bientôt !" is a farewell.
_FAREWELL = re.compile(r"(?:^|[^\w])(?:a|au|et a) $")


def outdated(reading: Reading, *, age_days: int, dated: bool = False) -> tuple[Span, ...]:
    """Return the time words that no longer hold after so many days, in text order.

    Days and weeks are over after 30 days, seasons and "soon" after 180. A ``dated`` content shows its
    day, so « demain » in it stays clear and only promises are returned. Questions, conditions and what
    is told in the past promise nothing.
    """
    patterns = [
        pattern
        for pattern, days in ((_SOON, 30), (_LATER, 180))
        if age_days > days and not (dated and pattern is _SOON)
    ]
    text = reading.normalised.text
    found = []
    for pattern in patterns:
        for match in pattern.finditer(text):
            if _FAREWELL.search(text, max(0, match.start() - 5), match.start()):
                continue
            start, end = sentence_around(text, match.start(), match.end())
            if asks(reading, end) or supposes(reading, start, match.start()) or tells_the_past(reading, start, end):
                continue
            span = Span(*reading.normalised.original_span(match.start(), match.end()))
            if not reading.is_quoted(span.start, span.end):
                found.append(span)
    return tuple(sorted(found))
