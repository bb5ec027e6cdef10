"""A page without feed: only what was added is news."""

from datetime import UTC, datetime, timedelta

from rseaudit.config.settings import WatchSettings
from rseaudit.model import Feed, FeedState
from rseaudit.watch import pages
from rseaudit.watch.reading import Absorbed, FetchedFeed, absorb, collect

NOW = datetime(2026, 10, 26, 8, tzinfo=UTC)
FEED = Feed(url="https://editeur.example.org/nouveautes", name="Éditeur", lang="fr")
OLD = ["Notre offre compte trois formules pour les mairies.", "La page a été lue 1204 fois depuis janvier."]
NEW = "La formule gratuite prend fin au mois de mars."


def page(*paragraphs: str) -> bytes:
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    body = f"<nav><a href='/'>Accueil de notre site internet</a></nav><main>{text}</main>"
    return f"<html lang='fr'><head><title>Nos nouveautés</title></head><body>{body}</body></html>".encode()


def read(body: bytes, before: Absorbed | None = None, *, days: int = 0) -> Absorbed:
    state = before.state if before else FeedState(url=FEED.url, name=FEED.name)
    fetched = FetchedFeed(url=FEED.url, status=200, headers={}, body=body, kind="page")
    now = NOW + timedelta(days=days)
    parsed = pages.parse(body, url=FEED.url)
    return absorb(state, fetched, parsed, feed=FEED, known=(), now=now, settings=WatchSettings())


def test_the_first_reading_is_the_base_and_an_added_sentence_is_an_entry():
    first = read(page(*OLD))
    assert (first.entries, first.problem) == ((), None)
    (entry,) = read(page(OLD[0], NEW, OLD[1]), first, days=1).entries
    assert (entry.title, entry.summary, entry.url) == ("Nos nouveautés", NEW, FEED.url)
    assert entry.published == entry.first_seen == NOW + timedelta(days=1)
    assert not entry.backlog


def test_another_order_other_numbers_and_what_is_taken_away_are_no_news():
    first = read(page(*OLD))
    assert read(page(*OLD[::-1]), first).entries == ()
    assert read(page(OLD[0], OLD[1].replace("1204", "1377")), first).entries == ()
    shorter = read(page(OLD[0]), first)
    assert shorter.entries == ()
    assert read(page(*OLD), shorter).entries == ()


def test_the_same_addition_has_the_same_id():
    first = read(page(*OLD))
    one, other = read(page(*OLD, NEW), first), read(page(NEW, *OLD), first, days=3)
    assert one.entries[0].id == other.entries[0].id


def test_what_is_no_page_is_a_problem():
    assert read(b"%PDF-1.7 ...").problem is not None


def test_a_page_is_read_in_a_worker_like_a_feed():
    fetched = FetchedFeed(url=FEED.url, status=200, headers={}, body=page(*OLD), kind="page")
    (absorbed,) = collect([fetched], {FEED.url: FEED}, {}, {}, now=NOW, settings=WatchSettings())
    assert absorbed.problem is None
    assert len(absorbed.state.seen) == 2
