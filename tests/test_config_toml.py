"""Reading TOML: the lines of keys, and what is said of a file that is not TOML."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rseaudit.config.positions import positions
from rseaudit.config.toml import dotted, read
from rseaudit.errors import ConfigError

CANARY = "hunter2-CANARY"


def problems(tmp_path: Path, text: str | bytes) -> list[str]:
    path = tmp_path / "rseaudit.toml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    with pytest.raises(ConfigError) as caught:
        read(path)
    assert caught.value.__context__ is None
    return [line.replace(f"{path}:", "") for line in caught.value.problems]


def test_keys_of_every_kind_are_found_on_their_lines(tmp_path: Path) -> None:
    path = tmp_path / "rseaudit.toml"
    path.write_text(
        "\n".join(
            [
                "a.b = 1 # [x]",
                "[store]",
                'url = """',
                "[[source]]",
                'name = 1"""',
                "retention = { days = 1, more = { x = 2 } }",
                "[[source]]",
                "[[source]]",
                'list = [ # "[',
                "  '''",
                "k = 1''',",
                "  { z = 1 },",
                "]",
                "[[source.account]]",
                "'q\"' = 1979-05-27 07:32:00",
                '[source."clé x".b]',
                "c = 1",
            ]
        )
    )
    parsed = read(path)
    found = {
        place: parsed.locate(place)
        for place in (
            ("a", "b"),
            ("store", "url"),
            ("store", "retention", "more", "x"),
            ("source", 0),
            ("source", 1),
            ("source", 1, "list", 0),
            ("source", 1, "list", 1, "z"),
            ("source", 1, "account", 0, 'q"'),
            ("source", 1, "clé x", "b", "c"),
        )
    }
    assert list(found.values()) == [1, 3, 6, 7, 8, 10, 12, 15, 17]


def test_an_absent_key_has_the_line_of_the_table_around_it(tmp_path: Path) -> None:
    path = tmp_path / "rseaudit.toml"
    path.write_text("\n[store]\nx = 1\n[[source]]\n")
    parsed = read(path)
    assert [parsed.locate(p) for p in ((), ("other",), ("store", "url"), ("source", 0, "a", "b"))] == [1, 1, 2, 4]


def test_places_are_written_as_people_write_them() -> None:
    assert dotted(("source", 1, "account", 0, "name")) == "source[1].account[0].name"


# --- A random document in which each whole number is the line that its key stands on --------------

names = st.sampled_from(["a", "b-1", "c_2", "9", '"é à"', '"d.e"', "'f#'", '"g\\"["', '"h\\u00e9"', "'i='"])
decoys = st.sampled_from(
    ['"[x] # y = {1,2]"', "'''\n[[t]]\n'k' = 1 # '''", '"""\n a = "b" ""\\"\n[z]\\\\"""', "'\\'", '"\\\\"', '""""a""""']
)
scalars = st.sampled_from(["true", "1.5", "1979-05-27 07:32:00", "1979-05-27T00:32:00.5-07:00", "-inf"])
values = st.recursive(
    st.one_of(st.just("LINE"), st.just("LINE"), decoys, scalars),
    lambda inner: st.one_of(
        st.tuples(st.just("array"), st.lists(inner, max_size=3), st.sampled_from([", ", " ,\n", ", # x ]\n  "])),
        st.tuples(st.just("table"), st.dictionaries(names, inner, max_size=3)),
    ),
    max_leaves=6,
)
pairs = st.dictionaries(names, values, max_size=4)
headers = st.lists(
    st.tuples(st.sampled_from(["[{}]", "[[{}]]", "[ {} ] # c"]), st.lists(names, min_size=1, max_size=3), pairs),
    max_size=5,
)


class Writer:
    def __init__(self) -> None:
        self.text = ""

    def pair(self, key: str, value: object) -> None:
        line = self.text.count("\n") + 1
        self.text += f"{key} = "
        self.value(value, line)

    def value(self, value: object, line: int) -> None:
        if value == "LINE":
            self.text += str(line)
        elif isinstance(value, str):
            self.text += value
        elif value[0] == "array":
            self.text += "[ "
            for element in value[1]:
                self.value(element, self.text.count("\n") + 1)
                self.text += value[2]
            self.text += "]"
        else:
            self.text += "{ "
            for number, (key, inner) in enumerate(value[1].items()):
                self.text += ", " if number else ""
                self.pair(key, inner)
            self.text += " }"


