"""Find what documents share and what each of them owes to others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np

from rseaudit.config.settings import DuplicatesSettings
from rseaudit.duplicates import boilerplate, groups, index, passages, stock, verdict
from rseaudit.duplicates.again import Again
from rseaudit.duplicates.alignment import Run
from rseaudit.duplicates.boilerplate import Common, Limits
from rseaudit.duplicates.candidates import frequency_limit
from rseaudit.duplicates.collection import Texts, texts_of
from rseaudit.duplicates.columns import Flags, Ints
from rseaudit.duplicates.common import Wordings
from rseaudit.duplicates.engines import LOCAL, Engine
from rseaudit.duplicates.history import History
from rseaudit.duplicates.index import Index
from rseaudit.duplicates.library import Library
from rseaudit.duplicates.matches import NO_MEMORY
from rseaudit.duplicates.survey import Survey
from rseaudit.duplicates.units import Judging, Key, Owed, Remember, Unit, key
from rseaudit.duplicates.verdict import Debt
from rseaudit.model import CommonText, Document, Group, Match, Originality, Ref, Source, Space
from rseaudit.people import Directory
from rseaudit.text import words


@dataclass(frozen=True)
class Reuse:
    """The result: matches in order of document and other, every audited document, the common texts."""

    matches: tuple[Match, ...]
    documents: tuple[Originality, ...]
    common_texts: tuple[CommonText, ...]

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """The matches gathered around their likely originals: a view of them, kept nowhere."""
        return groups.groups(self.matches)


def find_reuse(
    documents: Sequence[Document],
    *,
    sources: Mapping[str, Source],
    spaces: Sequence[Space],
    directory: Directory,
    settings: DuplicatesSettings,
    memory: Mapping[Ref, History] = NO_MEMORY,
    engine: Engine = LOCAL,
) -> Reuse:
    """Compare every audited document with all others; the order of the input changes nothing.

    References are never judged; deleted documents and watched sources are left out. Documents name
    their spaces themselves: ``spaces`` is there for what a space declares, and not needed yet.
    ``memory`` says since when the sentences of documents stand there, as earlier runs read them.
    """
    library = Library(documents)
    found = survey(engine.texts(documents, sources), library, settings=settings, engine=engine)
    return reuse(found, units(found, library, directory, lambda _: memory), library, settings)


def rule_of(texts: Texts, settings: DuplicatesSettings) -> tuple[passages.Thresholds, str]:
    """Return what two texts must share, and what names all that steps with the number of texts."""
    thresholds = passages.Thresholds(settings.min_words, passages.score_for(settings.min_score, len(texts)))
    return thresholds, f"{thresholds.words} {thresholds.score} {frequency_limit(len(texts))}"


def survey(texts: Texts, library: Library, *, settings: DuplicatesSettings, engine: Engine = LOCAL) -> Survey:
    """Find what the distinct texts of documents share; the engine decides where."""
    indexes = engine.indexes(texts.cut)
    declared = boilerplate.declared_in(texts, library, _excluded(settings))
    limits, common = _common(texts, indexes[0], settings, declared)
    thresholds, rule = rule_of(texts, settings)
    asked = passages.collection_of(texts, *indexes, common.repeated)
    shared = passages.compare(texts, library, asked, thresholds, engine=engine)
    return Survey(texts, limits, thresholds, rule, indexes, common, shared)


def resurvey(again: Again, texts: Texts, library: Library, *, settings: DuplicatesSettings) -> Survey:
    """Find what texts share that must ask after a change; ``again`` gave the texts."""
    indexes = again.indexes(texts)
    more = boilerplate.declared_in(texts, library, _excluded(settings), since=again.known)
    limits, common = _common(texts, indexes[0], settings, np.concatenate((again.declared, more)))
    thresholds, rule = rule_of(texts, settings)
    asked = passages.collection_of(texts, *indexes, common.repeated)
    shared = passages.compare(
        texts,
        library,
        asked,
        thresholds,
        hints=np.append(again.hints, stock.hints(texts.cut.keys, since=len(again.declared))),
        plan=partial(again.plan, texts, thresholds),
    )
    return Survey(texts, limits, thresholds, rule, indexes, common, shared)


def _common(texts: Texts, runs: Index, settings: DuplicatesSettings, declared: Flags) -> tuple[Limits, Common]:
    limits = Limits(settings.boilerplate_documents, settings.boilerplate_share)
    return limits, boilerplate.find(texts, runs, limits, declared)


def _excluded(settings: DuplicatesSettings) -> list[Sequence[str]]:
    return [forms for piece in settings.exclude_text if (forms := words(piece).forms)]


def frames(
    documents: Sequence[Document], *, sources: Mapping[str, Source], settings: DuplicatesSettings
) -> tuple[Texts, tuple[Index, Index], tuple[CommonText, ...]]:
    """Return the distinct texts of documents, their indexes and what is common in them; no two are compared."""
    texts, library = texts_of(documents, sources), Library(documents)
    indexes = index.of_runs(texts.cut), index.of_pairs(texts.cut)
    declared = boilerplate.declared_in(texts, library, _excluded(settings))
    limits, found = _common(texts, indexes[0], settings, declared)
    return texts, indexes, Wordings(texts, found).texts(library, limits)


def units(found: Survey, library: Library, directory: Directory, remember: Remember) -> list[Unit]:
    """Judge all texts that share anything, in order of their numbers."""
    texts = found.texts
    runs: dict[Key, tuple[Run, ...]] = {key(pair.left, pair.right): pair.runs for pair in found.pairs}
    for one in beside(found, np.flatnonzero(texts.audited)):
        runs.setdefault(one, ())
    return [*Judging(found, library, directory, remember).judge(runs)]


def beside(found: Survey, numbers: Ints) -> Iterable[Key]:
    """Yield what is to be judged of texts beside the passages that they share: their own documents, and common text."""
    texts = found.texts
    yield from ((number, number) for number in numbers[texts.audited[numbers] & (texts.counts[numbers] > 1)].tolist())
    yield from (key(number, other) for number, other in found.wordings.linked(numbers).tolist())


def reuse(found: Survey, judged: Iterable[Unit], library: Library, settings: DuplicatesSettings) -> Reuse:
    """Put together what was judged of all texts."""
    matches: list[Match] = []
    owed: list[Owed] = []
    for unit in judged:
        matches += unit.matches
        owed += unit.owed
    numbers = np.flatnonzero(found.texts.audited).tolist()
    return Reuse(
        matches=tuple(sorted(matches, key=lambda m: (m.document, m.other))),
        documents=tuple(
            sorted((*verdicts(found, numbers, owed, settings), *wordless(found, settings)), key=lambda o: o.document)
        ),
        common_texts=found.wordings.texts(library, found.limits),
    )


def verdicts(
    found: Survey, numbers: Iterable[int], owed: Iterable[Owed], settings: DuplicatesSettings
) -> Iterable[Originality]:
    """Yield the verdicts of the audited documents of some texts, given all that these owe."""
    debts: defaultdict[Ref, list[Debt]] = defaultdict(list)
    for item in owed:
        debts[item.debtor].append(item.debt)
    for number in numbers:
        framed = found.common.words(number)
        for ref in found.texts.audited_members(number):
            yield verdict.judge(ref, verdict.labels(len(framed), debts[ref], framed), settings)


def wordless(found: Survey, settings: DuplicatesSettings) -> Iterable[Originality]:
    """Yield the verdicts of the audited documents without a single word."""
    return (verdict.judge(ref, np.zeros(0, dtype=np.int8), settings) for ref in found.texts.wordless)
