"""What one page holds, whichever way its source is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from rseaudit.model import Document, Person, Space


@dataclass(frozen=True, slots=True, kw_only=True)
class PageContent:
    """What one page holds. ``notes`` name what was lost or not understood, in stable words.

    ``canonical`` is the address that the page declares as its own, on whatever host; ``None`` when it
    declares none, or one that cannot be true (the home page for an article).
    ``about`` hands facts to the answers behind ``links``, by address. ``present`` holds the native ids
    of documents that exist and are not told of here.
    """

    documents: tuple[Document, ...] = ()
    spaces: tuple[Space, ...] = ()
    persons: tuple[Person, ...] = ()
    links: tuple[str, ...] = ()
    about: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    present: tuple[str, ...] = ()
    canonical: str | None = None
    notes: tuple[str, ...] = ()
