"""Gather what each person who answers for contents is asked. Pure.

A match is told to the side that repeats; to both when nobody knows which side that is.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from rseaudit.ids import short_hash
from rseaudit.model import (
    SEVERITIES,
    Document,
    Finding,
    Judgement,
    Match,
    Passage,
    Person,
    Ref,
    Responsible,
    Side,
)
from rseaudit.people import person_key
from rseaudit.report.data import ReportData
from rseaudit.report.passages import side_by_side
from rseaudit.report.reader import Reader
from rseaudit.report.views import ContentView, DocumentView, FindingView, MatchView, OwnerPage
from rseaudit.text import fold

MATCHES = 8
PASSAGES = 4
COPY_ACTION = "Give the source with a link, merge with the original, or say it in your own words."
_FLIPPED: dict[Side, Side] = {"document": "other", "other": "document", "unknown": "unknown"}


def owner_pages(data: ReportData) -> tuple[OwnerPage, ...]:
    """Return one page for each person who is asked something, by name. Each sees only what they may read."""
    return _Desk(data).pages()


def document_view(document: Document, reader: Reader) -> DocumentView:
    """Name a document that the reader may see."""
    responsible = reader.responsible(document.ref)
    return DocumentView(
        key="c-" + short_hash(document.source, document.id),
        source=document.source,
        id=document.id,
        title=" ".join(document.title.split()) or _beginning(document.text),
        url=document.url,
        space=reader.space(document),
        kind=document.kind,
        created=document.created,
        modified=document.modified,
        responsible=responsible.name,
        rung=responsible.rung,
    )


def match_view(match: Match, reader: Reader, *, passages: int = PASSAGES) -> MatchView | None:
    """Tell a match from its ``document`` side; ``None`` when the reader may not see both sides.

    At most ``passages`` of its passages are set side by side, which is what takes time.
    """
    mine, other = reader.document(match.document), reader.document(match.other)
    if mine is None or other is None:
        return None
    shown = tuple(side_by_side(passage, mine.text, other.text) for passage in match.passages[:passages])
    return MatchView(
        id=match.id,
        kind=match.kind,
        mine=document_view(mine, reader),
        other=document_view(other, reader),
        share_of_mine=match.share_of_document,
        share_of_other=match.share_of_other,
        shared_words=match.shared_words,
        likely={"document": "mine", "other": "other", "unknown": "unknown"}[match.original],
        evidence=match.evidence,
        mine_date=mine.dates.get(match.evidence, mine.created),
        other_date=other.dates.get(match.evidence, other.created),
        passages=shown,
        more_passages=len(match.passages) - len(shown),
        exclude=exclusion("".join(piece.text for piece in shown[0].mine)) if shown else None,
    )


def finding_view(finding: Finding, reader: Reader) -> FindingView:
    """Show a finding on a readable document, with the answer that was given to it, if any."""
    decision = reader.decision(finding)
    return FindingView(
        id=finding.id,
        rule=finding.rule,
        dimension=finding.dimension,
        severity=finding.severity,
        reason=finding.reason,
        action=finding.action,
        numbers=reader.numbers(finding),
        quotes=finding.evidence,
        proposal=finding.proposal,
        decision=decision.proposal if decision else None,
        decision_reason=decision.reason if decision else None,
    )


def exclusion(text: str) -> str:
    """Return the lines of ``rseaudit.toml`` that exclude a text from matching."""
    string = json.dumps(" ".join(text.split()), ensure_ascii=False).replace("\x7f", "\\u007f")
    return f"[duplicates]\nexclude_text = [{string}]"


def flipped(match: Match) -> Match:
    """Return the same match told from its other side; passages in order of the new ``document`` offsets."""
    passages = (
        Passage(document=p.other, other=p.document, similarity=p.similarity, words=p.words) for p in match.passages
    )
    return replace(
        match,
        document=match.other,
        other=match.document,
        share_of_document=match.share_of_other,
        share_of_other=match.share_of_document,
        original=_FLIPPED[match.original],
        passages=tuple(sorted(passages, key=lambda p: (p.document, p.other))),
    )


def slug(name: str) -> str:
    """Return a file name's readable part: lower-case ASCII letters, digits and hyphens, at most 40."""
    return "-".join(re.findall(r"[a-z0-9]+", fold(name)))[:40].strip("-") or "contents"


