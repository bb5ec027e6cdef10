"""Find quotations by their signs: marks of several languages, and lines that begin with an angle."""

from __future__ import annotations

import re

from rseaudit.model import Span

# All begin with one set of signs, which is what the search jumps to. Prose opens marks anew at each paragraph and
# closes them once. A single mark is an apostrophe as well: it closes only behind the end of a sentence.
_MARKS = re.compile(
    r"[«“”„\"‹<‘'](?:"
    r"(?<=«)[^«»]{2,20000}(?:\n\s*«[^«»]{2,20000}){0,40}»"
    r"|(?<=[“”])[^“”]{2,20000}(?:\n\s*“[^“”]{2,20000}){0,40}[“”]"
    r"|(?<=„)[^„“”]{2,20000}[“”]"
    r"|(?<=\")(?<!\w\")[^\"\n]{2,4000}\"(?!\w)"
    r"|(?<=‹)[^‹›]{2,4000}›"
    r"|(?<=<)<[^<>]{2,4000}>>"
    r"|(?<=[‘'])(?<!\w[‘'])(?=\w)[^‘\n]{2,1500}?[.!?…]['’](?!\w)"
    r")"
)
_MARKED_LINES = re.compile(r"(?:^[ \t]*>[^\n]*(?:\n|\Z))+", re.MULTILINE)


def quotations(text: str) -> list[Span]:
    """Return the spans of quotations with their signs; those of lines may overlap those of marks."""
    return [Span(m.start(), m.end()) for pattern in (_MARKS, _MARKED_LINES) for m in pattern.finditer(text)]
