"""A floor under the quality of the watch, on the labelled press of the demonstration.

Who labelled it wrote the watchlists too: a fall is a regression, a high figure proves little.
"""

import tomllib
from datetime import datetime
from importlib.resources import files
from itertools import combinations
from pathlib import Path

import pytest

from rseaudit.config import watchlist
from rseaudit.config.settings import WatchSettings
from rseaudit.demo.feeds import load_feeds, render
from rseaudit.model import Feed, FeedState
from rseaudit.watch import feeds
from rseaudit.watch.job import WatchResult, update
from rseaudit.watch.reading import FetchedFeed, absorb

CONTENT = files("rseaudit.demo") / "content" / "feeds"
EXPECTED = tomllib.loads((CONTENT / "expected.toml").read_text("utf-8"))
NOW: datetime = EXPECTED["clock"]
SETTINGS = WatchSettings()


@pytest.fixture(scope="module")
def seen() -> tuple[WatchResult, dict[tuple[str, str], str]]:
    """The result of one run over all feeds, and the name in ``expected.toml`` of each entry."""
    lists = watchlist.load_all(["enterprise-social", "mobility"], base=Path())
    vendors = watchlist.Watchlist.model_validate(tomllib.loads((CONTENT / "demo-vendors.toml").read_text("utf-8")))
    watched, entries, names = [], [], {}
    for source in load_feeds():
        feed = Feed(url=source.url, name=source.name, lang=source.lang, trust=source.trust)
        body, content_type = render(source)
        parsed = feeds.parse(body, url=feed.url, content_type=content_type)
        fetched = FetchedFeed(url=feed.url, status=200, headers={}, body=body)
        state = FeedState(url=feed.url, name=feed.name)
        absorbed = absorb(state, fetched, parsed, feed=feed, known=(), now=NOW, settings=SETTINGS)
        for entry, written in zip(absorbed.entries, source.entries, strict=True):
            names[entry.feed, entry.id] = f"{source.key}/{written.key}"
        watched.append(feed)
        entries.extend(absorbed.entries)
    return update(entries, watched, [*lists, vendors], now=NOW, settings=SETTINGS), names


def test_what_is_wanted_is_kept_and_noise_is_not(seen):
    result, names = seen
    kept = {
        names[item.entry.feed, item.entry.id]
        for item in result.entries
        if item.relevance.watchlists and item.relevance.relevance >= SETTINGS.threshold
    }
    wanted = {name for table in EXPECTED["relevant"].values() for name in table}
    assert len(kept & wanted) >= 0.97 * len(wanted)
    assert len(kept & set(EXPECTED["noise"])) <= 0.06 * len(EXPECTED["noise"])


def test_no_two_news_are_taken_for_one_and_most_copies_are_found(seen):
    result, names = seen
    told = {names[item.entry.feed, item.entry.id]: item.story for item in result.entries}
    truth = {name: story["id"] for story in EXPECTED["story"] for name in (*story["entries"], *story.get("also", ()))}
    pairs = [(one, other) for one, other in combinations(sorted(told), 2) if told[one] == told[other]]
    assert [pair for pair in pairs if truth.get(pair[0], pair[0]) != truth.get(pair[1], pair[1])] == []
    expected = [pair for story in EXPECTED["story"] for pair in combinations(sorted(story["entries"]), 2)]
    assert len(set(pairs) & set(expected)) >= 0.85 * len(expected)


def test_the_term_that_everybody_tells_is_the_first_trend_and_the_moderate_rise_is_found(seen):
    trends = seen[0].outlook.trends
    assert [trend.term for trend in trends] == [EXPECTED["bursting"]["term"], EXPECTED["rising"]["term"]]
    assert {trend.week for trend in trends} == {EXPECTED["week"]}


def test_the_weak_signals_are_found_among_few(seen):
    terms = [signal.term for signal in seen[0].outlook.weak_signals]
    assert {signal["term"] for signal in EXPECTED["weak_signal"]} <= set(terms)
    assert len(terms) <= 6


def test_no_link_that_is_shown_leads_to_a_script(seen):
    assert all(item.entry.url.startswith("https://") or not item.entry.url for item in seen[0].entries)
