"""How much effort a content asks of its reader."""

from __future__ import annotations

from collections.abc import Iterator

from rseaudit.audience.prose import is_prose, outside
from rseaudit.audience.readability import is_harder_than, measure
from rseaudit.audience.reading import longest, reading_seconds
from rseaudit.audit.context import Context
from rseaudit.audit.registry import Example, Remark, rule
from rseaudit.model import Audience, Span
from rseaudit.text import Sentence

_MOST_PIECES = 3
# One sentence in twenty beyond limit × 8 / 5; or a quarter beyond the limit, one of them by a fifth.
_VERY_LONG = (8, 5)
_CLEARLY = (6, 5)
_QUARTER = 4
_TWENTIETH = 20
# The limit for each level, in fifths of the configured one.
_LEVEL_FIFTHS = {"soutenu": 6, "expert": 8}
_LEAST_WORDS = 4
_STOPS = tuple(".!?…»”)")
_PARAGRAPH_WORDS = {"mobile": 80, "desktop": 150}
_LITTLE_TEXT = 8

_FIELD = Audience(id="terrain", label="Techniciens de terrain", level="courant", device="mobile", reading_time_s=60)
_EASY = (
    "Le casque protège la tête. Portez-le sur le quai et dans l’atelier. Vérifiez la jugulaire chaque matin. Si le "
    "casque a reçu un choc, changez-le. Le magasin vous en donne un neuf. Les gants protègent les mains. Prenez la "
    "bonne taille. Changez-les dès qu’ils sont troués. Les lunettes sont à porter près des machines. Nettoyez-les "
    "avec le chiffon fourni. Les chaussures ont une coque en acier. Elles durent un an environ. Un doute ? Demandez "
    "à votre chef d’équipe. Il a la liste et les tailles. Le magasin est ouvert de sept heures à midi. Venez avec "
    "votre badge. C’est gratuit et cela prend cinq minutes."
)
_HARD = (
    "L’harmonisation progressive des dispositifs de prévention individuelle nécessite préalablement une "
    "identification exhaustive des situations d’exposition professionnelle susceptibles d’occasionner des "
    "altérations fonctionnelles significatives. L’appropriation opérationnelle de ces préconisations "
    "organisationnelles conditionne l’accomplissement des objectifs institutionnels de sécurisation des "
    "environnements industriels. La contractualisation des responsabilités hiérarchiques implique corrélativement "
    "la formalisation documentaire des procédures d’habilitation individuelle, conformément aux recommandations "
    "méthodologiques communiquées antérieurement par la direction fonctionnelle compétente. L’évaluation périodique "
    "de l’efficacité organisationnelle des équipements individuels nécessitera l’implication collaborative de "
    "l’intégralité des gestionnaires opérationnels, indépendamment de leur rattachement administratif, ainsi qu’une "
    "consolidation trimestrielle des indicateurs réglementaires harmonisés. La généralisation progressive de ce "
    "dispositif interviendra ultérieurement."
)
_LONG_SENTENCE = (
    "Afin que chacune et chacun puisse préparer au mieux son déplacement sur le site, nous vous rappelons que la "
    "demande de badge, qui doit être signée par votre responsable et accompagnée d’une copie de votre habilitation, "
    "est à déposer à l’accueil une semaine avant votre arrivée."
)


_LAW = (
    "Le Code du travail le dit ainsi : « Le travailleur alerte immédiatement l’employeur de toute situation de travail "
    "dont il a un motif raisonnable de penser qu’elle présente un danger grave et imminent pour sa vie ou sa santé "
    "ainsi que de toute défectuosité qu’il constate dans les systèmes de protection. » Le retrait est un droit."
)


