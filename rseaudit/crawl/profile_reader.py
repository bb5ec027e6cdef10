"""Read one page by its source's profile: documents, spaces, persons and links. Pure."""

from __future__ import annotations

import re
from datetime import datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from rseaudit import richtext
from rseaudit.config.settings import Profile, SourceSettings
from rseaudit.crawl import dates, values
from rseaudit.crawl.addresses import origin, search, target
from rseaudit.crawl.declared import Declared, absolute, canonical, declared, title
from rseaudit.crawl.extraction import bounded, fragment, guessed_date, main_html
from rseaudit.crawl.fields import Fields
from rseaudit.crawl.identity import Identity, NotADocument, continues, identify
from rseaudit.crawl.links import page_links
from rseaudit.crawl.page import Page
from rseaudit.crawl.page_content import PageContent
from rseaudit.crawl.profile_check import FieldReport, explain
from rseaudit.model import Document, Space, Visibility
from rseaudit.text import clean

__all__ = ["FieldReport", "PageContent", "explain", "read"]

# What a page nobody described must hold to be more than a menu.
_ENOUGH_WORDS = 25
_LANGUAGE = re.compile(r"([A-Za-z]{2,3})(?![A-Za-z])")
_ADDRESS = re.compile(r"https?:|/|\?|\.\.?/", re.IGNORECASE)


def read(page: Page, *, source: SourceSettings, profile: Profile | None) -> PageContent:
    """Read a page; without profile, every page with enough main text is a document.

    ``text`` is always ``richtext.read(body, "html").text``. Only dates that the profile points to are
    evidence (``dates["api-date"]``); what was found otherwise is in ``created``, and
    ``extra["created_from"]`` says how. Raises ``UsageError`` for a selector or pattern that is none.
    """
    if not page.is_html:
        return PageContent(notes=(f"not-html:{(page.content_type or '').partition(';')[0].strip().lower()}",))
    return _Reading(page, source, profile or Profile()).result()


