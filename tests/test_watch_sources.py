"""How sources come in and go out: ``watch add``, OPML, and the file that they stand in."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from rseaudit.cli import main
from rseaudit.config.load import load
from tests.command_line import rseaudit, write_config
from tests.site_server import Site, serving
from tests.watch_sample import ATOM, WATCHLIST, rss, run, stock, xml

CONFIG = '# Ma veille\n[watch]\nwatchlists = ["ma-veille.toml"] # à moi\n\n'
HTML = (
    '<!doctype html><html><head><title>Site</title><link rel="alternate" type="application/rss+xml" href="/flux">'
    '<link rel="alternate" type="application/atom+xml" href="/commentaires"></head><body>Bonjour.</body></html>'
)


@pytest.fixture
def stocked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    stock(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


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
