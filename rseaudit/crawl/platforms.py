"""Find the spider of a platform by its name; nobody imports a spider by statement."""

from __future__ import annotations

import inspect
from importlib import import_module
from importlib.util import find_spec
from typing import TypeVar

from rseaudit.config.settings import Settings, SourceSettings
from rseaudit.crawl.spider import SourceSpider
from rseaudit.errors import UsageError

T = TypeVar("T")


def spider_class(platform: str) -> type[SourceSpider]:
    """Return the spider that crawls a platform: see ``spider_of``."""
    return spider_of(platform, SourceSpider)


def gives_listings(settings: Settings, source: SourceSettings) -> bool:
    """Tell whether the answers of a source list documents: those of an API, or JSON that its profile describes."""
    profile = settings.profile.get(source.profile) if source.profile else None
    return spider_class(source.platform).listings or (profile is not None and profile.is_json)


def spider_of(platform: str, base: type[T]) -> type[T]:
    """Return the class in ``rseaudit.spiders.<platform>`` that is a ``base``.

    A base says what is done with a place: ``SourceSpider`` crawls it, ``FetchSpider`` asks for one address.
    Raises ``UsageError`` for a platform that has no spider of this kind.
    """
    name = f"rseaudit.spiders.{platform}"
    if not platform.isidentifier() or find_spec(name) is None:
        raise UsageError(
            f"the platform {platform!r} is not built yet",
            expected="website (any site, with a declared profile) or feed",
            remedy='use platform = "website" with a profile: docs/profiles.md',
        )
    module = import_module(name)
    for _, cls in inspect.getmembers(module, inspect.isclass):
        if cls.__module__ == name and issubclass(cls, base):
            return cls
    raise UsageError(
        f'the platform "{platform}" cannot be read this way',
        expected='a "feed" or "page" has role = "watched" and is read by `rseaudit watch`; all others are crawled',
    )
