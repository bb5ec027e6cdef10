"""The three hosts of the invented company behave as real ones."""

from __future__ import annotations

import http.client
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit

import pytest
from lxml import html as lxml_html

from rseaudit import richtext
from rseaudit.config.load import load
from rseaudit.demo import configuration
from rseaudit.demo.company import DemoDocument
from rseaudit.demo.feeds import load_feeds
from rseaudit.demo.server import Servers, serve
from rseaudit.text import normalise
from tests.demo_company import COMPANY, EXPECTED, INTRANET, NETWORK, PUBLIC


@pytest.fixture(scope="module")
def servers() -> Iterator[Servers]:
    with serve(COMPANY, load_feeds()) as running:
        yield running


@dataclass
class Visitor:
    """Reads one host through its proxy, and keeps the session cookie."""

    servers: Servers
    source: str
    cookie: str = ""
    answers: dict[str, bytes] = field(default_factory=dict)

    def ask(
        self, url: str, method: str = "GET", *, body: str | None = None, **headers: str
    ) -> http.client.HTTPResponse:
        proxy = urlsplit(self.servers.proxies[self.source])
        connection = http.client.HTTPConnection(proxy.hostname or "", proxy.port)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if body is not None:
            named["Content-Type"] = "application/x-www-form-urlencoded"
        if self.cookie:
            named["Cookie"] = self.cookie
        try:
            connection.request(method, url, body=body, headers=named)
            answer = connection.getresponse()
            self.answers[url] = answer.read()
        finally:
            connection.close()
        return answer

    def text(self, url: str) -> str:
        assert self.ask(url).status == 200
        return self.answers[url].decode()

    def log_in(self, user: str, password: str) -> http.client.HTTPResponse:
        page = lxml_html.fromstring(self.text(f"http://{NETWORK}/login"))
        token = page.xpath("//input[@name='_csrf']/@value")[0]
        form = urlencode({"_csrf": token, "user": user, "password": password})
        answer = self.ask(f"http://{NETWORK}/login", "POST", body=form)
        self.cookie = (answer.getheader("Set-Cookie") or "").partition(";")[0]
        return answer


@pytest.fixture
def guest(servers: Servers) -> Visitor:
    return Visitor(servers, "rse")


def logged_in(servers: Servers, user: str) -> Visitor:
    visitor = Visitor(servers, "rse")
    visitor.log_in(user, next(account.password for account in COMPANY.accounts if account.user == user))
    return visitor


def plain(document: DemoDocument) -> str:
    return richtext.read(document.body, document.format).text


def folded(text: str) -> str:
    return " ".join(normalise(text).text.split())


def test_the_two_forms_of_a_request_lead_to_the_same_page(guest: Visitor) -> None:
    absolute = guest.text(f"http://{NETWORK}/post/607")
    assert guest.ask("/post/607", Host=NETWORK).status == 200
    assert guest.answers["/post/607"].decode() == absolute


@pytest.mark.parametrize("url", [f"http://{PUBLIC}/", "http://elsewhere.example/", "/"])
def test_a_host_that_is_not_served_here_is_a_bad_gateway(guest: Visitor, url: str) -> None:
    assert guest.ask(url).status == 502


def test_the_login_opens_the_network_to_its_members(servers: Servers) -> None:
    visitor = Visitor(servers, "rse")
    answer = visitor.log_in("auditeur", "lampe-de-poche-42")
    assert (answer.status, answer.getheader("Location")) == (303, "/")
    assert lxml_html.fromstring(visitor.text(f"http://{NETWORK}/")).xpath("//a[@href='/me']")
    assert visitor.ask(f"http://{NETWORK}/me").status == 200


def test_a_wrong_password_or_a_missing_token_opens_nothing(servers: Servers, guest: Visitor) -> None:
    assert guest.log_in("auditeur", "lampe").status == 403
    form = urlencode({"user": "auditeur", "password": "lampe-de-poche-42"})
    assert guest.ask(f"http://{NETWORK}/login", "POST", body=form).status == 403
    assert guest.cookie == ""


def test_logging_out_ends_the_session() -> None:
    with serve(COMPANY) as own:
        visitor = logged_in(own, "auditeur")
        visitor.ask(f"http://{NETWORK}/logout")
        assert visitor.ask(f"http://{NETWORK}/me").getheader("Location") == "/login"


