"""WordPress as it is, read by its API: everything that each account may see, nothing else, and every field right."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.command_line import Done, rseaudit, write_config
from tests.platforms.wordpress import Post, User, Wordpress

NOW = "2026-11-23"
LATER = "2026-11-24"
Documents = dict[str, dict[str, object]]


def source(name: str, url: str, user: User | None = None, more: str = "") -> str:
    login = f'login = {{ user = "{user.login}", password_file = "secrets/{user.login}" }}\n' if user else ""
    return f"""
[[source]]
name = "{name}"
role = "audited"
platform = "wordpress"
url = "{url}"
politeness = {{ autothrottle = false, concurrency = 4 }}
{login}{more}
"""


def write_passwords(folder: Path, *users: User) -> None:
    (folder / "secrets").mkdir(parents=True, exist_ok=True)
    for user in users:
        path = folder / "secrets" / user.login
        path.write_text(user.application_password, "utf-8")
        path.chmod(0o600)


def exported(folder: Path, kind: str = "document") -> dict[str, Documents]:
    """Return what the store holds, by source and id (or name)."""
    found: dict[str, Documents] = {}
    for text in rseaudit("export", "--canonical", cwd=folder).out.splitlines():
        line = json.loads(text)
        if line["type"] == kind:
            found.setdefault(line["source"], {})[str(line.get("id") or line.get("name"))] = line
    return found


def id_of(post: Post) -> str:
    return f"{post.type}s-{post.id}"


def readable(site: Wordpress, *, private_of: str | None = None, all_private: bool = False) -> set[str]:
    """Return the ids that may be read: what is published, and private posts of one login or of all."""
    found = set()
    for post in site.posts:
        private = post.status == "private" and (all_private or post.author == private_of)
        if (post.status == "publish" and not post.password) or private:
            found.add(id_of(post))
    return found


@dataclass(frozen=True)
class Crawled:
    """One crawl as a guest, a subscriber, an author and an administrator."""

    folder: Path
    done: Done
    documents: dict[str, Documents]
    spaces: dict[str, Documents]


@pytest.fixture(scope="module")
def crawled(wordpress: Wordpress, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawled]:
    wordpress.reset()
    folder = tmp_path_factory.mktemp("wordpress")
    roles = {name: wordpress.user(role) for name, role in ROLES.items()}
    write_passwords(folder, *roles.values())
    write_config(
        folder,
        source("invite", wordpress.url) + "".join(source(name, wordpress.url, user) for name, user in roles.items()),
    )
    done = rseaudit("crawl", "--now", NOW, "--json", cwd=folder)
    yield Crawled(folder, done, exported(folder), exported(folder, "space"))
    wordpress.reset()


ROLES = {"abonne": "subscriber", "auteur": "author", "admin": "administrator"}


def test_every_account_sees_what_it_may_and_no_more(crawled: Crawled, wordpress: Wordpress) -> None:
    assert crawled.done.code == 0, crawled.done.err
    seen = {name: set(found) for name, found in crawled.documents.items()}
    assert seen["invite"] == readable(wordpress)
    assert seen["abonne"] == readable(wordpress)
    assert seen["auteur"] == readable(wordpress, private_of=wordpress.user("author").login)
    assert seen["admin"] == readable(wordpress, all_private=True)
    assert len(seen["invite"]) < len(seen["auteur"]) < len(seen["admin"])


def test_the_totals_are_those_of_the_platform(crawled: Crawled, wordpress: Wordpress) -> None:
    query = (
        "SELECT post_status, count(*) AS n FROM wp_posts WHERE post_type IN ('post', 'page') AND post_password = '' "
        "AND post_status IN ('publish', 'private') GROUP BY post_status"
    )
    totals = {row["post_status"]: int(row["n"] or 0) for row in wordpress.sql(query)}
    assert len(crawled.documents["invite"]) == totals["publish"]
    assert len(crawled.documents["admin"]) == totals["publish"] + totals["private"]


def test_titles_authors_dates_spaces_and_tags_are_exact(crawled: Crawled, wordpress: Wordpress) -> None:
    names = {login: user.name for login, user in wordpress.users.items()}
    compared = 0
    for post in wordpress.posts:
        found = crawled.documents["admin"].get(id_of(post))
        if found is None:
            continue
        compared += 1
        assert found["title"] == post.title
        assert found["author"] == names[post.author]
        assert found["kind"] == post.type
        assert found["created"] == post.created.isoformat()
        assert found["modified"] == post.modified.isoformat()
        assert found.get("spaces", []) == list(post.categories)
        assert sorted(found.get("tags", [])) == sorted(post.tags)  # type: ignore[type-var, arg-type]
        assert found["comments"] == post.approved
        assert found["visibility"] == ("private" if post.status == "private" else "public")
        assert str(found["url"]).startswith(f"{wordpress.url}/")
        assert str(found["text"]).split("\n\n") == [typeset(paragraph) for paragraph in post.paragraphs]
    assert compared == len(crawled.documents["admin"])


def typeset(text: str) -> str:
    """Return a text as WordPress in French shows it."""
    return " ".join(text.split())


def test_likes_and_views_are_unknown_and_comments_are_no_documents(crawled: Crawled) -> None:
    for found in crawled.documents["admin"].values():
        assert found["likes"] is None
        assert found["views"] is None
        assert "Merci, remarque" not in str(found["text"])


def test_what_is_private_reaches_no_file_of_a_guest(wordpress: Wordpress, tmp_path: Path) -> None:
    write_config(tmp_path, source("invite", wordpress.url))
    assert rseaudit("crawl", "--now", NOW, "--json", cwd=tmp_path).code == 0
    hidden = [post for post in wordpress.posts if post.status != "publish" or post.password]
    assert {"private", "draft", "pending", "trash"} <= {post.status for post in hidden}
    told = rseaudit("export", cwd=tmp_path).out + (tmp_path / "rseaudit.db").read_bytes().decode("latin-1")
    for post in hidden:
        assert post.title not in told
        assert f"posts-{post.id}" not in told


def test_a_second_crawl_changes_nothing_and_only_reads_from_the_api(crawled: Crawled, wordpress: Wordpress) -> None:
    before = rseaudit("export", "--canonical", cwd=crawled.folder).out
    wordpress.php.forget_requests()
    done = rseaudit("crawl", "--now", LATER, "--json", cwd=crawled.folder)
    assert done.code == 0, done.err
    assert rseaudit("export", "--canonical", cwd=crawled.folder).out == before
    requests = wordpress.requests()
    assert {request.method for request in requests} == {"GET"}
    asked = {request.path.partition("?")[0] for request in requests if request.path != "/robots.txt"}
    assert all(path == "/" or path.startswith("/wp-json/") for path in asked), asked
    assert not [path for path in asked if "settings" in path or "messages" in path]
    assert len(requests) < 4 * 25, "four accounts, 42 to 48 documents each: following links takes hundreds"


def test_mail_addresses_of_authors_are_read_where_the_account_may(crawled: Crawled, wordpress: Wordpress) -> None:
    with sqlite3.connect(crawled.folder / "rseaudit.db") as connection:
        mails = dict(connection.execute("SELECT name, mail FROM persons WHERE mail IS NOT NULL"))
    writers = [user for user in wordpress.users.values() if user.role != "subscriber"]
    assert mails == {user.name: user.email for user in writers}, "who writes nothing is not asked about"


def test_what_is_deleted_or_in_the_bin_is_marked_as_gone(wordpress: Wordpress, tmp_path: Path) -> None:
    wordpress.reset()
    write_config(tmp_path, source("invite", wordpress.url))
    assert rseaudit("crawl", "--now", NOW, "--json", cwd=tmp_path).code == 0
    binned, deleted, *others = sorted(
        (post for post in wordpress.posts if post.status == "publish" and post.type == "post" and not post.password),
        key=lambda post: post.id,
    )
    hidden = others[0]
    try:
        wordpress.run(f"wp_trash_post({binned.id}); wp_delete_post({deleted.id}, true);")
        wordpress.run(f"wp_update_post(['ID' => {hidden.id}, 'post_status' => 'private']);")
        done = rseaudit("crawl", "--now", LATER, "--json", cwd=tmp_path)
        assert done.code == 0, done.err
        gone = {id_ for id_, found in exported(tmp_path)["invite"].items() if found.get("gone")}
        assert gone == {id_of(binned), id_of(deleted), id_of(hidden)}
    finally:
        wordpress.reset()


def test_an_excluded_category_and_those_below_it_are_never_asked_for(wordpress: Wordpress, tmp_path: Path) -> None:
    code = (
        "require_once ABSPATH . 'wp-admin/includes/taxonomy.php';"
        "$top = wp_create_category('CSE'); $below = wp_create_category('Procès-verbaux', $top);"
        "wp_insert_post(['post_title' => 'Réunion de mars', 'post_content' => 'Parole libre des élus.',"
        " 'post_status' => 'publish', 'post_author' => 1, 'post_category' => [$below]]);"
    )
    try:
        wordpress.run(code)
        wordpress.php.forget_requests()
        write_config(tmp_path, source("invite", wordpress.url))
        assert rseaudit("crawl", "--now", NOW, "--json", cwd=tmp_path).code == 0
        assert set(exported(tmp_path)["invite"]) == readable(wordpress)
        assert "Parole libre" not in (tmp_path / "rseaudit.db").read_bytes().decode("latin-1")
        assert "CSE" not in exported(tmp_path, "space")["invite"]
        listed = [request.path for request in wordpress.requests() if "/posts?" in request.path]
        assert listed
        assert all("categories_exclude=" in path or "include=" in path for path in listed)
    finally:
        wordpress.reset()


def test_a_site_without_permalinks_is_read_at_its_other_address(wordpress: Wordpress, tmp_path: Path) -> None:
    try:
        wordpress.run("global $wp_rewrite; $wp_rewrite->set_permalink_structure(''); flush_rewrite_rules(false);")
        wordpress.php.forget_requests()
        write_config(tmp_path, source("invite", wordpress.url))
        done = rseaudit("crawl", "--now", NOW, "--json", cwd=tmp_path)
        assert done.code == 0, done.err
        assert set(exported(tmp_path)["invite"]) == readable(wordpress)
        assert [request for request in wordpress.requests() if "rest_route=" in request.path]
    finally:
        wordpress.reset()


def test_contents_with_many_comments_are_counted_to_the_last(wordpress: Wordpress, tmp_path: Path) -> None:
    busy, *others = [post for post in wordpress.posts if post.status == "publish" and post.type == "post"]
    try:
        wordpress.run(
            f"for ($i = 0; $i < 1130; $i++) wp_insert_comment(['comment_post_ID' => {busy.id},"
            " 'comment_content' => \"Avis $i\", 'comment_author' => 'X', 'comment_approved' => 1]);"
        )
        write_config(tmp_path, source("invite", wordpress.url))
        assert rseaudit("crawl", "--now", NOW, "--json", cwd=tmp_path).code == 0
        found = exported(tmp_path)["invite"]
        assert found[id_of(busy)]["comments"] == busy.approved + 1130
        for post in others:
            if id_of(post) in found:
                assert found[id_of(post)]["comments"] == post.approved
    finally:
        wordpress.reset()


def test_a_content_that_breaks_its_answer_costs_no_other(wordpress: Wordpress, tmp_path: Path) -> None:
    broken = next(post for post in wordpress.posts if post.status == "publish" and post.type == "post")
    plugin = wordpress.php.root / "wp-content" / "mu-plugins" / "broken.php"
    plugin.write_text(
        "<?php add_filter('the_content', function ($text) {"
        f" if (get_the_ID() === {broken.id} && defined('REST_REQUEST')) {{ status_header(500); exit; }}"
        " return $text; });",
        "utf-8",
    )
    try:
        write_config(
            tmp_path, source("invite", wordpress.url).replace("concurrency = 4", "concurrency = 4, attempts = 1")
        )
        done = rseaudit("crawl", "--now", NOW, "--json", cwd=tmp_path)
        assert done.code == 3, "what failed is said"
        assert set(exported(tmp_path)["invite"]) == readable(wordpress) - {id_of(broken)}
    finally:
        plugin.unlink()
        wordpress.reset()


def test_comments_that_a_site_does_not_tell_are_unknown_and_not_none(wordpress: Wordpress, tmp_path: Path) -> None:
    plugin = wordpress.php.root / "wp-content" / "mu-plugins" / "closed.php"
    plugin.write_text(
        "<?php add_filter('rest_endpoints', function ($all) { unset($all['/wp/v2/comments']); return $all; });", "utf-8"
    )
    try:
        write_config(tmp_path, source("invite", wordpress.url))
        assert rseaudit("crawl", "--now", NOW, "--json", cwd=tmp_path).code == 0
        found = exported(tmp_path)["invite"]
        assert set(found) == readable(wordpress)
        assert {one["comments"] for one in found.values()} == {None}
    finally:
        plugin.unlink()
        wordpress.reset()


def test_a_wrong_application_password_stops_before_anything_is_read(wordpress: Wordpress, tmp_path: Path) -> None:
    user = wordpress.user("author")
    write_passwords(tmp_path, user)
    (tmp_path / "secrets" / user.login).write_text("faux faux faux faux", "utf-8")
    write_config(tmp_path, source("auteur", wordpress.url, user))
    done = rseaudit("crawl", "--now", NOW, "--json", cwd=tmp_path)
    assert done.code == 3, done.err
    assert exported(tmp_path) == {}
