"""Whether a French sentence tells the past, announces, or only supposes."""

from __future__ import annotations

import re

from rseaudit.audience.reading import Reading

_ENDS = (". ", "! ", "? ", "\n", "; ")
_REACH = 400
# Accents tell a participle from a noun and "a" from "à": these are searched in the text as written.
_PAST = re.compile(
    r"(?<!\w)(?:étai(?:t|ent|s)|avai(?:t|ent|s)|fut|furent|\w{3,}aient|\w{2,}èrent|\w{2,}irent"
    r"|(?!(?:par|bien|for)?fait\b|souhait\b|\w*trait\b|plait\b|connait\b|parait\b)\w{3,}ait"
    r"|(?:est|sont|suis|sommes|êtes) (?:bien |déjà |tous |toutes )?(?:resté|venu|revenu|devenu|arrivé|parti|allé|né"
    r"|entré|rentré|sorti|monté|descendu|tombé|retourné|passé|apparu)e?s?"
    r"|(?:a|ont|avons|ai) (?:bien |déjà |tous |toutes )?(?:été|eu|\w{2,}(?:é|[^aeo]u|i|is|it)e?s?))(?!\w)"
)
# A request outweighs the past in the same sentence: « le guide a changé, répondez avant le 3 mars ».
_REQUEST = re.compile(r"(?<!\w)(?<!vous )(?:merci d|veuillez|priere d|(?!chez|assez|nez|rez|avez|etes)[a-z]{2,}ez\b)")
_FUTURE = re.compile(
    r"(?<![\w'-])(?!(?:opera|camera|sierra|extra|infra|ultra|agora|diaspora|tiara|front|affront|mitra)\b)"
    r"[a-z]*(?:era|eront|irai?|iront|dra|dront|vra|vront|rra|rront|aura|auront|erons|erez|irons|irez)(?!\w)"
)
# A condition holds until the comma: « si vous partez avant le 3 mars, prévenez-nous » supposes the day.
_CONDITION = re.compile(
    r"(?<![\w'])(?:s'ils?|si (?!possible|besoin|necessaire|vous le souhaitez|ce n'est))[^,:.!?\n]*$"
)
_EXAMPLE = re.compile(r"(?<!\w)(?:par exemple|exemple ?:|ex\. ?:)")


def sentence_around(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the sentence around a place of a normalised text, cut at 400 signs on either side."""
    low, high = max(0, start - _REACH), end + _REACH
    begin = max((text.rfind(sign, low, start) for sign in _ENDS), default=-1)
    ends = [place for sign in _ENDS if (place := text.find(sign, end, high)) >= 0]
    return max(begin + 1, low), min(ends, default=min(high, len(text)))


def as_written(reading: Reading, start: int, end: int) -> str:
    """Return a piece of the normalised text as it was written, in lower case with plain apostrophes."""
    begin, stop = reading.normalised.original_span(start, end)
    return reading.text[begin:stop].lower().replace("’", "'")


def tells_the_past(reading: Reading, start: int, end: int) -> bool:
    """Tell whether a normalised sentence has a past tense and no request."""
    return bool(_PAST.search(as_written(reading, start, end))) and not _REQUEST.search(
        reading.normalised.text, start, end
    )


def announces(reading: Reading, start: int, end: int) -> bool:
    """Tell whether a normalised sentence has a verb in the future."""
    return _FUTURE.search(reading.normalised.text, start, end) is not None


def supposes(reading: Reading, start: int, place: int) -> bool:
    """Tell whether the place stands in a condition or an example that opened after ``start``."""
    before = reading.normalised.text[start:place]
    return _CONDITION.search(before) is not None or _EXAMPLE.search(before) is not None


def asks(reading: Reading, end: int) -> bool:
    """Tell whether the normalised sentence that ends there is a question."""
    return reading.normalised.text[max(0, end - 2) : end + 1].rstrip().endswith("?")
