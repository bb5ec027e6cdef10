"""Documents that share sentences, signatures and stock phrases, and what becomes of them from day to day."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from rseaudit.model import Document, Source

SOURCES = {
    "rse": Source(name="rse", role="audited"),
    "blog": Source(name="blog", role="audited"),
    "intranet": Source(name="intranet", role="reference"),
}
START = datetime(2026, 1, 1, tzinfo=UTC)
STOCK = "N'hésitez pas à me contacter pour toute information complémentaire, je reste à votre entière disposition."
SIGNATURE = "Direction des systèmes d'information, pôle postes de travail, bâtiment Gutenberg, troisième étage."


class Writer:
    """Writes documents that share sentences, signatures and stock phrases, from one seed."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        syllables = [a + b for a in "bdfglmnprst" for b in ("a", "e", "i", "o", "ou", "an")]
        self._words = ["".join(self.rng.choices(syllables, k=self.rng.randint(2, 4))) for _ in range(400)]
        # Everybody opens with a few turns: they become crowded keys.
        self._turns = [" ".join(self.rng.choices(self._words, k=6)) for _ in range(3)]
        self._sentences: list[str] = []
        self._number = 0

    def sentence(self) -> str:
        return " ".join(self.rng.choices(self._words, k=self.rng.randint(7, 16))).capitalize() + "."

    def text(self) -> str:
        own = [self.sentence() for _ in range(self.rng.randint(2, 6))]
        if self._sentences and self.rng.random() < 0.5:
            start = self.rng.randrange(len(self._sentences))
            own[1:1] = self._sentences[start : start + self.rng.randint(1, 3)]
        self._sentences += own
        if self.rng.random() < 0.6:
            own[0] = f"{self.rng.choice(self._turns).capitalize()} {own[0]}"
        own += [STOCK] * (self.rng.random() < 0.3)
        lines = [" ".join(own), *[SIGNATURE] * (self.rng.random() < 0.2)]
        return "\n".join(lines)

    def document(self) -> Document:
        self._number += 1
        when = START + timedelta(hours=self.rng.randrange(2_000))
        return Document(
            source=self.rng.choice(["rse", "rse", "blog", "intranet"]),
            id=str(self._number),
            text=self.text(),
            author=self.rng.choice(["Anne Martin", "Paul Petit", None]),
            created=when,
            dates={"api-date": when},
            spaces=(f"Espace {self.rng.randrange(30)}",),
        )

    def changed(self, documents: Sequence[Document], count: int) -> list[Document]:
        """Return the documents with so many of them new, gone, rewritten, posted again, moved or with another date."""
        out = list(documents)
        for _ in range(count):
            place = self.rng.randrange(len(out))
            one = out[place]
            match self.rng.randrange(7):
                case 0 | 1:
                    out.append(self.document())
                case 2:
                    del out[place]
                case 3:
                    out[place] = replace(one, text=self.text())
                case 4:
                    again = self.document()
                    out.append(replace(again, text=self.rng.choice([one.text, one.text.upper(), f"« {one.text} »"])))
                case 5:
                    out[place] = replace(one, spaces=(f"Espace {self.rng.randrange(30)}",), author="Zoé Durand")
                case 6:
                    when = START + timedelta(hours=self.rng.randrange(2_000))
                    out[place] = replace(one, created=when, dates={"api-date": when})
        self.rng.shuffle(out)
        return out
