"""Lead from the label that a source prints to one person, across platforms."""

from __future__ import annotations

from collections.abc import Iterable

from rseaudit.ids import short_hash
from rseaudit.model import Person
from rseaudit.text import fold


def person_key(label: str) -> str:
    """Return the key of a person known only by a label: a mail address or a name.

    A mail address gives the same key on every platform; a name does when it is spelled alike.
    """
    folded = " ".join(fold(label).split())
    return short_hash("mail" if "@" in folded else "name", folded)


class Directory:
    """Find persons by key, mail address or unambiguous name; unknown labels become persons.

    Two persons of the same name make that name ambiguous: it then leads to neither, but to a
    person of its own whose activity is unknown.
    """

    def __init__(self, persons: Iterable[Person]) -> None:
        self._by_key: dict[str, Person] = {}
        self._by_mail: dict[str, Person] = {}
        self._by_name: dict[str, Person | None] = {}
        for person in persons:
            self._by_key[person.key] = person
            if person.mail:
                self._by_mail[person.mail.casefold()] = person
            name = _fold(person.name)
            self._by_name[name] = None if name in self._by_name else person

    def find(self, label: str | None) -> Person | None:
        """Return the person behind a label, ``None`` for no label at all."""
        if not label or not label.strip():
            return None
        label = label.strip()
        known = self._by_key.get(label) or self._by_mail.get(label.casefold()) or self._by_name.get(_fold(label))
        return known or Person(key=person_key(label), name=label, mail=label if "@" in label else None)

    def same(self, one: str | None, other: str | None) -> bool:
        """Tell whether two labels lead to one person; unknown is never the same."""
        first, second = self.find(one), self.find(other)
        return first is not None and second is not None and first.key == second.key


def _fold(name: str) -> str:
    return " ".join(fold(name).split())
