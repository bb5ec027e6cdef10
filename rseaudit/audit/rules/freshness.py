"""Whether what a content says is still true today, as far as dates tell."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from rseaudit.audience.deadlines import announced
from rseaudit.audience.timewords import outdated
from rseaudit.audit.context import Context
from rseaudit.audit.registry import Example, Remark, rule

_MOST_WORDS = 3
_VERY_OLD = 2
_YEAR = 365
# Days after which no word that was true for a while still is.
_EVER = 100_000


def _day(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 9, 0, tzinfo=UTC)


_MINUTES = (
    "Présents : N. Perrin, K. Haddad, deux apprentis.\n\nDécisions\n\nLe portail sera réglé le 18 mars. Deux échelles "
    "sont à remplacer. La suite sera présentée prochainement."
)


@rule(
    "stale-content",
    title="Not reviewed for a long time",
    dimension="freshness",
    severity="advice",
    bad=Example(
        text="Pour commander un badge, remplissez le formulaire papier et déposez-le à l’accueil.",
        setting="a page of February 2021, never changed since",
        kind="page",
        created=_day(2021, 2, 3),
    ),
    good=(
        Example(
            text="Pour commander un badge, remplissez le formulaire en ligne.",
            setting="a page of February 2021, reviewed in May 2026",
            kind="page",
            created=_day(2021, 2, 3),
            modified=_day(2026, 5, 12),
        ),
        Example(
            title="Compte rendu de la réunion de site, 12 mars",
            text=_MINUTES,
            setting="minutes of March 2024: a record is not reviewed",
            kind="page",
            created=_day(2024, 3, 14),
        ),
    ),
)
def stale_content(context: Context) -> Iterator[Remark]:
    """Flag a content that nobody has changed for longer than its audience accepts.

    The limit is ``freshness_days`` of the audience, else of ``[audit]`` (730 days). The later of
    creation and last change counts; a content without a date from its platform is not judged. Age
    alone proves nothing, so for posts, which show their date, this is mere information unless the
    audience declares a limit. Beyond twice the limit, archiving is proposed. Minutes of a meeting are a
    record: nobody is asked to review them, and beyond twice the limit archiving is a mere hint.

    Why it matters: readers cannot tell an old rule that still holds from one that was forgotten.

    Remedy: read it again; correct it, or confirm it by saving it with today's date; else archive it.
    """
    declared = context.audience.freshness_days if context.audience is not None else None
    limit = declared or context.settings.freshness_days
    if not context.is_older_than(limit) or (age := context.age_days) is None:
        return
    very_old = age > _VERY_OLD * limit
    if context.is_minutes:
        if very_old:
            yield Remark(
                reason="These minutes are more than {years} years old."
                if age >= 2 * _YEAR
                else "These minutes are {days} days old.",
                action="Archive these minutes if nobody consults them any more.",
                numbers={"days": age, "years": age // _YEAR, "limit": limit},
                severity="info",
                proposal="archive",
            )
        return
    yield Remark(
        reason="Nobody has changed this content for more than {years} years; the limit here is {limit} days."
        if age >= 2 * _YEAR
        else "Nobody has changed this content for {days} days; the limit here is {limit} days.",
        action="Read this content again: correct it, confirm it, or archive it.",
        numbers={"days": age, "years": age // _YEAR, "limit": limit},
        severity="info" if declared is None and context.is_dated else None,
        proposal="archive" if very_old else None,
    )


@rule(
    "expired-deadline",
    title="A date that has passed is announced as to come",
    dimension="freshness",
    severity="advice",
    bad=(
        Example(
            text="Inscrivez-vous avant le 15 mars 2026 auprès du service formation.",
            setting="published on 2 March 2026",
            created=_day(2026, 3, 2),
            flagged=("avant le 15 mars 2026",),
        ),
        Example(
            text="Réponse attendue au plus tard le 1er avril.",
            setting="published on 2 March 2026: the next 1 April is meant",
            created=_day(2026, 3, 2),
            flagged=("au plus tard le 1er avril",),
        ),
        Example(
            text="L’ancien portail sera fermé le 3/10/2025.",
            setting="published on 1 September 2025",
            created=_day(2025, 9, 1),
            flagged=("le 3/10/2025",),
        ),
        Example(
            text="L’enquête est ouverte jusqu’au 15/03/2026.",
            setting="published on 2 March 2026",
            created=_day(2026, 3, 2),
            flagged=("ouverte jusqu’au 15/03/2026",),
        ),
        Example(
            text="Les noms sont attendus avant le 28 février 2026, par message.",
            setting="published on 3 February 2026",
            created=_day(2026, 2, 3),
            flagged=("avant le 28 février 2026",),
        ),
    ),
    good=(
        Example(
            text="Les demandes reçues avant le 15 mars 2026 ont été traitées.",
            setting="it tells the past",
            created=_day(2026, 3, 2),
        ),
        Example(
            text="Les salariés embauchés avant le 1er janvier 2015 gardent leur régime.",
            setting="it states a rule",
            created=_day(2014, 11, 3),
        ),
        Example(text="Inscrivez-vous avant le 15 mars 2027.", setting="still to come", created=_day(2026, 11, 2)),
        Example(
            text="Inscrivez-vous avant le 15 mars 2026. Mise à jour : les inscriptions sont closes.",
            setting="the content says that it is over",
            created=_day(2026, 3, 2),
        ),
        Example(
            title="Compte rendu de la réunion de site, 12 mars",
            text=_MINUTES,
            setting="minutes tell what was decided",
            created=_day(2026, 3, 14),
        ),
        Example(
            text="Les indicateurs sont à publier chaque année avant le 1er mars.",
            setting="the day comes back every year",
            created=_day(2025, 1, 14),
        ),
        Example(
            text="Si vous partez avant le 15 mars 2026, vous devrez rendre votre badge.",
            setting="it only supposes the day",
            created=_day(2026, 3, 2),
        ),
    ),
)
def expired_deadline(context: Context) -> Iterator[Remark]:
    """Flag a deadline or an appointment that is still announced although its day has passed.

    It reads French dates (« 15 mars 2026 », « 1er avril », « 15/03/2026 », « 2026-03-15 ») after words
    that announce (« avant le », « au plus tard le », « jusqu'au », « date limite », or a verb in the
    future). A day without a year is the first one after the content's last change. What is told in
    the past, stated as a rule, supposed, quoted, or said to be over is left alone, and so are minutes
    of a meeting. In a post, which shows its date, only what asks something of the reader is advice; a
    mere appointment is information.

    Why it matters: a reader who meets an offer that has ended doubts everything else on the page.

    Remedy: tell the outcome, give the next date, or archive the content.
    """
    if not context.is_french or context.is_minutes:
        return
    created, changed = context.document.created, context.last_change
    for one in announced(
        context.reading, created=created.date() if created else None, changed=changed.date() if changed else None
    ):
        if context.is_past(one.day):
            days = context.today.days_past(one.day)
            yield Remark(
                evidence=(context.reading.quote(one.span.start, one.span.end),),
                reason=_passed(days),
                action="Replace the date that has passed by the outcome or the next date, or archive the content.",
                numbers={"days": days, "years": days // _YEAR, "date": one.day.isoformat()},
                severity="info" if context.is_dated and one.kind == "appointment" else None,
            )


def _passed(days: int) -> str:
    if days >= 2 * _YEAR:
        return "This content still announces a date that passed more than {years} years ago."
    if days > 1:
        return "This content still announces a date that passed {days} days ago."
    return "This content still announces a date that passed yesterday."


@rule(
    "outdated-words",
    title="Words that were true for a while",
    dimension="freshness",
    severity="info",
    bad=Example(
        text="Le nouveau portail ouvrira prochainement. À ce jour, trois sites sont raccordés.",
        setting="last changed in January 2025",
        kind="page",
        created=_day(2025, 1, 6),
        flagged=("prochainement", "À ce jour"),
    ),
    good=(
        Example(
            text="Le nouveau portail ouvrira prochainement.", setting="published last week", created=_day(2026, 11, 17)
        ),
        Example(
            text="Le travail de demain se prépare ici. À bientôt !",
            setting="last changed in January 2025; neither word names a day",
            created=_day(2025, 1, 6),
        ),
        Example(
            text="Si je baisse la température cette nuit, qui aura froid demain matin ?",
            setting="a page of January 2025; a question promises nothing",
            kind="page",
            created=_day(2025, 1, 6),
        ),
        Example(
            text="On remet ça demain, au même endroit.",
            setting="a post of January 2025: its date says which day is meant",
            created=_day(2025, 1, 6),
        ),
    ),
)
def outdated_words(context: Context) -> Iterator[Remark]:
    """Flag « demain », « prochainement », « à ce jour » and the like in a content that is no longer recent.

    Words for days and weeks are over 30 days after the last change, words for months, seasons and
    "soon" after 180. Three are shown at most. A question, a condition and what is told in the past
    promise nothing; minutes of a meeting are left alone. A post shows its date, so that « demain » stays
    clear: there only the words of a promise are shown, as information. On pages all are advice.

    Why it matters: « prochainement » read two years later says only that nobody came back.

    Remedy: write the date, or what has happened since.
    """
    if context.last_change is None or not context.is_french or context.is_minutes:
        return
    if not outdated(context.reading, age_days=_EVER, dated=context.is_dated) or (age := context.age_days) is None:
        return
    places = outdated(context.reading, age_days=age, dated=context.is_dated)
    if places:
        yield Remark(
            evidence=tuple(context.reading.quote(span.start, span.end) for span in places[:_MOST_WORDS]),
            reason="These words were true when the content was last changed, more than {years} years ago."
            if age >= 2 * _YEAR
            else "These words were true when the content was last changed, {days} days ago.",
            action="Replace words such as “soon” or “tomorrow” by a date, or by what has happened since.",
            numbers={"days": age, "years": age // _YEAR},
            severity=None if context.is_dated else "advice",
        )
