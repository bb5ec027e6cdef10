"""BuddyPress: groups as spaces, what is posted there as documents, roles from the groups' members."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping

from rseaudit import richtext
from rseaudit.access import closest
from rseaudit.config.settings import SourceSettings
from rseaudit.crawl.json_items import Item, number, part, text
from rseaudit.crawl.page import Page
from rseaudit.crawl.wordpress import answers, routes
from rseaudit.crawl.wordpress.listings import Asked, Excluded, first_page
from rseaudit.crawl.wordpress.routes import Call
from rseaudit.model import Document, Space, Visibility
from rseaudit.text import clean

_STATUS: Mapping[str, Visibility] = {"public": "public", "private": "space", "hidden": "space"}
_ANCHOR = re.compile(r'<a\b[^>]*\bhref="(?P<href>[^"]*)"[^>]*>(?P<label>.*?)</a>', re.DOTALL)
_TAGS = re.compile(r"<[^>]*>")


def from_root(namespace: str, *, known: bool) -> Iterator[Asked]:
    """Ask for the groups, an account for its own as well: hidden ones stand in no other list.

    Then for what is posted on no group's page but on that of the whole site.
    """
    per_page = {"per_page": str(routes.PER_PAGE)}
    if known:
        yield first_page(f"{namespace}/groups", per_page, show_hidden="true"), {}
        yield Call(f"{namespace}/groups/me"), {}
    else:
        yield first_page(f"{namespace}/groups", per_page), {}
    yield first_page(f"{namespace}/activity", routes.UPDATES, component="activity"), {}


def groups(page: Page, source: SourceSettings, excluded: Excluded) -> Iterator[tuple[int, Space]]:
    """Yield (id, space) of the groups that may be read."""
    for _, item in answers.items(page.data):
        id_ = answers.id_of(item)
        label = answers.name(item, "name") if item is not None else None
        if item is None or id_ is None or label is None or excluded([label]):
            continue
        status = _STATUS.get(text(item, "status") or "", "unknown")
        visibility = closest(source.visibility, status)
        yield id_, Space(source=source.name, name=label, visibility=visibility, url=text(item, "link"))


def from_group(namespace: str, id_: int, space: Space) -> Iterator[Asked]:
    """Ask for the members of a group and for what is posted there."""
    about = {"space": space.name, "visibility": space.visibility}
    yield first_page(f"{namespace}/groups/{id_}/members", routes.MEMBERS), about
    yield first_page(f"{namespace}/activity", routes.UPDATES, group_id=str(id_)), about


def roles(page: Page, source: SourceSettings) -> Space | None:
    """Return the space of ``page.about`` with its administrators as owners, its moderators and members."""
    label = page.about.get("space")
    people = [item for _, item in answers.items(page.data) if item is not None and not _is_out(item)]
    if label is None:
        return None

    def named(role: str | None) -> tuple[str, ...]:
        chosen = (item for item in people if role is None or item.get(role) is True)
        return tuple(sorted({name for item in chosen if (name := answers.name(item, "name"))}))

    return Space(
        source=source.name, name=label, owners=named("is_admin"), moderators=named("is_mod"), members=named(None)
    )


def _is_out(item: Item) -> bool:
    return item.get("is_banned") is True or item.get("is_confirmed") is False


def documents(page: Page, source: SourceSettings) -> Iterator[Document | str]:
    """Yield what was posted, and a note in the place of each item that could not be read."""
    for position, item in answers.items(page.data):
        native = answers.id_of(item)
        if item is None or native is None:
            yield f"unreadable-item:{position}"
        elif item.get("type") == "activity_update" and item.get("status") != "spam":
            yield _document(item, source, native, page.about) or f"unreadable-item:{native}"


def _document(item: Item, source: SourceSettings, native: int, about: Mapping[str, str]) -> Document | None:
    rendered = part(item, "content", "rendered")
    if not isinstance(rendered, str):
        return None
    group, visibility = _place(item, about)
    body = clean(rendered)
    created = answers.instant(item, "date")
    return Document(
        source=source.name,
        id=f"activity-{native}",
        kind="post",
        url=text(item, "link"),
        spaces=(group,) if group is not None else (),
        text=richtext.read(body, "html").text,
        body=body,
        format="html",
        author=_author(item),
        created=created,
        dates={"api-date": created} if created is not None else {},
        visibility=closest(source.visibility, visibility),
        comments=_replies(item),
    )


def _place(item: Item, about: Mapping[str, str]) -> tuple[str | None, Visibility]:
    """Return the group of a post and who sees it: known from the group's listing, else from the post."""
    if item.get("component") != "groups":
        return None, "public"
    if "space" in about:
        return about["space"], _visibility(about.get("visibility"))
    for _, group in answers.items(part(item, "_embedded", "group")):
        if group is not None and (label := answers.name(group, "name")):
            return label, _STATUS.get(text(group, "status") or "", "unknown")
    anchors = _ANCHOR.findall(text(item, "title") or "")
    return (_label(anchors[-1][1]) if len(anchors) > 1 else None), "unknown"


def _visibility(said: str | None) -> Visibility:
    return next((value for value in ("public", "registered", "space", "private") if value == said), "unknown")


def _author(item: Item) -> str | None:
    """Return the member's name, else who is named first in "X posted an update in the group Y"."""
    for _, person in answers.items(part(item, "_embedded", "user")):
        if person is not None and (name := answers.name(person, "name")):
            return name
    if (found := _ANCHOR.search(text(item, "title") or "")) is None:
        return None
    return _label(found["label"])


def _label(markup: str) -> str | None:
    return " ".join(html.unescape(_TAGS.sub("", markup)).split()) or None


def _replies(item: Item) -> int | None:
    """Count replies on all levels; an answer without the list has none, for a list was asked for.

    ``comment_count`` is only that of the first level.
    """
    waiting = [item]
    count = -1
    while waiting:
        count += 1
        listed = waiting.pop().get("comments")
        waiting += [reply for _, reply in answers.items(listed) if reply is not None] if listed else []
    if not count:
        counted = number(item, "comment_count")
        return counted if counted is not None else 0
    return count
