"""Read one answer in JSON by its source's profile: documents, spaces, persons and links. Pure."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from rseaudit import richtext
from rseaudit.config.json_paths import json_path
from rseaudit.config.profile import Profile
from rseaudit.config.settings import SourceSettings
from rseaudit.crawl import dates, values
from rseaudit.crawl.addresses import search, target
from rseaudit.crawl.cursors import followed, next_address
from rseaudit.crawl.declared import absolute
from rseaudit.crawl.extraction import bounded
from rseaudit.crawl.json_fields import JsonFields
from rseaudit.crawl.markdown import heading
from rseaudit.crawl.page import Page
from rseaudit.crawl.page_content import PageContent
from rseaudit.model import Document, Person, Space, TextFormat, Visibility
from rseaudit.text import clean

_MARKUP = re.compile(r"</?[A-Za-z][^<>]*>|&(?:#\d+|#x[0-9A-Fa-f]+|[A-Za-z]+);")
_LANGUAGE = re.compile(r"([A-Za-z]{2,3})(?![A-Za-z])")

Excluded = Callable[[Iterable[str]], bool]


def read_json(page: Page, *, source: SourceSettings, profile: Profile, excluded: Excluded) -> PageContent:
    """Read an answer; documents of excluded spaces are left out.

    What is no document (no text, another address than ``match``) is passed over with a note. Raises
    ``NotReadable`` for what is no JSON.
    """
    rows = elements(page, profile)
    notes: list[str] = [] if rows is not None else ["no-list"]
    reading = _Reading(page, source, profile, notes)
    links: dict[str, None] = {}
    documents: dict[str, Document] = {}
    spaces: list[Space] = []
    persons: dict[str, Person] = {}
    for row in rows or ():
        fields = JsonFields(row, page.data, profile.item)
        if profile.follow is not None and (address := followed(row, profile.follow, page)) is not None:
            links[address] = None
        if reading.is_of_spaces:
            if (space := reading.space(fields)) is not None and not excluded([space.name]):
                spaces.append(space)
        elif (document := reading.document(fields)) is not None and not excluded(document.spaces):
            documents.setdefault(document.id, document)
            persons |= {person.key: person for person in fields.persons}
    if rows and profile.cursor is not None and (address := next_address(page, profile.cursor)) is not None:
        links[address] = None
    return PageContent(
        documents=tuple(documents.values()),
        spaces=tuple(spaces),
        persons=tuple(persons.values()),
        links=tuple(links),
        notes=tuple(dict.fromkeys(notes)),
    )


def elements(page: Page, profile: Profile) -> list[object] | None:
    """Return the elements of the list of an answer, ``None`` where it has none. Raises ``NotReadable``."""
    assert profile.list_path is not None
    return json_path(profile.list_path).lists(page.data, page.data)


class _Reading:
    """One answer being read: collects notes on the way."""

    def __init__(self, page: Page, source: SourceSettings, profile: Profile, notes: list[str]) -> None:
        self._page, self._source, self._profile, self._notes = page, source, profile, notes
        self._paths = profile.document
        self._zone = ZoneInfo(source.timezone)
        self.is_of_spaces = profile.space is not None and self._matches(profile.space.match, page.key, "space.match")

    def document(self, fields: JsonFields) -> Document | None:
        paths = self._paths
        url = absolute(self._page, said) if (said := fields.first(paths.url)) else None
        native = self._native(fields, url)
        if native is None:
            return None
        form, body = self._body(fields.texts(paths.text))
        text = richtext.read(body, form).text
        if not text:
            if self._profile.follow is None:
                self._notes.append("no-text")
            return None
        created = self._date(fields, paths.created)
        return Document(
            source=self._source.name,
            id=native,
            kind="post" if self._profile.item else "page",
            url=url,
            spaces=fields.all(paths.space),
            title=self._title(fields.first(paths.title), form, body),
            text=text,
            body=body,
            format=form,
            author=fields.label(paths.author),
            owner=fields.label(paths.owner),
            last_editor=fields.label(paths.last_editor),
            created=created,
            modified=self._date(fields, paths.modified),
            dates={"api-date": created} if created is not None else {},
            visibility=self._visibility(fields, paths.visibility),
            lang=self._lang(fields.first(paths.lang)),
            tags=values.tags(fields.all(paths.tags)),
            comments=self._comments(fields),
            likes=fields.count(paths.likes),
            views=fields.count(paths.views),
            shared_from=fields.first(paths.shared_from),
            canonical=absolute(self._page, said) if (said := fields.first(paths.canonical)) else None,
            extra={"created_from": "profile"} if created is not None else {},
        )

    def space(self, fields: JsonFields) -> Space | None:
        paths = self._profile.space
        assert paths is not None
        name = fields.first(paths.name)
        if name is None:
            self._notes.append("no-space-name")
            return None
        return Space(
            source=self._source.name,
            name=name,
            visibility=self._visibility(fields, paths.visibility),
            owners=fields.labels(paths.owner),
            moderators=fields.labels(paths.moderators),
            members=fields.labels(paths.members) or None,
        )

    def _native(self, fields: JsonFields, url: str | None) -> str | None:
        """Return the id of a document: declared, else a part of its address, else its address."""
        declared = fields.first(self._paths.id)
        found = None
        if self._paths.match is not None and url is not None:
            try:
                found = search(self._paths.match, target(url))
            except TimeoutError:
                self._notes.append("slow-pattern:document.match")
                return None
            if found is None:
                return None
        native = declared or (found.groupdict().get("native_id") if found else None) or (target(url) if url else None)
        if native is None and self._profile.follow is None:
            self._notes.append("no-id")
        return clean(native) if native else None

    def _body(self, texts: list[str]) -> tuple[TextFormat, str]:
        form = self._profile.format
        if form is None:
            form = "html" if any(_MARKUP.search(text) for text in texts) else "text"
        whole = ("" if form == "html" else "\n\n").join(texts)
        body = bounded(whole)
        if len(body) < len(whole):
            self._notes.append("text-truncated")
        return form, body

    def _title(self, said: str | None, form: TextFormat, body: str) -> str:
        if said is None:
            return heading(body) if form == "markdown" else ""
        return " ".join(html.unescape(said).split()) if form == "html" else said

    def _comments(self, fields: JsonFields) -> int | None:
        if self._paths.comments is not None:
            return fields.count(self._paths.comments)
        return len(fields.items) - 1 if self._profile.item and fields.items else None

    def _date(self, fields: JsonFields, path: str | None) -> datetime | None:
        for value in (found := fields.all(path)):
            if (instant := dates.parse(value, self._zone)) is not None:
                return instant
        if found:
            self._notes.append("date-not-understood")
        return None

    def _visibility(self, fields: JsonFields, path: str | None) -> Visibility:
        label = fields.first(path)
        if label is None:
            return self._source.visibility
        understood = values.visibility(label, self._profile.visibility_map)
        if understood is None:
            self._notes.append("visibility-not-understood")
        return understood or "unknown"

    def _lang(self, said: str | None) -> str | None:
        found = _LANGUAGE.match(said or "")
        return found.group(1).lower() if found else None

    def _matches(self, pattern: str, url: str, key: str) -> bool:
        try:
            return search(pattern, target(url)) is not None
        except TimeoutError:
            self._notes.append(f"slow-pattern:{key}")
            return False
