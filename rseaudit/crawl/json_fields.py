"""Find what a profile's paths mean in one element of a JSON list: in its first item, else in the element."""

from __future__ import annotations

from rseaudit.config.json_paths import json_path
from rseaudit.crawl import values
from rseaudit.model import Person
from rseaudit.people import person_key

_NAME_CAP = 200


class JsonFields:
    """The values of one document. ``persons`` fills while labels are read.

    ``items`` are the document and its comments; without ``item`` the element is the document.
    """

    def __init__(self, element: object, root: object, item: str | None) -> None:
        self._element, self._root = element, root
        found = json_path(item).lists(element, root) if item else [element]
        self.items: list[object] = found or []
        self._persons: dict[str, Person] = {}

    @property
    def persons(self) -> tuple[Person, ...]:
        """Those who were named together with their mail address, in order of appearance."""
        return tuple(self._persons.values())

    def first(self, path: str | None) -> str | None:
        """Return the first value that is not empty, on one line."""
        return next(iter(self.all(path)), None)

    def all(self, path: str | None) -> tuple[str, ...]:
        """Return the different values that are not empty, each on one line."""
        lines = (" ".join(text.split()) for text in self.texts(path))
        return tuple(dict.fromkeys(line for line in lines if line))

    def texts(self, path: str | None) -> list[str]:
        """Return the texts as they stand; numbers and truth values are written out, objects are left out."""
        return [text for value in self._values(path) if (text := _written(value)) is not None]

    def count(self, path: str | None) -> int | None:
        """Return a number, be it a number, a label of one, or a list of so many."""
        if path is None:
            return None
        for place in self._places():
            if json_path(path).is_list(place, self._root):
                return len(json_path(path).values(place, self._root))
            for text in self.all(path):
                return values.count(text)
        return None

    def label(self, path: str | None) -> str | None:
        """Return how one person is called: by mail address where there is one, else by name.

        Where commas name a path to each, the person is known by both.
        """
        if path is None:
            return None
        said = [text for way in path.split(",") for text in self.all(way)[:1]]
        mail = next((mail for text in said if (mail := values.mail(text))), None)
        name = next((values.name(text)[:_NAME_CAP] for text in said if values.mail(text) is None), None)
        if mail is None:
            return name
        if name:
            self._persons.setdefault(mail, Person(key=person_key(mail), name=name, mail=mail))
        return mail

    def labels(self, path: str | None) -> tuple[str, ...]:
        """Return how several persons are called, in order."""
        labels = (values.mail(text) or values.name(text)[:_NAME_CAP] for text in self.all(path))
        return tuple(dict.fromkeys(label for label in labels if label))

    def _places(self) -> list[object]:
        return [*self.items[:1], self._element] if self.items[:1] != [self._element] else [self._element]

    def _values(self, path: str | None) -> list[object]:
        if path is None:
            return []
        return next((found for place in self._places() if (found := json_path(path).values(place, self._root))), [])


def _written(value: object) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else str(value)
    return str(value) if isinstance(value, str | int) else None
