"""The ownership ladder: who answers for a document, and on which rung that person was found.

::

    configuration    the owner that [[space]] gives to one of the document's spaces
    content-owner    the owner that the platform gives to the document
    author
    last-editor
    space-owner      of the document's spaces, in order
    space-moderator  of the document's spaces, in order
    none             nobody answers: the document is an orphan

Whoever is known to be inactive is passed over on every rung; unknown activity is good enough.
"""

from __future__ import annotations

from collections.abc import Iterator

from rseaudit.audit.spaces import Spaces
from rseaudit.model import Document, Person, Responsible, Rung
from rseaudit.people import Directory

NOBODY = Responsible(name="", rung="none")


def responsible(document: Document, spaces: Spaces, directory: Directory) -> Responsible:
    """Return the first person of the ladder who is not known to be inactive, else ``NOBODY``."""
    gone = _inactive(document, directory)
    for rung, label in _ladder(document, spaces):
        person = directory.find(label)
        if person is not None and person.active is not False and person.key not in gone:
            return Responsible(name=person.name, rung=rung, key=person.key)
    return NOBODY


def has_inactive_author(document: Document, directory: Directory) -> bool:
    """Tell whether the author is known to be inactive; unknown is not."""
    author = directory.find(document.author)
    if author is None:
        return document.author_active is False
    return author.active is False or author.key in _inactive(document, directory)


def _inactive(document: Document, directory: Directory) -> frozenset[str]:
    """Return the keys of those whom the document itself says to be inactive: its account, on its platform."""
    said = ((document.author, document.author_active), (document.owner, document.owner_active))
    people: list[Person | None] = [directory.find(label) for label, active in said if active is False]
    return frozenset(person.key for person in people if person is not None)


def _ladder(document: Document, spaces: Spaces) -> Iterator[tuple[Rung, str | None]]:
    source = document.source
    for space in document.spaces:
        yield "configuration", spaces.configured_owner(source, space)
    yield "content-owner", document.owner
    yield "author", document.author
    yield "last-editor", document.last_editor
    for space in document.spaces:
        yield from (("space-owner", label) for label in spaces.owners(source, space))
    for space in document.spaces:
        yield from (("space-moderator", label) for label in spaces.moderators(source, space))
