"""Posts and pages as documents, with the names of their authors, categories and tags."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping

from rseaudit import richtext
from rseaudit.access import closest
from rseaudit.config.settings import SourceSettings
from rseaudit.crawl.json_items import Item, part, text
from rseaudit.crawl.page import Page
from rseaudit.crawl.wordpress import answers, routes
from rseaudit.model import Document, Visibility
from rseaudit.text import clean

_STATUS: Mapping[str, Visibility] = {"publish": "public", "private": "private"}
# Up to WordPress 6.5 the title that is shown of a private content begins with this, in the site's language.
_PRIVATE = re.compile(r"(?:Privée?|Private) ?: ")
_SPACES = "category"


def documents(page: Page, source: SourceSettings, route: str) -> Iterator[Document | str]:
    """Yield the documents of an answer, and a note in the place of each that could not be read.

    How many comments each has stands in ``page.about`` (``comments``, JSON by id), if it is known.
    """
    counts = _counts(page.about.get("comments"))
    for position, item in answers.items(page.data):
        native = answers.id_of(item)
        if item is None or native is None:
            yield f"unreadable-item:{position}"
            continue
        if part(item, "content", "protected") is True:
            yield "password-protected"
            continue
        found = _document(item, source, routes.document_id(route, native), counts.get(native))
        yield found if found is not None else f"unreadable-item:{native}"


def _document(item: Item, source: SourceSettings, id_: str, comments: int | None) -> Document | None:
    status = text(item, "status") or "publish"
    rendered = part(item, "content", "rendered")
    if status not in _STATUS or not isinstance(rendered, str):
        return None
    body = clean(rendered)
    created = answers.instant(item, "date")
    terms = tuple(_terms(item))
    return Document(
        source=source.name,
        id=id_,
        kind=text(item, "type") or "post",
        url=text(item, "link"),
        spaces=tuple(dict.fromkeys(label for taxonomy, label in terms if taxonomy == _SPACES)),
        title=_title(item, status),
        text=richtext.read(body, "html").text,
        body=body,
        format="html",
        author=_author(item),
        created=created,
        modified=answers.instant(item, "modified"),
        dates={"api-date": created} if created is not None else {},
        visibility=closest(source.visibility, _STATUS[status]),
        tags=tuple(dict.fromkeys(label for taxonomy, label in terms if taxonomy != _SPACES)),
        comments=comments,
    )


def _title(item: Item, status: str) -> str:
    raw = answers.name(item, "title", "raw")
    if raw is not None:
        return raw
    shown = answers.name(item, "title", "rendered") or ""
    shown = re.sub(r"<[^>]*>", "", shown)
    return _PRIVATE.sub("", shown, count=1) if status == "private" and _PRIVATE.match(shown) else shown


def _author(item: Item) -> str | None:
    for _, person in answers.items(part(item, "_embedded", "author")):
        if person is not None and (label := answers.name(person, "name")):
            return label
    return None


def _terms(item: Item) -> Iterator[tuple[str, str]]:
    """Yield (taxonomy, name) of everything that a content is filed under."""
    groups = part(item, "_embedded", "wp:term")
    for group in groups if isinstance(groups, list) else []:
        for _, term in answers.items(group):
            label = answers.name(term, "name") if term is not None else None
            if term is not None and label is not None:
                yield text(term, "taxonomy") or "", label


def _counts(known: str | None) -> dict[int, int]:
    return {int(key): value for key, value in json.loads(known).items()} if known else {}
