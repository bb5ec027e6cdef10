"""What the marks of a Markdown text say of it."""

from __future__ import annotations

import re
from itertools import pairwise

from rseaudit import richtext

_MAY_BE_HEADING = re.compile(r"^ {0,3}(?:#{1,6}(?:[ \t]|$)|(?:=+|-+)[ \t]*$)", re.MULTILINE)


def heading(body: str) -> str:
    """Return the first heading of a Markdown text that stands in no quotation or list; ``""`` without one."""
    if not _MAY_BE_HEADING.search(body):
        return ""
    from markdown_it import MarkdownIt

    tokens = MarkdownIt("commonmark", {"html": False}).parse(body)
    opened = (inline for opening, inline in pairwise(tokens) if opening.type == "heading_open" and opening.level == 0)
    titles = (" ".join(richtext.read(inline.content, "markdown").text.split()) for inline in opened)
    return next((title for title in titles if title), "")
