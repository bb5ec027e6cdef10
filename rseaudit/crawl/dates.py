"""Read the dates that pages print: machine forms, mail headers, French and English prose.

``None`` is the answer to everything that is not surely one instant or day; nothing raises.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from email.utils import parsedate_to_datetime

from rseaudit.text import fold

# Zero dates (epoch 0, year 1, 0000-00-00) stand for "unknown" in many databases.
_FIRST_YEAR, _LAST_YEAR = 1980, 2100
_LONGEST = 400
_MONTH_NAMES = (
    "janvier janv jan january",
    "fevrier fevr fev february feb",
    "mars mar march",
    "avril avr april apr",
    "mai may",
    "juin june jun",
    "juillet juil july jul",
    "aout august aug",
    "septembre sept sep september",
    "octobre oct october",
    "novembre nov november",
    "decembre dec december",
)
_MONTHS = {name: number for number, names in enumerate(_MONTH_NAMES, 1) for name in names.split()}
_MONTH = r"(?P<month>" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\b\.?"
_TIME = (
    r"(?:\s*(?:,|-|\||a|at|de)?\s*(?P<hour>\d{1,2})\s*(?:h(?:eures?)?\b|h(?=\d)|:)\s*(?P<minute>\d{2})?"
    r"(?:\s*(?::|min|m)\s*(?P<second>\d{2})?)?\s*(?P<half>[ap]\.?m\b)?)?"
)
_NUMBER = re.compile(r"-?\d{9,14}(?:\.\d+)?")
_COMPACT = re.compile(r"(?:19|20)\d{6}(?:T?\d{6}Z?)?")
_ISO = re.compile(
    r"(?<![\d-])\d{4}-\d{2}-\d{2}"
    r"(?:[T ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?\s?(?:Z\b|UTC\b|GMT\b|[+-]\d{2}:?\d{2}\b)?)?(?![\d-])",
    re.IGNORECASE,
)
_MAIL = re.compile(
    r"(?:[A-Z][a-z]{2},\s*)?\d{1,2}[ -][A-Z][a-z]{2}[ -]\d{2,4} \d{2}:\d{2}(?::\d{2})? (?:[A-Z]{2,4}|[+-]\d{4})"
)
_PROSE = (
    re.compile(
        rf"(?<!\d)(?P<day>\d{{1,2}})(?:\s*er|st|nd|rd|th)?[\s-]+{_MONTH},?[\s-]*(?P<year>\d{{4}})(?!\d)" + _TIME
    ),
    re.compile(rf"\b{_MONTH}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>\d{{4}})(?!\d)" + _TIME),
    re.compile(
        r"(?<![\d/.-])(?P<day>\d{1,2})(?P<sign>[/.-])(?P<month>\d{1,2})(?P=sign)(?P<year>\d{4}|\d{2})(?![\d/-]|\.\d)"
        + _TIME
    ),
)


def parse(value: str, zone: tzinfo) -> datetime | None:
    """Return the aware instant that ``value`` says; local times without offset are in ``zone``.

    ISO 8601, seconds or milliseconds since 1970, RFC 2822, "15 mars 2026 à 9h30", "1er avril 2025",
    "15/03/2026" (day first), "March 15, 2026"; words around it are passed over. A day alone is its
    first instant. Relative dates ("hier") are not read: they need to know when they were written.
    """
    try:
        return _parse(value.strip(), zone)
    except (ValueError, OverflowError, OSError, TypeError, IndexError):
        return None


def _parse(value: str, zone: tzinfo) -> datetime | None:
    if not value or len(value) > _LONGEST:
        return None
    if _COMPACT.fullmatch(value):
        return _sane(datetime.fromisoformat(value), zone)
    if _NUMBER.fullmatch(value):
        number = float(value)
        return _sane(
            datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=number / 1000 if abs(number) >= 1e11 else number), zone
        )
    if found := _MAIL.search(value):
        instant = parsedate_to_datetime(found.group())
        return _sane(instant if instant.tzinfo else instant.replace(tzinfo=UTC), zone)
    if found := _ISO.search(value):
        iso = re.sub(r"\s?(?:UTC|GMT|Z)$", "+00:00", found.group().replace(",", "."), flags=re.IGNORECASE)
        return _sane(datetime.fromisoformat(re.sub(r"\s(?=[+-]\d{2}:?\d{2}$)", "", iso)), zone)
    text = fold(value)
    found_prose = [found for pattern in _PROSE if (found := pattern.search(text))]
    return _prose(min(found_prose, key=lambda found: found.start()), zone) if found_prose else None


def _prose(found: re.Match[str], zone: tzinfo) -> datetime | None:
    month, year = found["month"], found["year"]
    hour = int(found["hour"] or 0)
    if half := found["half"]:
        hour = hour % 12 + (12 if half[0] == "p" else 0)
    day = datetime(  # noqa: DTZ001 - the zone is given by ``_sane``
        int(year) + (2000 if len(year) == 2 else 0),
        int(month) if month.isdigit() else _MONTHS[month],
        int(found["day"]),
        hour,
        int(found["minute"] or 0),
        int(found["second"] or 0),
    )
    return _sane(day, zone)


def _sane(instant: datetime, zone: tzinfo) -> datetime | None:
    if instant.tzinfo is None:
        instant = instant.replace(tzinfo=zone)
    if not _FIRST_YEAR <= instant.year <= _LAST_YEAR:
        return None
    offset = instant.utcoffset()
    # A fixed offset says the same on every machine, whatever its zone data.
    return instant.replace(tzinfo=timezone(offset)) if offset is not None else None
