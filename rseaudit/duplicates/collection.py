"""Gather the documents of a run into distinct texts: a text posted in 200 spaces is read once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from rseaudit.ids import short_hash
from rseaudit.model import Document, Ref, Role, Source
from rseaudit.text import Words, words

_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, eq=False)
class Text:
    """One run of words and every document that consists of it.

    ``members`` are in order of date, then of source and id. ``words`` are cut from the first of
    them: its offsets are not those of members that differ in signs or spaces.
    """

    digest: str
    words: Words
    members: tuple[Document, ...]
    audited: tuple[Document, ...]
    references: tuple[Document, ...]

    @property
    def place(self) -> tuple[str, str]:
        """Where the text counts once in a document frequency: its space, else itself."""
        first = self.members[0]
        return (first.source, f"space {first.space}" if first.space else f"document {first.id}")


def texts_of(documents: Iterable[Document], sources: Mapping[str, Source]) -> tuple[Text, ...]:
    """Return the distinct texts, references first, each part from the earliest to the latest.

    Left out: documents that are gone, of a watched source, or without a single word. A document
    of a source that is not declared counts as a reference: it is never judged.
    """
    known: dict[Ref, Document] = {}
    for document in documents:
        if not document.gone and _role(document, sources) != "watched":
            twin = known.get(document.ref)
            if twin is None or document.text < twin.text:
                known[document.ref] = document
    groups: dict[str, tuple[Words, list[Document]]] = {}
    for document in sorted(known.values(), key=_age):
        cut = words(document.text)
        if cut.forms:
            groups.setdefault(short_hash(*cut.forms), (cut, []))[1].append(document)
    texts = [_text(digest, cut, members, sources) for digest, (cut, members) in groups.items()]
    return tuple(sorted(texts, key=lambda text: (not text.references, _age(text.members[0]))))


def _text(digest: str, cut: Words, members: list[Document], sources: Mapping[str, Source]) -> Text:
    audited = tuple(d for d in members if _role(d, sources) == "audited")
    references = tuple(d for d in members if _role(d, sources) != "audited")
    return Text(digest, cut, tuple(members), audited, references)


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
