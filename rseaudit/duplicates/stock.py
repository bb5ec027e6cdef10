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
if you have any(?: further)? questions?
thank you(?: very much)? for your (?:understanding|attention|help|patience|cooperation)
(?:best|kind|warm) regards
(?:i )?look forward to hearing from you
have a (?:nice|great|good) (?:day|week|weekend)
"""
_STOCK = re.compile(r"(?<![^ ])(?:" + "|".join(_PHRASES.split("\n")[1:-1]) + r")(?![^ ])")


def flags(forms: Sequence[str]) -> NDArray[np.bool_]:
    """Flag the words that belong to a stock phrase; ``forms`` are normalised words."""
    flagged = np.zeros(len(forms), dtype=np.bool_)
    joined = " ".join(forms)
    counted = place = 0
    for match in _STOCK.finditer(joined):
        counted += joined.count(" ", place, match.start())
        place = match.start()
        flagged[counted : counted + match.group().count(" ") + 1] = True
    return flagged
