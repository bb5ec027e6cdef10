"""MediaWiki as it is, read by its API: every page that each account may see, nothing else, and every field right."""

from __future__ import annotations

import json
import sqlite3
import urllib.request
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.command_line import Done, rseaudit, write_config
from tests.platforms.mediawiki import BOARD, CONTENT, MAIN, PROJECTS, Mediawiki, User, WikiPage
from tests.platforms.php import Request

NOW = "2026-11-23"
LATER = "2026-11-24"
PLACES = {MAIN: "Wiki Belvaux", PROJECTS: "Projets", BOARD: "Direction"}
Rows = dict[str, dict[str, object]]


def source(name: str, url: str, user: User | None = None, more: str = "") -> str:
    login = f'login = {{ user = "{user.bot}", password_file = "secrets/{name}" }}\n' if user else ""
    return f"""
[[source]]
name = "{name}"
role = "audited"
platform = "mediawiki"
url = "{url}"
politeness = {{ autothrottle = false, concurrency = 4, start_delay_s = 0.01 }}
{login}{more}
"""


def keep_password(folder: Path, name: str, user: User) -> None:
    (folder / "secrets").mkdir(parents=True, exist_ok=True)
    path = folder / "secrets" / name
    path.write_text(user.bot_password, "utf-8")
    path.chmod(0o600)


def crawl(folder: Path, now: str = NOW) -> Done:
    return rseaudit("crawl", "--now", now, "--json", cwd=folder)


def exported(folder: Path, kind: str = "document") -> dict[str, Rows]:
    """Return what the store holds, by source and id (or name)."""
    found: dict[str, Rows] = {}
    for text in rseaudit("export", "--canonical", cwd=folder).out.splitlines():
        line = json.loads(text)
        if line["type"] == kind and not line.get("gone"):
            found.setdefault(line["source"], {})[str(line.get("id") or line.get("name"))] = line
    return found


def ids(pages: list[WikiPage]) -> set[str]:
    return {f"page-{page.id}" for page in pages}


def counted_by_the_wiki(site: Mediawiki, namespace: int) -> int:
    """Count the pages of a namespace as the API lists them, redirects left out."""
    asked = "action=query&list=allpages&apfilterredir=nonredirects&aplimit=500&format=json"
    with urllib.request.urlopen(f"{site.api}?{asked}&apnamespace={namespace}", timeout=60) as answer:
        return len(json.load(answer)["query"]["allpages"])


def texts_asked_for(site: Mediawiki) -> int:
    return len([request for request in site.requests() if "action=parse" in request.path])


@dataclass(frozen=True)
class Crawled:
    """One crawl as a guest, a member and an administrator, a namespace being closed to guests."""

    folder: Path
    done: Done
    documents: dict[str, Rows]
    spaces: dict[str, Rows]
    requests: list[Request]


@pytest.fixture(scope="module")
def crawled(mediawiki: Mediawiki, tmp_path_factory: pytest.TempPathFactory) -> Crawled:
    mediawiki.reset()
    folder = tmp_path_factory.mktemp("mediawiki")
    member, owner = mediawiki.user("member"), mediawiki.user("sysop")
    keep_password(folder, "member", member)
    keep_password(folder, "owner", owner)
    write_config(
        folder,
        source("guest", mediawiki.url)
        + source("member", f"{mediawiki.url}/index.php", member)
        + source("owner", mediawiki.api, owner),
    )
    with mediawiki.switched("lockdown"):
        done = crawl(folder)
    requests = mediawiki.requests()
    mediawiki.reset()
    return Crawled(folder, done, exported(folder), exported(folder, "space"), requests)


def test_each_account_has_all_that_it_may_see_and_nothing_else(crawled: Crawled, mediawiki: Mediawiki) -> None:
    assert crawled.done.code == 0, crawled.done.err
    assert set(crawled.documents["guest"]) == ids(mediawiki.contents(MAIN, PROJECTS))
    assert set(crawled.documents["member"]) == ids(mediawiki.contents(*CONTENT))
    assert set(crawled.documents["owner"]) == set(crawled.documents["member"])
    totals = {namespace: counted_by_the_wiki(mediawiki, namespace) for namespace in CONTENT}
    assert len(crawled.documents["guest"]) == totals[MAIN] + totals[PROJECTS]
    assert len(crawled.documents["member"]) == sum(totals.values())


