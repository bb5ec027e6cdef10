"""Remember since when each sentence stands in a document: a later change takes nothing away from it.

A platform tells when a content was last changed, not what was changed. Whoever copied a passage, and
whoever wrote it first, is known all the same when the passage was read before the change.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from rseaudit.duplicates.roll import aware, earliest
from rseaudit.ids import short_hash
from rseaudit.model import Document, Ref, Span
from rseaudit.text import fold, forms, sentences

# Enough to tell the sentences of one document apart, and too little to guess them from.
_DIGITS = 8


@dataclass(frozen=True, slots=True)
class History:
    """``since`` gives for the digest of each sentence the earliest instant at which it is known to stand."""

    document: Ref
    since: Mapping[str, datetime]

    def stood(self, document: Document, spans: Sequence[Span], before: datetime) -> bool:
        """Tell whether most words of the given spans belong to sentences that stood before an instant."""
        known = total = 0
        for sentence in sentences(document.text):
            count = sum(_overlap(sentence.start, sentence.end, span) for span in spans)
            total += count
            since = self.since.get(_digest(sentence.text)) if count else None
            known += count if since is not None and since < aware(before) else 0
        return total > 0 and 2 * known > total


def renewed(before: History | None, document: Document, *, now: datetime) -> History:
    """Return the history of a document as it is read at ``now``; equal to ``before`` when nothing is new.

    A sentence stands since the document's last change, else its creation; what an earlier reading says counts
    when it is earlier. Sentences that are gone are forgotten.
    """
    stands = _stands_since(document, now)
    old = before.since if before is not None else {}
    digests = {_digest(sentence.text) for sentence in sentences(document.text)}
    return History(document.ref, {digest: min(old.get(digest, stands), stands) for digest in sorted(digests)})


def _stands_since(document: Document, now: datetime) -> datetime:
    changed = document.modified if document.modified is not None else earliest(document)
    return min(aware(changed), aware(now))


def _digest(sentence: str) -> str:
    return short_hash("sentence", " ".join(forms(fold(sentence))))[:_DIGITS]


def _overlap(start: int, end: int, span: Span) -> int:
    return max(0, min(end, span.end) - max(start, span.start))
