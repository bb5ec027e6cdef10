"""Find out whether a document says where a shared passage comes from.

A passage is *quoted* when it stands in quotation marks or a block quotation, and *credited* when
its paragraph, or what stands right before or after it, names or links the other document.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from rseaudit import richtext
from rseaudit.duplicates.addresses import addresses_of, comparable, host, names
from rseaudit.duplicates.crediting import CREDIT, ITS_TEXT, LEADING_CREDIT, SOURCE_LINE
from rseaudit.duplicates.naming import Spellings, is_written, spellings
from rseaudit.duplicates.quotation import quotations
from rseaudit.model import Document, Span
from rseaudit.people import Directory
from rseaudit.richtext import Link
from rseaudit.text import fold, forms, sentences

_ADDRESS = re.compile(r"https?://[^\s<>\"'«»()\[\]]+[^\s<>\"'«»()\[\].,;:!?…]")
_PLACE = ("espace", "groupe", "communaute", "canal", "rubrique", "page", "space", "group")
_ORIGINS = ("de", "d", "du", "de l", "de la", "par", "par l", "par la", "selon", "selon l", "selon la", "source")
# A sentence that ends with a colon, a line that begins with a name and a dash or colon.
_INTRODUCES = re.compile(r":\s*$|^\W*(?:l[ae]s? |l'|votre |notre )?\w+(?: \w+){0,3} ?(?: [–—|-]|:) ")
_NAME_WORDS = 3
_SIGNATURE_WORDS = 5
_REACH = 600
_SHORT_LINE = 240
_OPENING = 80
# The same sentences are read again for each document that shares a passage with theirs.
_REMEMBERED = 20_000


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
        return tuple(sorted({*self._rich.quotes, *quotations(self.document.text)}))

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
    def credit_lines(self) -> tuple[int, ...]:
        """Numbers of the paragraphs that begin like a line of credits ("Source: …")."""
        starts = (self.document.text[span.start : span.end][:_OPENING] for span in self.paragraphs)
        return tuple(n for n, start in enumerate(starts) if LEADING_CREDIT.match(fold(start)))

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
        title = _spaced(document.title)
        self._title = title.strip() if title.count(" ") > _NAME_WORDS else ""
        self._title_parts = _title_parts(document.title)
        author = directory.find(document.author)
        own_author = directory.same(document.author, reader.author)
        labels = [document.source] if self._foreign else []
        self._author = Spellings()
        named = author is not None and not own_author and "@" not in author.name
        name = _spaced(author.name).split() if author is not None and named else []
        if author is not None and len(name) > 1:
            self._author = spellings(author.name)
        elif name:
            # One word ("Infirmerie") is credited where it is the origin, not where it is merely mentioned.
            labels += [f"{link} {name[0]}" for link in _ORIGINS]
        labels += [f"{kind} {name}" for name in document.spaces if name not in reader.spaces for kind in _PLACE]
        self._labels = tuple(spaced for label in labels if (spaced := _spaced(label)))

    def linked(self, target: str, *, site: bool) -> bool:
        """Tell whether an address leads to the document or, if ``site``, to its site when that is another."""
        wanted = comparable(target)
        if wanted is None:
            return False
        return wanted in self._addresses or (site and self._host is not None and host(target) == self._host)

    def named(self, piece: str) -> bool:
        """Tell whether a piece of text names the document by its title, host or author, or credits its source.

        The full name of a person is enough; that of a service needs a word of credit beside it or a colon
        behind it, a place or a first name a word of credit.
        """
        if any(spelling in _spaced(piece) for spelling in self._author.alone):
            return True
        for written, spoken, folded, credits in _sentences(piece):
            if self._title and f" {self._title} " in spoken:
                # A heading that repeats the title was copied with the text; a sentence around it cites.
                others = spoken.count(" ") - self._title.count(" ") - 2
                if credits or others >= _NAME_WORDS:
                    return True
            if self._host is not None and self._host in folded:
                return True
            if self._is_said_to_be(spoken):
                return True
            if (credits or _INTRODUCES.search(folded)) and self._names_author(spoken, written):
                return True
            if credits and self._names_place_or_first_name(spoken, written):
                return True
        return False

    def signs(self, line: str) -> bool:
        """Tell whether a line is hardly more than the author's name ("Votre CSE")."""
        spoken = _heard(line)[0]
        return spoken.count(" ") <= _SIGNATURE_WORDS + 1 and self._names_author(spoken, line)

    def _is_said_to_be(self, spoken: str) -> bool:
        """Tell whether a text is said to be the author's ("rappel du service HSE", "signalé par l'infirmerie")."""
        places = [spoken.find(spelling) for spelling in self._author.beside]
        if self._author.service is not None and (found := self._author.service.search(spoken)):
            places.append(found.start())
        return any(place > 0 and ITS_TEXT.search(spoken[: place + 1]) for place in places)

    def _names_author(self, spoken: str, written: str) -> bool:
        """Tell whether a sentence names the author, or gives a part of the title long enough to stand for it."""
        author = self._author
        return (
            any(label in spoken for label in (*self._title_parts, *author.beside))
            or bool(author.service and author.service.search(spoken))
            or any(is_written(initials, written) for initials in author.initials)
        )

    def _names_place_or_first_name(self, spoken: str, written: str) -> bool:
        first = self._author.first
        return any(label in spoken for label in self._labels) or bool(first and is_written(first, written))


@lru_cache(maxsize=_REMEMBERED)
def _spaced(label: str) -> str:
    """Return the normalised words between spaces, nothing when there are none."""
    return f" {' '.join(found)} " if (found := forms(fold(label))) else ""


@lru_cache(maxsize=_REMEMBERED)
def _title_parts(title: str) -> tuple[str, ...]:
    """Return what a title says before and after its colon or dash, as far as it is long enough to name it."""
    parts = [_spaced(part) for part in re.split(r"\s[:–—|-]\s|(?<=[?!])\s", title)]
    return tuple(part for part in parts if part.count(" ") > _NAME_WORDS) if len(parts) > 1 else ()


@lru_cache(maxsize=_REMEMBERED)
def _sentences(piece: str) -> tuple[tuple[str, str, str, bool], ...]:
    """Return each sentence as it is written and as it is heard."""
    return tuple((sentence.text, *_heard(sentence.text)) for sentence in sentences(piece))


@lru_cache(maxsize=_REMEMBERED)
def _heard(sentence: str) -> tuple[str, str, bool]:
    """Return the words between spaces, the normalised text, and whether it holds a word of credit."""
    folded = fold(sentence)
    return f" {' '.join(forms(folded))} ", folded, CREDIT.search(folded) is not None


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
    line = _ADDRESS.sub(" ", reading.document.text[after.start : after.end])
    return origin.named(line) or origin.signs(line)


def _names_a_source(reading: Reading, passage: Span) -> bool:
    lines = (span for span in _neighbours(reading, passage) if span is not None)
    pieces = (reading.document.text[span.start : span.end] for span in lines if span.end - span.start <= _SHORT_LINE)
    return any(_is_source_line(piece) for piece in pieces)


@lru_cache(maxsize=_REMEMBERED)
def _is_source_line(line: str) -> bool:
    return SOURCE_LINE.match(fold(line)) is not None


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
    yield from (paragraphs[number] for number in reading.credit_lines if not first <= number <= last)


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
