"""Tell the writer of a draft what was found, in the reader's language. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from rseaudit.checking import Checked
from rseaudit.i18n import Translator
from rseaudit.model import SEVERITIES, Document, Match
from rseaudit.report.labels import label

SCHEMA = 1
_PASSAGES = 3
_SHOWN = 90


def to_json(checked: Checked, translator: Translator) -> dict[str, object]:
    """Return the data of ``rseaudit check --json``: spans are code points of ``text``, the draft as it was read."""
    found = checked.comparison
    own = found.originality
    return {
        "schema": SCHEMA,
        "draft": checked.draft.id,
        "text": checked.draft.text,
        "words": own.words,
        "originality": None if own.originality is None else round(own.originality, 2),
        "attributed_share": round(own.attributed_share, 2),
        "verdict": own.verdict,
        "matches": [_match(match, checked.draft, found.documents[match.other]) for match in found.matches],
        "common_texts": list(found.common),
        "restricted": checked.restricted,
        "audience": checked.audience.id if checked.audience else None,
        "fit": checked.judgement.fit,
        "actions": [translator.template(action) for action in checked.judgement.actions],
        "findings": [
            {
                "rule": finding.rule,
                "dimension": finding.dimension,
                "severity": finding.severity,
                "evidence": [{"start": q.start, "end": q.end, "text": q.text} for q in finding.evidence],
                "reason": translator.text(finding.reason, **finding.numbers),
                "action": translator.text(finding.action, **finding.numbers),
            }
            for finding in checked.findings
        ],
    }


def _match(match: Match, draft: Document, other: Document) -> dict[str, object]:
    return {
        "other": {"source": other.source, "id": other.id},
        "title": _name(other),
        "url": other.url,
        "kind": match.kind,
        "shared_words": match.shared_words,
        "share_of_draft": round(match.share_of_document, 2),
        "passages": [
            {
                "draft": [passage.document.start, passage.document.end],
                "other": [passage.other.start, passage.other.end],
                "similarity": round(passage.similarity, 2),
                "text": draft.text[passage.document.start : passage.document.end],
            }
            for passage in match.passages
        ],
    }


def to_text(checked: Checked, translator: Translator) -> str:
    """Return the answer for a terminal: first what stands elsewhere, then how it fits."""
    return "\n".join(_lines(checked, translator)) + "\n"


def _lines(checked: Checked, speaker: Translator) -> Iterator[str]:
    found = checked.comparison
    own = found.originality
    if not found.matches:
        yield speaker.text("Nothing of this draft was found elsewhere.")
    else:
        yield speaker.plural(
            "This draft shares passages with {n} content.",
            "This draft shares passages with {n} contents.",
            len(found.matches),
        )
        if own.originality is not None:
            yield speaker.text("Own words: {share} of those judged.", share=speaker.percent(own.originality))
    for match in found.matches:
        other = found.documents[match.other]
        yield ""
        yield f"· {_name(other)} [{other.source}]" + (f" {other.url}" if other.url else "")
        kind, shared = speaker.template(label("kind", match.kind)), speaker.percent(match.share_of_document)
        yield "  " + speaker.plural(
            "{kind}: {n} word in common, {share} of the draft.",
            "{kind}: {n} words in common, {share} of the draft.",
            match.shared_words,
            kind=kind,
            share=shared,
        )
        for passage in match.passages[:_PASSAGES]:
            piece = checked.draft.text[passage.document.start : passage.document.end]
            yield "  " + speaker.text("“{text}”", text=_cut(piece))
    if any(match.kind == "copy" for match in found.matches):
        yield ""
        yield speaker.text("Give the source with a link, quote it, or say it in your own words.")
    if checked.restricted:
        yield ""
        yield speaker.text("Passages also stand in a restricted content, of which nothing is shown here.")
    if found.common:
        yield ""
        yield speaker.plural(
            "{n} standing text (signature, notice) was left aside.",
            "{n} standing texts (signatures, notices) were left aside.",
            len(found.common),
        )
    yield ""
    yield from _fit(checked, speaker)


def _fit(checked: Checked, speaker: Translator) -> Iterator[str]:
    if checked.audience is not None:
        yield speaker.text(
            "For its audience, {audience}: {fit}.",
            audience=checked.audience.label,
            fit=speaker.template(label("fit", checked.judgement.fit)).lower(),
        )
    order = sorted(checked.findings, key=lambda f: (-SEVERITIES.index(f.severity), f.rule, f.id))
    for finding in order:
        yield f"· {speaker.template(label('severity', finding.severity))} – " + speaker.text(
            finding.reason, **finding.numbers
        )
        for quote in finding.evidence[:1]:
            yield "  " + speaker.text("“{text}”", text=_cut(quote.text))
        yield f"  → {speaker.text(finding.action, **finding.numbers)}"
    if not order:
        yield speaker.text("The rules of the audit have no remark.")


def _name(document: Document) -> str:
    return " ".join(document.title.split()) or _cut(document.text)


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else line[:_SHOWN].rsplit(" ", 1)[0] + " …"
