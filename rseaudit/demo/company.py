"""The invented company of the demonstration, read from ``content/``: people, spaces, texts, gold."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, Literal

from rseaudit.model import Ref, Visibility

SOURCES = ("rse", "intranet", "site-public")


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoPerson:
    """Someone of the company; ``key`` is what the content files call this person."""

    key: str
    name: str
    mail: str
    title: str
    department: str
    site: str
    active: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoAccount:
    """A user name of the network with its (fictitious) password."""

    user: str
    password: str
    person: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoSpace:
    """A space of the network; people are keys. ``audience`` is declared outside of the network."""

    name: str
    slug: str
    about: str
    owner: str
    moderators: tuple[str, ...]
    members: tuple[str, ...]
    visibility: Visibility
    audience: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoComment:
    """An answer below a post: it is no document."""

    author: str
    at: datetime
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoDocument:
    """One text. ``comments`` and ``likes`` are ``None`` where the page shows no count.

    ``served_modified`` is what the server says (``Last-Modified``) when it disagrees with the page.
    """

    source: str
    id: str
    path: str
    title: str
    body: str
    format: Literal["markdown", "html"]
    space: str
    slug: str
    created: datetime
    visibility: Visibility
    author: str | None = None
    owner: str | None = None
    modified: datetime | None = None
    served_modified: datetime | None = None
    canonical: str | None = None
    shared_from: str | None = None
    tags: tuple[str, ...] = ()
    comments: int | None = None
    likes: int | None = None
    thread: tuple[DemoComment, ...] = ()

    @property
    def last_modified(self) -> datetime:
        return self.served_modified or self.modified or self.created


@dataclass(frozen=True, kw_only=True)
class Company:
    """Everything that the three hosts show. ``documents`` stand in order of source, then of time, newest first."""

    name: str
    baseline: str
    now: datetime
    hosts: Mapping[str, str]
    accounts: tuple[DemoAccount, ...]
    people: Mapping[str, DemoPerson]
    spaces: tuple[DemoSpace, ...]
    documents: tuple[DemoDocument, ...]

    def of(self, source: str) -> tuple[DemoDocument, ...]:
        """Return the documents of one source, newest first."""
        return tuple(document for document in self.documents if document.source == source)

    @cached_property
    def by_path(self) -> Mapping[tuple[str, str], DemoDocument]:
        """The documents by source and path."""
        return {(document.source, document.path): document for document in self.documents}

    @cached_property
    def by_ref(self) -> Mapping[Ref, DemoDocument]:
        return {Ref(document.source, document.id): document for document in self.documents}

    def url(self, document: DemoDocument) -> str:
        return f"http://{self.hosts[document.source]}{document.path}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlantedCopy:
    """A copy that was put there: ``document`` is on the network, ``sentence`` stands in both texts.

    ``plant`` says how it was made; ``kinds`` are the match kinds that are right.
    """

    plant: str
    document: Ref
    other: Ref
    original: Literal["document", "other", "unknown"]
    kinds: tuple[str, ...]
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Restricted:
    """A space with words that must not leave it; people are keys, documents are ids on the network."""

    space: str
    documents: tuple[str, ...]
    canaries: tuple[str, ...]
    members: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What a perfect audit finds. ``audit`` maps a trait (``orphans``, ``stale``…) to ids on the network.

    ``by_products`` are pairs that share text without being planted; ``coincidences`` are no matches.
    ``excluded`` is a space that is not to be read at all.
    """

    copies: tuple[PlantedCopy, ...]
    by_products: tuple[tuple[Ref, Ref], ...]
    coincidences: tuple[tuple[Ref, Ref], ...]
    audit: Mapping[str, tuple[str, ...]]
    restricted: Restricted
    excluded: Restricted


def load_company() -> Company:
    """Read the company that comes with the package."""
    head = _table("company.toml")
    documents = sorted(_documents(), key=lambda document: document.id)
    documents.sort(key=lambda document: document.created, reverse=True)
    documents.sort(key=lambda document: SOURCES.index(document.source))
    return Company(
        name=head["name"],
        baseline=head["baseline"],
        now=head["now"],
        hosts=head["hosts"],
        accounts=tuple(DemoAccount(**item) for item in head["account"]),
        people={item["key"]: DemoPerson(**item) for item in _table("people.toml")["person"]},
        spaces=tuple(DemoSpace(**_frozen(item)) for item in _table("spaces.toml")["space"]),
        documents=tuple(documents),
    )


def load_expected() -> Expected:
    """Read the gold list that belongs to the company."""
    table = _table("expected.toml")
    return Expected(
        copies=tuple(
            PlantedCopy(**_frozen(item) | {"document": Ref("rse", item["document"]), "other": Ref(**item["other"])})
            for item in table["copy"]
        ),
        by_products=_pairs(table["by_product"]),
        coincidences=_pairs(table["coincidence"]),
        audit=_frozen(table["audit"]),
        restricted=Restricted(**_frozen(table["restricted"])),
        excluded=Restricted(**_frozen(table["excluded"])),
    )


def _content() -> Traversable:
    return files("rseaudit.demo") / "content"


def _table(*path: str) -> dict[str, Any]:
    return tomllib.loads(_content().joinpath(*path).read_text("utf-8"))


def _documents() -> Iterator[DemoDocument]:
    for source in SOURCES:
        for name in sorted(file.name for file in _content().joinpath(source).iterdir() if file.name.endswith(".toml")):
            section = _table(source, name)
            where = {"source": source, "space": section["space"], "slug": section["slug"]}
            for item in section["document"]:
                thread = tuple(DemoComment(**comment) for comment in item.pop("thread", ()))
                yield DemoDocument(**where, **_frozen(item) | {"body": item["body"].strip("\n")}, thread=thread)


def _frozen(item: Mapping[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in item.items()}


def _pairs(items: list[dict[str, Any]]) -> tuple[tuple[Ref, Ref], ...]:
    return tuple((Ref("rse", item["document"]), Ref(**item["other"])) for item in items)
