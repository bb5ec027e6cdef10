"""Find out whether a document says where a shared passage comes from.

A passage is *quoted* when it stands in quotation marks or a block quotation, and *credited* when
its paragraph, or what stands right before or after it, names or links the other document.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from rseaudit import richtext
from rseaudit.duplicates.addresses import addresses_of, comparable, host, names
from rseaudit.model import Document, Span
from rseaudit.people import Directory
from rseaudit.richtext import Link
from rseaudit.text import normalise, sentences, words

_MARKS = re.compile(r"«[^«»]{2,20000}»|“[^“”]{2,20000}”|„[^„“”]{2,20000}[“”]|(?<!\w)\"[^\"\n]{2,4000}\"(?!\w)")
_MARKED_LINES = re.compile(r"(?:^[ \t]*>[^\n]*(?:\n|\Z))+", re.MULTILINE)
_ADDRESS = re.compile(r"https?://[^\s<>\"'«»()\[\]]+[^\s<>\"'«»()\[\].,;:!?…]")
# A credit in plain words, over the normalised sentence. Naming a place is not yet citing it.
_CREDITS = (
    r"sources?|credits?|d'apres|selon|via|extraits?|cite\w*|citation|article original|texte original",
    r"(?:tire|issu|repris|extrait)e?s? d[eu']?",
    r"(?:publie|paru|vu|lu|trouve|annonce|rappele|explique|ecrit|indique|transmis|envoye|redige|signe)e?s? "
    r"(?:sur|par|dans)",
    r"(?:article|communique|note|actualite|billet|message|texte|page|publication) (?:de|du|d'|paru|publie|sur)",
    r"relay\w+|partag\w+|recopi\w+|(?:fais|faire|fait) suivre|voici ce (?:que|qu'|qui)",
    r"(?:ecri|di|expliqu|rappell?|annonc|indiqu|precis)(?:t|e|ent|ait)",
    r"according to|taken from|excerpts?|originally|published|from|quot\w+|by",
)
_CREDIT = re.compile(r"\b(?:" + "|".join(_CREDITS) + r")(?!\w)")
_LEADING_CREDIT = re.compile(
    r"\s*[(\[*_-]*\s*(?:sources?|d'apres|extrait|article original|texte original|via|credits?|originally|from)\b"
)
# A line of its own that names any source at all, next to the passage: nobody hides where it comes from.
_SOURCE_LINE = re.compile(r"\s*[(\[*_-]*\s*(?:sources?|credits?|origine|auteure?|article|texte)(?: \w+){0,2} ?: ?\w")
_PLACE = ("espace", "groupe", "communaute", "canal", "rubrique", "page", "space", "group")
_ORIGINS = ("de", "d", "du", "de l", "de la", "par", "par l", "par la", "selon", "selon l", "selon la", "source")
_NAME_WORDS = 3
_REACH = 600
_SHORT_LINE = 240


@dataclass(frozen=True, slots=True)
class Claim:
    """What a document says of one passage: it stands in quotation marks; its origin is told."""

    quoted: bool
    credited: bool

    @property
    def attributed(self) -> bool:
        return self.quoted or self.credited


class Reading:
    """One document as its reader sees it: quotations, links, sentences, paragraphs."""

    def __init__(self, document: Document) -> None:
        self.document = document

    @cached_property
    def _rich(self) -> richtext.RichText:
        document = self.document
        if document.body is None:
            return richtext.RichText(document.text)
        rich = richtext.read(document.body, document.format)
        # Offsets of another text would point nowhere.
        return rich if rich.text == document.text else richtext.RichText(document.text)

    @cached_property
    def quotes(self) -> tuple[Span, ...]:
        """Spans of quotations, by their marks or as blocks, in order; they may overlap."""
        text = self.document.text
        marked = [Span(m.start(), m.end()) for pattern in (_MARKS, _MARKED_LINES) for m in pattern.finditer(text)]
        return tuple(sorted({*self._rich.quotes, *marked}))

    @cached_property
    def links(self) -> tuple[Link, ...]:
        """Links with their places: anchors, and addresses written out."""
        bare = (Link(Span(m.start(), m.end()), m.group()) for m in _ADDRESS.finditer(self.document.text))
        return tuple(sorted((*self._rich.links, *bare), key=lambda link: (link.span, link.target)))

    @cached_property
    def paragraphs(self) -> tuple[Span, ...]:
        """Lines with words in them; platforms end a paragraph by a line break."""
        return tuple(Span(m.start(), m.end()) for m in re.finditer(r"[^\n]*[^\s][^\n]*", self.document.text))

    @cached_property
    def merged_quotes(self) -> tuple[Span, ...]:
        """Quotations without overlaps, in order."""
        merged: list[Span] = []
        for span in self.quotes:
            if merged and span.start <= merged[-1].end:
                merged[-1] = Span(merged[-1].start, max(merged[-1].end, span.end))
            else:
                merged.append(span)
        return tuple(merged)


class Origin:
    """How another document may be named: by its addresses, host, title, source and author."""

    def __init__(self, document: Document, reader: Document, directory: Directory) -> None:
        self.document = document
        self._addresses = addresses_of(document)
        self._foreign = document.source != reader.source
        own_host, other_host = host(reader.url), host(document.url)
        self._host = other_host if other_host and other_host != own_host else None
        title = words(document.title).forms
        self._title = " ".join(title) if len(title) >= _NAME_WORDS else ""
        author = directory.find(document.author)
        own_author = directory.same(document.author, reader.author)
        labels = [document.source] if self._foreign else []
        self._author = ""
        name = words(author.name).forms if author is not None and not own_author and "@" not in author.name else ()
        if author is not None and len(name) > 1:
            labels.append(author.name)
            if _is_personal(author.name):
                self._author = f" {' '.join(name)} "
        elif name:
            # One word ("Infirmerie") is credited where it is the origin, not where it is merely mentioned.
            labels += [f"{link} {name[0]}" for link in _ORIGINS]
        labels += [f"{kind} {name}" for name in document.spaces if name not in reader.spaces for kind in _PLACE]
        self._labels = tuple(f" {' '.join(w)} " for label in labels if (w := words(label).forms))

    def linked(self, target: str, *, site: bool) -> bool:
        """Tell whether an address leads to the document or, if ``site``, to its site when that is another."""
        wanted = comparable(target)
        if wanted is None:
            return False
        return wanted in self._addresses or (site and self._host is not None and host(target) == self._host)

    def named(self, piece: str) -> bool:
        """Tell whether a piece of text names the document by its title, host or author, or credits its source.

        The full name of a person is enough; that of a service or place needs a word of credit beside it.
        """
        for sentence in sentences(piece):
            forms, folded = f" {' '.join(words(sentence.text).forms)} ", normalise(sentence.text).text
            credits = _CREDIT.search(folded) is not None
            if self._title and f" {self._title} " in forms:
                # A heading that repeats the title was copied with the text; a sentence around it cites.
                others = forms.count(" ") - self._title.count(" ") - 2
                if credits or others >= _NAME_WORDS:
                    return True
            if self._host is not None and self._host in folded:
                return True
            if self._author and self._author in forms:
                return True
            if credits and any(label in forms for label in self._labels):
                return True
        return False


def claim(reading: Reading, origin: Origin, passage: Span, *, quoted: bool) -> Claim:
    """Return what the document says of the passage at ``passage`` with regard to ``origin``.

    A credit counts in the passage's own paragraphs, but outside the passage; in the line before (its
    last sentence if it is long) or the one above when both are short; in a short line after; and in a line
    of credits anywhere ("Source: …").
    Next to the passage such a line may name any source.
    """
    document, other = reading.document, origin.document
    if names(document.shared_from, other, source=document.source) or names(
        document.canonical, other, source=document.source
    ):
        return Claim(quoted, True)
    areas = list(_areas(reading, passage))
    # A link or a title inside the passage may have been copied with it.
    near = [link for link in reading.links if any(_touch(link.span, area) for area in areas)]
    if any(origin.linked(link.target, site=not _touch(link.span, passage)) for link in near):
        return Claim(quoted, True)
    outside = [document.text[piece.start : piece.end] for area in areas for piece in _around(area, passage)]
    if any(origin.named(piece) for piece in outside):
        return Claim(quoted, True)
    return Claim(quoted, _is_followed(reading, origin, passage) or _names_a_source(reading, passage))


def _is_followed(reading: Reading, origin: Origin, passage: Span) -> bool:
    """Tell whether the line right after the passage leads to the document itself or names it.

    What follows often leads elsewhere ("Read also: …"), so any other page of the same site is not enough.
    """
    after = _neighbours(reading, passage)[1]
    if after is None or after.end - after.start > _SHORT_LINE:
        return False
    if any(origin.linked(link.target, site=False) for link in reading.links if _touch(link.span, after)):
        return True
    return origin.named(_ADDRESS.sub(" ", reading.document.text[after.start : after.end]))


def _names_a_source(reading: Reading, passage: Span) -> bool:
    lines = (span for span in _neighbours(reading, passage) if span is not None)
    pieces = (reading.document.text[span.start : span.end] for span in lines if span.end - span.start <= _SHORT_LINE)
    return any(_SOURCE_LINE.match(normalise(piece).text) for piece in pieces)


def _neighbours(reading: Reading, passage: Span) -> tuple[Span | None, Span | None]:
    """Return the lines right before and right after those in which the passage stands."""
    before = after = None
    for span in reading.paragraphs:
        if span.end <= passage.start:
            before = span
        elif span.start >= passage.end:
            after = span
            break
    return before, after


def _is_personal(name: str) -> bool:
    """Tell whether a name looks like that of a person: every word of it begins with a capital."""
    return all(word[0].isupper() for word in re.findall(r"[^\W\d_]+", name))


def _areas(reading: Reading, passage: Span) -> Iterator[Span]:
    text, paragraphs = reading.document.text, reading.paragraphs
    inside = [number for number, span in enumerate(paragraphs) if _touch(span, passage)]
    if not inside:
        return
    first, last = inside[0], inside[-1]
    yield Span(paragraphs[first].start, paragraphs[last].end)
    if first:
        before = paragraphs[first - 1]
        yield before if before.end - before.start <= 400 else _last_sentence(text, before)
        above = paragraphs[first - 2] if first > 1 else None
        if above is not None and max(before.end - before.start, above.end - above.start) <= _SHORT_LINE:
            yield above
    for number, span in enumerate(paragraphs):
        if number not in inside and _LEADING_CREDIT.match(normalise(text[span.start : span.end][:80]).text):
            yield span


def _last_sentence(text: str, span: Span) -> Span:
    cut = sentences(text[span.start : span.end])
    return Span(span.start + cut[-1].start, span.end) if cut else span


def _touch(one: Span, two: Span) -> bool:
    return one.start < two.end and two.start < one.end


def _around(area: Span, passage: Span) -> Iterator[Span]:
    """Yield what of an area stands before and after the passage, as far as a reader would connect it."""
    if area.start < passage.start:
        end = min(area.end, passage.start)
        yield Span(max(area.start, end - _REACH), end)
    if area.end > passage.end:
        start = max(area.start, passage.end)
        yield Span(start, min(area.end, start + _REACH))
