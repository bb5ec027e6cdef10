"""What the team declares of a space, and the audience that follows for a document."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from rseaudit.config.settings import SpaceSettings
from rseaudit.model import Audience, Document, Space


def declared(space_settings: Sequence[SpaceSettings], source: str, space: str) -> SpaceSettings | None:
    """Return the first ``[[space]]`` whose ``match`` fits ``source/space``, exactly or as a pattern."""
    return next(iter(_matching(space_settings, source, space)), None)


def _matching(space_settings: Sequence[SpaceSettings], source: str, space: str) -> tuple[SpaceSettings, ...]:
    # macOS writes accents apart; a name with brackets is also found when written as it is.
    name = unicodedata.normalize("NFC", f"{source}/{space}")
    patterns = ((settings, unicodedata.normalize("NFC", settings.match)) for settings in space_settings)
    return tuple(settings for settings, pattern in patterns if pattern == name or fnmatchcase(name, pattern))


@dataclass(frozen=True, slots=True)
class Spaces:
    """The spaces of all sources by (source, name), with what the configuration says of them.

    Of several ``[[space]]`` that match one space, the first that gives a value gives it.
    """

    known: Mapping[tuple[str, str], Space]
    settings: Sequence[SpaceSettings]
    audiences: Mapping[str, Audience]

    def audience(self, source: str, space: str | None) -> Audience | None:
        """Return the audience of a space: the configuration's, else the one that the source names."""
        if space is None:
            return None
        named = [settings.audience for settings in _matching(self.settings, source, space) if settings.audience]
        if not named and (known := self.known.get((source, space))) is not None and known.audience:
            named = [known.audience]
        return self.audiences.get(named[0]) if named else None

    def configured_owner(self, source: str, space: str) -> str | None:
        """Return the owner that the configuration gives to a space."""
        return next((found.owner for found in _matching(self.settings, source, space) if found.owner), None)

    def owners(self, source: str, space: str) -> tuple[str, ...]:
        """Return the owners that the source gives to a space, in its order."""
        known = self.known.get((source, space))
        return known.owners if known is not None else ()

    def moderators(self, source: str, space: str) -> tuple[str, ...]:
        """Return the moderators of a space: the configuration's, else the source's, in order."""
        for found in _matching(self.settings, source, space):
            if found.moderators:
                return tuple(found.moderators)
        known = self.known.get((source, space))
        return known.moderators if known is not None else ()


def audience_of(document: Document, spaces: Spaces) -> Audience | None:
    """Return the audience of a document: that of its first space; ``None`` when none is declared."""
    return spaces.audience(document.source, document.space)
