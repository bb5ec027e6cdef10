"""A forum that answers in JSON: its address, its source, and where each field stands."""

from __future__ import annotations

from rseaudit.config.settings import SourceSettings

HOME = "https://forum.example.com"
SOURCE = SourceSettings(name="forum", role="audited", platform="website", url=HOME, timezone="Europe/Paris")
PATHS = {
    "id": "id",
    "url": "web_url",
    "title": "title",
    "text": "body",
    "author": "user.mail, user.name",
    "created": "created",
    "modified": "changed",
    "space": "group.name",
    "visibility": "access",
    "tags": "tags.label",
    "comments": "replies",
    "likes": "likes",
    "views": "views",
}
