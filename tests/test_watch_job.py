"""A whole run: from documents of feeds to the digest and its JSON."""

import json
import tomllib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

from rseaudit.config.settings import SourceSettings, WatchSettings
from rseaudit.config.watchlist import Watchlist
from rseaudit.i18n import catalogue, translator
from rseaudit.model import Entry, Feed, FeedState
from rseaudit.watch.job import WatchResult, to_json, update
from rseaudit.watch.sources import watched

NOW = datetime(2026, 10, 26, 8, tzinfo=UTC)
SETTINGS = WatchSettings()
FEEDS = tuple(Feed(url=f"https://f{i}.example.org/rss", name=f"Fil {i}", trust=1 - i / 10) for i in range(6))
WATCHLIST = Watchlist.model_validate(
    tomllib.loads(
        """
id = "social"
label = { fr = "Outils sociaux", en = "Social tools" }
[[topic]]
id = "intranet"
label = { fr = "Intranet", en = "Intranet" }
any = ["intranet", "réseau social d'entreprise"]
none = ["réseau électrique"]
weight = 2
[[topic]]
id = "access"
label = { fr = "Accès", en = "Access" }
any = ["clé d'accès", "passkey"]
weight = 2
[[vendor]]
name = "Zorglub"
[[source]]
url = "https://f0.example.org/rss"
name = "Fil 0"
pestel_hint = "technological"
horizon_hint = "1-3 years"
"""
    )
)
SUBJECTS = "cantine parking formation budget archives recrutement toiture concert papeterie jardin piscine".split()
PLACES = "Lyon Brest Nantes Lille Metz Dijon Nice Tours Reims Caen Pau Nîmes".split()


def entry(feed: int, name: str, title: str, text: str = "", *, days: float = 1, seen: float | None = None) -> Entry:
    at = NOW - timedelta(days=days)
    return Entry(
        id=name,
        feed=FEEDS[feed].url,
        url=f"https://f{feed}.example.org/{name}",
        title=title,
        summary=text,
        published=at,
        first_seen=at if seen is None else NOW - timedelta(days=seen),
        lang="fr",
    )


def history(weeks: int = 12) -> list[Entry]:
    """Ten unlike entries a week; every fifth is about the intranet."""
    chance = Random(3)
    return [
        entry(
            (week + number) % 6,
            f"h{week}-{number}",
            f"{chance.choice(SUBJECTS)} {chance.choice(SUBJECTS)} {'intranet ' * (number % 5 == 0)}{week}{number}",
            f"À {chance.choice(PLACES)}, {chance.choice(SUBJECTS)} et {chance.choice(SUBJECTS)}.",
            days=7 * week + 0.5 + number * 0.6,
        )
        for week in range(weeks)
        for number in range(10)
    ]


def rising() -> list[Entry]:
    return [
        entry(
            i,
            f"p{i}",
            f"La clé d'accès arrive à {PLACES[i]} pour {SUBJECTS[i]}",
            f"Un essai à {PLACES[i]}.",
            days=1 + i,
        )
        for i in range(5)
    ]


def run(entries, *, feeds=FEEDS, now=NOW, states=(), settings=SETTINGS) -> WatchResult:
    return update(entries, feeds, [WATCHLIST], now=now, settings=settings, states=states)


def test_the_json_has_the_agreed_form_and_every_entry_is_in_its_story():
    result = run([*history(), *rising()])
    data = to_json(result, "run-1", translator("fr"))
    json.dumps(data)
    assert list(data) == ["schema", "run", "entries", "stories", "trends", "weak_signals"]
    assert (data["schema"], data["run"]) == (1, "run-1")
    first = data["entries"][0]
    assert list(first) == ["id", "feed", "url", "title", "published", "watchlists", "score", "reasons", "story"]
    told = {(story["id"], name) for story in data["stories"] for name in story["entries"]}
    assert told == {(item["story"], item["id"]) for item in data["entries"]}
    assert list(data["trends"][0]) == ["term", "week", "count", "expected", "z", "sources"]
    assert (data["trends"][0]["term"], data["trends"][0]["count"]) == ("clé d'accès", 5)


def test_little_history_is_said_in_french():
    result = run(rising())
    assert result.outlook.trends == ()
    assert "assez de recul" in result.notes[0].say(translator("fr"))


def test_the_same_entries_in_any_order_give_the_same_bytes():
    entries = [*history(), *rising()]
    mixed = list(entries)
    Random(5).shuffle(mixed)
    one, other = run(entries), run(mixed)
    assert one == other
    speak = translator("fr")
    assert json.dumps(to_json(one, "r", speak)) == json.dumps(to_json(other, "r", speak))


