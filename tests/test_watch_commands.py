"""The watch as people run it: several days of feeds and pages over HTTP, then why, mark, test, add and OPML."""

from __future__ import annotations

import json
import re
import socket
import stat
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from rseaudit.cli import main
from rseaudit.config.load import load
from rseaudit.model import Entry, FeedState
from rseaudit.store import feeds as feed_store
from rseaudit.store.database import open_store
from tests.command_line import Done, rseaudit, write_config
from tests.site_server import Answer, Site, serving

NOW = datetime(2026, 11, 25, 8, tzinfo=UTC)
WATCHLIST = """
id = "ma-veille"
label = { fr = "Ma veille", en = "My watch" }
[[topic]]
id = "intranet"
label = { fr = "Intranets", en = "Intranets" }
any = ["intranet", "portail interne"]
none = ["panne"]
weight = 3
[[topic]]
id = "terrain"
label = { fr = "Terrain", en = "Field" }
any = ["tablette"]
all = ["chantier"]
weight = 2
[[topic]]
id = "reseau"
label = { fr = "Réseau", en = "Network" }
any = ["RSE"]
context = ["collaboratif"]
[[vendor]]
name = "Zorglub"
context = ["logiciel"]
weight = 2
"""


class Recording(Site):
    """A site that remembers with which status it answered."""

    def __init__(self, pages: Mapping[str, object]) -> None:
        super().__init__(pages, validators=True)  # type: ignore[arg-type]
        self.statuses: dict[str, list[int]] = defaultdict(list)

    def answer(self, path: str, conditions: Mapping[str, str | None]) -> Answer:
        found = super().answer(path, conditions)
        self.statuses[path].append(found.status)
        return found


def xml(body: str) -> Answer:
    return Answer(body.encode(), content_type="application/xml")


