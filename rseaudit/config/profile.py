"""The keys of ``[profile.NAME]``: how a website that has no adapter is read."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from rseaudit.config.table import Table, at_most_one
from rseaudit.config.values import Expression, Words
from rseaudit.model import TextFormat, Visibility


class DocumentSelectors(Table):
    """Where a page says things: ``css`` or ``css@attribute``; absent keys are left to extraction.

    ``id`` and ``url`` are for JSON, where many documents stand in one answer.
    """

    match: Expression | None = None
    id: str | None = None
    url: str | None = None
    title: str | None = None
    text: str | None = None
    author: str | None = None
    owner: str | None = None
    last_editor: str | None = None
    created: str | None = None
    modified: str | None = None
    space: str | None = None
    visibility: str | None = None
    tags: str | None = None
    lang: str | None = None
    canonical: str | None = None
    shared_from: str | None = None
    comments: str | None = None
    likes: str | None = None
    views: str | None = None


class SpaceSelectors(Table):
    """Where a space's own page names its people."""

    match: Expression
    name: str
    owner: str | None = None
    moderators: str | None = None
    members: str | None = None
    visibility: str | None = None


class Csrf(Table):
    """Where the login token is: a form ``field``, or a ``json`` address with ``key`` and ``header``."""

    field: str | None = None
    json_url: str | None = Field(default=None, alias="json")
    key: str | None = None
    header: str | None = None

    @model_validator(mode="after")
    def _is_complete(self) -> Self:
        if not at_most_one(self, "field", "json_url"):
            raise ValueError(
                'expected { field = "_csrf" } or { json = "/api/config", key = "token", header = "x-csrf" }'
            )
        if self.json_url is not None and not (self.key and self.header):
            raise ValueError('"json" needs "key" (where the token is in the answer) and "header" (how it is sent back)')
        if self.json_url is None and (self.key or self.header):
            raise ValueError('"key" and "header" belong to "json", not to "field"')
        return self


def _login_fields(value: dict[str, str]) -> dict[str, str]:
    if unknown := sorted(set(value) - {"username", "password"}):
        raise ValueError(f'unknown key "{unknown[0]}"; known: username, password (each names a field of the form)')
    return {"username": "username", "password": "password", **value}


class LoginForm(Table):
    """What proves that an account is logged in, and the login form: its page, the names of its fields.

    Without a form an account brings cookies, a token or HTTP Basic.
    """

    form: Words | None = None
    fields: Annotated[dict[str, Words], AfterValidator(_login_fields)] = Field(
        default={"username": "username", "password": "password"}
    )
    csrf: Csrf | None = None
    proof: str


class Profile(Table):
    """How an undeclared website is read: where to start, which paths, what is where.

    With ``list`` the site answers in JSON: ``item``, ``cursor`` and the selectors are then paths
    such as ``data.content`` instead of CSS: see ``json_paths``.
    """

    start: list[Words] = Field(default=["/"])
    allow: list[Expression] = Field(default=[".*"])
    deny: list[Expression] = Field(default=[])
    sitemap: Words | None = None
    list_path: Words | None = Field(default=None, alias="list")
    item: Words | None = None
    cursor: Words | None = None
    follow: Words | None = None
    format: TextFormat | None = None
    document: DocumentSelectors = DocumentSelectors()
    space: SpaceSelectors | None = None
    visibility_map: dict[str, Visibility] = Field(default={})
    login: LoginForm | None = None

    @property
    def is_json(self) -> bool:
        """Whether the site answers in JSON."""
        return self.list_path is not None
