"""Bad input of every kind: a clear error says where, what and what next; nothing good is lost with the bad."""

from __future__ import annotations

import asyncio
import json
import random
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from rseaudit.crawl.writer import Writer
from rseaudit.store.database import Store, open_store
from tests.command_line import Done, environment, rseaudit, write_config
from tests.site_server import PROFILE, numbered_site, serving

SECRET = "motdepasse-serin-4711"
SOURCE = """
[[source]]
name = "rse"
role = "audited"
platform = "website"
url = "http://127.0.0.1:9"
"""
FAST = 'profile = "site"\npoliteness = { autothrottle = false, concurrency = 8 }\n'


def line(number: int, **more: object) -> str:
    words = f"Le document {number} explique comment ranger le matériel."
    return json.dumps({"source": "intranet", "id": f"n-{number}", "text": words, **more}, ensure_ascii=False)


def assert_refused(done: Done, *said: str) -> None:
    """Check a usage error: exit 2, nothing on standard output, each of these texts in the message."""
    assert (done.code, done.out) == (2, ""), done.err
    for part in said:
        assert part in done.err
    assert "Traceback" not in done.err


# The configuration.


def test_a_configuration_that_is_no_toml_is_refused_with_its_line(tmp_path: Path) -> None:
    write_config(tmp_path, SOURCE + 'profile = "site\n')
    assert_refused(rseaudit("crawl", cwd=tmp_path), "rseaudit.toml:7")
    assert [path.name for path in tmp_path.iterdir()] == ["rseaudit.toml"], "nothing is made before it is understood"


def test_all_mistakes_of_a_configuration_are_told_at_once_and_no_secret_is_repeated(tmp_path: Path) -> None:
    write_config(
        tmp_path,
        SOURCE.replace("website", "humub")
        + f'coleur = "bleu"\npassword = "{SECRET}"\nlogin = {{ user = "audit", password = "{SECRET}" }}\n'
        + 'timezone = "Europe/Pariss"\n',
    )
    done = rseaudit("crawl", "--verbose", cwd=tmp_path)
    assert_refused(done, "rseaudit.toml:5:", "humub", 'did you mean "humhub"', "rseaudit.toml:7:", "coleur")
    assert_refused(done, "rseaudit.toml:8:", "rseaudit.toml:9:", "password_file", "rseaudit.toml:10:")
    assert SECRET not in done.err


def test_what_the_configuration_points_to_must_be_there(tmp_path: Path) -> None:
    write_config(
        tmp_path,
        SOURCE
        + 'profile = "site"\nlogin = { user = "audit", password_file = "secrets/absent" }\n'
        + '[profile.site.login]\nform = "/login"\nproof = "a"\n',
    )
    assert_refused(rseaudit("crawl", cwd=tmp_path), "secrets/absent", "there is no such file", "chmod 600")
    write_config(tmp_path, SOURCE.replace("http:", "https:") + 'ca_file = "pki/absent.pem"\n')
    assert_refused(rseaudit("crawl", cwd=tmp_path), "ca_file", "pki/absent.pem", "No such file")
    (tmp_path / "vide.pem").write_text("ceci n'est pas un certificat")
    write_config(tmp_path, SOURCE.replace("http:", "https:") + 'ca_file = "vide.pem"\n')
    assert_refused(rseaudit("crawl", cwd=tmp_path), "vide.pem", "no certificate in PEM form")


def test_a_source_that_is_not_declared_is_refused_with_those_that_are(tmp_path: Path) -> None:
    write_config(tmp_path, SOURCE)
    assert_refused(rseaudit("crawl", "rze", cwd=tmp_path), "no source to crawl is named rze", "expected: rse")


def test_without_a_configuration_the_next_step_is_told(tmp_path: Path) -> None:
    assert_refused(rseaudit("crawl", cwd=tmp_path), "there is no rseaudit.toml here", "rseaudit init")


# Files of documents.


