"""What a reader needs in order to act: somebody to ask, a date, something to do.

The searches are generous: a content is said to lack one only when nothing looks like it.
"""

from __future__ import annotations

import re

from rseaudit.audience.dates import days
from rseaudit.audience.reading import Reading

_CONTACT = re.compile(
    r"\w@[\w-]+\.\w|(?<!\w)@\w|(?<!\d)(?:0|\+33 ?\(?0?\)? ?)[1-9](?:[ .-]?\d\d){4}(?!\d)"
    r"|(?<!\w)(?:contact\w*|joindre|joignez|joignable\w*|appel(?:ez|er|le)|tel(?:ephon\w*)?|ecri(?:vez|re) (?:a|au)"
    r"|mail\w*|courriel\w*|messagerie|aupres|adress(?:ez|er)|s'adresser|interlocut\w+|correspondant\w*|referente?s?"
    r"|assistance|support|guichet|permanence|standard|hotline|poste \d+|(?:au|le|composez le) \d{4}|rapproche\w*"
    r"|voir avec|(?:votre|ton|vos) (?:manager|responsable|gestionnaire|parrain|chef)\w*|sollicite[rz]?|demande[rz]"
    r"|signale[rz])(?!\w)"
)
_DATE = re.compile(
    r"(?<!\w)(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|janvier|fevrier|mars|avril|mai|juin|juillet|aout"
    r"|septembre|octobre|novembre|decembre|aujourd'hui|demain|hier|printemps|automne|hiver|trimestre|semestre|rentree"
    r"|immediat\w*|(?:19|20)\d\d|\d{1,2} ?h(?:\d\d)?|\d{1,2}/\d{1,2}|des (?:maintenant|a present)|sans delai"
    r"|sous \d+ \w+"
    r"|(?:cette|chaque|la|toutes les) (?:semaines?|annees?|jours?|mois)|(?:ce|chaque|le|tous les) (?:mois|jours?)"
    r"|permanente?|sans date limite|sans echeance|toute l'annee|a tout moment)(?!\w)"
)
_ACTION = re.compile(
    r"(?<!\w)(?:merci d|veuillez|priere d|il (?:faut|faudra|convient|suffit|est (?:demande|obligatoire|necessaire))"
    r"|(?:vous|nous|on|tu) (?:devr?\w*|doi\w+|pouv\w+|peu\w+|invit\w+|propos\w+|demand\w+)|doi(?:t|vent)"
    r"|devr(?:a|ont)|a (?:faire|retenir|remplir|completer|lire|signer|consulter|telecharger|transmettre"
    r"|renvoyer|noter|reserver)"
    r"|inscri\w+|rendez-vous|nous vous (?:invitons|remercions|demandons)|n'hesite\w*|pense[zs]?|oublie[zs]?"
    r"|clique[zr]?|obligatoire\w*|interdit\w*)(?!\w)"
)
# An imperative in -ez: at the head of a clause, no pronoun before it.
_IMPERATIVE = re.compile(r"(?<!vous )(?<!\w)(?!chez\b|assez\b|nez\b|rez\b)[a-z]{2,}ez(?:-\w+)?(?!\w)")
# Instructions in the infinitive, or in the familiar imperative, open a line or a sentence.
_INSTRUCTION = re.compile(
    r"(?:^|[.!:;]\s|\n)[\s\d.)•*–-]*(?:ne pas |n'|toujours )?"
    r"[a-z]{2,}(?:er|ir|re|oir|s-le|e-le|s-toi|e-toi|e-moi)(?!\w)"
)


def has_contact(reading: Reading) -> bool:
    """Tell whether somebody or some service can be asked."""
    return _CONTACT.search(reading.normalised.text) is not None


def has_date(reading: Reading) -> bool:
    """Tell whether the text says when, in any way."""
    text = reading.normalised.text
    return _DATE.search(text) is not None or next(days(text), None) is not None


def has_action(reading: Reading) -> bool:
    """Tell whether the text says what to do: an imperative, an obligation, a request, an instruction."""
    text = reading.normalised.text
    return any(pattern.search(text) is not None for pattern in (_ACTION, _IMPERATIVE, _INSTRUCTION))