def rss(name: str, *titles: str) -> Answer:
    items = "".join(
        f"<item><guid>{name}-{number}</guid><title>{title}</title><link>https://presse.example/{name}/{number}</link>"
        f"<pubDate>Tue, 24 Nov 2026 0{number}:00:00 GMT</pubDate><description>Reçu de {name}.</description></item>"
        for number, title in enumerate(titles)
    )
    return xml(
        f'<rss version="2.0"><channel><title>Presse {name}</title><language>fr</language>{items}</channel></rss>'
    )


ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>Atom</title><id>a</id><updated>2026-11-24T08:00:00Z</updated>
<entry><id>atom-1</id><title>Un intranet à Brest</title><updated>2026-11-24T08:00:00Z</updated>
<link href="https://presse.example/atom/1"/><summary>Un portail interne pour tous.</summary></entry></feed>"""
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


def source(name: str, url: str, platform: str = "feed") -> str:
    return f'[[source]]\nname = "{name}"\nrole = "watched"\nplatform = "{platform}"\nurl = "{url}"\n'


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


# --- what needs no network: on a store of a dozen entries --------------------------------------------------

TITLES = {
    "e1": ("Un intranet à Brest", "La mairie ouvre un portail interne en mars."),
    "e2": ("Panne de l'intranet", "Le portail interne est à l'arrêt depuis lundi."),
    "e3": ("La cantine rouvre", "Du beurre, des pommes et du pain frais."),
    "e4": ("Une tablette pour chacun", "Les agents reçoivent leur matériel cette semaine."),
    "e5": ("La RSE en débat", "Le bilan carbone des entreprises progresse lentement."),
    "e6": ("Zorglub en ville", "Le musée expose ses machines jusqu'en juin."),
    "e7": ("Note de service", "mot " * 120 + "intranet"),
}


@pytest.fixture
def stocked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "ma-veille.toml").write_text(WATCHLIST, "utf-8")
    feeds = source("presse", "https://presse.example/rss") + source("autre", "https://autre.example/rss")
    write_config(tmp_path, '[watch]\nwatchlists = ["ma-veille.toml"]\n' + feeds)
    keep(tmp_path, *(entry(name, title, text) for name, (title, text) in TITLES.items()))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def entry(name: str, title: str, text: str, *, feed: str = "presse", days: float = 1) -> Entry:
    at = NOW - timedelta(days=days)
    url = f"https://{feed}.example/{name}"
    feed_url = f"https://{feed}.example/rss"
    return Entry(id=name, feed=feed_url, url=url, title=title, summary=text, published=at, first_seen=at, lang="fr")


def keep(folder: Path, *entries: Entry) -> None:
    store = open_store(f"sqlite:///{folder / 'rseaudit.db'}")
    with store.write() as connection:
        feed_store.save_entries(connection, entries)
    store.close()


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> Done:
    code = main([*arguments, "--now", NOW.isoformat()])
    said = capsys.readouterr()
    return Done(code, said.out, said.err)


def why(capsys: pytest.CaptureFixture[str], name: str) -> dict[str, object]:
    done = run(capsys, "watch", "why", name, "--json")
    [found] = json.loads(done.out)["entries"]
    return dict(found)


def test_why_tells_each_term_with_its_points_and_its_context(stocked: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = why(capsys, "e1")
    assert (found["outcome"], found["sums"]) == ("kept", {"ma-veille": 15})
    told = [(term["phrase"], term["field"], term["points"]) for term in found["terms"]]  # type: ignore[attr-defined]
    assert told == [("intranet", "title", 9), ("portail interne", "lead", 6)]
    assert found["terms"][1]["context"] == ["La mairie ouvre un ", "portail interne", " en mars."]  # type: ignore[index]
    assert found["feed"]["name"] == "presse"  # type: ignore[index]
    assert found["story"]["entries"] == ["e1"]  # type: ignore[index]
    text = run(capsys, "watch", "why", "https://presse.example/e1").out
    assert "+9 ma-veille : « intranet » dans le titre" in text.replace("\u00a0", " ")
    assert "Un [intranet] à Brest" in text
    assert "85 sur 100" in text


@pytest.mark.parametrize(
    ("name", "outcome", "said"),
    [
        ("e2", "vetoed", "« Panne » figure dans le texte"),
        ("e3", "unmatched", "aucune liste de veille"),
        ("e4", "unmatched", "mais il manque : “chantier”"),
        ("e5", "unmatched", "rien dans le texte ne montre que « RSE » le désigne"),
        ("e6", "unmatched", "rien à moins de 10 mots ne montre qu’il s’agit de lui"),
        ("e7", "below", "sous le seuil 40"),
    ],
)
def test_why_tells_what_keeps_an_entry_out(
    stocked: Path, capsys: pytest.CaptureFixture[str], name: str, outcome: str, said: str
) -> None:
    config = stocked / "rseaudit.toml"
    config.write_text(config.read_text("utf-8").replace("[watch]\n", "[watch]\nthreshold = 40\n"), "utf-8")
    assert why(capsys, name)["outcome"] == outcome
    assert said in run(capsys, "watch", "why", name).out.replace("\u00a0", " ")


def test_why_takes_a_story_and_an_entry_that_stories_no_longer_follow(
    stocked: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    keep(stocked, entry("copie", "Un intranet à Brest", TITLES["e1"][1], feed="autre"))
    keep(stocked, entry("vieux", "Un intranet d'autrefois", "Il date.", days=200))
    story = why(capsys, "e1")["story"]["id"]  # type: ignore[index]
    both = json.loads(run(capsys, "watch", "why", story, "--json").out)["entries"]
    assert sorted(item["id"] for item in both) == ["copie", "e1"]
    assert why(capsys, "vieux")["story"] is None
    assert "n’est plus suivi" in run(capsys, "watch", "why", "vieux").out


def test_why_of_nothing_says_what_was_expected(stocked: Path, capsys: pytest.CaptureFixture[str]) -> None:
    done = run(capsys, "watch", "why", "e99")
    assert done.code == 2
    assert "no entry or story is called 'e99'" in done.err


def test_common_options_may_stand_before_the_sub_command(stocked: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["watch", "--json", "--lang", "en", "--now", NOW.isoformat(), "why", "e1"]) == 0
    [found] = json.loads(capsys.readouterr().out)["entries"]
    assert str(found["says"]).startswith("Kept")


def test_marks_are_kept_listed_replaced_and_taken_away(stocked: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "watch", "mark", "e1", "pertinent", "--note", "à  suivre\x07").code == 0
    assert run(capsys, "watch", "mark", "https://presse.example/e3", "no").code == 0
    story = why(capsys, "e2")["story"]["id"]  # type: ignore[index]
    assert run(capsys, "watch", "mark", story, "weak-signal").code == 0
    listed = json.loads(run(capsys, "watch", "mark", "--list", "--json").out)["marks"]
    assert [(m["kind"], m["id"], m["mark"], m["note"]) for m in listed] == [
        ("story", story, "weak-signal", None),
        ("entry", "e1", "pertinent", "à suivre"),
        ("entry", "e3", "no", None),
    ]
    assert set(listed[0]) == {"kind", "feed", "id", "mark", "at", "note"}
    text = run(capsys, "watch", "mark", "--list").out
    assert "Un intranet à Brest (presse) · à suivre" in text
    assert "Panne de l'intranet (sujet)" in text
    assert run(capsys, "watch", "mark", "e1", "no").code == 0
    assert run(capsys, "watch", "mark", "e3", "none").code == 0
    assert "there was no mark" in run(capsys, "watch", "mark", "e3", "none").err
    left = json.loads(run(capsys, "watch", "mark", "--list", "--json").out)["marks"]
    assert [(m["id"], m["mark"]) for m in left] == [(story, "weak-signal"), ("e1", "no")]


@pytest.mark.parametrize(
    "arguments",
    [
        ["e1"],
        ["e1", "great"],
        ["e99", "no"],
        [],
        ["e1", "no", "--list"],
        ["e1", "no", "--note", "x" * 501],
    ],
)
def test_a_mark_that_cannot_be_is_refused_and_changes_nothing(
    stocked: Path, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    assert run(capsys, "watch", "mark", *arguments).code == 2
    assert json.loads(run(capsys, "watch", "mark", "--list", "--json").out)["marks"] == []


def test_an_id_that_two_feeds_use_for_two_things_must_be_told_by_its_address(
    stocked: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    keep(stocked, entry("e1", "Tout autre chose", "Rien à voir.", feed="autre"))
    done = run(capsys, "watch", "mark", "e1", "no")
    assert done.code == 2
    assert "https://autre.example/e1, https://presse.example/e1" in done.err
    assert run(capsys, "watch", "mark", "https://autre.example/e1", "no").code == 0


def test_a_watchlist_is_tried_on_what_is_known(stocked: Path, capsys: pytest.CaptureFixture[str]) -> None:
    trial = json.loads(run(capsys, "watch", "test", "ma-veille.toml", "--json").out)
    assert (trial["entries"], trial["matched"]) == (7, 2)
    intranet, terrain, reseau = trial["topics"]
    assert (intranet["entries"], intranet["vetoed"], intranet["vetoes"]) == (2, 1, {"panne": 1})
    assert sorted(item["id"] for item in intranet["examples"]) == ["e1", "e7"]
    assert (terrain["entries"], terrain["never"]) == (0, ["chantier"])
    assert (reseau["entries"], reseau["unclear"]) == (0, 1)
    assert trial["vendors"][0]["entries"] == 0
    assert trial["common"] == {"intranet": 3}
    text = run(capsys, "watch", "test", "ma-veille.toml").out.replace("\u00a0", " ")
    assert "Intranets : 2 articles" in text
    assert "écartés : 1, par panne (1)" in text
    assert "Termes présents dans plus d’un tiers des articles : intranet (3)" in text


def test_a_watchlist_is_tried_on_a_text(stocked: Path, capsys: pytest.CaptureFixture[str]) -> None:
    done = run(capsys, "watch", "test", "ma-veille.toml", "--text", "Un intranet neuf\nPour le chantier de Metz.")
    assert done.code == 0
    assert "Un [intranet] neuf" in done.out
    assert "mais aucun de ces termes" in done.out


def test_the_watchlist_of_the_manual_can_be_used(stocked: Path, capsys: pytest.CaptureFixture[str]) -> None:
    manual = (Path(__file__).parent.parent / "docs" / "watch.md").read_text("utf-8")
    [shown] = re.findall(r"```toml\n(.*?)```", manual, re.DOTALL)
    (stocked / "manuel.toml").write_text(shown, "utf-8")
    text = "L'équipe de terrain a une tablette\nUne application qui marche hors ligne, pour les agents de l'entreprise."
    [found] = json.loads(run(capsys, "watch", "test", "manuel.toml", "--text", text, "--json").out)["entries"]
    assert found["watchlists"] == ["ma-veille"]


def test_a_broken_watchlist_is_told_with_its_line(stocked: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (stocked / "casse.toml").write_text('id = "x"\nlabel = { fr = "X", en = "X" }\n[[topic]]\nidd = "y"\n', "utf-8")
    done = run(capsys, "watch", "test", "casse.toml")
    assert done.code == 2
    assert "casse.toml:4" in done.err


# --- sources -----------------------------------------------------------------------------------------------

CONFIG = '# Ma veille\n[watch]\nwatchlists = ["ma-veille.toml"] # à moi\n\n'
HTML = (
    '<!doctype html><html><head><title>Site</title><link rel="alternate" type="application/rss+xml" href="/flux">'
    '<link rel="alternate" type="application/atom+xml" href="/commentaires"></head><body>Bonjour.</body></html>'
)


def test_a_page_that_announces_a_feed_leads_to_it(tmp_path: Path) -> None:
    (tmp_path / "ma-veille.toml").write_text(WATCHLIST, "utf-8")
    write_config(tmp_path, CONFIG)
    path = tmp_path / "rseaudit.toml"
    path.chmod(0o640)
    pages = {"/": HTML, "/flux": rss("flux", "Un", "Deux"), "/commentaires": xml(ATOM), "/rien": "<html>Rien</html>"}
    with serving(Site(pages)) as site:
        tried = rseaudit("watch", "add", f"{site.url}/", "--dry-run", cwd=tmp_path)
        assert path.read_text("utf-8") == CONFIG
        added = rseaudit("watch", "add", f"{site.url}/", cwd=tmp_path)
        again = rseaudit("watch", "add", f"{site.url}/flux", cwd=tmp_path)
        nothing = rseaudit("watch", "add", f"{site.url}/rien", cwd=tmp_path)
        [source] = load(path).source
        assert (source.name, source.url, source.languages) == ("presse-flux", f"{site.url}/flux", ["fr"])
        assert f'url = "{site.url}/flux"' in tried.out
        assert f"the page also announces: {site.url}/commentaires (Atom)" in tried.err
    assert "Presse flux: 2 entries, the newest of 24 novembre 2026" in added.err
    assert "watchlist_sources = true" in added.err
    assert path.read_text("utf-8").startswith(CONFIG)
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert (again.code, "already, as 'presse-flux'" in again.err) == (2, True)
    assert (nothing.code, 'platform = "page"' in nothing.err) == (3, True)
    assert [item.name for item in tmp_path.iterdir() if item.suffix == ".new"] == []


def test_a_page_cannot_lead_the_watch_to_another_machine_inside(tmp_path: Path) -> None:
    write_config(tmp_path, "[watch]\nperiod_days = 7\n")
    with serving(Site({"/flux": rss("dedans", "Un")}), host="127.0.0.2") as inside:
        page = HTML.replace("/flux", f"{inside.url}/flux").replace("/commentaires", "http://169.254.169.254/rss")
        with serving(Site({"/": page})) as site:
            done = rseaudit("watch", "add", f"{site.url}/", cwd=tmp_path)
        assert inside.requests == []
    assert done.code == 3
    assert (tmp_path / "rseaudit.toml").read_text("utf-8") == "[watch]\nperiod_days = 7\n"


def test_without_a_configuration_nothing_is_created(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["watch", "add", "https://presse.example/rss"]) == 2
    (tmp_path / "feeds.opml").write_text("<opml/>", "utf-8")
    assert main(["import", "feeds.opml"]) == 2
    assert sorted(item.name for item in tmp_path.iterdir()) == ["feeds.opml"]


@pytest.mark.parametrize("url", ["ftp://presse.example/rss", "https://moi:secret@presse.example/rss", "presse"])
def test_an_address_that_no_source_may_have_is_refused_before_anything_is_fetched(
    stocked: Path, capsys: pytest.CaptureFixture[str], url: str
) -> None:
    done = run(capsys, "watch", "add", url)
    assert done.code == 2
    assert "secret" not in done.err


OPML = """<opml version="2.0"><head><title>Mes flux</title></head><body><outline text="Presse">
<outline type="rss" text="L'Écho des réseaux" xmlUrl="https://echo.example/rss?a=1&amp;b=2" language="fr-FR"/>
<outline type="rss" text="Presse" xmlUrl="https://PRESSE.example/rss"/>
<outline type="rss" text="L'écho des réseaux" xmlUrl="https://echo.example/deux"/>
<outline type="rss" text="Fermé" xmlUrl="https://moi:secret@ferme.example/rss"/></outline></body></opml>"""


def test_feeds_come_in_and_go_out_as_opml(stocked: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = (stocked / "rseaudit.toml").read_text("utf-8")
    (stocked / "mes-flux.opml").write_text(OPML, "utf-8")
    done = run(capsys, "import", "mes-flux.opml")
    assert done.code == 3
    assert "there already, as presse: https://PRESSE.example/rss" in done.err
    assert "failed: Fermé: a password must not stand in an address" in done.err
    assert "secret@" not in done.err
    text = (stocked / "rseaudit.toml").read_text("utf-8")
    assert text.startswith(before)
    new = {source.name: (source.url, source.languages) for source in load(stocked / "rseaudit.toml").source[2:]}
    assert new == {
        "l-echo-des-reseaux": ("https://echo.example/rss?a=1&b=2", ["fr"]),
        "l-echo-des-reseaux-2": ("https://echo.example/deux", []),
    }
    exported = run(capsys, "export", "--opml").out
    assert exported.count("xmlUrl=") == 4
    (stocked / "retour.opml").write_text(exported, "utf-8")
    again = run(capsys, "import", "retour.opml")
    assert (again.code, "0 feeds added, 4 were there already" in again.err) == (0, True)
    assert (stocked / "rseaudit.toml").read_text("utf-8") == text


def test_a_list_that_would_not_load_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    closed = 'source = [{ name = "a", role = "watched", platform = "feed", url = "https://a.example/rss" }]\n'
    (tmp_path / "rseaudit.toml").write_text(closed, "utf-8")
    (tmp_path / "mes-flux.opml").write_text(OPML, "utf-8")
    assert main(["import", "mes-flux.opml"]) == 2
    assert (tmp_path / "rseaudit.toml").read_text("utf-8") == closed
    assert sorted(item.name for item in tmp_path.iterdir()) == ["mes-flux.opml", "rseaudit.toml"]


@pytest.mark.parametrize("before", [b"", b"# fin sans saut", b"\xef\xbb\xbf[watch]\r\nperiod_days = 7\r\n"])
def test_what_stands_in_the_file_stays_to_the_byte(tmp_path: Path, before: bytes) -> None:
    from rseaudit.config.append import NewSource, append

    path = tmp_path / "rseaudit.toml"
    path.write_bytes(before)
    settings = append(
        path, [NewSource(name="a", url="https://a.example/rss"), NewSource(name="b", url="https://b.example")]
    )
    after = path.read_bytes()
    assert after.startswith(before)
    assert [source.name for source in settings.source] == ["a", "b"]
    assert after.count(b"\n") == (after.count(b"\r\n") if b"\r\n" in before else after.count(b"\n"))
