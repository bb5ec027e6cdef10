"""What one page holds, whichever way its source is read."""

from __future__ import annotations

from dataclasses import dataclass

from rseaudit.model import Document, Person, Space


@dataclass(frozen=True, slots=True, kw_only=True)
class PageContent:
    """What one page holds. ``notes`` name what was lost or not understood, in stable words.

    ``canonical`` is the address that the page declares as its own, on whatever host; ``None`` when it
    declares none, or one that cannot be true (the home page for an article).
    """

    documents: tuple[Document, ...] = ()
    spaces: tuple[Space, ...] = ()
    persons: tuple[Person, ...] = ()
    links: tuple[str, ...] = ()
    canonical: str | None = None
    notes: tuple[str, ...] = ()
