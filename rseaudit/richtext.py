"""Turn a body (HTML, Markdown, plain text) into plain text, with its quotations and links.

The same body always gives the same text, so offsets stay true when it is read again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rseaudit.model import Span, TextFormat
from rseaudit.text import clean

if TYPE_CHECKING:
    from lxml.etree import _Element

_SKIPPED = frozenset(("script", "style", "template", "noscript", "head", "svg", "iframe", "object", "select", "button"))
_BLOCKS = frozenset(
    "address article aside blockquote body br caption dd details dialog div dl dt fieldset figcaption figure "
    "footer form h1 h2 h3 h4 h5 h6 header hr html legend li main nav ol p pre section summary table tbody tfoot "
    "thead tr ul".split()
)
_CELLS = frozenset(("td", "th"))
_VOID = frozenset("area base br col embed hr img input li link meta option p param source td th tr track wbr".split())
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)")
# What one plain space stands for; single plain spaces are left alone, for most are.
_SPACES = re.compile(r"[ \t\r\n\f\v\u00a0\u202f]{2,}|[\t\r\n\f\v\u00a0\u202f]")


@dataclass(frozen=True, slots=True)
class Link:
    """A link in the text: where its words stand and where it leads, as written."""

    span: Span
    target: str


@dataclass(frozen=True, slots=True)
class RichText:
    """Plain text; ``quotes`` are the spans of quotations (``blockquote``, ``q``), ``links`` those of anchors."""

    text: str
    quotes: tuple[Span, ...] = ()
    links: tuple[Link, ...] = ()


def read(body: str, form: TextFormat) -> RichText:
    """Return the plain text of ``body``: one line a block, an empty line between paragraphs."""
    if form == "html":
        return _read_html(body)
    if form == "markdown":
        from markdown_it import MarkdownIt

        return _read_html(MarkdownIt("commonmark", {"html": False}).enable("table").render(body))
    return RichText(clean(body).replace("\r\n", "\n").replace("\r", "\n").strip())


def _read_html(body: str) -> RichText:
    from lxml import etree

    body = clean(body)
    # lxml silently drops text nested deeper than about 2,000 levels; html.parser does not, and takes 10 times longer.
    if nesting(body) > 1_000:
        return _read_deep_html(body)
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(body.encode(), parser)
    except etree.XMLSyntaxError:  # an empty body
        root = None
    return RichText("") if root is None else _from_element(root)


def _from_element(root: _Element) -> RichText:
    from lxml import etree

    writer = _Writer()
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, node in walk:
        name = node.tag
        if event == "start" and name in _SKIPPED:
            walk.skip_subtree()
        elif event == "start":
            writer.open(name)
            writer.write(node.text or "")
        else:
            if name not in _SKIPPED:
                writer.close(name, node.get("href"))
            writer.write(node.tail or "")
    return writer.result()


def _read_deep_html(body: str) -> RichText:
    import warnings

    from bs4 import BeautifulSoup, MarkupResemblesLocatorWarning, XMLParsedAsHTMLWarning

    with warnings.catch_warnings():
        # XHTML is read as HTML on purpose, and a body that looks like an address or a file is text.
        warnings.simplefilter("ignore", XMLParsedAsHTMLWarning)
        warnings.simplefilter("ignore", MarkupResemblesLocatorWarning)
        return from_tag(BeautifulSoup(body, "html.parser"))


def nesting(markup: str) -> int:
    """Return an upper bound of how deep the elements of ``markup`` nest, in linear time."""
    depth = deepest = 0
    for match in _TAG.finditer(markup):
        if match.group(1):
            depth = max(0, depth - 1)
        elif match.group(2).lower() not in _VOID:
            depth += 1
            deepest = max(deepest, depth)
    return deepest


def from_tag(root: object) -> RichText:
    """Read a BeautifulSoup tag (or whole soup) without recursion, however deep it is."""
    from bs4 import Tag
    from bs4.element import NavigableString, PreformattedString

    writer = _Writer()
    assert isinstance(root, Tag)
    stack: list[tuple[object, bool]] = [(root, False)]
    while stack:
        node, leaving = stack.pop()
        if isinstance(node, Tag):
            name = node.name.lower()
            if leaving:
                writer.close(name, node.get("href"))
                continue
            if name in _SKIPPED:
                continue
            writer.open(name)
            stack.append((node, True))
            stack.extend((child, False) for child in reversed(node.contents))
        elif isinstance(node, NavigableString) and not isinstance(node, PreformattedString):
            writer.write(str(node))
    return writer.result()


class _Writer:
    """Collects words and owes the white space between them until the next word comes."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._pending = 0
        self._space = False
        self._open: dict[str, list[int]] = {"blockquote": [], "q": [], "a": []}
        self._quotes: list[Span] = []
        self._links: list[Link] = []

    def open(self, name: str) -> None:
        self._break(name)
        if name in self._open:
            self._open[name].append(self._length)

    def close(self, name: str, target: object) -> None:
        if name in self._open:
            span = Span(self._open[name].pop(), self._length)
            if name != "a":
                self._quotes.append(span)
            elif isinstance(target, str):
                self._links.append(Link(span, target.strip()))
        self._break(name)

    def _break(self, name: str) -> None:
        if name in ("p", "blockquote", "table", "ul", "ol", "pre") or (name[0] == "h" and name[1:].isdigit()):
            self._pending = max(self._pending, 2)
        elif name in _BLOCKS:
            self._pending = max(self._pending, 1)
        elif name in _CELLS:
            self._space = True

    def write(self, text: str) -> None:
        text = _SPACES.sub(" ", text)
        stripped = text.strip(" ")
        if not stripped:
            self._space = self._space or bool(text)
            return
        if self._length and self._pending:
            self._append("\n" * self._pending)
        elif self._length and (self._space or text[0] == " "):
            self._append(" ")
        self._pending, self._space = 0, text[-1] == " "
        self._append(stripped)

    def _append(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)

    def result(self) -> RichText:
        text = "".join(self._parts)

        def trim(span: Span) -> Span:
            start = span.start
            while start < span.end and text[start].isspace():
                start += 1
            return Span(start, span.end)

        quotes = sorted(quote for span in self._quotes if (quote := trim(span)).start < quote.end)
        links = (Link(span, link.target) for link in self._links if (span := trim(link.span)).start < span.end)
        return RichText(text, tuple(quotes), tuple(links))
