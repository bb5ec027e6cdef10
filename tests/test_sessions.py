"""Every way in that an account has lets it in, and what it cannot use is told with its remedy."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.command_line import Done, rseaudit, write_config
from tests.portal import COOKIE, GUEST, NOTES, PASSWORD, SECRET, TOKEN, Portal, Provider
from tests.site_server import PROFILE, Answer, serving

FAST = "politeness = { autothrottle = false, concurrency = 8, start_delay_s = 0.01 }"
PROOF = """
[profile.site.login]
proof = 'a[href="/profile"]'
"""
FORM = """
[profile.site.login]
form = "/login"
fields = { username = "user", password = "password" }
csrf = { json = "/csrf.json", key = "data.token", header = "x-csrf-token" }
proof = 'a[href="/profile"]'
"""
BARE = PROFILE.replace("[profile.site]", "[profile.bare]").replace("[profile.site.", "[profile.bare.")


def source(name: str, url: str, account: str, *, profile: str = "site", options: str = "") -> str:
    return f"""
[[source]]
name = "{name}"
role = "audited"
platform = "website"
profile = "{profile}"
url = "{url}"
{FAST}
{options}
[[source.account]]
name = "anne"
{account}
"""


def secret(folder: Path, name: str, text: str) -> str:
    (folder / "secrets").mkdir(parents=True, exist_ok=True)
    path = folder / "secrets" / name
    path.write_text(text, "utf-8")
    path.chmod(0o600)
    return f"secrets/{name}"


def exported(host: str, value: str, *, expires: int = 0) -> str:
    """Return a cookies.txt with a cookie of the portal and one of an identity provider."""
    return (
        f"# Netscape HTTP Cookie File\n#HttpOnly_{host}\tFALSE\t/\tFALSE\t{expires}\tsession\t{value}\n"
        f"sso.example.com\tFALSE\t/\tTRUE\t0\tsso\t{value}\n"
    )


def texts(folder: Path) -> dict[str, dict[str, str]]:
    """Return the text of each document by source and id."""
    found: dict[str, dict[str, str]] = {}
    for line in map(json.loads, rseaudit("export", "--canonical", cwd=folder).out.splitlines()):
        if line["type"] == "document":
            found.setdefault(line["source"], {})[line["id"]] = line["text"]
    return found


WAYS = ("form", "basic", "bearer", "header", "oauth", "oauth-body", "cookies")


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Done, dict[str, Portal], Provider]]:
    """One crawl of seven portals that give guests another version of each note, each by another way in."""
    folder = tmp_path_factory.mktemp("ways")
    with ExitStack() as stack:
        portals = {}
        for way in WAYS:
            marked = way in ("form", "cookies")
            portals[way] = stack.enter_context(serving(Portal(guests="public", marked=marked)))
        provider = stack.enter_context(serving(Provider(portals["oauth"], lifetime_s=4)))
        second = stack.enter_context(serving(Provider(portals["oauth-body"], in_body=True), host="127.0.0.2"))
        portals["cookies"].sessions.add(COOKIE)
        password, client = secret(folder, "pass", f"{PASSWORD}\n"), secret(folder, "client", SECRET)
        token = secret(folder, "token", f"{TOKEN}\n")
        jar = secret(folder, "cookies.txt", exported("127.0.0.1", COOKIE))
        client_of = 'client_id = "rse:audit", scope = "lire tout"'
        oauth = f'oauth = {{{{ token_url = "{{}}/token", {client_of}, secret_file = "{{}}"{{}} }}}}'
        proof = 'proof_url = "/profile"'
        accounts = {
            "form": (f'login = {{ user = "anne", password_file = "{password}" }}', "site"),
            "basic": (f'login = {{ user = "anne", password_file = "{password}", method = "basic" }}\n{proof}', "bare"),
            "bearer": (f'token_file = "{token}"\n{proof}', "bare"),
            "header": (f'token_file = "{token}"\ntoken_header = "X-Api-Key"\n{proof}', "bare"),
            "oauth": (oauth.format(provider.url, client, "") + f"\n{proof}\ncheck_every = 5", "bare"),
            "oauth-body": (oauth.format(second.url, client, ', client_auth = "body"') + f"\n{proof}", "bare"),
            "cookies": (f'cookies_file = "{jar}"', "site"),
        }
        sources = [source(way, portals[way].url, text, profile=name) for way, (text, name) in accounts.items()]
        portals["oauth"].pages["/"] = Answer(portals["oauth"].pages["/"].encode(), wait_s=3.0)  # type: ignore[union-attr]
        write_config(folder, "".join(sources) + PROFILE + FORM + BARE)
        yield folder, rseaudit("crawl", "--json", cwd=folder), portals, provider


@pytest.mark.parametrize("way", WAYS)
def test_an_account_reads_what_members_read(crawled: tuple[Path, Done, dict[str, Portal], Provider], way: str) -> None:
    folder, done, portals, _ = crawled
    assert done.code == 0, done.err
    found = texts(folder)[way]
    assert set(found) == {str(number) for number in range(1, NOTES + 1)}
    assert not [text for text in found.values() if GUEST in text]
    posts = {path for method, path in portals[way].requests if method == "POST"}
    assert posts == ({"/session"} if way == "form" else set())


def test_a_token_is_renewed_before_it_ends(crawled: tuple[Path, Done, dict[str, Portal], Provider]) -> None:
    _, _, portals, provider = crawled
    assert provider.granted >= 2
    asked = {headers.get("authorization") for _, path, headers in portals["oauth"].seen if path.startswith("/note/")}
    assert f"Bearer {TOKEN}-1" not in asked, "it had two seconds left when the first page had come"
    assert set(provider.fetched) == set(), "only tokens are asked for there"


def test_requests_of_a_guest_try_that_the_proof_is_one(crawled: tuple[Path, Done, dict[str, Portal], Provider]) -> None:
    _, _, portals, _ = crawled
    for way, portal in portals.items():
        asked = [headers for _, path, headers in portal.seen if path == "/profile"]
        bare = [headers for headers in asked if not {"authorization", "x-api-key", "cookie"} & set(headers)]
        assert len(bare) == (0 if way in ("form", "cookies") else 1), way


# What goes wrong.


def failing(folder: Path, portal: Portal, account: str, *, profile: str = "bare", tables: str = BARE) -> str:
    write_config(folder, source("rse", portal.url, account, profile=profile) + tables)
    done = rseaudit("crawl", "--json", "--verbose", cwd=folder)
    assert done.code == 3, done.err
    assert texts(folder) == {}
    for canary in (PASSWORD, TOKEN, COOKIE, SECRET):
        assert canary not in done.out + done.err
    return " ".join(done.err.split())


def test_a_proof_that_a_guest_gets_too_is_none(tmp_path: Path) -> None:
    with serving(Portal(guests="public")) as portal:
        token = secret(tmp_path, "token", TOKEN)
        said = failing(tmp_path, portal, f'token_file = "{token}"\nproof_url = "/note/3"')
    assert "a guest is given the proof as well" in said
    assert "name an address that only members may read in proof_url" in said


def test_a_refused_token_says_where_a_new_one_goes(tmp_path: Path) -> None:
    with serving(Portal(guests="401")) as portal:
        token = secret(tmp_path, "token", f"{TOKEN}-ancien")
        said = failing(tmp_path, portal, f'token_file = "{token}"\nproof_url = "/profile"')
    assert "the login of account 'anne' was refused (status 401, no proof)" in said
    assert "make a new token, and write it to" in said
    assert "/secrets/token: docs/accounts.md" in said


def test_expired_cookies_are_named_with_how_to_renew_them(tmp_path: Path) -> None:
    with serving(Portal(guests="form")) as portal:
        jar = secret(tmp_path, "cookies.txt", exported("127.0.0.1", COOKIE, expires=1_700_000_000))
        said = failing(tmp_path, portal, f'cookies_file = "{jar}"', profile="site", tables=PROFILE + PROOF)
        assert portal.fetched.total() == 0
    assert "the cookies of account 'anne' have expired: session" in said
    assert "log in with a browser and export its cookies to" in said


def test_cookies_of_another_site_are_none(tmp_path: Path) -> None:
    with serving(Portal(guests="form")) as portal:
        jar = secret(tmp_path, "cookies.txt", exported("rse.example.com", COOKIE))
        said = failing(tmp_path, portal, f'cookies_file = "{jar}"', profile="site", tables=PROFILE + PROOF)
    assert "the cookies of account 'anne' are not of 127.0.0.1" in said
    assert "those in the file are of rse.example.com, sso.example.com" in said


@pytest.mark.parametrize(
    ("says", "told"),
    [
        (None, "(invalid_client)"),
        (Answer(b"<p>erreur</p>", status=500), "(status 500)"),
        (Answer(b'{"access_token": "x", "token_type": "mac"}', content_type="application/json"), "(status 200)"),
        (Answer(b'{"error": "' + SECRET.encode() + b'"}', status=400), "(status 400)"),
    ],
)
def test_a_token_that_is_not_granted_says_why_and_repeats_nothing(
    tmp_path: Path, says: Answer | None, told: str
) -> None:
    with serving(Portal(guests="401")) as portal, serving(Provider(portal), host="127.0.0.2") as provider:
        provider.says = says
        client = secret(tmp_path, "client", f"{SECRET}-faux")
        account = (
            f'oauth = {{ token_url = "{provider.url}/token", client_id = "rse:audit", secret_file = "{client}" }}\n'
            'proof_url = "/profile"'
        )
        said = failing(tmp_path, portal, account)
    assert f"no token was granted to account 'anne' {told}" in said


# What the configuration refuses.


@pytest.mark.parametrize(
    ("platform", "account", "said"),
    [
        ("wordpress", 'cookies_file = "c"', "account[0].cookies_file: the API of WordPress takes cookies for a guest"),
        ("website", 'cookies_file = "c"', "account[0].cookies_file: nothing would show that it is logged in"),
        ("website", 'token_env = "T"', "account[0].token_env: nothing would show that it is logged in"),
        ("website", 'login = { user = "a", keyring = "k" }', "account[0].login: needs a profile with the form"),
        (
            "website",
            'login = { user = "a", keyring = "k", method = "basic" }',
            "account[0].login: nothing would show that it is logged in",
        ),
        (
            "humhub",
            'login = { user = "a", keyring = "k", method = "form" }',
            'account[0].login.method: "humhub" has its own way to log in; leave "method" out',
        ),
        ("humhub", 'token_file = "t"\ncookies_file = "c"', "only one of token_file, cookies_file can be used"),
        ("humhub", 'token_file = "t"\ntoken_env = "T"', "only one of token_file, token_env can be used"),
        ("humhub", 'token_header = "X"', '"token_header" belongs to token_file, token_env or token_keyring'),
        ("humhub", 'oauth = { token_url = "https://sso", client_id = "a" }', "the secret is missing; name where"),
        ("humhub", 'token = "abc"', "a secret must not stand in this file; name the file that holds it: token_file"),
        ("humhub", 'token_file = "t"\ntoken_header = "X Y"', "expected the name of an HTTP header"),
    ],
)
def test_an_account_that_its_platform_cannot_use_is_refused_with_its_line(
    tmp_path: Path, platform: str, account: str, said: str
) -> None:
    head = f'[[source]]\nname = "rse"\nrole = "audited"\nplatform = "{platform}"\nurl = "https://rse.example.com"\n'
    write_config(tmp_path, f'{head}[[source.account]]\nname = "anne"\n{account}\n')
    done = rseaudit("crawl", cwd=tmp_path)
    assert done.code == 2
    assert "rseaudit.toml:" in done.err
    assert said in " ".join(done.err.split())


def test_feeds_have_no_accounts(tmp_path: Path) -> None:
    head = '[[source]]\nname = "presse"\nrole = "watched"\nplatform = "feed"\nurl = "https://x.example.com"\n'
    write_config(tmp_path, head + 'account = { token_file = "t" }\n')
    done = rseaudit("watch", cwd=tmp_path)
    assert done.code == 2
    assert 'a "feed" is read as a guest; accounts belong to sources that are crawled' in done.err
