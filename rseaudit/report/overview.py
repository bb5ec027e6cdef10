"""Sum up an audit for the auditors: by rule, by space, by source; never by person. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import replace

from rseaudit.model import SEVERITIES, CommonText, Document, Finding, Judgement, Match, Ref
from rseaudit.report.data import ReportData, SourceCrawl
from rseaudit.report.owners import document_view, finding_view, flipped, match_view
from rseaudit.report.reader import Reader
from rseaudit.report.views import Overview, RuleGroup, SourceRow, SpaceRow

ITEMS = 12
MATCHES = 12


def overview(data: ReportData) -> Overview:
    """Return what an auditor, who belongs to no space, may know. Contents of watched sources are not counted."""
    reader = Reader(data, None)
    watched = {source.name for source in data.sources if source.role == "watched"}
    documents = {
        ref: document
        for ref in sorted(data.documents)
        if ref.source not in watched and (document := reader.document(ref)) is not None
    }
    audited = {source.name for source in data.sources if source.role == "audited"}
    findings = reader.findings()
    matches = tuple(match for match in data.matches if reader.may_see(match))
    copies = [match for match in matches if match.kind == "copy"]
    judgements = {judgement.document: judgement for judgement in data.judgements if judgement.document in documents}
    judged = [judgement for judgement in judgements.values() if judgement.document.source in audited or not audited]
    shown = sorted(copies, key=lambda match: (-match.shared_words, match.id))
    views = (match_view(_from_the_copy(match), reader) for match in shown[:MATCHES])
    return Overview(
        documents=len(documents),
        spaces=len({(d.source, name) for d in documents.values() for name in reader.spaces(d)}),
        sources=_sources(data, reader, documents),
        by_severity={level: sum(f.severity == level for f in findings) for level in reversed(SEVERITIES)},
        by_fit=_counts((j.fit for j in judged), ("fits", "adjust", "unfit", "not-judged")),
        by_proposal=_counts((j.decision for j in judged), ("keep", "update", "merge", "archive", "assign-owner")),
        by_kind=_counts(
            (m.kind for m in matches), ("copy", "relay", "quote", "own-version", "template", "shared-boilerplate")
        ),
        concerned=len({finding.document for finding in findings}),
        unanswered=len({finding.document for finding in findings if finding.owner.rung == "none"}),
        copied=len(_repeating(copies)),
        rules=_rules(findings, reader),
        space_rows=_spaces(documents, findings, judgements, _repeating(copies), reader, data),
        matches=tuple(view for view in views if view is not None),
        more_matches=max(0, len(shown) - MATCHES),
        common_texts=_common(data, documents),
        withheld=any(reader.document(ref) is None for ref, document in data.documents.items() if not document.gone),
    )


def _from_the_copy(match: Match) -> Match:
    return flipped(match) if match.original == "document" else match


def _repeating(copies: list[Match]) -> frozenset[Ref]:
    """Return the documents that repeat another; both when nobody knows which does."""
    return frozenset(
        ref
        for match in copies
        for ref, side in ((match.document, "document"), (match.other, "other"))
        if match.original != side
    )


def _counts(values: Iterable[str], keys: tuple[str, ...]) -> dict[str, int]:
    found = Counter(values)
    return {key: found[key] for key in keys}


def _rules(findings: tuple[Finding, ...], reader: Reader) -> tuple[RuleGroup, ...]:
    """Return the groups by severity, then by how many documents they concern."""
    by_rule: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        by_rule[finding.rule].append(finding)
    groups = []
    for rule, found in by_rule.items():
        found.sort(key=lambda f: (-SEVERITIES.index(f.severity), f.document, f.id))
        items = []
        for finding in found[:ITEMS]:
            document = reader.document(finding.document)
            assert document is not None  # ``findings`` came from the reader
            items.append((document_view(document, reader), finding_view(finding, reader)))
        documents = {finding.document for finding in found}
        groups.append(
            RuleGroup(
                rule=rule,
                dimension=found[0].dimension,
                severity=found[0].severity,
                documents=len(documents),
                spaces=len({(ref.source, item.space) for ref in documents if (item := reader.document(ref))}),
                items=tuple(items),
                more=len(found) - len(items),
            )
        )
    return tuple(sorted(groups, key=lambda g: (-SEVERITIES.index(g.severity), -g.documents, g.rule)))


def _spaces(
    documents: dict[Ref, Document],
    findings: tuple[Finding, ...],
    judgements: dict[Ref, Judgement],
    repeating: frozenset[Ref],
    reader: Reader,
    data: ReportData,
) -> tuple[SpaceRow, ...]:
    """Return the spaces of audited sources by name; a document counts in the first that may be named."""
    audited = {source.name for source in data.sources if source.role != "reference"}
    labels = {audience.id: audience.label for audience in data.audiences}
    rows: dict[tuple[str, str], SpaceRow] = {}
    severities: dict[Ref, list[str]] = defaultdict(list)
    for finding in findings:
        severities[finding.document].append(finding.severity)
    for ref, document in documents.items():
        if ref.source not in audited and data.sources:
            continue
        name = reader.space(document)
        judgement = judgements.get(ref)
        fit = judgement.fit if judgement else "not-judged"
        row = rows.get((ref.source, name or "")) or SpaceRow(
            source=ref.source, name=name, audience=None, documents=0, alerts=0, advice=0, fits=0, adjust=0, unfit=0,
            not_judged=0, taken_up=0,
        )  # fmt: skip
        rows[ref.source, name or ""] = replace(
            row,
            audience=row.audience or (labels.get(judgement.audience or "", judgement.audience) if judgement else None),
            documents=row.documents + 1,
            alerts=row.alerts + severities[ref].count("alert"),
            advice=row.advice + severities[ref].count("advice"),
            fits=row.fits + (fit == "fits"),
            adjust=row.adjust + (fit == "adjust"),
            unfit=row.unfit + (fit == "unfit"),
            not_judged=row.not_judged + (fit == "not-judged"),
            taken_up=row.taken_up + (ref in repeating),
        )
    return tuple(rows[key] for key in sorted(rows))


def _sources(data: ReportData, reader: Reader, documents: dict[Ref, Document]) -> tuple[SourceRow, ...]:
    crawls = {crawl.source: crawl for crawl in data.crawl}
    counts = Counter(ref.source for ref in documents)
    return tuple(
        SourceRow(
            name=source.name,
            role=source.role,
            platform=source.platform,
            url=source.url,
            documents=counts[source.name],
            crawl=_crawl(crawls.get(source.name), reader),
        )
        for source in sorted(data.sources, key=lambda s: (s.role, s.name))
    )


def _crawl(crawl: SourceCrawl | None, reader: Reader) -> SourceCrawl | None:
    if crawl is None:
        return None
    return replace(
        crawl,
        refused=reader.tally(crawl.refused),
        failures=reader.tally(crawl.failures),
        left_out=reader.tally(crawl.left_out),
    )


def _common(data: ReportData, documents: dict[Ref, Document]) -> tuple[CommonText, ...]:
    """Return the common texts that at least one readable document holds to the letter."""
    return tuple(
        common
        for common in sorted(data.common_texts, key=lambda c: (-c.documents, c.id))
        if any(common.text in document.text for document in documents.values())
    )
