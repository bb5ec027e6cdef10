"""Acronyms that a document uses without ever saying what they stand for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from rseaudit.audience.prose import code, is_prose, outside
from rseaudit.audience.reading import Reading
from rseaudit.model import Span
from rseaudit.text import fold

_ACRONYM = re.compile(r"(?<![\w.@/&#_$%\\<=|~-])[A-Z]{2,6}(?![\w@/&_=>(|-])(?!\.\w)")
_ROMAN = re.compile(r"M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})")
_BEFORE = re.compile(r"([^\W\d_]+)\.?[ \u00a0\u202f-]+$")
_GLOSS = re.compile(r"[*_»”\" \u00a0\u202f]*(?:\(([^()\n]{3,200})\)|([,:=→–—-])[ \u00a0\u202f]*([^.;\n]{3,200}))")
# « GMAO : le logiciel où… » on a line of its own; « la GMAO, c'est-à-dire… », « la GMAO, notre outil de… » anywhere.
_ENTRY = re.compile(r"^[\W\d_]*(?:(?:le|la|les|un|une)\s+|l['’])?$", re.IGNORECASE)
_MEANING = re.compile(
    r"\s*(?:\(?c['’]est|à savoir|autrement dit|soit |ou (?:le|la|les|l['’])|notre |nos |votre |l['’]outil|le logiciel"
    r"|l['’]application|l['’]organisme|la plateforme|le réseau|le système|le service|une? (?!p))",
    re.IGNORECASE,
)
_DEFINING = re.compile(
    r"\s*(?:(?:les?|la|une?|des|nos|notre|votre|vos|ton|ta|tes|ce|cet|cette)\s|l['’]|c['’]est\s)", re.IGNORECASE
)
_VERB_OF_MEANING = re.compile(
    r"[*_»”\" \u00a0\u202f]*,?\s*(?:signifi|désign|veut dire|veulent dire|est l['’]abr|est le sigle"
    r"|correspond à)"
)
# Whoever reads French at work knows these; units and signs of writing are no jargon either.
_COMMON = frozenset(
    "PDF URL FAQ SMS MMS GPS TV DVD CD USB WIFI PC MAC CV RH DRH CDI CDD PME TPE TVA HT TTC SNCF RATP EDF UE ONU "
    "USA UK OK NB PS RDV SVP STP BD AG CE HS ID IA IT QR QCM SOS VIP WC PIN SIM AM PM SA SAS SARL PDG DG DGA RSE "
    "QVT VPN HTML HTTP HTTPS XLS CSV ZIP JPG PNG GIF MP OTAN OMS INSEE URSSAF CAF CPAM RIB IBAN COVID SIDA ADN DOM "
    "TOM HLM SMIC RTT BTS BAC IUT DUT EUR KM CM MM KG KW KWH MO GO KO HD VO VF VS RGPD CNIL TGV RER TER BNP LCL "
    "ASAP FYI NDLR IBM HP BMW LED LCD WWW UTC GMT ISO UNIX SAMU SMUR CHU IRM VTT VTC APL CAP RSA CRS CSG PMU EHPAD "
    "OVNI ENA AOC BIO ADSL USB WEB UNESCO UNICEF FIFA NASA FBI ONG ZFE DPE NF CQFD TP TD DRAC FIP LOL MDR".split()
)
_LINKING = frozenset("a au aux d de des du en et l la le les par pour sur un une the of and for".split())
_GENERAL = 3
_LINE = 200
_SHORT = 4


def unknown_acronyms(reading: Reading, known: Iterable[str], *, foreign: Iterable[Span] = ()) -> tuple[Span, ...]:
    """Return the first place of each acronym that is neither known nor explained in the document.

    An explanation anywhere counts, before or after. Left alone: words shouted in capitals, surnames
    after a first name or a title, Roman numerals, quotations, addresses, code, tables, what stands in
    ``foreign`` (paragraphs in another language), and what everybody knows.
    """
    allowed = {_fold(term) for term in known} | {_fold(term) for term in _COMMON}
    # "gestion de maintenance (GMAO)" in the list of known terms makes GMAO known as well.
    allowed |= {_fold(part) for term in known for part in re.findall(r"\w+", term) if part.isupper()}
    candidates = {match.start(): match for match in _ACRONYM.finditer(reading.text)}
    if not candidates:
        return ()
    places = outside(
        (Span(*match.span()) for match in candidates.values()), (*foreign, *reading.quotations, *_strange(reading))
    )
    first: dict[str, Span] = {}
    for match in (candidates[place.start] for place in places):
        term = match.group()
        if term in first or _fold(term) in allowed or _ROMAN.fullmatch(term) or len(set(term)) == 1 or _is_word(term):
            continue
        if _is_shouted(reading.text, match) or _is_name(reading, match):
            continue
        first[term] = Span(match.start(), match.end())
    lines = [_initials(_forms(line)) for line in reading.text.splitlines()] if first else []
    return tuple(span for term, span in first.items() if not _is_explained(reading.text, term, lines))


def _strange(reading: Reading) -> tuple[Span, ...]:
    """Return the places whose capitals are no acronyms to explain: code and tables."""
    tables = (Span(p.start, p.end) for p in reading.paragraphs if not is_prose(reading.text[p.start : p.end]))
    return (*tables, *code(reading.text))


def _is_explained(text: str, term: str, lines: Sequence[tuple[str, str]]) -> bool:
    """Tell whether words of the text spell the acronym, or a gloss follows one of its uses.

    ``équipements de protection individuelle (EPI)``, ``EPI (casque, gants)``, ``EPI : équipements de
    protection…`` and ``GMAO : le logiciel où l'on note…`` explain it; an acronym of three letters or
    more may be spelled anywhere in the text.
    """
    letters = _fold(term)
    for match in re.finditer(rf"(?<!\w){term}(?!\w)", text):
        if _has_gloss(text, match, letters):
            return True
        before = text[max(0, match.start() - 200) : match.start()].rstrip()
        if before.endswith("(") and _abridges(_forms(before)[-3 * len(letters) :], letters):
            return True
    return len(letters) >= _GENERAL and any(letters in initials for line in lines for initials in line)


def _has_gloss(text: str, match: re.Match[str], letters: str) -> bool:
    """Tell whether what follows says what the acronym stands for, or what the thing is."""
    if _VERB_OF_MEANING.match(text, match.end()):
        return True
    gloss = _GLOSS.match(text, match.end())
    if gloss is None:
        return False
    bracketed, sign, words = gloss.groups()
    if bracketed is not None:
        return len(re.findall(r"\w+", bracketed)) > 1
    if _spells(_forms(words), letters):
        return True
    if sign == ",":
        return _MEANING.match(words) is not None
    line = text[text.rfind("\n", 0, match.start()) + 1 : match.start()]
    # « GPEC : lancement de la campagne » is a headline; a definition says "the" or "a".
    defines = sign in "=→" or _DEFINING.match(words) is not None
    return defines and _ENTRY.match(line) is not None and len(re.findall(r"\w+", words)) >= _GENERAL


def _forms(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"[^\W\d_]+", fold(text)))


def _spells(forms: Sequence[str], letters: str) -> bool:
    return any(letters in initials for initials in _initials([form for form in forms if form != letters]))


def _abridges(forms: Sequence[str], letters: str) -> bool:
    """Tell whether the letters are initials of these words, in order, and the last word gives the last one.

    « établissements publics à caractère scientifique, culturel et professionnel (EPSCP) » leaves words out.
    """
    if not forms or forms[-1][0] != letters[-1]:
        return False
    initials = iter([form[0] for form in forms if form != letters])
    return all(letter in initials for letter in letters)


def _initials(forms: Sequence[str]) -> tuple[str, str]:
    """Return the first letters of neighbouring words, without and with the linking words."""
    return "".join(form[0] for form in forms if form not in _LINKING), "".join(form[0] for form in forms)


def _is_name(reading: Reading, match: re.Match[str]) -> bool:
    """Tell whether a capitalised word stands right before: ``Jean DUPONT``, ``Mme ROY``, ``Marie LE GOFF``."""
    before = _BEFORE.search(reading.text[max(0, match.start() - 40) : match.start()])
    if before is None:
        return False
    word = before.group(1)
    # A sentence may begin with "Le", "Votre" or "Les": no first name.
    return word[0].isupper() and not (word.istitle() and _fold(word) in _OPENINGS)


_OPENINGS = frozenset(
    "le la les l un une des du de d au aux ce cet cette ces mon ma mes ton ta tes son sa ses notre nos votre vos "
    "leur leurs chaque tout tous toute toutes aucun aucune en dans par pour sur avec sans sous selon quel quelle et "
    "ou si".split()
)


def _is_shouted(text: str, match: re.Match[str]) -> bool:
    """Tell whether the line is written in capitals, or a longer word in capitals stands next to it."""
    low, high = max(0, match.start() - _LINE), min(len(text), match.end() + _LINE)
    start = max(low, text.rfind("\n", low, match.start()) + 1)
    end = text.find("\n", match.end(), high)
    line = text[start : end if end >= 0 else high]
    written = [word for word in re.findall(r"[^\W\d_]+", line) if len(word) > 1]
    capitals = sum(map(str.isupper, written))
    if capitals > 1 and 2 * capitals > len(written):
        return True
    around = (
        text[max(0, match.start() - 30) : match.start()].split()[-1:] + text[match.end() : match.end() + 30].split()[:1]
    )
    beside = [word.strip(".,;:!?()") for word in around]
    if any(len(word) > 6 and word.isupper() for word in beside):
        return True
    # « à l'ordre du TRESOR PUBLIC »: accents are lost in capitals, the word beside is known.
    return len(match.group()) > _SHORT and any(
        word.isupper() and len(word) > _SHORT and _is_word(word) for word in beside
    )


@lru_cache(maxsize=4096)
def _is_word(term: str) -> bool:
    """Tell whether the letters are an ordinary word, shouted (``JAMAIS``, ``TOUS``)."""
    from simplemma import is_known

    return (len(term) > _GENERAL and is_known(term.lower(), lang="fr")) or term in _SHOUTED


# Words that the dictionary of lemmas leaves out because they never change.
_SHOUTED = frozenset(
    "NE PAS NON OUI LE LA LES DE DU DES UN UNE ET OU EN AU AUX SI QUI QUE TOP VU SUR JAMAIS AVEC SANS MAIS DONC "
    "TRES ICI NOUS VOUS CHEZ POUR DANS PAR SOUS SUR CAR NI ON IL ELLE ILS ELLES JE TU SES MES TES NOS VOS DEUX "
    "TROIS CINQ SIX SEPT HUIT NEUF DIX HIER DEMAIN ALORS AUSSI ENFIN MOINS PLUS TOUT TOUS RIEN TROP BRAVO HELLO "
    "HOP NOM PRENOM DATE LIEU TEL MAIL OBJET URGENT INFO STOP".split()
)


def _fold(term: str) -> str:
    return fold(term).strip()