def test_guests_see_what_is_public_and_nothing_else(guest: Visitor) -> None:
    for post in COMPANY.of("rse"):
        assert guest.ask(COMPANY.url(post)).status == (200 if post.visibility == "public" else 303)


def test_a_restricted_page_is_refused_to_guests_and_to_employees(servers: Servers) -> None:
    employee, guest = logged_in(servers, "amina"), Visitor(servers, "rse")
    for path in (*(f"/post/{number}" for number in EXPECTED.restricted.documents), "/space/projet-ombrelle"):
        assert guest.ask(f"http://{NETWORK}{path}").getheader("Location") == "/login"
        assert employee.ask(f"http://{NETWORK}{path}").status == 403


def test_canary_words_reach_members_only(servers: Servers) -> None:
    addresses = [f"http://{NETWORK}{path}" for path in ("/", "/espaces", "/space/innovation", "/post/510", "/post/701")]
    seen = {}
    for name in ("amina", "auditeur"):
        visitor = logged_in(servers, name)
        for address in addresses:
            visitor.ask(address)
        seen[name] = folded(b"".join(visitor.answers.values()).decode())
    assert not any(canary in seen["amina"] for canary in EXPECTED.restricted.canaries)
    assert all(canary in seen["auditeur"] for canary in ("vardoulin", "zibelastre"))


def test_every_document_is_reached_by_following_links(servers: Servers) -> None:
    allowed = re.compile(r"/(?:|espaces|space/[a-z-]+|post/\d+|rubrique/[a-z-]+|(?:page|actualite)/[a-z0-9-]+)")
    for source, visitor in (
        ("rse", logged_in(servers, "auditeur")),
        ("intranet", Visitor(servers, "intranet")),
        ("site-public", Visitor(servers, "site-public")),
    ):
        pending, seen = ["/"], {"/"}
        while pending:
            tree = lxml_html.fromstring(visitor.text(f"http://{COMPANY.hosts[source]}{pending.pop()}"))
            for href in tree.xpath("//a/@href[starts-with(., '/')]"):
                path, _, query = href.partition("?")
                href = f"{path}?{query}" if query.startswith("page=") else path
                if href not in seen and (source == "site-public" or allowed.fullmatch(path)):
                    seen.add(href)
                    pending.append(href)
        assert {document.path for document in COMPANY.of(source)} <= seen


def test_what_people_wrote_is_shown_and_never_run(servers: Servers) -> None:
    page = logged_in(servers, "auditeur").text(f"http://{NETWORK}/post/216")
    assert "&lt;script&gt;" in page
    assert lxml_html.fromstring(page).xpath("//script | //*[@onerror]") == []


def test_comments_stand_below_the_post_and_not_in_it(servers: Servers) -> None:
    tree = lxml_html.fromstring(logged_in(servers, "auditeur").text(f"http://{NETWORK}/post/101"))
    assert len(tree.cssselect(".entry")) == 4
    assert "cadenas rouges" not in tree.cssselect(".post-text")[0].text_content()


def test_an_unknown_count_is_not_shown(servers: Servers) -> None:
    tree = lxml_html.fromstring(logged_in(servers, "auditeur").text(f"http://{NETWORK}/post/105"))
    assert tree.cssselect(".post-comments")
    assert not tree.cssselect(".post-likes")


def test_an_unchanged_page_is_not_sent_again(servers: Servers) -> None:
    visitor = Visitor(servers, "intranet")
    url = f"http://{INTRANET}/page/port-des-epi"
    first = visitor.ask(url)
    assert first.getheader("Last-Modified") == "Mon, 02 Jun 2025 09:30:00 GMT"
    for header, value in (("If_None_Match", "ETag"), ("If_Modified_Since", "Last-Modified")):
        again = visitor.ask(url, **{header: first.getheader(value) or ""})
        assert (again.status, visitor.answers[url]) == (304, b"")
    assert visitor.ask(url, If_None_Match='"another"').status == 200


def test_head_says_what_get_would(servers: Servers) -> None:
    visitor = Visitor(servers, "site-public")
    url = f"http://{PUBLIC}/conseils/desembouage"
    full = visitor.ask(url)
    head = visitor.ask(url, "HEAD")
    assert visitor.answers[url] == b""
    assert head.getheaders() == full.getheaders()


