"""How fast kept pages are read again, and how much memory 100,000 known addresses take.

python benchmarks/crawl_speed/scale.py reextract [--pages 2000]
python benchmarks/crawl_speed/scale.py memory [--addresses 100000]
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from contenders import AT_A_TIME, CONFIG, NOW
from nginx import served
from pages import write_site

from rseaudit.config.load import load
from rseaudit.config.settings import Settings
from rseaudit.crawl.engine import crawl
from rseaudit.crawl.reextract import reextract
from rseaudit.store.database import open_store

A_LIST = 1_000
# One small page, whatever its number; the lists are files.
_ANY_PAGE = """
location /page/ {{ default_type text/html; return 200 "<html><h1>Page</h1><p class='body'>{text}</p></html>"; }}
"""


def _settings(folder: Path, url: str, allow: str = "") -> Settings:
    path = folder / "rseaudit.toml"
    text = CONFIG.format(url=url, at_a_time=AT_A_TIME)
    path.write_text(text.replace("allow = [", f"allow = [{allow}"), "utf-8")
    return load(path)


def read_again(folder: Path, pages: int) -> None:
    site = folder / "site"
    write_site(site, pages)
    with served(site) as url:
        settings = _settings(folder, url)
        store = open_store(settings.store_url)
        crawl(store, settings, settings.source, now=NOW)
    began = time.process_time()
    read, failed = reextract(store, settings, settings.source[0], now=NOW)
    spent = time.process_time() - began
    assert not failed
    print(f"{read} kept pages read again in {spent:.1f} CPU seconds: {read / spent:.0f} pages a second and core")


def know_many(folder: Path, addresses: int) -> None:
    site = folder / "site"
    (site / "list").mkdir(parents=True)
    lists = range(addresses // A_LIST)
    for at in lists:
        links = "".join(f'<a href="/page/{at * A_LIST + n}.html">{n}</a>' for n in range(A_LIST))
        (site / "list" / f"{at}.html").write_text(f"<html><body>{links}</body></html>", "utf-8")
    index = "".join(f'<a href="/list/{at}.html">{at}</a>' for at in lists)
    (site / "index.html").write_text(f"<html><body>{index}</body></html>", "utf-8")
    text = "Une page courte que tout le monde peut lire. " * 4
    with served(site, _ANY_PAGE.format(text=text)) as url:
        settings = _settings(folder, url, allow="'^/list/', ")
        store = open_store(settings.store_url)
        began = time.monotonic()
        report = crawl(store, settings, settings.source, now=NOW)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    counts = report.sources[0].counts
    print(f"{sum(counts.values())} known addresses ({counts}), {time.monotonic() - began:.0f} s: peak {peak:.0f} MiB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("question", choices=("reextract", "memory"))
    parser.add_argument("--pages", type=int, default=2_000)
    parser.add_argument("--addresses", type=int, default=100_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="rseaudit-scale-") as name:
        Path(name).chmod(0o755)
        if options.question == "reextract":
            read_again(Path(name), options.pages)
        else:
            know_many(Path(name), options.addresses)


main()
