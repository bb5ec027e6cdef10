from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rseaudit.crawl.dates import parse

PARIS = ZoneInfo("Europe/Paris")


@pytest.mark.parametrize(
    ("written", "instant"),
    [
        ("2026-03-15T09:30:00Z", "2026-03-15T09:30:00+00:00"),
        ("2026-03-15T09:30:00.123+0100", "2026-03-15T09:30:00.123000+01:00"),
        ("2026-03-15 09:30:00 UTC", "2026-03-15T09:30:00+00:00"),
        ("2026-03-15 09:30", "2026-03-15T09:30:00+01:00"),
        ("2026-03-15", "2026-03-15T00:00:00+01:00"),
        ("20260315T093000Z", "2026-03-15T09:30:00+00:00"),
        ("1710495000", "2024-03-15T09:30:00+00:00"),
        ("1710495000000", "2024-03-15T09:30:00+00:00"),
        ("Sun, 15 Mar 2026 09:30:00 +0200", "2026-03-15T09:30:00+02:00"),
        ("Sun, 15 Mar 2026 09:30:00 GMT", "2026-03-15T09:30:00+00:00"),
        ("15 mars 2026 à 9h30", "2026-03-15T09:30:00+01:00"),
        ("Publié le dimanche 15 mars 2026 à 9 h 30 par Léa", "2026-03-15T09:30:00+01:00"),
        ("1er avril 2025", "2025-04-01T00:00:00+02:00"),
        ("1er août 2025, 14:05", "2025-08-01T14:05:00+02:00"),
        ("2 févr. 2026", "2026-02-02T00:00:00+01:00"),
        ("31 DÉCEMBRE 2025 à 23:59:58", "2025-12-31T23:59:58+01:00"),
        ("15\u00a0mars\u00a02026", "2026-03-15T00:00:00+01:00"),
        ("15/03/2026", "2026-03-15T00:00:00+01:00"),
        ("03/04/2026 18h", "2026-04-03T18:00:00+02:00"),
        ("15.03.26", "2026-03-15T00:00:00+01:00"),
        ("March 15, 2026 9:30 PM", "2026-03-15T21:30:00+01:00"),
        ("Modifié le 2 mai 2026, publié le 1er mai 2026", "2026-05-02T00:00:00+02:00"),
    ],
)
def test_what_pages_print_is_read(written, instant):
    assert parse(written, PARIS) == datetime.fromisoformat(instant)


@pytest.mark.parametrize(
    "written",
    ["", "hier", "2026", "mars 2026", "31/02/2026", "3/15/2026", "0000-00-00", "0001-01-01T00:00:00Z", "0", "lundi",
     "9h30", "99999999999999", "1.2.3", "12 345 678 vues", "15/03/2026/7", "192.168.10.12"],
)  # fmt: skip
def test_what_is_not_surely_a_date_is_unknown(written):
    assert parse(written, PARIS) is None


def test_a_local_time_is_in_the_source_zone():
    assert parse("15/07/2026 12:00", PARIS) == datetime(2026, 7, 15, 10, tzinfo=UTC)
    assert parse("15/07/2026 12:00", ZoneInfo("Indian/Reunion")) == datetime(2026, 7, 15, 8, tzinfo=UTC)


def test_the_answer_keeps_a_plain_offset():
    assert parse("15/07/2026", PARIS).tzinfo == timezone(timedelta(hours=2))


@given(st.text(alphabet=st.characters(codec="utf-8")) | st.text(alphabet="0123456789-/.:hTZ+ àmarsvil"))
def test_any_text_gives_an_aware_instant_or_nothing(text):
    instant = parse(text, PARIS)

    assert instant is None or instant.utcoffset() is not None


@given(st.dates(min_value=date(1980, 1, 1), max_value=date(2100, 12, 31)), st.times())
def test_an_iso_date_is_read_back_exactly(day, time):
    instant = datetime.combine(day, time, tzinfo=UTC)

    assert parse(instant.isoformat(), PARIS) == instant


@given(st.dates(min_value=date(1980, 1, 1), max_value=date(2100, 12, 31)))
def test_a_day_written_the_french_way_is_that_day(day):
    assert parse(f"{day:%d/%m/%Y}", UTC).date() == day
