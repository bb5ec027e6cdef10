"""The main text of a page that no selector describes, as an HTML fragment."""

from __future__ import annotations

from datetime import datetime, tzinfo

from lxml import etree
from lxml.etree import _Element

from rseaudit.crawl.dates import parse
from rseaudit.crawl.page import Page, cut
from rseaudit.text import clean

# trafilatura's time grows faster than the page (2.2 s at 100,000 elements); larger pages are read as a whole.
_TAGS_CAP = 30_000
# A longer body is no text for people; reading it would cost seconds and hundreds of megabytes.
_BODY_TAGS_CAP = 60_000
_BODY_CAP = 2_000_000
_APART = frozenset("nav header footer aside form script style noscript".split())


def main_html(page: Page) -> str | None:
    """Return the main text found by trafilatura, in precision mode and without comments, as HTML.

    Where it finds none, the ``main``, ``article`` or body less navigation; ``None`` when nothing is left.
    """
    if page.text.count("<") <= _TAGS_CAP:
        import trafilatura

        try:
            found = trafilatura.extract(
                page.text,
                url=page.url,
                output_format="html",
                favor_precision=True,
                include_comments=False,
                include_links=True,
                include_tables=True,
                with_metadata=False,
            )
        except Exception:  # a third-party parser on a stranger's page: whatever it meets, the page is read another way
            found = None
        if found:
            return found
    return whole_html(page)


def whole_html(page: Page) -> str | None:
    """Return the one ``main`` or ``article``, else the body, without what stands beside the text."""
    root = next(page.tree.iter("main"), None)
    if root is None:
        articles = list(page.tree.iter("article"))
        root = articles[0] if len(articles) == 1 else next(page.tree.iter("body"), page.tree)
    html = fragment(root)
    if not any(f"<{name}" in html for name in _APART):
        return html or None
    copy = etree.fromstring(html.encode(), etree.HTMLParser(encoding="utf-8", huge_tree=True))
    for element in list(copy.iter(*_APART)):
        _drop(element)
    body = next(copy.iter("body"), copy)
    return fragment(body) or None


def bounded(markup: str) -> str:
    """Return the markup of a text, cut where it is longer than any text for people."""
    return clean(cut(markup[:_BODY_CAP], _BODY_TAGS_CAP))


def fragment(element: _Element) -> str:
    """Return the markup of an element, without what follows it."""
    return etree.tostring(element, encoding="unicode", method="html", with_tail=False)


def guessed_date(page: Page, zone: tzinfo) -> datetime | None:
    """Return the day that htmldate finds in the markup, text left aside; a guess, no evidence."""
    if page.text.count("<") > _TAGS_CAP:
        return None
    from htmldate import find_date

    try:
        found = find_date(
            page.text,
            url=page.url,
            extensive_search=False,
            original_date=True,
            min_date="1990-01-01",
            max_date="2100-01-01",
        )
    except Exception:  # as above
        return None
    return parse(found, zone) if found else None


def _drop(element: _Element) -> None:
    parent = element.getparent()
    if parent is None:
        return
    if element.tail:
        previous = element.getprevious()
        if previous is None:
            parent.text = (parent.text or "") + element.tail
        else:
            previous.tail = (previous.tail or "") + element.tail
    parent.remove(element)
