"""What Scrapy received, as the rest of the crawl sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rseaudit.crawl.page import Page

if TYPE_CHECKING:
    from scrapy.http import Response

# What an API pages by.
_PAGED_BY = ("link", "x-wp-total", "x-wp-totalpages")


def page_of(response: Response) -> Page:
    """Return the answer to a leased address."""
    headers = {name: value for name in _PAGED_BY if (value := header(response, name)) is not None}
    return Page(
        url=response.url,
        body=response.body,
        content_type=header(response, "Content-Type"),
        headers=headers,
        about=response.meta["lease"].about,
    )


def header(response: Response, name: str) -> str | None:
    """Return a header's value, the first when it stands more than once."""
    value = response.headers.get(name)
    return value.decode("latin-1") if value else None
