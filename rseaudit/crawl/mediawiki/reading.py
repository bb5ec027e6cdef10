"""What each answer of the API holds, and what to ask for next. Pure."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from rseaudit import richtext
from rseaudit.config.settings import SourceSettings
from rseaudit.crawl.json_items import number, part, rows, text, words
from rseaudit.crawl.mediawiki.calls import PER_CALL, Api, params_of
from rseaudit.crawl.mediawiki.facts import Facts, facts_of, instant, is_readable, is_redirect, signature
from rseaudit.crawl.mediawiki.site import Namespace, Site, site_of
from rseaudit.crawl.page import NotReadable, Page
from rseaudit.crawl.page_content import PageContent
from rseaudit.model import Document, Person, Space, Visibility
from rseaudit.people import person_key
from rseaudit.text import clean

_VISIBILITIES: tuple[Visibility, ...] = ("public", "registered", "space", "private")
_ADMINISTRATORS = "sysop"


@dataclass
class _Asked:
    """Addresses to ask for next, each with what is handed to it."""

    about: dict[str, dict[str, str]] = field(default_factory=dict)

    def ask(self, url: str | None, **about: str) -> None:
        if url is not None:
            self.about[url] = about

    def content(self, *, notes: Iterable[str] = (), present: Iterable[str] = ()) -> PageContent:
        handed = {url: about for url, about in self.about.items() if about}
        return PageContent(
            links=tuple(self.about), about=handed, present=tuple(present), notes=tuple(dict.fromkeys(notes))
        )


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads the answers of one wiki; ``excluded`` tells which spaces are left alone."""

    source: SourceSettings
    api: Api
    excluded: Callable[[Iterable[str]], bool]

    def read(self, page: Page) -> PageContent:
        """Return what an answer holds. Raises ``NotReadable`` for one that is none of the API's."""
        params = params_of(page.url)
        if params.get("action") == "parse":
            return self._text(page)
        if part(page.data, "query") is None:
            raise NotReadable("this is not an answer of a wiki's API: does the address lead to its api.php?")
        if params.get("list") == "allrevisions":
            return self._history(page)
        if params.get("generator") == "allpages":
            return self._pages(page)
        if params.get("list") == "allusers":
            return self._users(page)
        if "rvdir" in params:
            return self._first(page)
        return self._facts(page) if "pageids" in params else self._site(page)

    def _site(self, page: Page) -> PageContent:
        site = site_of(page.data, self.source.visibility)
        if site is None:
            raise NotReadable("the wiki does not say what it is")
        read = [item for item in site.namespaces if not self.excluded([item.name])]
        asked = _Asked()
        for item in read:
            for url in (self.api.history(item.id), self.api.pages(item.id)):
                asked.ask(url, space=item.name, visibility=site.visibility)
        if read:
            asked.ask(self.api.users(), spaces=json.dumps([item.name for item in read], ensure_ascii=False))
        found = asked.content()
        spaces = tuple(Space(source=self.source.name, name=s.name, visibility=site.visibility) for s in read)
        return PageContent(spaces=spaces, links=found.links, about=found.about)

    def _history(self, page: Page) -> PageContent:
        """Find the pages that were begun in this part of the history, and ask for what they are."""
        begun: dict[int, tuple[str | None, str | None]] = {}
        for item in rows(page.data, "query", "allrevisions"):
            id_ = number(item, "pageid")
            for revision in rows(item, "revisions"):
                if id_ and number(revision, "parentid") == 0:
                    begun.setdefault(id_, signature(revision))
        asked = _Asked()
        asked.ask(self._next(page), **page.about)
        ids = sorted(begun)
        for start in range(0, len(ids), PER_CALL):
            self._ask_facts(asked, page, ids[start : start + PER_CALL], begun)
        return asked.content()

    def _pages(self, page: Page) -> PageContent:
        """Name the pages that there are: one whose beginning the history does not show is asked for alone."""
        asked = _Asked()
        asked.ask(self._next(page), **page.about)
        ids = [
            id_ for item in rows(page.data, "query", "pages") if is_readable(item) and (id_ := number(item, "pageid"))
        ]
        return asked.content(present=map(document_id, ids))

    def _facts(self, page: Page) -> PageContent:
        asked, notes = _Asked(), list[str]()
        items = rows(page.data, "query", "pages")
        begun = _begun(page)
        ids = [id_ for item in items if (id_ := number(item, "pageid"))]
        if part(page.data, "batchcomplete") is not True and len(ids) > 1:
            # Too much for one answer: half as much twice, and no page is put together from parts.
            for half in (ids[: len(ids) // 2], ids[len(ids) // 2 :]):
                self._ask_facts(asked, page, half, begun)
            return asked.content()
        site = site_of(page.data, self.source.visibility)
        for position, item in enumerate(items):
            if part(item, "missing") is True or is_redirect(item) or not is_readable(item):
                continue
            place = self._place(item, page, site)
            if place is None:
                continue
            found = facts_of(item, *place)
            if found is None:
                notes.append(f"unreadable-item:{number(item, 'pageid') or position}")
            elif not self.excluded((found.space, *found.tags)):
                self._ask_text(asked, found.begun_by(begun[found.id]) if found.id in begun else found)
        return asked.content(notes=notes)

    def _place(self, item: object, page: Page, site: Site | None) -> tuple[str, Visibility] | None:
        """Return the space of a page and who sees it: handed on, or from the wiki in the same answer."""
        if "space" in page.about:
            said = page.about.get("visibility")
            return page.about["space"], next((value for value in _VISIBILITIES if value == said), "unknown")
        namespace: Namespace | None = site.namespace(number(item, "ns")) if site is not None else None
        return (namespace.name, site.visibility) if namespace is not None and site is not None else None

    def _first(self, page: Page) -> PageContent:
        asked = _Asked()
        item = next(iter(rows(page.data, "query", "pages")), None)
        revision = next(iter(rows(item, "revisions")), None)
        found = Facts.from_json(page.about["page"]).begun_by(signature(revision))
        asked.ask(self.api.text(found.revision, found.touched), page=found.to_json())
        return asked.content()

    def _text(self, page: Page) -> PageContent:
        html = text(page.data, "parse", "text")
        if html is None:
            return PageContent(notes=("no-text",))
        facts = Facts.from_json(page.about["page"])
        document = self._document(facts, clean(html))
        return PageContent(documents=(document,)) if document.text else PageContent(notes=("no-text",))

    def _document(self, facts: Facts, html: str) -> Document:
        created = instant(facts.created)
        return Document(
            source=self.source.name,
            id=document_id(facts.id),
            kind="wiki",
            url=facts.url,
            spaces=(facts.space,),
            title=facts.title,
            text=richtext.read(html, "html").text,
            body=html,
            format="html",
            author=facts.author,
            last_editor=facts.editor,
            created=created,
            modified=instant(facts.modified),
            dates={"api-date": created} if created is not None else {},
            visibility=facts.visibility,
            tags=facts.tags,
            extra={"protection": dict(facts.protection)} if facts.protection else {},
        )

    def _users(self, page: Page) -> PageContent:
        """Name the wiki's administrators as moderators of its spaces, and who is blocked as no longer active."""
        items = [(name, item) for item in rows(page.data, "query", "allusers") if (name := words(item, "name"))]
        named = tuple(sorted(name for name, item in items if _ADMINISTRATORS in rows(item, "groups")))
        spaces = json.loads(page.about.get("spaces", "[]"))
        asked = _Asked()
        asked.ask(self._next(page), **page.about)
        found = asked.content()
        return PageContent(
            spaces=tuple(Space(source=self.source.name, name=s, moderators=named) for s in spaces if named),
            persons=tuple(Person(key=person_key(n), name=n, active=False) for n, item in items if _is_blocked(item)),
            links=found.links,
            about=found.about,
        )

    def _ask_facts(
        self, asked: _Asked, page: Page, ids: list[int], begun: dict[int, tuple[str | None, str | None]]
    ) -> None:
        known = {str(id_): begun[id_] for id_ in ids if id_ in begun}
        about = {name: value for name, value in page.about.items() if name in ("space", "visibility")}
        asked.ask(self.api.facts(ids), **about, begun=json.dumps(known, ensure_ascii=False))

    def _ask_text(self, asked: _Asked, found: Facts) -> None:
        if found.created is None:
            asked.ask(self.api.first(found.id), page=found.to_json())
        else:
            asked.ask(self.api.text(found.revision, found.touched), page=found.to_json())

    def _next(self, page: Page) -> str | None:
        rest = part(page.data, "continue")
        return self.api.next_of(page.url, rest) if isinstance(rest, dict) else None


def document_id(native: int) -> str:
    """Return the id of the document that a page is: its number, which stays when it is moved."""
    return f"page-{native}"


def native_id(document_id: str) -> int | None:
    """Return the number of the page behind an id."""
    kind, _, number_ = document_id.partition("-")
    return int(number_) if kind == "page" and number_.isascii() and number_.isdigit() else None


def _begun(page: Page) -> dict[int, tuple[str | None, str | None]]:
    def entries() -> Iterator[tuple[int, tuple[str | None, str | None]]]:
        for key, (author, time) in json.loads(page.about.get("begun", "{}")).items():
            yield int(key), (author, time)

    return dict(entries())


def _is_blocked(item: object) -> bool:
    """Tell whether an account may do nothing any more, for good."""
    return words(item, "blockexpiry") in ("infinity", "infinite") and part(item, "blockpartial") is not True
