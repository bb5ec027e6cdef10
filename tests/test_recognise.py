"""`rseaudit init URL` looks at one page, politely, and knows platforms by what they leave in it."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from rseaudit.cli import main
from rseaudit.config.load import load
from rseaudit.config.settings import SourceSettings
from rseaudit.crawl.recognise import Recognised, recognise
from rseaudit.crawl.visit import MAX_BYTES, visit
from rseaudit.errors import FetchError
from tests.site_server import Answer, Site, serving
from tests.test_crawl_faults import certificate

HUMHUB = """<!DOCTYPE html><html><head><title>RSE</title>
<script src="/static/assets/js/humhub-app.js?v=1"></script></head><body><div id="wallStream" data-stream="/s"></div>
<script>humhub.config.set('ui', {});</script></body></html>"""
WORDPRESS = """<html><head><meta name="generator" content="WordPress 6.1.9">
<link rel='https://api.w.org/' href='https://x/wp-json/'></head><body class="home blog">Bonjour</body></html>"""
BUDDYPRESS = WORDPRESS.replace("home blog", "bp-nouveau buddypress directory activity")
MEDIAWIKI = """<html class="client-nojs"><head><meta name="generator" content="MediaWiki 1.39.17">
<script>RLCONF={"wgPageName":"Accueil","wgArticleId":1};</script></head><body class="mediawiki">…</body></html>"""
RSS = '<?xml version="1.0"?><!-- flux --><rss version="2.0"><channel><title>Presse</title></channel></rss>'
ATOM = '<?xml version="1.0"?>\n<feed xmlns="http://www.w3.org/2005/Atom"><title>Presse</title></feed>'
RDF = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"></rdf:RDF>'
JSON = '{"version": "https://jsonfeed.org/version/1.1", "title": "Presse", "items": []}'
ARTICLE = """<html><head><title>Choisir</title></head><body><h1>WordPress, MediaWiki ou HumHub ?</h1>
<p>On les reconnaît à humhub.config.set, RLCONF et wgArticleId, &lt;meta name="generator" content="WordPress"&gt;.</p>
<pre>&lt;rss&gt;</pre></body></html>"""
Capture = pytest.CaptureFixture[str]
AGENT = "rseaudit/test"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("body", "platform"),
    [
        (HUMHUB, "humhub"),
        (WORDPRESS, "wordpress"),
        (BUDDYPRESS, "wordpress"),
        (MEDIAWIKI, "mediawiki"),
        (RSS, "feed"),
        ("\ufeff\n" + ATOM, "feed"),
        (RDF, "feed"),
        (JSON, "feed"),
        (ARTICLE, "website"),
        ('{"version": "2"}', "website"),
        ("<feed><title>not Atom</title></feed>", "website"),
        ("", "website"),
        ("<html><script>", "website"),
    ],
)
def test_a_platform_is_known_by_its_fingerprints(body: str, platform: str) -> None:
    found = recognise(body, {})
    assert found.platform == platform
    assert bool(found.signs) == (platform != "website")


def test_headers_are_fingerprints_too() -> None:
    link = {"link": '<https://x/wp-json/>; rel="https://api.w.org/"', "x-pingback": "https://x/xmlrpc.php"}
    assert recognise("<html></html>", link) == Recognised("wordpress", ('link rel="https://api.w.org/"', "X-Pingback"))


def test_every_sign_of_buddypress_is_told() -> None:
    assert "BuddyPress" in recognise(BUDDYPRESS, {}).signs
    assert "BuddyPress" not in recognise(WORDPRESS, {}).signs


@pytest.mark.parametrize("body", [HUMHUB, WORDPRESS, MEDIAWIKI, RSS, ATOM, JSON])
def test_a_page_that_is_cut_anywhere_breaks_nothing(body: str) -> None:
    whole = recognise(body, {}).platform
    assert {recognise(body[:end], {}).platform for end in range(len(body))} <= {whole, "website"}


@pytest.mark.parametrize("platform", ["humhub", "wordpress", "mediawiki", "website", "feed"])
def test_a_platform_is_built_when_its_spider_is_there(platform: str) -> None:
    spider = Path(__file__).parent.parent / "spiders" / f"{platform}.py"
    assert Recognised(platform).is_built == spider.exists()


def first_source(folder: Path) -> tuple[SourceSettings, str]:
    settings = load(folder / "rseaudit.toml")
    assert settings.notices == ()
    return settings.source[0], (folder / "rseaudit.toml").read_text("utf-8")


@pytest.mark.parametrize(
    ("body", "platform"), [(HUMHUB, "humhub"), (BUDDYPRESS, "wordpress"), (MEDIAWIKI, "mediawiki")]
)
def test_init_writes_what_it_recognised_as_far_as_it_is_built(
    folder: Path, capsys: Capture, body: str, platform: str
) -> None:
    with serving(Site({"/rse": body})) as site:
        assert main(["init", f"{site.url}/rse"]) == 0
        assert site.requests == [("GET", "/robots.txt"), ("GET", "/rse")]
        assert {agent.split("/")[0] for agent in site.agents} == {"rseaudit"}
    source, text = first_source(folder)
    assert f"# Recognised: {platform}, known by " in text
    assert f"Recognised: {platform}" in capsys.readouterr().err
    assert source.platform == (platform if Recognised(platform).is_built else "website")
    assert ("no reader for" in text) is not Recognised(platform).is_built


@pytest.mark.parametrize(
    ("asked", "api", "told"),
    [
        ("/wiki/Accueil", "/w/api.php?action=rsd", True),
        ("/w/index.php", "/w/api.php?action=rsd", False),
        ("/wiki/Accueil", "http://elsewhere.example/w/api.php?action=rsd", False),
        ("/wiki/Accueil", "http://[", False),
    ],
)
def test_init_says_where_the_api_of_a_wiki_is_unless_its_address_leads_there(
    folder: Path, asked: str, api: str, told: bool
) -> None:
    link = f'<link rel="EditURI" type="application/rsd+xml" href="{api}"/></head>'
    with serving(Site({asked: MEDIAWIKI.replace("</head>", link)})) as site:
        assert main(["init", f"{site.url}{asked}", "--quiet"]) == 0
        _, text = first_source(folder)
        assert (f"Its API is at {site.url}/w/api.php" in text) is told


def test_init_of_a_feed_writes_a_watched_source_with_its_whole_address(folder: Path) -> None:
    with serving(Site({"/?feed=rss2": RSS})) as site:
        assert main(["init", f"{site.url}/?feed=rss2", "--quiet"]) == 0
    source, _ = first_source(folder)
    assert (source.platform, source.role, source.url) == ("feed", "watched", f"{site.url}/?feed=rss2")


def test_init_of_any_other_site_writes_a_website(folder: Path) -> None:
    with serving(Site({"/": ARTICLE})) as site:
        assert main(["init", site.url, "--quiet"]) == 0
    source, text = first_source(folder)
    assert (source.platform, source.profile) == ("website", "rse")
    assert "# Recognised: no platform that is known." in text


def test_init_writes_the_file_when_nobody_answers(folder: Path, capsys: Capture) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
        assert main(["init", url]) == 0
    source, text = first_source(folder)
    assert (source.platform, source.url) == ("website", url)
    assert "# Not recognised: connection refused." in text
    assert "connection refused; the platform is not recognised" in capsys.readouterr().err


def test_init_looks_at_nothing_that_robots_may_not_read(folder: Path) -> None:
    rules = Answer(b"User-agent: rseaudit\nDisallow: /interne\n", content_type="text/plain")
    with serving(Site({"/robots.txt": rules, "/interne": HUMHUB})) as site:
        assert main(["init", f"{site.url}/interne", "--quiet"]) == 0
        assert site.requests == [("GET", "/robots.txt")]
    source, text = first_source(folder)
    assert source.platform == "website"
    assert "robots.txt asks robots not to read it" in text


@pytest.mark.parametrize("status", [401, 403, 500, 503])
def test_a_server_that_will_not_say_its_rules_is_not_visited(status: int) -> None:
    with serving(Site({"/robots.txt": Answer(status=status), "/": HUMHUB})) as site:
        with pytest.raises(FetchError, match=r"robots\.txt"):
            visit(site.url, agent=AGENT)
        assert site.fetched == {}


def test_a_page_for_members_only_is_recognised_and_told(folder: Path) -> None:
    with serving(Site({"/": Answer(MEDIAWIKI.encode(), status=403)})) as site:
        assert main(["init", site.url, "--quiet"]) == 0
    _, text = first_source(folder)
    assert "Recognised: mediawiki" in text
    assert "The server answered 403" in text


def moved(to: str) -> Answer:
    return Answer(status=302, headers={"Location": to})


def test_redirects_are_followed_each_with_its_own_rules(folder: Path) -> None:
    with serving(Site({"/": moved("/login"), "/login": WORDPRESS})) as site:
        page = visit(site.url, agent=AGENT)
        assert page.url == f"{site.url}/login"
        assert [path for _, path in site.requests] == ["/robots.txt", "/", "/login"]
    rules = Answer(b"User-agent: *\nDisallow: /login\n", content_type="text/plain")
    with serving(Site({"/robots.txt": rules, "/": moved("/login"), "/login": WORDPRESS})) as site:
        with pytest.raises(FetchError, match=r"robots\.txt"):
            visit(site.url, agent=AGENT)
        assert "/login" not in site.fetched


def test_redirects_end() -> None:
    with serving(Site({"/": moved("/")})) as site, pytest.raises(FetchError, match="more than 5 redirects"):
        visit(site.url, agent=AGENT)


@pytest.mark.parametrize("target", ["http://127.0.0.2:{port}/", "http://169.254.169.254/latest", "file:///etc/passwd"])
def test_a_redirect_leads_nowhere_inside_the_network(target: str) -> None:
    site = Site({})
    with serving(site):
        site.pages["/"] = moved(target.format(port=site.url.rpartition(":")[2]))
        with pytest.raises(FetchError, match=r"may not be connected to|neither http nor https"):
            visit(site.url, agent=AGENT)
        assert [path for _, path in site.requests] == ["/robots.txt", "/"]


def test_a_metadata_address_is_refused_even_when_it_is_typed() -> None:
    with pytest.raises(FetchError, match="may not be connected to"):
        visit("http://169.254.169.254/", agent=AGENT)


def test_what_a_server_sends_cannot_write_into_the_configuration(folder: Path) -> None:
    evil = Answer(status=302, headers={"Location": "http://127.0.0.1:1/x\u2028role%0a='watched'"})
    with serving(Site({"/": evil})) as site:
        assert main(["init", site.url, "--quiet"]) == 0
    source, text = first_source(folder)
    assert source.role == "audited"
    assert all(sign.isprintable() or sign == "\n" for sign in text)


def test_a_huge_page_is_read_up_to_its_limit() -> None:
    with serving(Site({"/": HUMHUB + "x" * (2 * MAX_BYTES)})) as site:
        page = visit(site.url, agent=AGENT)
    assert len(page.body) == MAX_BYTES
    assert recognise(page.body, page.headers).platform == "humhub"


@contextmanager
def dripping(send: Callable[[socket.socket], None]) -> Iterator[str]:
    """Accept connections that are answered by ``send``."""
    server = socket.create_server(("127.0.0.1", 0))

    def run() -> None:
        while True:
            try:
                client, _ = server.accept()
            except OSError:
                return
            with client:
                try:
                    send(client)
                except OSError:
                    continue

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
    finally:
        server.shutdown(socket.SHUT_RDWR)
        server.close()
        thread.join()


def test_a_server_that_drips_its_answer_is_left_in_time() -> None:
    hung_up = threading.Event()

    def send(client: socket.socket) -> None:
        client.recv(4096)
        client.sendall(b"HTTP/1.1 200 OK\r\n")
        try:
            while not hung_up.wait(0.05):
                client.sendall(b"X-Slow: 1\r\n")
        except OSError:
            hung_up.set()
            raise

    with dripping(send) as url, pytest.raises(FetchError, match="no answer in time"):
        visit(url, agent=AGENT, timeout_s=0.5)
    assert hung_up.is_set()


def test_an_answer_that_is_not_http_is_told() -> None:
    def send(client: socket.socket) -> None:
        client.sendall(b"SSH-2.0-OpenSSH\r\n")

    with dripping(send) as url, pytest.raises(FetchError, match="the connection broke"):
        visit(url, agent=AGENT)


def test_a_certificate_of_nobody_is_refused(tmp_path: Path) -> None:
    with serving(Site({"/": HUMHUB}), certificate=certificate(tmp_path)) as site:
        with pytest.raises(FetchError, match="the certificate cannot be verified"):
            visit(site.url, agent=AGENT)
        assert site.requests == []


def test_a_dry_run_prints_what_would_be_written(folder: Path, capsys: Capture) -> None:
    with serving(Site({"/": MEDIAWIKI})) as site:
        assert main(["init", site.url, "--dry-run"]) == 0
    assert "# Recognised: mediawiki" in capsys.readouterr().out
    assert not (folder / "rseaudit.toml").exists()
