"""Several days of the watch: feeds and pages over HTTP."""

from __future__ import annotations

import json
import socket
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from rseaudit.model import FeedState
from rseaudit.store import feeds as feed_store
from rseaudit.store.database import open_store
from tests.command_line import Done, rseaudit, write_config
from tests.site_server import Answer, Site, serving
from tests.watch_sample import ATOM, NOW, WATCHLIST, rss, source, xml


class Recording(Site):
    """A site that remembers with which status it answered."""

    def __init__(self, pages: Mapping[str, object]) -> None:
        super().__init__(pages, validators=True)  # type: ignore[arg-type]
        self.statuses: dict[str, list[int]] = defaultdict(list)

    def answer(self, path: str, conditions: Mapping[str, str | None]) -> Answer:
        found = super().answer(path, conditions)
        self.statuses[path].append(found.status)
        return found


RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">
<channel rdf:about="c"><title>RDF</title></channel><item rdf:about="https://presse.example/rdf/1">
<title>La cantine rouvre à Nantes</title><link>https://presse.example/rdf/1</link></item></rdf:RDF>"""
JSON_FEED = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "JSON",
        "items": [{"id": "json-1", "title": "Panne de l'intranet à Lyon", "content_text": "Rien ne va."}],
    }
)
PAGE = """<!doctype html><html lang="fr"><head><title>Nouveautés</title></head><body><nav>Accueil Contact</nav><main>
<h1>Nouveautés du produit</h1><p>La version de printemps apporte un nouvel écran d'accueil aux équipes.</p>
<p>La recherche trouve désormais les pièces jointes et les pages archivées du site.</p>
{added}<p>Page lue {count} fois depuis le début de l'année en cours.</p></main></body></html>"""
ADDED = "<p>Un intranet plus simple arrive en décembre pour toutes les agences.</p>"


@dataclass(frozen=True)
class Days:
    """Three days in a row of the same watch."""

    folder: Path
    site: Recording
    runs: tuple[Done, ...]
    asked: tuple[dict[str, list[int]], ...]

    def found(self, day: int) -> dict[str, object]:
        found: dict[str, object] = json.loads(self.runs[day].out)
        return found

    def states(self) -> dict[str, FeedState]:
        store = open_store(f"sqlite:///{self.folder / 'rseaudit.db'}")
        with store.read() as connection:
            states = feed_store.states(connection, FeedState)
        store.close()
        return {url.rpartition("/")[2]: state for url, state in states.items()}


def closed_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
    return port


@pytest.fixture(scope="module")
def days(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Days]:
    folder = tmp_path_factory.mktemp("veille")
    (folder / "ma-veille.toml").write_text(
        WATCHLIST + '[[source]]\nurl = "https://site.example/sitemap.xml"\nkind = "sitemap"\nname = "Plan de site"\n',
        "utf-8",
    )
    site = Recording(
        {
            "/rss": rss("rss", "Une tablette sur le chantier de Metz", "Le logiciel Zorglub change de prix"),
            "/atom": xml(ATOM),
            "/rdf": xml(RDF),
            "/json": Answer(JSON_FEED.encode(), content_type="application/feed+json"),
            "/vide": xml('<rss version="2.0"><channel><title>Vide</title></channel></rss>'),
            "/casse": xml("<html><body><p>Erreur de la base</p></body></html>"),
            "/parti": Answer(b"", status=410),
            "/ancien": Answer(b"", status=301, headers={"Location": "/nouveau"}),
            "/nouveau": rss("nouveau", "Le portail interne de Dijon"),
            "/page": PAGE.format(added="", count=12),
        }
    )
    with serving(site):
        names = ("rss", "atom", "rdf", "json", "vide", "casse", "parti", "ancien")
        config = '[watch]\nwatchlists = ["ma-veille.toml"]\nwatchlist_sources = true\n'
        config += "".join(source(name, f"{site.url}/{name}") for name in names)
        config += source("page", f"{site.url}/page", "page") + source("loin", f"http://127.0.0.1:{closed_port()}/rss")
        write_config(folder, config)
        runs, asked = [], []
        for day in range(3):
            if day == 1:
                site.pages["/page"] = PAGE.format(added=ADDED, count=99)
            site.statuses.clear()
            runs.append(rseaudit("watch", "--json", "--now", (NOW + timedelta(days=day)).isoformat(), cwd=folder))
            asked.append({path: list(found) for path, found in site.statuses.items()})
        yield Days(folder, site, tuple(runs), tuple(asked))


