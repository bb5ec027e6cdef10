"""What marks do to scores and to the digest."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rseaudit.config.settings import WatchSettings
from rseaudit.config.watchlist import Label, Topic, Watchlist
from rseaudit.i18n import translator
from rseaudit.model import Entry, Feed, Mark, MarkVerdict
from rseaudit.store import marks as mark_store
from rseaudit.store.database import Store
from rseaudit.watch.digest import Judged
from rseaudit.watch.feedback import MIN_MARKS, MOST, learn, marked
from rseaudit.watch.job import WatchResult, to_json, update
from rseaudit.watch.stories import story_id

NOW = datetime(2026, 11, 25, 8, tzinfo=UTC)
FEED = Feed(url="https://f.example/rss", name="Fil")
OTHER = Feed(url="https://g.example/rss", name="Autre fil")
WATCHLIST = Watchlist(
    id="veille",
    label=Label(fr="Veille", en="Watch"),
    topic=[Topic(id="intranet", label=Label(fr="Intranets", en="Intranets"), any=["intranet"], weight=3)],
)
ACCESS = [
    "L'intranet accessible aux agents aveugles avec un lecteur d'écran",
    "Contraste et lecteur d'écran sur l'intranet de la région",
    "Un audit RGAA rend l'intranet accessible aux agents sourds",
    "Agents aveugles : le lecteur d'écran entre dans l'intranet",
    "Déclaration d'accessibilité RGAA pour l'intranet de la mairie",
    "L'accessibilité RGAA de l'intranet vérifiée au lecteur d'écran",
]
MONEY = [
    "Levée de fonds record pour un éditeur d'intranet californien",
    "Un éditeur d'intranet lève des fonds auprès d'investisseurs",
    "Investisseurs et levée de fonds autour de l'intranet",
]
NEUTRAL = ["Un intranet pour la cantine", "Le parking et son intranet", "Intranet : la piscine ouvre"]


def entries(feed: Feed = FEED) -> list[Entry]:
    return [
        Entry(
            id=f"{kind}{number}",
            feed=feed.url,
            url=f"https://f.example/{kind}/{number}",
            title=title,
            summary="",
            published=NOW - timedelta(hours=1 + number),
            first_seen=NOW - timedelta(hours=1),
            lang="fr",
        )
        for kind, titles in (("a", ACCESS), ("m", MONEY), ("n", NEUTRAL))
        for number, title in enumerate(titles)
    ]


def mark(id_: str, verdict: MarkVerdict = "pertinent", *, feed: str = FEED.url, at: datetime = NOW) -> Mark:
    return Mark(feed=feed, id=id_, verdict=verdict, at=at)


FIVE = [mark(f"a{number}") for number in range(MIN_MARKS)]
AGAINST = [mark("m0", "no"), mark("m1", "no")]


def run(marks: list[Mark], found: list[Entry] | None = None, *, older: list[Entry] | None = None) -> WatchResult:
    known = entries() if found is None else found
    return update(known, [FEED, OTHER], [WATCHLIST], now=NOW, settings=WatchSettings(), marks=marks, older=older or [])


def judged(result: WatchResult) -> dict[str, Judged]:
    return {item.entry.id: item for item in result.entries}


def said(item: Judged, lang: str = "en") -> str:
    return " | ".join(reason.say(translator(lang)) for reason in item.relevance.reasons)


def shown(result: WatchResult) -> set[str]:
    return {story.lead.id for story in result.digest.stories}


def test_fewer_than_five_pertinent_marks_change_no_score():
    before = judged(run([]))
    after = judged(run([*FIVE[:4], *AGAINST, mark("n0", "weak-signal"), mark("n1", "weak-signal")]))
    assert {name: item.relevance.relevance for name, item in after.items()} == {
        name: item.relevance.relevance for name, item in before.items()
    }
    assert all("closeness" not in said(item) for item in after.values())


def test_from_five_on_what_is_close_rises_and_what_was_refused_falls_with_the_reason():
    before, after = judged(run([])), judged(run([*FIVE, *AGAINST]))

    def moved(name: str) -> int:
        return after[name].relevance.relevance - before[name].relevance.relevance

    assert moved("a5") == after["a5"].opinion.points > 5
    assert moved("m2") == after["m2"].opinion.points < 0
    assert abs(moved("n0")) <= 2
    assert f"closeness to the 5 contents marked pertinent: +{moved('a5')} points" in said(after["a5"])
    assert f"marked pertinent: −{-moved('m2')} points" in said(after["m2"])
    assert "proximité avec les 5 contenus marqués pertinents" in said(after["a5"], "fr")


def test_marks_never_make_wanted_what_no_watchlist_looks_for():
    stranger = replace(entries()[5], id="x", url="https://f.example/x", title=ACCESS[5].replace("intranet", "portail"))
    found = judged(run(FIVE, [*entries(), stranger]))["x"]
    assert (found.relevance.relevance, found.opinion.points, found.relevance.watchlists) == (0, 0, ())


def test_the_same_marks_in_any_order_give_the_same_result():
    shuffled, marks = entries(), [*FIVE, *AGAINST]
    Random(7).shuffle(shuffled)
    assert run(marks) == run(marks[::-1], shuffled)


def test_marks_of_entries_that_are_older_than_the_history_still_teach():
    known = [entry for entry in entries() if entry.id not in {"a0", "a1", "a2", "a3", "a4"}]
    older = [replace(entry, published=NOW - timedelta(days=300)) for entry in entries() if entry.id[0] == "a"][:5]
    assert judged(run(FIVE, known, older=older))["a5"].opinion.points > 5
    assert judged(run(FIVE, known))["a5"].opinion.points == 0


def test_a_mark_that_is_made_later_does_not_exist_yet():
    later = [mark(f"a{number}", at=NOW + timedelta(hours=1)) for number in range(5)]
    assert run([*later, mark("n0", "no", at=NOW + timedelta(hours=1))]) == run([])


def test_an_entry_marked_no_leaves_the_digest_but_not_its_story_nor_the_json():
    result = run([mark("n0", "no")])
    assert shown(run([])) - shown(result) == {"n0"}
    volume = result.digest.volume
    assert (volume.dismissed, volume.kept, volume.seen) == (1, 11, 12)
    data = to_json(result, "r", translator("fr"))
    [row] = [item for item in data["entries"] if item["id"] == "n0"]  # type: ignore[attr-defined]
    assert "marqué non pertinent : laissé hors de la lettre de veille" in [
        reason.replace("\u00a0", " ") for reason in row["reasons"]
    ]
    assert any(story["entries"] == ["n0"] for story in data["stories"])  # type: ignore[attr-defined]


def test_a_story_is_told_by_its_other_entries_when_its_lead_is_marked_no():
    copy = replace(entries()[0], feed=OTHER.url, id="copy", url="https://g.example/copy", published=NOW)
    plain = run([], [entries()[0], copy]).digest.stories
    assert [(story.lead.id, [link.name for link in story.also]) for story in plain] == [("a0", ["Autre fil"])]
    without = run([mark("a0", "no")], [entries()[0], copy]).digest.stories
    assert [(story.lead.id, story.also, story.source) for story in without] == [("copy", (), "Autre fil")]


def test_the_mark_of_a_story_holds_for_its_entries_and_an_entry_s_own_mark_wins():
    copy = replace(entries()[0], feed=OTHER.url, id="copy", url="https://g.example/copy")
    first = min([entries()[0], copy], key=lambda e: (e.first_seen, e.published, e.feed))
    story = mark(story_id(first), "no", feed="")
    both = judged(run([story], [entries()[0], copy]))
    assert {item.opinion.verdict for item in both.values()} == {"no"}
    one = judged(run([story, mark("copy", "pertinent", feed=OTHER.url)], [entries()[0], copy]))
    assert (one["a0"].opinion.verdict, one["copy"].opinion.verdict) == ("no", "pertinent")
    assert marked([story], [entries()[0], copy]) == ((first, "no"),)


def test_a_mark_of_what_is_no_longer_kept_is_passed_over():
    assert marked([mark("gone"), mark("ffffffffffffffff", feed="")], entries()) == ()


@settings(max_examples=30, deadline=None)
@given(st.lists(st.text(alphabet="abcdef ", max_size=40), min_size=6, max_size=9), st.integers(0, 4))
def test_points_stay_within_their_bounds_whatever_is_marked(titles: list[str], refused: int):
    found = [replace(entries()[0], id=str(number), title=title) for number, title in enumerate(titles)]
    examples: list[tuple[Entry, MarkVerdict]] = [(entry, "pertinent") for entry in found[:5]]
    examples += [(entry, "no") for entry in found[5 : 5 + refused]]
    taste = learn(examples, found)
    assert taste is not None
    assert all(-MOST <= taste.points(entry) <= MOST for entry in found)


def test_marks_are_stored_without_anyone_s_name(store: Store):
    first, second = mark("é", "no"), mark("s", "weak-signal", feed="")
    with store.write() as connection:
        mark_store.save(connection, [replace(first, verdict="pertinent"), second])
        mark_store.save(connection, [replace(first, note="À voir")])
    with store.read() as connection:
        assert mark_store.load(connection) == (second, replace(first, note="À voir"))
    with store.write() as connection:
        assert mark_store.remove(connection, "", "s")
        assert not mark_store.remove(connection, "", "s")
    assert not {"user", "by", "author"} & set(Mark.__slots__)
    with store.read() as connection:
        assert [item.id for item in mark_store.load(connection)] == ["é"]


@pytest.mark.parametrize("verdict", ["pertinent", "weak-signal"])
def test_a_good_mark_is_told_and_keeps_its_entry_in_the_digest(verdict: MarkVerdict):
    result = run([mark("n0", verdict)])
    assert "n0" in shown(result)
    assert "marked as" in said(judged(result)["n0"])
