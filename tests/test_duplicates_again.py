"""A collection compared again after a change: only what is new is asked, and the very same is found."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from rseaudit.config.settings import DuplicatesSettings
from rseaudit.duplicates import standing
from rseaudit.duplicates.again import Again
from rseaudit.duplicates.job import Reuse, Survey, conclude, survey
from rseaudit.duplicates.judged import Judged, Memory, read, written
from rseaudit.duplicates.standing import Standing
from rseaudit.model import Document, Source
from rseaudit.people import Directory

SOURCES = {
    "rse": Source(name="rse", role="audited"),
    "blog": Source(name="blog", role="audited"),
    "intranet": Source(name="intranet", role="reference"),
}
SETTINGS = DuplicatesSettings(boilerplate_documents=4)
START = datetime(2026, 1, 1, tzinfo=UTC)
STOCK = "N'hésitez pas à me contacter pour toute information complémentaire, je reste à votre entière disposition."
SIGNATURE = "Direction des systèmes d'information, pôle postes de travail, bâtiment Gutenberg, troisième étage."


class Writer:
    """Writes documents that share sentences, signatures and stock phrases, from one seed."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        syllables = [a + b for a in "bdfglmnprst" for b in ("a", "e", "i", "o", "ou", "an")]
        self._words = ["".join(self.rng.choices(syllables, k=self.rng.randint(2, 4))) for _ in range(400)]
        # Everybody opens with a few turns: they become crowded keys.
        self._turns = [" ".join(self.rng.choices(self._words, k=6)) for _ in range(3)]
        self._sentences: list[str] = []
        self._number = 0

    def sentence(self) -> str:
        return " ".join(self.rng.choices(self._words, k=self.rng.randint(7, 16))).capitalize() + "."

    def text(self) -> str:
        own = [self.sentence() for _ in range(self.rng.randint(2, 6))]
        if self._sentences and self.rng.random() < 0.5:
            start = self.rng.randrange(len(self._sentences))
            own[1:1] = self._sentences[start : start + self.rng.randint(1, 3)]
        self._sentences += own
        if self.rng.random() < 0.6:
            own[0] = f"{self.rng.choice(self._turns).capitalize()} {own[0]}"
        own += [STOCK] * (self.rng.random() < 0.3)
        lines = [" ".join(own), *[SIGNATURE] * (self.rng.random() < 0.2)]
        return "\n".join(lines)

    def document(self) -> Document:
        self._number += 1
        when = START + timedelta(hours=self.rng.randrange(2_000))
        return Document(
            source=self.rng.choice(["rse", "rse", "blog", "intranet"]),
            id=str(self._number),
            text=self.text(),
            author=self.rng.choice(["Anne Martin", "Paul Petit", None]),
            created=when,
            dates={"api-date": when},
            spaces=(f"Espace {self.rng.randrange(30)}",),
        )

    def changed(self, documents: Sequence[Document], count: int) -> list[Document]:
        """Return the documents with so many of them new, gone, rewritten, posted again, moved or with another date."""
        out = list(documents)
        for _ in range(count):
            place = self.rng.randrange(len(out))
            one = out[place]
            match self.rng.randrange(7):
                case 0 | 1:
                    out.append(self.document())
                case 2:
                    del out[place]
                case 3:
                    out[place] = replace(one, text=self.text())
                case 4:
                    again = self.document()
                    out.append(replace(again, text=self.rng.choice([one.text, one.text.upper(), f"« {one.text} »"])))
                case 5:
                    out[place] = replace(one, spaces=(f"Espace {self.rng.randrange(30)}",), author="Zoé Durand")
                case 6:
                    when = START + timedelta(hours=self.rng.randrange(2_000))
                    out[place] = replace(one, created=when, dates={"api-date": when})
        self.rng.shuffle(out)
        return out


def left(found: Survey) -> Standing:
    return standing.of(found.texts, found.indexes, found.common.repeated, found.shared, basis=found.basis)


