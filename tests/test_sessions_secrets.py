"""A secret stands in nothing that is written or said: after a good crawl, a refused login, a loss, a crash."""

from __future__ import annotations

import base64
import json
import sqlite3
import subprocess
import sys
import zlib
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.command_line import Done, environment, rseaudit, write_config
from tests.portal import COOKIE, PASSWORD, SECRET, TOKEN, Portal, Provider
from tests.site_server import PROFILE, serving
from tests.test_sessions import BARE, FORM, exported, secret, source

CANARIES = (PASSWORD, TOKEN, COOKIE, SECRET)
# As they travel, too.
DISGUISES = [
    *(canary.encode() for canary in CANARIES),
    *(base64.b64encode(f"{name}:{canary}".encode())[4:-4] for name in ("anne", "rse%3Aaudit") for canary in CANARIES),
]


def run(folder: Path, *arguments: str, code: str | None = None) -> Done:
    """Run a command, or Python code, with all its temporary files in the folder."""
    temporary = folder / "tmp"
    temporary.mkdir(exist_ok=True)
    command = [sys.executable, *(("-c", code) if code else ("-m", "rseaudit", *arguments))]
    env = {**environment(), "TMPDIR": str(temporary), "HOME": str(folder)}
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, timeout=300)
    return Done(done.returncode, done.stdout, done.stderr)


def betrayals(folder: Path, *ended: Done) -> list[str]:
    """Return where a secret stands: what was said, and the bytes of every file outside ``secrets``."""
    found = [f"said: {canary!r}" for done in ended for canary in DISGUISES if canary in (done.out + done.err).encode()]
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.parent.name != "secrets":
            found += [f"{path}: {canary!r}" for canary in DISGUISES if canary in path.read_bytes()]
    for store in folder.glob("*.db"):
        with sqlite3.connect(store) as connection:
            for url, body in connection.execute("SELECT url, body FROM bodies"):
                found += [f"body of {url}: {canary!r}" for canary in DISGUISES if canary in zlib.decompress(body)]
    return found


@pytest.fixture
def site(tmp_path: Path) -> Iterator[tuple[Portal, Portal, Portal, Portal, Provider]]:
    """Four portals, each with another kind of account, and a configuration that reads them."""
    with ExitStack() as stack:
        form, token, cookies, oauth = portals = [
            stack.enter_context(serving(Portal(guests="public", marked=False))) for _ in range(4)
        ]
        provider = stack.enter_context(serving(Provider(oauth)))
        cookies.sessions.add(COOKIE)
        proof = 'proof_url = "/profile"'
        client = f'client_id = "rse:audit", secret_file = "{secret(tmp_path, "client", SECRET)}", scope = "lire tout"'
        login = f'login = {{ user = "anne", password_file = "{secret(tmp_path, "pass", PASSWORD)}" }}'
        jar = secret(tmp_path, "cookies.txt", exported("127.0.0.1", COOKIE))
        write_config(
            tmp_path,
            source("form", form.url, login)
            + source("token", token.url, f'token_file = "{secret(tmp_path, "token", TOKEN)}"\n{proof}', profile="bare")
            + source("cookies", cookies.url, f'cookies_file = "{jar}"\n{proof}', profile="bare")
            + source(
                "oauth",
                oauth.url,
                f'oauth = {{ token_url = "{provider.url}/token", {client} }}\n{proof}',
                profile="bare",
            )
            + PROFILE
            + FORM
            + BARE,
        )
        yield (*portals, provider)  # type: ignore[misc]


def test_no_secret_is_written_by_a_good_crawl_a_lost_session_or_a_look_at_the_configuration(
    tmp_path: Path, site: tuple[Portal, Portal, Portal, Portal, Provider]
) -> None:
    good = run(tmp_path, "crawl", "--json", "--verbose")
    assert good.code == 0, good.err
    for portal in site[:4]:
        portal.ends = [portal.served + 8]
    site[1].tokens.clear()
    lost = run(tmp_path, "crawl", "--json", "--verbose")
    assert lost.code == 3
    doctor = run(tmp_path, "doctor", "--json", "--verbose")
    dry = run(tmp_path, "crawl", "--dry-run", "--json")
    report = run(tmp_path, "report", "--format", "html")
    export = run(tmp_path, "export", "--canonical")
    assert betrayals(tmp_path, good, lost, doctor, dry, report, export) == []
    assert len(list(tmp_path.rglob("*.html"))) > 1


def test_no_secret_is_written_when_logins_are_refused(
    tmp_path: Path, site: tuple[Portal, Portal, Portal, Portal, Provider]
) -> None:
    for portal in site[:4]:
        portal.refuses_logins = True
        portal.sessions.clear()
        portal.tokens.clear()
    secret(tmp_path, "client", f"{SECRET}-faux")
    done = run(tmp_path, "crawl", "--json", "--verbose")
    assert done.code == 3
    assert done.err.count("was refused") == 3
    assert "no token was granted" in done.err
    assert betrayals(tmp_path, done) == []


CRASH = """
import sys
from rseaudit.cli import main
{patch}
sys.exit(main(["crawl", "--json", "--verbose"]))
"""
PATCHES = {
    "while a header is attached": """
from rseaudit.crawl.sessions.middleware import CredentialMiddleware
attach = CredentialMiddleware._attach
def broken(self, request, wallet):
    attach(self, request, wallet)
    raise RuntimeError(f"{request!r} {request.meta!r} {wallet.credential!r} {vars(wallet)!r}")
CredentialMiddleware._attach = broken
""",
    "while it logs in": """
from rseaudit.crawl.sessions.form import FormSession
def broken(self, *_):
    raise RuntimeError(f"{vars(self)!r} {self.account!r}")
FormSession._token = broken
""",
    "before it begins": """
import rseaudit.crawl.engine as engine
def broken(**things):
    raise RuntimeError(f"{things!r} {vars(things['session'])!r}")
engine.Assignment = broken
""",
}


@pytest.mark.parametrize("moment", PATCHES)
def test_no_secret_is_written_by_a_crash(
    tmp_path: Path, site: tuple[Portal, Portal, Portal, Portal, Provider], moment: str
) -> None:
    done = run(tmp_path, code=CRASH.format(patch=PATCHES[moment]))
    assert done.code in (3, 4), done.err
    assert betrayals(tmp_path, done) == []


def test_doctor_logs_every_account_in_and_says_what_kept_it_out(
    tmp_path: Path, site: tuple[Portal, Portal, Portal, Portal, Provider]
) -> None:
    good = rseaudit("doctor", "--json", cwd=tmp_path)
    says = {check["name"]: check for check in json.loads(good.out)["checks"] if "account" in check["name"]}
    accounts = [f"source {name}: account anne" for name in ("form", "token", "cookies", "oauth")]
    assert set(says) == set(accounts)
    lines = [check["says"] for check in json.loads(good.out)["checks"] if check["name"] in accounts]
    assert lines.count("it gets in") == 4
    assert lines.count("its secret crosses the network in clear") == 4
    for portal in site[:4]:
        portal.sessions.clear()
    site[0].refuses_logins = True
    (tmp_path / "secrets" / "token").chmod(0o644)
    bad = rseaudit("doctor", "--json", cwd=tmp_path)
    assert bad.code == 2
    failed = {check["name"]: check for check in json.loads(bad.out)["checks"] if check["ok"] is False}
    assert set(failed) == set(accounts[:3])
    assert "the login of account 'anne' was refused" in failed[accounts[0]]["says"]
    assert "others than its owner may use this file" in failed[accounts[1]]["says"]
    assert "log in with a browser and export its cookies" in failed[accounts[2]]["remedy"]