@rule(
    "hard-to-read",
    title="Harder than its audience expects",
    dimension="reading-level",
    severity="advice",
    bad=Example(text=_HARD, setting="the audience’s level is courant", audience=_FIELD),
    good=(
        Example(text=_EASY, setting="the audience’s level is courant", audience=_FIELD),
        Example(text=_HARD.split(". ")[0] + ".", setting="too short to be judged", audience=_FIELD),
    ),
)
def hard_to_read(context: Context) -> Iterator[Remark]:
    """Flag a French content that reads clearly harder than the level declared for its audience.

    The measure is Kandel-Moles: 207 − 1.015 × words per sentence − 73.6 × syllables per word (high is
    easy). ``facile`` starts at 75, ``courant`` at 60, ``soutenu`` at 45; an ``expert`` reads anything.
    Paragraphs in another language, tables, code, figures and acronyms are left out. Nothing is said
    under 100 words, under 12 words a sentence (a list of terms), nor when the level is missed by no more
    than the measure's own noise (8.5 points at 100 words, 5.9 at 150, less beyond). Up to three of the
    longest sentences are shown.

    Why it matters: readers in a hurry, on a telephone or in a second language give up half way.

    Remedy: cut the sentences shown in two; prefer verbs to nouns in -tion and -ment, short words to long.
    """
    level = context.audience.level if context.audience is not None else None
    if level is None or not context.is_french:
        return
    measured = measure(context.reading, foreign=context.foreign_spans)
    if measured is None or not is_harder_than(measured, level):
        return
    reading = context.reading
    own = tuple(_own_sentences(context))
    pieces = longest([one for one, _ in own], [count for _, count in own], over=12, most=_MOST_PIECES)
    yield Remark(
        evidence=tuple(reading.quote(sentence.start, sentence.end) for sentence in pieces),
        reason="This content reads clearly harder than its audience expects (level: {level}; on average {words} words "
        "a sentence).",
        action="Make the text easier: shorter sentences, verbs rather than nouns, everyday words.",
        numbers={"level": level, "words": round(measured.words / measured.sentences), "score": round(measured.score)},
    )


@rule(
    "long-sentences",
    title="Long sentences",
    dimension="sentence-load",
    severity="advice",
    bad=Example(
        text=f"{_LONG_SENTENCE} Merci de votre aide.",
        setting="the audience reads on a telephone",
        audience=_FIELD,
        flagged=(_LONG_SENTENCE,),
    ),
    good=(
        Example(text=_EASY, setting="the audience reads on a telephone", audience=_FIELD),
        Example(text=_LAW, setting="the long sentence is quoted", audience=_FIELD),
        Example(
            text="Le vendeur vérifie la référence, l’absence de choc et la date, puis échange la pièce si elle est en "
            "stock ; sinon, le délai est de quatre jours ouvrés et un prêt est proposé pour les circulateurs et les "
            "cartes électroniques.",
            setting="a semicolon lets the reader breathe",
            audience=_FIELD,
        ),
    ),
)
def long_sentences(context: Context) -> Iterator[Remark]:
    """Flag sentences that hold more than a reader can keep in mind at once.

    The limit is ``sentence_words`` of ``[audit]`` (25 words, « l'intranet » being one), a fifth more for
    the level ``soutenu`` and three fifths more for ``expert``. Words are counted at a stretch: a colon or
    a semicolon lets the reader breathe; quotations, code and tables do not count. A content is flagged
    when a quarter of its sentences are over the limit, two at least and one of them by a fifth; or when
    one in twenty is beyond 1.6 times the limit. Without a declared audience this is information.

    Why it matters: the reader reaches the verb having forgotten the subject.

    Remedy: one idea a sentence; make a list of what is enumerated.
    """
    reading = context.reading
    level = context.audience.level if context.audience is not None else None
    limit = context.settings.sentence_words * _LEVEL_FIFTHS.get(level or "", 5) // 5
    # Headings, code and what others say have no stretch of their own; another language is another remark.
    own = [
        (sentence, count)
        for sentence, count in _own_sentences(context)
        if count >= _LEAST_WORDS or (count and sentence.text.endswith(_STOPS))
    ]
    counts = [count for _, count in own]
    over = sum(count > limit for count in counts)
    extreme = sum(count * _VERY_LONG[1] > limit * _VERY_LONG[0] for count in counts)
    many = over > 1 and over * _QUARTER >= len(counts) and max(counts) * _CLEARLY[1] > limit * _CLEARLY[0]
    if not many and extreme * _TWENTIETH < max(len(counts), 1):
        return
    pieces = longest([sentence for sentence, _ in own], counts, over=limit, most=_MOST_PIECES)
    yield Remark(
        evidence=tuple(reading.quote(sentence.start, sentence.end) for sentence in pieces),
        reason="Sentences of more than {limit} words at a stretch: {over} of {all}; the longest stretch has {longest}.",
        action="Cut the long sentences: one idea each, a list for what is enumerated.",
        numbers={"limit": limit, "over": over, "all": len(counts), "longest": max(counts)},
        severity=None if context.audience is not None else "info",
    )


def _own_sentences(context: Context) -> Iterator[tuple[Sentence, int]]:
    """Yield the sentences in a language of the audience, with their longest stretch of words."""
    reading = context.reading
    own = {span.start for span in outside((Span(s.start, s.end) for s in reading.sentences), context.foreign_spans)}
    for sentence, count in zip(reading.sentences, reading.stretches, strict=True):
        if sentence.start in own:
            yield sentence, count


