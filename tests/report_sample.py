"""A small French company with all that a report can show, for the tests of reports."""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

from rseaudit.config.settings import WatchSettings
from rseaudit.config.watchlist import Watchlist
from rseaudit.ids import short_hash
from rseaudit.model import (
    Audience,
    CommonText,
    Decision,
    Document,
    Entry,
    Feed,
    FeedState,
    Finding,
    Judgement,
    Match,
    Originality,
    Passage,
    Person,
    Quote,
    Ref,
    Responsible,
    Source,
    Space,
    Span,
)
from rseaudit.report.data import ReportData, SourceCrawl, Tally
from rseaudit.watch.digest import Digest
from rseaudit.watch.job import update

PARIS = timezone(timedelta(hours=1))
PRESS = ("Le Journal des réseaux", "Veille & intranet", "Archives du numérique", "DSI magazine")
SUBJECTS = (
    "les cantines", "le stationnement", "le budget", "les archives", "la toiture", "les concerts", "la papeterie",
    "les jardins", "la piscine", "les vitres",
)  # fmt: skip
WATCHLIST = """
id = "social"
label = { fr = "Réseaux sociaux d’entreprise", en = "Enterprise social networks" }
[[topic]]
id = "intranet"
label = { fr = "Intranet et accès", en = "Intranet and access" }
any = ["intranet", "passkey"]
weight = 3
[[vendor]]
name = "Zorglub"
[[source]]
url = "https://f0.example.org/rss"
name = "Le Journal des réseaux"
pestel_hint = "technological"
"""
PASSED = "This content still announces a date that has passed (days ago: {days})."
REPLACE = "Replace the date that has passed by the outcome or the next date, or archive the content."
NOW = datetime(2026, 11, 25, 9, 0, tzinfo=PARIS)

CLAIRE = Person(key="k-claire", name="Claire Marchand", mail="claire.marchand@valdeau.example", active=True)
HUGO = Person(key="k-hugo", name="Hugo Lefèvre", mail="hugo.lefevre@valdeau.example", active=True)
INES = Person(key="k-ines", name="Inès Boulanger", mail="ines.boulanger@valdeau.example", active=True)

