"""Make a benchmark from prose: references, posts with planted copies, and posts that copy nothing.

Packages are held out whole: hosts and negatives come from ``HELD_OUT``, references from all others.
They were chosen by subject and size alone: two share their subject with references (system
administration, packaging), three do not. Nothing is filtered by what texts share.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from duplicates.corpus import Page
from duplicates.editing import edited
from rseaudit.text import sentences, words

TUNING_SEED = 7
REPORTING_SEEDS = (101, 202, 303)
HELD_OUT = ("gimp-help-fr", "scilab-doc-fr", "gnome-user-docs", "debian-handbook", "maint-guide-fr")
SAME_SUBJECT = ("debian-handbook", "maint-guide-fr")
KINDS = ("whole", "shuffled", "five", "two")
RATES = (0.0, 0.05, 0.1, 0.2, 0.4)
# Two sentences decide: 3 seeds x 140 posts. NEGATIVES of each of the two kinds, per seed.
PER_CELL = {"whole": 60, "shuffled": 60, "five": 60, "two": 140}
NEGATIVES = 400
TEMPLATED = 0.3
SHORTEST, LONGEST = 60, 280
_SENTENCE_WORDS = 8
_SENTENCES = 6

TEMPLATES = (
    (
        "Note d'information interne\nDiffusion : ensemble des collaborateurs du groupe Aubrac\nRédigée par : {name}\n"
        "Date d'application : {day} {month} 2026",
        "Ce document est la propriété du groupe Aubrac, il ne peut être diffusé à l'extérieur sans l'accord écrit de "
        "la direction de la communication.\nRetrouvez toutes les notes d'information dans l'espace documentaire.",
    ),
    (
        "Le mot du mois – direction des ressources humaines\nPublié le {day} {month} par {name}",
        "Vous avez une question sur ce sujet ? Votre correspondant des ressources humaines vous répond du lundi au "
        "vendredi, de 9 heures à 17 heures, au poste {number}.\nPensez à mettre à jour vos coordonnées avant la fin du "
        "mois.",
    ),
    (
        "Fiche pratique n° {number}\nPublic concerné : agents des sites de production et des agences\nContexte",
        "À retenir : en cas de doute, parlez-en à votre responsable avant d'agir.\nFiche validée par le comité "
        "qualité, à revoir dans douze mois ; la version imprimée ne fait pas foi.",
    ),
    (
        "Compte rendu de la réunion du {day} {month}\nPrésents : {name}, {other}\nExcusés : néant\nPoints abordés",
        "Prochaine réunion le {day} du mois suivant, même lieu, même heure.\nMerci de transmettre vos remarques au "
        "secrétariat sous huit jours, passé ce délai le compte rendu sera réputé approuvé.",
    ),
    (
        "Actualité du réseau\nTemps de lecture : {minutes} minutes\nÀ la une",
        "Vous recevez cette lettre parce que vous êtes abonné aux actualités du réseau d'entreprise. Pour ne plus la "
        "recevoir, modifiez vos préférences de notification dans votre profil.\nSuivez-nous aussi sur la page "
        "du réseau.",
    ),
)
_MONTHS = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()
_PEOPLE = "Claire Morel,Karim Benali,Lucie Faure,Hugo Lemaire,Inès Roy,Paul Garnier,Sarah Colin,Yann Le Gall".split(",")


@dataclass(frozen=True, slots=True)
class Post:
    """A post and its truth: ``source`` is the number of the reference it copies from, ``None`` for a negative.

    Code points ``[start, end)`` were planted; ``copied`` are the source's words before any edit.
    """

    kind: str
    rate: float
    text: str
    source: int | None = None
    start: int = 0
    end: int = 0
    copied: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Benchmark:
    seed: int
    references: tuple[str, ...]
    posts: tuple[Post, ...]


def make(pages: Sequence[Page], seed: int, size: int, *, filling: Sequence[Page] = (), share: float = 1.0) -> Benchmark:
    """Return the benchmark of a seed; the same pages, seed and size give the same bytes.

    ``filling`` completes the references up to ``size`` when the French ones do not suffice. ``share``
    of the posts are made: continuous integration has less time and fewer packages.
    """
    rng = random.Random(seed)
    pool = _cut((page for page in pages if page.package not in HELD_OUT), rng)
    near = _cut((page for page in pages if page.package in SAME_SUBJECT), rng)
    far = _cut((page for page in pages if page.package in HELD_OUT and page.package not in SAME_SUBJECT), rng)
    vocabulary = [word for text in far[-50:] for word in text.split()]
    plain = pool[:size]
    rest = _cut(filling, rng)[: size - len(plain)]
    references = tuple(_dressed(text, rng) if rng.random() < TEMPLATED else text for text in (*plain, *rest))
    sources = [number for number, text in enumerate(plain) if len(_sentences(text)) >= _SENTENCES]
    count = round(share * NEGATIVES)
    negatives = [Post("plain", 0.0, text) for text in near[:count]]
    negatives += [Post("template", 0.0, _dressed(text, rng)) for text in far[:count]]
    hosts = near[count:] + far[count:]
    rng.shuffle(hosts)
    posts = []
    for kind in KINDS:
        for rate in RATES:
            for _ in range(round(share * PER_CELL[kind])):
                source = rng.choice(sources)
                # More posts than held-out texts: a host may be used again, with another copy in it.
                host = hosts[len(posts) % len(hosts)]
                posts.append(_planted(kind, rate, source, _sentences(plain[source]), host, rng, vocabulary))
    posts += negatives
    rng.shuffle(posts)
    return Benchmark(seed, references, tuple(posts))


def _cut(pages: Iterable[Page], rng: random.Random) -> list[str]:
    """Cut pages into texts of whole paragraphs, of a drawn length, in drawn order."""
    texts = []
    for page in pages:
        kept: list[str] = []
        total, wanted = 0, rng.randint(SHORTEST, LONGEST)
        for paragraph in page.paragraphs:
            kept.append(paragraph)
            total += len(paragraph.split())
            if total >= wanted:
                texts.append("\n\n".join(kept))
                kept, total, wanted = [], 0, rng.randint(SHORTEST, LONGEST)
        if total >= SHORTEST:
            texts.append("\n\n".join(kept))
    rng.shuffle(texts)
    return texts


def _sentences(text: str) -> list[str]:
    return [s.text for s in sentences(text) if len(s.text.split()) >= _SENTENCE_WORDS]


def _dressed(text: str, rng: random.Random) -> str:
    header, footer = rng.choice(TEMPLATES)
    fields = {
        "name": rng.choice(_PEOPLE),
        "other": rng.choice(_PEOPLE),
        "day": rng.randint(1, 28),
        "month": rng.choice(_MONTHS),
        "number": rng.randint(100, 9_999),
        "minutes": rng.randint(2, 9),
    }
    return f"{header.format(**fields)}\n\n{text}\n\n{footer.format(**fields)}"


def _planted(
    kind: str,
    rate: float,
    source: int,
    parts: list[str],
    host: str,
    rng: random.Random,
    vocabulary: Sequence[str],
) -> Post:
    if kind in ("five", "two"):
        count = 5 if kind == "five" else 2
        first = rng.randrange(len(parts) - count + 1)
        parts = parts[first : first + count]
    elif kind == "shuffled":
        parts = rng.sample(parts, len(parts))
    copied = " ".join(parts)
    piece = " ".join(edited(copied.split(), rate, rng, vocabulary))
    before: list[str] = []
    after: list[str] = []
    if kind in ("five", "two"):
        paragraphs = host.split("\n\n")
        place = rng.randint(0, len(paragraphs))
        before, after = paragraphs[:place], paragraphs[place:]
    start = sum(len(paragraph) + 2 for paragraph in before)
    text = "\n\n".join((*before, piece, *after))
    return Post(kind, rate, text, source, start, start + len(piece), words(copied).forms)
