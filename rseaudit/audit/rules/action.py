"""What a reader needs in order to act."""

from __future__ import annotations

from collections.abc import Iterator

from rseaudit.audience.expectations import has_action, has_contact, has_date
from rseaudit.audit.context import LEAST_WORDS, Context
from rseaudit.audit.registry import Example, Remark, rule
from rseaudit.model import Audience

_EXPECTS = Audience(id="terrain", label="Techniciens de terrain", expects=("contact", "date", "action"))
_NEWS = (
    "Le nouvel atelier de peinture compte trois cabines et un espace de séchage. La lumière y est meilleure, et "
    "l’air est filtré en continu. Les équipes apprécient surtout le calme et la place gagnée pour les grandes "
    "pièces. Le sol, plus clair, aide à voir les outils tombés sous les établis."
)
_COMPLETE = (
    f"{_NEWS} Visite le mardi 8 décembre à 14 h. Inscrivez-vous auprès de Nadia Perrin, nadia.perrin@example.com."
)


def _expects(context: Context, what: str) -> bool:
    """Tell whether the audience expects it and the French text is long enough to hold it; minutes are a record."""
    audience = context.audience
    return (
        audience is not None
        and what in audience.expects
        and context.words >= LEAST_WORDS
        and context.is_french
        and not context.is_minutes
    )


@rule(
    "no-contact",
    title="Nobody to ask",
    dimension="action",
    severity="advice",
    bad=Example(text=_NEWS, setting="the audience expects a contact", audience=_EXPECTS),
    good=(
        Example(text=_COMPLETE, setting="the audience expects a contact", audience=_EXPECTS),
        Example(
            text=f"{_NEWS} Plusieurs d’entre vous m’ont demandé des dates : je réponds ici dans la journée.",
            setting="its author, whom the platform names, answers",
            audience=_EXPECTS,
        ),
        Example(text=f"{_NEWS} Une photo ? Envoyez-la à Maud.", setting="somebody is named", audience=_EXPECTS),
    ),
)
def no_contact(context: Context) -> Iterator[Remark]:
    """Flag a French content of 40 words or more that names nobody to ask, when its audience expects that.

    A mail address, a telephone number, a mention, « contactez », « auprès de », « votre interlocuteur »,
    « le support », « le service paie », « parlez-en à Maud » and the like all count; so does an author who
    says « écrivez-moi » or « je vous propose », since a network names its authors. Minutes of a meeting
    are left alone.

    Why it matters: the question that could not be asked here is asked to everybody else.

    Remedy: end with a name or a service and how to reach it.
    """
    if _expects(context, "contact") and not has_contact(context.reading):
        yield Remark(
            reason="Its audience expects somebody to ask; nobody is named here.",
            action="Say who answers questions, and how to reach them.",
        )


@rule(
    "no-date",
    title="No date",
    dimension="action",
    severity="advice",
    bad=Example(text=_NEWS, setting="the audience expects a date", audience=_EXPECTS),
    good=Example(text=_COMPLETE, setting="the audience expects a date", audience=_EXPECTS),
)
def no_date(context: Context) -> Iterator[Remark]:
    """Flag a French content of 40 words or more that says nowhere when, if its audience expects that.

    Any date, weekday, month, hour, year, « immédiatement » or « toute l'année » counts.

    Why it matters: without a date the reader puts it off, and later cannot tell whether it still holds.

    Remedy: say from when, until when, or that it always holds.
    """
    if _expects(context, "date") and not has_date(context.reading):
        yield Remark(
            reason="Its audience expects a date; there is none here.",
            action="Say when: a day, a deadline, or that it always holds.",
        )


@rule(
    "no-action",
    title="Nothing to do is said",
    dimension="action",
    severity="advice",
    bad=Example(text=_NEWS, setting="the audience expects to be told what to do", audience=_EXPECTS),
    good=(
        Example(text=_COMPLETE, setting="the audience expects to be told what to do", audience=_EXPECTS),
        Example(text=f"{_NEWS} Si tu viens, prends des gants.", setting="a familiar imperative", audience=_EXPECTS),
        Example(
            text=f"{_NEWS} Les souhaits de créneau sont à saisir dans l’outil.", setting="a duty", audience=_EXPECTS
        ),
        Example(
            text=f"{_NEWS} Le technicien note l’heure, le responsable contrôle le filtre.",
            setting="a rule in the present tense about whoever does the work",
            audience=_EXPECTS,
        ),
        Example(
            title="Compte rendu de la réunion de site, 12 mars",
            text=_NEWS,
            setting="minutes ask nothing",
            audience=_EXPECTS,
        ),
    ),
)
def no_action(context: Context) -> Iterator[Remark]:
    """Flag a French content of 40 words or more that asks nothing of its reader, if its audience expects that.

    An imperative (« prenez », « prends »), an obligation (« il faut », « doit », « sont à saisir »), a
    request (« merci de »), an instruction in the infinitive, a call for people (« nous cherchons »), or a
    rule in the present tense about whoever does the work (« le vendeur vérifie… », « personne ne… »)
    counts. Only presence is judged, never usefulness. Minutes of a meeting are left alone.

    Why it matters: « et moi, que dois-je faire ? » is the first question of a reader at work.

    Remedy: say it in one sentence with one verb, or write that nothing is to be done.
    """
    if _expects(context, "action") and not has_action(context.reading):
        yield Remark(
            reason="Its audience expects to be told what to do; nothing here says it.",
            action="Say in one sentence what the reader is to do, even if it is nothing.",
        )
