"""Number the words of a collection; say which carry meaning and how much a shared one proves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

Ids = NDArray[np.int32]
Keys = NDArray[np.uint64]

# Words that stand in every text prove nothing. Elisions are words of their own (``l'`` is ``l``).
_EMPTY = frozenset(
    "a ai ainsi alors apres as au aucun aucune aussi autre autres aux avait avant avec avez avoir avons bien c ca "
    "car ce cela celle celles celui cependant ces cet cette ceux chaque chez comme comment contre d dans de deja "
    "depuis des deux donc dont du elle elles en encore entre est et etaient etait etant ete etes etre eu eux fait "
    "faire fois font ici il ils j je jusqu jusque l la laquelle le lequel les lesquels leur leurs lors lorsque "
    "lui m ma mais me meme memes mes moi moins mon n ne ni nos notre nous on ont ou par parce pas pendant peu "
    "peut peuvent plus plusieurs pour pourquoi pouvez pouvoir puis qu quand que quel quelle quelles quels quelque "
    "quelques qui quoi s sa sans se selon sera seront ses seulement si soit son sont sous souvent sur t ta te tel "
    "telle tes toi ton toujours tous tout toute toutes tres tu un une vers voici vos votre vous y about after all "
    "also an and any are at be been before but by can do does for from had has have he her his how i if in into "
    "is it its may more most no not of or other our she should so some such than that the their them then there "
    "these they this those to was we were what when which who will with would you your".split()
)
_STEM = 6
# Small collections cannot say how common a word is: as many unseen texts are presumed.
UNSEEN_TEXTS = 200


def word_key(form: str) -> int:
    """Return the 64-bit key of a word: the same on every machine and in every run."""
    return int.from_bytes(blake2b(form.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")


class Lexicon:
    """The distinct words of a collection, numbered in order of first sight.

    ``keys[i]`` is the key of word ``i``, ``stem_keys[i]`` that of its first six letters,
    ``stems[i]`` the number of that stem, ``content[i]`` whether it carries meaning.
    """

    def __init__(self, texts: Iterable[Sequence[str]]) -> None:
        numbers: dict[str, int] = {}
        self.ids: tuple[Ids, ...] = tuple(
            np.fromiter((numbers.setdefault(form, len(numbers)) for form in forms), dtype=np.int32, count=len(forms))
            for forms in texts
        )
        self.forms: tuple[str, ...] = tuple(numbers)
        stems: dict[str, int] = {}
        self.stems: Ids = np.fromiter(
            (stems.setdefault(form[:_STEM], len(stems)) for form in self.forms), dtype=np.int32, count=len(self.forms)
        )
        self.keys = _keys(self.forms)
        self.stem_keys: Keys = _keys(tuple(stems))[self.stems]
        self.content: NDArray[np.bool_] = np.fromiter(
            (len(form) > 1 and form not in _EMPTY for form in self.forms), dtype=np.bool_, count=len(self.forms)
        )

    def weights(self) -> NDArray[np.int64]:
        """Return what a match of each word proves, an integer from 1: half the bits of its rarity.

        Rarity is (texts + unseen) / (texts that hold a word of this stem + 1); empty words weigh 1.
        """
        stem_weights = stem_weights_of(self.stem_frequencies(), len(self.ids))
        return np.where(self.content, stem_weights[self.stems], 1)

    def stem_frequencies(self) -> NDArray[np.int64]:
        """Return in how many texts each stem stands."""
        frequency = np.zeros(int(self.stems.max(initial=-1)) + 1, dtype=np.int64)
        for ids in self.ids:
            frequency[np.unique(self.stems[ids])] += 1
        return frequency


def stem_weights_of(frequencies: NDArray[np.int64], texts: int) -> NDArray[np.int64]:
    """Return the weights of stems that stand in ``frequencies`` of ``texts`` texts, by integers only."""
    rarity = (texts + UNSEEN_TEXTS) // (frequencies + 1)
    bits = np.zeros(len(rarity), dtype=np.int64)
    while rarity.any():
        bits += rarity > 0
        rarity >>= 1
    return np.maximum(1, bits // 2)


def _keys(forms: Sequence[str]) -> Keys:
    return np.fromiter((word_key(form) for form in forms), dtype=np.uint64, count=len(forms))
