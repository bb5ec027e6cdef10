"""What is published: places, people and their contents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from rseaudit.model.values import Evidence, Role, TextFormat, Visibility


@dataclass(frozen=True, slots=True, order=True)
class Ref:
    """Identify a document: the source's name and the platform's own id, never the URL."""

    source: str
    id: str

    def __str__(self) -> str:
        return f"{self.source}/{self.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One place that is read."""

    name: str
    role: Role
    platform: str = "import"
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Someone who writes, owns, moderates or reads; ``key`` is the same across platforms."""

    key: str
    name: str
    mail: str | None = None
    active: bool | None = None
    department: str | None = None
    site: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Space:
    """A community, group, category or site section. People are labels as the source gives them.

    ``members`` is ``None`` when the source does not list them: nobody is then presumed a member.
    """

    source: str
    name: str
    visibility: Visibility = "unknown"
    owners: tuple[str, ...] = ()
    moderators: tuple[str, ...] = ()
    members: tuple[str, ...] | None = None
    audience: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One content. ``text`` is plain; ``body`` with ``format`` is the original it came from.

    ``author``, ``owner`` and ``last_editor`` are labels as the source gives them (a key, a mail
    address or a name); ``people.Directory`` leads from a label to a person. ``dates`` holds one
    instant per rung of ``DATE_RUNGS`` that is known; ``created`` is what is shown to people.
    """

    source: str
    id: str
    text: str
    kind: str = "page"
    url: str | None = None
    spaces: tuple[str, ...] = ()
    title: str = ""
    body: str | None = None
    format: TextFormat = "text"
    author: str | None = None
    owner: str | None = None
    last_editor: str | None = None
    author_active: bool | None = None
    owner_active: bool | None = None
    created: datetime | None = None
    modified: datetime | None = None
    dates: Mapping[Evidence, datetime] = field(default_factory=dict)
    visibility: Visibility = "unknown"
    lang: str | None = None
    tags: tuple[str, ...] = ()
    comments: int | None = None
    likes: int | None = None
    views: int | None = None
    shared_from: str | None = None
    translation_of: str | None = None
    canonical: str | None = None
    accounts: tuple[str, ...] = ()
    first_seen: datetime | None = None
    gone: bool = False
    extra: Mapping[str, object] = field(default_factory=dict)

    @property
    def ref(self) -> Ref:
        return Ref(self.source, self.id)

    @property
    def space(self) -> str | None:
        """The first space, which decides the audience unless the configuration says otherwise."""
        return self.spaces[0] if self.spaces else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """A declared target. ``None`` means that the team did not declare it: it is not judged."""

    id: str
    label: str
    languages: tuple[str, ...] = ()
    level: Literal["facile", "courant", "soutenu", "expert"] | None = None
    device: Literal["mobile", "desktop"] | None = None
    reading_time_s: int | None = None
    known_terms: tuple[str, ...] = ()
    address: Literal["vous", "tu", "neutral"] | None = None
    freshness_days: int | None = None
    expects: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Code points ``[start, end)`` of a document's text."""

    start: int
    end: int
