"""Entries that tell the same news become one story; others do not."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from rseaudit.model import Entry, Feed
from rseaudit.watch.stories import Group, group, independent

NOW = datetime(2026, 10, 20, 8, tzinfo=UTC)
FEEDS = {f"https://{name}.example.org/rss": Feed(url=f"https://{name}.example.org/rss", name=name) for name in "abcd"}
TEXT = (
    "L'éditeur français annonce le rachat de son concurrent belge pour douze millions d'euros. Les deux intranets "
    "resteront vendus séparément jusqu'à la fin de l'année prochaine, puis une offre commune les remplacera."
)


def entry(feed: str, name: str, title: str, text: str = "", *, hours: float = 0, url: str | None = None) -> Entry:
    at = NOW + timedelta(hours=hours)
    address = f"https://{feed}.example.org/{name}" if url is None else url
    return Entry(
        id=name,
        feed=f"https://{feed}.example.org/rss",
        url=address,
        title=title,
        summary=text,
        published=at,
        first_seen=NOW + timedelta(days=30),
    )


def grouped(*entries: Entry, feeds=FEEDS) -> tuple[Group, ...]:
    return group(entries, feeds, language_of=lambda _: "fr")


def shapes(groups: tuple[Group, ...]) -> list[list[str]]:
    return sorted(sorted(entry.id for entry in one.entries) for one in groups)


def test_the_same_address_with_other_tracking_is_the_same_story():
    groups = grouped(
        entry("a", "1", "Un titre", url="https://x.example.org/n?utm_source=a"),
        entry("b", "2", "Tout autre chose", url="https://x.example.org/n#haut"),
    )
    assert shapes(groups) == [["1", "2"]]
    assert groups[0].story.sources == 2


def test_the_same_words_under_two_addresses_are_the_same_story():
    groups = grouped(entry("a", "1", "Le rachat", TEXT), entry("b", "2", "LE RACHAT", TEXT.replace("'", "’")))
    assert shapes(groups) == [["1", "2"]]


def test_a_near_copy_in_another_feed_is_the_same_story():
    copy = TEXT.replace("douze", "plus de douze") + " Avec agences."
    groups = grouped(
        entry("a", "1", "Rachat dans le monde de l'intranet", TEXT),
        entry("b", "2", "Intranet : un rachat dans le monde français", copy, hours=5),
    )
    assert shapes(groups) == [["1", "2"]]


def test_related_texts_in_two_feeds_are_the_same_story():
    noise = [
        entry("d", f"n{i}", f"Sujet numéro {word}", f"Texte sur {word} et rien de plus")
        for i, word in enumerate(
            ["jardin", "cuisine", "musique", "voyage", "peinture", "football", "théâtre", "cinéma"]
        )
    ]
    groups = grouped(
        entry(
            "a", "1", "Zorglub rachète Bulgroz, spécialiste belge de l'intranet", "Le montant atteint douze millions."
        ),
        entry("b", "2", "Intranet : Bulgroz racheté par Zorglub", "Le spécialiste belge change de mains.", hours=20),
        *noise,
    )
    assert ["1", "2"] in shapes(groups)
    assert len(groups) == 9


def test_two_releases_that_differ_by_their_number_are_two_stories():
    text = (
        "Cette version corrige des défauts et améliore la vitesse de la recherche dans les espaces de travail partagés."
    )
    groups = grouped(
        entry("a", "1", "Zorglub publie la version 4.1 de son intranet", text),
        entry("b", "2", "Zorglub publie la version 4.2 de son intranet", text + " Merci à tous."),
    )
    assert len(groups) == 2


def test_two_posts_of_one_feed_are_two_stories_however_alike():
    text = TEXT + " Suite."
    groups = grouped(entry("a", "1", "Le rachat vu de Paris", TEXT), entry("a", "2", "Le rachat vu de Bruxelles", text))
    assert len(groups) == 2


def test_the_same_words_a_month_later_are_another_story():
    groups = grouped(entry("a", "1", "Le rendez-vous", TEXT), entry("b", "2", "Le rendez-vous", TEXT, hours=24 * 30))
    assert len(groups) == 2


def test_a_label_proves_nothing():
    groups = grouped(entry("a", "1", "Release notes"), entry("b", "2", "Release notes"))
    assert len(groups) == 2


def test_the_lead_is_the_earliest_of_the_best_trusted():
    feeds = {url: replace(feed, trust=0.4 if feed.name == "a" else 0.9) for url, feed in FEEDS.items()}
    (one,) = grouped(
        entry("a", "1", "Le rachat", TEXT),
        entry("b", "2", "Le rachat", TEXT, hours=6),
        entry("c", "3", "Le rachat", TEXT, hours=3),
        feeds=feeds,
    )
    assert one.lead.id == one.story.lead == "3"
    assert one.story.entries == ("3", "1", "2")


def test_a_story_keeps_its_id_when_a_better_source_joins_it_later():
    first = replace(entry("a", "1", "Le rachat", TEXT), first_seen=NOW)
    later = replace(entry("b", "2", "Le rachat", TEXT, hours=-5), first_seen=NOW + timedelta(days=1))
    feeds = {url: replace(feed, trust=1.0 if feed.name == "b" else 0.3) for url, feed in FEEDS.items()}
    (before,) = grouped(first, feeds=feeds)
    (after,) = grouped(first, later, feeds=feeds)
    assert (before.story.lead, after.story.lead) == ("1", "2")
    assert before.story.id == after.story.id


def test_one_article_in_two_feeds_is_one_voice():
    twice = (entry("a", "1", "t", url="https://x/1"), entry("b", "2", "t", url="https://x/1?utm_source=b", hours=1))
    assert [voice.id for voice in independent(twice)] == ["1"]


WORDS = "intranet rachat adoption mobile terrain éditeur salarié accord version équipe recherche wiki".split()
titles = st.lists(st.sampled_from(WORDS), min_size=1, max_size=7).map(" ".join)
some = st.lists(st.tuples(st.sampled_from("abcd"), titles, titles, st.integers(0, 400), st.integers(0, 3)), max_size=14)


@settings(max_examples=60, deadline=None)
@given(some, st.randoms(use_true_random=False))
def test_every_entry_is_in_one_story_and_the_order_does_not_matter(rows, chance):
    entries = [
        replace(entry(feed, str(i), title, text, hours=hours), first_seen=NOW + timedelta(days=day))
        for i, (feed, title, text, hours, day) in enumerate(rows)
    ]
    groups = grouped(*entries)
    assert sorted(e.id for one in groups for e in one.entries) == sorted(e.id for e in entries)
    assert all(one.story.id < other.story.id for one, other in pairwise(groups))
    assert all(one.story.lead == one.story.entries[0] == one.lead.id for one in groups)
    chance.shuffle(entries)
    assert grouped(*entries) == groups


@settings(max_examples=60, deadline=None)
@given(some)
def test_what_comes_later_never_splits_or_renames_a_story(rows):
    entries = [
        replace(entry(feed, str(i), title, text, hours=hours), first_seen=NOW + timedelta(days=day))
        for i, (feed, title, text, hours, day) in enumerate(rows)
    ]
    then = [e for e in entries if e.first_seen <= NOW + timedelta(days=1)]
    before = {e.id: one.story.id for one in grouped(*then) for e in one.entries}
    after = {e.id: one.story.id for one in grouped(*entries) for e in one.entries}
    assert before == {name: after[name] for name in before}
