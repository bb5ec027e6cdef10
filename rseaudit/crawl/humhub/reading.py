"""What an answer of HumHub's API holds and what to ask for next, by the address that gave it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from urllib.parse import urlsplit

from rseaudit.config.settings import SourceSettings
from rseaudit.crawl.humhub import contents, people
from rseaudit.crawl.humhub.routes import Call, address, call_of
from rseaudit.crawl.json_items import number, part, words
from rseaudit.crawl.page import NotReadable, Page
from rseaudit.crawl.page_content import PageContent
from rseaudit.model import Document, Person, Space

# Pages of one listing that its first page leads to; any further ones come one by one.
_AHEAD = 1_000

Excluded = Callable[[Iterable[str]], bool]


def read(page: Page, source: SourceSettings, excluded: Excluded) -> PageContent:
    """Read one answer. Raises ``NotReadable`` for what is no answer of this API."""
    call = call_of(source.url, page.url)
    if call is None:
        raise NotReadable("this is no address of HumHub's API")
    if call.kind == "content":
        return _alone(page)
    items = _results(page)
    later = {address(source.url, next_): page.about for next_ in _later(page, call)}
    if call.kind == "spaces":
        return _spaces(items, source, excluded, later)
    if call.kind == "users":
        return _people(items, later)
    if call.kind == "members":
        name = page.about.get("space")
        team = (people.team(items, name, source),) if name else ()
        return PageContent(spaces=team, links=tuple(later), about=_facts(later))
    found = [contents.document(item, call.kind, source, page.about) for item in items]
    return PageContent(
        documents=tuple(item for item in found if isinstance(item, Document)),
        links=tuple(later),
        about=_facts(later),
        notes=_distinct(item for item in found if isinstance(item, str)),
    )


def is_answer(page: Page) -> bool:
    """Tell whether an answer is one that this API gives to accounts only."""
    try:
        return isinstance(part(page.data, "results"), list) or isinstance(part(page.data, "metadata"), Mapping)
    except NotReadable:
        return False


def space_in(page: Page) -> str | None:
    """Return the words of the space's name in a content's own address (``/s/comite-de-direction/…``)."""
    try:
        path = urlsplit(words(page.data, "metadata", "url") or "").path
    except (NotReadable, ValueError):
        return None
    _, found, rest = path.rpartition("/s/")
    return rest.partition("/")[0].replace("-", " ") if found else None


def _results(page: Page) -> list[object]:
    found = part(page.data, "results")
    if not isinstance(found, list):
        raise NotReadable("the answer is no listing of HumHub's API")
    return found


def _later(page: Page, call: Call) -> Iterator[Call]:
    """Yield the pages to ask for: the first one leads to all, so that none is far from the start."""
    pages = number(page.data, "pages") or 0
    last = min(pages, _AHEAD) if call.page == 1 else min(pages, call.page + 1)
    for page_number in range(call.page + 1, last + 1):
        yield Call(call.kind, call.id, page_number)


def _spaces(
    items: list[object], source: SourceSettings, excluded: Excluded, later: Mapping[str, Mapping[str, str]]
) -> PageContent:
    links = dict(later)
    spaces: list[Space] = []
    notes: list[str] = []
    for position, item in enumerate(items):
        space = people.space(item, source)
        id_, container = number(item, "id"), number(item, "contentcontainer_id")
        if space is None or id_ is None or container is None:
            notes.append(f"unreadable-item:space-{id_ if id_ is not None else position}")
            continue
        if excluded([space.name]):
            continue
        spaces.append(space)
        about = {"space": space.name, "visibility": space.visibility}
        for call in (Call("members", id_), Call("post", container), Call("wiki", container)):
            links[address(source.url, call)] = about
    links.setdefault(address(source.url, Call("users")), {})
    return PageContent(spaces=tuple(spaces), links=tuple(links), about=_facts(links), notes=_distinct(notes))


def _people(items: list[object], later: Mapping[str, Mapping[str, str]]) -> PageContent:
    found: list[Person | None] = [people.person(item) for item in items]
    notes = (f"unreadable-item:user-{position}" for position, item in enumerate(found) if item is None)
    return PageContent(
        persons=tuple(item for item in found if item is not None),
        links=tuple(later),
        about=_facts(later),
        notes=_distinct(notes),
    )


def _alone(page: Page) -> PageContent:
    """Tell that a content is still there; its text stays what its listing said."""
    native = number(page.data, "id")
    if native is None or not isinstance(part(page.data, "metadata"), Mapping):
        raise NotReadable("the answer is no content of HumHub's API")
    return PageContent(present=(str(native),) if contents.is_published(page.data) else ())


def _facts(links: Mapping[str, Mapping[str, str]]) -> dict[str, Mapping[str, str]]:
    return {url: about for url, about in links.items() if about}


def _distinct(notes: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(notes))
