from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rseaudit.config.settings import DuplicatesSettings
from rseaudit.duplicates import Reuse, find_reuse, to_json
from rseaudit.duplicates.collection import texts_of
from rseaudit.duplicates.matches import Member
from rseaudit.ids import short_hash
from rseaudit.model import Document, Ref, Source
from rseaudit.people import Directory
from rseaudit.text import words

SOURCES = {"rse": Source(name="rse", role="audited"), "intranet": Source(name="intranet", role="reference")}
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
STORY = (
    "Le four numéro deux redémarre jeudi après son briquetage complet. Douze fondeurs se relaieront pour la montée "
    "en température, surveillée par quatre thermocouples neufs. La première coulée de fonte grise est attendue samedi."
)


def doc(source: str, id: str, text: str, day: int | None = None) -> Document:
    dates = {} if day is None else {"api-date": EPOCH + timedelta(days=day)}
    return Document(source=source, id=id, text=text, dates=dates)  # type: ignore[arg-type]


def found(documents: list[Document]) -> Reuse:
    return find_reuse(documents, sources=SOURCES, spaces=(), directory=Directory(()), settings=DuplicatesSettings())


def test_no_document_gives_an_empty_result():
    assert found([]) == Reuse((), (), ())


@pytest.mark.parametrize(
    "text", ["", " \n", "😀" * 30, "\ufffd" * 9, "mot", "mot " * 20_000, "a b " * 20_000, "x" * 50_000]
)
def test_strange_texts_are_judged_without_harm(text: str):
    reuse = found([doc("rse", "1", text), doc("intranet", "2", text + " fin")])
    assert [o.document for o in reuse.documents] == [Ref("rse", "1")]
    assert reuse.documents[0].words == len(words(text))


def test_two_very_long_texts_are_aligned_in_pieces():
    long = " ".join(f"mot{n}" for n in range(30_000))
    reuse = found([doc("rse", "1", long.replace("mot77 ", "zut ")), doc("intranet", "2", long)])
    assert reuse.matches[0].share_of_document > 0.99


def test_the_json_has_the_agreed_shape():
    reuse = found([doc("rse", "12", STORY, 3), doc("intranet", "n-17", STORY, 0)])
    data = json.loads(json.dumps(to_json(reuse, "r1")))
    count = len(words(STORY))
    assert data == {
        "schema": 1,
        "run": "r1",
        "matches": [
            {
                "id": short_hash("match", "rse", "12", "intranet", "n-17"),
                "document": {"source": "rse", "id": "12"},
                "other": {"source": "intranet", "id": "n-17"},
                "kind": "copy",
                "shared_words": count,
                "share_of_document": 1.0,
                "share_of_other": 1.0,
                "original": "other",
                "evidence": "api-date",
                "passages": [{"document": [0, len(STORY) - 1], "other": [0, len(STORY) - 1], "similarity": 1.0}],
            }
        ],
        "documents": [
            {
                "source": "rse",
                "id": "12",
                "words": count,
                "originality": 0.0,
                "attributed_share": 0.0,
                "verdict": "not-judged",
            }
        ],
        "groups": [
            {
                "id": short_hash("group", "intranet", "n-17", "known"),
                "original": {"source": "intranet", "id": "n-17"},
                "known": True,
                "members": [{"source": "rse", "id": "12"}],
                "matches": [short_hash("match", "rse", "12", "intranet", "n-17")],
            }
        ],
        "common_texts": [],
    }


def test_an_id_does_not_depend_on_where_the_passage_stands():
    before = found([doc("rse", "1", STORY, 1), doc("intranet", "2", STORY, 0)])
    after = found([doc("rse", "1", f"Rappel important. {STORY}", 1), doc("intranet", "2", STORY, 0)])
    assert before.matches[0].id == after.matches[0].id


def test_documents_of_one_identity_count_once():
    reuse = found([doc("rse", "1", STORY), doc("rse", "1", STORY), doc("intranet", "2", STORY)])
    assert len(reuse.documents) == 1
    assert len(reuse.matches) == 1


def test_a_source_that_is_not_declared_is_a_reference():
    reuse = found([doc("rse", "1", STORY), doc("ailleurs", "2", STORY)])
    assert [o.document.source for o in reuse.documents] == ["rse"]
    assert len(reuse.matches) == 1


def test_identical_words_are_one_text_with_offsets_of_its_own_for_each_document():
    documents = {d.ref: d for d in (doc("rse", "1", "Un  mot, deux."), doc("intranet", "2", "« UN mot deux »"))}
    texts = texts_of(documents.values(), SOURCES)
    assert len(texts) == 1
    members = [documents[ref] for ref in texts.members(0)]
    spans = [Member(document).span(1, 3) for document in members]
    shown = [document.text[span.start : span.end] for document, span in zip(members, spans, strict=True)]
    assert shown == ["mot deux", "mot, deux"]


SENTENCES = [
    "Le laminoir à froid tourne en trois équipes depuis la rentrée de septembre.",
    "Un comité de voisinage visitera l'aciérie samedi avec le maire de Decazeville.",
    "Les apprentis soudeurs présentent leur chef-d'œuvre devant un jury d'anciens.",
    "La bascule du poste nord affiche quarante kilos de trop, évitez-la.",
    "Notre fournisseur de réfractaires change d'adresse et de délai de livraison.",
    "Le robot de parachèvement apprend à reconnaître les pièces fissurées.",
    "Deux ponts roulants attendent leur visite réglementaire avant la mi-mai.",
    "Une bourse aux livres techniques s'ouvre au sous-sol du bâtiment Aveyron.",
]
contents = st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=5).map(" ".join)
collections = st.lists(
    st.tuples(st.sampled_from(["rse", "intranet"]), contents, st.none() | st.integers(0, 5)), max_size=7
).map(lambda rows: [doc(source, str(n), text, day) for n, (source, text, day) in enumerate(rows)])


@settings(max_examples=60, deadline=None)
@given(collections, st.randoms(use_true_random=False))
def test_the_order_of_the_documents_changes_nothing(documents: list[Document], random):
    shuffled = [*documents]
    random.shuffle(shuffled)
    assert to_json(found(shuffled), "r") == to_json(found(documents), "r")


@settings(max_examples=60, deadline=None)
@given(collections)
def test_exact_passages_point_at_the_same_words_in_both_texts(documents: list[Document]):
    by_ref = {document.ref: document for document in documents}
    for match in found(documents).matches:
        one, two = by_ref[match.document].text, by_ref[match.other].text
        assert 0 < match.share_of_document <= 1
        assert 0 < match.share_of_other <= 1
        for passage in match.passages:
            mine = words(one[passage.document.start : passage.document.end]).forms
            theirs = words(two[passage.other.start : passage.other.end]).forms
            assert len(mine) == passage.words
            if passage.similarity == 1.0:
                assert mine == theirs


@settings(max_examples=40, deadline=None)
@given(collections)
def test_shared_words_do_not_depend_on_which_side_is_audited(documents: list[Document]):
    turned = {"rse": Source(name="rse", role="reference"), "intranet": Source(name="intranet", role="audited")}
    both = [m for m in found(documents).matches if {m.document.source, m.other.source} == {"rse", "intranet"}]
    mirror = find_reuse(documents, sources=turned, spaces=(), directory=Directory(()), settings=DuplicatesSettings())
    shares = {(m.other, m.document): (m.share_of_other, m.share_of_document) for m in mirror.matches}
    for match in both:
        if match.kind in ("copy", "relay", "quote") and (match.document, match.other) in shares:
            assert shares[match.document, match.other] == (match.share_of_document, match.share_of_other)
