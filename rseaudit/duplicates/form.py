"""Give the result of the job as data for ``rseaudit duplicates --json``."""

from __future__ import annotations

from rseaudit.duplicates.job import Reuse
from rseaudit.model import Match, Originality, Ref

SCHEMA = 1

Value = None | str | int | float | list["Value"] | dict[str, "Value"]


def to_json(reuse: Reuse, run: str) -> dict[str, Value]:
    """Return plain data: shares and similarities with two decimals, spans as ``[start, end]``."""
    return {
        "schema": SCHEMA,
        "run": run,
        "matches": [_match(match) for match in reuse.matches],
        "documents": [_document(document) for document in reuse.documents],
        "groups": [
            {
                "id": group.id,
                "original": _ref(group.original),
                "known": group.known,
                "members": [_ref(ref) for ref in group.members],
                "matches": list(group.matches),
            }
            for group in reuse.groups
        ],
        "common_texts": [
            {
                "id": text.id,
                "text": text.text,
                "documents": text.documents,
                "sources": text.sources,
                "suggestion": text.suggestion,
            }
            for text in reuse.common_texts
        ],
    }


def _match(match: Match) -> Value:
    return {
        "id": match.id,
        "document": _ref(match.document),
        "other": _ref(match.other),
        "kind": match.kind,
        "shared_words": match.shared_words,
        "share_of_document": round(match.share_of_document, 2),
        "share_of_other": round(match.share_of_other, 2),
        "original": match.original,
        "evidence": match.evidence,
        "passages": [
            {
                "document": [passage.document.start, passage.document.end],
                "other": [passage.other.start, passage.other.end],
                "similarity": round(passage.similarity, 2),
            }
            for passage in match.passages
        ],
    }


def _document(document: Originality) -> Value:
    return {
        **_ref(document.document),
        "words": document.words,
        "originality": None if document.originality is None else round(document.originality, 2),
        "attributed_share": round(document.attributed_share, 2),
        "verdict": document.verdict,
    }


def _ref(ref: Ref) -> dict[str, Value]:
    return {"source": ref.source, "id": ref.id}
