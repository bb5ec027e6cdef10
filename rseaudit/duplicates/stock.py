"""Recognise stock phrases of working life: two people who write them copied nothing."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from rseaudit.duplicates.columns import Flags, Ints, Keys
from rseaudit.duplicates.cutting import hashed

# Two lines a turn: words one of which it holds, and a pattern over normalised words joined by spaces (no accent,
# elisions apart). Words before ``>`` are common ones, so that one of those behind it must follow at once;
# ``mot(s)`` stands for two words.
_PHRASES = r"""
hesitez
  n hesitez (?:surtout )?pas a (?:me |nous |le |la |les |vous )?\w+(?: vers (?:moi|nous))?
me nous vous > contacter joindre ecrire solliciter rapprocher
  (?:merci|veuillez|vous pouvez)(?: de)? (?:me |nous |vous )(?:contacter|joindre|ecrire|solliciter|rapprocher)
tou(s) toute(s) d amples autre(s) > question(s) renseignement(s) information(s) precision(s)
  pour (?:tou(?:te)?s? |plus d |de plus amples )(?:autres? )?(?:questions?|renseignements?|informations?|precisions?)
question(s) renseignement(s) information(s) > complementaire(s) supplementaire(s)
  (?:questions?|renseignements?|informations?) (?:complementaires?|supplementaires?)
votre ta vos entiere > disposition
  (?:je|nous) (?:reste|restons|me tiens|nous tenons)(?: \w+){0,3} a (?:votre|ta|vos) (?:entiere )?disposition
votre ta entiere > disposition
  a (?:votre|ta) (?:entiere )?disposition pour (?:tout|toute|toutes|tous|plus d) (?:autres? )?\w+
merci remercie remercions
  (?:je |nous )?(?:vous )?(?:merci|remercie|remercions)(?: (?:par avance|d avance|beaucoup|vivement))?
votre vos > comprehension attention retour(s) aide participation collaboration confiance patience
  (?:de|pour) (?:votre|vos) (?:comprehension|attention|retours?|aide|participation|collaboration|confiance|patience)
votre vos > implication mobilisation interet reponse(s) cooperation disponibilite
  (?:de|pour) (?:votre|vos) (?:implication|mobilisation|interet|reponses?|cooperation|disponibilite)
cordialement sincerement amicalement respectueusement
  (?:bien |tres )?(?:cordialement|sincerement|amicalement|respectueusement)(?: a (?:vous|tous|toutes))?
salutations
  (?:je vous prie d|nous vous prions d|veuillez) (?:agreer|recevoir|accepter|croire)(?: \w+){0,9} salutations
mes nos > salutation(s) sentiment(s) respects
  (?:l expression de )?(?:mes|nos) (?:salutations?|sentiments?|respects)(?: les (?:meilleure?s|plus \w+)| distinguee?s)?
l > attente
  dans l attente de (?:votre|vous|ta|vos) (?:retours?|reponses?|lire|rencontrer|revoir)
bonjour bonsoir cher(s) chere(s)
  (?:bonjour|bonsoir|chers?|cheres?)(?: (?:a|et|toutes|tous|cheres?|chers?|collegues?)){1,7}
bonne excellente belle agreable > journee soiree semaine lecture annee reprise rentree suite
  (?:une )?(?:tres )?(?:bonne|excellente|belle|agreable) (?:journee|soiree|semaine|lecture|annee|reprise|rentree|suite)
et a > tous
  a toutes et (?:a )?tous
le comme > savez evoque convenu indique annonce
  comme (?:vous le savez|evoque|convenu|indique|annonce)(?: deja| tous| precedemment)?
le > plaisir
  (?:j ai|nous avons) le plaisir de vous (?:annoncer|informer|presenter|faire part|proposer|convier|inviter)
vous > informons informe rappelons rappelle invitons invite
  (?:nous|je) vous (?:informons|informe|rappelons|rappelle|invitons|invite) (?:que|a|de)
veuillez > trouver
  veuillez trouver (?:ci jointe?s?|en piece jointe|ci dessous|ci apres)
vous > remerciant souhaitant
  en vous (?:remerciant|souhaitant)(?: par avance| d avance)?
gene desagrements ce(s) > occasionnee occasionnes desagrement(s)
  (?:de |pour )?(?:la gene occasionnee|les desagrements occasionnes|ces? desagrements?)
de vouloir nous > excuser
  (?:nous vous prions|veuillez|merci) de (?:bien vouloir )?(?:nous )?excuser
vous en > souhaite souhaitons
  (?:je|nous) vous (?:en )?(?:souhaite|souhaitons)
please
  please (?:do not hesitate to|feel free to) contact (?:me|us)
se nous > joint joignons
  (?:toute l equipe |nous )?(?:se joint|nous joignons) (?:a moi )?pour vous (?:souhaiter|presenter)
vos > proches familles
  (?:a vous|a toutes et a tous) et a (?:tous )?vos (?:proches|familles)
annee
  (?:une|voeux d une) (?:tres )?(?:bonne|belle|heureuse|excellente)(?: et \w+)? (?:nouvelle )?annee(?: \d{4})?