class _Desk:
    """Sorts findings and matches into one tray per person."""

    def __init__(self, data: ReportData) -> None:
        self._auditor = Reader(data, None)
        self._people: dict[str, Responsible] = {}
        self._findings: dict[str, dict[Ref, list[Finding]]] = defaultdict(lambda: defaultdict(list))
        self._asked: dict[str, dict[Ref, list[Match]]] = defaultdict(lambda: defaultdict(list))
        self._taken_up: dict[str, list[Match]] = defaultdict(list)
        self._sides: dict[Ref, list[Match]] = defaultdict(list)
        self._judgements: dict[Ref, Judgement] = {j.document: j for j in data.judgements}
        self._labels = {audience.id: audience.label for audience in data.audiences}
        self._persons = {person.key: person for person in data.persons}
        for finding in data.findings:
            if self._auditor.is_known(finding.document) and (key := self._tray(finding.owner)):
                self._findings[key][finding.document].append(finding)
        watched = {source.name for source in data.sources if source.role == "watched"}
        for match in data.matches:
            if {match.document.source, match.other.source}.isdisjoint(watched):
                self._sort(match)

    def _sort(self, match: Match) -> None:
        if not (self._auditor.is_known(match.document) and self._auditor.is_known(match.other)):
            return
        for side in (match, flipped(match)):
            self._sides[side.document].append(side)
            if side.kind != "copy" or (key := self._tray(self._auditor.responsible(side.document))) is None:
                continue
            if side.original == "document":
                self._taken_up[key].append(side)
            else:
                self._asked[key][side.document].append(side)

    def _tray(self, responsible: Responsible) -> str | None:
        if responsible.rung == "none" or not (responsible.key or responsible.name):
            return None
        key = responsible.key or person_key(responsible.name)
        self._people.setdefault(key, responsible)
        return key

    def pages(self) -> tuple[OwnerPage, ...]:
        pages = (self._page(key, responsible) for key, responsible in sorted(self._people.items()))
        kept = (page for page in pages if page.contents or page.withheld)
        return tuple(sorted(kept, key=lambda page: (slug(page.name), page.key)))

    def _page(self, key: str, responsible: Responsible) -> OwnerPage:
        person = self._persons.get(key) or Person(key=key, name=responsible.name)
        reader = self._auditor.for_person(person)
        refs = sorted({*self._findings[key], *self._asked[key]})
        contents = [self._content(key, document, reader) for ref in refs if (document := reader.document(ref))]
        taken_up = (view for match in self._taken_up[key] if (view := match_view(match, reader, passages=0)))
        return OwnerPage(
            key=key,
            name=person.name,
            file=f"{slug(person.name)}-{short_hash('owner', key)[:8]}",
            contents=tuple(sorted(contents, key=_weight)),
            taken_up=tuple(taken_up),
            withheld=len(contents) < len(refs),
        )

    def _content(self, key: str, document: Document, reader: Reader) -> ContentView:
        ref = document.ref
        found = sorted(self._findings[key][ref], key=lambda f: (-SEVERITIES.index(f.severity), f.rule, f.id))
        findings = tuple(finding_view(finding, reader) for finding in found if reader.may_tell(finding))
        asked = self._asked[key][ref]
        judgement, originality = self._judgements.get(ref), reader.originality(ref)
        closed = any(reader.document(match.other) is None for match in asked) or len(findings) < len(found)
        first = findings[0] if findings else None
        return ContentView(
            document=document_view(document, reader),
            severity=first.severity if first else "advice",
            proposal=judgement.decision if judgement else first.proposal if first else "update",
            action=first.action if first else COPY_ACTION,
            numbers=first.numbers if first else {},
            audience=self._labels.get(judgement.audience, judgement.audience)
            if judgement and judgement.audience
            else None,
            fit=judgement.fit if judgement else None,
            words=originality.words if originality else None,
            originality=originality.originality if originality else None,
            verdict=originality.verdict if originality else None,
            findings=findings,
            matches=tuple(_strongest(self._sides[ref], reader)),
            restricted=closed,
        )


def _strongest(matches: Iterable[Match], reader: Reader) -> Iterable[MatchView]:
    # What others take up from this content is told apart, for information.
    told = (m for m in matches if reader.may_see(m) and not (m.kind == "copy" and m.original == "document"))
    ordered = sorted(told, key=lambda m: (m.kind != "copy", -m.shared_words, m.id))
    return (view for match in ordered[:MATCHES] if (view := match_view(match, reader)))


def _weight(content: ContentView) -> tuple[int, str, str]:
    return (-SEVERITIES.index(content.severity), content.document.source, content.document.id)


def _beginning(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 80 else line[:80].rsplit(" ", 1)[0] + " …"
