"""Whether the audience can read the language."""

from __future__ import annotations

from collections.abc import Iterator

from rseaudit.audience.language import ForeignParagraph, foreign_paragraphs, is_foreign
from rseaudit.audit.context import Context
from rseaudit.audit.registry import Example, Remark, rule
from rseaudit.model import Audience

_FRENCH = Audience(id="terrain", label="Techniciens de terrain", languages=("fr",))
_ENGLISH_TEXT = (
    "Please read the safety guidelines before you enter the workshop. All visitors must wear a helmet and "
    "must be accompanied by a member of the team at all times."
)
_FRENCH_TEXT = (
    "Merci de lire les consignes de sécurité avant d’entrer dans l’atelier. Chaque visiteur porte un casque et "
    "reste accompagné par un membre de l’équipe."
)
_LEAST_WORDS = 15


def _whole(context: Context) -> str | None:
    """Return the language of the whole text when it is foreign; a translation is meant to be so."""
    if context.document.translation_of is not None or context.words < _LEAST_WORDS:
        return None
    return is_foreign(context.document.text, context.expected_languages)


@rule(
    "wrong-language",
    title="Not in a language of its audience",
    dimension="language",
    severity="alert",
    bad=Example(text=_ENGLISH_TEXT, setting="the audience reads French", audience=_FRENCH),
    good=(
        Example(text=_FRENCH_TEXT, setting="the audience reads French", audience=_FRENCH),
        Example(
            text=_ENGLISH_TEXT,
            setting="the audience reads French and English",
            audience=Audience(id="projet", label="Équipe projet", languages=("fr", "en")),
        ),
    ),
)
def wrong_language(context: Context) -> Iterator[Remark]:
    """Flag a content of 15 words or more that is written in a language which its audience does not read.

    The languages are those of the audience, else of ``[audit]``. Two signs must agree: a classifier
    and the small words of the language (the, of, der, el…), so that product names, code and addresses
    are not taken for English. A declared translation is left alone. Without a declared audience the
    remark is advice, not an alert.

    Why it matters: the reader stops at the first line.

    Remedy: publish it in the audience's language, or move it to a space whose audience reads it.
    """
    language = _whole(context)
    if language is not None:
        yield Remark(
            reason="This content is in another language ({language}) than its audience reads ({expected}).",
            action="Translate this content, or move it to a space whose audience reads it.",
            numbers={"language": language, "expected": ", ".join(context.expected_languages)},
            severity=None if context.audience is not None and context.audience.languages else "advice",
        )


@rule(
    "foreign-paragraph",
    title="A paragraph in another language",
    dimension="language",
    severity="advice",
    bad=Example(
        text=f"{_FRENCH_TEXT}\n\n{_ENGLISH_TEXT}",
        setting="the audience reads French",
        audience=_FRENCH,
        flagged=(_ENGLISH_TEXT,),
    ),
    good=(
        Example(
            text=f"{_FRENCH_TEXT}\n\n« {_ENGLISH_TEXT} »", setting="the paragraph is a quotation", audience=_FRENCH
        ),
        Example(
            text=f"{_FRENCH_TEXT}\nLe workshop design thinking réunit le product owner, le scrum master et le team "
            f"building manager.",
            setting="borrowed words do not make a text English",
            audience=_FRENCH,
        ),
    ),
)
def foreign_paragraph(context: Context) -> Iterator[Remark]:
    """Flag a paragraph of 12 words or more in a language that the audience does not read.

    Quotations are left alone, and so is a content that is wholly in another language: that is
    ``wrong-language``. Without a declared audience the remark is information.

    Why it matters: part of the readers miss part of the message, without knowing which.

    Remedy: translate the paragraph, or say in one sentence what it says.
    """
    if context.document.translation_of is not None or _whole(context) is not None:
        return
    declared = context.audience is not None and bool(context.audience.languages)
    for paragraph in foreign_paragraphs(context.reading, context.expected_languages):
        yield _remark(context, paragraph, declared=declared)


def _remark(context: Context, paragraph: ForeignParagraph, *, declared: bool) -> Remark:
    return Remark(
        evidence=(context.reading.quote(paragraph.span.start, paragraph.span.end),),
        reason="This paragraph is in another language ({language}) than its audience reads ({expected}).",
        action="Translate the paragraph, or sum it up in the language of its audience.",
        numbers={"language": paragraph.language, "expected": ", ".join(context.expected_languages)},
        severity=None if declared else "info",
    )
