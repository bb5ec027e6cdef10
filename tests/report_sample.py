"""A small French company with all that a report can show, for the tests of reports."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime

from rseaudit.ids import short_hash
from rseaudit.model import (
    Audience,
    CommonText,
    Decision,
    Document,
    Finding,
    Judgement,
    Match,
    Originality,
    Passage,
    Quote,
    Ref,
    Responsible,
    Source,
    Space,
    Span,
)
from rseaudit.report.data import ReportData, SourceCrawl, Tally
from tests.report_company import (
    ADAPTED,
    CLAIRE,
    CLOSED,
    CONFINED,
    FINE,
    HUGO,
    INES,
    INTRANET,
    LEGAL,
    NOW,
    ORPHAN,
    PASSED,
    REMOTE,
    REPLACE,
    REUSE,
    SHARED,
)


def passage(mine: str, other: str, mine_text: str, other_text: str, similarity: float = 1.0) -> Passage:
    """Return the passage that stands as ``mine_text`` in one text and as ``other_text`` in the other."""
    first, second = mine.index(mine_text), other.index(other_text)
    return Passage(
        document=Span(first, first + len(mine_text)),
        other=Span(second, second + len(other_text)),
        similarity=similarity,
        words=len(re.findall(r"\w+", mine_text)),
    )


def finding(
    rule: str,
    dimension: str,
    document: Document,
    severity: str,
    reason: str,
    action: str,
    proposal: str,
    owner: Responsible,
    quote: str = "",
    **numbers: str | int | float,
) -> Finding:
    """Return a finding whose evidence is ``quote``, which must stand in the document."""
    start = document.text.index(quote)
    evidence = (Quote(start, start + len(quote), quote),) if quote else ()
    return Finding(
        id=short_hash(rule, document.source, document.id, quote),
        rule=rule,
        dimension=dimension,
        document=document.ref,
        severity=severity,
        evidence=evidence,
        reason=reason,
        action=action,
        proposal=proposal,
        owner=owner,
        numbers=numbers,
    )


def sample() -> ReportData:
    """Return the company's data: two persons are asked something, one space is closed."""
    documents = {d.ref: d for d in (CONFINED, INTRANET, REMOTE, REUSE, ORPHAN, CLOSED, FINE)}
    claire = Responsible(name=CLAIRE.name, rung="author", key=CLAIRE.key)
    ines = Responsible(name=INES.name, rung="author", key=INES.key)
    nobody = Responsible(name="", rung="none")
    deadline = finding(
        "expired-deadline",
        "freshness",
        CONFINED,
        "alert",
        PASSED,
        REPLACE,
        "update",
        claire,
        quote="avant le 15 septembre 2025",
        days=436,
    )
    findings = (
        finding(
            "stale-content",
            "freshness",
            REMOTE,
            "alert",
            "Nobody has changed this content for {days} days; the limit here is {limit} days.",
            "Read this content again: correct it, confirm it, or archive it.",
            "archive",
            claire,
            days=1911,
            limit=730,
        ),
        finding(
            "long-sentences",
            "sentence-load",
            REMOTE,
            "advice",
            "Sentences of more than {limit} words: {over} of {all}; the longest has {longest} words.",
            "Cut the long sentences: one idea each, a list for what is enumerated.",
            "update",
            claire,
            quote=REMOTE.text[: REMOTE.text.index(" Ce message")],
            limit=25,
            over=1,
            all=3,
            longest=52,
        ),
        deadline,
        finding(
            "orphan-content",
            "ownership",
            ORPHAN,
            "alert",
            "Nobody who is still active answers for this content.",
            "Name somebody who answers for this content, or archive it.",
            "assign-owner",
            nobody,
        ),
        finding(
            "expired-deadline",
            "freshness",
            CLOSED,
            "alert",
            PASSED,
            REPLACE,
            "update",
            ines,
            quote="Confidentiel.",
            days=177,
        ),
    )
    copy = Match(
        id=short_hash("match", "rse", "412", "intranet", "n-17"),
        document=INTRANET.ref,
        other=CONFINED.ref,
        kind="copy",
        shared_words=54,
        share_of_document=0.52,
        share_of_other=0.62,
        original="document",
        evidence="api-date",
        passages=(passage(INTRANET.text, CONFINED.text, SHARED, ADAPTED, 0.97),),
    )
    hidden = Match(
        id=short_hash("match", "rse", "412", "rse", "903"),
        document=CONFINED.ref,
        other=CLOSED.ref,
        kind="copy",
        shared_words=54,
        share_of_document=0.62,
        share_of_other=0.95,
        original="unknown",
        evidence="none",
        passages=(passage(CONFINED.text, CLOSED.text, ADAPTED, SHARED, 0.97),),
    )
    line = (
        "le reporting des jours de télétravail s’effectue dans le SIRH via le workflow dédié, sous réserve de "
        "validation N+1 et N+2"
    )
    taken = Match(
        id=short_hash("match", "rse", "87", "forum", "t-5"),
        document=REUSE.ref,
        other=REMOTE.ref,
        kind="copy",
        shared_words=22,
        share_of_document=0.69,
        share_of_other=0.21,
        original="other",
        evidence="api-date",
        passages=(passage(REUSE.text, REMOTE.text, line, line),),
    )
    legal = Match(
        id=short_hash("match", "rse", "31", "rse", "87"),
        document=ORPHAN.ref,
        other=REMOTE.ref,
        kind="shared-boilerplate",
        shared_words=31,
        share_of_document=0.78,
        share_of_other=0.33,
        original="unknown",
        evidence="none",
        passages=(passage(ORPHAN.text, REMOTE.text, LEGAL, LEGAL),),
    )
    return ReportData(
        organisation="Régie Valdeau",
        contact="audit.editorial@valdeau.example",
        now=NOW,
        documents=documents,
        sources=(
            Source(name="rse", role="audited", platform="humhub", url="https://rse.valdeau.example"),
            Source(name="intranet", role="reference", platform="wordpress", url="https://intranet.valdeau.example"),
            Source(name="forum", role="reference", platform="website", url="https://forum.valdeau.example"),
        ),
        spaces=(
            Space(source="rse", name="Sécurité terrain", visibility="registered", audience="terrain"),
            Space(source="rse", name="Vie au travail", visibility="registered", owners=("Claire Marchand",)),
            Space(source="rse", name="Exploitation", visibility="registered"),
            Space(
                source="rse",
                name="Comité de direction",
                visibility="space",
                members=("Inès Boulanger",),
                url="https://rse.valdeau.example/s/comite",
            ),
            Space(source="intranet", name="Prévention", visibility="public"),
            Space(source="forum", name="Entraide", visibility="registered"),
        ),
        persons=(CLAIRE, HUGO, INES),
        audiences=(
            Audience(id="terrain", label="Techniciens de terrain"),
            Audience(id="tous", label="Tout le personnel"),
        ),
        matches=(taken, copy, hidden, legal),
        originality=(
            Originality(document=CONFINED.ref, words=87, originality=0.38, attributed_share=0.0, verdict="copy"),
            Originality(document=REMOTE.ref, words=63, originality=1.0, attributed_share=0.0, verdict="original"),
            Originality(document=REUSE.ref, words=32, originality=0.31, attributed_share=0.0, verdict="not-judged"),
        ),
        common_texts=(
            CommonText(id=short_hash("common", LEGAL), text=LEGAL, documents=38, sources=2, suggestion=LEGAL),
        ),
        findings=findings,
        judgements=(
            Judgement(document=CONFINED.ref, audience="terrain", fit="adjust", decision="update"),
            Judgement(document=REMOTE.ref, audience="tous", fit="unfit", decision="archive"),
            Judgement(document=ORPHAN.ref, audience=None, fit="not-judged", decision="assign-owner"),
            Judgement(document=FINE.ref, audience="terrain", fit="fits", decision="keep"),
            Judgement(document=CLOSED.ref, audience=None, fit="not-judged", decision="update"),
        ),
        decisions=(
            Decision(
                finding=deadline.id,
                proposal="update",
                reason="Nouvelle session en janvier.",
                by="k-claire",
                at=datetime(2026, 11, 3, 9, 0, tzinfo=UTC),
            ),
        ),
        crawl=(
            SourceCrawl(
                source="rse",
                asked=168,
                done=160,
                failed=3,
                excluded=5,
                refused=(
                    Tally(
                        reason="action",
                        count=41,
                        examples=(
                            "https://rse.valdeau.example/user/auth/logout",
                            "https://rse.valdeau.example/s/comite/post/903/delete",
                        ),
                    ),
                    Tally(reason="origin", count=7, examples=("https://www.meteo.example/",)),
                ),
                failures=(
                    Tally(reason="status 500", count=3, examples=("https://rse.valdeau.example/s/archives/12",)),
                ),
                robots_override="DSI, 2026-03-01, accord n° 12",
            ),
            SourceCrawl(source="intranet", asked=64, done=64, failed=0, excluded=0),
            SourceCrawl(source="forum", asked=120, done=90, failed=0, excluded=30, complete=False),
        ),
    )


def with_payload(data: ReportData, payload: str) -> ReportData:
    """Return the data with ``payload`` in every place that content or a platform can fill."""
    documents = {
        Ref(ref.source, ref.id): replace(
            document,
            title=f"{payload} {document.title}",
            text=document.text,
            url=payload if document.source == "forum" else document.url,
            spaces=document.spaces,
        )
        for ref, document in data.documents.items()
    }
    findings = [
        replace(
            item,
            evidence=(Quote(0, len(payload), payload),),
            numbers={**item.numbers, "days": payload, "longest": payload},
        )
        for item in data.findings
    ]
    crawl = [
        replace(
            item,
            notes=(payload,),
            robots_override=payload,
            failures=(Tally(reason=payload, count=1, examples=(payload,)),),
        )
        for item in data.crawl
    ]
    persons = [replace(person, name=f"{person.name} {payload}") for person in data.persons]
    common = [replace(item, suggestion=payload) for item in data.common_texts]
    return replace(
        data,
        organisation=payload,
        contact=payload,
        documents=documents,
        findings=findings,
        crawl=crawl,
        persons=persons,
        common_texts=common,
        decisions=[replace(item, reason=payload) for item in data.decisions],
    )
