"""A term that rises is found, a flat one is not, and little history says so."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from rseaudit.model import Entry
from rseaudit.watch.matching import Matches
from rseaudit.watch.terms import terms
from rseaudit.watch.trends import WEEK, Mention, Observation, Outlook, look

NOW = datetime(2026, 10, 26, 8, tzinfo=UTC)
FEEDS = tuple(f"https://f{number}.example.org/rss" for number in range(8))
SINCE = dict.fromkeys(FEEDS, NOW - 12 * WEEK)


def story(
    name: str, *said: str, weeks: float, feeds=FEEDS[:1], relevant=True, declared=True, titled=True
) -> Observation:
    mentions = tuple(
        Mention(term=term, written=term, declared=declared, in_title=titled, feeds=frozenset(feeds)) for term in said
    )
    return Observation(story=name, at=NOW - weeks * WEEK, relevant=relevant, feeds=frozenset(feeds), mentions=mentions)


def background(seed: int, *, weeks: int = 12, a_week: int = 40, terms: int = 30) -> list[Observation]:
    """Stories of which each says two terms of a vocabulary, at the same rate all the time."""
    chance = Random(seed)
    return [
        story(
            f"b{week}-{number}",
            *(f"mot {chance.randrange(terms)}" for _ in range(2)),
            weeks=week + chance.random(),
            feeds=(chance.choice(FEEDS),),
        )
        for week in range(weeks)
        for number in range(a_week)
    ]


def burst(term: str, count: int, **more) -> list[Observation]:
    return [story(f"x{i}", term, weeks=0.1 + i / 20, feeds=(FEEDS[i % 8],), **more) for i in range(count)]


def seen(*observations: Observation, since=SINCE) -> Outlook:
    return look(observations, since, now=NOW)


@pytest.mark.parametrize("seed", range(5))
def test_a_burst_in_twelve_weeks_is_found_first_with_its_numbers(seed):
    rising = seen(*background(seed), *burst("passkey", 6)).trends[0]
    assert (rising.term, rising.week, rising.count, rising.sources) == ("passkey", "2026-W43", 6, 6)
    assert (rising.expected, rising.z) == (0.0, 6.0)
    assert rising.history == (0, 0, 0, 0, 0, 0, 0, 0, 6)
    assert len(rising.stories) == 6


def test_a_known_term_that_doubles_and_doubles_again_is_found():
    habit = [story(f"h{i}", "intranet", weeks=i / 2, feeds=(FEEDS[i % 8],)) for i in range(2, 24)]
    found = seen(*background(1), *habit, *burst("intranet", 12)).trends
    assert [trend.term for trend in found] == ["intranet"]
    assert 1.5 < found[0].expected < 3.5


def test_flat_terms_raise_at_most_the_stated_number_of_false_alarms():
    alarms = [len(seen(*background(seed)).trends) for seed in range(25)]
    assert sum(alarms) / len(alarms) <= 1


def test_a_flat_common_term_is_no_trend():
    always = [story(f"a{i}", "télétravail", weeks=i / 10, feeds=(FEEDS[i % 8],)) for i in range(120)]
    assert "télétravail" not in [trend.term for trend in seen(*background(3), *always).trends]


def test_one_source_makes_no_trend():
    alone = [story(f"x{i}", "passkey", weeks=0.1 + i / 20) for i in range(8)]
    assert seen(*background(2), *alone).trends == ()


def test_a_term_that_no_watchlist_wants_is_no_trend():
    assert seen(*background(2), *burst("football", 8, relevant=False)).trends == ()


def test_one_news_told_by_five_sources_counts_as_five_mentions():
    told = story("x", "passkey", weeks=0.2, feeds=FEEDS[:5])
    assert [(t.term, t.count, t.sources) for t in seen(*background(4), told).trends] == [("passkey", 5, 5)]


def test_a_free_phrase_within_a_declared_term_is_said_once():
    said = [
        Observation(
            story=item.story,
            at=item.at,
            relevant=True,
            feeds=item.feeds,
            mentions=(
                *item.mentions,
                Mention(term="cle passkey", written="clé passkey", declared=False, in_title=True, feeds=item.feeds),
            ),
        )
        for item in burst("passkey", 6)
    ]
    assert [trend.term for trend in seen(*background(1), *said).trends] == ["passkey"]


def test_under_eight_weeks_there_is_a_reason_instead():
    outlook = seen(*background(1, weeks=6), *burst("passkey", 6), since=dict.fromkeys(FEEDS, NOW - 6 * WEEK))
    assert (outlook.trends, outlook.weak_signals) == ((), ())
    assert outlook.reason is not None
    assert outlook.reason.params == {"weeks": 6, "wanted": 8}


def test_one_old_entry_is_no_history():
    outlook = seen(*burst("passkey", 6), story("old", "mot", weeks=11))
    assert outlook.reason is not None
    assert seen().reason is not None


def test_a_young_feed_does_not_count_and_is_named():
    young = "https://new.example.org/rss"
    flood = [story(f"n{i}", "licorne", weeks=0.1 + i / 20, feeds=(young,)) for i in range(5)]
    flood.append(story("n9", "licorne", weeks=0.3, feeds=(FEEDS[0],)))
    outlook = seen(*background(1), *flood, since={**SINCE, young: NOW - WEEK})
    assert outlook.young_feeds == (young,)
    assert "licorne" not in [trend.term for trend in outlook.trends]


def test_a_term_first_heard_this_week_in_two_stories_of_two_sources_is_a_weak_signal():
    new = [story(f"w{i}", "jumeau numérique", weeks=0.2 + i / 5, feeds=(FEEDS[i],), declared=False) for i in range(2)]
    outlook = seen(*background(1), *new)
    assert [(s.term, len(s.stories), s.sources) for s in outlook.weak_signals] == [("jumeau numérique", 2, 2)]
    assert outlook.weak_signals[0].first == NOW - 0.4 * WEEK


def test_a_weak_signal_may_take_two_weeks_to_be_heard_twice():
    new = [story(f"w{i}", "jumeau numérique", weeks=0.5 + i, feeds=(FEEDS[i],), declared=False) for i in range(2)]
    assert [s.first for s in seen(*background(1), *new).weak_signals] == [NOW - 1.5 * WEEK]
    assert (
        seen(*background(1), *new[1:], story("w2", "jumeau numérique", weeks=1.1, feeds=FEEDS[2:3])).weak_signals == ()
    )


@pytest.mark.parametrize(
    "weak",
    [
        [story("w", "nouveau mot", weeks=0.2, feeds=FEEDS[:3])],
        [story(f"w{i}", "nouveau mot", weeks=0.2) for i in range(3)],
        [story(f"w{i}", "nouveau mot", weeks=0.2, feeds=(FEEDS[i],), relevant=False) for i in range(2)],
        [story(f"w{i}", "nouveau mot", weeks=0.2 + 3 * i, feeds=(FEEDS[i],)) for i in range(3)],
        [story(f"w{i}", "nouveau mot", weeks=0.2, feeds=(FEEDS[i],), declared=False, titled=False) for i in range(2)],
    ],
    ids=["one story", "one source", "not relevant", "heard before", "in no title"],
)
def test_other_novelties_are_no_weak_signal(weak):
    assert "nouveau mot" not in [signal.term for signal in seen(*background(1), *weak).weak_signals]


def test_the_same_observations_in_any_order_give_the_same_outlook():
    observations = [*background(7), *burst("passkey", 5)]
    mixed = list(observations)
    Random(1).shuffle(mixed)
    assert seen(*observations) == seen(*mixed)


def test_what_is_older_than_ten_weeks_changes_nothing():
    recent = [item for item in background(5) if NOW - item.at < timedelta(weeks=10)]
    assert seen(*background(5), *burst("passkey", 5)) == seen(*recent, *burst("passkey", 5))


def free_terms(title: str, lang: str = "fr") -> set[str]:
    item = Entry(id="1", feed="f", url="", title=title, summary="", published=NOW, first_seen=NOW, lang=lang)
    return {term.written for term in terms(item, Matches(lang=lang))}


def test_names_and_short_phrases_are_terms():
    found = free_terms("La mairie adopte Zorglub pour le droit à la déconnexion des agents de terrain")
    assert {"Zorglub", "droit à la déconnexion", "agents de terrain"} <= found


def test_calendar_numbers_and_the_words_of_any_news_are_no_terms():
    assert free_terms("Nouvelle version en octobre 2026 : lire la suite mardi") == set()


def test_the_capitals_of_an_english_headline_are_no_names():
    assert "Workers" not in free_terms("Why Frontline Workers Need Better Mobile Apps", "en")


def test_a_phrase_does_not_pass_over_a_full_stop():
    assert free_terms("Un intranet. Mobile toujours") == set()