@pytest.mark.parametrize("path", ["/", "/post/101", "/post/101/like"])
def test_nothing_but_the_login_may_be_posted(guest: Visitor, path: str) -> None:
    assert guest.ask(f"http://{NETWORK}{path}", "POST", body="a=b").status == 405


def test_what_does_not_exist_is_not_found(servers: Servers, guest: Visitor) -> None:
    assert guest.ask(f"http://{NETWORK}/post/9999").status == 404
    assert guest.ask(f"http://{NETWORK}/?page=99").status == 404
    assert Visitor(servers, "intranet").ask(f"http://{INTRANET}/page/nulle-part").status == 404


def test_each_platform_has_its_robots_and_the_open_ones_their_sitemap(servers: Servers) -> None:
    assert "Disallow: /recherche" in Visitor(servers, "rse").text(f"http://{NETWORK}/robots.txt")
    for source in ("intranet", "site-public"):
        visitor = Visitor(servers, source)
        assert "/sitemap.xml" in visitor.text(f"http://{COMPANY.hosts[source]}/robots.txt")
        sitemap = visitor.text(f"http://{COMPANY.hosts[source]}/sitemap.xml")
        assert sitemap.count("<loc>") == len(COMPANY.of(source))


def test_each_feed_is_read_through_the_third_host(servers: Servers) -> None:
    for feed in load_feeds():
        assert Visitor(servers, feed.key).ask(f"http://{feed.host}{feed.path}").status == 200


def test_a_feed_shows_what_was_out_when_it_is_read() -> None:
    feed = load_feeds()[0]
    oldest = min(entry.appears for entry in feed.entries)
    with serve(COMPANY, (feed,)) as own:
        own.read_press_at(oldest)
        early = Visitor(own, feed.key).text(f"http://{feed.host}{feed.path}")
        own.read_press_at(COMPANY.now)
        late = Visitor(own, feed.key).text(f"http://{feed.host}{feed.path}")
    assert len(early) < len(late)


def test_two_demonstrations_send_the_same_bytes() -> None:
    addresses = [("rse", "/"), ("rse", "/post/101"), ("intranet", "/page/port-des-epi"), ("site-public", "/conseils")]
    runs = []
    for _ in range(2):
        with serve(COMPANY) as own:
            member = logged_in(own, "auditeur")
            answers = []
            for source, path in addresses:
                visitor = Visitor(own, source, cookie=member.cookie)
                answer = visitor.ask(f"http://{COMPANY.hosts[source]}{path}")
                answers.append((answer.getheaders(), *visitor.answers.values()))
            runs.append(answers)
    assert runs[0] == runs[1]


def test_pages_name_no_port_and_no_address_of_this_machine(servers: Servers) -> None:
    page = logged_in(servers, "auditeur").text(f"http://{NETWORK}/") + Visitor(servers, "intranet").text(
        f"http://{INTRANET}/"
    )
    assert "127.0.0" not in page
    assert not any(proxy.rpartition(":")[2] in page for proxy in servers.proxies.values())


def test_every_request_is_written_down() -> None:
    with serve(COMPANY) as own:
        Visitor(own, "rse").ask(f"http://{NETWORK}/post/607?ref=fil", "HEAD")
        assert own.requests == [("HEAD", f"http://{NETWORK}/post/607?ref=fil")]


# The configuration.


def test_the_configuration_is_valid_and_names_every_source(servers: Servers, tmp_path) -> None:
    settings = load(configuration.write(tmp_path, servers.proxies))
    assert {source.name for source in settings.source} == set(servers.proxies)
    assert all(source.proxy == servers.proxies[source.name] for source in settings.source)
    assert {audience.id for audience in settings.audience} == {s.audience for s in COMPANY.spaces if s.audience}
    assert settings.notices == ()


def test_the_password_is_for_its_owner_only(servers: Servers, tmp_path) -> None:
    path = configuration.write(tmp_path, servers.proxies)
    secret = tmp_path / "secrets" / "rse"
    assert secret.read_text("utf-8").strip() not in path.read_text("utf-8")
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600


def test_the_configuration_is_written_alike_twice(servers: Servers, tmp_path) -> None:
    first = configuration.write(tmp_path / "a", servers.proxies)
    again = configuration.write(tmp_path / "b", servers.proxies)
    assert first.read_bytes() == again.read_bytes()
    assert (tmp_path / "a" / configuration.PEOPLE).read_bytes() == (tmp_path / "b" / configuration.PEOPLE).read_bytes()
