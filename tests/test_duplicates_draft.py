from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from rseaudit.config.settings import DuplicatesSettings
from rseaudit.duplicates import archive
from rseaudit.duplicates.archive import Archive
from rseaudit.duplicates.collection import texts_of
from rseaudit.duplicates.draft import Comparison, compare
from rseaudit.duplicates.job import survey
from rseaudit.duplicates.library import Library
from rseaudit.model import Document, Ref, Source
from rseaudit.people import Directory
from tests.duplicates_cases import texts

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
SOURCES = {
    "rse": Source(name="rse", role="audited", url="https://rse.example.com"),
    "intranet": Source(name="intranet", role="reference", url="https://intranet.example.com"),
}
SIGNATURE = (
    "Ce message et ses pièces jointes sont destinés aux seuls salariés du groupe Aubrac Industries ; toute diffusion "
    "à l'extérieur est soumise à autorisation écrite de la communication."
)


def page(name: str, *, source: str = "intranet", text: str | None = None) -> Document:
    known = texts()[name]
    return Document(
        source=source, id=name, title=known["title"], text=text or known["text"], author=known["author"],
        url=f"https://{source}.example.com/actus/{name}", created=NOW, dates={"api-date": NOW}, visibility="registered",
    )  # fmt: skip


def draft(text: str) -> Document:
    return Document(source="draft", id="note.txt", text=text, created=NOW)


def gathered(documents: Collection[Document]) -> Archive:
    library = Library(documents)
    found = survey(texts_of(documents, SOURCES), library, settings=DuplicatesSettings())
    common_texts = found.wordings.texts(library, found.limits)
    return archive.gather(found.texts, found.indexes, common_texts, generation="g1")


def compared(text: str, documents: Collection[Document], **settings: object) -> Comparison:
    known = {document.ref: document for document in documents}

    def load(refs: Collection[Ref]) -> Mapping[Ref, Document]:
        return {ref: known[ref] for ref in refs}

    return compare(
        draft(text), gathered(documents), load=load, directory=Directory(()), settings=DuplicatesSettings(**settings)
    )  # type: ignore[arg-type]


PAGES = [page(name) for name in texts()]


def text(name: str) -> str:
    return str(texts()[name]["text"])


def test_a_copied_page_is_named_with_its_passage():
    found = compared(f"Bonjour à tous.\n\n{text('tri')}", PAGES)
    (match,) = found.matches
    assert (match.other, match.kind, match.original) == (Ref("intranet", "tri"), "copy", "other")
    assert match.passages[0].document.start == len("Bonjour à tous.\n\n")
    assert found.originality.verdict == "copy"
    assert found.documents[match.other].title == "Le tri change de couleur"


def test_two_sentences_in_a_long_draft_are_found():
    sentence = ". ".join(text("reseau").split(". ")[:2])
    found = compared(f"{text('velo')}\n\n{sentence}.\n\n{text('cantine')}", [p for p in PAGES if p.id == "reseau"])
    assert [match.other.id for match in found.matches] == ["reseau"]


def test_a_draft_of_ones_own_matches_nothing():
    found = compared(text("velo"), [p for p in PAGES if p.id != "velo"])
    assert (found.matches, found.originality.verdict, found.originality.originality) == ((), "original", 1.0)


def test_a_draft_that_is_a_page_to_the_letter_matches_every_place_of_it():
    found = compared(text("sang"), [page("sang"), page("sang", source="rse")])
    assert {match.other.source for match in found.matches} == {"intranet", "rse"}
    assert {match.share_of_document for match in found.matches} == {1.0}


def test_a_quotation_and_a_link_count_for_a_draft_as_well():
    quoted = compared(f"Je cite l'infirmerie, qui le dit très bien. « {text('sang')} »", PAGES)
    linked = compared(f"À lire : https://intranet.example.com/actus/tri\n\n{text('tri')}", PAGES)
    assert [match.kind for match in (*quoted.matches, *linked.matches)] == ["quote", "relay"]
    assert "copy" not in (quoted.originality.verdict, linked.originality.verdict)


