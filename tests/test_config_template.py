"""What ``rseaudit init`` writes is a configuration that loads as it is."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest

from rseaudit.config.load import load
from rseaudit.config.settings import Platform, Settings
from rseaudit.config.template import render
from rseaudit.errors import UsageError


def loaded(folder: Path, text: str) -> Settings:
    path = folder / "rseaudit.toml"
    path.write_text(text, encoding="utf-8")
    return load(path)


@pytest.mark.parametrize("platform", [None, *get_args(Platform)])
@pytest.mark.parametrize("url", [None, "https://rse.example.fr/intranet/"])
def test_the_first_file_loads_without_error_or_remark(tmp_path: Path, url: str | None, platform: str | None) -> None:
    found = loaded(tmp_path, render(url, platform))
    source = found.source[0]
    assert source.url == ("https://rse.example.fr/intranet" if url else "https://rse.example.com")
    assert source.platform == (platform or ("website" if url else "humhub"))
    assert source.profile == ("rse" if source.platform == "website" else None)
    assert found.space[0].audience == found.audience[0].id
    assert found.notices == ()


@pytest.mark.parametrize("platform", ["humhub", "website"])
def test_what_is_commented_out_is_valid_too(tmp_path: Path, platform: str) -> None:
    text = render("rse.example.fr", platform)
    # One of two ways to log in, as the comments say.
    kept = [line for line in text.splitlines() if "instead of login" not in line]
    whole = "\n".join(re.sub(r"^# (?=\[|\w+ = )", "", line) for line in kept)
    found = loaded(tmp_path, whole)
    assert [source.role for source in found.source] == ["audited", "reference", "watched"]
    assert found.source[0].accounts[0].login is not None
    assert found.source[0].exclude_spaces == ["CSE*"]
    assert found.audience[0].expects == ["contact", "date", "action"]


@pytest.mark.parametrize(
    ("given", "url"),
    [
        ("rse.example.fr", "https://rse.example.fr"),
        (" http://rse.example.fr:8080/?x=1#a ", "http://rse.example.fr:8080"),
        ('https://rse.example.fr/"é\\', 'https://rse.example.fr/"é\\'),
    ],
)
def test_an_address_is_taken_as_people_type_it(tmp_path: Path, given: str, url: str) -> None:
    assert loaded(tmp_path, render(given)).source[0].url == url


@pytest.mark.parametrize("url", ["ftp://x", "https://", "https://a:hunter2@x", "https://a b", "https://[x"])
def test_an_address_that_cannot_be_used_is_refused(url: str) -> None:
    with pytest.raises(UsageError) as caught:
        render(url)
    assert "hunter2" not in str(caught.value)
    assert caught.value.__context__ is None


def test_an_unknown_platform_is_refused_with_the_nearest() -> None:
    with pytest.raises(UsageError, match='did you mean "humhub"'):
        render("https://x.fr", "humub")


def test_the_schema_stands_on_the_first_line(tmp_path: Path) -> None:
    text = render(schema="rseaudit.schema.json")
    assert text.startswith("#:schema rseaudit.schema.json\n")
    assert loaded(tmp_path, text).source


def test_lines_are_short_enough_to_be_read() -> None:
    assert max(len(line) for line in render("https://rse.example.fr", "website").splitlines()) <= 100
