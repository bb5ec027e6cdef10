"""Judge documents by the rules: from what the store knows to findings and judgements."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from rseaudit.audit.context import Context, Shared, seen_from
from rseaudit.audit.fit import judge_fit
from rseaudit.audit.memory import NOTHING, Fingerprints, Judged, Memory
from rseaudit.audit.owners import has_inactive_author, responsible
from rseaudit.audit.registry import Remark, Rule
from rseaudit.audit.rules import chosen
from rseaudit.audit.spaces import Spaces, audience_of
from rseaudit.audit.today import Until
from rseaudit.config.settings import AuditSettings, SpaceSettings
from rseaudit.ids import short_hash
from rseaudit.model import (
    Audience,
    Document,
    Finding,
    Judgement,
    Match,
    Originality,
    Quote,
    Ref,
    Responsible,
    Source,
    Space,
)
from rseaudit.people import Directory
from rseaudit.text import words

Translate = Callable[[str, Mapping[str, str | int | float]], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """What an audit found, by source and id; findings then by rule and evidence.

    ``responsibles`` says who answers for each judged document, with findings or without. ``judged`` is
    what the next audit needs to know. ``unchanged`` counts the documents that no rule looked at because
    nothing has changed, ``redated`` those of which only rules about time were asked again.
    """

    findings: tuple[Finding, ...]
    judgements: tuple[Judgement, ...]
    responsibles: Mapping[Ref, Responsible] = field(default_factory=dict)
    judged: tuple[Judged, ...] = ()
    unchanged: int = 0
    redated: int = 0


def judge(
    documents: Iterable[Document],
    *,
    spaces: Iterable[Space],
    sources: Iterable[Source],
    directory: Directory,
    audiences: Iterable[Audience],
    space_settings: Sequence[SpaceSettings],
    matches: Iterable[Match],
    originality: Iterable[Originality],
    settings: AuditSettings,
    now: datetime,
    kept: Collection[str] = (),
    memory: Memory = NOTHING,
) -> Audit:
    """Judge the documents of audited sources that are not gone; the others only serve to be compared with.

    ``kept`` are the ids of findings answered with "keep": they are found all the same, but no longer
    weigh on what is proposed for their document. The order of what is given does not matter: the same
    store gives the same audit. So does ``memory``, what an earlier audit left: a document of which all
    that rules can see is as it was is not judged again, but for the rules whose answer time has changed.
    An unknown rule name in the settings is a ``UsageError``.
    """
    rules = chosen(settings)
    by_ref = {document.ref: document for document in documents}
    audited = {source.name for source in sources if source.role == "audited"}
    known = Spaces(
        known={(space.source, space.name): space for space in spaces},
        settings=tuple(space_settings),
        audiences={audience.id: audience for audience in audiences},
    )
    own = {one.document: one for one in originality}
    touching = _by_document(matches)
    findings: list[Finding] = []
    judgements: list[Judgement] = []
    responsibles: dict[Ref, Responsible] = {}
    fingerprints = Fingerprints(settings)
    remembered: list[Judged] = []
    unchanged = redated = 0
    for ref in sorted(by_ref):
        document = by_ref[ref]
        if document.gone or ref.source not in audited:
            continue
        audience = audience_of(document, known)
        context = Context(
            document=document,
            audience=audience,
            responsible=responsible(document, known, directory),
            now=now,
            settings=settings,
            author_inactive=has_inactive_author(document, directory),
            shared=tuple(
                _shared(document, match, by_ref.get(match.other), known, audited, directory)
                for match in touching.get(ref, ())
                if not ((other := by_ref.get(match.other)) is not None and other.gone)
            ),
            originality=own.get(ref),
            space_audiences=_space_audiences(document, audience, known),
        )
        key = fingerprints.key(context)
        before = memory.recall(ref, key, now)
        asked = rules if before is None else before.to_ask(rules, now)
        unchanged += before is not None and not asked
        redated += before is not None and bool(asked)
        found, until = _findings(context, asked)
        if before is None:
            one = Judged(document=ref, key=key, at=now, words=context.words, until=until)
        else:
            found = tuple(sorted((*found, *memory.still(ref, asked)), key=_order))
            one = before.renewed(asked, until, now)
        remembered.append(one)
        findings.extend(found)
        weighing = tuple(finding for finding in found if finding.id not in kept)
        judgements.append(judge_fit(document, audience, weighing, words=one.words))
        responsibles[ref] = context.responsible
    return Audit(
        findings=tuple(findings),
        judgements=tuple(judgements),
        responsibles=responsibles,
        judged=tuple(remembered),
        unchanged=unchanged,
        redated=redated,
    )


def to_json(audit: Audit, run: str, translate: Translate) -> dict[str, object]:
    """Return the data of ``rseaudit audit --json``.

    ``translate`` takes a message key and the values of its places, and returns the sentence.
    """
    return {
        "schema": 1,
        "run": run,
        "judged": len(audit.judged) - audit.unchanged - audit.redated,
        "unchanged": audit.unchanged,
        "dates_checked": audit.redated,
        "findings": [
            {
                "id": finding.id,
                "rule": finding.rule,
                "dimension": finding.dimension,
                "document": {"source": finding.document.source, "id": finding.document.id},
                "severity": finding.severity,
                "evidence": [{"start": q.start, "end": q.end, "text": q.text} for q in finding.evidence],
                "reason": translate(finding.reason, finding.numbers),
                "action": translate(finding.action, finding.numbers),
                "owner": {"name": finding.owner.name, "rung": finding.owner.rung},
            }
            for finding in audit.findings
        ],
        "documents": [
            {
                "source": judgement.document.source,
                "id": judgement.document.id,
                "audience": judgement.audience,
                "fit": judgement.fit,
                "decision": judgement.decision,
                "actions": [translate(action, {}) for action in judgement.actions],
            }
            for judgement in audit.judgements
        ],
    }


def _by_document(matches: Iterable[Match]) -> Mapping[Ref, tuple[Match, ...]]:
    """Return each match under both of its documents, seen from there, once for each other content."""
    found: dict[Ref, dict[Ref, Match]] = {}
    for match in sorted(matches, key=lambda match: (match.document, match.other, match.id)):
        for ref in (match.document, match.other):
            seen = seen_from(match, ref)
            found.setdefault(ref, {}).setdefault(seen.other, seen)
    return {ref: tuple(there[other] for other in sorted(there)) for ref, there in found.items()}


def _shared(
    document: Document,
    match: Match,
    other: Document | None,
    spaces: Spaces,
    audited: set[str],
    directory: Directory,
) -> Shared:
    if other is None:
        return Shared(match=match)
    return Shared(
        match=match,
        other=other,
        other_audience=audience_of(other, spaces) if other.source in audited else None,
        same_author=directory.same(document.author, other.author),
    )


def _space_audiences(document: Document, audience: Audience | None, spaces: Spaces) -> tuple[Audience, ...]:
    """Return the audiences of a document's other spaces, in their order, without repetition."""
    found = [spaces.audience(document.source, name) for name in document.spaces[1:]]
    return tuple({one.id: one for one in found if one is not None and one != audience}.values())


