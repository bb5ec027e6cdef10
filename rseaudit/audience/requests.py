"""Ways in which a French text tells its reader what to do.

An imperative, formal or familiar; an obligation; a request; an instruction in the infinitive; a rule
in the present tense about whoever does the work (« le vendeur vérifie la référence »); something
that somebody is looked for to do.
"""

from __future__ import annotations

import re
from functools import lru_cache

from rseaudit.audience.reading import Reading
from rseaudit.audience.tense import sentence_around, tells_the_past

_INFINITIVE = (
    r"(?!(?:votre|notre|autre|titre|terre|metre|lettre|centre|cadre|ordre|chiffre|janvier|fevrier|premier|dernier|hier"
    r"|entre|contre|outre|encore|derriere|soir|hiver|mer|pair|air|loisir|avenir|noir)(?!\w))[a-z]{2,}(?:er|ir|re|oir)"
)
_SAID = re.compile(
    r"(?<!\w)(?:merci d|veuillez|priere d|il (?:faut|faudra|convient|suffit|importe|vaut mieux"
    r"|est (?:demande|obligatoire|necessaire|conseille|recommande|preferable|interdit|important|inutile))"
    r"|(?:vous|nous|on|tu) (?:devr?\w*|doi\w+|pouv\w+|pourr\w+|peu[xt]\w*|invit\w+|propos\w+|demand\w+|recommand\w+"
    r"|deconseill\w+|encourag\w+|rappel\w+|remerci\w+)|doi(?:t|vent)"
    r"|devr(?:a|ont|aient|ait)|peu(?:t|vent) etre|a noter|a retenir"
    r"|(?:nous|on|je) (?:vous |te )?(?:cherch|recherch|recrut|souhait|attend)\w+|compt(?:e|ons) sur (?:vous|toi)"
    r"|(?:est|sont|sera|seront|etes|es) (?:[a-z]+ ){0,2}(?:attendu|souhaite|requi|exige|prie|invite|bienvenu|convie)\w*"
    # « vous veillerez à », « les demandes sont adressées au », « la demande se fait auprès de »
    r"|vous (?!serez|aurez|recevrez|verrez|trouverez|saurez|beneficierez|decouvrirez)(?:[a-z]+ )?[a-z]+rez"
    r"|(?:est|sont) (?:adress|envoy|transm|depos|remis|saisi|remplac|soum)\w+ (?:a|au|aux|sur|dans|par|aupres|en)"
    r"|s'(?:effectu|adress|inscri|obtien|achet|utilis)\w+ (?:par|au|aux|sur|dans|aupres|en|avec|a|chez)"
    r"|se (?:fait|font|demande|reserve|remplace|prend|effectue|depose|saisi|retir|comman|demand|prenn)\w*"
    r" (?:par|au|aux|sur|dans|aupres|en|avec|a|chez|uniquement|directement)"
    r"|(?:un|une) (?:simple )?[a-z]+ suffi(?:t|ra)|a vous de|a toi de|a nous de"
    r"|inscri\w+|rendez-vous|n'hesite\w*|pense[zs]?|oublie[zs]?"
    r"|clique[zr]?|obligatoire\w*|interdit\w*|imperati\w+|s'engagent? a|ont l'obligation)(?!\w)"
)
# « les souhaits sont à saisir », « dossier à renvoyer », « bon à m'envoyer ».
_TO_DO = re.compile(
    rf"(?<!\w)(?:est|sont|sera|seront|reste|restent) (?:donc |aussi |toujours |bien )?a"
    rf" (?:m'|me |nous |lui |y |ne pas )?{_INFINITIVE}(?!\w)"
    r"|(?<!\w)a (?:m'|me |nous |lui |y |faire )?(?:faire|retenir|remplir|completer|lire|signer|consulter|telecharger"
    r"|transmettre|envoyer|renvoyer|noter|reserver|saisir|adresser|retourner|remettre|rendre|apporter|prevoir|deposer"
    r"|verifier|conserver|appliquer|respecter)(?!\w)"
)
# An imperative in -ez: no pronoun before it.
_IMPERATIVE = re.compile(r"(?<!vous )(?<!\w)(?!chez\b|assez\b|nez\b|rez\b)[a-z]{2,}ez(?:-\w+)?(?!\w)")
# Instructions in the infinitive, or with a pronoun after the verb, open a line, a sentence or a clause.
_OPENING = r"(?:^|[.!?:;(]\s|\n)[\s\d.)•*–-]*(?:et |puis |alors |ensuite |enfin |d'abord |sinon )?"
_INSTRUCTION = re.compile(rf"{_OPENING}(?:ne pas |n'|toujours |bien )?{_INFINITIVE}(?!\w)")
_WITH_PRONOUN = re.compile(
    r"(?<![\w'-])(?!celles?|ceux|celui|jusque|quant|chez|voi|par|as|es)[a-z]{1,}[aes](?:-l[aes]s?)?-"
    r"(?:moi|toi|nous|le|les|y|en|lui)(?![\w-])"
)
# The familiar imperative looks like other forms; a verb must open the clause and something must follow it.
_FAMILIAR = re.compile(
    r"(?:^|[.!?:;,(]\s|\n)[\s\d.)•*–-]*(?:et |puis |alors |ensuite |ne |n')?([^\W\d_]{2,})"
    r"(?=-| (?:ton|ta|tes|le|la|les|un|une|des|du|de|à|au|aux|en|y|bien|vite|toujours|jamais|pas|ce|cette|ces|sur|dans"
    r"|par|chez|avant|tout|tous|plutôt|vers)\b| [dl]')"
)
_TU = re.compile(r"(?<![\w'])(?:tu|toi|te|ton|ta|tes|t'[a-z])")
_ROLE = (
    r"(?:salarie|collaborat(?:eur|rice)|agent|technicien(?:ne)?|vendeu(?:r|se)|responsable|manager|cheff?e?|chauffeur"
    r"|conduct(?:eur|rice)|operat(?:eur|rice)|utilisat(?:eur|rice)|usager|demandeur|candidat|titulaire|visiteur"
    r"|participant|membre|personne|equipe|service|agence|site|comptoir|atelier|parent|client|locataire|tuteur|stagiaire"
    r"|apprenti|alternant|eleve|adherent|redact(?:eur|rice)|animat(?:eur|rice)|correspondant|employeur|assure|developpeur"
    r"|surveillant|secretaire)e?"
)
# In the present tense these state what whoever is meant has to do.
_RULE = re.compile(
    rf"(?<!\w)(?:chaque|tout|toute) (?:nouvel(?:le)? |autre )?{_ROLE}(?!\w)"
    r"|(?<!\w)chacune?(?!\w)|(?<!\w)tout le monde(?!\w)"
    rf"|(?<!\w)(?:personne|nul|aucune? {_ROLE}) ne (?!l[ae]|se?)"
    rf"|(?:^|[.!?;]\s|\n)\s*(?:le|la|l')\s?{_ROLE}(?!\w)"
)


