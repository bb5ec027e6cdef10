"""The instant of an audit, which notes until when what it answered stays true."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta


@dataclass(frozen=True, slots=True)
class Until:
    """An answer holds before ``instant``.

    With ``offset_s`` it tells of calendar days, which begin elsewhere at another instant: it holds only
    where the clock is so many seconds ahead of UTC.
    """

    instant: datetime
    offset_s: int | None = None

    def holds(self, now: datetime) -> bool:
        """Tell whether the same question would be answered alike at ``now``, which is not earlier."""
        return now < self.instant and self.offset_s in (None, _offset(now))


class Today:
    """Answers the questions about time that a rule may ask; a rule has no other clock.

    Time only goes on, so "it is over" holds for ever and "not yet" holds until that instant.
    """

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._until: Until | None = None

    def days_since(self, instant: datetime) -> int:
        """Return the whole days since an instant, never negative; they hold until the next one is full."""
        days = max(0, (self._now - instant).days)
        self._note(Until(_after(instant, days + 1)))
        return days

    def is_older(self, instant: datetime, days: int) -> bool:
        """Tell whether more than so many whole days have passed since an instant."""
        if (self._now - instant).days > days:
            return True
        self._note(Until(_after(instant, days + 1)))
        return False

    def is_past(self, day: date) -> bool:
        """Tell whether a day is over, where the audit is made."""
        today = self._now.date()
        self._note(self._end_of(max(day, today)))
        return day < today

    def days_past(self, day: date) -> int:
        """Return how many days ago a day was."""
        self._note(self._end_of(self._now.date()))
        return (self._now.date() - day).days

    def noted(self) -> Until | None:
        """Return until when all answers hold that were given since this was last asked; ``None``: for good."""
        until, self._until = self._until, None
        return until

    def _end_of(self, day: date) -> Until:
        return Until(_after(datetime.combine(day, time(), tzinfo=self._now.tzinfo), 1), _offset(self._now))

    def _note(self, until: Until) -> None:
        known = self._until
        if known is None:
            self._until = until
        else:
            offset = known.offset_s if until.offset_s is None else until.offset_s
            self._until = Until(min(known.instant, until.instant), offset)


def _after(instant: datetime, days: int) -> datetime:
    try:
        return instant + timedelta(days=days)
    except OverflowError:  # platforms write 9999 for "never"
        return datetime.max.replace(tzinfo=instant.tzinfo)


def _offset(now: datetime) -> int:
    offset = now.utcoffset()
    return 0 if offset is None else int(offset.total_seconds())
