"""What people print for people, as values: counts, visibility, persons."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import unquote

from rseaudit.model import Visibility
from rseaudit.text import fold

_SPACES = r"[ \u00a0\u202f\u2009]"
_COUNT = re.compile(
    rf"(?<![\d.,/-])(?P<number>\d{{1,3}}(?:{_SPACES}\d{{3}})+(?!\d)|\d+(?:[.,]\d+)*)(?:{_SPACES}?(?P<unit>k|m|mio|millions?|milliers?)\b)?",
    re.IGNORECASE,
)
_THOUSANDS = re.compile(r"\d{1,3}(?:[.,]\d{3})+")
_NONE_YET = re.compile(r"\b(?:aucune?|pas de|pas encore de|no|none|zero)\b")
_UNITS = {"k": 1_000, "millier": 1_000, "m": 1_000_000, "mio": 1_000_000, "million": 1_000_000}
_MAIL = re.compile(r"[^\s@<>(),;:\"\[\]]+@[^\s@<>(),;:\"\[\]]+\.[^\s@<>(),;:\"\[\].]+")
_BY = re.compile(
    r"(?:(?:publi[ée]e?s?|r[ée]dig[ée]e?s?|[ée]crite?s?|post[ée]e?s?) )?par (?=\S)|auteure? ?: ?|by (?=\S)",
    re.IGNORECASE,
)

# From the most closed to the most open: when a label speaks of several, the most closed one counts.
_VISIBLE: tuple[tuple[Visibility, re.Pattern[str]], ...] = (
    (
        "private",
        re.compile(
            r"\b(?:privee?s?|private|confidentiel(?:le)?s?|confidential|secrete?s?|masquee?s?|hidden|personnel(?:le)?s?|"
            r"brouillons?|drafts?)\b"
        ),
    ),
    (
        "space",
        re.compile(
            r"\b(?:membres?|members?|reservee?s?|limitee?s?|restreinte?s?|restricted|only)\b.*"
            r"\b(?:espaces?|groupes?|communautes?|equipes?|spaces?|groups?|community|team)\b"
            r"|^(?:espace|groupe|communaute|equipe|space|group|community|team)$"
            r"|^(?:restreinte?|restricted|ferme|fermee|closed)$"
            r"|\b(?:groupe|espace|communaute) (?:fermee?|restreinte?)\b"
        ),
    ),
    (
        "registered",
        re.compile(
            r"\b(?:registered|membres?|members?|inscrits?|connectee?s?|tous|authentifiee?s?|authenticated|logged|utilisateurs?|users?|"
            r"internes?|internal|collaborateurs?|collaboratrices?|salariee?s?|employees?|entreprise|company)\b"
        ),
    ),
    (
        "public",
        re.compile(
            r"\b(?:public|publics|publique|publiques|tout le monde|everyone|anyone|world|internet|ouverte?s?|open)\b"
        ),
    ),
)
_NOT = re.compile(r"\b(?:non|not|pas|in)[ -]+public")
_VALUES: dict[str, Visibility] = {v: v for v in ("public", "registered", "space", "private", "unknown")}


def count(text: str | None) -> int | None:
    """Return the first number of a label ("1 234 vues", "1,2 k", "12 commentaires").

    "Aucun commentaire" is 0; a label without number, or with a date or a fraction, is ``None``: unknown.
    """
    if text is None:
        return None
    found = _COUNT.search(text)
    if found is None:
        return 0 if _NONE_YET.search(fold(text)) else None
    number, unit = re.sub(_SPACES, "", found["number"]), (found["unit"] or "").lower().rstrip("s")
    if len(number) > 12 or text[found.end() :].lstrip()[:1] in ("/", "%", ":"):
        return None
    if _THOUSANDS.fullmatch(number) and not unit:
        return int(re.sub(r"[.,]", "", number))
    try:
        value = float(number.replace(",", "."))
    except ValueError:
        return None
    return round(value * _UNITS.get(unit, 1)) if unit or value.is_integer() else None


def visibility(text: str, declared: Mapping[str, Visibility]) -> Visibility | None:
    """Return what a label or a class list says of who may read; ``None`` when it is not understood.

    ``declared`` (the profile's ``visibility_map``) goes first: the whole label, then one of its words.
    When known words of several degrees stand together, the most closed counts.
    """
    label = _folded(text)
    meant = {_folded(key): value for key, value in declared.items()}
    if label in meant:
        return meant[label]
    for word in label.split():
        if word in meant:
            return meant[word]
    if label in _VALUES:
        return _VALUES[label]
    if _NOT.search(label):
        return "private"
    return next((value for value, pattern in _VISIBLE if pattern.search(label)), None)


def tags(labels: tuple[str, ...]) -> tuple[str, ...]:
    """Return the different tags of a content; a single label "a, b, #c" is cut at its commas."""
    parts = re.split(r"[,;]", labels[0]) if len(labels) == 1 else labels
    return tuple(dict.fromkeys(tag for raw in parts if (tag := raw.strip().lstrip("#").strip())))


def mail(text: str) -> str | None:
    """Return the mail address that a text or a ``mailto:`` link holds, in lower case."""
    if text[:7].lower() == "mailto:":
        text = unquote(text[7:].partition("?")[0])
    found = _MAIL.search(text)
    return found.group().lower() if found else None


def name(text: str) -> str:
    """Return a person's name without what introduces it ("Publié par …", "Auteur : …")."""
    plain = " ".join(text.split())
    found = _BY.match(plain)
    return plain[found.end() :] if found else plain


def _folded(text: str) -> str:
    return " ".join(fold(text).split())
