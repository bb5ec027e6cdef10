"""Who may read what in a report: only what the platform lets that reader see; default is no."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from rseaudit.model import Document, Person, Space, Visibility
from rseaudit.people import Directory

# From the most open to the most closed; a document is never more open than its space.
OPENNESS: tuple[Visibility, ...] = ("public", "registered", "space", "private", "unknown")


def closest(*said: Visibility) -> Visibility:
    """Return the most restrictive of what is known."""
    known = [value for value in said if value != "unknown"]
    return max(known, key=OPENNESS.index) if known else "unknown"


class Access:
    """Decide for readers; ``None`` as reader is an auditor without membership anywhere."""

    def __init__(self, spaces: Iterable[Space], directory: Directory) -> None:
        self._spaces: Mapping[tuple[str, str], Space] = {(s.source, s.name): s for s in spaces}
        self._directory = directory

    def visibility(self, document: Document) -> Visibility:
        """Return the effective visibility: the more closed of the document and its open-most space.

        A document of unknown visibility takes its space's; without a space it stays unknown.
        """
        known = [
            self._spaces[key].visibility for name in document.spaces if (key := (document.source, name)) in self._spaces
        ]
        spaces = [v for v in known if v != "unknown"]
        if not spaces:
            return document.visibility
        space = min(spaces, key=OPENNESS.index)
        if document.visibility == "unknown":
            return space
        return max(space, document.visibility, key=OPENNESS.index)

    def may_read(self, reader: Person | None, document: Document) -> bool:
        """Tell whether ``reader`` may see the text, the title and even the existence of a document."""
        visibility = self.visibility(document)
        if visibility in ("public", "registered"):
            return True
        if reader is None:
            return False
        if any(self._is(reader, label) for label in (document.author, document.owner)):
            return True
        if visibility != "space":
            return False
        spaces = [self._spaces[key] for name in document.spaces if (key := (document.source, name)) in self._spaces]
        return any(self.is_member(reader, space) for space in spaces)

    def is_member(self, reader: Person, space: Space) -> bool:
        """Tell whether ``reader`` belongs to ``space``; an unlisted membership is no membership."""
        return any(self._is(reader, label) for label in (*space.owners, *space.moderators, *(space.members or ())))

    def _is(self, reader: Person, label: str | None) -> bool:
        person = self._directory.find(label)
        return person is not None and person.key == reader.key
