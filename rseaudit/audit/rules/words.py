"""Words that the audience does not know, and the way it is spoken to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rseaudit.audience.acronyms import unknown_acronyms
from rseaudit.audience.address import address
from rseaudit.audit.context import Context
from rseaudit.audit.registry import Example, Remark, rule
from rseaudit.model import Audience

_NEWCOMERS = Audience(id="nouveaux", label="Nouveaux arrivants", known_terms=("RH", "EPI"))
_VOUS = Audience(id="terrain", label="Techniciens de terrain", address="vous")
_TU = Audience(id="alternants", label="Alternants", address="tu")
_NEUTRAL = Audience(id="tous", label="Tout le monde", address="neutral")
_MOST_PLACES = 3


@rule(
    "unknown-acronym",
    title="An acronym that its audience may not know",
    dimension="jargon",
    severity="advice",
    bad=Example(
        text="Déclarez la panne dans la GMAO, puis mettez vos EPI.",
        setting="known terms: RH, EPI",
        audience=_NEWCOMERS,
        flagged=("GMAO",),
    ),
    good=(
        Example(
            text="Déclarez la panne dans l’outil de gestion de la maintenance assistée par ordinateur (GMAO). "
            "La GMAO prévient l’atelier.",
            setting="explained in the content",
            audience=_NEWCOMERS,
        ),
        Example(
            text="ATTENTION TRAVAUX\nNe JAMAIS entrer sans casque. Jean DUPONT et Mme ROY vous attendent.",
            setting="capitals for emphasis and for surnames",
            audience=_NEWCOMERS,
        ),
        Example(
            text="Voici les mots de la première semaine.\nGMAO : le logiciel où l’on note chaque intervention.",
            setting="said what it is, on a line of its own",
            audience=_NEWCOMERS,
        ),
        Example(
            text="Réglez la variable avec export EDITOR=nano; echo $EDITOR | tee -a /tmp/LOG.",
            setting="code",
            audience=_NEWCOMERS,
        ),
    ),
)
def unknown_acronym(context: Context) -> Iterator[Remark]:
    """Flag an acronym that is neither in the audience's known terms nor explained in the content.

    Two passes: an explanation anywhere in the content counts (« équipements de protection
    individuelle (EPI) », « EPI : les… » on a line of its own, or words whose initials spell it). What
    everybody knows (PDF, TVA, SNCF…), words and surnames in capitals, Roman numerals, quotations, code
    and paragraphs in another language are left alone. One remark for the content, with the first place
    of each acronym. Without ``known_terms`` the remark is information; without an audience nothing is
    judged.

    Why it matters: a newcomer does not ask what it means; they close the page.

    Remedy: write it out once with the acronym in brackets, or add it to ``known_terms``.
    """
    if context.audience is None:
        return
    spans = unknown_acronyms(context.reading, context.audience.known_terms, foreign=context.foreign_spans)
    if spans:
        terms = [context.document.text[span.start : span.end] for span in spans]
        yield Remark(
            evidence=tuple(context.reading.quote(span.start, span.end) for span in spans),
            reason="These acronyms are neither among the terms that its audience knows nor explained here: {terms}."
            if len(spans) > 1
            else "The acronym {terms} is neither among the terms that its audience knows nor explained here.",
            action="Write the acronyms out once, with the short form in brackets.",
            numbers={"terms": ", ".join(terms), "count": len(terms)},
            severity=None if context.audience.known_terms else "info",
        )


@rule(
    "wrong-address",
    title="Does not address its readers as agreed",
    dimension="address",
    severity="advice",
    bad=(
        Example(
            text="Tu peux réserver ta place en ligne. Le badge t’attend à l’accueil.",
            setting="the audience is addressed as vous",
            audience=_VOUS,
            flagged=("Tu", "t’"),
        ),
        Example(
            text="Vous pouvez réserver votre place en ligne.",
            setting="the audience is addressed neutrally",
            audience=_NEUTRAL,
            flagged=("Vous", "pouvez", "votre"),
        ),
    ),
    good=(
        Example(
            text="Vous pouvez réserver votre place. Le slogan « Tu roules, tu gagnes » reste affiché.",
            setting="the audience is addressed as vous; tu is quoted",
            audience=_VOUS,
        ),
        Example(
            text="Sami s’excuse d’avoir pris vingt minutes. Ne t’excuse pas, Sami.",
            setting="the audience is addressed as vous; one person is called by name",
            audience=_VOUS,
        ),
        Example(
            text="Tu peux venir avec ton équipe : vous serez bien accueillis.",
            setting="the audience is addressed as tu; vous is several people",
            audience=_TU,
        ),
    ),
)
def wrong_address(context: Context) -> Iterator[Remark]:
    """Flag a French content that does not address its readers as the team has agreed.

    For an audience addressed as ``vous``, any *tu* is flagged. For ``tu``, *vous* is flagged when no
    *tu* is there at all, since *vous* may be several people, and only as information. For ``neutral``,
    either is flagged from two places on. Quotations do not count, nor do sentences that call one person
    by name; a single *tu* in a text that says *vous* is information.

    Why it matters: readers notice at once when they are spoken to as somebody else.

    Remedy: use the agreed form throughout.
    """
    wanted = context.audience.address if context.audience is not None else None
    if wanted is None or not context.is_french:
        return
    found = address(context.reading)
    if wanted == "vous":
        places = found.tu
    elif wanted == "tu":
        places = found.vous if not found.tu and len(found.vous) > 1 else ()
    else:
        places = tuple(sorted((*found.vous, *found.tu)))
        places = places if len(places) > 1 else ()
    if places:
        # One place may be a proverb, a slogan or a word to somebody.
        weak = wanted == "tu" or (len(places) == 1 and bool(found.vous))
        yield Remark(
            evidence=tuple(context.reading.quote(span.start, span.end) for span in places[:_MOST_PLACES]),
            reason=_REASONS[wanted][len(places) > 1],
            action="Address the readers in the way agreed for this audience.",
            numbers={"wanted": wanted, "count": len(places)},
            severity="info" if weak else None,
        )


_REASONS: Mapping[str, tuple[str, str]] = {
    "vous": (
        "Readers are addressed as “vous” here; this content says “tu” in one place.",
        "Readers are addressed as “vous” here; this content says “tu” in {count} places.",
    ),
    "tu": (
        "Readers are addressed as “tu” here; this content says “vous” in one place.",
        "Readers are addressed as “tu” here; this content says “vous” in {count} places.",
    ),
    "neutral": (
        "Readers are not addressed directly here; this content does so in one place.",
        "Readers are not addressed directly here; this content does so in {count} places.",
    ),
}
