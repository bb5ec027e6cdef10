"""Days that a French text announces as still to come: deadlines and appointments.

Only what is announced counts: « les demandes reçues avant le 15 mars ont été traitées » tells the
past, « les salariés embauchés avant le 1er janvier » states a rule; neither is a deadline.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from rseaudit.audience.dates import DATE, MONTH, MONTHS, WEEKDAY, Day, last_of_month, read_day
from rseaudit.audience.reading import Reading
from rseaudit.audience.tense import announces, as_written, sentence_around, supposes, tells_the_past
from rseaudit.model import Span

_RANGE = (
    rf"(?:(?:du|entre le) {WEEKDAY}\d{{1,2}}(?: ?er)?(?: (?:{MONTH})\b\.?)?(?: 20\d\d)?"
    r"(?: (?:a )?\d{1,2} ?h ?(?:\d\d)?)? ?,? ?(?:au|et le|jusqu'au) )"
)
_HOUR = r"(?:\d{1,2} ?h(?:\d\d)? (?:le )?)?"
# These say by themselves that something ends.
_STRONG = (
    r"date limite(?: [^.;:!?\n]{1,40}?)? ?: ?(?:le )?"
    r"|date limite(?: [^.;:!?\n]{1,40}?)? (?:est fixee |fixee )?(?:au|le) "
    r"|au plus tard (?:le |au )?|dernier delai ?:? ?(?:le )?|dernier jour ?:? ?(?:le )?|d'ici (?:le |au )"
    r"|echeance ?:? ?(?:le |au |fixee au )?|cloture(?: des? [a-z]+| du [a-z]+)? ?:? ?le "
    r"|ouverte?s? jusqu'au |jusqu'au "
)
_DEADLINE = re.compile(rf"(?<!\w)(?:(?P<strong>{_STRONG})|(?P<weak>avant (?:le )?)){_HOUR}{DATE}")
_END_OF_MONTH = re.compile(rf"(?<!\w)(?:d'ici|avant) (?:a )?(?:la )?fin (?P<month>{MONTH})\b\.? (?P<year>20\d\d)")
_APPOINTMENT = re.compile(rf"(?<!\w)(?:le |{_RANGE}){DATE}")
# These announce without a verb in the future: « est prévue le », « rendez-vous le », « se déroule du … au … ».
_ANNOUNCING = re.compile(
    r"(?<!\w)(?:prevue?s?|programmee?s?|planifiee?s?|fixee?s? au|rendez-vous|rdv"
    r"|se (?:deroule|tient|deroulent|tiennent)|a lieu|ont lieu|convie|convions|attendons"
    r"|organis(?:e|ent|ons))(?: [a-z']+){0,3}? $"
    r"|(?<!\w)(?:inscription|candidature|depot|vote|scrutin|consultation|enquete|campagne|collecte|reservation|periode)s?"
    r"(?: [a-z'-]+){0,6} ?: $"
)
_PARTICIPLE = re.compile(
    r"(?<!\w)(?!(?:vous|nous|plus|tous|dessus|surplus|bus|mais|puis|depuis|jamais|avis|permis|devis|colis|statue?s?|rue)\b)"
    r"\w+(?:ée?s?|[^aeo]ue?s?|[^ao]ies?|is|ises?|ites?|(?:cr|du|tru|fa)its?)(?:[·.]e(?:[·.]?s)?|\(e\)(?:\(?s\)?)?)?$"
)
# What is expected has not been done: « réponses attendues avant le 3 mars ».
_EXPECTED = re.compile(r"(?<!\w)(?:attendu|souhaité|requis|exigé|espéré|prévu|fixé|programmé|planifié)e?s?$")
# A day that comes back every year is no deadline that expires.
_EVERY_YEAR = re.compile(
    r"(?<!\w)(?:chaque annee|tous les ans|annuellement|de l'annee (?:en cours|suivante|precedente|n)"
    r"|de chaque (?:annee|exercice))(?!\w)"
)
_NOW = r"(?:desormais |maintenant |a present |deja )?"
_OVER = re.compile(
    r"(?<!\w)(?:(?:inscription|candidature|vote|enquete|consultation|campagne|concours|appel|depot|collecte)s?"
    rf" (?:[a-z]+ ){{0,4}}(?:est|sont) {_NOW}fermee?s?"
    rf"|(?:est|sont) {_NOW}(?:closes?|terminee?s?|finie?s?|annulee?s?|reportee?s?|depassee?s?)"
    r"|a eu lieu|ont eu lieu|s'est tenue?)(?!\w)"
)
# What is asked of the reader makes « avant le … » a deadline.
_ASKED = re.compile(
    r"(?<!\w)(?:merci d|veuillez|il faut|pri(?:ere|ons)|doi(?:t|s|vent)|devez|devons|pouvez|pouvons|pensez|n'oubliez|"
    r"a (?:[a-z]{2,}(?:er|ir|re))|inscri\w*|repon\w*|candidat\w*|depots?|retours?|envoi|valable|offre|possibles?|"
    r"attendue?s?|souhaitee?s?|requis(?:e?s?)|exigee?s?|prevue?s?|"
    r"(?!chez|assez|nez|rez)[a-z]{2,}ez)(?!\w)"
)
_SINCE = re.compile(r"(?<!\w)(?:depuis|avant|apres|des|a (?:partir|compter) du)\s*$")
_PASSIVE = re.compile(r"(?<!\w)(?:être|est|sont|sera|seront|s'\w+) (?:\w+ ){0,2}\w+$")


@dataclass(frozen=True, slots=True)
class Announced:
    """A day announced as to come: its words (original code points) and the date they mean.

    A ``deadline`` asks something of the reader; an ``appointment`` only tells when something takes place.
    """

    span: Span
    day: date
    kind: Literal["deadline", "appointment"] = "deadline"


def announced(reading: Reading, *, created: date | None, changed: date | None) -> tuple[Announced, ...]:
    """Return the deadlines and appointments of a French text, in text order.

    What lay before the text was ``created`` was never announced by it. A day without a year is the
    first one from the day on which the text last ``changed``; when that is unknown it is left out.
    """
    text = reading.normalised.text
    if _OVER.search(text):
        return ()
    found: dict[Span, Announced] = {}
    ended = [(start, end, when, True) for start, end, when in _deadlines(reading, changed)]
    held = [(start, end, when, False) for start, end, when in _appointments(reading, changed)]
    for start, end, when, asks in sorted([*ended, *held], key=lambda one: (one[0], -one[1], not one[3])):
        span = Span(*reading.normalised.original_span(start, end))
        inside = any(other.start <= span.start and span.end <= other.end for other in found)
        if not inside and (created is None or when >= created) and not reading.is_quoted(span.start, span.end):
            found[span] = Announced(span, when, "deadline" if asks else "appointment")
    return tuple(found.values())


def _deadlines(reading: Reading, changed: date | None) -> Iterator[tuple[int, int, date]]:
    text = reading.normalised.text
    for match in _DEADLINE.finditer(text):
        start, end = sentence_around(text, match.start(), match.end())
        if tells_the_past(reading, start, end):
            continue
        if match["strong"] is None:
            if _belongs_to_what_is_done(reading, start, match.start()) or supposes(reading, start, match.start()):
                continue
            if not (_ASKED.search(text, start, end) or announces(reading, start, end)):
                continue
        yield from _dated(text, match, start, end, changed)
    for match in _END_OF_MONTH.finditer(text):
        start, end = sentence_around(text, match.start(), match.end())
        if not tells_the_past(reading, start, end) and not supposes(reading, start, match.start()):
            yield match.start(), match.end(), last_of_month(int(match["year"]), MONTHS[match["month"]])


def _appointments(reading: Reading, changed: date | None) -> Iterator[tuple[int, int, date]]:
    text = reading.normalised.text
    for match in _APPOINTMENT.finditer(text):
        start, end = sentence_around(text, match.start(), match.end())
        announcing = _ANNOUNCING.search(text, start, match.start())
        if tells_the_past(reading, start, end) or not (announcing or announces(reading, start, end)):
            continue
        if _belongs_to_what_is_done(reading, start, match.start()) or supposes(reading, start, match.start()):
            continue
        if not _SINCE.search(text, start, match.start()):
            yield from _dated(text, match, start, end, changed)


def _dated(
    text: str, match: re.Match[str], start: int, end: int, changed: date | None
) -> Iterator[tuple[int, int, date]]:
    """Yield the place and the date meant, if the day exists and does not come back every year."""
    day: Day | None = read_day(match)
    if day is None or (day.year is None and _EVERY_YEAR.search(text, start, end)):
        return
    if (when := day.resolve(changed)) is not None:
        yield match.start(), day.end, when


def _belongs_to_what_is_done(reading: Reading, start: int, place: int) -> bool:
    """Tell whether a participle stands before: « les dossiers déposés le 3 mars seront examinés »."""
    before = as_written(reading, start, place).rstrip(" \u00a0\u202f,:")
    return bool(_PARTICIPLE.search(before)) and not (_PASSIVE.search(before) or _EXPECTED.search(before))
