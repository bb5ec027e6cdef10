"""Whether the audience can read the language."""

from __future__ import annotations

from collections.abc import Iterator

from rseaudit.audience.language import wholly_foreign
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
_MOST_PARAGRAPHS = 3


def _whole(context: Context) -> str | None:
    """Return the language of the whole text when it is foreign; a translation is meant to be so."""
    if context.document.translation_of is not None or context.words < _LEAST_WORDS:
        return None
    return wholly_foreign(context.reading, context.expected_languages)


def _numbers(context: Context, language: str) -> dict[str, str | int | float]:
    return {"language": language, "expected": ", ".join(context.expected_languages)}


def _is_english_for_french(context: Context, language: str) -> bool:
    return language == "en" and context.expected_languages == ("fr",)


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
        Example(
            text=f"{_FRENCH_TEXT}\n\n{_ENGLISH_TEXT}\n\n{_ENGLISH_TEXT}",
            setting="a part is in French: this is foreign-paragraph",
            audience=_FRENCH,
        ),
    ),
)
def wrong_language(context: Context) -> Iterator[Remark]:
    """Flag a content of 15 words or more that is written in a language which its audience does not read.

    The languages are those of the audience, else of ``[audit]``. Two signs must agree: a classifier
    and the small words of the language (the, of, der, el…), so that product names, code and addresses
    are not taken for English. A declared translation is left alone, and so is a text of which a fifth is
    in the right language: that is ``foreign-paragraph``. Without a declared audience the
    remark is advice, not an alert.

    Why it matters: the reader stops at the first line.

    Remedy: publish it in the audience's language, or move it to a space whose audience reads it.
    """
    language = _whole(context)
    if language is not None:
        yield Remark(
            reason="This content is in English; its audience reads French."
            if _is_english_for_french(context, language)
            else "This content is in another language ({language}) than its audience reads ({expected}).",
            action="Translate this content, or move it to a space whose audience reads it.",
            numbers=_numbers(context, language),
            severity=None if context.audience is not None and context.audience.languages else "advice",
        )


@rule(
    "foreign-paragraph",
    title="Paragraphs in another language",
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
    """Flag paragraphs of 12 words or more in a language that the audience does not read.

    One remark for each language; up to three paragraphs are shown. Quotations and code are left alone,
    and so is a content that is wholly in another language: that is ``wrong-language``. Without a declared
    audience the remark is information.

    Why it matters: part of the readers miss part of the message, without knowing which.

    Remedy: translate the paragraph, or say in one sentence what it says.
    """
    if context.document.translation_of is not None or _whole(context) is not None:
        return
    declared = context.audience is not None and bool(context.audience.languages)
    found = context.foreign
    for language in dict.fromkeys(paragraph.language for paragraph in found):
        spans = [paragraph.span for paragraph in found if paragraph.language == language]
        yield Remark(
            evidence=tuple(context.reading.quote(span.start, span.end) for span in spans[:_MOST_PARAGRAPHS]),
            reason=_reason(several=len(spans) > 1, english=_is_english_for_french(context, language)),
            action="Translate what is in another language, or sum it up in the language of its audience.",
            numbers={**_numbers(context, language), "count": len(spans)},
            severity=None if declared else "info",
        )


def _reason(*, several: bool, english: bool) -> str:
    if english:
        if several:
            return "{count} paragraphs are in English; its audience reads French."
        return "One paragraph is in English; its audience reads French."
    if several:
        return "{count} paragraphs are in another language ({language}) than its audience reads ({expected})."
    return "One paragraph is in another language ({language}) than its audience reads ({expected})."
