"""Days written in French: « 15 mars 2026 », « 1er avril », « 15/03/2026 », « 2026-03-15 »."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

_NAMES = "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre"
_SHORT = {"janv": 1, "fevr": 2, "fev": 2, "avr": 4, "juil": 7, "sept": 9, "oct": 10, "nov": 11, "dec": 12}
# Without accents, as in the normalised text.
MONTHS = {name: number for number, name in enumerate(_NAMES.split(), start=1)} | _SHORT
WEEKDAY = r"(?:(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)s?,?\s+)?"
MONTH = "|".join(sorted(MONTHS, key=lambda name: (-len(name), name)))
_YEAR = r"(?:19|20)\d\d"
# Over the normalised text. Day and month in figures alone may be a fraction: « les 2/3 de la salle ».
DATE = (
    rf"(?:{WEEKDAY}(?P<d>\d{{1,2}})\s?(?:er)?\s+(?P<m>{MONTH})\b\.?(?:\s+(?P<y>{_YEAR})\b)?"
    rf"|{WEEKDAY}(?P<nd>\d{{1,2}})(?P<sign>[/.-])(?P<nm>\d{{1,2}})(?P=sign)(?P<ny>{_YEAR}|\d\d)(?![\d/.-]*\d)"
    rf"|{WEEKDAY}(?P<fd>\d{{1,2}})/(?P<fm>\d{{1,2}})(?![\d/.-]*\d)(?!\s+d(?:e|u|es)\b)"
    rf"|(?P<iy>{_YEAR})-(?P<im>\d\d)-(?P<id>\d\d)(?!\d))"
)
_FORMS = (("d", "m", "y"), ("nd", "nm", "ny"), ("fd", "fm", None), ("id", "im", "iy"))
_ALONE = re.compile(r"(?<![\w/.-])" + DATE)


@dataclass(frozen=True, slots=True)
class Day:
    """A day as written; ``year`` is ``None`` when the text leaves it out. Places are normalised ones."""

    start: int
    end: int
    day: int
    month: int
    year: int | None

    def resolve(self, base: date | None) -> date | None:
        """Return the date meant; without a year, the first such day on or after ``base``.

        ``None`` for a day that does not exist, or without year and base.
        """
        if self.year is not None:
            return _date(self.year, self.month, self.day)
        if base is None:
            return None
        # Eight years hold a 29 February, whatever the base.
        candidates = (_date(base.year + ahead, self.month, self.day) for ahead in range(9))
        return next((day for day in candidates if day is not None and day >= base), None)


def read_day(match: re.Match[str]) -> Day | None:
    """Return the day that the groups of ``DATE`` hold; ``None`` for the 45th or a thirteenth month."""
    groups = match.groupdict()
    for day, month, year in _FORMS:
        if (written := groups[day]) is None:
            continue
        name = groups[month]
        number = int(name) if name.isdigit() else MONTHS[name]
        given = None if year is None else groups[year]
        full = None if given is None else int(given) + (2000 if len(given) == 2 else 0)
        start = match.start(year if year == "iy" else day)
        end = max(match.end(part) for part in (day, month, year) if part is not None)
        # 2024 was a leap year: 29 February may stand without a year.
        return Day(start, end, int(written), number, full) if _date(full or 2024, number, int(written)) else None
    return None


def days(normalised: str) -> Iterator[Day]:
    """Yield the days written in a normalised text, in order."""
    for match in _ALONE.finditer(normalised):
        if (day := read_day(match)) is not None:
            yield day


def last_of_month(year: int, month: int) -> date:
    """Return the last day of a month."""
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
