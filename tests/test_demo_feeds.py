"""The invented press of the demonstration: valid documents, wanted trouble, labels that lead somewhere."""

from __future__ import annotations

import json
import re
import tomllib
from datetime import UTC, datetime, timedelta
from importlib.resources import files

import feedparser
import pytest
from lxml import etree

from rseaudit.demo.feeds import DemoEntry, DemoFeed, load_feeds, render

FEEDS = load_feeds()
BY_KEY = {f"{feed.key}/{entry.key}": entry for feed in FEEDS for entry in feed.entries}
EXPECTED = tomllib.loads((files("rseaudit.demo") / "content/feeds/expected.toml").read_text("utf-8"))
CLOCK: datetime = EXPECTED["clock"]
XML_FEEDS = [feed for feed in FEEDS if feed.format != "json"]
VERSIONS = {"rss": "rss20", "atom": "atom10", "rdf": "rss10"}


def named(feed: DemoFeed) -> str:
    return feed.key


def trouble(kind: str) -> list[DemoEntry]:
    (table,) = (t for t in EXPECTED["trouble"] if t["kind"] == kind)
    return [BY_KEY[name] for name in table["entries"]]


def feed_named(key: str) -> DemoFeed:
    (feed,) = (feed for feed in FEEDS if feed.key == key)
    return feed


def labelled() -> list[str]:
    relevant = EXPECTED["relevant"].values()
    return [*EXPECTED["noise"], *EXPECTED["borderline"], *sorted({name for names in relevant for name in names})]


def test_all_four_formats_and_both_languages_are_there() -> None:
    assert {feed.format for feed in FEEDS} == {"rss", "atom", "rdf", "json"}
    assert [feed.lang for feed in FEEDS].count("en") == 2
    assert len(FEEDS) == 8


def test_the_press_covers_twelve_weeks_with_two_fifths_of_noise() -> None:
    dates = [entry.appears for entry in BY_KEY.values()]
    assert len(BY_KEY) >= 160
    assert min(dates).date().isoformat() == "2026-08-31"
    assert max(dates).date().isoformat() == "2026-11-22"
    assert len({date.isocalendar()[1] for date in dates}) == 12
    assert 0.35 <= len(EXPECTED["noise"]) / len(BY_KEY) <= 0.45


@pytest.mark.parametrize("feed", FEEDS, ids=named)
def test_every_host_is_reserved_for_examples(feed: DemoFeed) -> None:
    links = [entry.link for entry in feed.entries if not entry.link.startswith("javascript:")]
    assert feed.host.endswith(".example")
    assert all(re.match(r"https://[a-z.-]+\.example/", link) for link in links)


@pytest.mark.parametrize("feed", FEEDS, ids=named)
def test_summaries_have_the_length_of_a_lead(feed: DemoFeed) -> None:
    lengths = {e.key: len(re.findall(r"\w+", re.sub(r"<[^>]+>", " ", e.summary))) for e in feed.entries}
    assert {key: words for key, words in lengths.items() if not 28 <= words <= 95} == {}


@pytest.mark.parametrize("feed", XML_FEEDS, ids=named)
def test_a_feed_reader_finds_every_entry_in_order_and_no_defect(feed: DemoFeed) -> None:
    body, content_type = render(feed)

    read = feedparser.parse(body, response_headers={"content-type": content_type})

    assert not read["bozo"]
    assert read["version"] == VERSIONS[feed.format]
    assert read["feed"]["title"] == feed.title
    assert [entry["link"] for entry in read["entries"]] == [entry.link for entry in feed.entries]
    assert [entry.get("author") for entry in read["entries"]] == [entry.author or None for entry in feed.entries]


@pytest.mark.parametrize("feed", XML_FEEDS, ids=named)
def test_a_feed_reader_finds_the_dates_as_they_were_written(feed: DemoFeed) -> None:
    body, content_type = render(feed)

    read = feedparser.parse(body, response_headers={"content-type": content_type})

    # RSS 1.0 knows one date only, which feedparser calls that of the update.
    found = [entry.get("updated_parsed" if feed.format == "rdf" else "published_parsed") for entry in read["entries"]]
    wanted = [e.published.astimezone(UTC).timetuple()[:6] if e.published else None for e in feed.entries]
    assert [tuple(date)[:6] if date else None for date in found] == wanted


def test_the_json_feed_has_the_required_keys_and_every_entry() -> None:
    feed = feed_named("workplace-wire")

    body, content_type = render(feed)

    document = json.loads(body)
    assert content_type == "application/feed+json; charset=utf-8"
    assert document["version"] == "https://jsonfeed.org/version/1.1"
    assert [item["id"] for item in document["items"]] == [entry.guid for entry in feed.entries]
    assert all(("content_text" in item) != ("content_html" in item) for item in document["items"])
    assert all(datetime.fromisoformat(item["date_published"]).tzinfo for item in document["items"])


