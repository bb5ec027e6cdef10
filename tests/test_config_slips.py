"""The 25 slips that people make most, in a whole ``rseaudit.toml``: read as meant, or refused by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from rseaudit.config.load import load
from rseaudit.errors import ConfigError

FILE = """\
[report]
organisation = "Ville d'Exemple"
contact = "rse@example.com"
[[source]]
name = "rse"
role = "audited"
platform = "humhub"
url = "https://rse.example.com"
exclude_spaces = ["CSE*"]
[audit]
words_per_minute = 220
"""

REFUSED = [
    # what is written, instead of what, the line that is named, what is said
    ("a hashtag without quotes", '["CSE*"]', "[ #mobilité\n]", 9, '"#" starts a comment'),
    ("a sentence without quotes", '"Ville d\'Exemple"', "RSE : réseau social", 2, "a text stands in double quotes"),
    ("a no-break space after the sign", 'contact = "', 'contact =\u00a0"', 3, "a special space (no-break space"),
    ("a no-break space before the key", "role =", "\u00a0role =", 6, "a special space (no-break space"),
    ("NO", '"rse"', "NO", 5, "expected true or false"),
    ("on", '"rse"', "on", 5, "expected true or false"),
    ("off", '"rse"', "off", 5, "expected true or false"),
    ("a time", '"rse@example.com"', "12:30", 3, "put times, versions and codes in double quotes"),
    ("a code with a leading zero", '"rse@example.com"', "010", 3, "put times, versions and codes in double quotes"),
    (
        "a key twice",
        'role = "audited"',
        'role = "audited"\nrole = "reference"',
        7,
        '"role" is given twice, first on line 6',
    ),
    ("a table twice", "[audit]", "[report]\n[audit]", 10, '"report" is given twice, first on line 1'),
    (
        "a key under the wrong table",
        "[audit]",
        '[audit]\npeople_map = "p.csv"',
        11,
        "it belongs at the top of the file",
    ),
    ("curly quotes", '"Ville d\'Exemple"', "“Ville d'Exemple”", 2, "the quotation mark “ is not understood"),
    ("French quotes", '"Ville d\'Exemple"', "« Ville d'Exemple »", 2, "the quotation mark « is not understood"),
    ("an apostrophe in single quotes", '"Ville d\'Exemple"', "'l'intranet'", 2, "an apostrophe ends a text"),
    ("a key with an accent", "contact", "contact_privé", 3, "a key with accents"),
    ("text without quotes", '"humhub"', "humhub", 7, "a text stands in double quotes"),
    ("a version number", '"rse@example.com"', "1.10", 3, "expected text, not a number; text stands in double quotes"),
    ("a Windows path", 'name = "rse"', 'ca_file = "C:\\new\\pki.pem"\nname = "rse"', 5, "a backslash in double quotes"),
    ("one bracket too few", "[[source]]", "[source]", 4, "write [[source]] with two brackets on each side"),
    ("a colon for the sign", 'role = "audited"', 'role: "audited"', 6, 'expected "=" between key and value'),
    ("a missing comma", '["CSE*"]', '["CSE*" "RH"]', 9, "a comma between two elements"),
]


@pytest.mark.parametrize(
    ("written", "meant", "line", "said"), [r[1:3][::-1] + r[3:] for r in REFUSED], ids=[r[0] for r in REFUSED]
)
def test_a_slip_is_refused_by_name_and_line(tmp_path: Path, written: str, meant: str, line: int, said: str) -> None:
    path = tmp_path / "rseaudit.toml"
    path.write_text(FILE.replace(meant, written, 1), encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load(path)
    assert [p for p in caught.value.problems if p.startswith(f"{path}:{line}: ") and said in p]


def test_a_windows_path_that_is_valid_toml_by_chance_is_refused_too(tmp_path: Path) -> None:
    path = tmp_path / "rseaudit.toml"
    path.write_text(FILE.replace('name = "rse"', 'ca_file = "C:\\new"\nname = "rse"'))
    with pytest.raises(ConfigError, match="a Windows path stands in single quotes"):
        load(path)


@pytest.mark.parametrize(
    "raw",
    [
        FILE.replace("contact", "\tcontact").encode(),
        FILE.replace("role", " role").encode(),
        b"\xef\xbb\xbf" + FILE.replace("\n", "\r\n").encode(),
    ],
    ids=["a tab before a key", "a space before a key", "a byte order mark and Windows line ends"],
)
def test_a_harmless_slip_is_read_as_meant(tmp_path: Path, raw: bytes) -> None:
    good, slip = tmp_path / "good.toml", tmp_path / "slip.toml"
    good.write_text(FILE)
    slip.write_bytes(raw)
    assert load(slip) == load(good)
