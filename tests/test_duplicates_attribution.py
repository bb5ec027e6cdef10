from __future__ import annotations

import pytest

from rseaudit.duplicates.addresses import comparable, host, leads_to, names
from rseaudit.duplicates.attribution import Claim, Origin, Reading, claim
from rseaudit.model import Document, Person, Span
from rseaudit.people import Directory

PASSAGE = "Les anciens badges bleus seront désactivés vendredi à dix-huit heures précises"
ORIGINAL = Document(
    source="intranet",
    id="n-17",
    text=PASSAGE,
    url="https://intranet.example.com/actus/badges",
    title="Nouveaux badges du parking",
    author="hm",
    spaces=("Services généraux",),
    extra={"aliases": ["https://intranet.example.com/?p=17"]},
)
PEOPLE = Directory([Person(key="hm", name="Hélène Marchand")])


def told(text: str, *, body: str | None = None, **more: object) -> Claim:
    document = Document(
        source="rse",
        id="1",
        text=text,
        body=body,
        format="html" if body else "text",
        url="https://rse.example.com/1",
        **more,  # type: ignore[arg-type]
    )
    start = text.index(PASSAGE)
    return claim(Reading(document), Origin(ORIGINAL, document, PEOPLE), Span(start, start + len(PASSAGE)), quoted=False)


@pytest.mark.parametrize(
    "text",
    [
        f"Lu sur l'intranet : {PASSAGE}.",
        f"D'après Hélène Marchand, {PASSAGE}.",
        f"{PASSAGE} (source : intranet).",
        f"Extrait de « Nouveaux badges du parking » :\n{PASSAGE}.",
        f"Je complète la note Nouveaux badges du parking par un plan.\n\n{PASSAGE}.",
        f"https://intranet.example.com/actus/badges/\n{PASSAGE}.",
        f"{PASSAGE}.\n\nMerci de passer à l'accueil.\n\nSource : https://intranet.example.com/?p=17",
        f"Repris de l'espace Services généraux.\n{PASSAGE}.",
        f"Le détail est sur intranet.example.com.\n{PASSAGE}.",
        f"Bravo à H. Marchand pour la clarté :\n{PASSAGE}.",
        f"Hélène nous explique tout :\n{PASSAGE}.",
        f"Note de Mme Marchand, à toutes fins utiles.\n{PASSAGE}.",
        f"De : Hélène Marchand\nEnvoyé : lundi\nÀ : tous\nObjet : badges\n\n{PASSAGE}.",
    ],
)
def test_a_named_or_linked_origin_near_the_passage_is_a_credit(text: str):
    assert told(text).credited


@pytest.mark.parametrize(
    "text",
    [
        f"{PASSAGE}.",
        f"Nouveaux badges du parking\n{PASSAGE}.",
        f"Pensez à vider votre espace sur l'intranet.\n{PASSAGE}.",
        f"Selon moi, c'est utile.\n{PASSAGE}.",
        f"Lu sur l'intranet.\n\nPremière chose.\n\nDeuxième chose.\n\n{PASSAGE}.",
        f"https://ailleurs.example.com/actus/badges\n{PASSAGE}.",
        f"{PASSAGE}.\n\nRien à voir.\n\nLe menu est sur https://intranet.example.com/menu",
        f"D'après Marchand, il pleut.\n{PASSAGE}.",
    ],
)
def test_anything_else_is_no_credit(text: str):
    assert not told(text).credited


SERVICE = Document(
    source="rse",
    id="7",
    text=PASSAGE,
    title="Cap Aubrac n° 42 : les badges changent",
    author="Direction des moyens généraux",
)


def served(text: str) -> Claim:
    document = Document(source="rse", id="1", text=text, author="kb")
    start = text.index(PASSAGE)
    return claim(Reading(document), Origin(SERVICE, document, PEOPLE), Span(start, start + len(PASSAGE)), quoted=False)


