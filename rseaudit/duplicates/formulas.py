"""Recognise passages made of formulas: automatic mails, invitations, regrets, condolences, calendars.

``stock`` sets aside phrases before texts are compared. Here a passage that was found is looked at as
a whole, so longer formulas have their place, and nothing that is kept of a text depends on them.
"""

from __future__ import annotations

import re
from functools import lru_cache

from rseaudit.text import fold, forms

# Patterns over normalised words joined by spaces: no accent, elisions apart. One line a turn.
_PHRASES = r"""
(?:ceci|c|cela|il s agit)(?: est| d)? (?:un |une )?(?:message|courriel|e? ?mail|notification|reponse) automatique
(?:ce|cet|cette) (?:message|courriel|e? ?mail|notification) (?:est|a ete) (?:genere|envoye)e? automatiquement
(?:merci|veuillez|priere|nous vous prions) de ne pas (?:y )?repondre(?: (?:directement )?a(?: \w+){1,3})?
(?:this is an automatic(?:ally generated)?|this) (?:message|e? ?mail)(?: (?:was|is) (?:sent|generated) automatically)?
(?:please )?do not reply(?: to this (?:message|e mail|mail))?
(?:si vous rencontrez|si vous avez|en cas de)(?: \w+){0,2} (?:difficultes?|problemes?|questions?|doutes?|anomalies?)
(?:merci de )?(?:contacte[rz]|adressez vous a|(?:vous )?rapproche[rz](?: vous)? d[eu]|ecrivez a)(?: \w+){1,4}
(?:en raison|du fait|a la suite|compte tenu) d (?:un|une|e)(?: trop)?(?: \w+)? (?:nombre|indisponibilite|manque)
(?:insuffisante? |trop faible |limite )?d (?:inscriptions|inscrits|inscrites|participants|participantes|places)
(?:nous (?:sommes|avons)|je suis|j ai) (?:au|le) regret de (?:vous )?(?:informer|annoncer|faire part)(?: d[eu]| que)?
(?:cet|cette|ce|l|la|le) (?:evenement|reunion|formation|session|seance|atelier|rendez vous|manifestation|animation)
(?:est|sont|a ete|ont ete|sera|seront) (?:donc )?(?:reporte|annule|decale|deplace|repousse)e?s?
a une (?:date )?(?:ulterieure|date ulterieure|nouvelle date)(?: qui(?: \w+){1,5})?
c est avec(?: \w+){1,4} (?:tristesse|emotion|peine|regret|douleur|joie|plaisir|fierte) que
(?:nous avons|j ai) (?:appris|la tristesse|l immense tristesse)|(?:nous|je) vous (?:faisons|fais) part
(?:de la|du|le|la) (?:deces|disparition|depart)(?: (?:brutale?|soudaine?))?(?: d[eu])?(?: (?:notre|votre|nos|mon|ma))?
(?:chere? |anciens? |anciennes? )?(?:collegues?|amie?s?|collaborateurs?|collaboratrices?)
(?:toutes )?(?:nos|mes) pensees(?: \w+){0,2} (?:vont|accompagnent|se tournent)(?: vers| a)?
(?:a |vers )?(?:sa|leur|la|ses|leurs) (?:famille|proches)(?: et (?:a )?ses (?:proches|enfants|amis))?
(?:nous|je) (?:leur |lui )?(?:adressons|presentons|presente|adresse)(?: \w+){0,3} condoleances
(?:nous (?:avons|aurons)|j ai|c est avec) (?:le |grand )?plaisir (?:de|que nous) vous (?:inviter|convier|invitons)
a (?:partager|participer|assister|vous joindre)(?: a| autour d)?
(?:d )?un (?:moment|temps|verre|cafe|pot|buffet|cocktail|petit dejeuner)(?: convivial| de convivialite| d echange)?
autour d un (?:verre|cafe|pot|buffet|cocktail|petit dejeuner|repas|gouter)(?: de l amitie)?
(?:(?:nous )?(?:vous )?(?:attendons|esperons)(?: \w+)?|venez) nombreu(?:x|ses)(?: et nombreu(?:x|ses))?
(?:au plaisir de|dans l attente de) (?:vous|nous) (?:y )?(?:retrouver|voir|rencontrer|compter parmi nous)(?: nombreux)?
(?:dans la limite des|le nombre de) places (?:disponibles|est limitee?s?)|places limitees|inscription obligatoire
(?:cher(?: e s)?|chers|cheres?)(?: (?:et |a )?(?:chers|cheres|toutes|tous|collegues|collaborateurs|amis)){1,4}
(?:nous |je )?(?:lui|leur|vous) souhait(?:ons|e)(?: \w+){0,4} (?:bienvenue|succes|reussite|retraite|retablissement)
(?:et )?(?:beaucoup|plein) de (?:succes|reussite|bonheur)
(?:parmi nous|dans (?:ses|leurs|vos) nouvelles (?:fonctions|responsabilites)|pour la suite)
votre avis (?:nous interesse|compte)|(?:merci de )?prendre quelques minutes pour repondre(?: a)?(?: \w+){0,3}
(?:reunion|meeting) (?:microsoft )?(?:teams|zoom|webex)|microsoft teams(?: meeting)?|besoin d aide|need help
(?:rejoindre|rejoignez|participer a|join)(?: (?:la reunion|the meeting|sur|depuis|on|votre|your)){0,3}
(?:ordinateur|computer|application mobile|appareil mobile|mobile app|ou|or|dispositif de salle|room device)
cliquez ici(?: pour (?:rejoindre|participer a|acceder a)(?: \w+){0,2})?|click here to join(?: the meeting)?
id de (?:la )?(?:reunion|conference)|meeting id|code (?:secret|d acces)|passcode|telecharger teams|options de reunion
ou (?:appelez|composez)|appel audio uniquement|(?:rechercher un )?numeros? loca(?:l|ux)|reinitialiser le code
{DATE}
"""
_DATE = (
    r"(?:(?:du|le|les|au|a|et|de|entre|puis|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche) )*"
    r"(?:1er|premier|\d{1,2}) (?:janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre)"
    r"(?: (?:19|20)\d\d)?"
)
_LINES = _PHRASES.replace("{DATE}", _DATE).split("\n")[1:-1]
_FORMULA = re.compile(r" (?:" + "|".join(_LINES) + r")(?![^ ])")
# Every formula of weight holds one of these: the others are not looked at any closer.
_SIGNS = frozenset(
    "automatique automatiquement automatic automatically repondre reply regret ulterieure tristesse emotion deces "
    "disparition pensees condoleances convivial convivialite inviter convier invitons plaisir nombreux teams zoom "
    "inscriptions inscrits participants reunion meeting souhaitons souhaite interesse janvier fevrier mars avril mai "
    "juin juillet aout septembre octobre novembre decembre".split()
)
_MOST_WORDS = 60
_COVERED_PERCENT = 80
_REMEMBERED = 20_000


@lru_cache(maxsize=_REMEMBERED)
def is_formula(passage: str) -> bool:
    """Tell whether at least four in five words of a short passage belong to formulas."""
    words = forms(fold(passage))
    if len(words) > _MOST_WORDS or _SIGNS.isdisjoint(words):
        return False
    from rseaudit.duplicates.stock import flags

    covered = flags(words)
    joined = " " + " ".join(words)
    for found in _FORMULA.finditer(joined):
        first = joined.count(" ", 0, found.start())
        covered[first : first + found.group().count(" ")] = True
    return 100 * int(covered.sum()) >= _COVERED_PERCENT * len(words)