@st.composite
def documents(draw: st.DrawFn) -> str:
    writer = Writer()
    for key, value in draw(pairs).items():
        writer.pair(key, value)
        writer.text += draw(st.sampled_from(["\n", " # c = [\n", "\n\n\t"]))
    for form, keys, body in draw(headers):
        writer.text += form.format(draw(st.sampled_from([".", " . "])).join(keys)) + "\n"
        for key, value in body.items():
            writer.pair(draw(st.sampled_from(["", "x.y."])) + key, value)
            writer.text += "\n"
    return writer.text


def leaves(value: object, place: tuple[str | int, ...] = ()) -> list[tuple[tuple[str | int, ...], object]]:
    found = [(place, value)] if place else []
    if isinstance(value, dict):
        children = list(value.items())
    else:
        children = list(enumerate(value)) if isinstance(value, list) else []
    return found + [leaf for key, inner in children for leaf in leaves(inner, (*place, key))]


@given(documents(), st.booleans())
def test_of_any_document_every_key_is_found_on_its_line(text: str, windows: bool) -> None:
    text = text.replace("\n", "\r\n") if windows else text
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        positions(text)  # must still end
        return
    found = positions(text)
    places = leaves(data)
    assert set(found.lines) == {place for place, _ in places}
    assert found.repeated == ()
    lines = {place: value for place, value in places if type(value) is int}
    assert {place: found.lines[place] for place in lines} == lines


@given(st.text(alphabet="[]{}=.,#'\"\\\n ab1é«»“\u00a0"))
def test_of_any_text_something_is_said_and_nothing_crashes(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = tmp_path_factory.mktemp("x") / "rseaudit.toml"
    path.write_text(text, newline="")
    try:
        expected = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        with pytest.raises(ConfigError) as caught:
            read(path)
        last = text.count("\n") + 1
        numbers = [int(line.removeprefix(f"{path}:").split(":")[0]) for line in caught.value.problems]
        assert numbers
        assert all(1 <= number <= last for number in numbers)
    else:
        assert read(path).data == expected


# --- What is said ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("a = “x”", 1, "the quotation mark “ is not understood; use straight double quotes"),
        ("a = 1\nb = «l'x»", 2, "the quotation mark « is not understood"),
        ("a =\u00a0'x'", 1, "a special space (no-break space, U+00A0)"),
        ("[s]\n\u202fa = 1", 2, "a special space (narrow no-break space, U+202F)"),
        ("clé = 1", 1, 'a key with accents or other signs stands in double quotes: "clé"'),
        ("été = 1", 1, "a key with accents"),
        ("a = RSE", 1, "a text stands in double quotes"),
        ("a = yes", 1, "expected true or false, in small letters"),
        ("a = True", 1, "expected true or false"),
        ("a = 12:30", 1, "put times, versions and codes in double quotes"),
        ("a = 010", 1, "neither a number nor a date"),
        ("a = 2026-13-01", 1, "neither a number nor a date"),
        ("a = 'l'intranet'", 1, 'an apostrophe ends a text in single quotes; use double quotes: "l\'intranet"'),
        ('a = "dit "bonjour""', 1, "a quotation mark ends the text"),
        ('a: "x"', 1, 'expected "=" between key and value, not ":"'),
        ('a = "C:\\Users"', 1, "a backslash in double quotes starts an escape; use single quotes"),
        ('a = "^/page/\\d+"', 1, "a backslash in double quotes starts an escape"),
        ("a = [1, 2\n\n\n", 1, "a list is not closed"),
        ("a = [\n 'x'\n 'y'\n]", 3, "a list is not closed: a comma between two elements"),
        ("a = {x=1\n}", 1, "a table in braces is not closed"),
        ("a = {x=1, }", 1, "one comma too many"),
        ('a = "x\nb = 1', 1, "a text is not closed"),
        ('a = """x\n\n', 1, "a text is not closed"),
        ("[store\nx = 1", 1, "a table starts with its name in brackets"),
        ("[store]]", 1, "one bracket too many"),
        ("a = 1\n\na = 2", 3, '"a" is given twice, first on line 1'),
        ("[s]\n[s]", 2, '"s" is given twice, first on line 1'),
        ("a = {x=1, x=2}", 1, '"x" is given twice'),
        ("[[s]]\n[s]", 2, "perhaps with other brackets"),
        ("a = [\n  #mobilité,\n  'x' #ok\n]", 2, 'in a list "#" starts a comment'),
        ("a = [ #mobilité\n]", 1, 'in a list "#" starts a comment'),
        ("a = ['x', #mobilité]", 1, 'in a list "#" starts a comment'),
        ("- a", 1, "a list is written key = "),
        ("store", 1, '"=" and a value are missing (a table stands in brackets: [store])'),
        ("a = 'x' b = 'y'", 1, "one key = value per line"),
        ("a = '\x01'", 1, "a control character"),
        ("a = " + "[" * 5000, 1, "lists or tables stand too deep"),
        ("a = " + "9" * 5000, 1, "a number is too long"),
    ],
)
def test_a_usual_slip_is_named_with_its_line(tmp_path: Path, text: str, line: int, said: str) -> None:
    (found,) = problems(tmp_path, text)
    assert found.startswith(f"{line}: ")
    assert said in found


