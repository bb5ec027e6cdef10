"""The model that is kept unpacked tells the same as the library's own, and is never needed."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from rseaudit.audience.unpacked import identifier

TEXT = "Les anciens badges seront désactivés vendredi à dix-huit heures, prévenez vos collègues."


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cache")
    identifier(folder)
    return folder


@pytest.fixture(scope="module")
def packed() -> Any:
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def kept(cache: Path) -> Path:
    [folder] = cache.iterdir()
    return folder


def test_it_is_kept_once_and_nothing_else_is_left(cache: Path):
    before = kept(cache).stat().st_mtime_ns
    identifier(cache)
    assert kept(cache).stat().st_mtime_ns == before


@given(text=st.text(max_size=80))
def test_it_tells_the_same_of_any_text(text: str, cache: Path, packed: Any):
    assert identifier(cache).classify(text) == packed.classify(text)


def test_it_tells_the_same_among_few_languages(cache: Path, packed: Any):
    mine = identifier(cache)
    for one in (mine, packed):
        one.set_languages(["de", "en", "es", "fr", "it"])
    try:
        assert mine.classify(TEXT) == packed.classify(TEXT)
        assert mine.classify(TEXT)[0] == "fr"
    finally:
        packed.set_languages(None)


@pytest.mark.parametrize("harm", ["cut short", "missing"])
def test_what_is_damaged_is_not_used(harm: str, tmp_path: Path):
    identifier(tmp_path)
    file = kept(tmp_path) / "nextmove.npy"
    if harm == "missing":
        file.unlink()
    else:
        os.truncate(file, 1_000)
    assert identifier(tmp_path).classify(TEXT)[0] == "fr"
    identifier(tmp_path)
    assert file.stat().st_size > 1_000


def test_where_nothing_can_be_kept_the_library_reads_it(tmp_path: Path):
    cache = tmp_path / "cache"
    cache.write_text("a file where a folder should be", "utf-8")
    assert identifier(cache).classify(TEXT)[0] == "fr"


def test_an_older_one_is_cleared_away(tmp_path: Path):
    older = tmp_path / "language-00000000"
    older.mkdir(parents=True)
    identifier(tmp_path)
    assert not older.exists()
