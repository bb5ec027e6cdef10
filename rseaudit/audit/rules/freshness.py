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
# A post says its date and scrolls away; a page claims to be true until somebody takes it down.
_DATED_KINDS = frozenset(("post", "comment", "activity", "status", "thread", "topic", "message", "news"))


def _day(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 9, 0, tzinfo=UTC)


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
    good=Example(
        text="Pour commander un badge, remplissez le formulaire en ligne.",
        setting="a page of February 2021, reviewed in May 2026",
        kind="page",
        created=_day(2021, 2, 3),
        modified=_day(2026, 5, 12),
    ),
)
def stale_content(context: Context) -> Iterator[Remark]:
    """Flag a content that nobody has changed for longer than its audience accepts.

    The limit is ``freshness_days`` of the audience, else of ``[audit]`` (730 days). The later of
    creation and last change counts; a content without a date from its platform is not judged. Age
    alone proves nothing, so for posts, which show their date, this is mere information unless the
    audience declares a limit. Beyond twice the limit, archiving is proposed.

    Why it matters: readers cannot tell an old rule that still holds from one that was forgotten.

    Remedy: read it again; correct it, or confirm it by saving it with today's date; else archive it.
    """
    declared = context.audience.freshness_days if context.audience is not None else None
    limit = declared or context.settings.freshness_days
    age = context.age_days
    if age is None or age <= limit:
        return
    yield Remark(
        reason="Nobody has changed this content for {days} days; the limit here is {limit} days.",
        action="Read this content again: correct it, confirm it, or archive it.",
        numbers={"days": age, "limit": limit},
        severity="info" if declared is None and context.document.kind in _DATED_KINDS else None,
        proposal="archive" if age > _VERY_OLD * limit else None,
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
    ),
)
def expired_deadline(context: Context) -> Iterator[Remark]:
    """Flag a deadline or an appointment that is still announced although its day has passed.

    It reads French dates (« 15 mars 2026 », « 1er avril », « 15/03/2026 », « 2026-03-15 ») after words
    that announce (« avant le », « au plus tard le », « jusqu'au », « date limite », or a verb in the
    future). A day without a year is the first one after the content's last change. What is told in
    the past, stated as a rule, quoted, or said to be over is left alone.

    Why it matters: a reader who meets an offer that has ended doubts everything else on the page.

    Remedy: tell the outcome, give the next date, or archive the content.
    """
    if not context.is_french:
        return
    created, changed = context.document.created, context.last_change
    today = context.now.date()
    for one in announced(
        context.reading, created=created.date() if created else None, changed=changed.date() if changed else None
    ):
        if one.day < today:
            yield Remark(
                evidence=(context.reading.quote(one.span.start, one.span.end),),
                reason="This content still announces a date that has passed (days ago: {days}).",
                action="Replace the date that has passed by the outcome or the next date, or archive the content.",
                numbers={"days": (today - one.day).days, "date": one.day.isoformat()},
            )


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
    ),
)
def outdated_words(context: Context) -> Iterator[Remark]:
    """Flag « demain », « prochainement », « à ce jour » and the like in a content that is no longer recent.

    Words for days and weeks are over 30 days after the last change, words for months, seasons and
    "soon" after 180. Three are shown at most. It is advice on pages and information on posts, which
    show their date.

    Why it matters: « prochainement » read two years later says only that nobody came back.

    Remedy: write the date, or what has happened since.
    """
    if not context.is_french or context.age_days is None:
        return
    places = outdated(context.reading, age_days=context.age_days)
    if places:
        yield Remark(
            evidence=tuple(context.reading.quote(span.start, span.end) for span in places[:_MOST_WORDS]),
            reason="These words were true when the content was last changed, {days} days ago.",
            action="Replace words such as “soon” or “tomorrow” by a date, or by what has happened since.",
            numbers={"days": context.age_days},
            severity=None if context.document.kind in _DATED_KINDS else "advice",
        )