SHARED = (
    "Depuis le 1er mars, les interventions en espace confiné se font à deux personnes au minimum, dont une reste "
    "à l’extérieur et garde le contact avec celle qui descend. Le détecteur quatre gaz est vérifié avant chaque "
    "descente, en présence du chef d’équipe. Toute alarme impose la sortie immédiate, sans exception."
)
ADAPTED = (
    "Depuis le 1er mars, les interventions en espace confiné se font à deux personnes au minimum, dont une reste "
    "à l’extérieur et garde le contact radio avec celle qui descend. Le détecteur quatre gaz est contrôlé avant chaque "
    "descente, en présence du chef d’équipe. Toute alarme impose la sortie immédiate, sans exception."
)
LEGAL = (
    "Ce message et ses pièces jointes sont confidentiels et établis à l’intention exclusive de ses destinataires. "
    "Si vous l’avez reçu par erreur, merci de le détruire et d’en avertir l’expéditeur."
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
    confined = Document(
        source="rse",
        id="412",
        kind="post",
        title="Espaces confinés : on ne descend plus jamais seul",
        text="Bonjour à toutes et à tous,\n\n" + ADAPTED + "\n\nMerci de vous inscrire avant le 15 septembre 2025 "
        "auprès de votre responsable pour la session de recyclage CATEC.",
        url="https://rse.valdeau.example/s/securite-terrain/post/412",
        spaces=("Sécurité terrain",),
        author="Claire Marchand",
        created=datetime(2026, 3, 9, 14, 20, tzinfo=PARIS),
        modified=datetime(2026, 4, 2, 8, 0, tzinfo=PARIS),
        dates={"api-date": datetime(2026, 3, 9, 14, 20, tzinfo=PARIS)},
        visibility="registered",
        lang="fr",
    )
    intranet = Document(
        source="intranet",
        id="n-17",
        title="Travaux en espace confiné : la nouvelle consigne",
        text="La consigne nationale évolue.\n\n" + SHARED + "\n\n" + LEGAL,
        url="https://intranet.valdeau.example/node/17",
        spaces=("Prévention",),
        author="Paul Nguyen",
        created=datetime(2026, 2, 24, 10, 0, tzinfo=PARIS),
        dates={"api-date": datetime(2026, 2, 24, 10, 0, tzinfo=PARIS)},
        visibility="public",
        lang="fr",
    )
    remote = Document(
        source="rse",
        id="87",
        kind="page",
        title="Guide du télétravail 2021",
        text="Conformément à l’avenant n° 3, le reporting des jours de télétravail s’effectue dans le SIRH "
        "via le workflow dédié, sous réserve de validation N+1 et N+2, étant entendu "
        "que les modalités afférentes aux astreintes, aux "
        "déplacements et aux situations particulières demeurent inchangées. " + LEGAL,
        url="https://rse.valdeau.example/s/vie-au-travail/page/87",
        spaces=("Vie au travail",),
        author="Claire Marchand",
        created=datetime(2021, 9, 1, 9, 0, tzinfo=PARIS),
        visibility="registered",
        lang="fr",
    )
    reuse = Document(
        source="forum",
        id="t-5",
        title="Télétravail : ce que dit l’avenant",
        text="Pour mémoire : le reporting des jours de télétravail s’effectue dans le SIRH via le workflow "
        "dédié, sous réserve de validation N+1 et N+2. On en reparle jeudi.",
        url="https://forum.valdeau.example/t/5",
        spaces=("Entraide",),
        author="Hugo Lefèvre",
        created=datetime(2022, 1, 10, 9, 0, tzinfo=PARIS),
        visibility="registered",
        lang="fr",
    )
    orphan = Document(
        source="rse",
        id="31",
        kind="page",
        title="Procédure d’astreinte",
        spaces=("Exploitation",),
        text="En cas d’alerte, appelez le numéro habituel. " + LEGAL,
        url="https://rse.valdeau.example/s/exploitation/page/31",
        created=datetime(2019, 5, 1, 9, 0, tzinfo=PARIS),
        visibility="registered",
        author_active=False,
        lang="fr",
    )
    closed = Document(
        source="rse",
        id="903",
        title="Projet Hirondelle : réorganisation de l’agence Sud",
        spaces=("Comité de direction",),
        text="Confidentiel. " + SHARED,
        url="https://rse.valdeau.example/s/comite/post/903",
        author="Inès Boulanger",
        created=datetime(2026, 1, 5, 9, 0, tzinfo=PARIS),
        visibility="space",
        lang="fr",
    )
    fine = Document(
        source="rse",
        id="500",
        title="Nouvelle station de Brézins : venez la visiter",
        spaces=("Sécurité terrain",),
        text="La station de Brézins ouvre ses portes le 4 décembre. "
        "Inscrivez-vous auprès de l’accueil avant le 1er décembre.",
        url="https://rse.valdeau.example/s/securite-terrain/post/500",
        author="Hugo Lefèvre",
        created=datetime(2026, 11, 20, 9, 0, tzinfo=PARIS),
        visibility="registered",
        lang="fr",
    )
    documents = {d.ref: d for d in (confined, intranet, remote, reuse, orphan, closed, fine)}
    claire = Responsible(name=CLAIRE.name, rung="author", key=CLAIRE.key)
    ines = Responsible(name=INES.name, rung="author", key=INES.key)
    nobody = Responsible(name="", rung="none")
    deadline = finding(
        "expired-deadline",
        "freshness",
        confined,
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
            remote,
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
            remote,
            "advice",
            "Sentences of more than {limit} words: {over} of {all}; the longest has {longest} words.",
            "Cut the long sentences: one idea each, a list for what is enumerated.",
            "update",
            claire,
            quote=remote.text[: remote.text.index(" Ce message")],
            limit=25,
            over=1,
            all=3,
            longest=52,
        ),
        deadline,
        finding(
            "orphan-content",
            "ownership",
            orphan,
            "alert",
            "Nobody who is still active answers for this content.",
            "Name somebody who answers for this content, or archive it.",
            "assign-owner",
            nobody,
        ),
        finding(
            "expired-deadline",
            "freshness",
            closed,
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
        document=intranet.ref,
        other=confined.ref,
        kind="copy",
        shared_words=54,
        share_of_document=0.52,
        share_of_other=0.62,
        original="document",
        evidence="api-date",
        passages=(passage(intranet.text, confined.text, SHARED, ADAPTED, 0.97),),
    )
    hidden = Match(
        id=short_hash("match", "rse", "412", "rse", "903"),
        document=confined.ref,
        other=closed.ref,
        kind="copy",
        shared_words=54,
        share_of_document=0.62,
        share_of_other=0.95,
        original="unknown",
        evidence="none",
        passages=(passage(confined.text, closed.text, ADAPTED, SHARED, 0.97),),
    )
    line = (
        "le reporting des jours de télétravail s’effectue dans le SIRH via le workflow dédié, sous réserve de "
        "validation N+1 et N+2"
    )
    taken = Match(
        id=short_hash("match", "rse", "87", "forum", "t-5"),
        document=reuse.ref,
        other=remote.ref,
        kind="copy",
        shared_words=22,
        share_of_document=0.69,
        share_of_other=0.21,
        original="other",
        evidence="api-date",
        passages=(passage(reuse.text, remote.text, line, line),),
    )
    legal = Match(
        id=short_hash("match", "rse", "31", "rse", "87"),
        document=orphan.ref,
        other=remote.ref,
        kind="shared-boilerplate",
        shared_words=31,
        share_of_document=0.78,
        share_of_other=0.33,
        original="unknown",
        evidence="none",
        passages=(passage(orphan.text, remote.text, LEGAL, LEGAL),),
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
            Originality(document=confined.ref, words=87, originality=0.38, attributed_share=0.0, verdict="copy"),
            Originality(document=remote.ref, words=63, originality=1.0, attributed_share=0.0, verdict="original"),
            Originality(document=reuse.ref, words=32, originality=0.31, attributed_share=0.0, verdict="not-judged"),
        ),
        common_texts=(
            CommonText(id=short_hash("common", LEGAL), text=LEGAL, documents=38, sources=2, suggestion=LEGAL),
        ),
        findings=findings,
        judgements=(
            Judgement(document=confined.ref, audience="terrain", fit="adjust", decision="update"),
            Judgement(document=remote.ref, audience="tous", fit="unfit", decision="archive"),
            Judgement(document=orphan.ref, audience=None, fit="not-judged", decision="assign-owner"),
            Judgement(document=fine.ref, audience="terrain", fit="fits", decision="keep"),
            Judgement(document=closed.ref, audience=None, fit="not-judged", decision="update"),
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


def digest(payload: str = "") -> Digest:
    """Return a digest of nine weeks in which "passkey" rises and "Zorglub" appears."""
    now = datetime(2026, 11, 25, 8, tzinfo=UTC)
    watchlist = Watchlist.model_validate(tomllib.loads(WATCHLIST))
    feeds = [
        Feed(url=f"https://f{i}.example.org/rss", name=f"{name} {payload}".strip()) for i, name in enumerate(PRESS)
    ]

    def entry(feed: int, name: str, title: str, days: float) -> Entry:
        at = now - timedelta(days=days)
        return Entry(
            id=name,
            feed=feeds[feed].url,
            url=payload if payload and name.startswith("p") else f"https://f{feed}.example.org/{name}",
            title=f"{title} {payload}".strip(),
            summary=f"{title}. Le déploiement commence dans les collectivités dès le printemps. {payload}",
            published=at,
            first_seen=at,
            lang="fr",
        )

    entries = [
        entry(week % 4, f"w{week}-{i}", f"Un intranet pour {subject}", 8 + 7 * week + i / 4)
        for week in range(8)
        for i, subject in enumerate(SUBJECTS)
    ]
    entries += [
        entry(i % 4, f"p{i}", f"La passkey arrive sur l’intranet : {s}", 1 + i / 8) for i, s in enumerate(SUBJECTS)
    ]
    entries += [entry(i, f"z{i}", "Zorglub rachète un éditeur d’intranet", 2) for i in range(3)]
    ailing = FeedState(
        url=feeds[3].url,
        name=PRESS[3],
        state="suspect",
        last_problem="The feed could not be reached ({cause}).",
        numbers={"cause": payload or "timeout"},
    )
    return update(entries, feeds, [watchlist], now=now, settings=WatchSettings(), states=[ailing]).digest


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
