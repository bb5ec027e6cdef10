"""Days that a French text announces as still to come: deadlines and appointments.

Only what is announced counts: « les demandes reçues avant le 15 mars ont été traitées » tells the
past, « les salariés embauchés avant le 1er janvier » states a rule; neither is a deadline.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from rseaudit.audience.dates import DATE, MONTH, MONTHS, last_of_month, read_day
from rseaudit.audience.reading import Reading
from rseaudit.model import Span

_RANGE = r"(?:(?:du|entre le) \d{1,2}(?: ?er)?(?: [a-z]+)? (?:au|et le) )"
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

_PARTICIPLE = re.compile(
    r"(?<!\w)(?!(?:vous|nous|plus|tous|dessus|surplus|bus|mais|puis|depuis|jamais|avis|permis|devis|colis|statue?s?|rue)\b)"
    r"\w+(?:ée?s?|[^aeo]ue?s?|[^ao]ies?|is|ises?|ites?)$"
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
    r"(?!chez|assez|nez|rez)[a-z]{2,}ez)(?!\w)"
)
_SINCE = re.compile(r"(?<!\w)(?:depuis|avant|apres|des|a (?:partir|compter) du)\s*$")
_PASSIVE = re.compile(r"(?<!\w)(?:être|sera|seront|s'\w+) (?:\w+ ){0,2}\w+$")


@dataclass(frozen=True, slots=True)
class Announced:
    """A day announced as to come: its words (original code points) and the date they mean."""

    span: Span
    day: date


def announced(reading: Reading, *, created: date | None, changed: date | None) -> tuple[Announced, ...]:
    """Return the deadlines and appointments of a French text, in text order.

    What lay before the text was ``created`` was never announced by it. A day without a year is the
    first one from the day on which the text last ``changed``; when that is unknown it is left out.
    """
    text = reading.normalised.text
    if _OVER.search(text):
        return ()
    found: dict[Span, Announced] = {}
    for start, end, day in sorted({*_deadlines(reading, changed), *_appointments(reading, changed)}):
        span = Span(*reading.normalised.original_span(start, end))
        inside = any(other.start <= span.start and span.end <= other.end for other in found)
        if not inside and (created is None or day >= created) and not reading.is_quoted(span.start, span.end):
            found[span] = Announced(span, day)
    return tuple(found.values())


def _deadlines(reading: Reading, changed: date | None) -> Iterator[tuple[int, int, date]]:
    text = reading.normalised.text
    for match in _DEADLINE.finditer(text):
        start, end = _around(text, match.start(), match.end())
        if _tells_the_past(reading, start, end):
            continue
        if match["strong"] is None:
            if _belongs_to_what_is_done(reading, start, match.start()):
                continue
            if not (_ASKED.search(text, start, end) or _FUTURE.search(text, start, end)):
                continue
        day = read_day(match)
        if day is not None and (when := day.resolve(changed)) is not None:
            yield match.start(), day.end, when
    for match in _END_OF_MONTH.finditer(text):
        if not _tells_the_past(reading, *_around(text, match.start(), match.end())):
            yield match.start(), match.end(), last_of_month(int(match["year"]), MONTHS[match["month"]])


def _appointments(reading: Reading, changed: date | None) -> Iterator[tuple[int, int, date]]:
    text = reading.normalised.text
    for match in _APPOINTMENT.finditer(text):
        start, end = _around(text, match.start(), match.end())
        if _tells_the_past(reading, start, end) or not _FUTURE.search(text, start, end):
            continue
        if _belongs_to_what_is_done(reading, start, match.start()) or _SINCE.search(text, start, match.start()):
            continue
        day = read_day(match)
        if day is not None and (when := day.resolve(changed)) is not None:
            yield match.start(), day.end, when


def _belongs_to_what_is_done(reading: Reading, start: int, place: int) -> bool:
    """Tell whether a participle stands before: « les dossiers déposés le 3 mars seront examinés »."""
    before = _written(reading, start, place).rstrip(" \u00a0\u202f,:")
    return bool(_PARTICIPLE.search(before)) and not _PASSIVE.search(before)

