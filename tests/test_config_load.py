"""The whole of a configuration: accepted as documented, refused with all of its problems at once."""

from __future__ import annotations

import subprocess
import sys
import traceback
from pathlib import Path

import pytest
from pydantic import ValidationError

from rseaudit.config.load import default_settings, load
from rseaudit.config.settings import Account, Csrf, Login, Settings, SourceSettings
from rseaudit.errors import ConfigError, Exit

CANARY = "hunter2-CANARY"
SOURCE = """\
[[source]]
name = "rse"
role = "audited"
platform = "humhub"
url = "https://rse.example.com"
"""

# The example of the design, as it is written there but for two long comments.
EXAMPLE = r"""
[store]
url = "sqlite:///rseaudit.db"
retention = { bodies_days = 90, findings_days = 730 }

[[source]]
name = "rse"
role = "audited"
platform = "humhub"            # humhub, wordpress, mediawiki, website, feed, page
url = "https://rse.example.com"
timezone = "Europe/Paris"
ca_file = "pki/interne.pem"    # certificates are always verified
exclude_spaces = ["Syndicat*", "CSE*"]     # added to a default list: staff representatives, private messages …
robots_override = "DSI, 2026-03-01, accord n° 12"   # only by the site's owner: who, when, why; printed in every report

[[source.account]]
name = "audit"
login = { user = "audit", password_file = "secrets/rse" }
# or: token_file = "…" (bearer) · cookies_file = "…" (exported from a browser; checked by the proof)

[[source]]
name = "forum"
role = "reference"
platform = "website"
profile = "forum"
url = "https://forum.example.com"

[profile.forum]
start = ["/sections"]
allow = ['^/section/\d+', '^/thread/\d+']
item = ".message"                           # first is the document, the others are comments
[profile.forum.document]
match = '^/thread/(?P<native_id>\d+)'
title = "h1"
text = ".message-body"
author = ".author"
created = "time@datetime"                   # css@attribute; ISO, epoch seconds or milliseconds
space = ".breadcrumb a:last-child"
[profile.forum.login]
form = "/login"
fields = { username = "user", password = "password" }
csrf = { json = "/api/config", key = "token", header = "x-csrf-token" }   # or { field = "_csrf" }
proof = 'a[href^="/me"]'

[[source]]
name = "presse-it"
role = "watched"               # read by `rseaudit watch`; a watchlist may bring its own sources too
platform = "feed"
url = "https://news.example.com/rss"
languages = ["fr"]

[[audience]]
id = "terrain"
label = "Techniciens de terrain"
languages = ["fr"]
level = "courant"              # facile, courant, soutenu, expert
device = "mobile"
reading_time_s = 120
known_terms = ["EPI", "GMAO"]
address = "vous"               # vous, tu, neutral
freshness_days = 540
expects = ["contact", "date", "action"]

[[space]]
match = "rse/Sécurité*"
audience = "terrain"
visibility = "registered"      # optional, like owner and moderators: overrides what the platform says
owner = "…"
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "rseaudit.toml"
    path.write_text(text, encoding="utf-8")
    return path


def settings(folder: Path, text: str) -> Settings:
    return load(write(folder, text))


def problems(folder: Path, text: str) -> list[str]:
    """Return ``line: key: problem`` and make sure that no refused value travels along."""
    path = write(folder, text)
    with pytest.raises(ConfigError) as caught:
        load(path)
    assert caught.value.exit_code is Exit.USAGE
    assert CANARY not in "".join(traceback.format_exception(caught.value))
    assert caught.value.__context__ is None
    assert caught.value.__cause__ is None
    return [problem.removeprefix(f"{path}:") for problem in caught.value.problems]


def problem(folder: Path, text: str) -> str:
    (only,) = problems(folder, text)
    return only


# --- What is accepted ------------------------------------------------------------------------------


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


# --- What is remarked but stops nothing ------------------------------------------------------------


def test_what_nobody_uses_is_remarked(tmp_path: Path) -> None:
    text = SOURCE.replace("audited", "reference") + '[profile.x]\n[[audience]]\nid = "tous"\nlabel = "Tous"\n'
    path = write(tmp_path, text)
    assert load(path).notices == (
        f'{path}:3: source[0].role: no source is "audited": references are compared with imported documents only',
        f"{path}:6: profile.x: no source uses this profile",
        f"{path}:7: audience[0]: no [[space]] names this audience",
    )


# --- What is refused -------------------------------------------------------------------------------


def test_all_problems_are_told_at_once_in_order_of_lines(tmp_path: Path) -> None:
    text = """\
