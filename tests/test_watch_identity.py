"""Ids, addresses and dates of entries."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rseaudit.model import Feed
from rseaudit.watch import feeds
from rseaudit.watch.identity import canonical_url, content_hash, entries, entry_ids, sane_date
from rseaudit.watch.parsed import RawEntry

NOW = datetime(2026, 10, 26, 8, tzinfo=UTC)
WEEK = timedelta(days=7)
FEED = Feed(url="https://f.example.org/rss", name="F", lang="fr")


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("HTTPS://News.Example.ORG:443/a?utm_source=x&id=3#top", "https://news.example.org/a?id=3"),
        ("http://127.0.0.1:8080/a?fbclid=1", "http://127.0.0.1:8080/a"),
        ("https://x.example.org", "https://x.example.org/"),
        ("https://x.example.org/é t", "https://x.example.org/%C3%A9%20t"),
        ("https://x.example.org/?q=a+b%20c", "https://x.example.org/?q=a+b%20c"),
        ("https://[2001:DB8::1]/a", "https://[2001:db8::1]/a"),
        ("mailto:x@example.org", "mailto:x@example.org"),
        ("http://[broken", "http://[broken"),
    ],
)
def test_addresses_are_compared_without_what_tells_nothing(url, canonical):
    assert canonical_url(url) == canonical


def test_http_and_https_stay_apart_and_a_parameter_that_only_looks_like_tracking_stays():
    assert canonical_url("http://x.example.org/a") != canonical_url("https://x.example.org/a")
    assert canonical_url("https://x.example.org/?reference=1") == "https://x.example.org/?reference=1"


@given(st.text(max_size=80))
def test_a_canonical_address_is_its_own_canonical_address(tail):
    url = canonical_url("https://x.example.org/" + tail)
    assert canonical_url(url) == url
    assert urlsplit(url).scheme == "https"


@pytest.mark.parametrize(
    "published", [None, datetime(1970, 1, 1, tzinfo=UTC), NOW + timedelta(days=2), datetime(2031, 1, 1, tzinfo=UTC)]
)
def test_a_date_that_cannot_be_true_is_the_day_we_saw_the_entry(published):
    assert sane_date(published, first_seen=NOW) == NOW


def test_a_date_a_few_hours_ahead_is_believed_and_a_naive_one_is_utc():
    assert sane_date(NOW + timedelta(hours=20), first_seen=NOW) == NOW + timedelta(hours=20)
    assert sane_date(datetime(2026, 10, 1, 5), first_seen=NOW) == datetime(2026, 10, 1, 5, tzinfo=UTC)  # noqa: DTZ001


def test_the_id_is_the_guid_else_the_link_else_what_is_said():
    ids = entry_ids(
        [
            RawEntry(guid="g", url="https://x.example.org/a", title="t"),
            RawEntry(url="https://x.example.org/b?utm_campaign=z", title="t"),
            RawEntry(title="Titre", summary="Texte"),
        ]
    )
    assert ids == ("g", "https://x.example.org/b", "hash:" + content_hash("titre", "TEXTE"))


def test_a_repeated_guid_stays_with_its_first_entry():
    body = (Path(__file__).parent / "data" / "feeds" / "repeated-guid.xml").read_bytes()
    ids = entry_ids(feeds.parse(body, url="https://r.example.org/feed").entries)
    assert ids == ("same", "same https://r.example.org/b", "same #2", "same #3")


items = st.builds(
    RawEntry,
    guid=st.sampled_from([None, "g", "h", "g #2"]),
    url=st.sampled_from([None, "https://x/a", "https://x/b"]),
    title=st.sampled_from(["", "t"]),
)


@given(st.lists(items, max_size=12))
def test_ids_of_one_document_are_all_different_and_an_addition_at_the_end_changes_none(raw):
    ids = entry_ids(raw)
    assert len(set(ids)) == len(raw)
    assert entry_ids([*raw, RawEntry(guid="g")])[: len(raw)] == ids


def test_what_is_older_than_the_period_is_backlog_at_the_first_fetch_only():
    raw = [
        RawEntry(guid="old", published=NOW - timedelta(days=8)),
        RawEntry(guid="new", published=NOW - timedelta(days=2)),
        RawEntry(guid="undated"),
    ]
    first = entries(raw, FEED, now=NOW, first_fetch=True, period=WEEK)
    later = entries(raw, FEED, now=NOW, first_fetch=False, period=WEEK)
    assert [entry.backlog for entry in first] == [True, False, False]
    assert not any(entry.backlog for entry in later)
    assert first[2].published == first[2].first_seen == NOW