@rule(
    "too-long",
    title="Longer than its audience has time for",
    dimension="length",
    severity="advice",
    bad=Example(text=f"{_EASY}\n\n{_EASY}\n\n{_EASY}", setting="the audience reads for one minute", audience=_FIELD),
    good=Example(text=_EASY, setting="the audience reads for one minute", audience=_FIELD),
)
def too_long(context: Context) -> Iterator[Remark]:
    """Flag a content that takes longer to read than its audience is said to have.

    Reading time is the number of words at ``words_per_minute`` of ``[audit]`` (220); the limit is
    ``reading_time_s`` of the audience. Without that limit nothing is judged.

    Why it matters: what comes after the limit is not read, and it is rarely the least important part.

    Remedy: say the essential first, cut, or link to the details.
    """
    limit = context.audience.reading_time_s if context.audience is not None else None
    seconds = reading_seconds(context.words, context.settings.words_per_minute)
    if limit is not None and seconds > limit:
        yield Remark(
            reason="This content takes {time} to read; its audience has {available}.",
            action="Shorten the content to the time that its audience has: the essential first, a link to the details.",
            numbers={
                "time": _duration(seconds),
                "available": _duration(limit),
                "seconds": seconds,
                "limit": limit,
                "words": context.words,
            },
        )


def _duration(seconds: int) -> str:
    """Write a time in the signs of the international system: ``2 min``, ``5 min 45 s``."""
    minutes, rest = divmod(seconds, 60)
    parts = (f"{number}\u00a0{unit}" for number, unit in ((minutes, "min"), (rest, "s")) if number)
    return "\u00a0".join(parts)


@rule(
    "too-short",
    title="Hardly any text",
    dimension="length",
    severity="info",
    on=False,
    bad=Example(text="Voir pièce jointe.", kind="page"),
    good=(
        Example(text="La cantine ferme vendredi à treize heures ; merci de commander la veille.", kind="page"),
        Example(text="Merci à tous !", setting="a post, not a page", kind="post"),
    ),
)
def too_short(context: Context) -> Iterator[Remark]:
    """Flag a page of fewer than 8 words. Off by default: put its name in ``enable`` under ``[audit]``.

    Posts are left alone: one line is what they are for.

    Why it matters: search finds a page by its words, and « voir pièce jointe » has none.

    Remedy: say in two sentences what the page or its attachment is for, and for whom.
    """
    if context.document.kind in ("page", "wiki", "article") and context.words < _LITTLE_TEXT:
        yield Remark(
            reason="This page has hardly any text ({words} words).",
            action="Say in two sentences what this page is for, and for whom.",
            numbers={"words": context.words},
        )


@rule(
    "long-paragraphs",
    title="Long paragraphs",
    dimension="structure",
    severity="advice",
    bad=Example(text=_EASY, setting="the audience reads on a telephone", audience=_FIELD, flagged=(_EASY,)),
    good=(
        Example(text=_EASY.replace(". Les", ".\n\nLes"), setting="the same text in paragraphs", audience=_FIELD),
        Example(text="kino V:2 I:204 1637 dvideo_mpaul " * 20, setting="a table of figures", audience=_FIELD),
    ),
)
def long_paragraphs(context: Context) -> Iterator[Remark]:
    """Flag paragraphs that fill a screen: more than 80 words on a telephone, 150 on a desktop.

    The audience's ``device`` decides; where none is declared, 150 words and mere information.
    Quotations, code, tables and paragraphs in another language do not count. Up to three are shown.

    Why it matters: on a telephone, a paragraph of 80 words is a wall without a door.

    Remedy: one subject a paragraph; a list for steps; a heading where the subject changes.
    """
    device = context.audience.device if context.audience is not None else None
    limit = _PARAGRAPH_WORDS[device or "desktop"]
    reading = context.reading
    long = [
        p
        for p in reading.paragraphs
        if p.words > limit
        and not reading.is_quoted(p.start, p.end)
        and is_prose(reading.text[p.start : p.end])
        and Span(p.start, p.end) not in context.foreign_spans
    ]
    if long:
        yield Remark(
            evidence=tuple(reading.quote(p.start, p.end) for p in long[:_MOST_PIECES]),
            reason="{count} paragraphs have more than {limit} words."
            if len(long) > 1
            else "One paragraph has more than {limit} words.",
            action="Cut the long paragraphs: one subject each, a list for steps.",
            numbers={"limit": limit, "count": len(long)},
            severity=None if device is not None else "info",
        )
