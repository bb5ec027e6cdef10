"""HumHub by its REST module: all that each account may see, nothing else, every field right, nothing touched."""

from __future__ import annotations

import copy
import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from rseaudit.crawl.humhub import routes
from rseaudit.crawl.humhub.routes import Call
from tests.command_line import Done, canonical, rseaudit, write_config
from tests.replay_humhub import ADMIN, HOME, MEMBER, OUTSIDER, PASSWORDS, RECORDING, HumhubReplay
from tests.replay_server import Replay
from tests.site_server import Answer
from tests.site_server import serving as serving_site

NOW, LATER, LATEST = "2026-11-23", "2026-11-24", "2026-11-25"
SOURCES = {"invite": None, "lectrice": OUTSIDER, "membre": MEMBER, "admin": ADMIN}
Rows = dict[str, dict[str, Any]]


@contextmanager
def serving(site: HumhubReplay) -> Iterator[HumhubReplay]:
    with serving_site(site):
        yield site


def write_source(folder: Path, site: HumhubReplay, *names: str, more: str = "") -> None:
    (folder / "secrets").mkdir(parents=True, exist_ok=True)
    text = ""
    for name in names:
        text += f"""
[[source]]
name = "{name}"
role = "reference"
platform = "humhub"
url = "{site.url}"
timezone = "UTC"
politeness = {{ autothrottle = false, concurrency = 4 }}
{more}
"""
        if (user := SOURCES[name]) is not None:
            secret = folder / "secrets" / user
            secret.write_text(PASSWORDS[user], "utf-8")
            secret.chmod(0o600)
            text += f'login = {{ user = "{user}", password_file = "secrets/{user}" }}\n'
    write_config(folder, text)


def crawl(folder: Path, *sources: str, now: str = NOW) -> Done:
    return rseaudit("crawl", *sources, "--now", now, "--json", cwd=folder)


def exported(folder: Path, kind: str = "document") -> dict[str, Rows]:
    """Return what the store holds, by source and id (or name)."""
    found: dict[str, Rows] = {}
    for text in canonical(folder):
        line = json.loads(text)
        if line["type"] == kind and not line.get("gone"):
            found.setdefault(line["source"], {})[str(line.get("id") or line.get("name"))] = line
    return found


def rows(folder: Path, query: str) -> list[tuple[Any, ...]]:
    with sqlite3.connect(folder / "rseaudit.db") as connection:
        return connection.execute(query).fetchall()


def readable(site: HumhubReplay, account: str) -> set[str]:
    return {str(item["content"]["id"]) for item in site.visible(account, [*site.posts, *site.wiki])}


@dataclass(frozen=True)
class Crawled:
    """One crawl under four identities."""

    site: HumhubReplay
    folder: Path
    done: Done
    documents: dict[str, Rows]
    spaces: dict[str, Rows]
    requests: list[tuple[str, str]]


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawled]:
    folder = tmp_path_factory.mktemp("humhub")
    with serving(HumhubReplay()) as site:
        write_source(folder, site, *SOURCES)
        done = crawl(folder)
        yield Crawled(site, folder, done, exported(folder), exported(folder, "space"), list(site.requests))


# The platform that is played.


def test_what_the_server_makes_up_agrees_with_all_that_was_recorded() -> None:
    site = HumhubReplay()
    assert (len(site.spaces), len(site.posts), len(site.wiki), len(site.users)) == (8, 153, 15, 15)
    made = {item: site.made(item.account, item.path, dict(item.params)) for item in map(_Key, site.recorded())}
    compared = [item for item, answer in made.items() if answer is not None]
    assert len(compared) >= 17
    for item in compared:
        answer = made[item]
        assert answer is not None
        assert (answer.status, json.loads(answer.body)) == (item.status, item.body), item.path


class _Key:
    """A recorded answer as the key of a table."""

    def __init__(self, item: Any) -> None:
        self.account, self.path, self.params = item.account, item.path, item.params
        self.status, self.body = item.status, item.body


def test_a_recording_is_served_as_it_is_under_the_account_that_it_was_made_for() -> None:
    site = Replay(RECORDING, accounts={"admin": "secret"}, home=HOME)
    with serving_site(site):
        found = site.answer("/api/v1/post?page=30&limit=3", {"Authorization": "Bearer secret"})
        assert json.loads(found.body)["total"] == 153
        assert HOME.encode() not in found.body
        assert site.answer("/api/v1/post?page=31&limit=3", {"Authorization": "Bearer secret"}).status == 404
        assert site.answer("/api/v1/space?limit=3", {}).status == 401
        assert site.answer("/api/v1/space?limit=3", {"Authorization": "Bearer wrong"}).status == 401


# The whole crawl.


