from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from rseaudit.duplicates.direction import direction
from rseaudit.model import DATE_RUNGS, Document, Evidence

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def doc(id: str, *, source: str = "rse", modified: float | None = None, **more: object) -> Document:
    dates = {
        rung.replace("_", "-"): NOON + timedelta(days=float(str(more.pop(rung)))) for rung in [*more] if rung in RUNGS
    }
    changed = None if modified is None else NOON + timedelta(days=modified)
    return Document(source=source, id=id, text="", dates=dates, modified=changed, **more)  # type: ignore[arg-type]


RUNGS = tuple(rung.replace("-", "_") for rung in DATE_RUNGS)


@pytest.mark.parametrize("rung", DATE_RUNGS)
def test_the_earlier_of_two_dates_of_one_rung_is_the_original(rung: Evidence):
    key = rung.replace("-", "_")
    assert direction(doc("a", **{key: 0}), doc("b", **{key: 1})) == ("document", rung)
    assert direction(doc("a", **{key: 1}), doc("b", **{key: 0})) == ("other", rung)


def test_the_highest_rung_that_both_have_decides():
    assert direction(doc("a", api_date=0, http_date=3), doc("b", http_date=5, feed_date=1)) == ("document", "http-date")


def test_a_lower_rung_that_disagrees_by_more_than_a_day_makes_it_unknown():
    assert direction(doc("a", api_date=0, first_seen=5), doc("b", api_date=3, first_seen=1)) == ("unknown", "none")


def test_a_lower_rung_that_disagrees_by_a_day_at_most_changes_nothing():
    one, two = doc("a", api_date=0, feed_date=2), doc("b", api_date=3, feed_date=1)
    assert direction(one, two) == ("document", "api-date")


def test_dates_on_different_rungs_are_not_compared():
    assert direction(doc("a", api_date=0), doc("b", feed_date=1)) == ("unknown", "none")


def test_equal_dates_decide_nothing():
    assert direction(doc("a", api_date=0), doc("b", api_date=0)) == ("unknown", "none")


def test_a_canonical_address_names_the_original_without_any_date():
    original = doc("a", source="intranet", url="https://www.intranet.example.com/a/")
    copy = doc("b", canonical="http://intranet.example.com/a#top")
    assert direction(copy, original) == ("other", "canonical")
    assert direction(original, copy) == ("document", "canonical")


def test_a_canonical_address_against_the_dates_makes_it_unknown():
    original = doc("a", url="https://x.example.com/a", api_date=9)
    assert direction(doc("b", canonical="https://x.example.com/a", api_date=0), original) == ("unknown", "none")


def test_two_documents_that_declare_each_other_leave_it_unknown():
    one = doc("a", url="https://x.example.com/a", canonical="https://x.example.com/b")
    two = doc("b", url="https://x.example.com/b", canonical="https://x.example.com/a")
    assert direction(one, two) == ("unknown", "none")


def test_a_share_button_names_the_original_by_native_id_of_the_same_source_only():
    assert direction(doc("b", shared_from="a"), doc("a")) == ("other", "share-link")
    assert direction(doc("b", shared_from="a"), doc("a", source="intranet")) == ("unknown", "none")


def test_an_original_changed_after_the_copy_was_made_may_have_taken_from_it():
    original, copy = doc("a", api_date=0, modified=4), doc("b", api_date=2)
    assert direction(original, copy) == ("unknown", "none")
    assert direction(original, copy, seen_before=True) == ("document", "api-date")


def test_an_original_changed_before_the_copy_was_made_stays_the_original():
    assert direction(doc("a", api_date=0, modified=1), doc("b", api_date=2, modified=9)) == ("document", "api-date")


def test_the_answer_does_not_depend_on_the_side():
    documents = [
        doc("a", api_date=0, first_seen=9),
        doc("b", api_date=2, modified=3, first_seen=1),
        doc("c", first_seen=4, shared_from="a"),
        doc("d"),
    ]
    mirror = {"document": "other", "other": "document", "unknown": "unknown"}
    for one in documents:
        for two in documents:
            side, evidence = direction(one, two)
            assert direction(two, one) == (mirror[side], evidence)