def test_feeds_of_every_format_are_read_and_judged(days: Days) -> None:
    entries = {item["id"]: item for item in days.found(0)["entries"]}  # type: ignore[attr-defined]
    assert set(entries) == {"rss-0", "rss-1", "atom-1", "https://presse.example/rdf/1", "json-1", "nouveau-0"}
    wanted = {name for name, item in entries.items() if item["watchlists"]}
    assert wanted == {"rss-0", "rss-1", "atom-1", "nouveau-0"}
    assert any("«\u00a0intranet\u00a0» dans le titre" in reason for reason in entries["atom-1"]["reasons"])


def test_a_bad_feed_is_named_in_the_end_and_harms_no_other(days: Days) -> None:
    first = days.runs[0]
    assert first.code == 3
    assert "failed: casse: C’est une page HTML et non un flux." in first.err
    assert "failed: parti: Le flux a été retiré définitivement (410)" in first.err
    assert "failed: loin: Le flux n’a pas pu être joint (connection refused)." in first.err
    assert first.err.count("failed:") == 3
    assert "7 feeds read, 6 new entries" in first.err
    assert "not read: Plan de site" in first.err


def test_the_next_day_what_has_not_changed_is_answered_by_304(days: Days) -> None:
    second = days.asked[1]
    assert [second[path] for path in ("/rss", "/atom", "/rdf", "/json", "/vide")] == [[304]] * 5
    assert "failed: rss" not in days.runs[1].err
    assert len(days.found(1)["entries"]) == 7  # type: ignore[arg-type]  # six and what the page added


def test_a_feed_that_has_moved_twice_is_asked_for_at_its_new_address(days: Days) -> None:
    assert days.asked[0]["/ancien"] == [301]
    assert days.asked[1]["/ancien"] == [301]
    assert "/ancien" not in days.asked[2]
    assert days.asked[2]["/nouveau"] == [304]
    assert days.states()["ancien"].address == f"{days.site.url}/nouveau"


def test_a_feed_that_is_gone_is_never_asked_for_again(days: Days) -> None:
    assert [day.get("/parti") for day in days.asked] == [[410], None, None]
    assert days.states()["parti"].state == "retired"


def test_an_empty_feed_is_no_failure(days: Days) -> None:
    assert days.states()["vide"].last_problem is None
    assert all("failed: vide" not in run.err for run in days.runs)


def test_a_watched_page_tells_only_the_sentences_that_were_added(days: Days) -> None:
    told = [
        [item for item in days.found(day)["entries"] if item["feed"].endswith("/page")]  # type: ignore[attr-defined]
        for day in range(3)
    ]
    assert told[0] == []
    assert [item["title"] for item in told[1]] == ["Nouveautés"]
    assert told[1][0]["watchlists"] == ["ma-veille"]
    assert [item["id"] for item in told[2]] == [told[1][0]["id"]]
    store = open_store(f"sqlite:///{days.folder / 'rseaudit.db'}")
    with store.read() as connection:
        [entry] = [item for item in feed_store.entries(connection) if item.feed.endswith("/page")]
    store.close()
    assert entry.summary == "Un intranet plus simple arrive en décembre pour toutes les agences."


def test_each_kind_of_source_asks_for_what_it_can_read(days: Days) -> None:
    from rseaudit.crawl.fetch import FetchSpider
    from rseaudit.crawl.platforms import spider_class, spider_of
    from rseaudit.errors import UsageError

    feed, page = spider_of("feed", FetchSpider), spider_of("page", FetchSpider)
    assert (feed.platform, page.platform) == ("feed", "page")
    assert "rss" in feed.accept
    assert page.accept.startswith("text/html")
    with pytest.raises(UsageError, match="cannot be read this way"):
        spider_class("feed")
