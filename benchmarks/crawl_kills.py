"""Kill crawls at random points, and compare what is kept in the end with a crawl that nothing disturbed.

    apt-get install postgresql; pip install -e ".[postgres]" pytest
    python benchmarks/crawl_kills.py [--sqlite 50] [--workers 10] [--pages 400] [--seed 1]

On SQLite one crawl is killed (-9) that many times in all, ten times a run, and taken up by the same command each
time. On PostgreSQL a crawl of four hosts is joined by a second worker; one of the two is killed, the one that
joined or the one that began, and another takes its place. After each run ``export --canonical`` must be, byte
for byte, that of the undisturbed crawl.
"""

from __future__ import annotations

import argparse
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from tests.command_line import rseaudit, start, write_config  # noqa: E402
from tests.postgres_server import new_database, running  # noqa: E402
from tests.site_server import PROFILE, Site, numbered_site, serving  # noqa: E402

NOW = ("--now", "2026-11-23")
AT_ONCE = 8
HOSTS = 4
KILLS_A_RUN = 10


@dataclass
class Figures:
    """What all kills of one kind came to."""

    kills: int = 0
    runs: int = 0
    lost_runs: int = 0
    again: int = 0
    most_again: int = 0
    most_attempts: int = 0
    wrongly_finished: int = 0

    def line(self, name: str) -> str:
        return (
            f"{name}: {self.kills} kills in {self.runs} runs; exports that differ: {self.lost_runs}; "
            f"ended complete with addresses left: {self.wrongly_finished}; fetched again per kill: "
            f"{self.again / max(1, self.kills):.1f} on average (most in a run: {self.most_again}); "
            f"most fetches of one address: {self.most_attempts}"
        )


@contextmanager
def sites(count: int, pages: int) -> Iterator[list[Site]]:
    with ExitStack() as stack:
        yield [
            stack.enter_context(serving(numbered_site(pages, wait_s=0.005), host=f"127.0.0.{n + 1}"))
            for n in range(count)
        ]


def configure(folder: Path, found: list[Site]) -> None:
    sources = "".join(
        f'[[source]]\nname = "notes-{number}"\nrole = "audited"\nplatform = "website"\nprofile = "site"\n'
        f'url = "{site.url}"\npoliteness = {{ autothrottle = false, concurrency = {AT_ONCE} }}\n'
        for number, site in enumerate(found)
    )
    write_config(folder, f"{sources}[crawl]\nlease_s = 2\n{PROFILE}")


def undisturbed(folder: Path, found: list[Site]) -> str:
    configure(folder, found)
    done = rseaudit("crawl", *NOW, "--json", cwd=folder)
    if done.code != 0:
        sys.exit(f"the undisturbed crawl ended with {done.code}:\n{done.err}")
    for site in found:
        site.requests.clear()
    return rseaudit("export", "--canonical", cwd=folder).out


def wait_until(reached: Callable[[], bool], seconds: float = 120.0) -> None:
    deadline = time.monotonic() + seconds
    while not reached() and time.monotonic() < deadline:
        time.sleep(0.005)


