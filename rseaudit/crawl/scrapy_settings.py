"""Scrapy's settings for one source: safe and polite whatever the configuration says."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from rseaudit import __version__
from rseaudit.config.settings import Settings, SourceSettings

_CLOSED = dict.fromkeys(("file", "ftp", "data", "s3"))


def user_agent(contact: str | None) -> str:
    """Identify the crawler, with someone to write to."""
    return f"rseaudit/{__version__} (+{contact})" if contact else f"rseaudit/{__version__}"


def private_hosts(sources: Iterable[SourceSettings]) -> list[str]:
    """Return the hosts that the configuration names: only they may lead inside the network."""
    hosts: set[str] = set()
    for source in sources:
        tokens = [account.oauth.token_url for account in source.accounts if account.oauth is not None]
        for address in (source.url, source.proxy, *tokens):
            if address and (host := urlsplit(address).hostname):
                hosts.add(host)
        hosts.update(urlsplit(f"//{host}").hostname or host for host in source.allow_hosts)  # without their ports
    return sorted(hosts)


def process_settings(settings: Settings) -> dict[str, object]:
    """Return what holds for the whole process."""
    return {
        "TWISTED_REACTOR": "twisted.internet.asyncioreactor.AsyncioSelectorReactor",
        "DNS_RESOLVER": "rseaudit.crawl.guards.GuardedResolver",
        "DNS_TIMEOUT": 20,
        "RSEAUDIT_PRIVATE_HOSTS": private_hosts(settings.source),
        "LOG_ENABLED": False,
        "LOG_INSTALL_ROOT_HANDLER": False,
        "TELNETCONSOLE_ENABLED": False,
        "REMOTE_CONTROL_ENABLED": False,
    }


def source_settings(source: SourceSettings, settings: Settings) -> dict[str, object]:
    """Return what holds for one source."""
    polite = source.politeness
    return {
        "USER_AGENT": user_agent(settings.user_agent_contact),
        "ROBOTSTXT_OBEY": False,  # Scrapy takes any answer for rules, and no answer for a leave: we do it ourselves
        "RSEAUDIT_OBEY_ROBOTS": source.robots_override is None,
        # How often and how many at once is for the host, not for the spider: see crawl.pace.
        "CONCURRENT_REQUESTS": polite.concurrency * (1 + len(source.allow_hosts)),
        "CONCURRENT_REQUESTS_PER_DOMAIN": polite.concurrency,
        "DOWNLOAD_DELAY": 0,
        "AUTOTHROTTLE_ENABLED": False,
        "DOWNLOAD_TIMEOUT": polite.timeout_s,
        "DOWNLOAD_MAXSIZE": int(polite.max_body_mb * 1024 * 1024),
        "DOWNLOAD_WARNSIZE": 0,
        "DOWNLOAD_VERIFY_CERTIFICATES": True,
        "DOWNLOADER_CLIENTCONTEXTFACTORY": "rseaudit.crawl.tls.SourceTrust",
        "RSEAUDIT_CA_FILE": str(settings.base / source.ca_file) if source.ca_file else None,
        "DOWNLOAD_HANDLERS": _CLOSED,
        # The frontier tries again, drops duplicates and follows redirects: see docs/decisions.md.
        "RETRY_ENABLED": False,
        "RETRY_TIMES": polite.attempts - 1,
        "DUPEFILTER_CLASS": "scrapy.dupefilters.BaseDupeFilter",
        "REFERER_ENABLED": False,
        "COOKIES_ENABLED": False,  # a cookie stays with its origin: see crawl.sessions
        # Scrapy makes that many tasks for each answer, whether it yields items or not; a spider yields none.
        "CONCURRENT_ITEMS": 1,
        "DEFAULT_REQUEST_HEADERS": {
            "Accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.5",
            "Accept-Encoding": "gzip",
            "Accept-Language": ",".join(source.languages) or "fr,en;q=0.7",
        },
        "DOWNLOADER_MIDDLEWARES": {
            "rseaudit.crawl.robots_middleware.RobotsMiddleware": 100,
            "rseaudit.crawl.sessions.middleware.CredentialMiddleware": 997,
            "rseaudit.crawl.lasting.LastingMiddleware": 998,
            "rseaudit.crawl.guards.GuardMiddleware": 999,
            "rseaudit.crawl.politeness.PolitenessMiddleware": 1000,
        },
        "RSEAUDIT_PRIVATE_HOSTS": private_hosts(settings.source),
        "TELNETCONSOLE_ENABLED": False,
        "REMOTE_CONTROL_ENABLED": False,
        "LOGSTATS_INTERVAL": 0,
        "STATS_DUMP": False,
    }
