"""Say clearly what is wrong with a file that is not TOML.

No sentence repeats a value: the line may hold a secret.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from rseaudit.config.positions import Place, Positions

_AT = re.compile(r"^(?P<what>.*) \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)$", re.DOTALL)
_QUOTES = "“”„‟«»‘’‚‛＂＇`´"  # signs that people take for quotation marks
_SKIPPED = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*"""|' r"'''(?:[^']|'(?!''))*'''|" r'"(?:[^"\\\n]|\\.)*"|' r"'[^'\n]*'|#[^\n]*",
    re.DOTALL,
)
_KEY = r"""(?:[A-Za-z0-9_-]+|"[^"\n]*"|'[^'\n]*')"""
_PAIR = re.compile(rf"^\s*{_KEY}(?:\s*\.\s*{_KEY})*\s*=\s*(?P<value>.*)$")
HASHTAG = 'in a list "#" starts a comment: put "#word" in double quotes, or a space after the "#" of a comment'
_SWITCH = re.compile(r"^(?:true|false|yes|no|on|off|oui|non|null|none|nil)\b", re.IGNORECASE)
_WORD = re.compile(r"^[^\W\d]")


def syntax_problems(text: str, failure: str, places: Positions) -> list[tuple[int, str]]:
    """Return lines and sentences, in order, for a document that ``tomllib`` refuses with ``failure``.

    Typographic signs and repeated keys are all named; of other mistakes ``tomllib`` finds the first.
    """
    text = text.replace("\r\n", "\n")
    found = list(_typographic(text))
    found += [(line, f'"{_last(key)}" is given twice, first on line {first}') for key, first, line in places.repeated]
    found += [(line, HASHTAG) for line in places.hashtags]
    line, column, what = _parts(text, failure)
    if what.startswith(("Unclosed", "Unterminated")) and "end of document" in failure:
        line = max(places.lines.values(), default=line)  # where it was opened says more than where the file ends
    told = (
        any(line == known for known, _ in found)
        or (places.repeated and what.startswith(("Cannot overwrite", "Cannot declare", "Duplicate")))
        or (places.hashtags and what.startswith(("Unclosed array", "Invalid value")))
    )
    if not told:
        found.append((line, _sentence(text, line, column, what)))
    return sorted(found)


def _last(place: Place) -> str:
    return next((part for part in reversed(place) if isinstance(part, str)), "")


def _parts(text: str, failure: str) -> tuple[int, int, str]:
    found = _AT.match(failure)
    if found is None:
        return 1, 1, failure
    if found["line"] is None:
        last = text.rstrip("\n").split("\n")
        return len(last), len(last[-1]) + 1, found["what"]
    return int(found["line"]), int(found["column"]), found["what"]


def _typographic(text: str) -> Iterator[tuple[int, str]]:
    """Find curly quotes and special spaces that stand as syntax, once a line."""
    at, line, told = 0, 1, 0
    while at < len(text):
        if skipped := _SKIPPED.match(text, at):
            line += skipped[0].count("\n")
            at = skipped.end()
            continue
        sign = text[at]
        at += 1
        if sign == "\n":
            line += 1
        elif line != told and (what := _sign(sign)):
            told = line
            yield line, what
            if sign in _QUOTES:  # what follows is text: an apostrophe in it opens nothing
                at = text.find("\n", at) if "\n" in text[at:] else len(text)


def _sign(sign: str) -> str | None:
    if sign in _QUOTES:
        return f'the quotation mark {sign} is not understood; use straight double quotes: "…"'
    if sign not in " \t\n" and (unicodedata.category(sign) in ("Zs", "Cf") or sign in "\u2028\u2029"):
        name = unicodedata.name(sign, f"U+{ord(sign):04X}").lower()
        return f"a special space ({name}, U+{ord(sign):04X}) stands between words; use an ordinary space"
    return None


def _sentence(text: str, line: int, column: int, what: str) -> str:
    content = text.split("\n")[line - 1]
    before, rest = content[: column - 1], content[column - 1 :]
    if what.startswith("Expected '=' after a key"):
        return _bad_key(content, before, rest)
    if what.startswith("Invalid value"):
        return _bad_value(rest)
    if what.startswith("Expected newline or end of document"):
        return _bad_end(content, rest)
    if what.startswith(("Unterminated string", "Illegal character '\\n'")):
        return "a text is not closed: its second quotation mark is missing"
    if what.startswith(("Illegal character", "Found invalid character")):
        return "a control character stands in a text; it may have come in by copying"
    if what.startswith(("Unescaped '\\'", "Invalid hex value")):
        return r"a backslash in double quotes starts an escape; use single quotes: 'C:\dossier', '^/page/\d+'"
    if what.startswith("Unclosed array"):
        return 'a list is not closed: a comma between two elements or the final "]" is missing'
    if what.startswith("Unclosed inline table"):
        return 'a table in braces is not closed: all of it stands on one line, with commas between keys, until "}"'
    if what.startswith(("Cannot overwrite", "Cannot declare", "Duplicate")):
        return "this key or table is already given above, perhaps with other brackets ([x] and [[x]])"
    if what.startswith("Expected ']"):
        return "a table starts with its name in brackets: [store], or [[source]] where several are possible"
    if rest.startswith("}"):
        return "there is one comma too many before the closing brace"
    if what.startswith(("Invalid initial character", "Invalid statement")):
        return _bad_key(content, before, rest) if _WORD.match(rest) else "a key is missing here: expected key = value"
    # tomllib's own words; what it may quote of the document is left out.
    return re.sub(r"\s*'.*'", "", what, flags=re.DOTALL) + f" (column {column})"


def _bad_key(content: str, before: str, rest: str) -> str:
    if rest[:1] == ":":
        return 'expected "=" between key and value, not ":"'
    if content.lstrip().startswith("- "):
        return 'a list is written key = ["one", "two"], not with dashes'
    if _WORD.match(rest) and not rest[0].isascii():
        return 'a key with accents or other signs stands in double quotes: "clé" = …'
    if not rest.strip():
        return f'expected key = value; "=" and a value are missing{_hint_table(before)}'
    return 'expected "=" after the key; a key with spaces or other signs stands in double quotes'


def _hint_table(before: str) -> str:
    return " (a table stands in brackets: [store])" if re.fullmatch(r"\s*(\w+)\s*", before) else ""


def _bad_value(rest: str) -> str:
    if not rest.strip() or rest.startswith(("#", ",")):
        return "a value is missing here"
    if _SWITCH.match(rest):
        return "expected true or false, in small letters; any other text stands in double quotes"
    return 'a text stands in double quotes: key = "…"'


def _bad_end(content: str, rest: str) -> str:
    pair = _PAIR.match(content)
    before = content[: len(content) - len(rest)]
    value = pair["value"] if pair else ""
    if value.startswith("'") and not before.endswith((" ", "\t")):
        return 'an apostrophe ends a text in single quotes; use double quotes: "l\'intranet"'
    if value.startswith('"') and not before.endswith((" ", "\t")):
        return r"a quotation mark ends the text; inside it write \" or «»"
    if re.match(r"[\d+-]", value):
        return "this is neither a number nor a date; put times, versions and codes in double quotes"
    if rest.startswith("]"):
        return "one bracket too many; a table is [store], one of several is [[source]]"
    return "one key = value per line; a comment starts with #"
