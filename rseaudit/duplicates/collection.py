"""Gather the documents of a run into distinct texts: a text posted in 200 spaces is read once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from hashlib import blake2b
from itertools import pairwise
from typing import Protocol

import numpy as np

from rseaudit.duplicates.columns import Cut, Flags, Ints, Keys
from rseaudit.duplicates.cutting import cut
from rseaudit.duplicates.roll import NO_STATES, Roll, States, by_age, roll_of
from rseaudit.model import Document, Ref, Role, Source

# Where a text stands that nobody has any more.
NOWHERE = np.iinfo(np.int64).max


class Texts:
    """Distinct texts by number; a text keeps its number from run to run, and what nobody has any more keeps its words.

    In a collection read from nothing they are in their ``order``: references first, each part from the earliest to
    the latest. Where documents of one text differ in signs or spaces, the words in ``cut`` have the offsets of the
    first. ``digests`` are two numbers a text, equal where all words are.
    """

    def __init__(self, roll: Roll, cut: Cut, digests: Keys, roles: Mapping[str, Role]) -> None:
        self.roll = roll
        self.cut = cut
        self.digests = digests
        count = len(digests)
        self._audits = {source for source, role in roles.items() if role == "audited"}
        judged = np.fromiter(map(self._audits.__contains__, roll.sources), dtype=np.bool_, count=len(roll))
        rows = np.flatnonzero(roll.numbers >= 0)
        self._rows = rows[np.argsort(roll.numbers[rows], kind="stable")]
        self._starts = np.searchsorted(roll.numbers[self._rows], np.arange(count + 1))
        self._is_judged = judged
        self.alive: Flags = np.diff(self._starts) > 0
        self.audited: Flags = np.zeros(count, dtype=np.bool_)
        self.audited[roll.numbers[rows[judged[rows]]]] = True
        self.referenced: Flags = np.zeros(count, dtype=np.bool_)
        self.referenced[roll.numbers[rows[~judged[rows]]]] = True
        self.firsts: Ints = np.full(count, -1, dtype=np.int64)
        self.firsts[self.alive] = self._rows[self._starts[:-1][self.alive]]
        numbers = np.flatnonzero(self.alive)
        # The numbers of the texts that somebody has, in order; and the other way round.
        self.sequence: Ints = numbers[np.lexsort((self.firsts[numbers], ~self.referenced[numbers]))]
        self.order: Ints = np.full(count, NOWHERE, dtype=np.int64)
        self.order[self.sequence] = np.arange(len(self.sequence))

    def __len__(self) -> int:
        """Return how many texts somebody has."""
        return len(self.sequence)

    def audits(self, source: str) -> bool:
        """Tell whether the documents of a source are judged."""
        return source in self._audits

    def size(self, number: int) -> int:
        """Return how many words a text has."""
        return int(self.cut.bounds[number + 1] - self.cut.bounds[number])

    def members(self, number: int) -> list[Ref]:
        """Return every document that consists of a text, in order of date, then of source and id."""
        return [self.roll.ref(row) for row in self.rows(number)]

    def audited_members(self, number: int) -> list[Ref]:
        return [self.roll.ref(row) for row in self.rows(number) if self._is_judged[row]]

    def references(self, number: int) -> list[Ref]:
        return [self.roll.ref(row) for row in self.rows(number) if not self._is_judged[row]]

    def first(self, number: int) -> Ref:
        """Return the document from which the words of a text were cut."""
        return self.roll.ref(int(self.firsts[number]))

    def rows(self, number: int) -> list[int]:
        found: list[int] = self._rows[self._starts[number] : self._starts[number + 1]].tolist()
        return found

    @property
    def counts(self) -> Ints:
        """Return how many documents consist of each text."""
        return np.diff(self._starts)

    @cached_property
    def _codes(self) -> Ints:
        names = {name: number for number, name in enumerate(sorted(set(self.roll.sources)))}
        return np.fromiter(map(names.__getitem__, self.roll.sources), dtype=np.int64, count=len(self.roll))

    @cached_property
    def sources(self) -> Ints:
        """Return for each text the number of the source of its first document, -1 where nobody has it."""
        return self._of_first(self._codes)

    def spread(self, numbers: Ints) -> int:
        """Return in how many sources texts stand."""
        held = np.zeros(len(self.alive), dtype=np.bool_)
        held[numbers] = True
        rows = self._rows[np.repeat(held, self.counts)]
        return len(np.unique(self._codes[rows]))

    @cached_property
    def places(self) -> Ints:
        """Return for each text a number for where it counts once in a document frequency, -1 where nobody has it."""
        _, codes = np.unique(self.roll.places, return_inverse=True)
        return self._of_first(codes.astype(np.int64))

    @property
    def wordless(self) -> list[Ref]:
        """Return the audited documents without a single word."""
        return [self.roll.ref(row) for row in np.flatnonzero(self._is_judged & (self.roll.numbers < 0)).tolist()]

    @property
    def judged(self) -> int:
        """Return how many documents are audited."""
        return int(self._is_judged.sum())

    def _of_first(self, codes: Ints) -> Ints:
        out = np.full(len(self.alive), -1, dtype=np.int64)
        out[self.alive] = codes[self.firsts[self.alive]]
        return out


class Room(Protocol):
    """Where the words of a collection are kept while it is compared."""

    def cut(self, texts: Sequence[str]) -> Cut:
        """Return what ``cutting.cut`` gives."""

    def picked(self, known: Cut, numbers: Sequence[int]) -> Cut:
        """Return what ``known.picked`` gives; ``known`` is not used any more."""


class Memory:
    """As numbers in memory."""

    def cut(self, texts: Sequence[str]) -> Cut:
        return cut(texts)

    def picked(self, known: Cut, numbers: Sequence[int]) -> Cut:
        return known.picked(numbers)


MEMORY = Memory()


def texts_of(
    documents: Iterable[Document],
    sources: Mapping[str, Source],
    *,
    room: Room = MEMORY,
    states: States = NO_STATES,
) -> Texts:
    """Return the distinct texts.

    Left out: documents that are gone, of a watched source, or without a single word. A document
    of a source that is not declared counts as a reference: it is never judged.
    """
    known: dict[tuple[str, str], Document] = {}
    for document in documents:
        if not document.gone and role(document.source, sources) != "watched":
            twin = known.setdefault((document.source, document.id), document)
            if document.text < twin.text:
                known[document.source, document.id] = document
    ordered = by_age(known.values())
    found = room.cut([document.text for document in ordered])
    groups: dict[bytes, list[int]] = {}
    for number, digest in enumerate(digests(found)):
        if found.bounds[number] < found.bounds[number + 1]:
            groups.setdefault(digest, []).append(number)
    audited = [role(document.source, sources) == "audited" for document in ordered]
    # No two texts begin with the same row, so that digests are never compared.
    texts = sorted((all(audited[row] for row in rows), rows[0], digest) for digest, rows in groups.items())
    numbers = [-1] * len(ordered)
    for number, (_, _, digest) in enumerate(texts):
        for row in groups[digest]:
            numbers[row] = number
    picked = room.picked(found, [first for _, first, _ in texts])
    return Texts(
        roll_of(ordered, states, np.array(numbers, dtype=np.int64)),
        picked,
        as_numbers([digest for _, _, digest in texts]),
        {name: source.role for name, source in sources.items()},
    )


def digests(found: Cut) -> Iterable[bytes]:
    """Yield for each text a digest of 16 bytes, equal where all words are."""
    data = found.keys.astype("<u8", copy=False).view(np.uint8).data
    for start, end in pairwise((8 * found.bounds).tolist()):
        yield blake2b(data[start:end], digest_size=16).digest()


def as_numbers(found: Sequence[bytes]) -> Keys:
    """Return digests as two numbers each."""
    return np.frombuffer(b"".join(found), dtype=">u8").astype(np.uint64).reshape(-1, 2)


def role(source: str, sources: Mapping[str, Source]) -> Role:
    """Return the role of a source: one that is not declared is a reference."""
    return sources[source].role if source in sources else "reference"
