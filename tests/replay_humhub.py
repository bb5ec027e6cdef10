"""A whole HumHub, filled up around the objects that a real one (1.17, REST 0.10) was recorded with.

8 spaces, 153 posts, 15 wiki pages and 15 users, as the recorded totals say. Recorded objects keep their places
in the listings; the rest is made in their shapes. Answers that nobody recorded (400 on the members of a space
of which one is no administrator, 403 on users) follow the source of the REST module.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.replay_server import DATA, GUEST, Replay, json_answer, page_of
from tests.site_server import Answer

Item = dict[str, Any]

RECORDING = DATA / "humhub-rest.json"
HOME = "https://rse.example.com"
ADMIN, MEMBER, OUTSIDER = "admin", "b.nguyen", "i.kone"
PASSWORDS = {ADMIN: "mot de passe admin", MEMBER: "canari-b-nguyen", OUTSIDER: "canari-i-kone"}
PRIVATE_SPACE = 8
# Of which spaces the accounts are members; HumHub's own administrator sees all.
_SPACES_OF = {MEMBER: {1, 2, 3, 4, 5, 6, 7}, OUTSIDER: {1, 2}}
_POSTS = {1: 25, 2: 18, 3: 20, 4: 22, 5: 20, 6: 20, 7: 20, 8: 8}
_WIKI = {1: 2, 2: 3, 3: 2, 4: 2, 5: 2, 6: 2, 7: 2, 8: 0}
# A listing is in order of creation, the newest first: so many posts of all are newer than the recorded ones.
_RECENT, _OLD, _FIRST = (datetime(*day, 9, tzinfo=UTC) for day in ((2025, 3, 1), (2022, 12, 1), (2018, 5, 1)))
_NEWER_POSTS = 87
_POST, _PAGE = r"humhub\modules\post\models\Post", r"humhub\modules\wiki\models\WikiPage"
_KINDS = {"post": _POST, "wiki": _PAGE}
_ROUTE = re.compile(r"/api/v1/(?P<route>.*)")


class HumhubReplay(Replay):
    """Serves the platform; ``posts``, ``wiki``, ``spaces`` and ``users`` may be changed between two crawls."""

    def __init__(self) -> None:
        super().__init__(RECORDING, accounts=PASSWORDS, home=HOME)
        self.users = _users(self)
        self.spaces = _spaces(self)
        self.posts = _contents(self, "post", _POSTS)
        self.wiki = _contents(self, "wiki", _WIKI)

    def visible(self, account: str, items: Iterable[Item]) -> list[Item]:
        """Return the posts or wiki pages that an account may read: "readable" in the words of HumHub."""
        return [item for item in items if item["content"]["metadata"]["state"] == 1 and self._reads(account, item)]

    def made(self, account: str, path: str, params: Mapping[str, str]) -> Answer | None:
        if account == GUEST:
            return self.refused()
        route = found["route"] if (found := _ROUTE.fullmatch(path)) else ""
        match route.split("/"):
            case ["space"]:
                return self._listed(path, params, [item for item in self.spaces if self._sees(account, item["id"])])
            case ["space", number]:
                return self._space(account, int(number))
            case ["space", number, "membership"]:
                return self._members(account, path, params, int(number))
            case ["post" | "wiki" as kind]:
                return self._listed(path, params, self.visible(account, self._newest(kind)))
            case ["post" | "wiki" as kind, "container", container]:
                rows = [item for item in self._newest(kind) if _container(item) == int(container)]
                return self._listed(path, params, self.visible(account, rows))
            case ["post" | "wiki" as kind, number]:
                found_item = next((item for item in self._newest(kind) if item["id"] == int(number)), None)
                return self._one(account, found_item, found_item)
            case ["content", "find-by-container", container]:
                rows = [item for item in self._newest("post", "wiki") if _container(item) == int(container)]
                return self._listed(path, params, [item["content"] for item in rows])
            case ["content", number]:
                found_item = next((i for i in self._newest("post", "wiki") if i["content"]["id"] == int(number)), None)
                return self._one(account, found_item, found_item and found_item["content"])
            case ["user"]:
                return self._listed(path, params, self.users) if account == ADMIN else _forbidden()
            case ["user", number]:
                return json_answer(self.users[int(number) - 1]) if account == ADMIN else _forbidden()
        return None

    def refused(self) -> Answer:
        return next(item for item in self.recorded() if item.account == GUEST).answer()

    def unknown(self, path: str) -> Answer:
        found = next(item for item in self.recorded() if item.path == "/api/v1/nothing")
        body: Any = copy.deepcopy(found.body)
        body["previous"]["message"] = f'Unable to resolve the request "{path.lstrip("/")}".'
        return json_answer(body, status=404, headers=found.headers)

    def _newest(self, *kinds: str) -> list[Item]:
        items = [item for kind in kinds for item in (self.posts if kind == "post" else self.wiki)]
        return sorted(items, key=lambda item: str(item["content"]["metadata"]["created_at"]), reverse=True)

    def _sees(self, account: str, space: int) -> bool:
        found = next((item for item in self.spaces if item["id"] == space), None)
        return found is not None and (found["visibility"] > 0 or self._belongs(account, space))

    def _belongs(self, account: str, space: int) -> bool:
        return account == ADMIN or space in _SPACES_OF[account]

    def _reads(self, account: str, item: Item) -> bool:
        space = next(row["id"] for row in self.spaces if row["contentcontainer_id"] == _container(item))
        if item["content"]["metadata"]["visibility"] == 1 and self._sees(account, space):
            return True
        return self._belongs(account, space)

    def _space(self, account: str, number: int) -> Answer:
        found = next((item for item in self.spaces if item["id"] == number), None)
        if found is None:
            return json_answer({"code": 404, "message": "Space not found!"}, status=404)
        if not self._belongs(account, number):
            return json_answer({"code": 403, "message": "You don't have an access to this space!"}, status=403)
        return json_answer(found)

    def _members(self, account: str, path: str, params: Mapping[str, str], number: int) -> Answer:
        if account != ADMIN:
            return json_answer({"code": 400, "message": "You cannot administer this space!"}, status=400)
        owner = next(item["owner"] for item in self.spaces if item["id"] == number)
        return self._listed(path, params, list(_memberships(self, number, owner)))

    def _one(self, account: str, item: Item | None, body: object) -> Answer:
        if item is None:
            return json_answer({"code": 404, "message": "Content not found!"}, status=404)
        if item not in self.visible(account, [item]):
            return json_answer({"code": 403, "message": "You cannot view this content!"}, status=403)
        return json_answer(body)

    def _listed(self, path: str, params: Mapping[str, str], items: list[Item]) -> Answer:
        """Page as HumHub does: by ``limit`` and ``page``; what its links call ``per-page`` changes nothing."""
        size, page = min(int(params.get("limit", "100")), 100), int(params.get("page", "1"))
        results, pages = page_of(items, page, size)
        given = f"limit={params['limit']}&" if "limit" in params else ""
        targets = {"self": page, "first": 1, "last": max(pages, 1)}
        targets |= ({"prev": page - 1} if page > 1 else {}) | ({"next": page + 1} if page < pages else {})
        links = {name: f"{path}?{given}page={number}&per-page={size}" for name, number in targets.items()}
        return json_answer(
            {"total": len(items), "page": page, "pages": pages, "links": links, "results": results},
            headers={"Cache-Control": "no-store, no-cache, must-revalidate"},
        )


def _forbidden() -> Answer:
    message = "You are not allowed to perform this action."
    return json_answer({"name": "Forbidden", "message": message, "code": 0, "status": 403}, status=403)


def _container(item: Item) -> int:
    return int(item["content"]["metadata"]["contentcontainer_id"])


def _users(recording: Replay) -> list[Item]:
    short = {item["id"]: item for item in recording.objects() if set(item) == {"id", "guid", "display_name", "url"}}
    whole: dict[int, Any] = {item["id"]: item for item in recording.objects() if "account" in item}
    made: list[Item] = []
    for number in range(1, 16):
        name = short[number]["display_name"] if number in short else "Nadia Roux"
        first, last = str(name).split(" ")
        login = str(short[number]["url"]).rstrip("/").rpartition("/")[2] if number in short else "n.roux"
        known = short.get(number) or {
            "id": number,
            "guid": f"00000000-0000-4000-8000-{number:012d}",
            "display_name": name,
            "url": f"{HOME}/u/{login}/",
        }
        if number in whole:
            made.append(whole[number])
            continue
        item = copy.deepcopy(whole[12]) | known
        own = {"id": number, "guid": known["guid"], "contentcontainer_id": number}
        item["account"] |= own | {"username": login, "email": f"{login}@example.test"}
        item["profile"] |= {"firstname": first, "lastname": last}
        made.append(item)
    return made


def _spaces(recording: Replay) -> list[Item]:
    found: dict[Any, Item] = {item["id"]: item for item in recording.objects() if "join_policy" in item}
    return [found[number] for number in sorted(found)]


def _memberships(site: HumhubReplay, number: int, owner: Item) -> Iterator[Item]:
    recorded: list[Any] = [item for item in site.objects() if "member_since" in item]
    if number == 2:
        yield from recorded
    seen = {item["user"]["id"] for item in recorded} if number == 2 else set()
    for user in site.users:
        if user["id"] in seen:
            continue
        item = copy.deepcopy(recorded[-1])
        item["user"] = {key: user[key] for key in ("id", "guid", "display_name", "url")}
        item["role"] = "admin" if user["id"] == owner["id"] else "moderator" if user["id"] == number + 2 else "member"
        if number == PRIVATE_SPACE and item["role"] == "member":
            item["status"] = 1  # invited, no member yet
        yield item


def _contents(recording: Replay, kind: str, wanted: Mapping[int, int]) -> list[Item]:
    """Return the recorded posts or pages and as many made ones as are missing, space by space."""
    known = _recorded_contents(recording, kind)
    template = next(item for item in known.values() if item["content"]["topics"])
    spaces: dict[int, Item] = {item["id"]: item for item in _spaces(recording)}
    people = [item for item in recording.objects() if set(item) == {"id", "guid", "display_name", "url"}]
    authors = sorted({str(item["url"]): item for item in people}.items())
    items = list(known.values())
    limit = _oldest(known, kind)
    newer = _NEWER_POSTS - sum(_created(item) > limit for item in items) if kind == "post" else 0
    number = 0
    for space, count in wanted.items():
        here = spaces[space]["contentcontainer_id"]
        for _ in range(count - sum(_container(item) == here for item in known.values())):
            number += 1
            while number in known:
                number += 1
            is_new = newer > 0 and space != 2
            newer -= is_new
            start = _RECENT if is_new else _OLD if kind == "post" else _FIRST
            moment = start - timedelta(hours=7 * number)
            author = authors[number % len(authors)][1]
            items.append(_content(copy.deepcopy(template), kind, number, spaces[space], author, moment))
    return items


def _recorded_contents(recording: Replay, kind: str) -> dict[int, Item]:
    objects: list[Item] = [item for item in recording.objects() if "metadata" in (item.get("content") or ())]
    found: dict[int, Item] = {}
    for item in objects:
        if item["content"]["metadata"]["object_model"] == _KINDS[kind]:
            found[item["id"]] = item
    bare: list[Item] = [item for item in recording.objects() if "object_model" in item.get("metadata", {})]
    for content in bare:
        meta = content["metadata"]
        if meta["object_model"] == _KINDS[kind] and meta["object_id"] not in found and kind == "post":
            message = f"## Note {meta['object_id']} retrouvée\n\nSeule sa fiche avait été conservée."
            found[meta["object_id"]] = {"id": meta["object_id"], "message": message, "content": content}
    return found


def _oldest(known: Mapping[int, Item], kind: str) -> str:
    return _created(known[38]) if kind == "post" else ""


def _created(item: Item) -> str:
    return str(item["content"]["metadata"]["created_at"])


def _content(item: Item, kind: str, number: int, space: Item, author: Item, moment: datetime) -> Item:
    created = moment.strftime("%Y-%m-%d %H:%M:%S")
    content_id = (20_000 if kind == "post" else 30_000) + number
    slug = str(space["url"]).rstrip("/").rpartition("/")[2]
    meta = item["content"]["metadata"]
    meta |= {"id": content_id, "guid": f"00000000-0000-4000-9000-{content_id:012d}", "object_id": number}
    meta |= {"visibility": int(number % 4 > 0 and space["visibility"] > 0), "created_by": author, "created_at": created}
    meta |= {"updated_by": author, "updated_at": created, "contentcontainer_id": space["contentcontainer_id"]}
    latest = item["content"]["comments"]["latest"][: number % 3]
    item["content"] |= {
        "id": content_id,
        "comments": {"total": number % 3, "latest": latest},
        "likes": {"total": number % 6},
    }
    item["id"] = number
    text = (
        f"La consigne numéro {number} de l'espace **{space['name']}** rappelle qui prévenir, dans quel ordre, et où "
        f"ranger le matériel {number} une fois l'intervention finie."
    )
    if kind == "post":
        meta["url"] = f"/s/{slug}/post/post/view?id={number}"
        heading = f"## Consigne {number}\n\n" if number % 5 else ""
        return item | {"message": f"{heading}{text}"}
    meta["url"] = f"/s/{slug}/wiki/{number}/consigne-{number}"
    item |= {"title": f"Consigne {number} (page de référence)", "permalink": f"{HOME}/content/perma?id={content_id}"}
    item["latest_revision"] |= {"id": number, "wiki_page_id": number, "created_by": author, "content": text}
    return item
