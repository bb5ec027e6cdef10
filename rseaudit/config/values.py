"""Check one value at a time: addresses, expressions, selectors, languages, zones, paths.

The checks raise ``ValueError`` with a sentence for people. The sentence never repeats a value
that may hold a secret: of an address it shows the scheme and the host at most.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated
from urllib.parse import SplitResult, parse_qsl, urlsplit

from pydantic import AfterValidator, Field, StringConstraints, ValidationInfo

REMEDY = "name where it is kept instead: password_file, password_env or keyring"

_SELECTOR = re.compile(r"(?P<css>.*?)(?:@(?P<attribute>[A-Za-z_][\w:.-]*))?", re.DOTALL)
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")

# ISO 639-1, as of 2024.
LANGUAGES = frozenset(
    """aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en
    eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv
    ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne
    ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st
    su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu""".split()
)
_EXPECTED_LANGUAGE = '; expected two letters, as in "fr" or "en"'
_LANGUAGE_NAMES = {
    "français": "fr", "francais": "fr", "french": "fr", "anglais": "en", "english": "en", "allemand": "de",
    "german": "de", "deutsch": "de", "espagnol": "es", "spanish": "es", "italien": "it", "italian": "it",
    "néerlandais": "nl", "dutch": "nl", "portugais": "pt", "portuguese": "pt",
}  # fmt: skip


def split_selector(selector: str) -> tuple[str, str | None]:
    """Split ``css@attribute``; without an attribute the second part is ``None``.

    An ``@`` inside a selector (``a[href*="x@y"]``) starts no attribute. An empty ``css`` stands for
    the element that is looked in.
    """
    found = _SELECTOR.fullmatch(selector.strip())
    return (found["css"].strip(), found["attribute"]) if found else (selector, None)


def selector_problem(selector: str) -> str | None:
    """Say what is wrong with ``css`` or ``css@attribute``, ``None`` when nothing is."""
    from cssselect import HTMLTranslator, SelectorError

    css, attribute = split_selector(selector)
    if not css and attribute is not None:
        return None
    try:
        HTMLTranslator().css_to_xpath(css)
    except SelectorError as error:
        hint = "; an attribute is taken with css@attribute" if "::" in css else ""
        return f'"{selector}" is not a CSS selector that can be used: {str(error).rstrip(".")}{hint}'
    return None


def secret_in_address(address: str) -> bool:
    """Tell whether an address holds a password, before its host or in its query."""
    try:
        parts = urlsplit(address)
        query = parse_qsl(parts.query)
    except ValueError:
        return bool(re.search(r"://[^/?#]*:[^/?#]*@", address))
    return bool(parts.password) or any(key.lower() in ("password", "passwd", "pwd") for key, _ in query)


def _web_address(value: str) -> str:
    if secret_in_address(value):
        raise ValueError(f"a password must not stand in an address; {REMEDY}")
    parts = _split(value)
    if parts.scheme not in ("http", "https"):
        guess = "" if parts.scheme else '; did you mean "https://…"?'
        raise ValueError(f"expected an address that starts with https:// or http://{guess}")
    if "@" in parts.netloc:
        raise ValueError("a user name must not stand in an address; write login = { user = …, password_file = … }")
    if not parts.hostname or re.search(r"\s", value):
        raise ValueError("expected an address such as https://rse.example.com, without spaces")
    return value


def _split(value: str) -> SplitResult:
    try:
        parts = urlsplit(value)
        _ = parts.port
    except ValueError:
        # ``from None`` would still carry the address along as context.
        parts = None
    if parts is None:
        raise ValueError("this address cannot be understood; expected https://host or https://host:port/path")
    return parts


def _store_address(value: str, info: ValidationInfo) -> str:
    if secret_in_address(value):
        raise ValueError(f"a password must not stand in an address; {REMEDY}")
    scheme, separator, rest = value.partition("://")
    kind = scheme.partition("+")[0]
    if kind == "postgres":
        raise ValueError('"postgres" is not a known kind of store; did you mean "postgresql"?')
    if not separator or kind not in ("sqlite", "postgresql"):
        raise ValueError("expected sqlite:///rseaudit.db or postgresql://user@host/database")
    if kind != "sqlite":
        return value
    name, mark, query = rest.removeprefix("/").partition("?")
    if not rest.startswith("/") or not name or name == ":memory:":
        raise ValueError("expected the path of a file after three strokes: sqlite:///rseaudit.db")
    return f"{scheme}:///{_anchored(name, info)}{mark}{query}"


def _anchored(value: str, info: ValidationInfo) -> str:
    if not value:
        raise ValueError("expected the path of a file, not an empty text")
    if _CONTROL.search(value):
        raise ValueError(r"holds a line break or tab: a Windows path stands in single quotes, 'C:\new', or with /")
    base = info.context.get("base") if info.context else None
    path = Path(value).expanduser()
    return str(base / path) if isinstance(base, Path) and not path.is_absolute() else str(path)


def _watchlist(value: str, info: ValidationInfo) -> str:
    return _anchored(value, info) if "/" in value or "\\" in value or value.endswith(".toml") else value


def _expression(value: str) -> str:
    import regex

    if _CONTROL.search(value):
        raise ValueError(r"holds a control character: an expression stands in single quotes, '\bmot\b'")
    try:
        regex.compile(value)
    except regex.error as error:
        raise ValueError(f'"{value}" is not a regular expression: {error}') from None
    return value


def _language(value: str) -> str:
    if value not in LANGUAGES:
        short = _LANGUAGE_NAMES.get(value.lower(), re.split("[-_]", value.lower())[0])
        guess = f'; did you mean "{short}"?' if short in LANGUAGES else ""
        raise ValueError(f'"{value}" is not a known language{guess or _EXPECTED_LANGUAGE}')
    return value


def _zone(value: str) -> str:
    from zoneinfo import ZoneInfo, available_timezones

    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError):
        guess = did_you_mean(nearest(value, sorted(available_timezones())))
        expected = '; expected a name such as "Europe/Paris"'
        raise ValueError(f'"{value}" is not a known timezone{guess or expected}') from None
    return value


def _override(value: str) -> str:
    parts = [part.strip() for part in value.split(",", 2)]
    if len(parts) == 3 and all(parts):
        try:
            date.fromisoformat(parts[1])
        except ValueError:
            pass
        else:
            return value
    raise ValueError('expected "who, date, why", for example "DSI, 2026-03-01, accord n° 12"')


def _space_glob(value: str) -> str:
    source, separator, name = value.partition("/")
    if not (source and separator and name):
        raise ValueError('expected "source/space", where * stands for anything, for example "rse/Sécurité*"')
    return _glob(value)


def _glob(value: str) -> str:
    if not value.strip():
        raise ValueError("expected a name, where * stands for anything, not an empty text")
    if value.count("[") != value.count("]"):
        raise ValueError(f'"{value}" has a "[" or "]" without its partner; write [[] for a "[" itself')
    return value


def _host(value: str) -> str:
    if not re.fullmatch(r"[\w.-]+(:\d{1,5})?|\[[0-9A-Fa-f:.]+\](:\d{1,5})?", value):
        raise ValueError('expected the name of a host without https:// or path, for example "media.example.com"')
    return value


def _header_name(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9-]+", value):
        raise ValueError('expected the name of an HTTP header, for example "X-Api-Key"')
    return value


def nearest(word: str, known: list[str]) -> str | None:
    """Return the word of ``known`` that ``word`` is most likely a slip for, if any is near."""
    from rapidfuzz import fuzz, process

    def plain(text: str) -> str:
        return text.casefold().replace("-", "_").replace(" ", "_")

    found = process.extractOne(word, known, scorer=fuzz.ratio, processor=plain, score_cutoff=66)
    return found[0] if found else None


def proposed(word: str, known: list[str], label: str = "known") -> str:
    """Return ``; did you mean "humhub"? known: humhub, wordpress``, the question only where one word is near."""
    guess = did_you_mean(nearest(word, known)) or ";"
    return f"{guess} {label}: {', '.join(known)}"


def did_you_mean(guess: str | None) -> str:
    """Return the piece of a sentence that proposes ``guess``, empty without one."""
    return f'; did you mean "{guess}"?' if guess else ""


@dataclass(frozen=True, slots=True)
class Kind:
    """Stands in ``Annotated``: what a value is called in messages and in the documentation."""

    words: str


Ratio = Annotated[float, Field(ge=0, le=1)]
Words = Annotated[str, StringConstraints(min_length=1)]
Name = Annotated[
    str,
    Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$"),
    Kind('a short name: letters without accents, digits, "-", "_", "."'),
]
WebAddress = Annotated[str, AfterValidator(_web_address), Kind("a web address")]
StoreAddress = Annotated[str, AfterValidator(_store_address), Kind("the address of a store")]
FilePath = Annotated[str, AfterValidator(_anchored), Kind("the path of a file")]
WatchlistName = Annotated[str, AfterValidator(_watchlist), Kind("the name or the path of a watchlist")]
Expression = Annotated[str, AfterValidator(_expression), Kind("a regular expression")]
Language = Annotated[str, AfterValidator(_language), Kind("a language of two letters")]
Zone = Annotated[str, AfterValidator(_zone), Kind("a timezone")]
Override = Annotated[str, AfterValidator(_override), Kind('"who, date, why"')]
Glob = Annotated[str, AfterValidator(_glob), Kind("a name with *")]
SpaceGlob = Annotated[str, AfterValidator(_space_glob), Kind("source/space with *")]
Host = Annotated[str, AfterValidator(_host), Kind("the name of a host")]
HeaderName = Annotated[str, AfterValidator(_header_name), Kind("the name of a header")]
