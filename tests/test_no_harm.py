"""A crawl harms nothing, however careless its configuration; a client that follows links does.

WordPress is real. Its author's account is logged in by the form, and the profile allows every address.
"""

from __future__ import annotations

import contextlib
import re
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from http.cookiejar import CookieJar
from pathlib import Path

import pytest
from lxml import etree

from tests.command_line import Done, rseaudit, write_config
from tests.platforms.php import Request
from tests.platforms.wordpress import User, Wordpress
from tests.site_server import HARMFUL, Site, serving

NOW = "2026-11-23"
LOGIN_PAGE = "/wp-login.php"
NAIVE_REQUESTS = 150

# Everything that people made or set. What each login and each visit leaves behind is no content: session
# tokens, the day on which an application password was last used, and what is cached for a time.
TABLES = {
    "posts": "SELECT * FROM wp_posts ORDER BY ID",
    "postmeta": "SELECT * FROM wp_postmeta ORDER BY meta_id",
    "comments": "SELECT * FROM wp_comments ORDER BY comment_ID",
    "commentmeta": "SELECT * FROM wp_commentmeta ORDER BY meta_id",
    "users": "SELECT * FROM wp_users ORDER BY ID",
    "usermeta": "SELECT * FROM wp_usermeta WHERE meta_key NOT IN ('session_tokens', '_application_passwords') "
    "ORDER BY umeta_id",
    "options": "SELECT option_name, option_value FROM wp_options WHERE option_name NOT LIKE '%\\_transient\\_%' "
    "ORDER BY option_name",
    "terms": "SELECT * FROM wp_terms ORDER BY term_id",
    "filing": "SELECT * FROM wp_term_relationships ORDER BY object_id, term_taxonomy_id",
    "links": "SELECT * FROM wp_links ORDER BY link_id",
}
Rows = dict[str, list[dict[str, str | None]]]


def state(site: Wordpress) -> Rows:
    """Return all that stands in the site's tables."""
    return {name: site.sql(query) for name, query in TABLES.items()}


def idle_state(site: Wordpress) -> Rows:
    """Put the site back and return its state once a guest has opened its first page, as one always has.

    A theme then notes that it has no style of its own; nothing else changes by being looked at.
    """
    site.reset()
    untouched = state(site)
    urllib.request.urlopen(site.url + "/").read()
    idle = state(site)
    assert [name for name in TABLES if idle[name] != untouched[name]] == ["options"]
    site.php.forget_requests()
    return idle


def careless(site: Wordpress, user: User) -> str:
    return f"""
[[source]]
name = "careless"
role = "audited"
platform = "website"
profile = "everything"
url = "{site.url}"
login = {{ user = "{user.login}", password_file = "secrets/pass" }}
politeness = {{ autothrottle = false, concurrency = 4, max_pages = 400 }}

[profile.everything]
start = ["/"]
allow = ['.*']

[profile.everything.login]
form = "{LOGIN_PAGE}"
fields = {{ username = "log", password = "pwd" }}
proof = "#wpadminbar"
"""


def by_api(site: Wordpress, user: User) -> str:
    return f"""
[[source]]
name = "api"
role = "audited"
platform = "wordpress"
url = "{site.url}"
login = {{ user = "{user.login}", password_file = "secrets/pass" }}
politeness = {{ autothrottle = false }}
"""


def crawl(folder: Path, config: str, password: str) -> Done:
    secret = folder / "secrets" / "pass"
    secret.parent.mkdir(parents=True)
    secret.write_text(password, "utf-8")
    secret.chmod(0o600)
    write_config(folder, config)
    return rseaudit("crawl", "--now", NOW, "--json", cwd=folder)


@dataclass(frozen=True)
class Crawled:
    """A careless crawl as an author: how the site stood before and after, and what it was asked."""

    done: Done
    idle: Rows
    after: Rows
    requests: list[Request]


@pytest.fixture(scope="module")
def crawled(wordpress: Wordpress, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawled]:
    idle = idle_state(wordpress)
    author = wordpress.user("author")
    done = crawl(tmp_path_factory.mktemp("careless"), careless(wordpress, author), author.password)
    yield Crawled(done, idle, state(wordpress), wordpress.requests())
    wordpress.reset()


def test_a_careless_crawl_as_an_author_changes_nothing(crawled: Crawled) -> None:
    assert crawled.done.code == 0, crawled.done.err
    for table, rows in crawled.idle.items():
        assert crawled.after[table] == rows, table


