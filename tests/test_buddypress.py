"""BuddyPress by its API, from recorded answers: groups with their people, what is posted there, and for whom."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.command_line import Done, rseaudit, write_config
from tests.replay_buddypress import (
    ADMIN,
    HIDDEN,
    MEMBER,
    OUTSIDER,
    PASSWORDS,
    PRIVATE,
    PUBLIC,
    REPLIES,
    UPDATES,
    BuddypressReplay,
)
from tests.replay_server import json_answer
from tests.site_server import serving

NOW = "2026-11-23"
LATER = "2026-11-24"
NAMES = {"membre": MEMBER, "dehors": OUTSIDER, "admin": ADMIN}
Documents = dict[str, dict[str, object]]


def source(name: str, url: str, user: str | None = None, more: str = "") -> str:
    login = f'login = {{ user = "{user}", password_file = "secrets/{user}" }}\n' if user else ""
    return f"""
[[source]]
name = "{name}"
role = "audited"
platform = "wordpress"
url = "{url}"
politeness = {{ autothrottle = false, concurrency = 4 }}
{login}{more}
"""


def write_passwords(folder: Path) -> None:
    (folder / "secrets").mkdir(parents=True, exist_ok=True)
    for user, password in PASSWORDS.items():
        path = folder / "secrets" / user
        path.write_text(password, "utf-8")
        path.chmod(0o600)


def exported(folder: Path, kind: str = "document") -> dict[str, Documents]:
    found: dict[str, Documents] = {}
    for text in rseaudit("export", "--canonical", cwd=folder).out.splitlines():
        line = json.loads(text)
        if line["type"] == kind:
            found.setdefault(line["source"], {})[str(line.get("id") or line.get("name"))] = line
    return found


@dataclass(frozen=True)
class Crawled:
    """One crawl as a guest, a member of two groups, an outsider and an administrator."""

    folder: Path
    site: BuddypressReplay
    done: Done
    documents: dict[str, Documents]
    spaces: dict[str, Documents]
    requests: list[tuple[str, str]]


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawled]:
    folder = tmp_path_factory.mktemp("buddypress")
    write_passwords(folder)
    with serving(BuddypressReplay()) as site:
        parts = [source("invite", site.url), *(source(name, site.url, user) for name, user in NAMES.items())]
        write_config(folder, "".join(parts))
        done = rseaudit("crawl", "--now", NOW, "--json", cwd=folder)
        yield Crawled(folder, site, done, exported(folder), exported(folder, "space"), list(site.requests))


def ids(site: BuddypressReplay, *groups: int) -> set[str]:
    return {f"activity-{item['id']}" for item in site.updates if item["primary_item_id"] in groups}


def test_the_made_world_has_the_recorded_totals() -> None:
    site = BuddypressReplay()
    recorded = next(item for item in site.recorded() if item.path.endswith("/activity") and item.account == ADMIN)
    assert recorded.headers["X-WP-Total"] == str(len(site.updates)) == str(sum(UPDATES.values()))


def test_every_account_sees_what_it_may_and_no_more(crawled: Crawled) -> None:
    assert crawled.done.code == 0, crawled.done.err
    seen = {name: set(found) for name, found in crawled.documents.items()}
    assert seen["invite"] == ids(crawled.site, PUBLIC)
    assert seen["dehors"] == ids(crawled.site, PUBLIC)
    assert seen["membre"] == ids(crawled.site, PUBLIC, HIDDEN), "hidden groups stand in the account's own list alone"
    assert seen["admin"] == ids(crawled.site, PUBLIC, PRIVATE, HIDDEN)


def test_authors_dates_groups_and_texts_are_those_of_the_platform(crawled: Crawled) -> None:
    names = {"Hugo Petit", "Damien Moreau", "Inès Koné"}
    recorded = {f"activity-{number}": name for number, name in ((131, "Hugo Petit"), (136, "Damien Moreau"))}
    for item in crawled.site.updates:
        found = crawled.documents["admin"][f"activity-{item['id']}"]
        assert found["created"] == f"{item['date_gmt']}+00:00"
        assert found["spaces"] == [crawled.site.groups[item["primary_item_id"]]["name"]]
        assert found["url"] == str(item["link"]).replace("https://communaute.example.com", crawled.site.url)
        assert found["kind"] == "post"
        if embedded := item.get("_embedded"):
            assert found["author"] == embedded["user"][0]["name"]
            assert str(found["text"]) == f"L’atelier n° {item['id']} ouvre à huit heures."
        else:
            assert found["author"] in names
            assert recorded.get(str(found["id"]), found["author"]) == found["author"]


def test_a_sentence_about_a_post_is_no_title_of_it(crawled: Crawled) -> None:
    for found in crawled.documents["admin"].values():
        assert not found["title"]


def test_replies_are_counted_on_all_levels_and_are_no_documents(crawled: Crawled) -> None:
    found = crawled.documents["admin"].values()
    counts = [one["comments"] for one in found]
    assert sum(count for count in counts if isinstance(count, int)) == REPLIES
    assert not [one for one in found if "Réponse" in str(one["text"])]
    assert {one["likes"] for one in found} == {None}, "no total of favourites is told"


def test_visibility_is_that_of_the_group(crawled: Crawled) -> None:
    groups = {group["name"]: group["status"] for group in crawled.site.groups.values()}
    told = {"public": "public", "private": "space", "hidden": "space"}
    for found in (*crawled.documents["admin"].values(), *crawled.spaces["admin"].values()):
        group = found["spaces"][0] if "spaces" in found else found["name"]  # type: ignore[index]
        assert found["visibility"] == told[groups[str(group)]]


def test_administrators_own_a_group_moderators_moderate_it_and_who_is_banned_is_no_member(crawled: Crawled) -> None:
    space = crawled.spaces["admin"]["Club vélo"]
    assert space["owners"] == ["Chloé Bernard"]
    assert space["moderators"] == ["Léo Faure"]
    assert space["members"] == ["Amélie Lefèvre", "Chloé Bernard", "Karine Martin", "Léo Faure", "Maud Blanc"]
    assert crawled.spaces["invite"]["RH entre nous"]["members"] is None, "outsiders do not see who belongs to it"


def test_an_empty_answer_of_a_closed_group_is_a_refusal(crawled: Crawled) -> None:
    with sqlite3.connect(crawled.folder / "rseaudit.db") as connection:
        query = "SELECT state, cause FROM urls WHERE source = ? AND url LIKE ?"
        asked = [connection.execute(query, (name, f"%group_id={PRIVATE}%")).fetchall() for name in ("dehors", "admin")]
    [(state, cause)], [(readable, _)] = asked
    assert (state, readable) == ("denied", "done")
    assert "closed group" in cause
    assert "RH entre nous" in crawled.spaces["dehors"], "it is known to be there"


def test_only_reading_requests_were_sent_and_none_for_messages(crawled: Crawled) -> None:
    assert {method for method, _ in crawled.requests} == {"GET"}
    assert not [path for _, path in crawled.requests if "messages" in path or "notifications" in path]


def test_an_excluded_group_gives_no_request(tmp_path: Path) -> None:
    write_passwords(tmp_path)
    with serving(BuddypressReplay()) as site:
        write_config(tmp_path, source("admin", site.url, ADMIN, 'exclude_spaces = ["RH *"]'))
        done = rseaudit("crawl", "--now", NOW, "--json", cwd=tmp_path)
        assert done.code == 0, done.err
        assert set(exported(tmp_path)["admin"]) == ids(site, PUBLIC, HIDDEN)
        assert set(exported(tmp_path, "space")["admin"]) == {"Club vélo", "Projet navette"}
        assert not [path for _, path in site.requests if f"group_id={PRIVATE}" in path or f"/{PRIVATE}/members" in path]


def test_a_second_crawl_changes_nothing_and_what_is_deleted_is_marked_as_gone(tmp_path: Path) -> None:
    write_passwords(tmp_path)
    with serving(BuddypressReplay()) as site:
        write_config(tmp_path, source("admin", site.url, ADMIN))
        assert rseaudit("crawl", "--now", NOW, "--json", cwd=tmp_path).code == 0
        before = rseaudit("export", "--canonical", cwd=tmp_path).out
        assert rseaudit("crawl", "--now", LATER, "--json", cwd=tmp_path).code == 0
        assert rseaudit("export", "--canonical", cwd=tmp_path).out == before
        deleted = site.updates.pop(0)
        assert rseaudit("crawl", "--now", LATER, "--json", cwd=tmp_path).code == 0
        found = exported(tmp_path)["admin"]
        assert [id_ for id_, one in found.items() if one.get("gone")] == [f"activity-{deleted['id']}"]
        assert ("GET", f"/wp-json/buddypress/v1/activity/{deleted['id']}") in [
            (method, path.partition("?")[0]) for method, path in site.requests
        ]


def test_an_item_that_cannot_be_read_costs_no_other(tmp_path: Path) -> None:
    write_passwords(tmp_path)
    with serving(BuddypressReplay()) as site:
        broken = [item for item in site.updates if item["primary_item_id"] == PUBLIC][:2]
        broken[0]["content"] = None
        broken[1]["id"] = None
        write_config(tmp_path, source("invite", site.url))
        done = rseaudit("crawl", "--now", NOW, "--json", cwd=tmp_path)
        assert done.code == 0, done.err
        assert len(exported(tmp_path)["invite"]) == UPDATES[PUBLIC] - 2
        assert "unreadable-item" in done.err


def test_what_is_no_longer_listed_and_may_not_be_asked_for_is_not_taken_for_gone(tmp_path: Path) -> None:
    write_passwords(tmp_path)
    with serving(BuddypressReplay()) as site:
        write_config(tmp_path, source("admin", site.url, ADMIN))
        assert rseaudit("crawl", "--now", NOW, "--json", cwd=tmp_path).code == 0
        hidden = site.updates.pop(0)
        address = f"/wp-json/buddypress/v1/activity/{hidden['id']}?_embed=group,user&display_comments=threaded"
        site.pages[address] = json_answer({"code": "bp_rest_authorization_required"}, status=403)
        done = rseaudit("crawl", "--now", LATER, "--json", cwd=tmp_path)
        assert done.code == 0, done.err
        assert ("GET", address) in site.requests
        assert not exported(tmp_path)["admin"][f"activity-{hidden['id']}"].get("gone")
