"""What a run of ``duplicates`` reads of the store: one state of it, of most documents a word only."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from rseaudit.ids import short_hash
from rseaudit.model import Document, Ref
from rseaudit.people import Directory
from rseaudit.pipeline import duplicates_states
from rseaudit.store import content, histories, relations, states
from rseaudit.store.database import get_property
from rseaudit.store.removal import INDEX_GENERATION

if TYPE_CHECKING:
    from rseaudit.config.settings import Settings
    from rseaudit.duplicates.changes import Earlier
    from rseaudit.duplicates.history import History


class Snapshot:
    """One state of the store, as long as its connection is open.

    ``states`` are those of all documents that are compared; ``generation`` is of the index that belongs to it.
    ``renewed`` are the histories to be kept at the end.
    """

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self.now = now
        self.generation = get_property(connection, INDEX_GENERATION) or None
        self.sources = content.sources(connection)
        self.persons = content.persons(connection)
        self.states = duplicates_states(connection, self.sources)
        self.renewed: dict[Ref, histories.Kept] = {}
        self._memory: dict[Ref, History] = {}

    @property
    def audits(self) -> set[str]:
        """The sources whose documents are judged."""
        return {name for name, source in self.sources.items() if source.role == "audited"}

    @cached_property
    def directory(self) -> Directory:
        return Directory(self.persons)

    def basis(self, settings: Settings) -> str:
        """Return a digest of all that matches follow from beside documents and persons."""
        return short_hash(settings.duplicates.model_dump_json(), *(repr(item) for item in self.sources.values()))

    @cached_property
    def company(self) -> str:
        """Return a digest of all persons."""
        return short_hash(*(repr(person) for person in self.persons))

    @cached_property
    def people(self) -> dict[str, str]:
        """Return for each author, as documents name them, who that is, both as digests: no name leaves the store."""
        return {short_hash(label): self._person(label) for label in content.names(self._connection)}

    def of_others(self, people: Mapping[str, str]) -> list[Ref]:
        """Return the documents whose author was somebody else when ``people`` was written down."""
        known = {label: people.get(short_hash(label)) for label in content.names(self._connection)}
        others = [label for label, person in known.items() if person not in (None, self._person(label))]
        return [ref for ref in states.by_authors(self._connection, others) if (ref.source, ref.id) in self.states]

    def all(self) -> list[Document]:
        """Return all documents that are compared, with all their addresses: a link to any of them names it."""
        aliases: dict[Ref, list[str]] = {}
        for source, url, id_ in content.aliases(self._connection):
            aliases.setdefault(Ref(source, id_), []).append(url)
        every = content.each_document(self._connection)
        return [_addressed(item, aliases.get(item.ref, ())) for item in every if (item.source, item.id) in self.states]

    def some(self, refs: Collection[Ref]) -> Mapping[Ref, Document]:
        """Return the named documents as ``all`` does."""
        aliases = content.aliases_of(self._connection, refs)
        found = content.some_documents(self._connection, refs)
        return {ref: _addressed(item, aliases.get(ref, ())) for ref, item in found.items()}

    def renew(self, documents: Iterable[Document]) -> None:
        """Read the sentences of documents that are not known in the state in which they are now."""
        from rseaudit.duplicates.history import renewed

        stale = {document.ref: document for document in documents}
        for ref, item in histories.load(self._connection, stale).items():
            self._remember(ref, item)
            if item.stamp == self._state(ref):
                del stale[ref]
        for ref, document in stale.items():
            history = renewed(self._memory.get(ref), document, now=self.now)
            self._memory[ref] = history
            self.renewed[ref] = histories.Kept(self._state(ref), history.since)

    def renew_all(self, documents: Iterable[Document]) -> None:
        """Do that for all documents."""
        known = histories.stamps(self._connection)
        self.renew(document for document in documents if known.get(document.ref) != self._state(document.ref))

    def remember(self, documents: Iterable[Document]) -> Mapping[Ref, History]:
        """Return the histories of documents that were changed, which alone need one."""
        wanted = {d.ref for d in documents if d.modified is not None and d.ref not in self._memory}
        for ref, item in histories.load(self._connection, wanted).items():
            self._remember(ref, item)
        return self._memory

    def touching(self, numbers: Iterable[int]) -> list[Earlier]:
        """Return what the last run judged of texts."""
        return _earlier(relations.touching(self._connection, numbers))

    def between(self, pairs: Iterable[tuple[int, int]]) -> list[Earlier]:
        """Return what the last run judged of pairs of texts."""
        return _earlier(relations.between(self._connection, pairs))

    def _person(self, label: str) -> str:
        return short_hash(repr(self.directory.find(label)))

    def _state(self, ref: Ref) -> str:
        return self.states[ref.source, ref.id]

    def _remember(self, ref: Ref, item: histories.Kept) -> None:
        from rseaudit.duplicates.history import History

        self._memory[ref] = History(ref, item.since)


def _earlier(kept: Iterable[relations.Kept]) -> list[Earlier]:
    from rseaudit.duplicates.changes import Earlier

    return [Earlier((item.one, item.two), item.matches, item.owed) for item in kept]


def _addressed(document: Document, aliases: Collection[str]) -> Document:
    return replace(document, extra={**document.extra, "aliases": [*aliases]})
