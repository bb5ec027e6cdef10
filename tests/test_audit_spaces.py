from __future__ import annotations

import unicodedata

from rseaudit.audit.spaces import Spaces, audience_of, declared
from rseaudit.config.settings import SpaceSettings
from rseaudit.model import Audience, Document, Space

FIELD, OFFICE = Audience(id="terrain", label="Terrain"), Audience(id="bureau", label="Bureau")
AUDIENCES = {"terrain": FIELD, "bureau": OFFICE}


def test_the_first_pattern_that_matches_wins() -> None:
    settings = [
        SpaceSettings(match="rse/Sécurité*", audience="terrain"),
        SpaceSettings(match="rse/*", audience="bureau"),
    ]
    assert declared(settings, "rse", "Sécurité Nord") == settings[0]
    assert declared(settings, "rse", "Achats") == settings[1]
    assert declared(settings, "intranet", "Achats") is None


def test_accents_written_apart_and_brackets_are_matched() -> None:
    settings = [SpaceSettings(match=unicodedata.normalize("NFD", "rse/Sécurité")), SpaceSettings(match="rse/[RH] Paie")]
    assert declared(settings, "rse", "Sécurité") == settings[0]
    assert declared(settings, "rse", "[RH] Paie") == settings[1]


def test_a_declaration_without_audience_leaves_the_audience_to_the_next() -> None:
    settings = (SpaceSettings(match="rse/Séc*", owner="Nadia"), SpaceSettings(match="rse/*", audience="terrain"))
    spaces = Spaces(known={}, settings=settings, audiences=AUDIENCES)
    assert spaces.audience("rse", "Sécurité") == FIELD
    assert spaces.configured_owner("rse", "Sécurité") == "Nadia"


def test_the_first_space_decides_and_the_configuration_wins_over_the_source() -> None:
    known = {
        ("rse", "A"): Space(source="rse", name="A", audience="bureau"),
        ("rse", "B"): Space(source="rse", name="B"),
    }
    document = Document(source="rse", id="1", text="", spaces=("A", "B"))
    assert audience_of(document, Spaces(known=known, settings=(), audiences=AUDIENCES)) == OFFICE
    settings = (SpaceSettings(match="rse/A", audience="terrain"),)
    assert audience_of(document, Spaces(known=known, settings=settings, audiences=AUDIENCES)) == FIELD


def test_no_space_and_an_undeclared_audience_give_none() -> None:
    known = {("rse", "A"): Space(source="rse", name="A", audience="inconnu")}
    spaces = Spaces(known=known, settings=(), audiences=AUDIENCES)
    assert audience_of(Document(source="rse", id="1", text=""), spaces) is None
    assert audience_of(Document(source="rse", id="1", text="", spaces=("A",)), spaces) is None
