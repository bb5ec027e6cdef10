"""One fetched page: its text, decoded, and its tree, parsed once and bounded.

Nothing here raises: what cannot be read is replaced, cut or left out, and ``notes`` says so.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from lxml import etree
from lxml.etree import _Element
from w3lib.encoding import html_to_unicode

from rseaudit.crawl.addresses import url_key
from rseaudit.crawl.flattening import flattened
from rseaudit.richtext import nesting
from rseaudit.text import clean

_PAGES = frozenset(("text/html", "application/xhtml+xml", ""))
# Signs "<" that are read, about two per element. The BeautifulSoup path costs 20 times more per element.
_TAGS_CAP = 400_000
_DEEP_TAGS_CAP = 220_000
# Above this many signs "<" a page may nest deeper than lxml reads (2,048 levels), whatever its version reports.
_MAY_BE_DEEP = 3_000
_DEEP = 1_900
# lxml compares each attribute of an element with all before it: 50,000 take 3 s, a page of 15 MB holds 3 million.
_MAY_BE_LADEN = 100_000
_LADEN_TAG = 4_000
_ATTRIBUTES_CAP = 1_000
_VALUE = r"""=\s*+(?:"[^"]*+"?+|'[^']*+'?+|[^\s>]*+)"""
_TAG = re.compile(rf"<([A-Za-z][^\s/>]*+)(?:{_VALUE}|[^=>]++)*+>?+")
_VALUES = re.compile(_VALUE)
_GAPS = re.compile(r"[\s/]++")
_BLANK = b"<html><body></body></html>"
_HTML_TYPE = re.compile(r"\s*([^;,\s]*)")


class NotReadable(Exception):
    """An answer that is not what it should be; the message is its cause."""


@dataclass(frozen=True)
class Page:
    """An answer as it came: final address, body after decompression, ``Content-Type`` header.

    ``headers`` are the few that an API pages by, under names in lower case; they are not kept with a
    stored body. ``about`` is what the answer that led here knew of it.
    """

    url: str
    body: bytes = field(repr=False)
    content_type: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    about: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def key(self) -> str:
        """The canonical form of the address."""
        return url_key(self.url)

    @cached_property
    def data(self) -> object:
        """The answer as JSON. Raises ``NotReadable`` when it is none, or nests too deep."""
        try:
            return _cleaned(json.loads(self.body.decode("utf-8-sig")))
        except (ValueError, RecursionError):
            raise NotReadable("the answer is not JSON: is this the address of the platform's API?") from None

    @property
    def is_html(self) -> bool:
        """Whether the answer says that it is a page, or does not say what it is."""
        kind = _HTML_TYPE.match(self.content_type or "")
        return kind is not None and kind.group(1).lower() in _PAGES

    @property
    def encoding(self) -> str:
        """The encoding that was used: BOM, then HTTP header, ``meta``, else UTF-8 or Windows-1252."""
        return self._decoded[0]

    @property
    def text(self) -> str:
        """The markup; bytes that the encoding does not know, NUL and lone surrogates are U+FFFD."""
        return self._decoded[1]

    @property
    def tree(self) -> _Element:
        """The root element, never ``None``. Callers must not change it."""
        return self._parsed[0]

    @property
    def notes(self) -> tuple[str, ...]:
        """What was lost: ``invalid-bytes:N``, ``nul-characters:N``, ``truncated``, ``unreadable``.

        Deep nesting alone loses nothing: its innermost elements become siblings.
        """
        return tuple(dict.fromkeys(self._decoded[2] + self._parsed[1]))

    @cached_property
    def _decoded(self) -> tuple[str, str, tuple[str, ...]]:
        encoding, raw = html_to_unicode(self.content_type, self.body, auto_detect_fun=_detected)
        notes: list[str] = []
        if "\ufffd" in raw:
            meant = self.body.count(b"\xef\xbf\xbd") if encoding == "utf-8" else 0
            if (invalid := raw.count("\ufffd") - meant) > 0:
                notes.append(f"invalid-bytes:{invalid}")
        if nul := raw.count("\0"):
            notes.append(f"nul-characters:{nul}")
        text = unladen(clean(raw))
        if len(text) < len(raw):
            notes.append("truncated")
        return encoding, text, tuple(notes)

    @cached_property
    def _parsed(self) -> tuple[_Element, tuple[str, ...]]:
        text = cut(self.text, _TAGS_CAP)
        notes = () if len(text) == len(self.text) else ("truncated",)
        if not text.strip():
            return etree.fromstring(_BLANK, _parser()), notes
        if not (text.count("<") > _MAY_BE_DEEP and nesting(text) > _DEEP):
            parser = _parser()
            try:
                tree: _Element | None = etree.fromstring(text.encode(), parser)
            except etree.XMLSyntaxError:
                tree = None
            if tree is None:
                return etree.fromstring(_BLANK, _parser()), (*notes, "unreadable")
            if not any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
                return tree, notes
            del tree  # as large as what follows
        opening = text.count("<") - text.count("</")
        shorter = cut(text, _DEEP_TAGS_CAP if opening <= _DEEP_TAGS_CAP // 2 else _DEEP_TAGS_CAP // 2)
        return flattened(shorter), notes if len(shorter) == len(text) else ("truncated",)


def _cleaned(value: object) -> object:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, list):
        return [_cleaned(item) for item in value]
    if isinstance(value, dict):
        return {clean(key): _cleaned(item) for key, item in value.items()}
    return value


def cut(markup: str, tags: int) -> str:
    """Return ``markup`` up to its first ``tags`` signs ``<``: what bounds the time of every reader."""
    if markup.count("<") <= tags:
        return markup
    return markup[: len(markup) - len(markup.split("<", tags + 1)[-1]) - 1]


def unladen(markup: str) -> str:
    """Return ``markup`` without the attributes of tags that have more than 1,000 of them."""
    if len(markup) < _MAY_BE_LADEN:
        return markup
    return _TAG.sub(_unladen, markup)


def _unladen(tag: re.Match[str]) -> str:
    text = tag.group()
    if len(text) < _LADEN_TAG:
        return text
    bare = _VALUES.sub("=", text)
    return text if bare.count("=") + len(_GAPS.findall(bare)) <= _ATTRIBUTES_CAP else f"<{tag.group(1)[:100]}>"


def _parser() -> etree.HTMLParser:
    # ``huge_tree`` lifts the depth limit from 256 to 2,048 and that of a text node from 10 MB; ``cut`` bounds the rest.
    return etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)


def _detected(body: bytes) -> str:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"
