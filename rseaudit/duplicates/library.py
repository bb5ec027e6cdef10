"""Documents by reference: those at hand, and those that are read when they are asked for."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping

from rseaudit.model import Document, Ref

Load = Callable[[Collection[Ref]], Mapping[Ref, Document]]


class Library:
    """What gives the documents of a collection: most runs need the words of few of them again."""

    def __init__(self, documents: Iterable[Document] = (), *, load: Load | None = None) -> None:
        """Of several documents of one name the first text in code-point order counts, as in ``collection.texts_of``."""
        self._known: dict[Ref, Document] = {}
        for document in documents:
            if not document.gone:
                ref = document.ref
                twin = self._known.setdefault(ref, document)
                if document.text < twin.text:
                    self._known[ref] = document
        self._load = load

    def __getitem__(self, ref: Ref) -> Document:
        """Return a document; ``KeyError`` when there is none."""
        if ref not in self._known:
            self.fetch((ref,))
        return self._known[ref]

    def fetch(self, refs: Iterable[Ref]) -> None:
        """Read the documents that are not at hand, all at once."""
        missing = {ref for ref in refs if ref not in self._known}
        if missing and self._load is not None:
            self._known.update(self._load(missing))
