"""Run a job on a store: load, judge with pure functions, keep the result. No network, no rendering."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from rseaudit import __version__
from rseaudit.access import Access
from rseaudit.ids import short_hash
from rseaudit.model import (
    Audience,
    CommonText,
    Document,
    Finding,
    Judgement,
    Match,
    Originality,
    Person,
    Ref,
    Responsible,
    Run,
    Source,
    Space,
)
from rseaudit.people import Directory
from rseaudit.store import content, decisions, results, runs, states
from rseaudit.store.database import Store, get_property

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from rseaudit.audit.job import Audit
    from rseaudit.audit.memory import Memory
    from rseaudit.config.settings import Settings
    from rseaudit.duplicates.job import Reuse


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection:
    """What the store knows, with what the configuration declares of spaces laid over it."""

    sources: Mapping[str, Source]
    spaces: tuple[Space, ...]
    persons: tuple[Person, ...]
    documents: tuple[Document, ...]
    audiences: tuple[Audience, ...]

    @property
    def directory(self) -> Directory:
        return Directory(self.persons)

    @property
    def access(self) -> Access:
        return Access(self.spaces, self.directory)


@dataclass(frozen=True, slots=True)
class Answer:
    """Who answers for a document, kept with the findings."""

    document: Ref
    responsible: Responsible


def collect(store: Store, settings: Settings) -> Collection:
    """Load the store; ``[[space]]`` tables override visibility, owner and moderators."""
    with store.read() as connection:
        sources = content.sources(connection)
        spaces = content.spaces(connection)
        persons = content.persons(connection)
        documents = content.documents(connection)
    return Collection(
        sources=sources,
        spaces=declared_spaces(spaces, documents, settings),
        persons=persons,
        documents=documents,
        audiences=audiences(settings),
    )


def audiences(settings: Settings) -> tuple[Audience, ...]:
    """Return the declared audiences as the words of the model."""
    return tuple(
        Audience(
            id=item.id,
            label=item.label,
            languages=tuple(item.languages),
            level=item.level,
            device=item.device,
            reading_time_s=item.reading_time_s,
            known_terms=tuple(item.known_terms),
            address=item.address,
            freshness_days=item.freshness_days,
            expects=tuple(item.expects),
        )
        for item in settings.audience
    )


def declared_spaces(known: Sequence[Space], documents: Sequence[Document], settings: Settings) -> tuple[Space, ...]:
    """Return the spaces known or named by documents, with what the configuration says of them laid over."""
    spaces = {(space.source, space.name): space for space in known}
    for document in documents:
        for name in document.spaces:
            spaces.setdefault((document.source, name), Space(source=document.source, name=name))
    for key, space in spaces.items():
        declared = next((d for d in settings.space if fnmatchcase(f"{key[0]}/{key[1]}", d.match)), None)
        if declared is None:
            continue
        spaces[key] = replace(
            space,
            audience=declared.audience,
            visibility=declared.visibility or space.visibility,
            owners=(declared.owner,) if declared.owner else space.owners,
            moderators=tuple(declared.moderators) or space.moderators,
        )
    return tuple(spaces[key] for key in sorted(spaces))


def load_reuse(store: Store) -> Reuse | None:
    """Return the kept matches, ``None`` when the job has never run."""
    from rseaudit.duplicates.job import Reuse

    with store.read() as connection:
        if runs.last(connection, "duplicates") is None:
            return None
        matches = results.load(connection, "duplicates", "matches", Match)
        documents = results.load(connection, "duplicates", "documents", Originality)
        return Reuse(
            matches=tuple(sorted(matches, key=lambda match: (match.document, match.other))),
            documents=tuple(sorted(documents, key=lambda item: item.document)),
            common_texts=results.load(connection, "duplicates", "common_texts", CommonText),
        )


def matches_are_fresh(store: Store, settings: Settings) -> bool:
    """Tell whether the kept matches were made from exactly what the store holds now."""
    with store.read() as connection:
        kept = get_property(connection, "duplicates-input")
        sources, persons = content.sources(connection), content.persons(connection)
        present = duplicates_states(connection, sources)
    return kept is not None and kept == duplicates_input(sources, persons, present, settings)


def duplicates_states(connection: Connection, sources: Mapping[str, Source]) -> dict[tuple[str, str], str]:
    """Return the states of all documents that are compared, by source and id."""
    watched = {name for name, source in sources.items() if source.role == "watched"}
    present = states.states(connection)
    return {name: state for name, state in present.items() if name[0] not in watched} if watched else present


def duplicates_input(
    sources: Mapping[str, Source], persons: Iterable[Person], present: Mapping[tuple[str, str], str], settings: Settings
) -> str:
    """Return a digest of all that matches depend on; ``present`` are states in the order of ``duplicates_states``."""
    parts = [__version__, settings.duplicates.model_dump_json()]
    parts += [repr(item) for item in (*sources.values(), *persons)]
    # No name or state has a NUL: the store could not hold it.
    parts += ["\0".join([f"{source}\0{id_}\0{state}" for (source, id_), state in present.items()])]
    return short_hash(*parts)


def run_audit(store: Store, settings: Settings, *, now: datetime) -> tuple[Audit, Run]:
    """Judge the documents with the kept matches, and keep the findings. The caller holds the lock of ``audit``."""
    from rseaudit.audit.job import judge
    from rseaudit.audit.memory import Judged

    collection = collect(store, settings)
    reuse = load_reuse(store)
    kept = kept_findings(store)
    audit = judge(
        collection.documents,
        spaces=collection.spaces,
        sources=collection.sources.values(),
        directory=collection.directory,
        audiences=collection.audiences,
        space_settings=settings.space,
        matches=reuse.matches if reuse else (),
        originality=reuse.documents if reuse else (),
        settings=settings.audit,
        now=now,
        kept=kept,
        memory=_memory(store),
    )
    judged = len(audit.judgements)
    with store.write() as connection:
        run = runs.start(connection, "audit", now, {})
        results.save(
            connection,
            "audit",
            run.id,
            {
                "findings": (Finding, audit.findings),
                "judgements": (Judgement, audit.judgements),
                "answers": (Answer, [Answer(*item) for item in audit.responsibles.items()]),
                "judged": (Judged, audit.judged),
            },
        )
        run = runs.finish(connection, run, "complete", asked=judged, done=judged, failed=0, skipped=0)
    return audit, run


def _memory(store: Store) -> Memory:
    from rseaudit.audit.memory import Judged, Memory

    with store.read() as connection:
        return Memory.of(
            results.load(connection, "audit", "judged", Judged),
            results.load(connection, "audit", "findings", Finding),
        )


def load_audit(store: Store) -> Audit | None:
    """Return the kept findings, ``None`` when the job has never run."""
    from rseaudit.audit.job import Audit

    with store.read() as connection:
        if runs.last(connection, "audit") is None:
            return None
        return Audit(
            findings=results.load(connection, "audit", "findings", Finding),
            judgements=results.load(connection, "audit", "judgements", Judgement),
            responsibles={
                item.document: item.responsible for item in results.load(connection, "audit", "answers", Answer)
            },
        )


def kept_findings(store: Store) -> frozenset[str]:
    """Return the ids of findings answered with "keep" and a reason: that silences them."""
    with store.read() as connection:
        return frozenset(item.finding for item in decisions.load(connection) if item.proposal == "keep")


def without_kept(store: Store, audit: Audit) -> Audit:
    """Leave out the findings that were answered with "keep"; reports show them with their answer."""
    kept = kept_findings(store)
    return replace(audit, findings=tuple(item for item in audit.findings if item.id not in kept))


def narrow_audit(store: Store, settings: Settings, audit: Audit, *, space: str | None, since: datetime | None) -> Audit:
    """Keep what is said of documents in spaces that match and that changed since then."""
    if space is None and since is None:
        return audit
    wanted = {d.ref for d in collect(store, settings).documents if is_wanted(d, space, since)}
    return replace(
        audit,
        findings=tuple(item for item in audit.findings if item.document in wanted),
        judgements=tuple(item for item in audit.judgements if item.document in wanted),
    )


def narrow_reuse(store: Store, settings: Settings, reuse: Reuse, *, space: str | None, since: datetime | None) -> Reuse:
    """Keep what is said of documents in spaces that match and that changed since then."""
    if space is None and since is None:
        return reuse
    wanted = {d.ref for d in collect(store, settings).documents if is_wanted(d, space, since)}
    return replace(
        reuse,
        matches=tuple(item for item in reuse.matches if item.document in wanted),
        documents=tuple(item for item in reuse.documents if item.document in wanted),
    )


def is_wanted(document: Document, space: str | None, since: datetime | None) -> bool:
    """Tell whether a document stands in a space that matches and has changed since then."""
    if space is not None and not any(
        fnmatchcase(f"{document.source}/{name}", space) or fnmatchcase(name, space) for name in document.spaces
    ):
        return False
    changed = document.modified or document.created
    return since is None or changed is None or changed >= since