def test_common_text_of_the_collection_is_left_aside_in_a_draft():
    signed = [replace(p, text=f"{p.text}\n\n{SIGNATURE}") for p in PAGES if p.id != "velo"]
    found = compared(f"{text('velo')}\n\n{SIGNATURE}", signed)
    assert found.matches == ()
    assert [piece.rstrip(".") for piece in found.common] == [SIGNATURE.rstrip(".")]
    assert found.originality.originality == 1.0


def test_text_that_the_configuration_excludes_is_left_aside():
    found = compared(
        f"{text('velo')}\n\n{text('tri')}", [p for p in PAGES if p.id == "tri"], exclude_text=[text("tri")]
    )
    assert found.matches == ()


@pytest.mark.parametrize("strange", ["mot", "😀" * 50, "\ufffd\ufffd", "a " * 20_000, "même mot " * 5_000])
def test_strange_drafts_do_no_harm(strange: str):
    assert compared(strange, PAGES).matches == ()


def test_an_empty_archive_matches_nothing():
    assert compared(text("tri"), []).matches == ()


def test_an_archive_survives_the_disk(tmp_path: Path):
    made = gathered(PAGES)
    archive.save(made, tmp_path / "index")
    kept = archive.load(tmp_path / "index", generation="g1")
    assert kept is not None
    assert [kept.members(n) for n in range(len(kept))] == [made.members(n) for n in range(len(made))]
    for name in ("numbers", "order", "bounds", "common"):
        assert np.array_equal(getattr(kept, name), getattr(made, name))
    for mine, theirs in zip((*kept.runs, *kept.pairs), (*made.runs, *made.pairs), strict=True):
        assert np.array_equal(mine, theirs)


def test_an_archive_of_another_state_or_method_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    archive.save(gathered(PAGES), tmp_path)
    assert archive.load(tmp_path, generation="g2") is None
    assert archive.load(tmp_path, generation=None) is None
    monkeypatch.setattr(archive, "METHOD", "other")
    assert archive.load(tmp_path, generation="g1") is None


def test_an_archive_of_another_unicode_version_is_not_used(tmp_path: Path):
    archive.save(gathered(PAGES), tmp_path)
    about = json.loads((tmp_path / "current.json").read_text())
    (tmp_path / "current.json").write_text(json.dumps({**about, "unicode": "1.1"}))
    assert archive.load(tmp_path, generation="g1") is None


@pytest.mark.parametrize(("place", "name"), [("base", "runs"), ("base", "pairs"), ("g1", "order"), ("g1", "runs")])
def test_a_damaged_archive_is_not_used(tmp_path: Path, place: str, name: str):
    archive.save(gathered(PAGES), tmp_path)
    (kept,) = tmp_path.glob(f"{place}-*/{name}.npy")
    kept.write_bytes(kept.read_bytes()[:100])
    assert archive.load(tmp_path, generation="g1") is None


def test_a_new_archive_replaces_the_old_one_and_nothing_else(tmp_path: Path):
    (tmp_path / "mes-photos").mkdir()
    archive.save(gathered(PAGES), tmp_path)
    archive.save(replace(gathered(PAGES[:3]), generation="g2"), tmp_path)
    assert archive.load(tmp_path, generation="g1") is None
    kept = archive.load(tmp_path, generation="g2")
    assert kept is not None
    assert len(kept) == 3
    assert sorted(path.name.partition("-")[0] for path in tmp_path.iterdir()) == [
        "base",
        "current.json",
        "g2",
        "mes",
    ]


def test_a_write_that_fails_leaves_the_old_archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    archive.save(gathered(PAGES), tmp_path)

    def fails(*_: object) -> None:
        raise OSError("no room")

    monkeypatch.setattr(np, "save", fails)
    with pytest.raises(OSError, match="no room"):
        archive.save(replace(gathered(PAGES[:3]), generation="g2"), tmp_path)
    monkeypatch.undo()
    assert archive.load(tmp_path, generation="g1") is not None
    assert sorted(path.name.partition("-")[0] for path in tmp_path.iterdir() if path.is_dir()) == ["base", "g1"]


def test_a_discarded_archive_is_gone(tmp_path: Path):
    archive.save(gathered(PAGES), tmp_path)
    archive.discard(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_an_archive_holds_no_word(tmp_path: Path):
    archive.save(gathered(PAGES), tmp_path)
    for path in tmp_path.rglob("*"):
        assert path.is_dir() or b"cantine propose" not in path.read_bytes()
