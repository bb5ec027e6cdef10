from __future__ import annotations

from dataclasses import replace

import pytest

from rseaudit.audit.owners import NOBODY, has_inactive_author, responsible
from rseaudit.audit.spaces import Spaces
from rseaudit.config.settings import SpaceSettings
from rseaudit.model import Document, Person, Rung, Space
from rseaudit.people import Directory

NAMES = {
    "configuration": "Config",
    "content-owner": "Owner",
    "author": "Author",
    "last-editor": "Editor",
    "space-owner": "Referent",
    "space-moderator": "Moderator",
}
LADDER: list[Rung] = ["configuration", "content-owner", "author", "last-editor", "space-owner", "space-moderator"]
DOCUMENT = Document(
    source="rse", id="1", text="Texte", spaces=("Sécurité",), owner="Owner", author="Author", last_editor="Editor"
)
SPACE = Space(source="rse", name="Sécurité", owners=("Referent",), moderators=("Moderator",))
SPACES = Spaces(
    known={("rse", "Sécurité"): SPACE}, settings=(SpaceSettings(match="rse/Séc*", owner="Config"),), audiences={}
)


def directory(*inactive: str, active: tuple[str, ...] = ()) -> Directory:
    gone = [Person(key=name.lower(), name=name, active=False) for name in inactive]
    return Directory([*gone, *(Person(key=name.lower(), name=name, active=True) for name in active)])


@pytest.mark.parametrize("step", range(len(LADDER)))
def test_the_first_rung_whose_person_is_not_inactive_answers(step: int) -> None:
    gone = [NAMES[rung] for rung in LADDER[:step]]
    found = responsible(DOCUMENT, SPACES, directory(*gone))
    assert (found.name, found.rung) == (NAMES[LADDER[step]], LADDER[step])


def test_a_content_is_an_orphan_when_only_inactive_people_remain() -> None:
    assert responsible(DOCUMENT, SPACES, directory(*NAMES.values())) == NOBODY


def test_a_content_without_anybody_is_an_orphan() -> None:
    bare = Document(source="rse", id="1", text="Texte")
    assert responsible(bare, SPACES, directory()) == NOBODY


def test_a_person_known_to_be_active_does_not_overtake_an_earlier_rung() -> None:
    found = responsible(DOCUMENT, SPACES, directory("Config", active=("Author",)))
    assert (found.name, found.rung) == ("Owner", "content-owner")


def test_a_closed_account_on_the_platform_counts_for_every_rung_of_that_person() -> None:
    document = replace(DOCUMENT, owner=None, author_active=False, last_editor="Author")
    found = responsible(document, replace(SPACES, settings=()), directory())
    assert found.rung == "space-owner"


def test_the_spaces_of_a_content_are_asked_in_their_order() -> None:
    document = Document(source="rse", id="1", text="Texte", spaces=("Vide", "Sécurité"))
    assert responsible(document, replace(SPACES, settings=()), directory()).name == "Referent"


def test_moderators_of_the_configuration_replace_those_of_the_platform() -> None:
    spaces = replace(SPACES, settings=(SpaceSettings(match="rse/*", moderators=["Animatrice"]),))
    document = Document(source="rse", id="1", text="Texte", spaces=("Sécurité",))
    found = responsible(document, spaces, directory("Referent"))
    assert (found.name, found.rung) == ("Animatrice", "space-moderator")


def test_a_label_leads_to_the_same_person_by_mail_or_name() -> None:
    people = Directory([Person(key="k1", name="Nadia Perrin", mail="nadia@example.com", active=True)])
    document = replace(DOCUMENT, owner="NADIA@example.com")
    found = responsible(document, replace(SPACES, settings=()), people)
    assert (found.name, found.key) == ("Nadia Perrin", "k1")


@pytest.mark.parametrize(("said", "known", "expected"), [(None, None, False), (False, None, True), (None, False, True)])
def test_an_author_is_inactive_only_when_something_says_so(
    said: bool | None, known: bool | None, expected: bool
) -> None:
    document = replace(DOCUMENT, author_active=said)
    assert has_inactive_author(document, Directory([Person(key="a", name="Author", active=known)])) is expected
