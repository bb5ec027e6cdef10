"""Check a draft against what the store knows: what it repeats, and how it fits an audience. Writes nothing."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from rseaudit.access import Access
from rseaudit.drafts import SOURCE, SPACE
from rseaudit.errors import UsageError
from rseaudit.matching import open_index
from rseaudit.model import Audience, Document, Finding, Judgement, Person, Ref, Source, Space
from rseaudit.people import Directory
from rseaudit.pipeline import audiences, declared_spaces
from rseaudit.store import content, runs
from rseaudit.store.database import Store

if TYPE_CHECKING:
    from rseaudit.config.settings import Settings
    from rseaudit.duplicates.archive import Archive
    from rseaudit.duplicates.draft import Comparison


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """The answer about one draft, as far as ``reader`` may know.

    ``restricted`` says that contents which the reader may not see share passages with it: not which, nor
    how much. ``comparison`` is without them.
    """

    draft: Document
    comparison: Comparison
    audience: Audience | None
    judgement: Judgement
    findings: tuple[Finding, ...]
    restricted: bool


def check(
    store: Store,
    settings: Settings,
    draft: Document,
    *,
    audience: str | None = None,
    reader: str | None = None,
    now: datetime,
    index: Archive | None = None,
) -> Checked:
    """Check a draft with the eyes of ``reader``, a name, mail address or key; ``None`` belongs to no space.

    ``index`` saves opening it again. Raises ``UsageError`` for an audience or a reader that nobody knows.
    """
    from rseaudit.duplicates.draft import compare

    chosen = _audience(settings, audience)
    index = open_index(store, settings) if index is None else index
    with store.read() as connection:
        persons, spaces = content.persons(connection), content.spaces(connection)
        names = content.names(connection) if reader is not None else frozenset()
    directory = Directory(persons)
    labels = {*names, *(label for s in spaces for label in (*s.owners, *s.moderators, *(s.members or ())))}
    person = _person(directory, reader, {person.key for person in persons}, labels)
    closed: set[Ref] = set()

    def load(refs: Collection[Ref]) -> Mapping[Ref, Document]:
        with store.read() as connection:
            known = {ref: found for ref, found in content.some_documents(connection, refs).items() if not found.gone}
            addresses = content.aliases_of(connection, known)
        access = Access(declared_spaces(spaces, tuple(known.values()), settings), directory)
        closed.update(ref for ref, document in known.items() if not access.may_read(person, document))
        return {
            ref: replace(document, extra={**document.extra, "aliases": list(addresses.get(ref, ()))})
            for ref, document in known.items()
        }

    def load_open(refs: Collection[Ref]) -> Mapping[Ref, Document]:
        return {ref: document for ref, document in load(refs).items() if ref not in closed}

    def load_closed(refs: Collection[Ref]) -> Mapping[Ref, Document]:
        return {ref: document for ref, document in load(refs).items() if ref in closed}

    wanted = settings.duplicates
    comparison = compare(draft, index, load=load_open, directory=directory, settings=wanted)
    restricted = bool(closed) and bool(
        compare(draft, index, load=load_closed, directory=directory, settings=wanted).matches
    )
    findings, judgement = _fit(draft, chosen, settings, directory, now)
    return Checked(
        draft=draft,
        comparison=comparison,
        audience=chosen,
        judgement=judgement,
        findings=findings,
        restricted=restricted,
    )


def is_current(store: Store) -> bool:
    """Tell whether nothing was read into the store since documents were compared last."""
    with store.read() as connection:
        return runs.is_after(connection, "duplicates", ("crawl", "import"))


def _audience(settings: Settings, wanted: str | None) -> Audience | None:
    if wanted is None:
        return None
    known = {audience.id: audience for audience in audiences(settings)}
    if wanted not in known:
        raise UsageError(
            f"--audience: {wanted!r} is not declared",
            expected=", ".join(known) or "an [[audience]] in rseaudit.toml; there is none yet",
        )
    return known[wanted]


def _person(directory: Directory, reader: str | None, keys: Collection[str], labels: Collection[str]) -> Person | None:
    """Return the reader, whom the store must know in some way: a slip of the pen would see as nobody does."""
    person = directory.find(reader)
    if person is None or person.key in keys or any(directory.same(label, reader) for label in labels):
        return person
    raise UsageError(
        f"--as: {reader!r} is not known", expected="the name, mail address or key of a person in the store"
    )


def _fit(
    draft: Document, audience: Audience | None, settings: Settings, directory: Directory, now: datetime
) -> tuple[tuple[Finding, ...], Judgement]:
    """Judge the draft by the rules of the audit, but for those that ask who answers for it: its author does."""
    from rseaudit.audit.fit import judge_fit
    from rseaudit.audit.job import judge
    from rseaudit.text import words

    audit = judge(
        (draft,),
        spaces=(Space(source=SOURCE, name=SPACE, audience=audience.id if audience else None),),
        sources=(Source(name=SOURCE, role="audited"),),
        directory=directory,
        audiences=(audience,) if audience else (),
        space_settings=(),
        matches=(),
        originality=(),
        settings=settings.audit,
        now=now,
    )
    findings = tuple(finding for finding in audit.findings if finding.dimension not in ("ownership", "originality"))
    return findings, judge_fit(draft, audience, findings, words=len(words(draft.text)))