def test_it_was_logged_in_and_read_what_the_author_reads(crawled: Crawled, wordpress: Wordpress) -> None:
    author = wordpress.user("author")
    pages = {request.path for request in crawled.requests if request.method == "GET"}
    own = [post for post in wordpress.posts if post.author == author.login and post.status == "publish"]
    assert own
    for post in own:
        assert any(f"/{post.created.year}/" in path for path in pages)
    assert len(pages) > 70, "it went everywhere that is only to read"


def test_only_reading_requests_and_the_login_were_sent(crawled: Crawled) -> None:
    assert {request.method for request in crawled.requests} <= {"GET", "HEAD", "POST"}
    posts = [request for request in crawled.requests if request.method == "POST"]
    assert {request.path for request in posts} == {LOGIN_PAGE}
    assert all(urllib.parse.parse_qs(request.body).keys() >= {"log", "pwd"} for request in posts)


def test_nothing_of_a_refused_shape_was_asked_for(crawled: Crawled) -> None:
    asked = {request.path for request in crawled.requests}
    assert [path for path in sorted(asked) if HARMFUL.search(path)] == []
    assert [path for path in sorted(asked) if "wp-admin" in path or "_wpnonce" in path] == []


def test_a_crawl_by_the_api_as_an_administrator_changes_nothing(wordpress: Wordpress, tmp_path: Path) -> None:
    idle = idle_state(wordpress)
    admin = wordpress.user("administrator")
    done = crawl(tmp_path, by_api(wordpress, admin), admin.application_password)
    assert done.code == 0, done.err
    after = state(wordpress)
    assert {request.method for request in wordpress.requests()} == {"GET"}
    wordpress.reset()
    for table, rows in idle.items():
        assert after[table] == rows, table


def test_a_client_that_follows_links_with_the_same_session_does_harm(wordpress: Wordpress) -> None:
    """Were it not so, the tests above would prove nothing."""
    idle = idle_state(wordpress)
    author = wordpress.user("author")
    follow_links(wordpress.url, author)
    after = state(wordpress)
    wordpress.reset()
    assert after["posts"] != idle["posts"]
    binned = {row["ID"] for row in after["posts"] if row["post_status"] == "trash"}
    were_binned = {row["ID"] for row in idle["posts"] if row["post_status"] == "trash"}
    assert binned > were_binned, "the author's posts are in the bin"
    assert state(wordpress)["posts"] == idle["posts"], "the site is as before for those who come next"


@pytest.mark.parametrize(
    ("method", "path"),
    [("DELETE", "/note/1"), ("PUT", "/note/1"), ("POST", "/note/1"), ("GET", "/post/4?_wpnonce=7"), ("GET", "/logout")],
)
def test_a_site_of_these_tests_complains_when_it_closes(method: str, path: str) -> None:
    """All tests that use one thereby prove that nothing else than reading requests was sent to it."""
    with pytest.raises(AssertionError, match="only reads"):
        send_to_a_site(method, path)


def send_to_a_site(method: str, path: str) -> None:
    with serving(Site({"/note/1": "Bonjour"})) as site, contextlib.suppress(urllib.error.HTTPError):
        urllib.request.urlopen(urllib.request.Request(site.url + path, method=method)).close()


def follow_links(url: str, user: User) -> None:
    """Log in and, from where that leads to, ask for link after link with GET; not for those that log out."""
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    opener.open(url + LOGIN_PAGE).read()
    fields = {"log": user.login, "pwd": user.password, "testcookie": "1", "redirect_to": f"{url}/wp-admin/"}
    opener.open(url + LOGIN_PAGE, urllib.parse.urlencode(fields).encode()).read()
    waiting = [f"{url}/wp-admin/"]
    seen = set(waiting)
    for _ in range(NAIVE_REQUESTS):
        if not waiting:
            return
        address = waiting.pop(0)
        try:
            with opener.open(address, timeout=60) as answer:
                final, body = answer.geturl(), answer.read()
        except (urllib.error.URLError, OSError):
            continue
        tree = etree.fromstring(body, etree.HTMLParser()) if body.strip() else None
        for link in tree.iter("a") if tree is not None else ():
            target = urllib.parse.urljoin(final, link.get("href") or "").partition("#")[0]
            if target.startswith(f"{url}/") and target not in seen and not re.search("logout|wp-login", target):
                seen.add(target)
                waiting.append(target)
