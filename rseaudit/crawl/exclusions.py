"""Spaces that are never read unless the configuration says so: people must be able to speak there."""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase

from rseaudit.text import fold

# Staff representatives, occupational health, whistleblowing; compared without accents or case.
EXCLUDED_BY_DEFAULT = (
    "*syndicat*",
    "*syndical*",
    "cse",
    "cse *",
    "cse-*",
    "*comite social et economique*",
    "*representants du personnel*",
    "*instances representatives*",
    "*sante au travail*",
    "*medecine du travail*",
    "*service social du travail*",
    "*lanceurs d'alerte*",
    "*alerte professionnelle*",
    "*whistleblow*",
    "*trade union*",
    "*works council*",
    "*occupational health*",
)
# What two people write to each other is nobody else's, whatever the configuration says.
NEVER_READ = ("*messages prives*", "*messagerie privee*", "*private messages*", "*direct messages*")


class Exclusions:
    """Tells which spaces of a source are left alone.

    ``declared`` are added to the default list, ``lifted`` taken off it; both are names with ``*``.
    """

    def __init__(self, declared: Iterable[str], lifted: Iterable[str] = ()) -> None:
        self._always = (*NEVER_READ, *(_folded(pattern) for pattern in declared))
        self._lifted = tuple(_folded(pattern) for pattern in lifted)

    def cover(self, spaces: Iterable[str]) -> bool:
        """Tell whether one of these spaces is excluded; a document there is not kept, nor is its page."""
        return any(self._covers(_folded(space)) for space in spaces)

    def _covers(self, space: str) -> bool:
        if _matches(space, self._always):
            return True
        return _matches(space, EXCLUDED_BY_DEFAULT) and not _matches(space, self._lifted)


def _matches(space: str, patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(space, pattern) for pattern in patterns)


def _folded(text: str) -> str:
    return " ".join(fold(text).split())
