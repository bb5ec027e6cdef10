"""The texts of ``rseaudit explain``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from rseaudit.errors import UsageError

if TYPE_CHECKING:
    from rseaudit.cli.session import Session
    from rseaudit.store.database import Store


def explain_rule(name: str) -> str | None:
    """Return the manual page of a rule, ``None`` when there is none of this name."""
    from rseaudit.audit.rules import RULES, manual

    return manual(RULES[name]) if name in RULES else None


def explain_id(session: Session, store: Store, id_: str) -> str:
    """Return the reasons and numbers of a stored finding, match or common text, or of a document by source/id."""
    from rseaudit.audit.rules import RULES
    from rseaudit.store import decisions, results

    with store.read() as connection:
        found = results.find(connection, id_)
        answers = [item for item in decisions.load(connection) if item.finding == id_]
    if not found:
        raise UsageError(
            f"no rule, finding, match or document is called {id_!r}",
            expected=f"an id from a report, a document as SOURCE/ID, or a rule: {', '.join(RULES)}",
        )
    answered = [f"answered on {item.at:%Y-%m-%d}: {item.proposal}. {item.reason}".rstrip() for item in answers]
    return "\n\n".join([*answered, *(_said(session, kind, data) for _job, kind, data in found)])


def _said(session: Session, kind: str, data: Mapping[str, Any]) -> str:
    speaker = session.speaker
    if kind == "findings":
        lines = [
            f"{data['rule']} · {data['severity']} · {data['document']['source']}/{data['document']['id']}",
            speaker.text(data["reason"], **data["numbers"]),
            speaker.text(data["action"], **data["numbers"]),
        ]
        lines += [f"  [{quote['start']}, {quote['end']}) {quote['text']}" for quote in data["evidence"]]
        return "\n".join([*lines, "", explain_rule(data["rule"]) or ""])
    if kind == "matches":
        document, other = data["document"], data["other"]
        lines = [
            f"{data['kind']}: {document['source']}/{document['id']} and {other['source']}/{other['id']}",
            f"shared words: {data['shared_words']}; of the document {data['share_of_document']:.0%}, "
            f"of the other {data['share_of_other']:.0%}",
            f"original: {data['original']}; evidence: {data['evidence']}",
        ]
        for passage in data["passages"]:
            here, there = passage["document"], passage["other"]
            lines.append(
                f"  [{here['start']}, {here['end']}) = [{there['start']}, {there['end']}) "
                f"{passage['words']} words, similarity {passage['similarity']:.2f}"
            )
        return "\n".join(lines)
    if kind == "documents":
        own = data["originality"]
        return (
            f"{data['document']['source']}/{data['document']['id']}: {data['verdict']}; {data['words']} words, "
            f"originality {'not judged' if own is None else f'{own:.0%}'}, "
            f"taken up with its source {data['attributed_share']:.0%}"
        )
    return json.dumps(data, ensure_ascii=False, indent=1)
