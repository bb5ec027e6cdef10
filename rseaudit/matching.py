"""Match the documents of a store: read them, compare with pure functions, keep the result. No network."""

from __future__ import annotations

import gc
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from rseaudit.errors import UsageError
from rseaudit.ids import short_hash
from rseaudit.model import CommonText, Document, Match, Originality, Ref, Run
from rseaudit.pipeline import Collection, collect, duplicates_input
from rseaudit.places import user_cache
from rseaudit.store import content, histories, results, runs
from rseaudit.store.database import Store, get_property, set_property
from rseaudit.store.removal import INDEX_GENERATION as GENERATION

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from rseaudit.config.settings import Settings
    from rseaudit.duplicates.archive import Archive
    from rseaudit.duplicates.engines import Engine
    from rseaudit.duplicates.history import History
    from rseaudit.duplicates.job import Reuse, Survey
    from rseaudit.duplicates.judged import Judged, Memory
    from rseaudit.duplicates.standing import Standing

# Letters of a French word with the space after it, roughly.
_WORD_LENGTH = 6


def run_duplicates(
    store: Store, settings: Settings, *, now: datetime, engine: Engine | None = None
) -> tuple[Reuse, Run]:
    """Match the whole store and keep the matches. The caller holds the lock of ``duplicates``.

    The result does not depend on the engine; without one it is local, on disk for what is too large for memory.
    """
    with _no_cycles_sought():
        return _run(store, settings, now=now, engine=engine)


@contextmanager
def _no_cycles_sought() -> Iterator[None]:
    """Let nobody look for reference cycles: there are none, and going through all documents for them takes a third."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _run(store: Store, settings: Settings, *, now: datetime, engine: Engine | None) -> tuple[Reuse, Run]:
    from rseaudit.duplicates.engines import Local
    from rseaudit.duplicates.job import conclude, survey
    from rseaudit.duplicates.judged import Memory

    collection = collect(store, settings)
    documents = with_aliases(store, collection.documents)
    memory, renewed = _remembered(store, documents, now)
    basis = _basis(collection, settings)
    with local_engine(store, settings, documents) if engine is None else nullcontext(engine) as chosen:
        # What does not fit into memory is not taken up, and leaves nothing to be taken up.
        in_memory = isinstance(chosen, Local)
        before, judged = _left(store, settings, basis) if in_memory else (None, ())
        judgements = Memory(judged)
        found = survey(
            documents, sources=collection.sources, settings=settings.duplicates, engine=chosen, before=before
        )
        reuse = conclude(
            found,
            documents,
            sources=collection.sources,
            directory=collection.directory,
            settings=settings.duplicates,
            memory=memory,
            judgements=judgements,
        )
        run = _keep(store, settings, collection, reuse, renewed, now)
        _archive(store, settings, found, reuse, _beside(found, judgements, basis) if in_memory else None)
    return reuse, run


def _basis(collection: Collection, settings: Settings) -> str:
    """Return a digest of what judgements follow from beside the documents."""
    others = (*collection.sources.values(), *collection.persons)
    return short_hash(settings.duplicates.model_dump_json(), *(repr(item) for item in others))


def _left(store: Store, settings: Settings, basis: str) -> tuple[Standing | None, tuple[Judged, ...]]:
    """Return what the last run left, if the store has lost nothing since."""
    from rseaudit.duplicates import archive, keeping

    with store.read() as connection:
        generation = index_generation(connection)
    folder = index_folder(store, settings)
    kept = archive.load(folder, generation=generation)
    place = archive.place(folder, generation=generation)
    if kept is None or place is None:
        return None, ()
    return keeping.standing(place, kept), keeping.judgements(place, basis=basis)


@contextmanager
def local_engine(
    store: Store, settings: Settings, documents: Sequence[Document] = (), *, partitions: int | None = None
) -> Iterator[Engine]:
    """Give the local engine; partitioned into so many ranges of keys, by default as many as the documents need.

    Partitions lie in a folder of their own beside the index, which is removed at the end.
    """
    from rseaudit.duplicates.engines import LOCAL
    from rseaudit.duplicates.partitions import Partitioned, partitions_for

    if partitions is None:
        partitions = partitions_for(sum(len(document.text) for document in documents) // _WORD_LENGTH)
    if partitions == 1:
        yield LOCAL
        return
    folder = index_folder(store, settings)
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        place = tempfile.TemporaryDirectory(prefix="partitions-", dir=folder, ignore_cleanup_errors=True)
    except OSError as error:
        raise UsageError(
            f"partitions cannot be written: {error.strerror or error}",
            where=str(folder),
            remedy="name a folder on a disk with room by [store] index",
        ) from error
    with place as name:
        yield Partitioned(Path(name), partitions)


def _keep(
    store: Store,
    settings: Settings,
    collection: Collection,
    reuse: Reuse,
    renewed: Mapping[Ref, histories.Kept],
    now: datetime,
) -> Run:
    judged = len(reuse.documents)
    with store.write() as connection:
        run = runs.start(connection, "duplicates", now, {})
        results.save(
            connection,
            "duplicates",
            run.id,
            {
                "matches": (Match, reuse.matches),
                "documents": (Originality, reuse.documents),
                "common_texts": (CommonText, reuse.common_texts),
            },
        )
        histories.save(connection, renewed)
        state = duplicates_input(collection, settings)
        set_property(connection, "duplicates-input", state)
        set_property(connection, GENERATION, state)
        return runs.finish(connection, run, "complete", asked=judged, done=judged, failed=0, skipped=0)


def index_folder(store: Store, settings: Settings) -> Path:
    """Return where the index of a store lies: ``[store] index``, beside the SQLite file, or in the user's cache."""
    if settings.store.index is not None:
        return settings.path(settings.store.index)
    if store.path is not None:
        return store.path.with_name(f"{store.path.name}.index")
    return user_cache() / short_hash("store", store.shown)


