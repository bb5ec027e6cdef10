"""Find what a profile's selectors mean on one page: in the first item, else outside of all items."""

from __future__ import annotations

import re
from collections.abc import Iterable

from lxml.etree import _Element

from rseaudit.crawl.selectors import Selector, line, selector
from rseaudit.crawl.values import mail, name
from rseaudit.model import Person
from rseaudit.people import person_key

_NAME_CAP = 200
_MAIL_IN_NAME = re.compile(r"[(<\[]?\S+@\S+[)>\]]?")


class Fields:
    """The values of one page. ``persons`` fills while labels are read."""

    def __init__(self, tree: _Element, item: str | None) -> None:
        self._tree = tree
        self.items = selector(item).elements(tree) if item else []
        self._all_items = frozenset(self.items)
        self._first = self.items[0] if self.items else None
        self._persons: dict[str, Person] = {}

    @property
    def persons(self) -> tuple[Person, ...]:
        """Those who were named together with their mail address, in order of appearance."""
        return tuple(self._persons.values())

    def first(self, css: str | None) -> str | None:
        """Return the first value that is not empty."""
        return next(iter(self.all(css)), None)

    def all(self, css: str | None) -> tuple[str, ...]:
        """Return the different values that are not empty, in document order."""
        if css is None:
            return ()
        chosen = selector(css)
        values = (chosen.value(element) for element in self._elements(chosen))
        return tuple(dict.fromkeys(value for value in values if value))

    def bodies(self, css: str) -> list[_Element]:
        """Return one element per comma-separated part, none inside another."""
        chosen = selector(css)
        found = self._own(chosen.parts(self._first)) if self._first is not None else []
        if not found:
            found = self._outside(chosen.parts(self._tree) if self._first is None else chosen.elements(self._tree)[:1])
        kept = dict.fromkeys(found)
        return [element for element in kept if not any(parent in kept for parent in element.iterancestors())]

    def label(self, css: str | None) -> str | None:
        """Return how one person is called: by mail address where there is one, else by name."""
        return next(iter(self.labels(css)), None)

    def labels(self, css: str | None) -> tuple[str, ...]:
        """Return how several persons are called, in document order."""
        if css is None:
            return ()
        chosen = selector(css)
        labels = (self._label(chosen, element) for element in self._elements(chosen))
        return tuple(dict.fromkeys(label for label in labels if label))

    def _elements(self, chosen: Selector) -> list[_Element]:
        if self._first is not None and (found := self._own(chosen.elements(self._first))):
            return found
        return self._outside(chosen.elements(self._tree))

    def _own(self, elements: Iterable[_Element]) -> list[_Element]:
        """Keep what belongs to the first item and not to an item inside it."""
        return [element for element in elements if self._holder(element) is self._first]

    def _outside(self, elements: list[_Element]) -> list[_Element]:
        """Keep what belongs to no item: another item's author is not the document's."""
        return elements if self._first is None else [e for e in elements if self._holder(e) is None]

    def _holder(self, element: _Element | None) -> _Element | None:
        while element is not None and element not in self._all_items:
            element = element.getparent()
        return element

    def _label(self, chosen: Selector, element: _Element) -> str:
        value = chosen.value(element)
        link = _mail_link(element)
        address = mail(value) or (mail(link.get("href") or "") if link is not None else None)
        if address is None:
            return name(value)[:_NAME_CAP]
        shown = line(link if link is not None and line(link) else element)
        called = name(_MAIL_IN_NAME.sub("", shown)).strip(" ,;:-–")[:_NAME_CAP]
        if called:
            self._persons.setdefault(address, Person(key=person_key(address), name=called, mail=address))
        return address


def _mail_link(element: _Element) -> _Element | None:
    return next((a for a in element.iter("a") if (a.get("href") or "")[:7].lower() == "mailto:"), None)
