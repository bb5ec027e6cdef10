"""The base of spiders that read a platform's API: answers are JSON and list documents."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from rseaudit.crawl.shapes import Shapes
from rseaudit.crawl.spider import SourceSpider


class ApiSpider(SourceSpider):
    """Asks for nothing but the declared ``shapes``; what is no JSON has failed."""

    listings = True

    def shapes(self) -> Iterable[str]:
        """Return patterns of ``path?query`` below the source's path; each must match as a whole."""
        raise NotImplementedError

    def address(self, target: str) -> str:
        """Return the absolute address of a path below that of the source."""
        parts = urlsplit(self.source.url)
        return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}/{target.lstrip('/')}"

    def link_filter(self) -> Shapes:
        return Shapes(self.source.url, self.shapes())

    def reads(self, content_type: str | None) -> bool:
        return True
