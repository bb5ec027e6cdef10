"""CPU seconds a page of our crawl and of its peers, on the same site in the same run.

    pip install -e ".[benchmark]"; apt-get install nginx-light
    python benchmarks/crawl_speed [--pages 1000 5000] [--rounds 5] [--only NAME …]

nginx serves generated pages on the loopback address. Every contender is a process of its own; its CPU
seconds (user and system, children included) are taken from the kernel. Start-up is left out by the slope
between the two sizes. Rounds are interleaved; the figure is the median of the ratios within a round.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from contenders import CONTENDERS
from nginx import served
from pages import write_site


def measure(name: str, url: str, pages: int) -> tuple[float, float, int]:
    """Return (CPU seconds, wall seconds, peak memory in KiB) of one crawl; ends when pages are missing."""
    with tempfile.TemporaryDirectory(prefix="rseaudit-speed-") as folder:
        before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
        script = str(Path(__file__).parent / "contenders.py")
        path = f"{Path(sys.executable).parent}:{os.environ.get('PATH', '')}"  # advertools starts `scrapy` by its name
        done = subprocess.run(
            [sys.executable, script, name, url, folder],
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "PATH": path},
        )
        wall, after = time.monotonic() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode != 0 or int(done.stdout.split()[-1]) != pages:
        sys.exit(f"{name}: expected {pages} pages, had {done.stdout.strip()!r}\n{done.stderr[-2000:]}")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return cpu, wall, after.ru_maxrss


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", nargs=2, type=int, default=[1000, 5000])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", nargs="*", default=list(CONTENDERS), choices=list(CONTENDERS))
    options = parser.parse_args()
    small, large = options.pages
    costs: dict[str, list[float]] = {name: [] for name in options.only}
    with tempfile.TemporaryDirectory(prefix="rseaudit-site-") as name:
        Path(name).chmod(0o755)
        for pages in options.pages:
            write_site(Path(name) / str(pages), pages)
        sample = (Path(name) / str(small) / "page" / "7.html").stat().st_size
        print(f"pages of about {sample / 1000:.1f} kB", flush=True)
        with served(Path(name) / str(small)) as few, served(Path(name) / str(large)) as many:
            for turn in range(options.rounds):
                for contender in options.only:
                    low, _, _ = measure(contender, few, small)
                    high, wall, _ = measure(contender, many, large)
                    cost = (high - low) / (large - small)
                    costs[contender].append(cost)
                    print(f"{turn + 1} {contender:24} {1000 * cost:7.3f} CPU ms a page; {wall:6.1f} s wall", flush=True)
    for contender in options.only:
        ratios = [other / own for other, own in zip(costs[contender], costs[options.only[0]], strict=True)]
        line = {
            "contender": contender,
            "cpu_ms_per_page": round(1000 * statistics.median(costs[contender]), 3),
            f"times_{options.only[0]}": round(statistics.median(ratios), 2),
            "range": [round(min(ratios), 2), round(max(ratios), 2)],
        }
        print(json.dumps(line, ensure_ascii=False))


main()
