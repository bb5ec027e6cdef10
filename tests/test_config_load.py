"""A configuration is accepted as documented."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import ValidationError

from rseaudit.config.load import default_settings, load
from rseaudit.config.settings import Account, Csrf, Login
from rseaudit.errors import ConfigError
from tests.config_file import EXAMPLE, SOURCE, settings, write


def test_the_example_of_the_design_is_accepted_as_written(tmp_path: Path) -> None:
    found = settings(tmp_path, EXAMPLE)
    rse, forum, press = found.source
    assert found.store.retention.findings_days == 730
    assert rse.robots_override == "DSI, 2026-03-01, accord n° 12"
    assert rse.exclude_spaces == ["Syndicat*", "CSE*"]
    login = Login(user="audit", password_file=str(tmp_path / "secrets/rse"))
    assert rse.accounts == (Account(name="audit", login=login),)
    profile = found.profile[forum.profile or ""]
    assert profile.item == ".message"
    assert profile.allow == [r"^/section/\d+", r"^/thread/\d+"]
    assert profile.document.created == "time@datetime"
    assert profile.login is not None
    assert profile.login.fields == {"username": "user", "password": "password"}
    assert profile.login.csrf == Csrf(json="/api/config", key="token", header="x-csrf-token")
    assert profile.login.proof == 'a[href^="/me"]'
    assert (press.role, press.platform, press.languages) == ("watched", "feed", ["fr"])
    assert found.audience[0].expects == ["contact", "date", "action"]
    assert (found.space[0].match, found.space[0].visibility, found.space[0].owner) == (
        "rse/Sécurité*",
        "registered",
        "…",
    )
    assert found.notices == ()


def test_a_login_in_a_source_is_short_for_one_account(tmp_path: Path) -> None:
    found = settings(tmp_path, SOURCE + 'login = { user = "audit", password_env = "RSE" }')
    assert found.source[0].accounts == (Account(name="login", login=Login(user="audit", password_env="RSE")),)


def test_an_account_in_a_source_is_short_for_a_list_of_one(tmp_path: Path) -> None:
    found = settings(tmp_path, SOURCE + 'account = { token_file = "jeton" }')
    assert found.source[0].accounts == (Account(name="account", token_file=str(tmp_path / "jeton")),)
    found = settings(tmp_path, SOURCE + 'account = { name = "lecteur", cookies_file = "c.txt" }')
    assert found.source[0].account == [Account(name="lecteur", cookies_file=str(tmp_path / "c.txt"))]


def test_the_token_of_a_form_may_be_a_field(tmp_path: Path) -> None:
    text = '[profile.x.login]\nform = "/login"\ncsrf = { field = "_csrf" }\nproof = "nav"\n'
    login = settings(tmp_path, text).profile["x"].login
    assert login is not None
    assert login.csrf == Csrf(field="_csrf")
    assert login.fields == {"username": "username", "password": "password"}


def test_in_json_mode_a_profile_holds_paths(tmp_path: Path) -> None:
    text = """
