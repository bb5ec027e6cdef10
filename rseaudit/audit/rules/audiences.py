"""One text for readers who differ."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

from rseaudit.audit.context import Context, Shared
from rseaudit.audit.registry import Example, Remark, rule
from rseaudit.model import Audience, Match, Passage, Ref, Span
from rseaudit.text import words

_SAME = 0.9
_NAMES = frozenset(("id", "label"))

_TEXT = "La nouvelle procédure de consignation s’applique à toutes les machines de l’atelier dès lundi matin."
_FIELD = Audience(id="terrain", label="Techniciens de terrain", level="facile", device="mobile")
_OFFICE = Audience(id="bureau-etudes", label="Bureau d’études", level="expert", device="desktop")


def _example(other: Audience) -> tuple[Shared, ...]:
    span, count = Span(0, len(_TEXT)), len(words(_TEXT))
    match = Match(
        id="example",
        document=Ref("rse", "12"),
        other=Ref("rse", "8"),
        kind="own-version",
        shared_words=count,
        share_of_document=1.0,
        share_of_other=1.0,
        original="other",
        evidence="api-date",
        passages=(Passage(document=span, other=span, similarity=1.0, words=count),),
    )
    return (Shared(match=match, other_audience=other, same_author=True),)


def differing(one: Audience, other: Audience) -> tuple[str, ...]:
    """Return the names of the fields that two declarations give different values, in order.

    A value that one of them leaves out is no difference: it was not declared.
    """
    return tuple(
        name
        for field in fields(Audience)
        if (name := field.name) not in _NAMES
        and (mine := getattr(one, name))
        and (theirs := getattr(other, name))
        and _comparable(mine) != _comparable(theirs)
    )


def _comparable(value: object) -> object:
    return sorted(value) if isinstance(value, tuple) else value


@rule(
    "unchanged-across-audiences",
    title="The same text for readers who differ",
    dimension="unchanged-across-audiences",
    severity="advice",
    bad=Example(
        text=_TEXT,
        setting="the same text stands in a space of the design office",
        audience=_FIELD,
        shared=_example(_OFFICE),
        flagged=(_TEXT,),
    ),
    good=Example(
        text=_TEXT,
        setting="the same text stands in another space for technicians",
        audience=_FIELD,
        shared=_example(Audience(id="terrain-est", label="Techniciens, région Est", level="facile", device="mobile")),
    ),
)
def unchanged_across_audiences(context: Context) -> Iterator[Remark]:
    """Flag a text published unchanged (90 % of its words) for two audiences whose declarations differ.

    Either the same text stands in two spaces, whoever published it, or one content stands in several
    spaces at once. Only what both audiences declare is compared: languages, level, device, reading
    time, known terms, address, freshness, expectations. The earlier of the two is not flagged. A
    relay that names its source is left alone.

    Why it matters: such a text is written around its subject; neither audience finds its own question in it.

    Remedy: keep the facts in one place; in each space write the two sentences that change for its readers.
    """
    if context.audience is None:
        return
    mine = context.audience
    for shared in context.shared:
        other = shared.other_audience
        if other is None or shared.match.kind not in ("copy", "own-version") or shared.match.original == "document":
            continue
        if min(shared.match.share_of_document, shared.match.share_of_other) < _SAME:
            continue
        if shared.match.passages and (what := differing(mine, other)):
            span = shared.match.passages[0].document
            yield Remark(
                evidence=(context.reading.quote(span.start, span.end),),
                reason="The same text stands unchanged in a space for “{other_audience}”, whose readers expect "
                "something else.",
                action="Adapt the text to each audience: say first what changes for these readers.",
                numbers={
                    "other_audience": other.label,
                    "fields": ", ".join(what),
                    "other": str(shared.match.other),
                },
            )
            return
    for other in context.space_audiences:
        if what := differing(mine, other):
            yield Remark(
                reason="This content also stands in a space for “{other_audience}”, whose readers expect something "
                "else.",
                action="Adapt the text to each audience: say first what changes for these readers.",
                numbers={"other_audience": other.label, "fields": ", ".join(what)},
            )
            return
