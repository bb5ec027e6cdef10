"""The reports as JSON: what every page is a view of, for programs. Only what its reader may read."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence

from rseaudit.i18n import Translator
from rseaudit.model import Finding, Match, Passage, Ref
from rseaudit.report.data import ReportData, Waiver
from rseaudit.report.owners import document_view
from rseaudit.report.reader import Reader
from rseaudit.report.views import GroupView, Overview, OwnerPage

SCHEMA = 1
# Inside JSON strings only, so that escaping them changes no value: they would change what is seen.
_ESCAPED = re.compile("[\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb]")


def report(data: ReportData, overview: Overview, translator: Translator, *, groups: Sequence[GroupView] = ()) -> str:
    """Return what the auditors may know; reasons and actions are in the reader's language."""
    reader = Reader(data, None)
    judgements = {judgement.document: judgement for judgement in data.judgements}
    documents = []
    for ref in sorted(data.documents):
        if (document := reader.document(ref)) is None:
            continue
        view, judged, own = document_view(document, reader), judgements.get(ref), reader.originality(ref)
        documents.append(
            {
                **_ref(ref),
                "title": view.title,
                "url": view.url,
                "space": view.space,
                "audience": judged.audience if judged else None,
                "fit": judged.fit if judged else None,
                "decision": judged.decision if judged else None,
                "actions": [translator.template(action) for action in judged.actions] if judged else [],
                "words": own.words if own else None,
                "originality": own.originality if own else None,
                "attributed_share": own.attributed_share if own else None,
                "verdict": own.verdict if own else None,
            }
        )
    return _written(
        {
            "schema": SCHEMA,
            "organisation": data.organisation,
            "now": data.now.isoformat(),
            "lang": translator.lang,
            "documents": documents,
            "findings": [_finding(finding, reader, translator) for finding in reader.findings()],
            "matches": [_match(match) for match in data.matches if reader.may_see(match)],
            "groups": [_group(group) for group in groups],
            **_plain(Overview, overview, "common_texts", "sources", "space_rows", "withheld"),
            "waivers": _waivers(data.waivers),
        }
    )


def owner(page: OwnerPage, data: ReportData, translator: Translator) -> str:
    """Return what the page of one person says, with its sentences in the reader's language."""
    plain = _plain(OwnerPage, page)
    for content in plain["contents"]:  # type: ignore[attr-defined]  # pydantic gives plain lists and dicts
        content["action"] = translator.text(content["action"], **content.pop("numbers"))
        for finding in content["findings"]:
            numbers = finding["numbers"]
            finding["reason"] = translator.text(finding["reason"], **numbers)
            finding["action"] = translator.text(finding["action"], **numbers)
    robots = _waivers(waiver for waiver in data.waivers if waiver.kind == "robots")
    head = {"schema": SCHEMA, "now": data.now.isoformat(), "lang": translator.lang}
    return _written({**head, **plain, "waivers": robots})


def digest(data: ReportData, translator: Translator) -> str:
    """Return the digest; reasons are message keys with their values."""
    from rseaudit.watch.digest import Digest

    assert data.digest is not None
    robots = _waivers(waiver for waiver in data.waivers if waiver.kind == "robots")
    return _written({"schema": SCHEMA, "lang": translator.lang, **_plain(Digest, data.digest), "waivers": robots})


def _waivers(waivers: Iterable[Waiver]) -> list[dict[str, str]]:
    return [
        {"source": item.source, "kind": item.kind, "decided": item.decided}
        | ({"space": item.space} if item.kind == "space" else {})
        for item in waivers
    ]


def _finding(finding: Finding, reader: Reader, translator: Translator) -> dict[str, object]:
    numbers = reader.numbers(finding)
    answer = reader.decision(finding)
    return {
        "id": finding.id,
        "rule": finding.rule,
        "dimension": finding.dimension,
        "document": _ref(finding.document),
        "severity": finding.severity,
        "evidence": [{"start": quote.start, "end": quote.end, "text": quote.text} for quote in finding.evidence],
        "reason": translator.text(finding.reason, **numbers),
        "action": translator.text(finding.action, **numbers),
        "numbers": numbers,
        "proposal": finding.proposal,
        "owner": {"name": finding.owner.name, "rung": finding.owner.rung},
        "decision": {"proposal": answer.proposal, "reason": answer.reason} if answer else None,
    }


def _match(match: Match) -> dict[str, object]:
    return {
        "id": match.id,
        "document": _ref(match.document),
        "other": _ref(match.other),
        "kind": match.kind,
        "shared_words": match.shared_words,
        "share_of_document": match.share_of_document,
        "share_of_other": match.share_of_other,
        "original": match.original,
        "evidence": match.evidence,
        "passages": [_passage(passage) for passage in match.passages],
    }


def _group(group: GroupView) -> dict[str, object]:
    return {
        "id": group.id,
        "page": f"groups/{group.file}.html",
        "original": {"source": group.original.source, "id": group.original.id},
        "known": group.known,
        "members": [{"source": match.mine.source, "id": match.mine.id} for match in group.members],
        "matches": [match.id for match in group.members],
    }


def _passage(passage: Passage) -> dict[str, object]:
    return {
        "document": [passage.document.start, passage.document.end],
        "other": [passage.other.start, passage.other.end],
        "similarity": passage.similarity,
    }


def _ref(ref: Ref) -> dict[str, str]:
    return {"source": ref.source, "id": ref.id}


def _plain(kind: type, item: object, *names: str) -> dict[str, object]:
    from pydantic import TypeAdapter

    adapter: TypeAdapter[object] = TypeAdapter(kind)
    found: dict[str, object] = adapter.dump_python(item, mode="json", include=set(names) or None)
    return found


def _written(value: dict[str, object]) -> str:
    text = json.dumps(value, ensure_ascii=False, indent=1)
    return _ESCAPED.sub(lambda sign: f"\\u{ord(sign.group()):04x}", text) + "\n"