def test_a_bad_line_is_named_and_its_neighbours_are_kept(tmp_path: Path) -> None:
    good = [line(1), line(2, created="2026-03-04T09:00:00+01:00"), line(3)]
    bad = [
        '{"source": "intranet", "id": ',
        '["une liste"]',
        '{"source": "intranet", "id": "n-9"}',
        line(8, views="dix"),
    ]
    lines = [good[0], bad[0], good[1], bad[1], "", bad[2], bad[3], good[2]]
    (tmp_path / "lot.jsonl").write_bytes("\n".join(lines).encode() + b'\n{"source": "x", "id": "\xff", "text": "t"}\n')
    done = rseaudit("import", "lot.jsonl", "--json", cwd=tmp_path)
    assert done.code == 3
    for number in (2, 4, 6, 7, 9):
        assert f"  lot.jsonl:{number}: " in done.err
    assert json.loads(done.out)["documents"] == 3
    assert len(json.loads(done.out)["problems"]) == 5
    exported = [json.loads(item) for item in rseaudit("export", cwd=tmp_path).out.splitlines()]
    assert [item["id"] for item in exported if item.get("type", "document") == "document"] == ["n-1", "n-2", "n-3"]


def test_a_file_that_is_not_there_or_not_understood_is_refused(tmp_path: Path) -> None:
    assert_refused(rseaudit("import", "absent.jsonl", cwd=tmp_path), "absent.jsonl: there is no such file")
    assert_refused(rseaudit("import", "lot.xlsx", cwd=tmp_path), "lot.xlsx", "--map")


# The store and the output. Permissions are no obstacle to root, so places are used where nobody can write.


def test_a_store_of_a_newer_version_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    open_store(f"sqlite:///{tmp_path / 'rseaudit.db'}").close()
    with closing(sqlite3.connect(tmp_path / "rseaudit.db")) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    before = (tmp_path / "rseaudit.db").read_bytes()
    assert_refused(rseaudit("export", cwd=tmp_path), "the store has schema 9999", "update rseaudit")
    write_config(tmp_path, SOURCE)
    assert_refused(rseaudit("crawl", cwd=tmp_path), "the store has schema 9999", "update rseaudit")
    assert (tmp_path / "rseaudit.db").read_bytes() == before


@pytest.mark.parametrize("damage", ["not a store", "cut"])
def test_a_damaged_store_is_refused_and_left_as_it_is(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "rseaudit.db"
    open_store(f"sqlite:///{path}").close()
    path.write_bytes(b"ceci n'est pas une base" * 400 if damage == "not a store" else path.read_bytes()[:9000])
    before = path.read_bytes()
    assert_refused(rseaudit("export", cwd=tmp_path), "rseaudit.db", "nothing was changed")
    assert path.read_bytes() == before


def test_a_store_that_does_not_exist_is_not_made_by_reading_it(tmp_path: Path) -> None:
    assert_refused(rseaudit("export", cwd=tmp_path), "there is no store here yet", "rseaudit crawl")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "address", ["sqlite:////proc/rseaudit.db", "sqlite:///absent/rseaudit.db", "sqlite:///fichier/rseaudit.db"]
)
def test_a_store_where_nobody_can_write_is_refused_with_the_remedy(tmp_path: Path, address: str) -> None:
    (tmp_path / "fichier").write_text("un fichier, pas un dossier")
    (tmp_path / "lot.jsonl").write_text(line(1) + "\n")
    done = rseaudit("import", "lot.jsonl", "--store", address, cwd=tmp_path)
    assert_refused(done, address.removeprefix("sqlite:///").rpartition("/")[0], "next: ")


def test_an_output_where_nobody_can_write_is_refused_and_the_work_is_kept(tmp_path: Path) -> None:
    (tmp_path / "lot.jsonl").write_text(line(1) + "\n")
    assert rseaudit("import", "lot.jsonl", cwd=tmp_path).code == 0
    (tmp_path / "fichier").write_text("un fichier, pas un dossier")
    assert_refused(rseaudit("duplicates", "--output", "fichier", cwd=tmp_path), "fichier", "--output")
    assert_refused(rseaudit("report", "--output", "/proc/rapports", cwd=tmp_path), "/proc/rapports", "--output")
    assert (tmp_path / "fichier").read_text() == "un fichier, pas un dossier"
    with sqlite3.connect(tmp_path / "rseaudit.db") as connection:
        assert connection.execute("SELECT state FROM runs WHERE job = 'duplicates'").fetchall() == [("complete",)]