class _Reading:
    """One page being read: collects notes and persons on the way."""

    def __init__(self, page: Page, source: SourceSettings, profile: Profile) -> None:
        self._page, self._source, self._profile = page, source, profile
        self._css = profile.document
        self._zone = ZoneInfo(source.timezone)
        self._notes: list[str] = []
        self._fields = Fields(page.tree, profile.item)

    def result(self) -> PageContent:
        found_links = page_links(self._page)
        self._links = found_links.urls
        if found_links.truncated:
            self._notes.append("links-truncated")
        said = self._canonical()
        spaces = self._spaces()
        only_space = bool(spaces) and self._css.match is None
        found = NotADocument() if only_space else identify(self._page, self._css.match, said)
        document = None
        if isinstance(found, Identity):
            if said and found.url != said and origin(said) == origin(found.url):
                self._notes.append("canonical-ignored")
                said = None
            document = self._document(found, said)
        elif found.note:
            self._notes.append(found.note)
        return PageContent(
            documents=() if document is None else (document,),
            spaces=spaces,
            persons=self._fields.persons,
            links=self._links,
            canonical=said,
            notes=self._page.notes + tuple(dict.fromkeys(self._notes)),
        )

    def _canonical(self) -> str | None:
        if (css := self._css.canonical) is not None:
            value = self._fields.first(css)
            return absolute(self._page, value) if value else None
        return canonical(self._page)

    def _document(self, identity: Identity, said: str | None) -> Document | None:
        body = self._body()
        text = richtext.read(body, "html").text if body else ""
        if not text:
            if self._css.match is not None:
                self._notes.append("no-text")
            return None
        if self._css.match is None and self._css.text is None and len(text.split()) < _ENOUGH_WORDS:
            return None
        css, fields = self._css, self._fields
        created, created_from = self._created()
        declared_date = created_from == "profile" and created is not None
        return Document(
            source=self._source.name,
            id=clean(identity.id),
            kind="post" if fields.items else "page",
            url=identity.url,
            spaces=fields.all(css.space),
            title=self._title(),
            text=text,
            body=body,
            format="html",
            author=fields.label(css.author) if css.author else self._declared.author,
            owner=fields.label(css.owner),
            last_editor=fields.label(css.last_editor),
            created=created,
            modified=self._modified(),
            dates={"api-date": created} if declared_date and created is not None else {},
            visibility=self._visibility(css.visibility),
            lang=self._lang(),
            tags=values.tags(fields.all(css.tags)),
            comments=self._comments(),
            likes=values.count(fields.first(css.likes)),
            views=values.count(fields.first(css.views)),
            shared_from=self._shared_from(),
            canonical=said,
            extra={"created_from": created_from} if created_from else {},
        )

    @cached_property
    def _declared(self) -> Declared:
        return declared(self._page)

    def _body(self) -> str | None:
        if self._css.text is None:
            html = main_html(self._page)
        else:
            html = "".join(fragment(element) for element in self._fields.bodies(self._css.text)) or None
        if html is None:
            return None
        body = bounded(html)
        if len(body) < len(html):
            self._notes.append("text-truncated")
        return body

    def _title(self) -> str:
        return self._fields.first(self._css.title) or title(self._page.tree) or ""

    def _created(self) -> tuple[datetime | None, str | None]:
        if self._css.created is not None:
            created = self._date(self._css.created)
            return created, "profile" if created else None
        if self._declared.created and (created := dates.parse(self._declared.created, self._zone)):
            return created, self._declared.created_by
        if self._css.text is None and (created := guessed_date(self._page, self._zone)):
            return created, "guess"
        return None, None

    def _modified(self) -> datetime | None:
        if self._css.modified is not None:
            return self._date(self._css.modified)
        return dates.parse(self._declared.modified, self._zone) if self._declared.modified else None

    def _date(self, css: str) -> datetime | None:
        for value in (found := self._fields.all(css)):
            if (instant := dates.parse(value, self._zone)) is not None:
                return instant
        if found:
            self._notes.append("date-not-understood")
        return None

    def _visibility(self, css: str | None) -> Visibility:
        label = self._fields.first(css)
        if label is None:
            return self._source.visibility
        understood = values.visibility(label, self._profile.visibility_map)
        if understood is None:
            # Something is said that we do not understand: showing nothing is safer than the default.
            self._notes.append("visibility-not-understood")
            return "unknown"
        return understood

    def _lang(self) -> str | None:
        # Only where the profile says that it is true: templates often leave lang="en" on French pages.
        found = _LANGUAGE.match(self._fields.first(self._css.lang) or "")
        return found.group(1).lower() if found else None

    def _comments(self) -> int | None:
        if self._css.comments is not None:
            return values.count(self._fields.first(self._css.comments))
        if not self._fields.items or continues(self._page, self._links):
            return None
        return len(self._fields.items) - 1

    def _shared_from(self) -> str | None:
        value = self._fields.first(self._css.shared_from)
        if value is None or not _ADDRESS.match(value) or (address := absolute(self._page, value)) is None:
            return value
        try:
            found = search(self._css.match, target(address)) if self._css.match else None
        except TimeoutError:
            found = None
        native = found.groupdict().get("native_id") if found else None
        return native or (target(address) if origin(address) == origin(self._page.key) else address)

    def _spaces(self) -> tuple[Space, ...]:
        css = self._profile.space
        if css is None:
            return ()
        try:
            claimed = search(css.match, target(self._page.key)) is not None
        except TimeoutError:
            self._notes.append("slow-pattern:space.match")
            return ()
        if not claimed:
            return ()
        name = self._fields.first(css.name)
        if name is None:
            self._notes.append("no-space-name")
            return ()
        return (
            Space(
                source=self._source.name,
                name=name,
                visibility=self._visibility(css.visibility),
                owners=self._fields.labels(css.owner),
                moderators=self._fields.labels(css.moderators),
                members=self._fields.labels(css.members) or None,
                url=self._page.key,
            ),
        )
