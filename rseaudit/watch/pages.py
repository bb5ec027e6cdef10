"""Watch a page that has no feed: what was added to it since the last reading is an entry.

Only added sentences count. One that moved, or in which nothing but numbers changed ("lu 1 204
fois"), is not new; neither is one that went away and came back.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rseaudit.ids import short_hash
from rseaudit.richtext import from_tag
from rseaudit.text import clean, sentences, words
from rseaudit.watch.parsed import MAX_SUMMARY, ParsedFeed, RawEntry, plain_title
from rseaudit.watch.reasons import Reason

MAX_SEEN = 3_000
_MIN_WORDS = 4
_MAIN_TEXT = 200  # characters under which the extraction has missed the page
_HTML = re.compile(rb"<[a-zA-Z!]")


def parse(body: bytes, *, url: str) -> ParsedFeed:
    """Return the main text of a page as one raw entry; menus and footers are left out where they can be told."""
    if not _HTML.search(body[:4_096]):
        return ParsedFeed(url=url, problem=Reason("This is not an HTML page."))
    from bs4 import BeautifulSoup
    from trafilatura import extract

    soup = BeautifulSoup(body, "lxml")
    main = extract(body, include_comments=False, include_tables=True, favor_recall=True) or ""
    title = plain_title(soup.title.get_text() if soup.title else "", html=False)
    for frame in soup.find_all(("nav", "header", "footer", "aside")):
        frame.decompose()
    text = main if len(main) >= _MAIN_TEXT else from_tag(soup).text
    lang = str(soup.html.get("lang") or "") if soup.html else ""
    entry = RawEntry(url=url, title=title or url, summary=clean(text))
    return ParsedFeed(url=url, format="page", title=title, lang=lang or None, entries=(entry,))


def added(entry: RawEntry, seen: Sequence[str], *, first: bool) -> tuple[tuple[RawEntry, ...], tuple[str, ...]]:
    """Return the entry of what is new, if anything is, and the sentences seen so far as short hashes.

    At the ``first`` reading everything is known from then on and nothing is new.
    """
    known = set(seen)
    new: dict[str, str] = {}
    for sentence in sentences(entry.summary):
        forms = ["0" if form.isdigit() else form for form in words(sentence.text).forms]
        key = short_hash(*forms)
        if len(forms) >= _MIN_WORDS and key not in known:
            new.setdefault(key, " ".join(sentence.text.split()))
    memory = (*seen, *new)[-MAX_SEEN:]
    if first or not new:
        return (), memory
    text = "\n".join(new.values())[:MAX_SUMMARY]
    return (RawEntry(guid="page:" + short_hash(*sorted(new)), url=entry.url, title=entry.title, summary=text),), memory
