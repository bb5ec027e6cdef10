"""A credential reaches its own origin and nobody else, whoever set it and wherever a site sends the crawler."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.command_line import environment, rseaudit, write_config
from tests.portal import COOKIE, PASSWORD, SECRET, TOKEN, Portal, Provider
from tests.rogue_crawl import CANARY
from tests.site_server import PROFILE, Answer, Site, article, serving
from tests.test_crawl_faults import certificate as make_certificate
from tests.test_sessions import BARE, FORM, exported, secret, source

SECRETS = (PASSWORD, TOKEN, COOKIE, SECRET, CANARY)


class Recorder(Site):
    """Keeps the headers of every request."""

    def __init__(self, pages: Mapping[str, object]) -> None:
        super().__init__(pages)  # type: ignore[arg-type]
        self.heard: list[tuple[str, dict[str, str]]] = []

    def answer(self, path: str, conditions: Mapping[str, str | None]) -> Answer:
        self.heard.append((path, {name.lower(): value or "" for name, value in conditions.items()}))
        return super().answer(path, conditions)

    @property
    def told(self) -> set[str]:
        """The names of headers that only some requests should have."""
        usual = {"host", "accept", "accept-encoding", "accept-language", "user-agent", "connection"}
        return {name for _, headers in self.heard for name in headers} - usual


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return make_certificate(tmp_path_factory.mktemp("pki"))


# The table of ways in which Scrapy leaks, with our settings.


@pytest.mark.parametrize(
    ("way", "own"),
    [
        ("headers", set()),
        ("cookies", set()),
        ("default-headers", set()),
        ("middleware", set()),
        ("http-auth", set()),
        ("wallet", {"authorization", "cookie", "x-api-key", "private-token"}),
    ],
)
def test_nothing_follows_a_redirect_to_another_host(way: str, own: set[str]) -> None:
    with serving(Recorder({"/ici": "<p>ici</p>"}), host="127.0.0.2") as other:
        with serving(Recorder({"/": Answer(status=302, headers={"Location": f"{other.url}/ici"})})) as home:
            rogue(way, home.url)
        assert [path for path, _ in other.heard if path != "/robots.txt"] == ["/ici"]
        assert other.told == set()
        assert home.told == own, "only what the wallet holds is sent at all"


def test_nothing_follows_from_https_to_http_on_the_same_host(certificate: tuple[Path, Path]) -> None:
    with serving(Recorder({"/ici": "<p>ici</p>"})) as plain:
        away = Answer(status=302, headers={"Location": f"{plain.url}/ici"})
        with serving(Recorder({"/": away}), certificate=certificate) as home:
            rogue("wallet", home.url, str(certificate[0]))
        assert [path for path, _ in plain.heard if path != "/robots.txt"] == ["/ici"]
        assert plain.told == set()
        assert "authorization" in home.told


def rogue(*arguments: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.rogue_crawl", *arguments],
        cwd=Path(__file__).parent.parent,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert CANARY not in done.stdout + done.stderr


# Crawls of ours, under each kind of account, of a site that leads elsewhere in every way it can.


class Trap(Portal):
    """A portal that sends its members on to another host: by links, redirects, robots.txt, cookies for all."""

    def __init__(self, other: str, *, marked: bool) -> None:
        super().__init__(guests="public", marked=marked)
        away = Answer(status=302, headers={"Location": f"{other}/redirigee"})
        mark = ["/profile"] if marked else []
        self.pages = {
            "/": article(0, *mark, "/note/1", "/note/2", f"{other}/note/lien"),
            "/note/1": article(1, *mark, f"{other}/note/1"),
            "/note/2": away,
            "/profile": self.pages["/profile"],
            "/robots.txt": Answer(status=302, headers={"Location": f"{other}/robots.txt"}),
        }

    def answer(self, path: str, conditions: Mapping[str, str | None]) -> Answer:
        answer = super().answer(path, conditions)
        if "Set-Cookie" not in answer.headers and path.startswith("/note"):
            answer.headers["Set-Cookie"] = f"trace={CANARY}; Path=/; Domain=127.0.0.1"
        return answer


WAYS = ("form", "basic", "bearer", "header", "oauth", "cookies")


@pytest.fixture(scope="module")
def trapped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, dict[str, Trap], Recorder, Provider]]:
    folder = tmp_path_factory.mktemp("trap")
    pages = {
        "/redirigee": article(91, "/note/lien"),
        "/note/lien": article(92),
        "/note/1": article(93),
        "/robots.txt": Answer(b"User-agent: *\nAllow: /\n", content_type="text/plain"),
    }
    with ExitStack() as stack:
        other = stack.enter_context(serving(Recorder(pages), host="127.0.0.2"))
        traps = {way: stack.enter_context(serving(Trap(other.url, marked=way == "form"))) for way in WAYS}
        provider = stack.enter_context(serving(Provider(traps["oauth"]), host="127.0.0.3"))
        traps["cookies"].sessions.add(COOKIE)
        login = f'user = "anne", password_file = "{secret(folder, "pass", PASSWORD)}"'
        token = secret(folder, "token", TOKEN)
        client = f'client_id = "rse:audit", secret_file = "{secret(folder, "client", SECRET)}", scope = "lire tout"'
        accounts = {
            "form": f"login = {{ {login} }}",
            "basic": f'login = {{ {login}, method = "basic" }}',
            "bearer": f'token_file = "{token}"',
            "header": f'token_file = "{token}"\ntoken_header = "X-Api-Key"',
            "oauth": f'oauth = {{ token_url = "{provider.url}/token", {client} }}',
            "cookies": f'cookies_file = "{secret(folder, "cookies.txt", exported("127.0.0.1", COOKIE))}"',
        }
        options = f'allow_hosts = ["127.0.0.2:{other.url.rpartition(":")[2]}"]'
        sources = []
        for way, text in accounts.items():
            proof = "" if way == "form" else '\nproof_url = "/profile"'
            profile = "site" if way == "form" else "bare"
            sources.append(source(way, traps[way].url, text + proof, profile=profile, options=options))
        write_config(folder, "".join(sources) + PROFILE + FORM + BARE)
        done = rseaudit("crawl", "--json", "--verbose", cwd=folder)
        assert done.code == 0, done.err
        for canary in SECRETS:
            assert canary not in done.out + done.err
        yield folder, traps, other, provider


def test_another_host_that_a_source_may_lead_to_learns_nothing(
    trapped: tuple[Path, dict[str, Trap], Recorder, Provider],
) -> None:
    _, _, other, _ = trapped
    asked = [path for path, _ in other.heard]
    for path in ("/redirigee", "/note/lien", "/note/1"):
        assert asked.count(path) == len(WAYS), "the trap was walked into, under every account"
    assert other.told == set()
    assert not [1 for path, headers in other.heard for canary in SECRETS if canary in f"{path} {headers}"]


def test_an_identity_provider_hears_of_the_client_alone(
    trapped: tuple[Path, dict[str, Trap], Recorder, Provider],
) -> None:
    _, traps, _, provider = trapped
    assert {(method, path) for method, path, _ in provider.seen} == {("POST", "/token")}
    assert all("cookie" not in headers and TOKEN not in str(headers) for _, _, headers in provider.seen)
    assert all(SECRET not in f"{path}{headers}" for trap in traps.values() for _, path, headers in trap.seen)


def test_cookies_of_one_source_or_account_are_not_those_of_another(
    trapped: tuple[Path, dict[str, Trap], Recorder, Provider],
) -> None:
    _, traps, _, _ = trapped
    for way in ("basic", "bearer", "header", "oauth"):
        cookies = {headers["cookie"] for _, _, headers in traps[way].seen if "cookie" in headers}
        assert cookies <= {f"trace={CANARY}"}, "its own, from its own site, and no session"
    assert all(
        headers.get("cookie", "").count("session=") <= 1 for trap in traps.values() for _, _, headers in trap.seen
    )


def test_a_login_form_that_sends_its_fields_away_gets_nothing(tmp_path: Path) -> None:
    with serving(Recorder({}), host="127.0.0.2") as thief:
        form = f'<form action="{thief.url}/session"><input name="user"><input type="password" name="password"></form>'
        with serving(Recorder({"/login": form})) as home:
            login = f'login = {{ user = "anne", password_file = "{secret(tmp_path, "pass", PASSWORD)}" }}'
            write_config(tmp_path, source("rse", home.url, login) + PROFILE + FORM)
            done = rseaudit("crawl", "--json", cwd=tmp_path)
        assert done.code == 3
        assert "the login form sends its fields to another origin" in done.err
        assert thief.requests == []


def test_a_token_address_that_sends_on_gets_no_second_request(tmp_path: Path) -> None:
    with ExitStack() as stack:
        thief = stack.enter_context(serving(Recorder({}), host="127.0.0.2"))
        portal = stack.enter_context(serving(Portal(guests="401")))
        provider = stack.enter_context(serving(Provider(portal), host="127.0.0.3"))
        provider.says = Answer(status=307, headers={"Location": f"{thief.url}/token"})
        client = secret(tmp_path, "client", SECRET)
        account = f'oauth = {{ token_url = "{provider.url}/token", client_id = "rse:audit", secret_file = "{client}" }}'
        options = f'allow_hosts = ["127.0.0.2:{thief.url.rpartition(":")[2]}"]'
        text = source("rse", portal.url, f'{account}\nproof_url = "/profile"', profile="bare", options=options)
        write_config(tmp_path, text + BARE)
        done = rseaudit("crawl", "--json", cwd=tmp_path)
        assert done.code == 3
        assert thief.requests == []


# A proxy and an authority of one's own.


class Proxy(Recorder):
    """A forward proxy for plain HTTP that answers in place of the sites asked for, as a member's portal would."""

    def __init__(self, portal: Portal, provider: Provider) -> None:
        super().__init__({})
        self._sites: dict[str, Portal | Provider] = {"rse.invalid": portal, "sso.invalid": provider}
        self.logins = {"http://sso.invalid/token", "http://rse.invalid/session"}

    def answer(self, path: str, conditions: Mapping[str, str | None]) -> Answer:
        super().answer(path, conditions)
        _, _, host, *rest = path.split("/", 3)
        return self._sites[host].answer("/" + "/".join(rest), conditions)

    def receive(self, path: str, body: bytes, conditions: Mapping[str, str | None]) -> Answer:
        _, _, host, *rest = path.split("/", 3)
        return self._sites[host].receive("/" + "/".join(rest), body, conditions)