@pytest.mark.parametrize(
    "text",
    [
        f"La DMG annonce du neuf.\n{PASSAGE}.",
        f"Merci à l'équipe des moyens généraux pour ce rappel.\n{PASSAGE}.",
        f"Rappel du service moyens généraux, à lire avant lundi.\n{PASSAGE}.",
        f"La direction des moyens généraux a pensé à nous :\n{PASSAGE}.",
        f"{PASSAGE}.\n\nSignalé par la Direction des moyens généraux",
        f"{PASSAGE}.\n\n© Direction des moyens généraux",
        f"{PASSAGE}.\n\nVotre DMG",
        f"DMG – à afficher\n{PASSAGE}.",
        f"{PASSAGE}.\n\nMerci la DMG pour cette belle note !",
        f"L'équipe moyens généraux vient de publier ceci.\n{PASSAGE}.",
        f"Lu dans Cap Aubrac n° 42 et recopié pour vous.\n{PASSAGE}.",
        f"De : Direction des moyens généraux\nÀ : tous\nObjet : badges\n\n{PASSAGE}.",
    ],
)
def test_a_service_is_credited_in_the_words_people_use_for_it(text: str):
    assert served(text).credited


@pytest.mark.parametrize(
    "text",
    [
        f"J'ai rendez-vous avec la DMG demain.\n{PASSAGE}.",
        f"Le bureau de la direction des moyens généraux a déménagé.\n{PASSAGE}.",
        f"{PASSAGE}.\n\nPour toute demande, passez au guichet de la direction des moyens généraux, au sous-sol.",
        f"Le cap Aubrac n'est pas sur la carte.\n{PASSAGE}.",
    ],
)
def test_a_service_that_is_merely_mentioned_is_not_credited(text: str):
    assert not served(text).credited


def test_a_link_behind_words_is_a_credit():
    body = f'<p>À lire <a href="https://www.intranet.example.com/actus/badges#top">ici</a> :</p><p>{PASSAGE}</p>'
    assert told(f"À lire ici :\n\n{PASSAGE}", body=body).credited


def test_a_body_that_no_longer_gives_the_text_is_not_trusted_for_offsets():
    body = f'<p>Tout autre chose <a href="https://intranet.example.com/actus/badges">ici</a></p><p>{PASSAGE}</p>'
    assert not told(f"Vu ce matin :\n\n{PASSAGE}", body=body).credited


def test_a_share_button_or_a_canonical_address_is_a_credit():
    assert told(PASSAGE, shared_from="https://intranet.example.com/actus/badges").credited
    assert told(PASSAGE, canonical="https://intranet.example.com/actus/badges").credited


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("Il dit : « deux mots » ici.", ["« deux mots »"]),
        ("Il dit : “deux mots” ici.", ["“deux mots”"]),
        ('Il dit : "deux mots" ici.', ['"deux mots"']),
        ('Un écran de 24" et un autre de 27" arrivent.', []),
        ("Avant.\n> cité ligne un\n> cité ligne deux\nAprès.", ["> cité ligne un\n> cité ligne deux\n"]),
        ("L'apostrophe d'un côté, l'autre aussi.", []),
    ],
)
def test_quotations_are_found_by_their_marks(text: str, quoted: list[str]):
    reading = Reading(Document(source="rse", id="1", text=text))
    assert [text[span.start : span.end] for span in reading.quotes] == quoted


def test_overlapping_quotations_merge():
    body = "<blockquote><p>Elle dit « oui » deux fois.</p></blockquote>"
    reading = Reading(Document(source="rse", id="1", text="Elle dit « oui » deux fois.", body=body, format="html"))
    assert reading.merged_quotes == (Span(0, 27),)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/a?b=1&c=2",
        "https://www.example.com/a/?c=2&b=1#x",
        "HTTPS://EXAMPLE.COM:443/a?utm_source=mail&b=1&c=2",
    ],
)
def test_spellings_of_one_address_compare_equal(url: str):
    assert comparable(url) == "example.com/a?b=1&c=2"


@pytest.mark.parametrize("url", ["", "mailto:a@b.c", "/a", "ftp://a/b", "http://[", "texte"])
def test_what_is_no_web_address_compares_to_nothing(url: str):
    assert comparable(url) is None
    assert host(url) is None


def test_a_document_is_named_by_its_id_in_its_own_source_or_by_any_of_its_addresses():
    assert names("n-17", ORIGINAL, source="intranet")
    assert not names("n-17", ORIGINAL, source="rse")
    assert not names(" ", ORIGINAL, source="intranet")
    assert leads_to("http://intranet.example.com/?p=17", ORIGINAL)
