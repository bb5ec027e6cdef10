"""Match the documents of a store: read them, compare with pure functions, keep the result. No network."""

from __future__ import annotations

import gc
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from rseaudit import outcome
from rseaudit.errors import UsageError
from rseaudit.ids import short_hash
from rseaudit.model import Document, Run
from rseaudit.pipeline import collect
from rseaudit.places import user_cache
from rseaudit.snapshot import Snapshot
from rseaudit.store.database import Store, get_property
from rseaudit.store.removal import INDEX_GENERATION

if TYPE_CHECKING:
    from rseaudit.config.settings import Settings
    from rseaudit.duplicates.archive import Archive
    from rseaudit.duplicates.engines import Engine

# Letters of a French word with the space after it, roughly.
_WORD_LENGTH = 6
# When one in so many documents has changed, or so many words are nobody's any more, all is compared anew.
_MOST_CHANGED = 4


def run_duplicates(store: Store, settings: Settings, *, now: datetime, engine: Engine | None = None) -> Run:
    """Match the whole store and keep the matches (see ``pipeline.load_reuse``). The caller holds the job's lock.

    The result does not depend on the engine; without one it is local, on disk for what is too large for memory. What
    the last run left is taken up by the local engine in memory.
    """
    with _no_cycles_sought(), store.read() as connection:
        snapshot = Snapshot(connection, now)
        if engine is None and (run := _again(store, settings, snapshot)) is not None:
            return run
        return _anew(store, settings, snapshot, engine)


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


def _anew(store: Store, settings: Settings, snapshot: Snapshot, engine: Engine | None) -> Run:
    from rseaudit.duplicates.engines import Local
    from rseaudit.duplicates.job import reuse, survey, units
    from rseaudit.duplicates.library import Library

    documents = snapshot.all()
    snapshot.renew_all(documents)
    with local_engine(store, settings, documents) if engine is None else nullcontext(engine) as chosen:
        library = Library(documents)
        texts = chosen.texts(documents, snapshot.sources, states=snapshot.states)
        found = survey(texts, library, settings=settings.duplicates, engine=chosen)
        judged = units(found, library, snapshot.directory, snapshot.remember)
        made = reuse(found, judged, library, settings.duplicates)
        # What does not fit into memory is not taken up, and leaves nothing to be taken up.
        in_memory = isinstance(chosen, Local)
        run = outcome.save(store, settings, snapshot, made, judged if in_memory else ())
        outcome.archive(
            store, settings, snapshot, index_folder(store, settings), found, made.common_texts, in_memory=in_memory
        )
    return run


def _again(store: Store, settings: Settings, snapshot: Snapshot) -> Run | None:
    """Take up what the last run left; ``None`` when there is nothing, or too little of it still holds."""
    from rseaudit.duplicates import changes, keeping
    from rseaudit.duplicates.again import Again
    from rseaudit.duplicates.job import resurvey, rule_of
    from rseaudit.duplicates.library import Library
    from rseaudit.duplicates.partitions import partitions_for
    from rseaudit.duplicates.roll import changed

    folder = index_folder(store, settings)
    left = keeping.load(folder, generation=snapshot.generation)
    if left is None or left.basis != snapshot.basis(settings):
        return None
    gone, new = changed(left.standing.roll, snapshot.states)
    if left.company != snapshot.company:
        new = [*{*new, *snapshot.of_others(left.people)}]
    if not gone and not new and outcome.state(settings, snapshot) == snapshot.generation:
        return outcome.confirm(store, settings, snapshot, judged=left.standing.roll.judged(snapshot.audits))
    if _MOST_CHANGED * (len(gone) + len(new)) > len(left.standing.roll):
        return None
    library = Library(load=snapshot.some)
    library.fetch(new)
    documents = [library[ref] for ref in new]
    snapshot.renew(documents)
    roles = {name: source.role for name, source in snapshot.sources.items()}
    again = Again(left.standing, roles, extend=left.words.extended)
    try:
        texts = again.texts(gone, documents, library, states=snapshot.states)
    except OSError:  # the index cannot be written to
        return None
    words = len(texts.cut.keys)
    if rule_of(texts, settings.duplicates)[1] != left.standing.rule or not again.fits(texts):
        return None
    if _MOST_CHANGED * again.unused(texts) > words or partitions_for(words) > 1:
        return None
    found = resurvey(again, texts, library, settings=settings.duplicates)
    change = changes.judge(
        found,
        again,
        library,
        snapshot.directory,
        remember=snapshot.remember,
        recall=snapshot,
        settings=settings.duplicates,
    )
    common_texts = found.wordings.texts(library, found.limits)
    run = outcome.amend(store, settings, snapshot, change, common_texts, gone=gone, judged=texts.judged)
    outcome.archive(store, settings, snapshot, folder, found, common_texts, taken_up=(again, left))
    return run


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


def index_folder(store: Store, settings: Settings) -> Path:
    """Return where the index of a store lies: ``[store] index``, beside the SQLite file, or in the user's cache."""
    if settings.store.index is not None:
        return settings.path(settings.store.index)
    if store.path is not None:
        return store.path.with_name(f"{store.path.name}.index")
    return user_cache() / short_hash("store", store.shown)


def open_index(store: Store, settings: Settings) -> Archive:
    """Open the index of the store; without one, or with one of another state, make it in memory. Writes nothing."""
    from rseaudit.duplicates import archive
    from rseaudit.duplicates.job import frames

    with store.read() as connection:
        generation = get_property(connection, INDEX_GENERATION) or None
    kept = archive.load(index_folder(store, settings), generation=generation)
    if kept is not None:
        return kept
    collection = collect(store, settings)
    made = frames(collection.documents, sources=collection.sources, settings=settings.duplicates)
    return archive.gather(*made, generation="")