@pytest.mark.parametrize("way", ["form", "oauth"])
def test_logins_and_robots_go_through_the_proxy_as_pages_do(tmp_path: Path, way: str) -> None:
    portal = Portal(guests="public", marked=way == "form")
    provider = Provider(portal)
    with serving(Proxy(portal, provider)) as proxy:
        client = f'client_id = "rse:audit", secret_file = "{secret(tmp_path, "client", SECRET)}", scope = "lire tout"'
        login = f'login = {{ user = "anne", password_file = "{secret(tmp_path, "pass", PASSWORD)}" }}'
        oauth = f'oauth = {{ token_url = "http://sso.invalid/token", {client} }}\nproof_url = "/profile"'
        options = f'proxy = "{proxy.url}"'
        text = (
            source("rse", "http://rse.invalid", login, options=options) + PROFILE + FORM
            if way == "form"
            else source("rse", "http://rse.invalid", oauth, profile="bare", options=options) + BARE
        )
        write_config(tmp_path, text)
        done = rseaudit("crawl", "--json", cwd=tmp_path)
        assert done.code == 0, done.err
        asked = {path for _, path in proxy.requests}
        assert "http://rse.invalid/robots.txt" in asked
        assert ("http://sso.invalid/token" if way == "oauth" else "http://rse.invalid/session") in asked


def test_logins_trust_the_authority_of_the_source_and_no_other(tmp_path: Path, certificate: tuple[Path, Path]) -> None:
    (tmp_path / "ca.pem").write_bytes(certificate[0].read_bytes())
    portal = Portal(guests="public", marked=False)
    provider = Provider(portal)
    with serving(portal, certificate=certificate), serving(provider, certificate=certificate):
        client = f'client_id = "rse:audit", secret_file = "{secret(tmp_path, "client", SECRET)}", scope = "lire tout"'
        account = f'oauth = {{ token_url = "{provider.url}/token", {client} }}\nproof_url = "/profile"'
        write_config(tmp_path, source("rse", portal.url, account, profile="bare") + BARE)
        done = rseaudit("crawl", "--json", cwd=tmp_path)
        assert done.code == 3
        assert "the login cannot be reached: the certificate cannot be verified" in " ".join(done.err.split())
        assert provider.seen == []
        text = source("rse", portal.url, account, profile="bare", options='ca_file = "ca.pem"')
        write_config(tmp_path, text + BARE)
        done = rseaudit("crawl", "--json", cwd=tmp_path)
        assert done.code == 0, done.err
