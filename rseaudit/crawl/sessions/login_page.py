"""Recognise pages that ask to log in: they are never content, whatever their status."""

from __future__ import annotations

import re

from lxml import etree
from lxml.etree import _Element

from rseaudit.crawl.page import Page

_PASSWORD = re.compile(rb"type\s*=\s*[\"']?password", re.IGNORECASE)
_AROUND = frozenset("nav header footer aside form head script style noscript template svg".split())
_FEW_WORDS = 60


def has_login_form(page: Page) -> bool:
    """Tell whether a page has a form that asks for a password."""
    if not page.is_html or _PASSWORD.search(page.body) is None:
        return False
    return any(
        (field.get("type") or "").strip().lower() == "password" and any(True for _ in field.iterancestors("form"))
        for field in page.tree.iter("input")
    )


def is_login_page(page: Page) -> bool:
    """Tell whether a page asks for a password and says hardly anything besides.

    Many sites show a login form beside the text of every page to a guest: such a page is content.
    """
    return has_login_form(page) and len(_own_text(page.tree).split()) < _FEW_WORDS


def _own_text(root: _Element) -> str:
    """Return the text that stands in no form, menu, header or footer."""
    parts: list[str] = []
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, node in walk:
        if event == "end":
            parts.append(node.tail or "")
        elif node.tag in _AROUND:
            walk.skip_subtree()
        else:
            parts.append(node.text or "")
    return " ".join(parts)