def test_all_typographic_slips_are_named_at_once(tmp_path: Path) -> None:
    text = "# “fine” here\na = “l'un”\nb = 'fine \u00a0 here'\nc\u00a0= 1\nd = ‘x’"
    assert [found.split(":")[0] for found in problems(tmp_path, text)] == ["2", "4", "5"]


def test_a_comment_in_a_list_may_be_a_sentence_or_stand_behind_an_element(tmp_path: Path) -> None:
    path = tmp_path / "rseaudit.toml"
    path.write_text("a = [\n  #deux mots\n  # mot\n  'x', #mot\n  #'y',\n]\n")
    assert read(path).data == {"a": ["x"]}


@pytest.mark.parametrize("number", range(6))
def test_a_line_that_cannot_be_read_is_not_repeated(tmp_path: Path, number: int) -> None:
    form = ["password = {}", "p = '{}' x", 'p = "{}', "p = [{}]", 'p = "{}\\q"', "p = “{}”"][number]
    path = tmp_path / "rseaudit.toml"
    path.write_text(form.format(CANARY))
    with pytest.raises(ConfigError) as caught:
        read(path)
    assert CANARY not in str(caught.value)
    assert caught.value.__context__ is None
    assert caught.value.__cause__ is None


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "rseaudit.toml"
    path.write_bytes(b"\xef\xbb\xbf[store]\r\nurl = 'x'\r\n")
    parsed = read(path)
    assert (parsed.data, parsed.locate(("store", "url"))) == ({"store": {"url": "x"}}, 2)


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ("a = 1\nb = 'é'".encode("latin-1"), "2: is not UTF-8 (byte 0xe9)"),
        ("a = 1".encode("utf-16"), "1: is written in UTF-16"),
    ],
)
def test_another_encoding_is_named(tmp_path: Path, raw: bytes, said: str) -> None:
    assert problems(tmp_path, raw) == [said]


def test_a_missing_file_says_how_to_write_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"there is no such file[\s\S]*rseaudit init"):
        read(tmp_path / "rseaudit.toml")
    with pytest.raises(ConfigError, match="this is a folder"):
        read(tmp_path)


def test_a_parsed_file_does_not_show_its_values(tmp_path: Path) -> None:
    path = tmp_path / "rseaudit.toml"
    path.write_text(f"a = '{CANARY}'")
    assert CANARY not in repr(read(path))


def test_the_last_table_of_a_long_document_is_found() -> None:
    text = "".join(f"[[source]]\nname = 'n{number}' # x\n" for number in range(5000))
    assert positions(text).lines[("source", 4999, "name")] == 10_000