FULL = """
import resource, sys
from rseaudit.cli import main

resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))
sys.exit(main(sys.argv[1:]))
"""


def with_little_room(folder: Path, *arguments: str) -> Done:
    """Run a command whose files may not grow over a megabyte: what a full disk does, for any user."""
    command = [sys.executable, "-c", FULL, *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, env=environment(), timeout=300)
    return Done(done.returncode, done.stdout, done.stderr)


@pytest.mark.skipif(sys.platform == "win32", reason="no limit of file size can be set there")
def test_a_full_disk_is_told_as_one_and_not_as_a_bug(tmp_path: Path) -> None:
    open_store(f"sqlite:///{tmp_path / 'rseaudit.db'}").close()
    lines = [line(n, body=noise(400)) for n in range(4_000)]
    (tmp_path / "lot.jsonl").write_text("\n".join(lines) + "\n")
    done = with_little_room(tmp_path, "import", "lot.jsonl")
    assert_refused(done, "rseaudit.db", "make room on the disk")
    assert rseaudit("export", cwd=tmp_path).code == 0, "what was written before is kept"


@pytest.mark.skipif(sys.platform == "win32", reason="no limit of file size can be set there")
def test_a_disk_that_fills_up_during_a_crawl_costs_no_page(tmp_path: Path) -> None:
    open_store(f"sqlite:///{tmp_path / 'rseaudit.db'}").close()
    site = numbered_site(60)
    site.pages |= {f"/note/{n}": str(site.pages[f"/note/{n}"]) + f"<!-- {noise(30_000)} -->" for n in range(1, 61)}
    with serving(site):
        write_config(tmp_path, SOURCE.replace("http://127.0.0.1:9", site.url) + FAST + PROFILE)
        done = with_little_room(tmp_path, "crawl")
        assert done.code in (2, 3), "2 when not even the end of the run can be written down"
        assert "disk I/O error" in done.err
        assert "bug" not in done.err
        assert site.fetched.total() < 61, "the crawl stops when nothing can be kept"
        done = rseaudit("crawl", "--json", cwd=tmp_path)
    assert done.code == 0, done.err
    assert "taken up" in done.err
    assert "rse: 61 done; 60 documents in the store" in done.err


def noise(length: int) -> str:
    """Return letters that no compression makes much shorter."""
    return "".join(random.Random(4711).choices("abcdefghijklmnopqrstuvwxyz", k=length))


# The writer that all spiders share.


def insert(number: int) -> object:
    def work(connection: Connection) -> int:
        connection.execute(text("INSERT INTO properties VALUES (:name, 'x')"), {"name": f"p{number}"})
        return number

    return work


def broken(connection: Connection) -> None:
    connection.execute(text("INSERT INTO properties VALUES ('undone', 'x')"))
    raise ZeroDivisionError


async def _written_together(store: Store) -> tuple[list[object], int]:
    with Writer(store) as writer:
        work = [insert(1), insert(2), broken, insert(3)]
        ends = await asyncio.gather(*(writer.do(piece) for piece in work), return_exceptions=True)
        return list(ends), writer.commits


def test_a_piece_of_work_that_fails_does_not_undo_its_neighbours(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'store.db'}")
    ends, commits = asyncio.run(_written_together(store))
    assert ends[:2] == [1, 2]
    assert isinstance(ends[2], ZeroDivisionError)
    assert ends[3] == 3
    assert commits == 1, "they were committed as one group"
    with store.read() as connection:
        names = connection.execute(text("SELECT name FROM properties WHERE value = 'x' ORDER BY name")).scalars().all()
    store.close()
    assert names == ["p1", "p2", "p3"]


async def _one_gives_up(store: Store) -> object:
    with Writer(store) as writer:
        with store.write():  # the writer has to wait: the second piece is still in its queue
            first = asyncio.ensure_future(writer.do(insert(1)))
            second = asyncio.ensure_future(writer.do(insert(2)))
            await asyncio.sleep(0.05)
            second.cancel()
            await asyncio.sleep(0)
        assert await first == 1
        return await asyncio.wait_for(writer.do(insert(3), urgent=True), 30)


def test_work_that_nobody_waits_for_any_more_does_not_stop_the_writer(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'store.db'}")
    assert asyncio.run(_one_gives_up(store)) == 3
    store.close()