le > 15 17 18 112 114
  (?:en cas d (?:urgence|incendie|accident) )?(?:composez|appelez|faites)(?: le (?:15|17|18|112|114)(?: ou| et)?){1,4}
merci remercions veuillez de vouloir > completer remplir renseigner retourner signer
  (?:merci|nous vous remercions|veuillez) (?:de )?(?:bien vouloir )?(?:completer|remplir|renseigner|retourner|signer)
formulaire questionnaire document bulletin coupon fiche > ci
  (?:le|la|ce|cette) (?:formulaire|questionnaire|document|bulletin|coupon|fiche) ci (?:jointe?|dessous|apres)
nous me le(s) la faire > retourner renvoyer parvenir
  (?:et )?(?:de )?(?:nous |me )(?:le |la |les )?(?:retourner|renvoyer|faire parvenir)(?: avant(?: le)?(?: \w+){1,3})?
lundi(s) mardi(s) mercredi(s) jeudi(s) vendredi(s) samedi(s) dimanche(s) midi(s) minuit(s) h heure(s)
  (?:(?:du |le |les |au |a |et |de |d |entre )*(?:{DAY}|{HOUR})(?: |(?![^ ]))){3,}(?<=\w)
you > have
  if you have any(?: further)? questions?
thank
  thank you(?: very much)? for your (?:understanding|attention|help|patience|cooperation)
best kind warm > regards
  (?:best|kind|warm) regards
look > forward
  (?:i )?look forward to hearing from you
nice great good > day week weekend
  have a (?:nice|great|good) (?:day|week|weekend)
"""
_DAY = r"(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|midi|minuit)s?"
_HOUR = (
    r"(?:\d{1,2}|sept|huit|neuf|dix(?: sept| huit| neuf)?|onze|douze|treize|quatorze|quinze|seize|vingt)"
    r" h(?:eures?)?(?: \d\d)?"
)
_LINES = _PHRASES.replace("{DAY}", _DAY).replace("{HOUR}", _HOUR).split("\n")[1:-1]
_HINTS, _PATTERNS = _LINES[::2], tuple(line.strip() for line in _LINES[1::2])
# The space before is matched, not looked behind for: words begin at spaces, and those are found fast.
_STOCK = re.compile(r" (?:" + "|".join(_PATTERNS) + r")(?![^ ])")


# A word that needs no other one before it.
_ALONE = np.uint64(1 << 63)
_PREFIX = np.uint64(48)


@dataclass(frozen=True, slots=True, eq=False)
class _Words:
    """Keys of words in order, and one bit for each turn that has the word; ``prefixes`` flags their upper 16 bits."""

    keys: Keys
    turns: Keys
    prefixes: Flags

    @classmethod
    def of(cls, turns: Mapping[str, int]) -> _Words:
        words = sorted(turns)
        keys = hashed([words]).keys
        order = np.argsort(keys)
        prefixes = np.zeros(1 << 16, dtype=np.bool_)
        prefixes[keys >> _PREFIX] = True
        return cls(keys[order], np.array([turns[word] for word in words], dtype=np.uint64)[order], prefixes)

    def turns_of(self, keys: Keys) -> Keys:
        places = np.searchsorted(self.keys, keys)
        places[places == len(self.keys)] = 0
        return np.where(self.keys[places] == keys, self.turns[places], np.uint64(0))


@lru_cache(maxsize=1)
def _hint_words() -> tuple[_Words, _Words]:
    """Return the words that come before another one, and those that follow or stand alone."""
    before: defaultdict[str, int] = defaultdict(int)
    after: defaultdict[str, int] = defaultdict(int)
    for number, line in enumerate(_HINTS):
        first, found, second = re.sub(r"(\w+)\(s\)", r"\1 \1s", line).partition(">")
        for word in first.split():
            (before if found else after)[word] |= 1 << number if found else int(_ALONE)
        for word in second.split():
            after[word] |= 1 << number
    return _Words.of(before), _Words.of(after)


def hints(keys: Keys, since: int = 0) -> Ints:
    """Return the numbers of the words that tell of a stock phrase: where there is none, ``flags`` flags nothing.

    The phrase begins and ends somewhere around it. ``keys`` are those of words in a row, as in ``cutting.Cut``; told
    are those from number ``since`` on.
    """
    before, after = _hint_words()
    near = np.flatnonzero(after.prefixes[keys[since:] >> _PREFIX]) + since
    turns = before.turns_of(keys[np.maximum(near, 1) - 1]) | _ALONE
    return np.compress(turns & after.turns_of(keys[near]) != 0, near)


def flags(forms: Sequence[str]) -> Flags:
    """Flag the words that belong to a stock phrase; ``forms`` are normalised words."""
    flagged = np.zeros(len(forms), dtype=np.bool_)
    joined = " " + " ".join(forms)
    counted = place = 0
    for match in _STOCK.finditer(joined):
        counted += joined.count(" ", place, match.start())
        place = match.start()
        flagged[counted : counted + match.group().rstrip(" ").count(" ")] = True
    return flagged
