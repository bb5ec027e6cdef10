from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from rseaudit.duplicates.history import renewed
from rseaudit.model import Document, Span

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
FIRST = "La halle ouvre lundi à huit heures."
SECOND = "Les bottes restent obligatoires près du four."


def at(day: float) -> datetime:
    return NOON + timedelta(days=day)


def doc(text: str, *, modified: float | None = None) -> Document:
    return Document(source="rse", id="1", text=text, created=NOON, modified=None if modified is None else at(modified))


def whole(document: Document) -> list[Span]:
    return [Span(0, len(document.text))]


def test_a_text_that_was_never_changed_stands_since_its_creation():
    document = doc(FIRST)
    history = renewed(None, document, now=at(30))
    assert history.stood(document, whole(document), at(1))
    assert not history.stood(document, whole(document), at(0))


def test_what_was_read_before_a_change_stands_since_then():
    before = renewed(None, doc(FIRST), now=at(1))
    changed = doc(f"{FIRST} {SECOND}", modified=9)
    history = renewed(before, changed, now=at(10))
    assert history.stood(changed, [Span(0, len(FIRST))], at(2))
    assert not history.stood(changed, [Span(len(FIRST) + 1, len(changed.text))], at(2))
    assert history.stood(changed, [Span(len(FIRST) + 1, len(changed.text))], at(10))


def test_without_an_earlier_reading_a_changed_text_stands_since_its_change():
    changed = doc(FIRST, modified=9)
    assert not renewed(None, changed, now=at(10)).stood(changed, whole(changed), at(2))


def test_a_sentence_that_is_gone_is_forgotten_and_comes_back_anew():
    before = renewed(None, doc(f"{FIRST} {SECOND}"), now=at(1))
    without = renewed(before, doc(FIRST, modified=2), now=at(3))
    again = doc(f"{FIRST} {SECOND}", modified=5)
    history = renewed(without, again, now=at(6))
    assert history.stood(again, [Span(0, len(FIRST))], at(1))
    assert not history.stood(again, [Span(len(FIRST) + 1, len(again.text))], at(4))


def test_nothing_new_gives_an_equal_history():
    document = doc(f"{FIRST} {SECOND}")
    before = renewed(None, document, now=at(1))
    assert renewed(before, document, now=at(9)) == before


def test_signs_and_accents_do_not_make_a_new_sentence():
    before = renewed(None, doc(FIRST), now=at(1))
    changed = replace(doc(FIRST.upper().replace("À", "A")), modified=at(9))
    assert renewed(before, changed, now=at(10)).stood(changed, whole(changed), at(2))


def test_an_empty_text_and_an_empty_passage_stood_never():
    document = doc("")
    assert not renewed(None, document, now=at(1)).stood(document, whole(document), at(2))
    assert not renewed(None, doc(FIRST), now=at(1)).stood(doc(FIRST), [], at(2))
