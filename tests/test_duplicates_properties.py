"""What must hold for any texts: the same words as a slow and obvious way, both ways, in any order."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rseaudit.config.settings import DuplicatesSettings
from rseaudit.duplicates import Reuse, find_reuse, to_json
from rseaudit.model import Document, Match, Source
from rseaudit.people import Directory
from rseaudit.text import normalise, sentences, words
from tests.duplicates_cases import texts

SOURCES = {"rse": Source(name="rse", role="audited"), "intranet": Source(name="intranet", role="reference")}
START = datetime(2026, 1, 1, tzinfo=UTC)
FEW = settings(max_examples=40, deadline=None)

# Words that occur once in a text, nowhere in the other, and are like no other: what is shared is plain to see.
_LETTERS = random.Random(7)
UNIQUE = ["".join(_LETTERS.choices("abcdefghijlmnopqrstuvz", k=9)) for _ in range(1_800)]


def doc(id_: str, text: str, *, source: str = "rse", day: float = 0) -> Document:
    when = START + timedelta(days=day)
    return Document(source=source, id=id_, text=text, created=when, dates={"api-date": when})


def found(*documents: Document) -> Reuse:
    return find_reuse(documents, sources=SOURCES, spaces=(), directory=Directory(()), settings=DuplicatesSettings())


def shared_words(one: Sequence[str], two: Sequence[str]) -> set[int]:
    """Return the numbers of the words of ``one`` in its longest common subsequence with ``two``: slow and obvious."""
    table = [[0] * (len(two) + 1) for _ in range(len(one) + 1)]
    for i, word in enumerate(one):
        for j, other in enumerate(two):
            table[i + 1][j + 1] = table[i][j] + 1 if word == other else max(table[i][j + 1], table[i + 1][j])
    picked, i, j = set(), len(one), len(two)
    while i and j:
        if one[i - 1] == two[j - 1]:
            picked.add(i - 1)
            i, j = i - 1, j - 1
        elif table[i - 1][j] >= table[i][j - 1]:
            i -= 1
        else:
            j -= 1
    return picked


@st.composite
def edited(draw: st.DrawFn) -> tuple[list[str], list[str]]:
    """Draw a text and another that takes a block of it, with a word put in, left out or replaced here and there."""
    rng = random.Random(draw(st.integers(0, 2**32)))
    pool = rng.sample(UNIQUE, 260)
    one, rest = pool[:90], pool[90:]
    start = draw(st.integers(0, 40))
    block = one[start : start + draw(st.integers(30, 50))]
    copied: list[str] = []
    since = 0
    for number, word in enumerate(block):
        since += 1
        if since < 6 or not 5 < number < len(block) - 6:
            copied.append(word)
            continue
        edit = draw(st.sampled_from(["keep", "keep", "put in", "leave out", "replace"]))
        since = 0 if edit != "keep" else since
        copied += {"keep": [word], "put in": [rest.pop(), word], "leave out": [], "replace": [rest.pop()]}[edit]
    before, after = draw(st.integers(0, 40)), draw(st.integers(0, 40))
    return one, [*rest[:before], *copied, *rest[before : before + after]]


@FEW
@given(edited())
def test_a_slow_and_obvious_aligner_agrees_on_which_words_are_shared(pair: tuple[list[str], list[str]]):
    one, two = pair
    (match,) = found(doc("1", " ".join(one), day=1), doc("2", " ".join(two), source="intranet")).matches
    text = " ".join(one)
    told = [text[passage.document.start : passage.document.end].split() for passage in match.passages]
    common = shared_words(one, two)
    # A passage goes from the first to the last word that is shared, over those that are not.
    (passage,) = told
    assert (passage[0], passage[-1]) == (one[min(common)], one[max(common)])
    assert passage == one[min(common) : max(common) + 1]


def spans(match: Match) -> list[tuple[int, int, int, int]]:
    """Return the passages from the side of document "1"."""
    pairs = [(p.document, p.other) if match.document.id == "1" else (p.other, p.document) for p in match.passages]
    return sorted((one.start, one.end, two.start, two.end) for one, two in pairs)


@FEW
@given(edited(), st.booleans())
def test_passages_are_the_same_from_both_sides(pair: tuple[list[str], list[str]], references: bool):
    one, two = (" ".join(side) for side in pair)
    (first,) = found(doc("1", one, day=1), doc("2", two, source="intranet" if references else "rse")).matches
    (second,) = found(doc("1", one, source="intranet" if references else "rse"), doc("2", two, day=1)).matches
    assert spans(first) == spans(second)


NOTES = [str(known["text"]) for known in texts().values()]
SENTENCES = [sentence.text for note in NOTES for sentence in sentences(note)]


def dressed(text: str, rng: random.Random) -> str:
    """Write a text as another platform would: other signs, spaces, cases, entities."""
    for sign, others in {
        "'": "'’`",
        " ": " \u00a0\u202f",
        "é": ["é", "e\u0301", "&eacute;", "É"],
        "œ": ["œ", "oe"],
    }.items():
        text = "".join(rng.choice(list(others)) if char == sign else char for char in text)
    return text


@FEW
@given(st.integers(0, 2**32))
def test_offsets_point_at_text_that_normalises_equally(seed: int):
    rng = random.Random(seed)
    own, copied = rng.sample(SENTENCES, 4), rng.sample(NOTES, 1)[0]
    post = "\n".join([*own[:2], dressed(copied, rng), *own[2:]])
    for match in found(doc("1", post, day=1), doc("2", copied, source="intranet")).matches:
        for passage in match.passages:
            one, two = (
                post[passage.document.start : passage.document.end],
                copied[passage.other.start : passage.other.end],
            )
            if passage.similarity == 1:
                assert words(one).forms == words(two).forms
            assert normalise(one).text[0].isalnum()
            assert normalise(one).text[-1].isalnum()
            assert passage.words == len(words(one))


@FEW
@given(st.integers(0, 2**32), st.randoms(use_true_random=False))
def test_the_order_of_documents_changes_nothing(seed: int, shuffler: random.Random):
    rng = random.Random(seed)
    documents = [
        doc(
            str(n),
            " ".join(rng.sample(SENTENCES, rng.randint(1, 8))),
            source=rng.choice(["rse", "intranet"]),
            day=rng.randint(0, 4),
        )
        for n in range(12)
    ]
    mixed = list(documents)
    shuffler.shuffle(mixed)
    assert to_json(found(*mixed), "r") == to_json(found(*documents), "r")


PIECES = ["a", "é", "mot ", "\0", "\ud800", "\ufffd", "😀", " ", "\n", "&amp;", "œ", "e\u0301", "日本", "1"]
ODD = st.lists(st.sampled_from(PIECES), max_size=60).map("".join)


@FEW
@given(st.lists(ODD, max_size=6))
def test_any_text_is_judged_without_harm(pieces: list[str]):
    documents = [doc(str(n), piece, source="rse" if n % 2 else "intranet") for n, piece in enumerate(pieces)]
    reuse = found(*documents)
    assert [o.document.id for o in reuse.documents] == sorted(d.id for d in documents if d.source == "rse")


@pytest.mark.parametrize("count", [2, 300])
def test_documents_that_are_all_alike_are_each_found(count: int):
    reuse = found(*(doc(f"{n:03}", NOTES[0], day=n) for n in range(count)))
    assert {match.document.id for match in reuse.matches} == {f"{n:03}" for n in range(1, count)}
    assert {match.original for match in reuse.matches} == {"other"}


def test_a_hundred_thousand_words_are_compared_with_a_note():
    rng = random.Random(3)
    long = " ".join(rng.choices(UNIQUE, k=100_000))
    middle = len(long) // 2
    post = f"{long[:middle]} {NOTES[0]} {long[middle:]}"
    (match,) = found(doc("1", post, day=1), doc("2", NOTES[0], source="intranet")).matches
    assert match.share_of_other == 1.0