def test_every_account_sees_what_it_may_and_no_more(crawled: Crawled) -> None:
    seen = {name: set(crawled.documents.get(name, ())) for name in SOURCES}
    assert seen["invite"] == set()
    for name in ("lectrice", "membre", "admin"):
        assert seen[name] == readable(crawled.site, str(SOURCES[name])), name
    assert (len(seen["membre"]), len(seen["admin"])) == (145 + 15, 153 + 15)
    assert seen["lectrice"] < seen["membre"] < seen["admin"]


def test_guests_get_nothing_from_the_api_and_the_crawl_says_so(crawled: Crawled) -> None:
    assert crawled.done.code == 3
    found = rows(crawled.folder, "SELECT state, cause FROM urls WHERE source = 'invite'")
    assert found == [("denied", "status 401: the API of HumHub answers accounts only")]
    assert rows(crawled.folder, "SELECT count(*) FROM urls WHERE state = 'failed'") == [(0,)]


def test_a_platform_is_read_in_a_handful_of_requests_that_only_read(crawled: Crawled) -> None:
    assert {method for method, _ in crawled.requests} == {"GET"}
    asked = [path for _, path in crawled.requests if path != "/robots.txt"]
    # Per space one listing of each kind; spaces, users and the proof of being logged in once for each account.
    assert len(asked) <= 3 * (1 + 8 * 3 + 1 + 1) + 1
    assert not [path for path in asked if "comment" in path or "like" in path or "find-by" in path]


def test_recorded_contents_are_read_to_the_letter(crawled: Crawled) -> None:
    post = crawled.documents["membre"]["243"]
    assert post["title"] == "Covoiturage : une application pour toutes les filiales"
    assert post["text"].startswith("Covoiturage : une application pour toutes les filiales\n\nL'expérimentation menée")
    assert post["text"].endswith("L'équipe de Grenoble a traité 883 demandes depuis le 8 avril.")
    assert post["body"].startswith("## Covoiturage")
    assert (post["format"], post["kind"]) == ("markdown", "post")
    assert post["url"] == f"{crawled.site.url}/s/mobilite-durable/post/post/view?id=38"
    assert (post["author"], post["last_editor"], post["owner"]) == ("Damien Moreau", "Damien Moreau", None)
    assert post["created"] == post["modified"] == "2023-02-17T13:02:00+00:00"
    assert post["dates"]["api-date"] == post["created"]
    assert post["spaces"] == ["Mobilité durable"]
    assert post["visibility"] == "registered"
    assert post["tags"] == ["mobilité", "covoiturage"]
    assert (post["comments"], post["likes"], post["views"]) == (2, 0, None)

    page = crawled.documents["membre"]["606"]
    assert page["title"] == "Incident réseau du bâtiment B : retour à la normale (page de référence)"
    assert page["text"].startswith("Le débit mesuré après migration est")
    assert (page["kind"], page["author"], page["last_editor"]) == ("page", "Cécile Diallo", "Cécile Diallo")
    assert (page["visibility"], page["spaces"]) == ("space", ["Systèmes d'information"])
    assert page["created"] == "2023-04-15T12:40:00+00:00"

    short = crawled.documents["membre"]["747"]
    assert (short["title"], short["text"]) == ("", "Bienvenue à notre nouvelle collègue !")
    assert (short["comments"], short["likes"], short["tags"]) == (0, 5, [])
    open_ = crawled.documents["membre"]["34"]
    assert (open_["visibility"], open_["spaces"], open_["tags"]) == (
        "public",
        ["Actualités du groupe"],
        ["notes de frais", "finance"],
    )


def test_comments_are_counted_and_are_no_documents(crawled: Crawled) -> None:
    comments = {item["id"]: item["message"] for item in crawled.site.objects() if "objectModel" in item}
    assert comments
    texts = {row["text"] for found in crawled.documents.values() for row in found.values()}
    assert texts.isdisjoint(comments.values())
    wanted = {str(i["content"]["id"]): i["content"]["comments"]["total"] for i in crawled.site.posts}
    assert {id_: crawled.documents["admin"][id_]["comments"] for id_ in wanted} == wanted