def test_the_rdf_channel_lists_its_items_as_rss_1_asks() -> None:
    root = etree.fromstring(render(feed_named("rh-horizon"))[0])
    names = {"rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#", "r": "http://purl.org/rss/1.0/"}

    listed = root.xpath("r:channel/r:items/rdf:Seq/rdf:li/@rdf:resource", namespaces=names)
    about = root.xpath("r:item/@rdf:about", namespaces=names)

    assert listed == about
    assert len(set(about)) == len(about) > 20


@pytest.mark.parametrize("feed", FEEDS, ids=named)
def test_rendering_twice_gives_the_same_bytes(feed: DemoFeed) -> None:
    (again,) = (other for other in load_feeds() if other.key == feed.key)
    assert render(again) == render(feed)


@pytest.mark.parametrize("feed", FEEDS, ids=named)
def test_entries_stand_newest_first_under_unique_keys(feed: DemoFeed) -> None:
    shown = [entry.appears for entry in feed.entries]
    assert shown == sorted(shown, reverse=True)
    assert len({entry.key for entry in feed.entries}) == len(feed.entries)


@pytest.mark.parametrize("feed", FEEDS, ids=named)
def test_a_feed_of_the_past_shows_only_what_had_appeared(feed: DemoFeed) -> None:
    then = CLOCK - timedelta(weeks=4)
    shown = [entry for entry in feed.entries if entry.appears <= then]

    body, _ = render(feed, until=then)

    text = body.decode()
    assert 0 < len(shown) < len(feed.entries)
    assert f"/{shown[0].key}" in text
    assert f"/{feed.entries[0].key}" not in text


def test_a_feed_without_entries_yet_is_still_a_valid_document() -> None:
    body, content_type = render(feed_named("poste-nomade"), until=datetime(2020, 1, 1, tzinfo=UTC))
    read = feedparser.parse(body, response_headers={"content-type": content_type})
    assert (read["bozo"], read["version"], read["entries"]) == (False, "atom10", [])


def test_every_entry_has_exactly_one_label() -> None:
    assert sorted(labelled()) == sorted(BY_KEY)


def test_every_name_in_the_expectations_is_an_entry() -> None:
    stories = [name for story in EXPECTED["story"] for name in (*story["entries"], *story.get("also", []))]
    signals = [name for signal in EXPECTED["weak_signal"] for name in signal["entries"]]
    terms = [name for kind in ("bursting", "rising") for part in ("entries", "before") for name in EXPECTED[kind][part]]
    assert set(stories) | set(signals) | set(terms) <= set(BY_KEY)
    assert len(stories) == len(set(stories)), "an entry belongs to one story"


def test_at_least_twelve_stories_are_told_by_two_to_four_feeds() -> None:
    feeds = [{name.split("/")[0] for name in story["entries"]} for story in EXPECTED["story"]]
    assert len(feeds) >= 12
    assert all(2 <= len(told_by) <= 4 for told_by in feeds)


def test_the_entries_of_a_story_appear_within_seven_days() -> None:
    for story in EXPECTED["story"]:
        dates = [BY_KEY[name].appears for name in story["entries"]]
        assert max(dates) - min(dates) <= timedelta(days=7), story["id"]


def test_the_bursting_term_is_told_by_many_in_the_last_week_and_hardly_before() -> None:
    burst, rise = EXPECTED["bursting"], EXPECTED["rising"]
    assert all(timedelta(0) <= CLOCK - BY_KEY[name].appears <= timedelta(days=7) for name in burst["entries"])
    assert len({name.split("/")[0] for name in burst["entries"]}) >= 5
    assert len(burst["before"]) <= 2
    assert len(burst["before"]) < len(rise["entries"]) < len(burst["entries"])


def test_a_weak_signal_is_new_rare_and_heard_in_two_places() -> None:
    for signal in EXPECTED["weak_signal"]:
        said_in = [n for n, e in BY_KEY.items() if signal["term"] in f"{e.title} {e.summary}".lower()]
        assert sorted(said_in) == sorted(signal["entries"])
        assert 2 <= len(said_in) <= 3
        assert len({name.split("/")[0] for name in said_in}) >= 2
        assert all(CLOCK - BY_KEY[name].appears <= timedelta(days=14) for name in said_in)


def test_the_wanted_trouble_is_in_the_documents() -> None:
    (undated,) = trouble("no-date")
    (future,) = trouble("future-date")
    first, second = trouble("repeated-guid")
    (nameless,) = trouble("no-guid")
    (script,) = trouble("script-link")
    assert undated.published is None
    assert future.published is not None
    assert future.published > CLOCK + timedelta(days=30)
    assert first.guid == second.guid
    assert first.link != second.link
    assert nameless.guid == ""
    assert script.link.startswith("javascript:")
    assert b"javascript:alert" in render(feed_named("dsi-matin"))[0]
    assert all("<" in entry.summary and "&" in entry.summary for entry in trouble("html"))
    assert all(re.search(r"[?&](utm_\w+|xtor)=", entry.link) for entry in trouble("tracked-link"))


def test_a_wire_copy_is_word_for_word_in_another_feed() -> None:
    for copy in trouble("verbatim"):
        said = [name for name, entry in BY_KEY.items() if (entry.title, entry.summary) == (copy.title, copy.summary)]
        assert len({name.split("/")[0] for name in said}) == 2
