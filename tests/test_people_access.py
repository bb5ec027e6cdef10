"""Labels lead to persons; a reader sees what the network lets that reader see, and nothing by default."""

from __future__ import annotations

import pytest

from rseaudit.access import Access
from rseaudit.model import Document, Person, Space, Visibility
from rseaudit.people import Directory, person_key

ANNE = Person(key="anne", name="Anne Martin", mail="Anne.Martin@exemple.fr")
LUC = Person(key="luc", name="Luc Petit")
NAMESAKE = Person(key="luc2", name="luc petit")
DIRECTORY = Directory([ANNE, LUC])


@pytest.mark.parametrize("label", ["anne", "anne.martin@exemple.fr", "ANNE  MARTIN", " Anne Martin "])
def test_a_person_is_found_by_key_mail_or_name(label: str) -> None:
    assert DIRECTORY.find(label) == ANNE


def test_an_unknown_label_becomes_a_person_and_no_label_is_nobody() -> None:
    found = DIRECTORY.find("Zoé Roy")
    assert found is not None
    assert (found.name, found.active, found.key) == ("Zoé Roy", None, person_key("zoe roy"))
    assert DIRECTORY.find(None) is None
    assert DIRECTORY.find("  ") is None


def test_a_name_that_two_persons_bear_leads_to_neither() -> None:
    found = Directory([LUC, NAMESAKE]).find("Luc Petit")
    assert found is not None
    assert found.key not in ("luc", "luc2")


def test_unknown_is_never_the_same_person() -> None:
    assert not DIRECTORY.same(None, None)
    assert DIRECTORY.same("anne", "anne.martin@exemple.fr")


def post(visibility: Visibility, *spaces: str, author: str | None = None) -> Document:
    return Document(source="rse", id="1", text="x", visibility=visibility, spaces=spaces, author=author)


SPACES = [
    Space(source="rse", name="ouvert", visibility="registered"),
    Space(source="rse", name="projet", visibility="space", owners=("anne",), members=("luc",)),
    Space(source="rse", name="sans liste", visibility="space"),
]
ACCESS = Access(SPACES, DIRECTORY)


@pytest.mark.parametrize(
    ("document", "reader", "sees"),
    [
        (post("public"), None, True),
        (post("registered"), None, True),
        (post("unknown"), None, False),
        (post("unknown"), ANNE, False),
        (post("unknown", "ouvert"), None, True),
        (post("unknown", "projet"), None, False),
        (post("unknown", "projet"), ANNE, True),
        (post("unknown", "projet"), LUC, True),
        (post("public", "projet"), None, False),
        (post("registered", "projet"), NAMESAKE, False),
        (post("space", "sans liste"), LUC, False),
        (post("private", "projet"), ANNE, False),
        (post("private", author="Luc Petit"), LUC, True),
        (post("unknown", "inconnu"), LUC, False),
    ],
)
def test_who_reads_what(document: Document, reader: Person | None, sees: bool) -> None:
    assert ACCESS.may_read(reader, document) is sees