def kill(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()


def count(figures: Figures, found: list[Site], kills: int, wanted: str, had: str, left: int, state: str) -> None:
    """Add one run to the figures."""
    fetched = [times for site in found for times in site.fetched.values()]
    again = sum(fetched) - len(fetched)
    figures.runs += 1
    figures.kills += kills
    figures.lost_runs += had != wanted
    figures.again += again
    figures.most_again = max(figures.most_again, again)
    figures.most_attempts = max(figures.most_attempts, *fetched)
    figures.wrongly_finished += state == "complete" and left > 0
    for site in found:
        site.requests.clear()


def on_sqlite(kills: int, pages: int, chance: random.Random) -> Figures:
    figures = Figures()
    with tempfile.TemporaryDirectory(prefix="rseaudit-kills-") as name, sites(1, pages) as found:
        wanted = undisturbed(Path(name) / "whole", found)
        while figures.kills < kills:
            folder = Path(name) / f"run-{figures.runs}"
            configure(folder, found)
            reached, killed = 0, 0
            for _ in range(min(KILLS_A_RUN, kills - figures.kills)):
                crawl = start("crawl", *NOW, "--json", cwd=folder)
                reached += chance.randint(1, pages // KILLS_A_RUN - 1)
                wait_until(lambda c=crawl, r=reached, f=folder: c.poll() is not None or settled(f) >= r)  # type: ignore[misc]
                time.sleep(chance.random() * 0.05)
                if crawl.poll() is None:
                    killed += 1
                kill(crawl)
            done = rseaudit("crawl", *NOW, "--json", cwd=folder)
            with sqlite3.connect(folder / "rseaudit.db") as connection:
                state = connection.execute("SELECT state FROM runs WHERE job = 'crawl'").fetchone()[0]
                query = "SELECT count(*) FROM urls WHERE state IN ('pending', 'leased')"
                left = connection.execute(query).fetchone()[0]
            had = rseaudit("export", "--canonical", cwd=folder).out if done.code == 0 else f"exit {done.code}"
            count(figures, found, killed, wanted, had, left, state)
            print(f"  sqlite: {figures.kills} kills", file=sys.stderr)
    return figures


def settled(folder: Path) -> int:
    try:
        with sqlite3.connect(f"file:{folder / 'rseaudit.db'}?mode=ro", uri=True) as connection:
            query = "SELECT count(*) FROM urls WHERE state NOT IN ('pending', 'leased')"
            return int(connection.execute(query).fetchone()[0])
    except sqlite3.Error:
        return 0


def on_postgres(kills: int, pages: int, chance: random.Random) -> Figures:
    import psycopg

    figures = Figures()
    with (
        tempfile.TemporaryDirectory(prefix="rseaudit-kills-") as name,
        running() as server,
        sites(HOSTS, pages) as found,
    ):
        wanted = undisturbed(Path(name) / "whole", found)
        while figures.kills < kills:
            folder = Path(name) / f"run-{figures.runs}"
            configure(folder, found)
            address = new_database(server)
            store = ("--store", address)
            for site in found:
                site.wait_s = 1.0  # slow enough for the second worker to be there in time
            crawl = start("crawl", *store, *NOW, "--json", cwd=folder)
            with psycopg.connect(address, autocommit=True) as connection:

                def ask(query: str, connection: psycopg.Connection = connection) -> int:
                    try:
                        return int(connection.execute(query).fetchone()[0])  # type: ignore[arg-type, index]
                    except psycopg.errors.UndefinedTable:
                        return 0

                def holders(ask: Callable[[str], int] = ask) -> int:
                    return ask("SELECT count(DISTINCT worker) FROM hosts")

                def ended(ask: Callable[[str], int] = ask) -> int:
                    return ask("SELECT count(*) FROM urls WHERE state NOT IN ('pending', 'leased')")

                wait_until(lambda e=ended: e() > 0)  # type: ignore[misc]
                joined = start("crawl", "--join", *store, cwd=folder)
                wait_until(lambda h=holders, c=crawl: h() == 2 or c.poll() is not None)  # type: ignore[misc]
                reached = ended() + chance.randint(1, 30)
                wait_until(lambda e=ended, r=reached, c=crawl: e() >= r or c.poll() is not None)  # type: ignore[misc]
                both = holders() == 2 and crawl.poll() is None and joined.poll() is None
                for site in found:
                    site.wait_s = 0.0
                if not both:  # on a slow machine the crawl may have ended first: that run says nothing
                    kill(crawl)
                    kill(joined)
                    for site in found:
                        site.requests.clear()
                    continue
                if figures.runs % 2:
                    kill(crawl)
                    joined.wait()
                    done = rseaudit("crawl", *store, *NOW, "--json", cwd=folder).code
                else:
                    kill(joined)
                    done = crawl.wait()
                left = ask("SELECT count(*) FROM urls WHERE state IN ('pending', 'leased')")
                [(state,)] = connection.execute("SELECT state FROM runs WHERE job = 'crawl'").fetchall()
            had = rseaudit("export", "--canonical", *store, cwd=folder).out if done == 0 else f"exit {done}"
            count(figures, found, 1, wanted, had, left, state)
            if had != wanted:
                (Path(tempfile.gettempdir()) / "kills-wanted.jsonl").write_text(wanted, "utf-8")
                (Path(tempfile.gettempdir()) / "kills-had.jsonl").write_text(had, "utf-8")
            print(f"  workers: {figures.kills} kills", file=sys.stderr)
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sqlite", type=int, default=50, metavar="KILLS")
    parser.add_argument("--workers", type=int, default=10, metavar="KILLS")
    parser.add_argument("--pages", type=int, default=400)
    parser.add_argument("--seed", type=int, default=20261123)
    asked = parser.parse_args()
    chance = random.Random(asked.seed)
    found = []
    if asked.sqlite:
        found.append(("SQLite", on_sqlite(asked.sqlite, asked.pages, chance)))
    if asked.workers:
        found.append(("PostgreSQL, one of two workers", on_postgres(asked.workers, asked.pages // 4, chance)))
    for name, figures in found:
        print(figures.line(name))
    sys.exit(any(figures.lost_runs or figures.wrongly_finished for _, figures in found))


if __name__ == "__main__":
    main()