def judged(found: Survey, documents: Sequence[Document], known: Sequence[Judged] = ()) -> tuple[Reuse, list[Judged]]:
    memory = Memory(known)
    reuse = conclude(found, documents, sources=SOURCES, directory=Directory(()), settings=SETTINGS, judgements=memory)
    return reuse, [*read(written(memory.judged))]


@pytest.mark.parametrize("seed", range(12))
def test_after_any_change_the_same_is_found_as_from_nothing(seed: int) -> None:
    writer = Writer(seed)
    documents = [writer.document() for _ in range(140)]
    found = survey(documents, sources=SOURCES, settings=SETTINGS)
    reuse, known = judged(found, documents)
    assert len(reuse.matches) > 20
    for count in (1, 0, 3, 12, 2):
        documents = writer.changed(documents, count)
        found = survey(documents, sources=SOURCES, settings=SETTINGS, before=left(found))
        anew = survey(documents, sources=SOURCES, settings=SETTINGS)
        assert found.shared.pairs == anew.shared.pairs
        assert found.shared.met == anew.shared.met
        assert np.array_equal(found.common.repeated, anew.common.repeated)
        for one, two in zip(found.indexes, anew.indexes, strict=True):
            assert np.array_equal(one.postings, two.postings)
        reuse, known = judged(found, documents, known)
        assert reuse == judged(anew, documents)[0]


def test_a_collection_may_outgrow_the_numbers_of_its_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rseaudit.duplicates.index._LEAST_PLACE_BITS", 8)
    writer = Writer(3)
    documents = [writer.document() for _ in range(66)]
    found = survey(documents, sources=SOURCES, settings=SETTINGS)
    sizes = {found.indexes[0].place_bits}
    for _ in range(6):  # within one power of two of texts, so that nothing else makes all of them ask
        added = [writer.document() for _ in range(8)]
        documents += [replace(document, text=f"{document.text}\n{writer.text()}") for document in added]
        found = survey(documents, sources=SOURCES, settings=SETTINGS, before=left(found))
        sizes.add(found.indexes[0].place_bits)
        assert found.pairs == survey(documents, sources=SOURCES, settings=SETTINGS).pairs
    assert len(sizes) == 2
    assert len(found.texts) < 128


@pytest.mark.parametrize("rest", [0, 1])
def test_a_collection_may_lose_all_its_texts_and_get_them_back(rest: int) -> None:
    writer = Writer(4)
    documents = [writer.document() for _ in range(60)]
    whole = survey(documents, sources=SOURCES, settings=SETTINGS)
    little = survey(documents[:rest], sources=SOURCES, settings=SETTINGS, before=left(whole))
    assert little.pairs == ()
    assert survey(documents, sources=SOURCES, settings=SETTINGS, before=left(little)).pairs == whole.pairs
    nothing = survey(documents[:rest], sources=SOURCES, settings=SETTINGS, before=left(little))
    assert nothing.pairs == ()


def asked(found: Survey, before: Standing, documents: Sequence[Document]) -> list[int]:
    again = Again(before)
    again.texts(documents, SOURCES)
    return list(again.plan(found.shared.search, found.common.repeated, found.texts.cut, found.thresholds).asking)


def test_when_nothing_is_new_nobody_asks() -> None:
    writer = Writer(1)
    documents = [writer.document() for _ in range(100)]
    found = survey(documents, sources=SOURCES, settings=SETTINGS)
    assert asked(found, left(found), documents) == []


def test_a_text_that_shares_nothing_asks_alone() -> None:
    writer = Writer(2)
    documents = [writer.document() for _ in range(100)]
    before = left(survey(documents, sources=SOURCES, settings=SETTINGS))
    lonely = "Kwyz jukb vexo qapf hojw zirk. Wexu kyvo jaqz pofh yumk xiwe. Qoxe vuzy kajw hypo fexu wizk jovy."
    documents.append(Document(source="rse", id="lonely", text=lonely, created=START))
    found = survey(documents, sources=SOURCES, settings=SETTINGS)
    [number] = asked(found, before, documents)
    assert found.texts[number].members[0].id == "lonely"