[[source]]
name = "rse"
role = "audited"
platform = "humub"
url = "rse.example.com"
timezon = "Europe/Paris"

[[source]]
name = "rse"
role = "reference"
platform = "website"
profile = "forun"
url = "https://forum.example.com"

[profile.forum]
item = "div[["
allow = ['^/(']

[audit]
freshness_days = 0
"""
    path = write(tmp_path, text)
    with pytest.raises(ConfigError) as caught:
        load(path)
    assert str(caught.value).splitlines() == [
        f'{path}:4: source[0].platform: "humub" is not a known platform; did you mean "humhub"? '
        "known: humhub, wordpress, mediawiki, website, feed, page",
        f'{path}:5: source[0].url: expected an address that starts with https:// or http://; did you mean "https://…"?',
        f'{path}:6: source[0].timezon: unknown key; did you mean "timezone"?',
        f'{path}:9: source[1].name: "rse" is already used on line 2; each source has its own name',
        f'{path}:12: source[1].profile: "forun" is not a declared profile; did you mean "forum"? declared: forum',
        f'{path}:16: profile.forum.item: "div[[" is not a CSS selector that can be used: '
        "Expected ident or '*', got <DELIM '[' at 4>",
        f'{path}:17: profile.forum.allow[0]: "^/(" is not a regular expression: missing ) at position 3',
        f"{path}:20: audit.freshness_days: expected a whole number of at least 1, not 0",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[source]\nname = 'x'", "1: source: expected a list of tables, not one table; write [[source]] with two"),
        ("[[store]]\nurl = 'x'", "1: store: expected a table, not a list; write [store] with one bracket"),
        ("store = 1", "1: store: expected a table, not a number"),
        ("[sources]", '1: sources: unknown key; did you mean "source"?'),
        ("[store]\npeople_map = 'x'", "2: store.people_map: unknown key here; it belongs at the top of the file"),
        ("[store]\nbodies_days = 9", "2: store.bodies_days: unknown key here; it belongs in [store.retention]"),
        ("[report]\nxyz = 9", "2: report.xyz: unknown key; known: organisation, contact, lang"),
        ("base = '/x'", "1: base: unknown key; known: store, source,"),
        ("notices = ['x']", "1: notices: unknown key"),
        ("[duplicates]\nmin_words = '12'", "2: duplicates.min_words: expected a whole number of at least 4, not text"),
        ("[duplicates]\nmin_words = 12.5", "expected a whole number of at least 4, not 12.5"),
        ("[duplicates]\nmin_words = true", "expected a whole number of at least 4, not true"),
        ("[duplicates]\noriginal_share = 80", "expected a number from 0 to 1, not 80"),
        ("[duplicates]\noriginal_share = nan", "expected a number from 0 to 1, not nan"),
        ("[duplicates]\nexclude_text = 'x'", "expected a list of text, not this text"),
        ("[duplicates]\nexclude_text = [1]", "exclude_text[0]: expected text, not a number; text stands in double"),
        ("[watch]\nthreshold = 101", "2: watch.threshold: expected a whole number from 0 to 100, not 101"),
        ("[watch]\nwatchlist_sources = 'yes'", "expected true or false, not text in quotes"),
        ("[report]\nlang = 'french'", '"french" is not a known lang; known: fr, en'),
        ("[report]\ncontact = 2026-03-01", "expected text, not a date or time; text stands in double quotes"),
        ("[audit]\nfail_on = true", 'expected one of "never", "info", "advice", "alert", not true'),
        ("[audit]\nlanguages = ['fr-FR']", '"fr-FR" is not a known language; did you mean "fr"?'),
        ("[audit]\nlanguages = ['anglais']", '"anglais" is not a known language; did you mean "en"?'),
        ("[audit]\nlanguages = ['klingon']", "expected two letters"),
        ("[store]\nurl = 'mysql://x'", "expected sqlite:///rseaudit.db or postgresql://user@host/database"),
        ("[store]\nurl = 'postgres://x'", '"postgres" is not a known kind of store; did you mean "postgresql"?'),
        ("[store]\nurl = 'sqlite://rse.db'", "after three strokes"),
        ("[store]\nurl = 'sqlite:///:memory:'", "the path of a file"),
        ("people_map = ''", "1: people_map: expected the path of a file, not an empty text"),
        ('people_map = "C:\\new"', r"a Windows path stands in single quotes"),
        ("[[space]]\nmatch = 'Sécurité'", '2: space[0].match: expected "source/space"'),
        ("[[space]]\nmatch = 'rse/[RH'", "without its partner"),
        ("[[space]]\nmatch = 'rse/*'\naudience = 'x'", '3: space[0].audience: "x" is not a declared audience; declare'),
        ("[[audience]]\nid = 'a'", "1: audience[0].label: is missing; expected text"),
        ("[[audience]]\nid = ''\nlabel = 'x'", "2: audience[0].id: expected at least one sign"),
        ("[[audience]]\nid = 'a'\nlabel = 'x'\nexpects = ['dat']", 'expects[0]: "dat" is not a known value of expects'),
        ("[profile.x]\ncursor = 'a.b'", '2: profile.x.cursor: "cursor" works with "list" only'),
        ("[profile.x]\nallow = ['\u0022']\ndeny = [\"\\b\"]", "an expression stands in single quotes"),
        ("[profile.x.document]\ntitle = 'p::text'", "an attribute is taken with css@attribute"),
        ("[profile.x.document]\ntitle = ''", "is not a CSS selector that can be used"),
        ("[profile.x.login]\nform = '/l'\nproof = '>'", "3: profile.x.login.proof"),
        ("[profile.x.login]\nform = '/l'\nproof = 'a'\ncsrf = {}", 'expected { field = "_csrf" } or { json'),
        ("[profile.x.login]\nform = '/l'\nproof = 'a'\ncsrf = { json = '/t' }", '"json" needs "key"'),
        ("[profile.x.login]\nform = '/l'\nproof = 'a'\ncsrf = { field = 'a', key = 'b' }", "not to"),
        ("[profile.x.login]\nform = '/l'\nproof = 'a'\ncsrf = { field = 'a', json = 'b' }", "only one of field, json"),
        ("[profile.x.login]\nform = '/l'\nproof = 'a'\nfields = { user = 'b' }", 'unknown key "user"; known: username'),
        ("[profile.x.visibility_map]\nInterne = 'registred'", 'did you mean "registered"?'),
    ],
)
def test_a_wrong_value_is_told_in_plain_words(tmp_path: Path, text: str, said: str) -> None:
    assert said in problem(tmp_path, text)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("name = 'rsé'", "letters without accents, digits"),
        ("role = 'audit'", '"audit" is not a known role; did you mean "audited"? known: audited, reference, watched'),
        ("role = 'watched'", 'a "watched" source is a "feed" or a "page"'),
        ("url = 'ftp://rse.example.com'", "starts with https:// or http://"),
        ("url = 'https://'", "expected an address such as https://rse.example.com"),
        ("url = 'https://rse example.com'", "without spaces"),
        ("url = 'https://[rse'", "this address cannot be understood"),
        ("url = 'https://rse:port/'", "this address cannot be understood"),
        ("url = 'https://audit@rse.example.com'", "a user name must not stand in an address"),
        ("timezone = 'Europe/Pari'", '"Europe/Pari" is not a known timezone; did you mean "Europe/Paris"?'),
        ("timezone = '../../etc/passwd'", "is not a known timezone"),
        ("timezone = 'qqqqqqqqqqq'", 'expected a name such as "Europe/Paris"'),
        ("languages = ['french']", 'did you mean "fr"?'),
        ("allow_hosts = ['https://x.example.com']", "the name of a host without https://"),
        ("exclude_spaces = ['']", "not an empty text"),
        ("robots_override = 'moi'", 'expected "who, date, why"'),
        ("robots_override = 'DSI, mars 2026, accord'", 'expected "who, date, why"'),
        ("robots_override = 'DSI, 2026-03-01, '", 'expected "who, date, why"'),
        ("trust = 2", "expected a number from 0 to 1, not 2"),
        ("politeness = { concurrency = 0 }", "expected a whole number from 1 to 64, not 0"),
        ("politeness = { timeout_s = 0 }", "expected a number above 0, not 0"),
        ("politeness = { delay = 1 }", 'unknown key; did you mean "delay_s"?'),
        ("profile = 'x'", '"x" is not a declared profile; declare it in a table [profile.x]'),
        ("token_file = 'x'", "unknown key here; it belongs in [[source.account]]"),
        ("login = { user = 'a' }", "the password is missing; name where it is kept"),
        ("login = { user = 'a', password_env = 'A', keyring = 'b' }", "only one of password_env, keyring can be used"),
        ("account = { token_file = 'a', cookies_file = 'b' }", "account: only one of token_file, cookies_file"),
        ("account = [{ login = { user = 'a', keyring = 'b' } }]", "account[0].name: is missing"),
        ("account = [{ name = 'a' }, { name = 'a' }]", 'account[1].name: "a" is already used on line 6'),
        (
            "account = [{ name = 'login' }]\nlogin = { user = 'a', keyring = 'b' }",
            'an account is named "login" already',
        ),
    ],
)
def test_a_wrong_key_of_a_source_is_told_in_plain_words(tmp_path: Path, line: str, said: str) -> None:
    key = line.split(" ")[0]
    kept = "".join(row for row in SOURCE.splitlines(keepends=True) if not row.startswith(f"{key} "))
    assert said in problem(tmp_path, kept + line)


def test_a_profile_belongs_to_a_website(tmp_path: Path) -> None:
    found = problem(tmp_path, SOURCE + 'profile = "x"\n[profile.x]\n')
    assert (
        found == '6: source[0].profile: platform "humhub" needs no profile; only "website" and "page" are read by one'
    )


# --- Secrets ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "place", "remedy"),
    [
        (f"password = '{CANARY}'", "1: password", "password_file, password_env or keyring"),
        (f"[store]\npasswd = '{CANARY}'", "2: store.passwd", "password_file"),
        (
            f"[store]\nurl = 'postgresql://rse:{CANARY}@db/rse'",
            "2: store.url",
            "password_file, password_env or keyring",
        ),
        (f"[store]\nurl = 'postgresql://db/rse?password={CANARY}'", "2: store.url", "password_file"),
        (f"[store]\nurl = 'sqlite://x:{CANARY}@[db/rse'", "2: store.url", "password_file"),
        (SOURCE + f"login = {{ user = 'a', password = '{CANARY}' }}", "6: source[0].login.password", "password_file"),
        (SOURCE + f"account = {{ name = 'a', token = '{CANARY}' }}", "6: source[0].account.token", "token_file"),
        (SOURCE + f"[[source.account]]\nname = 'a'\napi_key = '{CANARY}'", "8: source[0].account[0].api_key", "file"),
        (SOURCE + f"cookie = '{CANARY}'", "6: source[0].cookie", "cookies_file"),
        (SOURCE + f"mot-de-passe = '{CANARY}'", "6: source[0].mot-de-passe", "password_file"),
        (SOURCE + f"'Clé API' = ['{CANARY}']", "6: source[0].Clé API", "password_file"),
        (SOURCE + f"proxy = 'http://u:{CANARY}@proxy:3128'", "6: source[0].proxy", "password_file"),
        (SOURCE + f"client_secret = {{ value = '{CANARY}' }}", "6: source[0].client_secret", "password_file"),
        (f"[profile.x.login]\nform = 'https://u:{CANARY}@x/login'\nproof = 'a'", "2: profile.x.login.form", "file"),
        (f"[unknown]\nx = [{{ token = '{CANARY}' }}]", "2: unknown.x[0].token", "token_file"),
    ],
)
def test_a_literal_secret_is_refused_and_never_repeated(tmp_path: Path, text: str, place: str, remedy: str) -> None:
    found = problems(tmp_path, text)
    mine = [line for line in found if line.startswith(f"{place}: ")]
    assert len(mine) == 1
    assert "must not stand in" in mine[0]
    assert remedy in mine[0]
    # The secret in an unknown table is not the only problem, but for its own place it is.
    assert len(found) == (2 if "unknown" in text else 1)


@pytest.mark.parametrize(
    "text",
    [
        SOURCE + f"login = '{CANARY}'",
        SOURCE + f"login = ['{CANARY}']",
        SOURCE + f"account = '{CANARY}'",
        SOURCE + f"[[source.account]]\nname = 'a'\nlogin = {{ user = 'a', password_file = ['{CANARY}'] }}",
        SOURCE + f"[[source.account]]\nname = 'a'\nlogin = {{ user = 'a', word = '{CANARY}' }}",
        f"[store]\nurl = '{CANARY}'",
        f"[store]\nretention = '{CANARY}'",
        f"[duplicates]\nmin_words = '{CANARY}'",
        f"[profile.x.login]\nfields = {{ pass = '{CANARY}' }}\nform = '/'\nproof = 'a'",
        SOURCE.replace("https://rse.example.com", f"https://{CANARY}@rse.example.com"),
        SOURCE.replace("https://rse.example.com", f"https://rse.example.com:{CANARY}/"),
        SOURCE.replace("https://rse.example.com", f"https://[{CANARY}"),
        SOURCE.replace("https://rse.example.com", f"{CANARY}"),
    ],
)
def test_text_in_a_wrong_place_is_not_repeated(tmp_path: Path, text: str) -> None:
    assert problems(tmp_path, text)  # looks for the canary


def test_names_of_form_fields_and_of_visibilities_are_no_secrets(tmp_path: Path) -> None:
    text = """
[profile.password]
visibility_map = { Secret = "private" }
[profile.password.login]
form = "/login"
fields = { username = "login", password = "passwd" }
csrf = { json = "/t", key = "token", header = "x-token" }
proof = "nav"
"""
    assert settings(tmp_path, text).profile["password"].visibility_map == {"Secret": "private"}


def test_a_model_used_directly_does_not_show_its_input() -> None:
    with pytest.raises(ValidationError) as caught:
        SourceSettings.model_validate({"name": CANARY + " x", "url": f"https://u:{CANARY}@x", "login": CANARY})
    assert CANARY not in str(caught.value)


# --- Speed -----------------------------------------------------------------------------------------


def test_loading_a_good_file_without_selectors_imports_nothing_heavy(tmp_path: Path) -> None:
    path = write(tmp_path, SOURCE)
    code = (
        "import sys, pathlib; from rseaudit.config.load import load; load(pathlib.Path(sys.argv[1]));"
        "heavy = 'scrapy lxml spacy rapidfuzz cssselect regex keyring sqlalchemy'.split();"
        "print([name for name in heavy if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