def test_spaces_have_their_people_where_the_account_may_see_them(crawled: Crawled) -> None:
    seen = crawled.spaces["admin"]
    assert {name: row["visibility"] for name, row in seen.items()} == {
        "Actualités du groupe": "public",
        "Nouveaux arrivants": "registered",
        "Mobilité durable": "registered",
        "Systèmes d'information": "registered",
        "Sécurité informatique": "registered",
        "Ressources humaines": "registered",
        "Veille et innovation": "registered",
        "Comité de direction": "space",
    }
    arrivals = seen["Nouveaux arrivants"]
    assert arrivals["owners"] == ["Gaëlle Bernard"]
    assert {"Sys Admin", "Gaëlle Bernard", "Bastien Nguyen"} <= set(arrivals["moderators"])
    assert "Amélie Lefèvre" not in arrivals["moderators"]
    assert len(arrivals["members"]) == 15
    board = seen["Comité de direction"]
    assert "Hugo Petit" not in board["members"], "who is only invited is no member"
    assert "Maud Blanc" in board["members"]
    assert set(crawled.spaces["membre"]) == set(seen) - {"Comité de direction"}
    for row in crawled.spaces["membre"].values():
        assert row["owners"]
        assert row["members"] is None, "unknown is not nobody"
    denied = rows(crawled.folder, "SELECT url, cause FROM urls WHERE source = 'membre' AND state = 'denied'")
    assert len(denied) == 7 + 1
    assert {cause for url, cause in denied if "/membership" in url} == {
        "status 400: only administrators of a space see its members"
    }


def test_people_are_known_by_their_mail_and_only_where_the_account_manages_users(crawled: Crawled) -> None:
    found = {
        name: (mail, active) for name, mail, active in rows(crawled.folder, "SELECT name, mail, active FROM persons")
    }
    assert len(found) == 15
    assert found["Hugo Petit"] == ("h.petit@example.test", 1)
    assert found["Julien Dubois"] == ("j.dubois@example.test", 0)
    kept = rows(crawled.folder, "SELECT source FROM sightings WHERE persons != '[]'")
    assert {name for (name,) in kept} == {"admin"}


def test_passwords_are_found_nowhere(crawled: Crawled) -> None:
    assert crawled.done.out or crawled.done.err
    said = (crawled.done.out + crawled.done.err).encode()
    files = [path.read_bytes() for path in crawled.folder.rglob("*") if path.is_file() and "secrets" not in path.parts]
    for password in PASSWORDS.values():
        assert not [found for found in (said, *files) if password.encode() in found]


def test_a_second_crawl_changes_nothing(crawled: Crawled) -> None:
    before = canonical(crawled.folder)
    assert crawl(crawled.folder, "membre", "admin", now=LATER).code == 0
    assert canonical(crawled.folder) == before


# What changes, what is left alone, what is broken.


def test_an_excluded_space_is_never_asked_for(tmp_path: Path) -> None:
    site = HumhubReplay()
    site.spaces[6]["name"] = "Syndicat CGT"  # excluded by default
    for item in [item for item in site.posts if item["content"]["metadata"]["contentcontainer_id"] == 22]:
        item["content"]["metadata"]["url"] = f"/s/syndicat-cgt/post/post/view?id={item['id']}"
    with serving(site):
        write_source(tmp_path, site, "admin", more='exclude_spaces = ["Comité de *"]')
        assert crawl(tmp_path).code == 0
        for space_id, container in ((7, 22), (8, 23)):
            assert not [p for p in site.fetched if f"/space/{space_id}/" in p or f"/container/{container}?" in p]
        found = exported(tmp_path)["admin"]
        assert len(found) == 168 - 20 - 2 - 8
        assert set(exported(tmp_path, "space")["admin"]).isdisjoint({"Syndicat CGT", "Comité de direction"})

        # One that is moved there is asked for by its number alone, and nothing of the answer is kept.
        moved = next(item for item in site.posts if item["content"]["id"] == 243)
        moved["content"]["metadata"] |= {"contentcontainer_id": 22, "url": "/s/syndicat-cgt/post/post/view?id=38"}
        done = crawl(tmp_path, now=LATER)
        assert done.code == 0, done.err + done.out
        assert "243" not in exported(tmp_path)["admin"]
        assert rows(tmp_path, "SELECT count(*) FROM bodies WHERE url LIKE '%/content/%'") == [(0,)]


def test_a_deleted_post_is_asked_for_and_then_gone_and_a_moved_one_is_not(tmp_path: Path) -> None:
    with serving(HumhubReplay()) as site:
        write_source(tmp_path, site, "admin")
        assert crawl(tmp_path).code == 0
        site.posts = [item for item in site.posts if item["content"]["id"] not in (34, 159)]
        moved = next(item for item in site.posts if item["content"]["id"] == 243)
        moved["content"]["metadata"]["contentcontainer_id"] = 16
        site.requests.clear()
        done = crawl(tmp_path, now=LATER)
        assert done.code == 0, done.err
        assert {path for path in site.fetched if "/content/" in path} == {"/api/v1/content/34", "/api/v1/content/159"}
        found = exported(tmp_path)["admin"]
        assert len(found) == 166
        assert {"34", "159"}.isdisjoint(found)
        assert found["243"]["spaces"] == ["Actualités du groupe"]
        assert rows(tmp_path, "SELECT id FROM documents WHERE gone ORDER BY id") == [("159",), ("34",)]


