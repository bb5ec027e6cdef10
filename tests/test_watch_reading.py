"""When feeds are read, and what their answers change."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from rseaudit.config.settings import WatchSettings
from rseaudit.model import Feed, FeedState
from rseaudit.watch import feeds
from rseaudit.watch.reading import Absorbed, FetchedFeed, absorb, collect, conditions, plan
from rseaudit.watch.schedule import LONGEST, next_check

DATA = Path(__file__).parent / "data" / "feeds"
NOW = datetime(2026, 10, 26, 8, tzinfo=UTC)
URL = "https://lettre.example.org/feed"
FEED = Feed(url=URL, name="La Lettre")
STATE = FeedState(url=URL, name="La Lettre")
SETTINGS = WatchSettings()
HOUR = timedelta(hours=1)
BODY = (DATA / "rss20.xml").read_bytes()


def pause(headers=None, *, ttl=None, errors=0) -> timedelta:
    return next_check(NOW, interval=HOUR, ttl_minutes=ttl, headers=headers or {}, errors=errors) - NOW


def answer(state=STATE, *, status=200, headers=None, body=BODY, known=(), now=NOW, **more) -> Absorbed:
    fetched = FetchedFeed(url=URL, status=status, headers=headers or {}, body=body, **more)
    parsed = feeds.parse(body, url=URL) if body is not None and status == 200 else None
    return absorb(state, fetched, parsed, feed=FEED, known=known, now=now, settings=SETTINGS)


@pytest.mark.parametrize(
    ("headers", "ttl", "hours"),
    [
        ({}, None, 1),
        ({}, 180, 3),
        ({}, 10, 1),
        ({"cache-control": "public, max-age=7200"}, None, 2),
        ({"cache-control": "no-cache, max-age=7200"}, None, 1),
        ({"cache-control": "max-age=soon"}, None, 1),
        ({"expires": "Mon, 26 Oct 2026 13:00:00 GMT", "date": "Mon, 26 Oct 2026 09:00:00 GMT"}, None, 4),
        ({"expires": "0"}, None, 1),
        ({"retry-after": "18000"}, 120, 5),
        ({"retry-after": "Mon, 26 Oct 2026 14:00:00 GMT"}, None, 6),
        ({"retry-after": "-3"}, None, 1),
    ],
)
def test_the_longest_pause_that_is_asked_for_counts(headers, ttl, hours):
    assert pause(headers, ttl=ttl) == hours * HOUR


def test_errors_double_the_pause_up_to_a_day_and_nothing_lasts_longer_than_a_month():
    assert [pause(errors=errors) / HOUR for errors in (1, 2, 4, 9)] == [2, 4, 16, 24]
    assert pause({"cache-control": "max-age=" + "9" * 30}) == LONGEST


def test_a_feed_is_due_at_its_hour_and_never_once_retired():
    waiting = replace(STATE, next_check=NOW + HOUR)
    assert plan([FEED], {}, NOW) == (replace(STATE, url=URL),)
    assert plan([FEED], {URL: waiting}, NOW) == ()
    assert plan([FEED], {URL: waiting}, NOW + HOUR) == (waiting,)
    assert plan([FEED], {URL: replace(STATE, state="retired")}, NOW) == ()


def test_validators_go_back_as_they_came():
    headers = {"ETag": 'W/"a b"', "Last-Modified": "Mon, 26 Oct 2026 07:00:00 GMT"}
    state = answer(headers=headers).state
    assert conditions(state) == {"If-None-Match": 'W/"a b"', "If-Modified-Since": "Mon, 26 Oct 2026 07:00:00 GMT"}
    assert conditions(STATE) == {}


def test_a_first_answer_gives_its_entries_and_a_second_only_what_is_new():
    first = answer()
    assert [entry.id for entry in first.entries] == [
        "lettre-1",
        "https://lettre.example.org/sans-date",
        "https://lettre.example.org/fr-date",
    ]
    assert {entry.lang for entry in first.entries} == {"fr-FR"}
    assert first.state.first_fetch == first.state.last_ok == NOW
    assert first.state.next_check == NOW + 6 * HOUR
    again = answer(first.state, known={"lettre-1", "https://lettre.example.org/sans-date"}, now=NOW + 7 * HOUR)
    assert [entry.id for entry in again.entries] == ["https://lettre.example.org/fr-date"]
    assert again.state.first_fetch == NOW


def test_not_modified_keeps_the_validators_it_does_not_renew():
    state = replace(STATE, etag='"1"', last_modified="Mon, 19 Oct 2026 07:00:00 GMT", errors=2, last_problem="x")
    result = answer(state, status=304, body=None, headers={"Last-Modified": "Tue, 20 Oct 2026 07:00:00 GMT"})
    assert (result.state.etag, result.state.last_modified) == ('"1"', "Tue, 20 Oct 2026 07:00:00 GMT")
    assert (result.state.errors, result.state.last_problem, result.entries) == (0, None, ())


def test_the_second_equal_permanent_redirect_in_a_row_moves_the_feed_and_keeps_its_name():
    target = "https://nouveau.example.org/feed"
    once = answer(permanent_redirect=target).state
    assert (once.address, once.moved_to, once.moved_times) == (None, target, 1)
    twice = answer(once, permanent_redirect=target).state
    assert (twice.url, twice.address, twice.moved_times) == (URL, target, 0)
    assert answer(answer(once).state, permanent_redirect=target).state.address is None
    assert answer(once, permanent_redirect="https://autre.example.org/").state.moved_times == 1


def test_a_redirect_to_a_page_moves_nothing():
    once = answer(permanent_redirect="https://x.example.org/").state
    page = answer(once, permanent_redirect="https://x.example.org/", body=(DATA / "page.html").read_bytes())
    assert page.state.address is None
    assert page.problem is not None


def test_gone_retires_the_feed():
    result = answer(status=410, body=None)
    assert result.state.state == "retired"
    assert result.problem is not None


def test_not_found_is_counted_and_becomes_suspect_after_a_week():
    state = answer().state
    for day in range(1, 9):
        state = answer(state, status=404, body=None, now=NOW + timedelta(days=day)).state
        assert state.state == ("suspect" if day >= 7 else "active")
    assert state.errors == 8
    assert answer(state, now=NOW + timedelta(days=9)).state.state == "active"


def test_a_body_that_cannot_be_read_keeps_the_old_validators_so_that_it_is_asked_again():
    state = replace(answer(headers={"ETag": '"1"'}).state, name="La Lettre")
    broken = answer(state, headers={"ETag": '"2"'}, body=b"oops")
    assert (broken.state.etag, broken.state.body_hash) == ('"1"', state.body_hash)
    assert broken.state.errors == 1


@pytest.mark.parametrize("status", [429, 503])
def test_a_server_that_asks_us_to_wait_is_obeyed(status):
    result = answer(status=status, body=None, headers={"Retry-After": "86400"})
    assert result.state.next_check == NOW + timedelta(days=1)


def test_no_answer_is_a_problem_of_that_feed_only():
    other = Feed(url="https://rdf.example.org/feed", name="RDF")
    fetched = [
        FetchedFeed(url=URL, status=0, headers={}, error="DNS"),
        FetchedFeed(url=other.url, status=200, headers={}, body=(DATA / "rdf.xml").read_bytes()),
    ]
    failed, read = collect(fetched, {URL: FEED, other.url: other}, {}, {}, now=NOW, settings=SETTINGS)
    assert failed.problem is not None
    assert failed.problem.params == {"cause": "DNS"}
    assert [entry.id for entry in read.entries] == ["https://rdf.example.org/1"]
    assert read.state.name == "RDF"
    unchanged = collect(fetched[1:], {other.url: other}, {other.url: read.state}, {}, now=NOW, settings=SETTINGS)
    assert (unchanged[0].entries, unchanged[0].problem) == ((), None)
