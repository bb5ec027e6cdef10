"""The words by which people say where a text comes from: patterns over normalised text."""

from __future__ import annotations

import re

# What one may thank for, or announce as somebody's.
_NOUN = (
    r"(?:rappel|informations?|infos?|annonce|consignes?|flash|alerte|memo|pense-bete|mot|mails?|courriels?|e-mail|"
    r"newsletter|lettre|communique|note|actualite|article|billet|message|texte|post|publication|resume|synthese|"
    r"compte rendu|dossier|guide|appel|invitation|reportage|interview|temoignage|conseils|precisions|explications)"
)
# A credit in plain words, over the normalised sentence. Naming a place is not yet citing it.
_CREDITS = (
    r"sources?|credits?|d'apres|selon|via|extraits?|cite\w*|citation|article original|texte original",
    r"(?:tire|issu|repris|extrait)e?s? d[eu']?",
    r"(?:publie|paru|vu|lu|trouve|annonce|rappele|explique|ecrit|indique|transmis|envoye|redige|signe)e?s? "
    r"(?:sur|par|dans)",
    r"(?:article|communique|note|actualite|billet|message|texte|page|publication) (?:de|du|d'|paru|publie|sur)",
    r"relay\w+|partag\w+|recopi\w+|re-?post\w*|rediffus\w+|republi\w+|(?:fais|faire|fait) suivre",
    r"voici ce (?:que|qu'|qui)|(?:ecri|di|expliqu|rappell?|annonc|indiqu|precis|inform|communiqu)(?:t|e|ent|ait)",
    rf"merci (?:(?:a|au|aux) )?.{{2,80}} pour (?:l[ea]s? |l'|ce(?:t|tte|s)? |s(?:on|a|es) |leurs? )(?:\w+ )?{_NOUN}",
    r"(?:vient|viennent) de (?:publier|poster|diffuser|ecrire|partager|annoncer|rappeler|rediger|envoyer|transmettre)",
    r"according to|taken from|excerpts?|originally|published|from|quot\w+|by|wrote|writes|said|says|announce[sd]?",
    r"thank(?:s| you) (?:to )?.{2,60} for (?:this|writing|sharing|posting|putting|summing|explaining)",
)
# The head of a forwarded mail, or a line of its own, names the sender.
_SENDER = r"(?:de|expediteur|emetteur|envoye par|redige par|par|redaction) ?: "
CREDIT = re.compile(rf"\b(?:{'|'.join(_CREDITS)})(?!\w)|©|\(c\) |^\W*{_SENDER}")
LEADING_CREDIT = re.compile(
    r"\s*[(\[*_-]*\s*(?:(?:sources?|d'apres|extrait|article original|texte original|via|credits?|originally|from)\b|"
    rf"{_SENDER})"
)
# Words before a name that make it an origin, over words between spaces: "rappel du", "signale par l".
ITS_TEXT = re.compile(
    rf" (?:{_NOUN.replace('-', ' ')} (?:de|du|des|d)|\w{{3,}}e[es]{{0,2}} par)(?: la| les| l| notre| nos)? $"
)
# A line of its own that names any source at all, next to the passage: nobody hides where it comes from.
SOURCE_LINE = re.compile(r"\s*[(\[*_-]*\s*(?:sources?|credits?|origine|auteure?|article|texte)(?: \w+){0,2} ?: ?\w")
