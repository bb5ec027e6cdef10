"""Gather the documents of a run into distinct texts: a text posted in 200 spaces is read once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from hashlib import blake2b
from itertools import pairwise
from typing import Protocol

import numpy as np

from rseaudit.duplicates.cutting import Cut, cut
from rseaudit.model import Document, Ref, Role, Source
from rseaudit.text import Words, words

_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, eq=False)
class Text:
    """One run of ``size`` words and every document that consists of it.

    ``members`` are in order of date, then of source and id. ``words`` are cut from the first of
    them: its offsets are not those of members that differ in signs or spaces.
    """

    digest: str
    size: int
    members: tuple[Document, ...]
    audited: tuple[Document, ...]
    references: tuple[Document, ...]

    @cached_property
    def words(self) -> Words:
        return words(self.members[0].text)

    @property
    def place(self) -> tuple[str, str]:
        """Where the text counts once in a document frequency: its space, else itself."""
        first = self.members[0]
        return (first.source, f"space {first.space}" if first.space else f"document {first.id}")


class Texts(tuple[Text, ...]):
    """Distinct texts, references first, each part from the earliest to the latest, and their words as numbers."""

    cut: Cut


class Room(Protocol):
    """Where the words of a collection are kept while it is compared."""

    def cut(self, texts: Sequence[str]) -> Cut:
        """Return what ``cutting.cut`` gives."""

    def picked(self, known: Cut, numbers: Sequence[int]) -> Cut:
        """Return what ``known.picked`` gives; ``known`` is not used any more."""


class Memory:
    """As numbers in memory."""

    def cut(self, texts: Sequence[str]) -> Cut:
        return cut(texts)

    def picked(self, known: Cut, numbers: Sequence[int]) -> Cut:
        return known.picked(numbers)


MEMORY = Memory()


def texts_of(documents: Iterable[Document], sources: Mapping[str, Source], *, room: Room = MEMORY) -> Texts:
    """Return the distinct texts.

    Left out: documents that are gone, of a watched source, or without a single word. A document
    of a source that is not declared counts as a reference: it is never judged.
    """
    known: dict[Ref, Document] = {}
    for document in documents:
        if not document.gone and _role(document, sources) != "watched":
            twin = known.get(document.ref)
            if twin is None or document.text < twin.text:
                known[document.ref] = document
    ordered = sorted(known.values(), key=_age)
    found = room.cut([document.text for document in ordered])
    groups: dict[str, list[int]] = {}
    for number, digest in enumerate(_digests(found)):
        if found.bounds[number] < found.bounds[number + 1]:
            groups.setdefault(digest, []).append(number)
    sizes = np.diff(found.bounds).tolist()
    texts = [
        (_text(digest, sizes[numbers[0]], [ordered[n] for n in numbers], sources), numbers[0])
        for digest, numbers in groups.items()
    ]
    texts.sort(key=lambda item: (not item[0].references, item[1]))
    result = Texts(text for text, _ in texts)
    result.cut = room.picked(found, [number for _, number in texts])
    return result


def _digests(found: Cut) -> Iterator[str]:
    data = found.keys.astype("<u8", copy=False).view(np.uint8).data
    for start, end in pairwise((8 * found.bounds).tolist()):
        yield blake2b(data[start:end], digest_size=16).hexdigest()


def _text(digest: str, size: int, members: list[Document], sources: Mapping[str, Source]) -> Text:
    audited = tuple(d for d in members if _role(d, sources) == "audited")
    references = tuple(d for d in members if _role(d, sources) != "audited")
    return Text(digest, size, tuple(members), audited, references)


def _role(document: Document, sources: Mapping[str, Source]) -> Role:
    return sources[document.source].role if document.source in sources else "reference"


def earliest(document: Document) -> datetime:
    """Return the earliest instant known of a document, far in the future when none is."""
    known = [*document.dates.values(), *(d for d in (document.created, document.first_seen) if d is not None)]
    return min((aware(instant) for instant in known), default=_NEVER)


def by_age(documents: Iterable[Document]) -> list[Document]:
    """Return documents from the earliest known to the latest, then by source and id."""
    return sorted(documents, key=_age)


def aware(instant: datetime) -> datetime:
    """Return the instant as aware: a naive one, against the rule of the model, is read as UTC."""
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


def _age(document: Document) -> tuple[datetime, Ref]:
    return earliest(document), document.ref