def test_authors_editors_dates_tags_and_spaces_of_every_page_are_exact(crawled: Crawled, mediawiki: Mediawiki) -> None:
    for page in mediawiki.contents(*CONTENT):
        found = crawled.documents["member"][f"page-{page.id}"]
        assert found["title"] == page.title
        assert (found["author"], found["last_editor"]) == (page.author, page.last_editor)
        assert (found["created"], found["modified"]) == (page.created.isoformat(), page.modified.isoformat())
        assert found["dates"]["api-date"] == page.created.isoformat()  # type: ignore[index]
        assert set(found["tags"]) == set(page.categories)  # type: ignore[call-overload]
        assert found["spaces"] == [PLACES[page.namespace]]
        assert (found["owner"], found["comments"], found["likes"], found["views"]) == (None, None, None, None)


def test_the_protection_of_a_page_is_kept(crawled: Crawled, mediawiki: Mediawiki) -> None:
    with sqlite3.connect(crawled.folder / "rseaudit.db") as connection:
        rows = connection.execute("SELECT id, extra FROM documents WHERE source = 'member'").fetchall()
    protected = {id_: json.loads(extra) for id_, extra in rows if json.loads(extra)}
    (page,) = (page for page in mediawiki.pages if page.protected)
    assert protected == {f"page-{page.id}": {"protection": {"edit": "sysop", "move": "sysop"}}}


def test_the_text_of_every_page_is_what_its_reader_sees(crawled: Crawled, mediawiki: Mediawiki) -> None:
    for page in mediawiki.contents(*CONTENT):
        text = str(crawled.documents["member"][f"page-{page.id}"]["text"])
        for paragraph in page.paragraphs:
            assert paragraph in text.replace("\xa0", " ")
        assert "Catégorie" not in text
        assert "modifier" not in text
    by_title = {str(item["title"]): str(item["text"]) for item in crawled.documents["member"].values()}
    banner, rich = (next(page for page in mediawiki.pages if f"n° {number} " in page.title) for number in (31, 32))
    assert by_title[banner.title].startswith("Relu par l’équipe qualité")
    for seen in ("Horaires", "Lundi 8 h 30", "Mardi 9 h", "Premier point, avec un lien", "[[ceci se lit tel quel]]"):
        assert seen in by_title[rich.title]
    assert "ceci ne se lit pas" not in by_title[rich.title]


def test_pages_lead_to_the_address_that_people_open(crawled: Crawled, mediawiki: Mediawiki) -> None:
    page = next(page for page in mediawiki.pages if "C++" in page.title)
    url = str(crawled.documents["guest"][f"page-{page.id}"]["url"])
    with urllib.request.urlopen(url, timeout=60) as answer:
        assert page.paragraphs[0][:40] in answer.read().decode()


def test_nobody_is_told_that_a_page_is_public_where_an_extension_may_close_it(crawled: Crawled) -> None:
    assert {item["visibility"] for rows in crawled.documents.values() for item in rows.values()} == {"unknown"}
    assert {name for rows in crawled.spaces.values() for name in rows} == set(PLACES.values())
    assert all(item["moderators"] == ["Camille Roux"] for item in crawled.spaces["member"].values())


def test_nothing_is_sent_but_reading_calls_and_the_login(crawled: Crawled) -> None:
    posts = [request for request in crawled.requests if request.method not in ("GET", "HEAD")]
    assert [(post.method, post.path) for post in posts] == [("POST", "/api.php")] * 2
    assert all("action=login" in post.body for post in posts)
    paths = {request.path.partition("?")[0] for request in crawled.requests}
    assert paths == {"/robots.txt", "/api.php"}
    actions = {action for r in crawled.requests for action in ("query", "parse") if f"action={action}&" in r.path}
    assert actions == {"query", "parse"}


def test_a_guest_is_not_asked_for_the_text_of_what_it_may_not_read(crawled: Crawled, mediawiki: Mediawiki) -> None:
    texts = [request for request in crawled.requests if "action=parse" in request.path]
    guest = [request for request in texts if "assert=user" not in request.path]
    assert len(guest) == len(mediawiki.contents(MAIN, PROJECTS))
    assert len(texts) - len(guest) == 2 * len(mediawiki.contents(*CONTENT))


