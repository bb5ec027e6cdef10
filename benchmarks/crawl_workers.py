"""Wall seconds of one crawl of eight hosts by one, two and four workers on PostgreSQL.

    apt-get install postgresql nginx-light; pip install -e ".[postgres]" pytest
    python benchmarks/crawl_workers.py [--pages 300] [--rounds 3] [--workers 1 2 4]

nginx serves the same generated pages (24 KB, 90 links) on 127.0.0.1 to .8; each host is a source of its own.
Every crawl is on an empty database, from its start to the closed run, the start-up of workers included; judging
and reports are left out (random words are no fair work for them).
Rounds are interleaved; the figures are medians, the ratio is the median of the ratios within a round. The
exports of all crawls must be the same.
"""

from __future__ import annotations

import argparse
import hashlib
import resource
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(Path(__file__).parent / "crawl_speed")]

from nginx import served  # noqa: E402
from pages import write_site  # noqa: E402

from tests.command_line import environment, rseaudit, write_config  # noqa: E402
from tests.postgres_server import new_database, running  # noqa: E402

HOSTS = 8
AT_ONCE = 2
SOURCE = """
[[source]]
name = "site-{number}"
role = "audited"
platform = "website"
profile = "site"
url = "http://127.0.0.{number}:{port}/"
politeness = {{ autothrottle = false, concurrency = {at_once} }}
"""
PROFILE = """
[profile.site]
start = ["/"]
[profile.site.document]
match = '^/page/(?P<native_id>[0-9]+)[.]html$'
title = "h1"
text = ".body"
author = ".author"
created = "time@datetime"
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def crawl(folder: Path, server: str, workers: int) -> tuple[float, float, str]:
    """Return (wall seconds, CPU seconds of all workers, hash of the export)."""
    address = new_database(server)
    command = [sys.executable, __file__, "--one", address, str(workers)]
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    subprocess.run(command, cwd=folder, env=environment(), check=True)
    wall, after = time.monotonic() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    export = rseaudit("export", "--canonical", "--store", address, cwd=folder).out
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall, cpu, hashlib.sha256(export.encode()).hexdigest()


def crawl_here(address: str, workers: int) -> None:
    """Crawl as the command line does, without what follows."""
    from rseaudit.config.load import load
    from rseaudit.crawl.engine import crawl as run_crawl
    from rseaudit.crawl.workers import Crew
    from rseaudit.store.database import open_store
    from rseaudit.store.locks import job_lock

    settings, store = load(Path("rseaudit.toml")), open_store(address)
    join = [sys.executable, "-m", "rseaudit", "crawl", "--join", "--quiet", "--store", address]
    with job_lock(store, "crawl"):
        now = datetime(2026, 11, 23, tzinfo=UTC)
        report = run_crawl(store, settings, settings.source, now=now, crew=Crew(join, workers - 1))
    if report.run.state != "complete":
        sys.exit(f"{workers} workers: {report}")


def main() -> None:
    if sys.argv[1:2] == ["--one"]:
        crawl_here(sys.argv[2], int(sys.argv[3]))
        return
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=300, help="pages of each host")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2, 4])
    asked = parser.parse_args()
    port = free_port()
    listen = " ".join(f"listen 127.0.0.{number}:{port};" for number in range(1, HOSTS + 1))
    with tempfile.TemporaryDirectory(prefix="rseaudit-workers-") as name, running() as server:
        site, folder = Path(name) / "site", Path(name) / "crawl"
        write_site(site, asked.pages)
        Path(name).chmod(0o755)
        sources = "".join(SOURCE.format(number=n, port=port, at_once=AT_ONCE) for n in range(1, HOSTS + 1))
        write_config(folder, sources + PROFILE)
        rounds: list[dict[int, tuple[float, float, str]]] = []
        with served(site, listen):
            for number in range(asked.rounds):
                order = asked.workers if number % 2 == 0 else asked.workers[::-1]
                rounds.append({workers: crawl(folder, server, workers) for workers in order})
                print(f"  round {number + 1} of {asked.rounds}", file=sys.stderr)
    print(f"{HOSTS} hosts, {asked.pages} pages each, {AT_ONCE} requests at once a host\n")
    print("| workers | wall s | CPU s | times as fast as one |\n|---:|---:|---:|---:|")
    for workers in asked.workers:
        wall = statistics.median(found[workers][0] for found in rounds)
        cpu = statistics.median(found[workers][1] for found in rounds)
        ratio = statistics.median(found[asked.workers[0]][0] / found[workers][0] for found in rounds)
        print(f"| {workers} | {wall:.1f} | {cpu:.1f} | {ratio:.2f} |")
    same = len({found[workers][2] for found in rounds for workers in asked.workers}) == 1
    print("\nexports: " + ("all the same" if same else "THEY DIFFER"))
    sys.exit(not same)


if __name__ == "__main__":
    main()
