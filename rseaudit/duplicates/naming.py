"""How people name an author: in full, by initials, by the first name, by the usual words for a service."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from rseaudit.text import fold, forms

_SERVICE = r"(?:services?|equipes?|poles?|directions?|departements?|cellules?|bureaux?|redactions?|teams?|desk|office)"
_BODY = (
    r"(?:association|fondation|comite|commission|cse|cssct|syndicat|section|laboratoire|lab|groupe?|projet|club|amicale"
    r"|reseau|communaute|infirmerie|atelier|site|usine|agence|magasin|foundation|committee|union|plant)"
)
# What a service is called in many a company, whatever its full name.
_ALSO = {
    "ressources humaines": ["RH", "DRH", "HR"],
    "human resources": ["HR"],
    "protection des donnees": ["DPO", "DPD"],
    "data protection": ["DPO"],
    "comite social et economique": ["CSE"],
    "informatique": ["DSI", "SI", "IT"],
    "systemes d information": ["DSI", "SI", "IT"],
    "hygiene": ["HSE", "QHSE"],
    "securite et environnement": ["HSE", "QHSE"],
}
_LINKS = r"(?:de|du|des|d|la|le|les|l|of|the)"
_TITLES = ("m", "mr", "mrs", "ms", "mme", "mlle", "madame", "monsieur", "dr")
_SMALL_WORDS = frozenset("a au aux de du des d en et l la le les of the and for".split())
_TELLING = 5
_REMEMBERED = 4_000


@dataclass(frozen=True, slots=True)
class Spellings:
    """How a text may name an author.

    ``alone`` is enough by itself, the others in a context that makes the author an origin. The first
    two and ``service`` are over normalised words between spaces, ``initials`` and ``first``, a first
    name, over the sentence as it is written.
    """

    alone: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    service: re.Pattern[str] | None = None
    initials: tuple[str, ...] = ()
    first: str | None = None


@lru_cache(maxsize=_REMEMBERED)
def spellings(name: str) -> Spellings:
    """Return the spellings of a name of at least two words, none for any other."""
    words = forms(fold(name))
    if len(words) < 2:
        return Spellings()
    return _of_person(name, words) if _is_personal(name, words) else _of_service(name, words)


def is_written(name: str, text: str) -> bool:
    """Tell whether a name stands in a text as it is written, as words of its own."""
    return name in text and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) is not None


def _is_personal(name: str, words: list[str]) -> bool:
    """Tell whether a name looks like that of a person: every word begins with a capital, the first is no service."""
    if re.fullmatch(f"{_SERVICE}|{_BODY}", words[0]):
        return False
    return all(word[0].isupper() for word in re.findall(r"[^\W\d_]+", name))


def _of_person(name: str, words: list[str]) -> Spellings:
    """Anne-Sophie Kermarec, A.-S. Kermarec, A. Kermarec; in context Mme Kermarec, Anne-Sophie."""
    alone, beside = [words], [words]
    for cut in range(1, len(words)):
        alone += [[word[0] for word in words[:cut]] + words[cut:], [words[0][0], *words[cut:]]]
        beside += [[title, *words[cut:]] for title in _TITLES]
    first = re.match(r"\w[\w'’-]{2,}", name)
    return Spellings(_spaced(alone), _spaced(beside), first=first.group() if first else None)


def _of_service(name: str, words: list[str]) -> Spellings:
    """Direction des ressources humaines, service Ressources humaines, la DRH, les RH; CSE of CSE Solane Nantes."""
    # The name of the company or site at the end is often left out.
    least = next(
        (n for n in range(2, len(words)) if _content(words[:n]) > 1 and words[n - 1] not in _SMALL_WORDS), None
    )
    shortened = [words[:n] for n in range(least or len(words), len(words)) if words[n - 1] not in _SMALL_WORDS]
    rest = words[1:] if re.fullmatch(_SERVICE, words[0]) else []
    while rest and re.fullmatch(_LINKS, rest[0]):
        rest = rest[1:]
    also = [name for full, others in _ALSO.items() if f" {full} " in f" {' '.join(words)} " for name in others]
    initials = [
        "".join(word[0] for word in part if word not in _SMALL_WORDS).upper()
        for part in (words, rest)
        if _content(part) > 1
    ]
    return Spellings(
        beside=_spaced([words, *shortened]),
        service=_service(rest),
        initials=tuple(dict.fromkeys(initials + also + re.findall(r"\b[A-Z]{3,}\b", name))),
    )


def _service(rest: list[str]) -> re.Pattern[str] | None:
    """Match what makes a service itself, or a long word of it, whatever kind of service one calls it."""
    parts = [" ".join(rest), *(word for word in rest if len(word) >= _TELLING)]
    return re.compile(rf" {_SERVICE} (?:{_LINKS} )*(?:{'|'.join(dict.fromkeys(parts))}) ") if rest else None


def _content(words: list[str]) -> int:
    return sum(word not in _SMALL_WORDS for word in words)


def _spaced(found: list[list[str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(f" {' '.join(words)} " for words in found))
