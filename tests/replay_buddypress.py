"""A BuddyPress with three groups, filled up around the objects that a real one (14.5, BP-REST) was recorded with.

34 updates, as the recorded total says, with 49 replies; the groups, members and three updates are the recorded
ones, the rest is made in their shapes. Answers that nobody recorded (401 and 403 on the members of a closed
group, the root of ``wp/v2``) follow the sources of BP-REST and WordPress.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from tests.replay_server import DATA, GUEST, Replay, json_answer, page_of
from tests.site_server import Answer

Item = dict[str, Any]

RECORDING = DATA / "buddypress-rest.json"
HOME = "https://communaute.example.com"
ADMIN, MEMBER, OUTSIDER = "admin", "a.lefevre", "i.kone"
PASSWORDS = {ADMIN: "abcd efgh ijkl", MEMBER: "canari lefevre", OUTSIDER: "canari kone"}
PUBLIC, PRIVATE, HIDDEN = 1, 2, 3
UPDATES = {PUBLIC: 14, PRIVATE: 11, HIDDEN: 9}
REPLIES = 49
# Amélie Lefèvre (2) belongs to the hidden group as well; the creator of each group is its administrator.
_MEMBERS = {PUBLIC: (2, 14, 13, 12), PRIVATE: (14, 13), HIDDEN: (2, 12)}
_CREATORS = {PUBLIC: (4, "Chloé Bernard"), PRIVATE: (6, "Élodie Garcia"), HIDDEN: (9, "Hugo Petit")}
_MODERATOR = 13  # Léo Faure, wherever he is a member
_USERS = {MEMBER: 2, OUTSIDER: 10, ADMIN: 1}
_ROUTE = re.compile(r"/wp-json/(?P<route>.*)")
_FIRST = datetime(2024, 1, 8, 9, 0)  # noqa: DTZ001  # the API writes UTC without saying so


class BuddypressReplay(Replay):
    """Serves the platform; ``updates`` may be changed between two crawls."""

    def __init__(self) -> None:
        super().__init__(RECORDING, accounts=PASSWORDS, home=HOME)
        self.groups = {item["id"]: item for item in _bodies(self, "/groups", ADMIN)}
        self.people = {item["id"]: item for item in _bodies(self, "/groups/1/members", ADMIN)}
        self.updates: list[Item] = list(_updates(self))
        self.members = {group: list(_members(self, group)) for group in self.groups}

    def made(self, account: str, path: str, params: Mapping[str, str]) -> Answer | None:
        route = params.get("rest_route") or (f"/{found['route']}" if (found := _ROUTE.fullmatch(path)) else "")
        match route.strip("/").split("/"):
            case [""] if "_fields" in params:
                root = next(item for item in self.recorded() if item.path == "/wp-json/")
                return root.answer()
            case ["wp", "v2", "users", "me"]:
                return _refused("rest_not_logged_in", account) if account == GUEST else json_answer({"id": 7})
            case ["wp", "v2", "users"]:
                return _refused("rest_forbidden_context", account) if account != ADMIN else _listed([], params)
            case ["wp", "v2", "categories"]:
                return _listed([], params)
            case ["wp", "v2", "types"]:
                return json_answer({})
            case ["buddypress", "v1", "groups"] if "page" in params:
                return _listed([group for group in self.groups.values() if self._is_listed(account, group)], params)
            case ["buddypress", "v1", "groups", "me"]:
                return json_answer([group for id_, group in self.groups.items() if self._belongs(account, id_)])
            case ["buddypress", "v1", "groups", group, "members"] if "exclude_admins" in params:
                return self._members_of(account, int(group), params)
            case ["buddypress", "v1", "activity"] if "_embed" in params:
                group_id = int(params.get("group_id", "0"))
                found_items = [item for item in self.updates if item["primary_item_id"] == group_id]
                return _listed(found_items if group_id and self._reads(account, group_id) else [], params)
            case ["buddypress", "v1", "activity", number]:
                return self._one(account, int(number))
        return None

    def refused(self) -> Answer:
        return json_answer({"code": "incorrect_password", "data": {"status": 401}}, status=401)

    def unknown(self, path: str) -> Answer:
        return json_answer({"code": "rest_no_route", "data": {"status": 404}}, status=404)

    def _belongs(self, account: str, group: int) -> bool:
        return _USERS.get(account) in _MEMBERS[group]

    def _reads(self, account: str, group: int) -> bool:
        return account == ADMIN or group == PUBLIC or self._belongs(account, group)

    def _is_listed(self, account: str, group: Item) -> bool:
        return account == ADMIN or group["status"] != "hidden"

    def _members_of(self, account: str, group: int, params: Mapping[str, str]) -> Answer:
        if not self._reads(account, group):
            return _refused("bp_rest_authorization_required", account)
        return _listed(self.members[group], params)

    def _one(self, account: str, number: int) -> Answer:
        found = next((item for item in self.updates if item["id"] == number), None)
        if found is None:
            return json_answer({"code": "bp_rest_invalid_id", "data": {"status": 404}}, status=404)
        if not self._reads(account, found["primary_item_id"]):
            return _refused("bp_rest_authorization_required", account)
        return json_answer(found)


def _refused(code: str, account: str) -> Answer:
    status = 401 if account == GUEST else 403
    return json_answer({"code": code, "message": "Désolé.", "data": {"status": status}}, status=status)


def _listed(items: list[Item], params: Mapping[str, str]) -> Answer:
    """Page as BP-REST does: an empty list comes without totals."""
    shown, pages = page_of(items, int(params["page"]), int(params["per_page"]))
    return json_answer(shown, headers={"X-WP-Total": str(len(items)), "X-WP-TotalPages": str(pages)} if items else {})


def _bodies(replay: Replay, path: str, account: str) -> list[Item]:
    found = next(i for i in replay.recorded() if i.path.endswith(path) and i.account == account)
    assert isinstance(found.body, list)
    return copy.deepcopy(found.body)


def _updates(replay: BuddypressReplay) -> Iterator[Item]:
    """Yield the recorded updates, then others in their shape until each group has its number."""
    recorded = _bodies(replay, "/activity", ADMIN)
    left = dict(UPDATES)
    for item in recorded:
        left[item["primary_item_id"]] -= 1
        yield item
    replies = [2] * 18 + [1] * 13  # 49 over the 31 that are made
    number = 1000
    for group, count in left.items():
        for _ in range(count):
            number += 10
            yield _update(replay, recorded[0], number, group, replies.pop())


def _update(replay: BuddypressReplay, like: Item, number: int, group: int, replies: int) -> Item:
    item = copy.deepcopy(like)
    person = replay.people[_MEMBERS[group][number // 10 % len(_MEMBERS[group])]]
    when = (_FIRST + timedelta(hours=number)).isoformat()
    link = f'<a href="{person["link"]}">{person["name"]}</a>'
    place = f'<a href="{HOME}/groups/g/">{replay.groups[group]["name"]}</a>'
    item |= {
        "id": number,
        "user_id": person["id"],
        "primary_item_id": group,
        "date": when,
        "date_gmt": when,
        "link": f"{HOME}/activity/p/{number}/",
        "title": f"{link} a publié une mise à jour dans le groupe {place}",
        "content": {"rendered": f"<p>L&rsquo;atelier n° {number} ouvre à <em>huit</em> heures.</p>\n"},
        "_embedded": {"user": [{"id": person["id"], "name": person["name"], "link": person["link"]}]},
    }
    # A reply to a reply stands in it; the count that the API gives is that of the first level alone.
    thread: list[Item] = []
    for rank in range(replies, 0, -1):
        reply = copy.deepcopy(like) | {"id": number + rank, "type": "activity_comment"}
        reply["content"] = {"rendered": f"<p>Réponse {number}-{rank}</p>"}
        thread = [reply | ({"comments": thread, "comment_count": len(thread)} if thread else {})]
    return item | ({"comments": thread, "comment_count": len(thread)} if thread else {})


def _members(replay: BuddypressReplay, group: int) -> Iterator[Item]:
    some = next(iter(replay.people.values()))
    id_, name = _CREATORS[group]
    yield copy.deepcopy(some) | {"id": id_, "name": name, "group": group, "is_admin": True}
    for number in _MEMBERS[group]:
        yield replay.people[number] | {"group": group, "is_mod": number == _MODERATOR}
    yield copy.deepcopy(some) | {"id": 77, "name": "Renvoyé Exclu", "group": group, "is_banned": True}
