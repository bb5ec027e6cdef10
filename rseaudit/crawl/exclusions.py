"""Spaces that are never read unless the configuration says so: people must be able to speak there."""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase

from rseaudit.text import normalise

# Staff representatives, occupational health, whistleblowing, private messages; compared without accents or case.
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
    "*messages prives*",
    "*private messages*",
)


class Exclusions:
    """Tells which spaces of a source are left alone."""

    def __init__(self, declared: Iterable[str]) -> None:
        self._patterns = (*EXCLUDED_BY_DEFAULT, *(_folded(pattern) for pattern in declared))

    def cover(self, spaces: Iterable[str]) -> bool:
        """Tell whether one of these spaces is excluded; a document there is not kept, nor is its page."""
        return any(fnmatchcase(_folded(space), pattern) for space in spaces for pattern in self._patterns)


def _folded(text: str) -> str:
    return " ".join(normalise(text).text.split())