def index_generation(connection: Connection) -> str | None:
    """Return which index belongs to what the store holds; ``None`` when none does."""
    return get_property(connection, GENERATION) or None


def _beside(found: Survey, judgements: Memory, basis: str) -> Callable[[Path], None]:
    """Return what writes what the next run may take up."""
    from rseaudit.duplicates import keeping, standing

    left = standing.of(found.texts, found.indexes, found.common.repeated, found.shared, basis=found.basis)
    return keeping.writing(left, judgements.judged, basis=basis)


def _archive(
    store: Store, settings: Settings, found: Survey, reuse: Reuse, beside: Callable[[Path], None] | None
) -> None:
    """Keep the index of what was compared; a folder that cannot be written to costs speed, nothing else."""
    from rseaudit.duplicates import archive

    with store.read() as connection:
        generation = index_generation(connection)
    if generation is not None:
        made = archive.gather(found.texts, found.indexes, reuse.common_texts, generation=generation)
        with suppress(OSError):
            archive.save(made, index_folder(store, settings), beside)


def open_index(store: Store, settings: Settings) -> Archive:
    """Open the index of the store; without one, or with one of another state, make it in memory. Writes nothing."""
    from rseaudit.duplicates import archive
    from rseaudit.duplicates.job import frames

    with store.read() as connection:
        generation = index_generation(connection)
    kept = archive.load(index_folder(store, settings), generation=generation)
    if kept is not None:
        return kept
    collection = collect(store, settings)
    made = frames(collection.documents, sources=collection.sources, settings=settings.duplicates)
    return archive.gather(*made, generation="")


def with_aliases(store: Store, documents: Sequence[Document]) -> tuple[Document, ...]:
    """Tell each document all its addresses: a link to any of them names it as a source."""
    known: dict[Ref, list[str]] = {}
    with store.read() as connection:
        for source, url, id_ in content.aliases(connection):
            known.setdefault(Ref(source, id_), []).append(url)
    return tuple(replace(d, extra={**d.extra, "aliases": known.get(d.ref, [])}) for d in documents)


def _remembered(
    store: Store, documents: Sequence[Document], now: datetime
) -> tuple[Mapping[Ref, History], Mapping[Ref, histories.Kept]]:
    """Return the histories of documents that were changed, which alone need one, and those to be kept.

    Only what is new or has changed since the last run is read again.
    """
    from rseaudit.duplicates.history import History
    from rseaudit.duplicates.history import renewed as renew

    stamps = {document.ref: _stamp(document) for document in documents}
    with store.read() as connection:
        before = histories.stamps(connection)
        stale = {ref for ref, stamp in stamps.items() if before.get(ref) != stamp}
        changed = {document.ref for document in documents if document.modified is not None}
        kept = histories.load(connection, changed | stale)
    memory = {ref: History(ref, item.since) for ref, item in kept.items()}
    renewed: dict[Ref, histories.Kept] = {}
    for document in documents:
        if document.ref in stale:
            history = renew(memory.get(document.ref), document, now=now)
            memory[document.ref] = history
            renewed[document.ref] = histories.Kept(stamps[document.ref], history.since)
    return memory, renewed


def _stamp(document: Document) -> str:
    instants = (document.created, document.modified, *(document.dates[rung] for rung in sorted(document.dates)))
    return short_hash(document.text, *(str(instant) for instant in instants))
