"""Sentences kept as message key and values until the reader's language is known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rseaudit.i18n import Value

if TYPE_CHECKING:
    from rseaudit.i18n import Translator


@dataclass(frozen=True, slots=True)
class Reason:
    """``text`` is an English message key with ``{name}`` places; ``params`` fills them.

    A name that has two languages comes as ``…_fr`` and ``…_en``: each translation takes its own.
    """

    text: str
    params: Mapping[str, Value] = field(default_factory=dict)

    def say(self, speaker: Translator) -> str:
        """Return the sentence in the reader's language."""
        return speaker.text(self.text, **self.params)
