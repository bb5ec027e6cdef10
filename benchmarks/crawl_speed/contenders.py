"""One crawl in one process: ``python contenders.py NAME URL FOLDER``; prints the number of pages read.

All with 16 requests at a time, no delay, no AutoThrottle, robots ignored or allowed by the site.
"""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urldefrag, urljoin

AT_A_TIME = 16
NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
CONFIG = """
[[source]]
name = "site"
role = "audited"
platform = "website"
profile = "site"
url = "{url}"
politeness = {{ concurrency = {at_a_time}, autothrottle = false, start_delay_s = 0 }}
[profile.site]
allow = ['^/(page/\\d+\\.html)?$']
[profile.site.document]
match = '^/page/(?P<native_id>\\d+)\\.html$'
title = "h1"
text = ".body"
author = ".author"
created = "time@datetime"
space = ".breadcrumb a:last-child"
"""


def rseaudit(url: str, folder: Path) -> int:
    from rseaudit.config.load import load
    from rseaudit.crawl.engine import crawl
    from rseaudit.store.database import open_store

    path = folder / "rseaudit.toml"
    path.write_text(CONFIG.format(url=url, at_a_time=AT_A_TIME), "utf-8")
    settings = load(path)
    store = open_store(settings.store_url)
    report = crawl(store, settings, settings.source, now=NOW)
    assert report.run.state == "complete", report
    return report.documents["site"]


def scrapy_links(url: str, folder: Path) -> int:
    import scrapy
    from scrapy.crawler import CrawlerProcess
    from scrapy.linkextractors import LinkExtractor

    count = 0

    class Site(scrapy.Spider):
        name = "site"
        start_urls = (url,)
        extractor = LinkExtractor(allow=r"/page/\d+\.html$")

        def parse(self, response: scrapy.http.Response) -> object:
            nonlocal count
            count += 1
            yield {"url": response.url, "title": response.css("h1::text").get()}
            for link in self.extractor.extract_links(response):
                yield scrapy.Request(link.url, self.parse)

    process = CrawlerProcess(
        {
            "LOG_ENABLED": False,
            "CONCURRENT_REQUESTS": AT_A_TIME,
            "CONCURRENT_REQUESTS_PER_DOMAIN": AT_A_TIME,
            "DOWNLOAD_DELAY": 0,
            "TELNETCONSOLE_ENABLED": False,
            "REMOTE_CONTROL_ENABLED": False,
        }
    )
    process.crawl(Site)
    process.start()
    return count - 1  # the home page repeats page 0


def advertools(url: str, folder: Path) -> int:
    import advertools as adv

    output = folder / "crawl.jl"
    settings = {
        "LOG_ENABLED": False,
        "CONCURRENT_REQUESTS": AT_A_TIME,
        "CONCURRENT_REQUESTS_PER_DOMAIN": AT_A_TIME,
        "DOWNLOAD_DELAY": 0,
        "AUTOTHROTTLE_ENABLED": False,
        "ROBOTSTXT_OBEY": False,
        "TELNETCONSOLE_ENABLED": False,
        "REMOTE_CONTROL_ENABLED": False,
    }
    domains = ["127.0.0.1"]  # its own guess keeps the port, and then refuses the site
    adv.crawl(url, str(output), follow_links=True, allowed_domains=domains, custom_settings=settings)
    return len(output.read_text("utf-8").splitlines()) - 1


def aiohttp_lxml(url: str, folder: Path) -> int:
    import aiohttp
    import lxml.html

    seen = {url}
    count = 0

    async def run() -> None:
        nonlocal count
        queue: asyncio.Queue[str] = asyncio.Queue()
        queue.put_nowait(url)

        async def work(session: aiohttp.ClientSession) -> None:
            nonlocal count
            while True:
                at = await queue.get()
                async with session.get(at) as response:
                    body = await response.read()
                count += 1
                for href in lxml.html.fromstring(body).xpath("//a/@href"):
                    link = urldefrag(urljoin(at, href)).url
                    if link not in seen:
                        seen.add(link)
                        queue.put_nowait(link)
                queue.task_done()

        async with aiohttp.ClientSession() as session:
            workers = [asyncio.create_task(work(session)) for _ in range(AT_A_TIME)]
            await queue.join()
            for worker in workers:
                worker.cancel()

    asyncio.run(run())
    return count - 1


CONTENDERS = {
    "rseaudit": rseaudit,
    "scrapy + LinkExtractor": scrapy_links,
    "advertools": advertools,
    "aiohttp + lxml": aiohttp_lxml,
}

if __name__ == "__main__":
    print(CONTENDERS[sys.argv[1]](sys.argv[2], Path(sys.argv[3])))
