"""Watchlist files and OPML lists."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from rseaudit.config import watchlist
from rseaudit.errors import ConfigError, UsageError
from rseaudit.watch import opml
from rseaudit.watch.opml import Subscription

DATA = Path(__file__).parent / "data" / "feeds"
OURS = sorted(path.stem for path in (Path(__file__).parents[1] / "watchlists").glob("*.toml"))
NOW = datetime(2026, 10, 26, 8, tzinfo=UTC)
LABEL = 'label = { fr = "a", en = "b" }\n'


def problems(folder: Path, text: str) -> tuple[str, ...]:
    (folder / "x.toml").write_text(text, "utf-8")
    with pytest.raises(ConfigError) as caught:
        watchlist.load("x.toml", base=folder)
    return caught.value.problems


@pytest.mark.parametrize("name", OURS)
def test_each_watchlist_that_comes_with_rseaudit_is_valid_and_named_like_its_file(name, tmp_path):
    found = watchlist.load(name, base=tmp_path)
    assert found.id == name
    assert found.topic
    assert found.source


def test_all_problems_come_at_once_with_their_lines_and_what_was_meant(tmp_path):
    text = (
        f'id = "x"\n{LABEL}nome = []\n\n[[topic]]\nid = "t"\n{LABEL}anny = ["x"]\nweight = 9\n\n'
        '[[source]]\nurl = "ftp://x"\nname = "s"\n'
    )
    found = problems(tmp_path, text)
    places = [problem.removeprefix(f"{tmp_path}/").split(": ")[:2] for problem in found]
    assert places == [
        ["x.toml:3", "nome"],
        ["x.toml:8", "topic[0].anny"],
        ["x.toml:9", "topic[0].weight"],
        ["x.toml:12", "source[0].url"],
    ]
    assert 'did you mean "none"?' in found[0]
    assert 'did you mean "any"?' in found[1]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("id = \n", "x.toml:1: "),
        (f'id = "x"\n{LABEL}[[topic]]\nid = "t"\n{LABEL}', "at least one of any, all, near"),
        (f'id = "x"\n{LABEL}' + f'[[topic]]\nid = "t"\n{LABEL}any = ["a"]\n' * 2, "two topic tables are named 't'"),
        (f'id = "x"\n{LABEL}[[topic]]\nid = "t"\n{LABEL}any = [" "]\n', "topic[0].any[0]"),
        (f'id = "x"\n{LABEL}[[topic]]\nid = "t"\n{LABEL}any = "a"\n', "topic[0].any: "),
        ('id = "x"\n', "label: "),
    ],
)
def test_a_slip_is_named(text, words, tmp_path):
    assert any(words in problem for problem in problems(tmp_path, text))


def test_a_team_brings_its_own_list_by_path_or_in_its_folder(tmp_path):
    text = f'id = "own"\n{LABEL}[[topic]]\nid = "t"\n{LABEL}any = ["a"]\n'
    (tmp_path / "watchlists").mkdir()
    (tmp_path / "watchlists" / "own.toml").write_text("\ufeff" + text, "utf-8")
    assert watchlist.load("own", base=tmp_path) == watchlist.load("watchlists/own.toml", base=tmp_path)
    assert "own" in watchlist.known(tmp_path)


def test_an_unknown_list_is_a_usage_error_that_names_the_known_ones(tmp_path):
    with pytest.raises(UsageError) as caught:
        watchlist.load("nothing", base=tmp_path)
    assert all(name in str(caught.value) for name in OURS)


def test_the_problems_of_several_files_come_together(tmp_path):
    for name in ("a", "b"):
        (tmp_path / f"{name}.toml").write_text('id = "x"\n', "utf-8")
    with pytest.raises(ConfigError) as caught:
        watchlist.load_all(["a.toml", "b.toml"], base=tmp_path)
    assert len(caught.value.problems) == 2


def test_opml_is_read_with_its_folders_each_address_once_and_only_web_addresses():
    assert opml.read((DATA / "list.opml").read_bytes(), where="list.opml") == (
        Subscription(url="https://jalios.example.org/rss", name="Jalios", folder="Éditeurs", lang="fr"),
        Subscription(url="https://xwiki.example.org/rss", name="XWiki", folder="Éditeurs/Libres"),
    )


def test_opml_that_is_written_is_read_back():
    feeds = (
        Subscription(url="https://a.example.org/rss?x=1&y=2", name='A "<b>', folder="", lang="en"),
        Subscription(url="https://b.example.org/rss", name="B", folder="Un/Deux"),
    )
    written = opml.write(feeds, title="Veille\x00", now=NOW)
    assert opml.read(written, where="x") == feeds
    assert written == opml.write(feeds[::-1], title="Veille\x00", now=NOW)


@pytest.mark.parametrize("name", ["billion-laughs.xml", "rss20.xml", "page.html", "feed.json"])
def test_what_is_no_opml_is_refused(name):
    with pytest.raises(UsageError):
        opml.read((DATA / name).read_bytes(), where=name)


def test_opml_never_reads_another_file():
    body = b'<!DOCTYPE opml [<!ENTITY s SYSTEM "secret.txt">]><opml><body><outline text="&s;" xmlUrl="https://x/"/></body></opml>'
    try:
        found = opml.read(body, where="x")
    except UsageError:
        found = ()
    assert "top-secret" not in repr(found)
