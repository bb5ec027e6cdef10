"""See the data with the eyes of one person: what that person may not read is not there.

Everything that a page shows of a document passes here. The default is no.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property

from rseaudit.model import Decision, Dimension, Document, Finding, Match, Originality, Person, Ref, Responsible, Rung
from rseaudit.report.data import ReportData, Tally

_OPEN = ("public", "registered")
# What findings of these dimensions say comes from matches.
_ABOUT_OTHERS: tuple[Dimension, ...] = ("originality", "unchanged-across-audiences")


class _Index:
    """What all readers share, prepared once."""

    def __init__(self, data: ReportData) -> None:
        self.access = data.access()
        self.directory = data.directory()
        self.spaces = {(space.source, space.name): space for space in data.spaces}
        self.originality = {own.document: own for own in data.originality}
        self.decisions = {decision.finding: decision for decision in data.decisions}
        answers: dict[Ref, Responsible] = {}
        for finding in data.findings:
            answers.setdefault(finding.document, finding.owner)
        self.answers = {**answers, **data.responsibles}
        self.matched: dict[Ref, list[Ref]] = defaultdict(list)
        for match in data.matches:
            self.matched[match.document].append(match.other)
            self.matched[match.other].append(match.document)


class Reader:
    """Decide for ``person``; ``None`` is an auditor, who belongs to no space."""

    def __init__(self, data: ReportData, person: Person | None, *, index: _Index | None = None) -> None:
        self.data = data
        self.person = person
        self._index = index or _Index(data)

    def for_person(self, person: Person | None) -> Reader:
        """Return other eyes on the same data, without preparing it again."""
        return Reader(self.data, person, index=self._index)

    def document(self, ref: Ref) -> Document | None:
        """Return a document that exists and that the reader may see."""
        document = self.data.documents.get(ref)
        if document is None or document.gone or not self._index.access.may_read(self.person, document):
            return None
        return document

    def is_known(self, ref: Ref) -> bool:
        """Tell whether the document exists at all, for whoever may see it."""
        document = self.data.documents.get(ref)
        return document is not None and not document.gone

    def responsible(self, ref: Ref) -> Responsible:
        """Return who answers for a document; say it only of a document that the reader may see.

        Without an answer from the audit: its owner, else its author, unless the source says that they left.
        """
        if known := self._index.answers.get(ref):
            return known
        document = self.data.documents.get(ref)
        if document and document.owner and document.owner_active is not False:
            return self._named(document.owner, "content-owner")
        if document and document.author and document.author_active is not False:
            return self._named(document.author, "author")
        return Responsible(name="", rung="none")

    def _named(self, label: str, rung: Rung) -> Responsible:
        person = self._index.directory.find(label)
        return Responsible(name=person.name if person else label, rung=rung, key=person.key if person else None)

    def spaces(self, document: Document) -> tuple[str, ...]:
        """Return the spaces of a readable document whose names the reader may know.

        Where nobody says how open a space is, its readable document tells: it bears the name.
        """
        return tuple(name for name in document.spaces if self._is_told(document.source, name))

    def space(self, document: Document) -> str | None:
        """Return the first of these spaces."""
        return next(iter(self.spaces(document)), None)

    def _is_told(self, source: str, name: str) -> bool:
        space = self._index.spaces.get((source, name))
        return space is None or space.visibility == "unknown" or self.may_know(source, name)

    def may_know(self, source: str, name: str) -> bool:
        """Tell whether the reader may know that a described space exists."""
        space = self._index.spaces.get((source, name))
        if space is None:
            return False
        if space.visibility in _OPEN:
            return True
        return self.person is not None and self._index.access.is_member(self.person, space)

    def may_see(self, match: Match) -> bool:
        """Tell whether the reader may see both sides of a match."""
        return self.document(match.document) is not None and self.document(match.other) is not None

    def may_tell(self, finding: Finding) -> bool:
        """Tell whether a finding may be told: its document is readable and it says nothing of a closed one.

        What a document owes to others is not told once one of these is closed, for words, shares and
        quotations would describe it; unless the finding names the open one that it speaks of (``other``).
        """
        if self.document(finding.document) is None:
            return False
        if finding.dimension not in _ABOUT_OTHERS or not self.is_secretive(finding.document):
            return True
        return any(
            str(ref) == finding.numbers.get("other")
            for ref in self._index.matched[finding.document]
            if not self._is_closed(ref)
        )

    def is_secretive(self, ref: Ref) -> bool:
        """Tell whether a document matches one that the reader may not see, of which nothing may be told."""
        return any(self._is_closed(other) for other in self._index.matched.get(ref, ()))

    def _is_closed(self, ref: Ref) -> bool:
        document = self.data.documents.get(ref)
        return document is None or not self._index.access.may_read(self.person, document)

    def decision(self, finding: Finding) -> Decision | None:
        """Return what was answered to a finding."""
        return self._index.decisions.get(finding.id)

    def findings(self) -> tuple[Finding, ...]:
        """Return the findings that may be told, in the order of the data."""
        return tuple(finding for finding in self.data.findings if self.may_tell(finding))

    def originality(self, ref: Ref) -> Originality | None:
        """Return how much of a readable document is its own, as far as that may be told."""
        return None if self.document(ref) is None or self.is_secretive(ref) else self._index.originality.get(ref)

    def numbers(self, finding: Finding) -> dict[str, str | int | float]:
        """Return a finding's values; those that name an unreadable document that it matches say nothing."""
        secrets = self._secrets(finding.document)
        return {
            name: "…" if isinstance(value, str) and any(secret in value.casefold() for secret in secrets) else value
            for name, value in finding.numbers.items()
        }

    def tally(self, tallies: Iterable[Tally]) -> tuple[Tally, ...]:
        """Return the counts with only those examples that lead to nothing closed."""
        return tuple(
            Tally(
                reason=item.reason, count=item.count, examples=tuple(url for url in item.examples if self.may_name(url))
            )
            for item in tallies
        )

    def may_name(self, url: str) -> bool:
        """Tell whether an address may be shown: not that of a closed content, nor one below a closed space."""
        plain = url.split("#")[0].rstrip("/")
        if plain in self._closed_urls:
            return False
        return not any(plain == top or plain.startswith((top + "/", top + "?")) for top in self._closed_tops)

    @cached_property
    def _closed_urls(self) -> frozenset[str]:
        documents = self.data.documents.values()
        return frozenset(d.url.split("#")[0].rstrip("/") for d in documents if d.url and self.document(d.ref) is None)

    @cached_property
    def _closed_tops(self) -> tuple[str, ...]:
        closed = (s for s in self.data.spaces if s.url and not self.may_know(s.source, s.name))
        return tuple(sorted({space.url.rstrip("/") for space in closed if space.url}))

    def _secrets(self, ref: Ref) -> tuple[str, ...]:
        """Return the words that would identify the unreadable documents that one document matches."""
        closed = (other for other in self._index.matched.get(ref, ()) if self._is_closed(other))
        return tuple(name for other in closed for name in _names(self.data.documents.get(other), other))


def _names(document: Document | None, ref: Ref) -> tuple[str, ...]:
    if document is None:
        return (str(ref).casefold(),)
    names = (str(ref), document.title, document.url, document.author, document.owner, *document.spaces)
    return tuple(name.strip().casefold() for name in names if name and name.strip())
