"""What an answer of the API holds and what to ask for next, by the route that was called."""

from __future__ import annotations

from collections.abc import Iterable

from rseaudit.config.settings import SourceSettings
from rseaudit.crawl.page import Page
from rseaudit.crawl.page_content import PageContent
from rseaudit.crawl.wordpress import answers, community, contents, listings, routes
from rseaudit.crawl.wordpress.listings import Asked, Excluded
from rseaudit.crawl.wordpress.routes import Call, Routes
from rseaudit.model import Document, Person, Space


class Reader:
    """Reads the answers of one site. ``known`` says that an account asks, not a guest."""

    def __init__(self, source: SourceSettings, site: Routes, excluded: Excluded, *, known: bool) -> None:
        self._source = source
        self._site = site
        self._excluded = excluded
        self._known = known

    def read(self, page: Page) -> PageContent:
        """Read one answer. Raises ``NotReadable`` for what is no answer of an API."""
        call, plain = self._site.call(page.url)
        if call.route == "":
            return self._root(page, plain)
        if routes.is_community(call.route):
            return self._community(page, call, plain)
        if call.route == "wp/v2/categories":
            rows = list(listings.spaces(page, self._source))
            asked = listings.from_categories(page, call, rows, self._excluded)
            kept = tuple(space for _, _, space in rows if not self._excluded([space.name]))
            return self._found(asked, plain, spaces=kept)
        if call.route == "wp/v2/types":
            return self._found(listings.from_types(page, known=self._known), plain)
        if call.route == "wp/v2/users":
            later: list[Asked] = [(next_, {}) for next_ in listings.later_pages(page, call, _length(page))]
            return self._found(later, plain, persons=tuple(listings.persons(page)))
        if call.route == "wp/v2/comments":
            return self._found(listings.from_comments(page, call), plain)
        if call.params.get("orderby") == "id":
            return self._ids(page, call, plain)
        return self._contents(page, call, plain)

    def _root(self, page: Page, plain: bool) -> PageContent:
        if not plain and not answers.is_root(page):
            return self._found([(Call("", routes.PROBE), {})], plain=True)
        namespaces = answers.namespaces(page)
        asked = list(listings.from_root(known=self._known))
        if (namespace := routes.community(namespaces)) is not None:
            asked += community.from_root(namespace, known=self._known)
        return self._found(asked, plain)

    def _ids(self, page: Page, call: Call, plain: bool) -> PageContent:
        wanted = listings.ids(page)
        asked: list[Asked] = [(later, {}) for later in listings.later_pages(page, call, _length(page))]
        asked += listings.comments_of(call.route, call.params["status"], wanted)
        return self._found(asked, plain, present=tuple(routes.document_id(call.route, id_) for id_ in wanted))

    def _contents(self, page: Page, call: Call, plain: bool) -> PageContent:
        if "context" in call.params and answers.code(page) is not None:
            return self._found([(call.without("context"), dict(page.about))], plain)
        return self._documents(contents.documents(page, self._source, call.collection))

    def _community(self, page: Page, call: Call, plain: bool) -> PageContent:
        if call.route.endswith("/members"):
            later = [(next_, dict(page.about)) for next_ in listings.later_pages(page, call, _length(page))]
            space = community.roles(page, self._source)
            return self._found(later, plain, spaces=(space,) if space is not None else ())
        asked: list[Asked] = []
        if "/groups" in call.route:
            if "page" in call.params:
                asked = [(next_, {}) for next_ in listings.later_pages(page, call, _length(page))]
            found = list(community.groups(page, self._source, self._excluded))
            for id_, space in found:
                asked += community.from_group(call.namespace, id_, space)
            return self._found(asked, plain, spaces=tuple(space for _, space in found))
        if "page" in call.params:
            asked = [(next_, dict(page.about)) for next_ in listings.later_pages(page, call, _length(page))]
        return self._documents(community.documents(page, self._source), self._found(asked, plain))

    def _documents(self, found: Iterable[Document | str], beside: PageContent | None = None) -> PageContent:
        rows = list(found)
        kept = [item for item in rows if isinstance(item, Document) and not self._excluded(item.spaces)]
        notes = [item for item in rows if isinstance(item, str)]
        notes += ["no-text" for item in kept if not item.text]
        return PageContent(
            documents=tuple(item for item in kept if item.text),
            links=beside.links if beside else (),
            about=beside.about if beside else {},
            notes=tuple(dict.fromkeys(notes)),
        )

    def _found(
        self,
        asked: Iterable[Asked],
        plain: bool,
        *,
        spaces: tuple[Space, ...] = (),
        persons: tuple[Person, ...] = (),
        present: tuple[str, ...] = (),
    ) -> PageContent:
        links = {self._site.address(call, plain=plain): about for call, about in asked}
        told = {url: about for url, about in links.items() if about}
        return PageContent(spaces=spaces, persons=persons, present=present, links=tuple(links), about=told)


def _length(page: Page) -> int:
    return len(page.data) if isinstance(page.data, list) else 0