def test_an_open_wiki_is_public_and_an_excluded_space_or_category_is_left_alone(
    mediawiki: Mediawiki, tmp_path: Path
) -> None:
    mediawiki.reset()
    write_config(tmp_path, source("wiki", mediawiki.url, more='exclude_spaces = ["direction", "finances"]'))
    assert crawl(tmp_path).code == 0
    documents = exported(tmp_path)["wiki"]
    wanted = [page for page in mediawiki.contents(MAIN, PROJECTS) if "Finances" not in page.categories]
    assert set(documents) == ids(wanted)
    assert {item["visibility"] for item in documents.values()} == {"public"}
    asked = [request.path for request in mediawiki.requests()]
    assert not [path for path in asked if f"namespace={BOARD}" in path]
    assert len([path for path in asked if "action=parse" in path]) == len(wanted)
    mediawiki.reset()


def test_a_private_wiki_shows_nothing_to_a_guest_and_all_to_a_member(mediawiki: Mediawiki, tmp_path: Path) -> None:
    mediawiki.reset()
    member = mediawiki.user("member")
    keep_password(tmp_path, "member", member)
    write_config(tmp_path, source("guest", mediawiki.url) + source("member", mediawiki.url, member))
    with mediawiki.switched("private"):
        done = crawl(tmp_path)
    assert done.code == 3
    assert "nothing could be read" in done.err
    documents = exported(tmp_path)
    assert set(documents) == {"member"}
    assert set(documents["member"]) == ids(mediawiki.contents(*CONTENT))
    assert {item["visibility"] for item in documents["member"].values()} == {"registered"}
    mediawiki.reset()


def test_a_second_crawl_changes_nothing_but_what_was_edited_deleted_or_made_a_redirect(
    mediawiki: Mediawiki, tmp_path: Path
) -> None:
    mediawiki.reset()
    write_config(tmp_path, source("wiki", mediawiki.url))
    assert crawl(tmp_path).code == 0
    before = rseaudit("export", "--canonical", cwd=tmp_path).out
    mediawiki.reset()
    assert crawl(tmp_path).code == 0
    assert rseaudit("export", "--canonical", cwd=tmp_path).out == before

    edited, deleted, led = mediawiki.contents(MAIN)[3:6]
    mediawiki.run(
        f"""
        $admin = User::newFromName('Camille Roux');
        $services = MediaWiki\\MediaWikiServices::getInstance();
        $page = fn($id) => $services->getWikiPageFactory()->newFromID($id);
        $write = function ($id, $text) use ($page, $admin) {{
            $content = ContentHandler::makeContent($text, $page($id)->getTitle());
            $page($id)->doUserEditContent($content, $admin, 'essai');
        }};
        $write({edited.id}, 'Tout est nouveau ici, depuis ce matin.');
        $write({led.id}, '#REDIRECTION [[Accueil]]');
        $services->getDeletePageFactory()->newDeletePage($page({deleted.id}), $admin)->deleteUnsafe('essai');
        DeferredUpdates::doUpdates();
        """
    )
    assert texts_asked_for(mediawiki) == 0
    done = crawl(tmp_path, LATER)
    assert done.code == 0, done.err
    assert texts_asked_for(mediawiki) == 1
    after = exported(tmp_path)["wiki"]
    assert set(after) == ids(mediawiki.contents(*CONTENT)) - ids([deleted, led])
    assert after[f"page-{edited.id}"]["text"] == "Tout est nouveau ici, depuis ce matin."
    assert after[f"page-{edited.id}"]["author"] == edited.author
    assert after[f"page-{edited.id}"]["last_editor"] == "Camille Roux"
    first = {line["id"]: line for text in before.splitlines() if (line := json.loads(text))["type"] == "document"}
    changed = {id_ for id_, line in after.items() if line["text"] != first[id_]["text"]}
    assert changed == {f"page-{edited.id}"}
    mediawiki.reset()


def test_init_knows_the_wiki_and_its_address_is_enough(mediawiki: Mediawiki, tmp_path: Path) -> None:
    done = rseaudit("init", mediawiki.url, cwd=tmp_path)
    assert done.code == 0, done.err
    text = (tmp_path / "rseaudit.toml").read_text("utf-8")
    assert 'platform = "mediawiki"' in text
    assert "Its API is at" not in text
    mediawiki.reset()


def test_a_wrong_bot_password_ends_the_crawl_and_says_what_to_do(mediawiki: Mediawiki, tmp_path: Path) -> None:
    mediawiki.reset()
    member = mediawiki.user("member")
    keep_password(tmp_path, "member", User(member.name, member.role, "", member.bot, "faux"))
    write_config(tmp_path, source("member", mediawiki.url, member))
    done = crawl(tmp_path)
    assert done.code == 3
    assert "Special:BotPasswords" in done.err
    assert exported(tmp_path) == {}
    assert "faux" not in done.err + done.out
    mediawiki.reset()