[profile.flux]
list = "data.content"
item = "output[0]"
cursor = "StreamQuery[from]=data.lastContentId"
[profile.flux.document]
id = "id"
text = "html"
title = "$.meta.title"
"""
    profile = settings(tmp_path, text).profile["flux"]
    assert profile.is_json
    assert (profile.list_path, profile.item) == ("data.content", "output[0]")
    assert profile.cursor == "StreamQuery[from]=data.lastContentId"


@pytest.mark.parametrize(
    ("lines", "where", "wanted"),
    [
        ('list = "a..b"\n[D]\nid = "id"\ntext = "t"', "list", "is not a path in JSON"),
        ('list = "$"\ncursor = "page=+x"\n[D]\nid = "id"\ntext = "t"', "cursor", "is no cursor"),
        ('list = "$"\nfollow = "/t/1.json"\n[D]\nid = "id"\ntext = "t"', "follow", "write a path in braces"),
        ('list = "$"\n[D]\nid = "id"\ntext = ".body p"', "document.text", "is not a path in JSON"),
        ('list = "$"\n[D]\nid = "id"', "document", '"text" must say where the text is'),
        ('list = "$"\n[D]\ntext = "t"', "document", '"id" (or "url") must say which document it is'),
        ('cursor = "next"\n', "cursor", 'works with "list" only'),
        ('follow = "/t/{id}"\n', "follow", 'works with "list" only'),
        ('format = "markdown"\n', "format", 'works with "list" only'),
        ('[D]\nid = "@data-id"', "document.id", 'works with "list" only'),
    ],
)
def test_what_is_wrong_with_a_profile_for_json_is_said_with_its_place(
    tmp_path: Path, lines: str, where: str, wanted: str
) -> None:
    text = f"\n[profile.flux]\n{lines.replace('[D]', '[profile.flux.document]')}\n"
    with pytest.raises(ConfigError) as caught:
        settings(tmp_path, text)
    assert any(f"profile.flux.{where}:" in problem and wanted in problem for problem in caught.value.problems)


def test_a_website_needs_no_profile(tmp_path: Path) -> None:
    found = settings(tmp_path, SOURCE.replace("humhub", "website"))
    assert found.source[0].profile is None


def test_an_empty_file_is_the_default(tmp_path: Path) -> None:
    assert settings(tmp_path, "") == default_settings(tmp_path)


def test_without_a_file_the_store_is_in_the_folder() -> None:
    found = default_settings(Path("/srv/audit"))
    assert (found.store_url, found.source, found.base) == ("sqlite:////srv/audit/rseaudit.db", [], Path("/srv/audit"))


def test_relative_paths_start_at_the_folder_of_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "ici"
    folder.mkdir()
    text = (
        """
people_map = "personnes.csv"
[store]
url = "sqlite:///donnees/rse.db?timeout=3"
index = "/var/cache/x"
[watch]
watchlists = ["mobility", "veille/ma liste.toml", "veille.toml"]
"""
        + SOURCE
        + 'ca_file = "pki/interne.pem"\nlogin = { user = "a", password_file = "~/rse" }'
    )
    write(folder, text)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", "/home/alice")
    found = load(Path("ici/rseaudit.toml"))
    assert found.base == folder
    assert found.store_url == f"sqlite:///{folder}/donnees/rse.db?timeout=3"
    assert found.store.index == "/var/cache/x"
    assert found.people_map == str(folder / "personnes.csv")
    assert found.source[0].ca_file == str(folder / "pki/interne.pem")
    assert found.source[0].login is not None
    assert found.source[0].login.password_file == "/home/alice/rse"
    assert found.watch.watchlists == ["mobility", f"{folder}/veille/ma liste.toml", f"{folder}/veille.toml"]
    assert found.path("x/y") == folder / "x/y"
    assert found.path("/x") == Path("/x")
    assert found.path("~/x") == Path("/home/alice/x")


@pytest.mark.parametrize("url", ["postgresql://rse@db/rse", "postgresql+psycopg://rse@db:5432/rse?sslmode=require"])
def test_the_address_of_a_server_stays_as_it_is(tmp_path: Path, url: str) -> None:
    assert settings(tmp_path, f'[store]\nurl = "{url}"').store_url == url


def test_settings_do_not_change_after_reading(tmp_path: Path) -> None:
    with pytest.raises(ValidationError):
        settings(tmp_path, "").store = None  # type: ignore[assignment,misc]


def test_what_nobody_uses_is_remarked(tmp_path: Path) -> None:
    text = SOURCE.replace("audited", "reference") + '[profile.x]\n[[audience]]\nid = "tous"\nlabel = "Tous"\n'
    path = write(tmp_path, text)
    assert load(path).notices == (
        f'{path}:3: source[0].role: no source is "audited": references are compared with imported documents only',
        f"{path}:6: profile.x: no source uses this profile",
        f"{path}:7: audience[0]: no [[space]] names this audience",
    )


def test_loading_a_good_file_without_selectors_imports_nothing_heavy(tmp_path: Path) -> None:
    path = write(tmp_path, SOURCE)
    code = (
        "import sys, pathlib; from rseaudit.config.load import load; load(pathlib.Path(sys.argv[1]));"
        "heavy = 'scrapy lxml spacy rapidfuzz cssselect regex keyring sqlalchemy'.split();"
        "print([name for name in heavy if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