def asks_something(reading: Reading) -> bool:
    """Tell whether the text says what to do. Presence is judged, never usefulness."""
    text = reading.normalised.text
    patterns = (_SAID, _TO_DO, _IMPERATIVE, _INSTRUCTION, _WITH_PRONOUN)
    return any(pattern.search(text) is not None for pattern in patterns) or _commands(reading) or _rules(reading)


def _commands(reading: Reading) -> bool:
    """Tell whether a text that says *tu* has a familiar imperative: « apporte ta carte »."""
    if _TU.search(reading.normalised.text) is None:
        return False
    written = reading.text.lower().replace("’", "'").replace("\u00a0", " ")
    return any(_is_verb(match.group(1)) for match in _FAMILIAR.finditer(written))


def _rules(reading: Reading) -> bool:
    text = reading.normalised.text
    return any(
        not tells_the_past(reading, *sentence_around(text, match.start(), match.end()))
        for match in _RULE.finditer(text)
    )


@lru_cache(maxsize=4096)
def _is_verb(form: str) -> bool:
    from simplemma import lemmatize

    return form in _VERBS or (
        (lemma := lemmatize(form, lang="fr")) != form
        and lemma.endswith(("er", "ir", "re", "oir"))
        and form[-1] in "esax"
    )


# Imperatives that the dictionary of lemmas takes for nouns.
_VERBS = frozenset(
    "pose garde note demande marche mets porte compte commence trouve change coupe range montre profite signe forme "
    "aide fête passe visite poste reste soigne charge sois aie écoute".split()
)
