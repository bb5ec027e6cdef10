"""What an answer means: errors of the API come with status 200 and a word for what is wrong."""

from __future__ import annotations

from rseaudit.crawl.json_items import number, part, rows, words
from rseaudit.crawl.mediawiki.calls import params_of
from rseaudit.crawl.mediawiki.facts import is_readable, is_redirect
from rseaudit.crawl.mediawiki.site import site_of
from rseaudit.crawl.outcomes import Judgement
from rseaudit.crawl.page import NotReadable, Page

_GONE = ("nosuchrevid", "nosuchpageid", "missingtitle")
_DENIED = ("permissiondenied", "readapidenied", "cantread", "assertuserfailed", "assertnameduserfailed", "blocked")


def judge(page: Page, status: int) -> Judgement | None:
    """Judge an answer by the API's own word for it; ``None`` where its status says all."""
    if not 200 <= status < 300:
        return None
    if (code := error_code(page)) is not None:
        if code in _GONE:
            return Judgement("absent", code)
        return Judgement("denied" if code in _DENIED else "failed", f"the API refuses: {code}")
    params = params_of(page.url)
    return _judge_alone(page) if "meta" in params and "pageids" in params else None


def error_code(page: Page) -> str | None:
    """Return the word of the API's error; ``None`` for an answer, and for what is not the API's."""
    try:
        return words(page.data, "error", "code")
    except NotReadable:
        return None


def is_answer(page: Page) -> bool:
    """Tell whether this is an answer to an account: the API gives none of these calls to a guest."""
    try:
        found = part(page.data, "query") or part(page.data, "parse")
    except NotReadable:
        return False
    return "assert" in params_of(page.url) and found is not None


def _judge_alone(page: Page) -> Judgement | None:
    """Judge what is said of one page that no listing has shown."""
    item = next(iter(rows(page.data, "query", "pages")), None)
    if item is None or part(item, "missing") is True:
        return Judgement("absent", "there is no such page")
    if is_redirect(item):
        return Judgement("absent", "it leads to another page now")
    if not is_readable(item):
        return Judgement("denied", "this account may not read the page")
    site = site_of(page.data, "unknown")
    if site is not None and site.namespace(number(item, "ns")) is None:
        return Judgement("absent", "it was moved out of the content")
    return None
