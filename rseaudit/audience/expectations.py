"""What a reader needs in order to act: somebody to ask, a date, something to do.

The searches are generous: a content is said to lack one only when nothing looks like it.
"""

from __future__ import annotations

import re

from rseaudit.audience.dates import days
from rseaudit.audience.reading import Reading
from rseaudit.audience.requests import asks_something

_PEOPLE = (
    r"(?:manager\w*|responsables?|gestionnaires?|parrains?|marraines?|cheff?e?s?|tut(?:eur|rice)s?|directions?|directeurs?"
    r"|directrices?|animat(?:eur|rice)s?|referente?s?|secretaires?|administrat(?:eur|rice)s?|conseill(?:er|ere)s?)"
)
_SERVICE = (
    r"(?:d\w{0,2}[' ])?(?:la |l')?(?:personnel|paie|formation|achats?|informatique|clients?|comptab\w+|communication|rh"
    r"|ressources humaines|juridique|logistique|maintenance|securite|social\w*|medical|qualite|scolarite|education"
    r"|technique|etat civil|urbanisme|jeunesse|courrier)"
)
_CONTACT = re.compile(
    r"\w@[\w-]+\.\w|(?<!\w)@\w|(?<!\d)(?:0|\+33 ?\(?0?\)? ?)[1-9](?:[ ./-]?\d\d){4}(?!\d)"
    r"|(?<!\w)(?:contact\w*|joindre|joignez|joignable\w*|appel(?:ez|er|le)|tel(?:ephon\w*)?|ecri(?:vez|re) (?:a|au)"
    r"|e?-?mails?|mailing|courriels?|messagerie|aupres|adress(?:ez|er|ee?s?)|s'adresser|interlocut\w+|correspondante?s?"
    r"|referente?s?|assistance|support|guichets?|permanences?|standard|hotline|helpdesk|secretariat|mairie"
    r"|poste \d+|(?:au|le|composez le) \d{4}|rapproche\w*|voir avec|sollicite[rz]?|demande[rz]|signale[rz]"
    r"|ressources humaines de|centre de services|mon numero|numero vert|listes? de (?:diffusion|discussion)|forums?"
    r"|en commentaires?|dans les commentaires|canal irc|bureau \d+"
    r"|(?:votre|ton|vos|tes|(?:a|avec|aupres de|par|de)"
    rf" (?:l'|la |le |les |leurs? |son |sa |mon |ma |notre )) ?{_PEOPLE}"
    rf"|(?:au|aux|du|le|les|votre|notre|par le|aupres du) services? {_SERVICE})(?!\w)"
)
# Whoever writes in the first person and turns to the reader can be answered: the platform names the author.
_AUTHOR = re.compile(
    r"(?<![\w'])(?:(?!chez|quant|envers)[a-z]{2,}(?:-l[aes]+)?-(?:moi|nous)(?!\w)"
    r"|(?:me|nous) (?:voir|rejoindre|retrouver|parler|ecrire|joindre|dire|signaler|envoyer|transmettre|demander|faire)"
    r"|m'(?:appel|ecri|envo|adress|en parl)\w+|je (?:vous|te|t')"
    r"|je (?:reponds|repondrai|suis (?:preneu|a (?:votre|ta)))"
    r"|nous vous (?:aid|repond|accompagn|recev|accueill)\w+)"
)
# « envoyez-la à Maud », « pose tes questions à Karim »: in the text as written, where names have capitals.
_NAMED = re.compile(
    r"(?:[Ee]nvo[iy]|[Tt]ransm|[Rr]em[ei]t|[Pp]os|[Pp]arl|[Dd]emand|[Ss]ignal|[Dd]it|[Éé]cri|[Cc]onfi|[Rr]acont|[Dd]onn"
    r"|[Rr]épon|[Vv]oi|[Vv]oy|[Ii]nscri)[\w’'-]*(?: [\w’'-]+){0,4}? (?:à|avec|chez|auprès de|auprès d['’]) ?"
    r"(?:M\. |Mme |M\u00a0|le |la )?[A-ZÉÈ][\w-]+"
    r"|[Dd]emande[rz]? [A-ZÉÈ]\w+"
)
_DATE = re.compile(
    r"(?<!\w)(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|janvier|fevrier|mars|avril|mai|juin|juillet|aout"
    r"|septembre|octobre|novembre|decembre|aujourd'hui|demain|hier|printemps|automne|hiver|trimestre|semestre|rentree"
    r"|immediat\w*|(?:19|20)\d\d|\d{1,2} ?h(?:\d\d)?|\d{1,2}/\d{1,2}|des (?:maintenant|a present)|sans delai"
    r"|sous \d+ \w+"
    r"|(?:cette|chaque|la|toutes les) (?:semaines?|annees?|jours?|mois)|(?:ce|chaque|le|tous les) (?:mois|jours?)"
    r"|permanente?|sans date limite|sans echeance|toute l'annee|a tout moment)s?(?!\w)"
)
_CONTACT_TARGETS = ("mailto:", "tel:", "sip:", "xmpp:")


def has_contact(reading: Reading) -> bool:
    """Tell whether somebody or some service can be asked; an author who says "I" to the reader is somebody."""
    text = reading.normalised.text
    return (
        any(pattern.search(text) is not None for pattern in (_CONTACT, _AUTHOR))
        or _NAMED.search(reading.text) is not None
        or any(target.lower().startswith(_CONTACT_TARGETS) for target in reading.targets)
    )


def has_date(reading: Reading) -> bool:
    """Tell whether the text says when, in any way."""
    text = reading.normalised.text
    return _DATE.search(text) is not None or next(days(text), None) is not None


def has_action(reading: Reading) -> bool:
    """Tell whether the text says what to do, in any of the ways of ``requests``."""
    return asks_something(reading)
