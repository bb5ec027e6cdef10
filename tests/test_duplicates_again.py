"""A collection compared again after a change: only what is new is asked, and the very same is found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pytest

from rseaudit.config.settings import DuplicatesSettings
from rseaudit.duplicates import changes, standing
from rseaudit.duplicates.again import Again, passages_of
from rseaudit.duplicates.changes import Earlier
from rseaudit.duplicates.collection import Texts, texts_of
from rseaudit.duplicates.history import History
from rseaudit.duplicates.job import Reuse, resurvey, reuse, survey, units
from rseaudit.duplicates.library import Library
from rseaudit.duplicates.roll import changed
from rseaudit.duplicates.standing import Standing
from rseaudit.duplicates.survey import Survey
from rseaudit.duplicates.units import Key, Unit, written
from rseaudit.model import Document, Match, Originality, Ref
from rseaudit.people import Directory
from tests.duplicates_writer import SIGNATURE, SOURCES, START, Writer

SETTINGS = DuplicatesSettings(boilerplate_documents=4)
NOBODY = Directory(())


def remember(_: object) -> Mapping[Ref, History]:
    return {}


def states(documents: Sequence[Document]) -> dict[tuple[str, str], str]:
    return {(document.source, document.id): repr(document) for document in documents}


class Runs:
    """Runs one after another, each with what the last one left, and what a store would keep."""

    def __init__(self, documents: Sequence[Document], settings: DuplicatesSettings = SETTINGS) -> None:
        self.settings = settings
        library = Library(documents)
        texts = texts_of(documents, SOURCES, states=states(documents))
        self.found = survey(texts, library, settings=settings)
        self.left: Standing = standing.of(self.found)
        self.units: dict[Key, Unit] = {u.key: u for u in units(self.found, library, NOBODY, remember)}
        whole = reuse(self.found, self.units.values(), library, settings)
        self.documents: dict[Ref, Originality] = {item.document: item for item in whole.documents}
        self.common_texts = whole.common_texts

    @property
    def reuse(self) -> Reuse:
        matches: list[Match] = [match for unit in self.units.values() for match in unit.matches]
        return Reuse(
            tuple(sorted(matches, key=lambda m: (m.document, m.other))),
            tuple(item for _, item in sorted(self.documents.items())),
            self.common_texts,
        )

    def again(self, documents: Sequence[Document]) -> Again:
        """Run again; return what was taken up."""
        gone, new = changed(self.left.roll, states(documents))
        library = Library(documents)
        again = Again(self.left, {name: source.role for name, source in SOURCES.items()})
        texts = again.texts(gone, [library[ref] for ref in new], library, states=states(documents))
        found = resurvey(again, texts, library, settings=self.settings)
        change = changes.judge(found, again, library, NOBODY, remember=remember, recall=self, settings=self.settings)
        for known in change.gone:
            del self.units[known.key]
        assert not self.units.keys() & {unit.key for unit in change.units}
        self.units |= {unit.key: unit for unit in change.units}
        for ref in gone:
            self.documents.pop(ref, None)
        self.documents |= {item.document: item for item in change.documents}
        self.common_texts = found.wordings.texts(library, found.limits)
        self.found, self.left = found, standing.of(found, again.still)
        return again

    def touching(self, numbers: Iterable[int]) -> list[Earlier]:
        wanted = set(numbers)
        return [earlier(unit) for unit in self.units.values() if not wanted.isdisjoint(unit.key)]

    def between(self, pairs: Iterable[Key]) -> list[Earlier]:
        return [earlier(self.units[pair]) for pair in pairs if pair in self.units]


def earlier(unit: Unit) -> Earlier:
    return Earlier(unit.key, tuple(match.id for match in unit.matches), tuple(written(unit.owed)))


def named(texts: Texts, number: int) -> tuple[Ref, ...]:
    return tuple(texts.members(number))


def shared(found: Survey, left: Standing) -> dict[frozenset[tuple[Ref, ...]], object]:
    """Return what texts share, by their documents: numbers differ from one way to the other."""
    return {
        frozenset(named(found.texts, number) for number in pair): runs for pair, runs in passages_of(left.rows).items()
    }


def common(found: Survey) -> dict[tuple[Ref, ...], list[bool]]:
    texts = found.texts
    return {
        named(texts, number): found.common.repeated[texts.cut.of(number)].tolist() for number in texts.sequence.tolist()
    }


def assert_alike(one: Runs, two: Runs) -> None:
    assert one.found.rule == two.found.rule
    assert shared(one.found, one.left) == shared(two.found, two.left)
    assert common(one.found) == common(two.found)
    for mine, theirs in zip(one.found.indexes, two.found.indexes, strict=True):
        bits = np.uint64(mine.place_bits)
        assert np.array_equal(mine.postings >> bits, theirs.postings >> bits)
    assert one.reuse.matches == two.reuse.matches
    assert one.reuse == two.reuse


@pytest.mark.parametrize("seed", range(12))
def test_after_any_change_the_same_is_found_as_from_nothing(seed: int) -> None:
    writer = Writer(seed)
    documents = [writer.document() for _ in range(140)]
    runs = Runs(documents)
    assert len(runs.reuse.matches) > 20
    for count in (1, 0, 3, 12, 2, 2, 5):
        documents = writer.changed(documents, count)
        runs.again(documents)
        assert_alike(runs, Runs(documents))


def test_texts_declared_as_common_are_read_where_they_are_new() -> None:
    writer = Writer(5)
    settings = DuplicatesSettings(boilerplate_documents=40, exclude_text=[SIGNATURE])
    documents = [writer.document() for _ in range(60)]
    runs = Runs(documents, settings)
    assert runs.found.common.declared.any()
    for _ in range(4):
        documents = writer.changed(documents, 3)
        runs.again(documents)
        assert_alike(runs, Runs(documents, settings))


@pytest.mark.parametrize("rest", [0, 1])
def test_a_collection_may_lose_all_its_texts_and_get_them_back(rest: int) -> None:
    writer = Writer(4)
    documents = [writer.document() for _ in range(60)]
    runs = Runs(documents)
    runs.again(documents[:rest])
    assert runs.reuse.matches == ()
    assert len(runs.found.texts) == rest
    runs.again(documents)
    assert_alike(runs, Runs(documents))
    runs.again(documents[:rest])
    assert runs.reuse == Runs(documents[:rest]).reuse


def test_when_nothing_is_new_nobody_asks_and_nothing_is_judged() -> None:
    writer = Writer(1)
    documents = [writer.document() for _ in range(100)]
    runs = Runs(documents)
    before = runs.reuse
    again = runs.again(documents)
    assert runs.found.shared.asked == []
    assert not again.stirred(runs.found).any()
    assert runs.reuse == before


def test_a_text_that_shares_nothing_asks_alone() -> None:
    writer = Writer(2)
    documents = [writer.document() for _ in range(100)]
    runs = Runs(documents)
    lonely = "Kwyz jukb vexo qapf hojw zirk. Wexu kyvo jaqz pofh yumk xiwe. Qoxe vuzy kajw hypo fexu wizk jovy."
    documents.append(Document(source="rse", id="lonely", text=lonely, created=START))
    runs.again(documents)
    [number] = runs.found.shared.asked
    assert runs.found.texts.first(number).id == "lonely"
