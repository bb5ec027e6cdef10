"""Edit words the way people do when they take over a text, at a given rate and reproducibly."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

THESAURUS = Path("/usr/share/mythes/th_fr_FR_v2.dat")
KINDS = ("typo", "accent", "synonym", "deletion", "insertion", "name", "number", "swap")
NAMES = (
    "Paris Lyon Lille Nantes Martin Dupont Sophie Karim Aubrac Garonne Hélène Bernard Toulouse Océane Moreau".split()
)
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


@lru_cache(maxsize=1)
def synonyms() -> dict[str, tuple[str, ...]]:
    """Return the one-word synonyms of the French thesaurus (package mythes-fr)."""
    found: dict[str, tuple[str, ...]] = {}
    word = ""
    for line in THESAURUS.read_text("utf-8").splitlines()[1:]:
        if line.startswith("("):
            found[word] = found.get(word, ()) + tuple(s for s in line.split("|")[1:] if s.isalpha())
        else:
            word = line.split("|")[0]
    return found


def edited(words: Sequence[str], rate: float, rng: random.Random, vocabulary: Sequence[str]) -> list[str]:
    """Return the words with each one edited with probability ``rate``, in one of ``KINDS`` drawn evenly.

    A word without a synonym becomes any other word of ``vocabulary``: the harder case.
    """
    out: list[str] = []
    left = list(words)
    while left:
        word = left.pop(0)
        if rng.random() >= rate:
            out.append(word)
            continue
        kind = rng.choice(KINDS)
        if kind == "swap" and left:
            out += [left.pop(0), word]
        elif kind == "insertion":
            out += [word, rng.choice(vocabulary)]
        elif kind != "deletion":
            out.append(_changed(word, kind, rng, vocabulary))
    return out


def _changed(word: str, kind: str, rng: random.Random, vocabulary: Sequence[str]) -> str:
    if kind == "typo" and len(word) > 3:
        place = rng.randrange(1, len(word) - 1)
        return rng.choice(
            (
                word[:place] + rng.choice(_LETTERS) + word[place + 1 :],
                word[:place] + word[place + 1 :],
                word[:place] + word[place + 1] + word[place] + word[place + 2 :],
            )
        )
    if kind == "accent":
        plain = "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))
        return plain if plain != word else word.replace("e", "é", 1)
    if kind == "name":
        return rng.choice(NAMES)
    if kind == "number":
        return str(rng.randrange(2, 2_100))
    return rng.choice(synonyms().get(word.lower().strip(",.;:"), ()) or vocabulary)
