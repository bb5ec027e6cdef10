"""List the terms of an entry whose frequency is followed: declared ones, names and short phrases.

No trained model is asked: a phrase is two or three telling words that stand together, with at most
the small words that French and English put inside a name ("droit à la déconnexion").
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from rseaudit.model import Entry
from rseaudit.watch import language
from rseaudit.watch.language import Reading
from rseaudit.watch.matching import LEAD, Matches

_LINKS = frozenset("de d du des la le l les a au aux en of for the to and et".split())
_CALENDAR = frozenset(
    "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre lundi mardi mercredi "
    "jeudi vendredi samedi dimanche printemps ete automne hiver trimestre semestre semaine mois an annee jour "
    "heure minute noel january february march april may june july august september october november december "
    "monday tuesday wednesday thursday friday saturday sunday spring summer autumn fall winter quarter week month "
    "year day hour today tomorrow hier aujourd'hui aujourdhui demain rentree q1 q2 q3 q4 t1 t2 t3 t4".split()
)
# Words of the trade of news: true of any of them, telling of none.
_GENERIC = frozenset(
    "nouveau nouvel nouvelle version annonce annoncer lancer lancement presenter presentation decouvrir lire "
    "suite article actualite dossier interview webinaire podcast video retour point chose fois cas facon maniere "
    "partie exemple question faire pouvoir devoir vouloir mettre prendre permettre proposer devenir voir savoir "
    "aller venir rester utiliser creer grand petit bon meilleur premier dernier prochain important simple "
    "plusieurs million milliard euro dollar pourcent new release announce announcement launch introduce "
    "introducing discover read more post appear first blog news update thing way time case part example question "
    "make get take use create big small good best top last next important million billion percent".split()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """``key`` is the same for all spellings; ``written`` is how it stands here.

    ``declared`` tells a vendor or a phrase of a watchlist from what was found by itself; ``lead``
    tells whether it stands in the title.
    """

    key: str
    written: str
    declared: bool
    in_title: bool


def terms(entry: Entry, matches: Matches) -> tuple[Term, ...]:
    """Return each term of the title and the lead once, by key; declared ones first win."""
    found: dict[str, Term] = {}
    for term in (*_declared(matches), *_free(entry, matches.lang)):
        known = found.get(term.key)
        if known is None or (term.in_title and not known.in_title and not known.declared):
            found[term.key] = term
    return tuple(found[key] for key in sorted(found))


def _declared(matches: Matches) -> Iterator[Term]:
    for vendor in matches.vendors:
        name = vendor.vendor.name
        in_title = any(hit.field == "title" for hit in vendor.hits)
        yield Term(key=_key(language.read(name, matches.lang)), written=name, declared=True, in_title=in_title)
    for topic in matches.topics:
        for hit in topic.hits:
            key = _key(language.read(hit.phrase, matches.lang))
            yield Term(key=key, written=hit.phrase, declared=True, in_title=hit.field == "title")


def _key(reading: Reading) -> str:
    return " ".join(reading.keys)


def _free(entry: Entry, lang: str) -> Iterator[Term]:
    for text, in_title in ((entry.title, True), (entry.summary[:LEAD], False)):
        reading = language.read(" ".join(text.split()), lang)
        telling = [_is_telling(reading, index) for index in range(len(reading.forms))]
        capitals = _writes_all_in_capitals(reading, telling)
        for index, tells in enumerate(telling):
            if not tells:
                continue
            if not capitals and _is_name(reading, index):
                yield _term(reading, index, index + 1, in_title)
            for end in _phrase_ends(reading, telling, index):
                yield _term(reading, index, end, in_title)


def _term(reading: Reading, start: int, end: int, in_title: bool) -> Term:
    written = reading.written(start, end)
    if end - start > 1 and written[:1].isupper() and written[1:] == written[1:].lower():
        written = written.lower()  # the capital is the sentence's
    return Term(key=" ".join(reading.keys[start:end]), written=written, declared=False, in_title=in_title)


def _is_telling(reading: Reading, index: int) -> bool:
    form, key = reading.forms[index], reading.keys[index]
    if len(form) < 2 or not form[0].isalnum() or form.isdigit() or "@" in form:
        return False
    if reading.written(index, index + 1).startswith(("http", "www.")):
        return False
    idle = _idle_words(reading.lang)
    return form not in idle and key not in idle


@cache
def _idle_words(lang: str) -> frozenset[str]:
    return language.stop_words(lang) | _CALENDAR | _GENERIC


def _writes_all_in_capitals(reading: Reading, telling: list[bool]) -> bool:
    """Tell an English headline in which every word has a capital: there a capital is no name."""
    words = [reading.written(i, i + 1) for i, tells in enumerate(telling) if tells]
    return len(words) >= 4 and sum(word[0].isupper() for word in words) > 0.6 * len(words)


def _is_name(reading: Reading, index: int) -> bool:
    word = reading.written(index, index + 1)
    if not any(c.isalpha() for c in word):
        return False
    if any(c.isupper() for c in word[1:]):
        return True
    starts_sentence = index == 0 or not reading.forms[index - 1][0].isalnum()
    return word[0].isupper() and not starts_sentence


def _phrase_ends(reading: Reading, telling: list[bool], start: int) -> Iterator[int]:
    """Yield the ends of the phrases of two and three telling words that begin at ``start``."""
    count, index, links = 1, start + 1, 0
    while index < len(telling) and count < 3:
        if telling[index]:
            count, links = count + 1, 0
            yield index + 1
        elif reading.forms[index] in _LINKS and links < 2:
            links += 1
        else:
            return
        index += 1
