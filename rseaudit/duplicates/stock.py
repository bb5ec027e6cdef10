"""Recognise stock phrases of working life: two people who write them copied nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

# Patterns over normalised words joined by spaces: no accent, elisions apart. One line a turn.
_PHRASES = r"""
n hesitez (?:surtout )?pas a (?:me |nous |le |la |les |vous )?\w+(?: vers (?:moi|nous))?
(?:merci|veuillez|vous pouvez)(?: de)? (?:me |nous |vous )(?:contacter|joindre|ecrire|solliciter|rapprocher)
pour (?:tou(?:te)?s? |plus d |de plus amples )(?:autres? )?(?:questions?|renseignements?|informations?|precisions?)
(?:questions?|renseignements?|informations?) (?:complementaires?|supplementaires?)
(?:je|nous) (?:reste|restons|me tiens|nous tenons)(?: \w+){0,3} a (?:votre|ta|vos) (?:entiere )?disposition
a (?:votre|ta) (?:entiere )?disposition pour (?:tout|toute|toutes|tous|plus d) (?:autres? )?\w+
(?:je |nous )?(?:vous )?(?:merci|remercie|remercions)(?: (?:par avance|d avance|beaucoup|vivement))?
(?:de|pour) (?:votre|vos) (?:comprehension|attention|retours?|aide|participation|collaboration|confiance|patience)
(?:de|pour) (?:votre|vos) (?:implication|mobilisation|interet|reponses?|cooperation|disponibilite)
(?:bien |tres )?(?:cordialement|sincerement|amicalement|respectueusement)(?: a (?:vous|tous|toutes))?
(?:je vous prie d|nous vous prions d|veuillez) (?:agreer|recevoir|accepter|croire)(?: \w+){0,9} salutations
(?:l expression de )?(?:mes|nos) (?:salutations?|sentiments?|respects)(?: les (?:meilleure?s|plus \w+)| distinguee?s)?
dans l attente de (?:votre|vous|ta|vos) (?:retours?|reponses?|lire|rencontrer|revoir)
(?:bonjour|bonsoir|chers?|cheres?)(?: (?:a|et|toutes|tous|cheres?|chers?|collegues?)){1,7}
(?:une )?(?:tres )?(?:bonne|excellente|belle|agreable) (?:journee|soiree|semaine|lecture|annee|reprise|rentree|suite)
a toutes et (?:a )?tous
comme (?:vous le savez|evoque|convenu|indique|annonce)(?: deja| tous| precedemment)?
(?:j ai|nous avons) le plaisir de vous (?:annoncer|informer|presenter|faire part|proposer|convier|inviter)
(?:nous|je) vous (?:informons|informe|rappelons|rappelle|invitons|invite) (?:que|a|de)
veuillez trouver (?:ci jointe?s?|en piece jointe|ci dessous|ci apres)
en vous (?:remerciant|souhaitant)(?: par avance| d avance)?
(?:de |pour )?(?:la gene occasionnee|les desagrements occasionnes|ces? desagrements?)
(?:nous vous prions|veuillez|merci) de (?:bien vouloir )?(?:nous )?excuser
(?:je|nous) vous (?:en )?(?:souhaite|souhaitons)
please (?:do not hesitate to|feel free to) contact (?:me|us)
(?:toute l equipe |nous )?(?:se joint|nous joignons) (?:a moi )?pour vous (?:souhaiter|presenter)
(?:a vous|a toutes et a tous) et a (?:tous )?vos (?:proches|familles)
(?:une|voeux d une) (?:tres )?(?:bonne|belle|heureuse|excellente)(?: et \w+)? (?:nouvelle )?annee(?: \d{4})?
(?:en cas d (?:urgence|incendie|accident) )?(?:composez|appelez|faites)(?: le (?:15|17|18|112|114)(?: ou| et)?){1,4}
(?:merci|nous vous remercions|veuillez) (?:de )?(?:bien vouloir )?(?:completer|remplir|renseigner|retourner|signer)
(?:le|la|ce|cette) (?:formulaire|questionnaire|document|bulletin|coupon|fiche) ci (?:jointe?|dessous|apres)
(?:et )?(?:de )?(?:nous |me )(?:le |la |les )?(?:retourner|renvoyer|faire parvenir)(?: avant(?: le)?(?: \w+){1,3})?
(?:(?:du |le |les |au |a |et |de |d |entre )*(?:{DAY}|{HOUR})(?: |(?![^ ]))){3,}(?<=\w)
if you have any(?: further)? questions?
thank you(?: very much)? for your (?:understanding|attention|help|patience|cooperation)
(?:best|kind|warm) regards
(?:i )?look forward to hearing from you
have a (?:nice|great|good) (?:day|week|weekend)
"""
_DAY = r"(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|midi|minuit)s?"
_HOUR = (
    r"(?:\d{1,2}|sept|huit|neuf|dix(?: sept| huit| neuf)?|onze|douze|treize|quatorze|quinze|seize|vingt)"
    r" h(?:eures?)?(?: \d\d)?"
)
_LINES = _PHRASES.replace("{DAY}", _DAY).replace("{HOUR}", _HOUR).split("\n")[1:-1]
# The space before is matched, not looked behind for: words begin at spaces, and those are found fast.
_STOCK = re.compile(r" (?:" + "|".join(_LINES) + r")(?![^ ])")


def flags(forms: Sequence[str]) -> NDArray[np.bool_]:
    """Flag the words that belong to a stock phrase; ``forms`` are normalised words."""
    flagged = np.zeros(len(forms), dtype=np.bool_)
    joined = " " + " ".join(forms)
    counted = place = 0
    for match in _STOCK.finditer(joined):
        counted += joined.count(" ", place, match.start())
        place = match.start()
        flagged[counted : counted + match.group().rstrip(" ").count(" ")] = True
    return flagged