def _findings(context: Context, rules: Sequence[Rule]) -> tuple[tuple[Finding, ...], dict[str, Until]]:
    """Return the findings of one document in order, each id once, and how long those rules' answers hold."""
    findings: list[Finding] = []
    until: dict[str, Until] = {}
    for rule in rules:
        once: dict[str, Finding] = {}
        for remark in rule.judge(context):
            finding = _finding(context, rule, remark)
            once.setdefault(finding.id, finding)
        findings.extend(once.values())
        if (holds := context.today.noted()) is not None:
            until[rule.name] = holds
    return tuple(sorted(findings, key=_order)), until


def _order(finding: Finding) -> tuple[str, list[tuple[int, int]], str]:
    return finding.rule, [(quote.start, quote.end) for quote in finding.evidence], finding.id


def _finding(context: Context, rule: Rule, remark: Remark) -> Finding:
    document = context.document
    return Finding(
        id=finding_id(rule.name, document.ref, remark.evidence),
        rule=rule.name,
        dimension=rule.dimension,
        document=document.ref,
        # A short message of a stream scrolls away: whatever is said of it is mere information.
        severity="info" if context.is_passing else remark.severity or rule.severity,
        evidence=remark.evidence,
        reason=remark.reason,
        action=remark.action,
        proposal=remark.proposal or rule.proposal,
        owner=context.responsible,
        numbers=remark.numbers,
    )


def finding_id(rule: str, document: Ref, evidence: Sequence[Quote]) -> str:
    """Return the id of a finding: of what was found, never of where it stands in the text."""
    return short_hash(rule, document.source, document.id, *(" ".join(words(quote.text).forms) for quote in evidence))
