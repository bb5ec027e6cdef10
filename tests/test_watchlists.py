"""The watchlists that come with the program: static checks of what people wrote in them."""

from __future__ import annotations

import re
import tomllib
from itertools import chain
from pathlib import Path

import pytest

from rseaudit.config.watchlist import Topic, Watchlist
from rseaudit.text import words

ROOT = Path(__file__).parent.parent
SHIPPED = sorted((ROOT / "watchlists").glob("*.toml"))
FILES = [*SHIPPED, ROOT / "rseaudit/demo/content/feeds/demo-vendors.toml"]
# Names that are also words of French or English: alone they prove nothing.
PLAIN_WORDS = set(
    "teams slack confluence loom notion jive igloo element matrix discourse osmose zoom beekeeper".split()
)
AMBIGUOUS = {"RSE", "ESN"}

every_file = pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
every_shipped = pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)


def read(path: Path) -> Watchlist:
    return Watchlist.model_validate(tomllib.loads(path.read_text("utf-8")))


def phrases(topic: Topic) -> list[str]:
    near = topic.near.terms if topic.near else []
    return [*topic.any, *topic.all, *topic.none, *topic.context, *near]


def compared(phrase: str) -> tuple[str, ...]:
    return words(phrase).forms


def blocks(text: str, name: str) -> list[list[str]]:
    """Return the lines of each array called ``name``, without its brackets."""
    return [found.splitlines() for found in re.findall(rf"(?m)^{name} = \[\n((?:  .*\n)*)\]", text)]


def test_both_watchlists_are_there() -> None:
    assert [path.stem for path in SHIPPED] == ["enterprise-social", "mobility"]


@every_file
def test_a_watchlist_is_valid_and_named_like_its_file(path: Path) -> None:
    assert read(path).id == path.stem


@every_shipped
def test_a_watchlist_is_rich_enough_to_be_used(path: Path) -> None:
    watchlist = read(path)
    assert 10 <= len(watchlist.topic) <= 15
    assert len(watchlist.vendor) >= 15
    assert len(watchlist.source) >= 8


@every_shipped
def test_every_topic_has_terms_in_one_language_at_least_and_a_label_in_both(path: Path) -> None:
    for topic in read(path).topic:
        assert topic.any or topic.all or topic.near, topic.id
        assert topic.label.fr != topic.label.en, topic.id


@every_file
def test_no_phrase_is_empty_once_it_is_compared(path: Path) -> None:
    watchlist = read(path)
    vendors = chain.from_iterable((v.name, *v.aliases, *v.context) for v in watchlist.vendor)
    topics = chain.from_iterable(phrases(topic) for topic in watchlist.topic)
    assert [phrase for phrase in chain(watchlist.none, topics, vendors) if not compared(phrase)] == []


@every_file
def test_no_list_says_the_same_twice(path: Path) -> None:
    watchlist = read(path)
    lists = [watchlist.none, *([*v.aliases, v.name] for v in watchlist.vendor), *(v.context for v in watchlist.vendor)]
    lists += [part for topic in watchlist.topic for part in (topic.any, topic.all, topic.none, topic.context)]
    for part in lists:
        spoken = [phrase if phrase.isupper() else phrase.lower() for phrase in part]
        assert len(spoken) == len(set(spoken)), part


@every_file
def test_no_topic_forbids_what_it_looks_for(path: Path) -> None:
    watchlist = read(path)
    for topic in watchlist.topic:
        wanted = {compared(phrase) for phrase in (*topic.any, *topic.all, *topic.context)}
        forbidden = {compared(phrase) for phrase in (*topic.none, *watchlist.none)}
        assert not wanted & forbidden, topic.id


@every_file
def test_no_two_vendors_share_a_name(path: Path) -> None:
    names = [compared(name) for vendor in read(path).vendor for name in (vendor.name, *vendor.aliases)]
    assert len(names) == len(set(names))


@every_file
def test_a_plain_word_names_a_vendor_only_in_context(path: Path) -> None:
    bare = [
        vendor.name
        for vendor in read(path).vendor
        for name in (vendor.name, *vendor.aliases)
        if name.lower() in PLAIN_WORDS and not vendor.context
    ]
    assert bare == []


@every_shipped
def test_an_ambiguous_acronym_needs_context_and_has_negatives(path: Path) -> None:
    for topic in read(path).topic:
        if AMBIGUOUS & set(topic.any):
            assert topic.context, topic.id
            assert {"responsabilité sociétale", "CSRD", "ESG"} <= set(topic.none), topic.id


@every_shipped
def test_every_negative_says_its_reason(path: Path) -> None:
    lines = [line for block in blocks(path.read_text("utf-8"), "none") for line in block]
    watchlist = read(path)
    assert len(lines) == len(watchlist.none) + sum(len(topic.none) for topic in watchlist.topic)
    assert [line for line in lines if not re.fullmatch(r'  "[^"]+", +# \S.{3,}', line)] == []


@every_file
def test_every_context_or_alias_of_a_plain_word_says_its_reason(path: Path) -> None:
    text = path.read_text("utf-8")
    for table in re.findall(r"(?ms)^\[\[vendor\]\].*?(?=^\[\[|^# -|\Z)", text):
        if "context = " in table:
            assert "] # " in table, table


@every_shipped
def test_every_source_says_whether_its_address_was_seen(path: Path) -> None:
    heads = re.findall(r"(?m)^(# )?\[\[source\]\](.*)$", path.read_text("utf-8"))
    live = [status for commented, status in heads if not commented]
    assert len(live) == len(read(path).source)
    assert [status for _, status in heads if not re.match(r" # (seen: \S|from memory)", status)] == []


@every_shipped
def test_an_address_from_memory_is_never_followed_as_a_feed(path: Path) -> None:
    text = path.read_text("utf-8")
    tables = re.findall(r"(?m)^\[\[source\]\] # from memory.*\n((?:\w+ = .*\n)+)", text)
    assert tables
    assert [table for table in tables if 'kind = "page"' not in table] == []


def test_no_address_is_followed_by_two_watchlists() -> None:
    urls = [source.url for path in SHIPPED for source in read(path).source]
    assert len(urls) == len(set(urls))


def test_sources_are_read_over_an_encrypted_connection() -> None:
    assert all(source.url.startswith("https://") for path in SHIPPED for source in read(path).source)
