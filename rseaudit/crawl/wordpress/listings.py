"""The steps from the root of an API to its contents: each answer says what to ask for next.

Root → categories → types → ids of one type and status → how many comments these have → contents.
Ids come first so that neither excluded nor protected contents are ever asked for, and so that one
content that breaks its answer costs no other: what was named and not had is asked for alone.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from rseaudit.config.settings import SourceSettings
from rseaudit.crawl.json_items import number, part, text
from rseaudit.crawl.page import Page
from rseaudit.crawl.wordpress import answers, routes
from rseaudit.crawl.wordpress.routes import PER_PAGE, Call
from rseaudit.model import Person, Space
from rseaudit.people import person_key

Asked = tuple[Call, dict[str, str]]  # what to ask for, and what is known about it already
Excluded = Callable[[Iterable[str]], bool]

# Types that every site has and that hold pictures, menus, styles and building blocks.
_NO_CONTENT = frozenset(("attachment", "nav_menu_item"))


# Answers about comments that are gone through one after the other before their contents are halved.
_WALKED = 10


def later_pages(page: Page, call: Call, count: int) -> Iterator[Call]:
    """Yield the pages of a listing after the first, all at once where the answer says how many there are."""
    current = int(call.params.get("page", "1"))
    last = answers.pages(page)
    if last is None:
        last = current + 1 if count >= PER_PAGE else current
    elif current > 1:
        return
    for later in range(current + 1, last + 1):
        yield call.with_params(page=str(later))


def first_page(route: str, params: dict[str, str], **more: str) -> Call:
    """Return the call of the first page of a listing."""
    return Call(route, {**params, **more, "page": "1"})


def from_root(*, known: bool) -> Iterator[Asked]:
    """Begin with the categories: those that are excluded are left out of all that follows.

    ``known`` says that an account asks: only one may see mail addresses.
    """
    yield first_page("wp/v2/categories", routes.CATEGORY), {}
    if known:
        yield first_page("wp/v2/users", routes.AUTHORS), {}


def spaces(page: Page, source: SourceSettings) -> Iterator[tuple[int, int, Space]]:
    """Yield (id, parent, space) of each category; its visibility is that of the site."""
    for _, item in answers.items(page.data):
        if item is None or (id_ := answers.id_of(item)) is None or (label := answers.name(item, "name")) is None:
            continue
        space = Space(
            source=source.name,
            name=label,
            visibility=source.visibility if source.visibility != "unknown" else "public",
            url=text(item, "link"),
        )
        yield id_, number(item, "parent") or 0, space


def from_categories(page: Page, call: Call, rows: list[tuple[int, int, Space]], excluded: Excluded) -> Iterator[Asked]:
    """Go through all categories one answer after the other, then to the types.

    What lies below an excluded category is excluded: a post there need not stand in the upper one.
    """
    parents = {int(key): value for key, value in json.loads(page.about.get("parents", "{}")).items()}
    left = {int(id_) for id_ in page.about.get("excluded", "").split(",") if id_}
    parents.update((id_, parent) for id_, parent, _ in rows)
    left.update(id_ for id_, _, space in rows if excluded([space.name]))
    last = answers.pages(page)
    current = int(call.params["page"])
    more = current < last if last is not None else len(rows) >= PER_PAGE
    if more:
        about = {"parents": json.dumps(parents), "excluded": _joined(left)}
        yield call.with_params(page=str(current + 1)), about
    else:
        yield Call("wp/v2/types"), {"excluded": _joined(_below(left, parents))}


def _below(left: set[int], parents: dict[int, int]) -> set[int]:
    found = set(left)
    while new := {id_ for id_, parent in parents.items() if parent in found and id_ not in found}:
        found |= new
    return found


def from_types(page: Page, *, known: bool) -> Iterator[Asked]:
    """Ask for the ids of every type of content; an account asks for the private ones as well."""
    types = page.data
    for slug, item in sorted(types.items()) if isinstance(types, dict) else []:
        base = text(item, "rest_base") if isinstance(item, dict) else None
        if base is None or slug in _NO_CONTENT or slug.startswith("wp_"):
            continue
        route = f"{text(item, 'rest_namespace') or 'wp/v2'}/{base}"
        if not routes.is_kind(route):
            continue
        filed = part(item, "taxonomies")
        narrowed = {}
        if page.about.get("excluded") and isinstance(filed, list) and "category" in filed:
            narrowed["categories_exclude"] = page.about["excluded"]
        for status in ("publish", "private") if known else ("publish",):
            yield first_page(route, routes.LISTED, status=status, **narrowed), {}


def ids(page: Page) -> list[int]:
    """Return the ids of a listing, those of contents behind a password left out."""
    found = (item for _, item in answers.items(page.data) if item is not None)
    open_ = (item for item in found if part(item, "content", "protected") is not True)
    return [id_ for item in open_ if (id_ := answers.id_of(item)) is not None]


def comments_of(route: str, status: str, wanted: list[int]) -> Iterator[Asked]:
    """Ask how many comments some contents of one route have."""
    if wanted:
        yield first_page("wp/v2/comments", routes.COMMENTED, post=_joined(wanted)), {"route": route, "status": status}


def from_comments(page: Page, call: Call) -> Iterator[Asked]:
    """Go through the comments of some contents, then on to these with how many each has.

    Where there are too many to go through, half of the contents is asked about at a time; of one alone
    the total is told. A site that answers nothing about comments leaves them unknown.
    """
    wanted = [int(id_) for id_ in call.params["post"].split(",")]
    route, status = page.about["route"], page.about["status"]
    if not isinstance(page.data, list):
        yield _contents(route, status, wanted, None)
        return
    whole, last, current = answers.total(page), answers.pages(page), int(call.params["page"])
    if len(wanted) == 1 and whole is not None:
        yield _contents(route, status, wanted, {wanted[0]: whole})
        return
    seen = Counter(number(item, "post") for _, item in answers.items(page.data) if item is not None)
    known = json.loads(page.about.get("comments", "{}"))
    counts = {id_: known.get(str(id_), 0) + seen[id_] for id_ in wanted}
    if current < last if last is not None else len(page.data) >= PER_PAGE:
        if (last or current + 1) <= _WALKED:
            yield call.with_params(page=str(current + 1)), {**page.about, "comments": json.dumps(counts)}
        elif len(wanted) == 1:
            yield _contents(route, status, wanted, None)
        else:
            middle = len(wanted) // 2
            for half in (wanted[:middle], wanted[middle:]):
                yield from comments_of(route, status, half)
        return
    yield _contents(route, status, wanted, counts)


def _contents(route: str, status: str, wanted: list[int], counts: dict[int, int] | None) -> Asked:
    about = {"route": route} | ({"comments": json.dumps(counts)} if counts is not None else {})
    edited = routes.EDITED if status == "private" else {}
    return Call(route, {**routes.CONTENT, **edited, "include": _joined(wanted), "status": status}), about


def persons(page: Page) -> Iterator[Person]:
    """Yield the authors whose mail address the account may see: it is what joins them over platforms."""
    for _, item in answers.items(page.data):
        label = answers.name(item, "name") if item is not None else None
        mail = text(item, "email") if item is not None else None
        if label is not None and mail is not None:
            yield Person(key=person_key(mail), name=label, mail=mail)


def _joined(values: Iterable[int]) -> str:
    return ",".join(str(value) for value in sorted(values))
