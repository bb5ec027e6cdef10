"""``css`` or ``css@attribute``: where a page says something."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import cast

import cssselect
from lxml import etree
from lxml.etree import _Element

from rseaudit.errors import UsageError

_FORM = re.compile(r"(?P<css>.*?)(?:@(?P<attribute>[A-Za-z_][\w:.-]*))?", re.DOTALL)
_INLINE = frozenset(
    "a abbr b bdi bdo big cite code data del dfn em font i ins kbd mark q s samp small span strike strong sub sup time "
    "tt u var wbr".split()
)
_SILENT = frozenset("script style template noscript head svg iframe object select button".split())


@dataclass(frozen=True, slots=True)
class Selector:
    """A compiled selector; ``attribute`` ``None`` asks for the text of the elements.

    An empty ``css`` (``@data-id``) stands for the element that is looked in. Commas mean "or": the
    elements come in document order; ``parts`` keeps the order in which they are written.
    """

    css: str
    attribute: str | None
    _union: etree.XPath | None
    _parts: tuple[etree.XPath, ...]

    def elements(self, root: _Element) -> list[_Element]:
        """Return the elements at or under ``root``, in document order."""
        return [root] if self._union is None else cast("list[_Element]", self._union(root))

    def parts(self, root: _Element) -> list[_Element]:
        """Return the first element of each comma-separated part, in the order of the parts."""
        if len(self._parts) < 2:
            return self.elements(root)[:1]
        firsts = (cast("list[_Element]", part(root))[:1] for part in self._parts)
        return [element for first in firsts for element in first]

    def value(self, element: _Element) -> str:
        """Return what one element says, on one line; ``""`` when it says nothing."""
        return line(element) if self.attribute is None else " ".join((element.get(self.attribute) or "").split())

    def all(self, root: _Element) -> tuple[str, ...]:
        """Return the values that are not empty, in document order."""
        return tuple(value for element in self.elements(root) if (value := self.value(element)))

    def first(self, root: _Element) -> str | None:
        """Return the first value that is not empty."""
        return next((value for element in self.elements(root) if (value := self.value(element))), None)


@lru_cache(maxsize=512)
def selector(text: str) -> Selector:
    """Compile a selector; raises ``UsageError`` that says what is wrong with it."""
    form = _FORM.fullmatch(text.strip())
    assert form is not None  # every text has this form
    css, attribute = form.group("css").strip(), form.group("attribute")
    if not css and attribute is None:
        raise _wrong(text, "it is empty")
    try:
        if not css:
            return Selector(css, attribute, None, ())
        translator = cssselect.HTMLTranslator()
        paths = [
            translator.selector_to_xpath(part, prefix="descendant-or-self::", translate_pseudo_elements=False)
            for part in _plain(cssselect.parse(css), text)
        ]
        return Selector(css, attribute, etree.XPath(" | ".join(paths)), tuple(etree.XPath(path) for path in paths))
    except (cssselect.SelectorError, etree.XPathSyntaxError) as error:
        raise _wrong(text, str(error)) from error


def _plain(parsed: Iterable[cssselect.parser.Selector], text: str) -> list[cssselect.parser.Selector]:
    parts = list(parsed)
    if any(part.pseudo_element is not None for part in parts):
        raise _wrong(text, "pseudo-elements such as ::text or ::attr(href) are not read")
    return parts


def _wrong(text: str, why: str) -> UsageError:
    return UsageError(
        f"the selector {text!r} cannot be used: {why}",
        expected="css or css@attribute, such as 'h1' or 'time@datetime'",
        remedy="correct it, then run `rseaudit profile check`",
    )


def line(element: _Element) -> str:
    """Return the visible text of an element on one line; blocks and breaks separate words."""
    if len(element) == 0:
        return " ".join((element.text or "").split())
    parts: list[str] = []
    walk = etree.iterwalk(element, events=("start", "end", "comment", "pi"))
    for event, node in walk:
        inside = node is not element
        if event == "start":
            glued = node.tag in _INLINE
            if not glued:
                parts.append(" ")
            if node.tag in _SILENT and inside:
                walk.skip_subtree()
            elif node.text:
                parts.append(node.text)
            continue
        if event == "end" and node.tag not in _INLINE:
            parts.append(" ")
        if inside and node.tail:
            parts.append(node.tail)
    return " ".join("".join(parts).split())
