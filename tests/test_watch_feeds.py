"""Feed documents of each format, whole and broken."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rseaudit.watch import feeds
from rseaudit.watch.parsed import ParsedFeed
from rseaudit.watch.workers import FeedBody, body_hash, parse_all

DATA = Path(__file__).parent / "data" / "feeds"


def parse(name: str, *, content_type: str | None = None, max_entries: int = 2000) -> ParsedFeed:
    url = "https://lettre.example.org/feed"
    return feeds.parse((DATA / name).read_bytes(), url=url, content_type=content_type, max_entries=max_entries)


def test_rss_2_gives_plain_text_absolute_links_dates_and_the_pause_it_asks_for():
    feed = parse("rss20.xml")
    first = feed.entries[0]
    assert (feed.format, feed.title, feed.lang) == ("rss20", "La Lettre du collaboratif", "fr-FR")
    assert feed.ttl_minutes == 360
    assert first.guid == "lettre-1"
    assert first.title == "Le réseau social d’entreprise revient & s’ouvre"
    assert first.url == "https://lettre.example.org/2026/10/rse?utm_source=rss&utm_medium=feed&p=12"
    assert first.summary == "Premier paragraphe : l’intranet.\n\nSecond paragraphe."
    assert first.published == datetime(2026, 10, 19, 8, tzinfo=UTC)
    assert first.author == "Inès Morel"
    assert (feed.problem, feed.note, feed.dropped) == (None, None, 0)


def test_a_missing_date_is_unknown_and_a_french_one_is_read():
    _, undated, french = parse("rss20.xml").entries
    assert (undated.published, undated.published_raw) == (None, None)
    assert french.published == datetime(2026, 10, 20, 8, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "kind", "title", "entry"),
    [
        ("rss091.xml", "rss091u", "Vieux fil", "Première nouvelle"),
        ("atom.xml", "atom10", "Digital workplace", "Offline-first & deskless workers"),
        ("rdf.xml", "rss10", "Fil RDF", "Un wiki pour tous"),
        ("feed.json", "json1.1", "Carnet mobile", "Passkeys sur le terrain"),
    ],
)
def test_each_format_is_read(name, kind, title, entry):
    feed = parse(name)
    assert feed.problem is None
    assert (feed.format, feed.title, feed.entries[0].title) == (kind, title, entry)


def test_atom_keeps_the_day_of_publication_and_resolves_its_base():
    entry = parse("atom.xml").entries[0]
    assert entry.published == datetime(2026, 10, 19, 7, tzinfo=UTC)
    assert entry.url == "https://atom.example.org/blog/posts/offline"
    assert entry.summary == "Frontline apps work offline."


def test_json_feed_accepts_a_number_as_id_and_says_what_it_left_out():
    feed = parse("feed.json", content_type="application/feed+json")
    first, second = feed.entries
    assert (first.guid, first.url) == ("7", "https://lettre.example.org/notes/7")
    assert first.summary == "Les équipes de terrain."
    assert first.author == "Luc, Mia"
    assert first.published == datetime(2026, 10, 20, 6, tzinfo=UTC)
    assert (second.title, second.published, second.published_raw) == ("", None, "hier")
    assert feed.note is not None
    assert feed.note.params == {"count": 1}


@pytest.mark.parametrize(
    "body",
    [b"{", b'{"version": "2"}', b'{"version": "https://jsonfeed.org/version/1"}', b"{" * 100_000, b'{"a": "\xff"}'],
)
def test_json_that_is_no_feed_is_a_problem(body):
    feed = feeds.parse(body, url="https://x.example.org/")
    assert feed.problem is not None
    assert feed.entries == ()


def test_a_valid_feed_without_entries_is_fine():
    feed = parse("empty.xml")
    assert (feed.problem, feed.note, feed.entries, feed.title) == (None, None, (), "Bientôt")


def test_a_truncated_feed_gives_its_whole_entries_and_a_note():
    feed = parse("truncated.xml")
    assert [entry.title for entry in feed.entries[:2]] == ["Entier", "Aussi entier"]
    assert feed.problem is None
    assert feed.note is not None


def test_latin_1_declared_as_utf_8_is_read():
    assert parse("latin1-as-utf8.xml").entries[0].title == "L'été à distance"


def test_entities_neither_explode_nor_read_files():
    laughs, external = parse("billion-laughs.xml"), parse("external-entity.xml")
    assert laughs.problem is not None
    assert laughs.entries == ()
    assert "top-secret" not in external.entries[0].title


def test_a_page_is_named_as_such_with_the_feed_it_announces():
    problem = parse("page.html", content_type="text/html").problem
    assert problem is not None
    assert problem.params == {"address": "https://lettre.example.org/blog/rss.xml"}


@pytest.mark.parametrize("body", [b"", b"   ", b"bonjour", b"\x00\x01\x02", b"<rss", b"%PDF-1.4"])
def test_what_is_no_feed_is_a_problem(body):
    assert feeds.parse(body, url="https://x.example.org/").problem is not None


def test_other_xml_is_a_problem():
    assert parse("other-xml.xml").problem is not None


def test_a_text_that_looks_like_an_address_or_a_file_is_never_opened():
    feed = feeds.parse(str(DATA / "rss20.xml").encode(), url="https://x.example.org/")
    assert feed.entries == ()
    assert feed.problem is not None


def test_only_the_newest_entries_are_kept_and_the_rest_is_counted():
    items = "".join(
        f"<item><guid>{day}</guid><pubDate>{day:02d} Oct 2026 08:00:00 GMT</pubDate></item>" for day in range(1, 21)
    )
    body = f'<rss version="2.0"><channel><title>t</title>{items}</channel></rss>'.encode()
    feed = feeds.parse(body, url="https://x.example.org/", max_entries=3)
    assert [entry.guid for entry in feed.entries] == ["18", "19", "20"]
    assert feed.dropped == 17


def test_a_guid_stays_as_it_is_written_and_is_a_link_only_when_it_looks_like_one():
    items = "<item><guid>note-7</guid></item><item><guid>https://x.example.org/8</guid></item>"
    body = f'<rss version="2.0"><channel><title>t</title>{items}</channel></rss>'.encode()
    name, address = feeds.parse(body, url="https://x.example.org/feed").entries
    assert (name.guid, name.url) == ("note-7", None)
    assert (address.guid, address.url) == ("https://x.example.org/8", "https://x.example.org/8")


def test_a_script_is_no_link():
    items = "<item><title>a</title><link>javascript:alert(1)</link></item>"
    body = f'<rss version="2.0"><channel><title>t</title>{items}</channel></rss>'.encode()
    assert feeds.parse(body, url="https://x.example.org/feed").entries[0].url is None


def test_a_body_that_is_too_big_is_refused():
    assert feeds.parse(b" " * (feeds.MAX_BYTES + 1), url="https://x.example.org/").problem is not None


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300), st.integers(0, 1200))
def test_no_damage_to_a_feed_raises(noise, position):
    body = (DATA / "rss20.xml").read_bytes()
    feed = feeds.parse(body[:position] + noise + body[position + 40 :], url="https://x.example.org/")
    assert feed.problem is not None or feed.format


def test_workers_answer_in_order_and_do_not_parse_a_known_body():
    known = (DATA / "atom.xml").read_bytes()
    bodies = [
        FeedBody(url="a", body=(DATA / "rss20.xml").read_bytes()),
        FeedBody(url="b", body=known, known_hash=body_hash(known)),
        FeedBody(url="c", body=(DATA / "page.html").read_bytes()),
        FeedBody(url="d", body=(DATA / "rdf.xml").read_bytes(), known_hash="other"),
    ]
    results = parse_all(bodies)
    assert [result.url for result in results] == ["a", "b", "c", "d"]
    assert [len(result.entries) for result in results] == [3, 0, 0, 1]
    assert [result.unchanged for result in results] == [False, True, False, False]
    assert results[2].problem is not None


def test_a_feed_that_takes_too_long_is_killed_and_the_next_is_read():
    slow = b"<rss version='2.0'><channel>" + b"<item><title>x</title><description>a</description></item>" * 200_000
    bodies = [FeedBody(url="slow", body=slow), FeedBody(url="next", body=(DATA / "rdf.xml").read_bytes())]
    slow_one, next_one = parse_all(bodies, seconds=4)
    assert slow_one.problem is not None
    assert slow_one.problem.params == {"seconds": 4}
    assert len(next_one.entries) == 1


def test_no_body_starts_no_process():
    assert parse_all([]) == ()