def test_a_story_says_where_else_it_stands_and_what_it_is_about():
    text = "Zorglub annonce un réseau social d'entreprise pour les mairies. Il ouvre en mars à Brest. Merci."
    digest = run(
        [entry(0, "a", "Zorglub ouvre son réseau", text), entry(2, "b", "Zorglub ouvre son réseau", text, days=2)]
    ).digest
    (story,) = digest.stories
    assert (story.source, [link.name for link in story.also]) == ("Fil 0", ["Fil 2"])
    assert (story.topics, story.vendors) == ((("social", "intranet"),), ("Zorglub",))
    assert story.extract == (
        "Zorglub annonce un réseau social d'entreprise pour les mairies.",
        "Il ouvre en mars à Brest.",
    )
    assert (story.pestel, story.horizon) == ("technological", "1-3 years")
    assert [(s.topic, len(s.stories)) for s in digest.topics] == [("intranet", 1)]
    assert [(s.vendor, len(s.stories)) for s in digest.vendors] == [("Zorglub", 1)]
    assert digest.headlines == digest.stories


def test_the_digest_accounts_for_every_entry_of_the_period():
    entries = [
        entry(0, "kept", "Un intranet à Brest"),
        entry(0, "below", "Sans titre", "mot " * 100 + "intranet"),
        entry(0, "vetoed", "Un intranet pour le réseau électrique"),
        entry(0, "other", "Recette de la tarte"),
        replace(entry(0, "backlog", "Un intranet ancien", days=20, seen=1), backlog=True),
        entry(0, "before", "Un intranet d'avant", days=9),
    ]
    volume = run(entries).digest.volume
    assert (volume.kept, volume.below, volume.vetoed, volume.unmatched, volume.backlog) == (1, 1, 1, 1, 1)
    assert volume.seen == 5


def test_an_entry_of_six_days_ago_is_still_in_the_weekly_digest():
    digest = run([entry(0, "a", "Un intranet à Brest", days=6.5)]).digest
    assert [story.lead.id for story in digest.stories] == ["a"]


def test_what_is_seen_later_does_not_exist_yet():
    future = entry(0, "later", "Un intranet demain", days=-1)
    assert run([future]).entries == ()


def test_the_health_of_feeds_names_the_dead_the_moved_and_the_unread():
    states = [
        FeedState(
            url=FEEDS[0].url,
            name="Fil 0",
            state="suspect",
            last_problem="The server answers {status}.",
            numbers={"status": 500},
        ),
        FeedState(url=FEEDS[1].url, name="Fil 1", address="https://new.example.org/rss", last_ok=NOW),
    ]
    health = {item.url: item for item in run([entry(1, "a", "t")], states=states).digest.health}
    assert health[FEEDS[0].url].problem.say(translator("fr")) == "Le serveur répond 500."
    assert (health[FEEDS[1].url].address, health[FEEDS[1].url].entries) == ("https://new.example.org/rss", 1)
    assert health[FEEDS[2].url].state == "unread"
    assert len(health) == 6


def test_two_feeds_may_use_the_same_guid_for_different_things():
    result = run([entry(0, "1", "Un intranet à Brest"), entry(1, "1", "Recette de la tarte")])
    assert len(result.groups) == 2
    assert [len(group.entries) for group in result.groups] == [1, 1]


def test_entries_of_a_feed_that_left_the_configuration_are_still_judged():
    assert run([entry(0, "a", "Un intranet")], feeds=()).entries[0].relevance.score > 0


def test_the_configuration_wins_over_the_watchlist_for_the_same_address():
    mine = SourceSettings(name="mien", role="watched", platform="feed", url="https://f0.example.org/rss", trust=0.2)
    page = SourceSettings(name="page", role="watched", platform="page", url="https://p.example.org/")
    audited = SourceSettings(name="rse", role="audited", platform="humhub", url="https://rse.example.org/")
    found = watched([WATCHLIST], [mine, page, audited])
    assert [(w.feed.name, w.kind, w.feed.trust) for w in found] == [("mien", "feed", 0.2), ("page", "page", 1.0)]


def test_each_sentence_of_the_watch_is_in_the_french_catalogue():
    import re
    from pathlib import Path

    known = {message.id for message in catalogue()}
    folder = Path(__file__).parents[1] / "rseaudit" / "watch"
    said = {
        match.group(1)
        for path in sorted(folder.glob("*.py"))
        for match in re.finditer(r'(?:Reason\(\s*|"(?:title|lead|body)": )"([^"]+)"', path.read_text("utf-8"))
    }
    assert len(said) > 25
    assert said - known == set()
