"""Whether a content is its author's own words, or says whose they are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rseaudit.audit.context import Context, Shared
from rseaudit.audit.credit import has_credit
from rseaudit.audit.registry import Example, Remark, rule
from rseaudit.model import Match, MatchKind, Originality, Passage, Quote, Ref, Side, Span, Verdict
from rseaudit.text import words

_MOST_PASSAGES = 3
# A match may hold bits of three words between its passages; they show nothing.
_TELLING_WORDS = 8

_TAKEN = (
    "Depuis lundi, le parking nord accueille douze bornes de recharge. Chaque borne délivre vingt-deux kilowatts et "
    "s’utilise avec le badge du site."
)
_OWN = "À Metz, deux bornes de plus seront posées près de l’atelier. Notre équipe tient la liste d’attente."
_LEAD = "Selon la page « Bornes de recharge » de l’intranet :"


def _shared(text: str, taken: str, *, kind: MatchKind, original: Side = "other") -> tuple[Shared, ...]:
    start = text.index(taken)
    count = len(words(taken))
    here = Span(start, start + len(taken))
    match = Match(
        id="example",
        document=Ref("rse", "12"),
        other=Ref("intranet", "n-17"),
        kind=kind,
        shared_words=count,
        share_of_document=round(count / len(words(text)), 2),
        share_of_other=1.0,
        original=original,
        evidence="api-date" if original != "unknown" else "none",
        passages=(Passage(document=here, other=Span(0, len(taken)), similarity=1.0, words=count),),
    )
    return (Shared(match=match),)


def _originality(share: float, verdict: Verdict) -> Originality:
    return Originality(document=Ref("rse", "12"), words=120, originality=share, attributed_share=0.0, verdict=verdict)


def _strength(shared: Shared) -> tuple[int, Ref]:
    return -shared.match.shared_words, shared.match.other


def _passages(context: Context, shared: Shared) -> tuple[Quote, ...]:
    passages = shared.match.passages
    telling = [passage for passage in passages if passage.words >= _TELLING_WORDS] or list(passages[:1])
    return tuple(context.reading.quote(p.document.start, p.document.end) for p in telling[:_MOST_PASSAGES])


def _is_here(context: Context, shared: Shared) -> bool:
    """Tell whether the other content stands in the same source: its name would tell the reader nothing."""
    return shared.match.other.source == context.document.source


def _numbers(shared: Shared) -> dict[str, str | int | float]:
    match = shared.match
    return {
        "words": match.shared_words,
        "percent": round(100 * match.share_of_document),
        "source": match.other.source,
        "other": str(match.other),
    }


def _uncovered(taken: Sequence[Shared]) -> Iterator[Shared]:
    """Yield matches, the longest first, leaving out those whose passages a longer one already shows."""
    seen: list[Span] = []
    for shared in sorted(taken, key=_strength):
        spans = [passage.document for passage in shared.match.passages]
        if all(any(one.start <= span.start and span.end <= one.end for one in seen) for span in spans):
            continue
        seen.extend(spans)
        yield shared


@rule(
    "copied-content",
    title="Content taken up from elsewhere",
    dimension="originality",
    severity="alert",
    proposal="merge",
    bad=Example(
        text=_TAKEN,
        setting="the intranet published the same text three days before",
        shared=_shared(_TAKEN, _TAKEN, kind="copy"),
        originality=_originality(0.0, "copy"),
        flagged=(_TAKEN,),
    ),
    good=Example(
        text=f"{_LEAD}\n{_TAKEN}",
        setting="it names the page of the intranet that published it first",
        shared=_shared(f"{_LEAD}\n{_TAKEN}", _TAKEN, kind="relay"),
        originality=_originality(0.1, "relay"),
    ),
)
def copied_content(context: Context) -> Iterator[Remark]:
    """Flag a content that stands elsewhere, was published there first, and does not say so.

    It follows the verdict of ``rseaudit duplicates``: few own words once signatures, templates and
    earlier versions are set aside, and evidence (not a mere guess) that the other content came first.
    A relay that names or links its source is never flagged, nor is a text that its own author
    published twice.

    Why it matters: two copies drift apart, readers no longer know which holds, and whoever wrote it
    first does not hear the questions.

    Remedy: link to the original with a sentence of your own; or adapt it to the space and name the source.
    """
    if context.originality is None or context.originality.verdict != "copy":
        return
    taken = [shared for shared in context.shared if shared.is_taken and shared.match.kind == "copy"]
    if taken:
        strongest = min(taken, key=_strength)
        yield Remark(
            evidence=_passages(context, strongest),
            reason="This text had already been published elsewhere on this network ({percent} %, {words} words); the "
            "first content is not named here."
            if _is_here(context, strongest)
            else "This text had already been published on “{source}” ({percent} %, {words} words), which is not named "
            "here.",
            action="Link to the original and introduce it in your own words, or adapt it to its readers.",
            numbers=_numbers(strongest),
        )


@rule(
    "copied-passage",
    title="A passage taken up from elsewhere",
    dimension="originality",
    severity="advice",
    bad=Example(
        text=f"{_OWN}\n\n{_TAKEN}",
        setting="the intranet published the second paragraph before",
        shared=_shared(f"{_OWN}\n\n{_TAKEN}", _TAKEN, kind="copy"),
        originality=_originality(0.6, "adapted"),
        flagged=(_TAKEN,),
    ),
    good=Example(
        text=f"{_OWN}\n\n{_TAKEN}",
        setting="the intranet took the paragraph up from here",
        shared=_shared(f"{_OWN}\n\n{_TAKEN}", _TAKEN, kind="copy", original="document"),
        originality=_originality(1.0, "original"),
    ),
)
def copied_passage(context: Context) -> Iterator[Remark]:
    """Flag a passage that another content published first and that is not attributed, in a content of its own.

    One remark for each other content, the longest first; a passage that several contents share is
    shown once. A content that is taken up as a whole is ``copied-content`` instead.

    Why it matters: the passage will not be corrected here when it is corrected there.

    Remedy: name and link the source right before the passage, or say it in your own words.
    """
    if context.originality is not None and context.originality.verdict == "copy":
        return
    taken = [shared for shared in context.shared if shared.is_taken and shared.match.kind == "copy"]
    for shared in _uncovered(taken):
        yield Remark(
            evidence=_passages(context, shared),
            reason="A passage of {words} words had already been published elsewhere on this network; the first content "
            "is not named here."
            if _is_here(context, shared)
            else "A passage of {words} words had already been published on “{source}”, which is not named here.",
            action="Name and link the source of the passage, or say it in your own words.",
            numbers=_numbers(shared),
        )


@rule(
    "shared-passage",
    title="The same passage elsewhere, order unknown",
    dimension="originality",
    severity="info",
    proposal="keep",
    bad=Example(
        text=_TAKEN,
        setting="the same text stands on the intranet; no date tells which was first",
        shared=_shared(_TAKEN, _TAKEN, kind="copy", original="unknown"),
        originality=_originality(1.0, "original"),
        flagged=(_TAKEN,),
    ),
    good=Example(
        text=_TAKEN,
        setting="a form that many contents share",
        shared=_shared(_TAKEN, _TAKEN, kind="template", original="unknown"),
        originality=_originality(1.0, "template"),
    ),
)
def shared_passage(context: Context) -> Iterator[Remark]:
    """Say that a passage also stands elsewhere when nothing proves which of the two came first.

    Nobody is held to have taken it up: both sides are told, as mere information. Templates,
    signatures and the author's own earlier versions are left out.

    Why it matters: the two will differ one day, and a reader will find the older one.

    Remedy: agree which one is kept up to date, and link to it from the other.
    """
    unknown = [
        s for s in context.shared if s.match.original == "unknown" and s.match.kind == "copy" and not s.same_author
    ]
    for shared in _uncovered(unknown):
        yield Remark(
            evidence=_passages(context, shared),
            reason="{words} words also stand elsewhere on this network; nothing tells which was published first."
            if _is_here(context, shared)
            else "{words} words also stand on “{source}”; nothing tells which was published first.",
            action="Agree which content is kept up to date, and link to it from the other.",
            numbers=_numbers(shared),
        )


@rule(
    "unattributed-quote",
    title="A quotation without its source",
    dimension="originality",
    severity="info",
    bad=Example(
        text=f"{_OWN}\n\n« {_TAKEN} »",
        setting="the intranet published the quoted words before",
        shared=_shared(f"{_OWN}\n\n« {_TAKEN} »", _TAKEN, kind="quote"),
        flagged=(_TAKEN,),
    ),
    good=Example(
        text=f"{_OWN}\n\n{_LEAD}\n« {_TAKEN} »",
        setting="the sentence before names the page",
        shared=_shared(f"{_OWN}\n\n{_LEAD}\n« {_TAKEN} »", _TAKEN, kind="quote"),
    ),
)
def unattributed_quote(context: Context) -> Iterator[Remark]:
    """Flag words in quotation marks that come from another content, when nothing near says from where.

    A link, or words such as « selon », « extrait de », « écrit », « source », on the same line or a line
    before or after, are enough. It is information: to quote is right, and only the name is missing.

    Why it matters: readers cannot follow a quotation that does not say whose it is.

    Remedy: put the name and the link before the quotation.
    """
    quoted = [shared for shared in context.shared if shared.is_taken and shared.match.kind == "quote"]
    for shared in _uncovered(quoted):
        bare = [p.document for p in shared.match.passages if not has_credit(context.reading, p.document)]
        if bare:
            yield Remark(
                evidence=tuple(context.reading.quote(span.start, span.end) for span in bare[:_MOST_PASSAGES]),
                reason="A quotation of {words} words comes from elsewhere on this network; nothing near it says so."
                if _is_here(context, shared)
                else "A quotation of {words} words comes from “{source}”; nothing near it says so.",
                action="Name and link the source of the quotation.",
                numbers=_numbers(shared),
            )
