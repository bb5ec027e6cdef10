"""A watchlist, feeds and a dozen entries, for tests of the watch as people run it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from rseaudit.cli import main
from rseaudit.model import Entry
from rseaudit.store import feeds as feed_store
from rseaudit.store.database import open_store
from tests.command_line import Done, write_config
from tests.site_server import Answer

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


def source(name: str, url: str, platform: str = "feed") -> str:
    return f'[[source]]\nname = "{name}"\nrole = "watched"\nplatform = "{platform}"\nurl = "{url}"\n'


TITLES = {
    "e1": ("Un intranet à Brest", "La mairie ouvre un portail interne en mars."),
    "e2": ("Panne de l'intranet", "Le portail interne est à l'arrêt depuis lundi."),
    "e3": ("La cantine rouvre", "Du beurre, des pommes et du pain frais."),
    "e4": ("Une tablette pour chacun", "Les agents reçoivent leur matériel cette semaine."),
    "e5": ("La RSE en débat", "Le bilan carbone des entreprises progresse lentement."),
    "e6": ("Zorglub en ville", "Le musée expose ses machines jusqu'en juin."),
    "e7": ("Note de service", "mot " * 120 + "intranet"),
}


def stock(folder: Path) -> None:
    """Write a configuration with two feeds, and keep a dozen entries of theirs."""
    (folder / "ma-veille.toml").write_text(WATCHLIST, "utf-8")
    feeds = source("presse", "https://presse.example/rss") + source("autre", "https://autre.example/rss")
    write_config(folder, '[watch]\nwatchlists = ["ma-veille.toml"]\n' + feeds)
    keep(folder, *(entry(name, title, text) for name, (title, text) in TITLES.items()))


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