def test_a_listing_that_forgets_a_post_does_not_delete_it(tmp_path: Path) -> None:
    """A post that slips between two pages while others are written is asked for by itself, and stays."""
    with serving(HumhubReplay()) as site:
        write_source(tmp_path, site, "admin")
        assert crawl(tmp_path).code == 0
        path = routes.address("http://h", Call("post", 16)).removeprefix("http://h")
        whole = json.loads(site.answer(path, {"Authorization": f"Bearer {PASSWORDS[ADMIN]}"}).body)
        whole["results"] = [item for item in whole["results"] if item["content"]["id"] != 34]
        site.pages[path] = Answer(json.dumps(whole).encode(), content_type="application/json")
        assert crawl(tmp_path, now=LATER).code == 0
        assert site.fetched["/api/v1/content/34"] == 1
        assert exported(tmp_path)["admin"]["34"]["title"].startswith("Déplacements professionnels")
        assert rows(tmp_path, "SELECT count(*) FROM documents WHERE gone") == [(0,)]


def test_long_listings_are_read_to_their_end_by_page_numbers(tmp_path: Path) -> None:
    site = HumhubReplay()
    template = next(item for item in site.posts if item["content"]["id"] == 34)
    for number in range(1_000, 1_230):
        item = copy.deepcopy(template)
        item["id"] = item["content"]["metadata"]["object_id"] = number
        item["content"]["id"] = item["content"]["metadata"]["id"] = 50_000 + number
        item["message"] = f"Message numéro {number} pour toute l'équipe."
        site.posts.append(item)
    with serving(site):
        write_source(tmp_path, site, "membre")
        assert crawl(tmp_path).code == 0
        assert set(exported(tmp_path)["membre"]) == readable(site, MEMBER)
        pages = [path for path in site.fetched if "/post/container/16?" in path]
        assert sorted(pages) == [f"/api/v1/post/container/16?limit=100&page={n}" for n in (1, 2, 3)]


def test_a_broken_item_is_left_out_and_named_and_the_rest_is_read(tmp_path: Path) -> None:
    site = HumhubReplay()
    for id_, broken in ((34, {"content": "perdu"}), (159, {"content": None}), (747, {"message": 12})):
        next(item for item in site.posts if item["content"]["id"] == id_)["broken"] = broken
    with serving(site):
        for container in (16, 17):
            path = f"/api/v1/post/container/{container}?limit=100&page=1"
            whole = json.loads(site.answer(path, {"Authorization": f"Bearer {PASSWORDS[ADMIN]}"}).body)
            whole["results"] = [item | item.pop("broken", {}) for item in whole["results"]] + [None, 7]
            site.pages[path] = Answer(json.dumps(whole).encode(), content_type="application/json")
        write_source(tmp_path, site, "admin")
        assert crawl(tmp_path).code == 0
        found = exported(tmp_path)["admin"]
        assert len(found) == 168 - 3
        causes = dict(rows(tmp_path, "SELECT url, cause FROM urls WHERE cause IS NOT NULL"))
        assert causes[f"{site.url}/api/v1/post/container/16?limit=100&page=1"] == (
            "unreadable-item:post-3; unreadable-item:post-?"
        )
        assert causes[f"{site.url}/api/v1/post/container/17?limit=100&page=1"] == (
            "unreadable-item:post-25; no-text; unreadable-item:post-?" if found else ""
        ) or set(causes[f"{site.url}/api/v1/post/container/17?limit=100&page=1"].split("; ")) == {
            "unreadable-item:post-25",
            "no-text",
            "unreadable-item:post-?",
        }


def test_a_bearer_token_does_as_well_as_a_password(tmp_path: Path) -> None:
    with serving(HumhubReplay()) as site:
        write_source(tmp_path, site, "membre")
        config = (tmp_path / "rseaudit.toml").read_text("utf-8")
        login = f'login = {{ user = "{MEMBER}", password_file = "secrets/{MEMBER}" }}'
        write_config(tmp_path, config.replace(login, f'account = {{ token_file = "secrets/{MEMBER}" }}'))
        done = crawl(tmp_path)
        assert done.code == 0, done.err
        assert set(exported(tmp_path)["membre"]) == readable(site, MEMBER)


def test_a_wrong_password_ends_with_an_error_and_reads_nothing(tmp_path: Path) -> None:
    with serving(HumhubReplay()) as site:
        write_source(tmp_path, site, "membre")
        (tmp_path / "secrets" / MEMBER).write_text("autre", "utf-8")
        done = crawl(tmp_path)
        assert done.code == 3
        assert exported(tmp_path) == {}
        assert set(site.fetched) == {"/api/v1/space?limit=1&page=1"}
