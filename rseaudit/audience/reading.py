"""A document as its reader meets it: words, sentences, paragraphs, quotations, links; each cut once."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from rseaudit import richtext
from rseaudit.audience.prose import longest_stretch, written_words
from rseaudit.model import Document, Quote, Span
from rseaudit.text import Normalised, Sentence, normalise, sentences

_LINE = re.compile(r"[^\n]*\S[^\n]*")
_MARKED = re.compile(
    r"«[^«»]{2,20000}»|“[^“”]{2,20000}”|(?<!\w)\"[^\"\n]{2,4000}\"(?!\w)|(?:^[ \t]*>[^\n]*(?:\n|\Z))+", re.MULTILINE
)
_ADDRESS = re.compile(r"https?://[^\s<>\"'«»()\[\]]+|www\.[^\s<>\"'«»()\[\]]+")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One line with words in it: platforms end a paragraph by a line break."""

    start: int
    end: int
    words: int


@dataclass(frozen=True)
class Reading:
    """Facts about one document, computed when first asked and then kept."""

    document: Document

    @property
    def text(self) -> str:
        return self.document.text

    @cached_property
    def _rich(self) -> richtext.RichText:
        document = self.document
        if document.body is None:
            return richtext.RichText(document.text)
        rich = richtext.read(document.body, document.format)
        # Offsets of another text would point nowhere.
        return rich if rich.text == document.text else richtext.RichText(document.text)

    @cached_property
    def normalised(self) -> Normalised:
        return normalise(self.text)

    @cached_property
    def words(self) -> tuple[Span, ...]:
        return written_words(self.text)

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        return sentences(self.text)

    @cached_property
    def sentence_words(self) -> tuple[int, ...]:
        """How many written words each sentence has, in the order of ``sentences``."""
        return tuple(len(written_words(sentence.text)) for sentence in self.sentences)

    @cached_property
    def stretches(self) -> tuple[int, ...]:
        """The longest run of words of each sentence, in the order of ``sentences``.

        A run ends at a colon or semicolon; quotations and code do not count, and code alone has 0 words.
        """
        return tuple(longest_stretch(s.text, self._quoted_in(s.start, s.end)) for s in self.sentences)

    def _quoted_in(self, start: int, end: int) -> tuple[Span, ...]:
        """Return the quotations within ``[start, end)``, counted from ``start``."""
        found = []
        number = bisect_left(self._quotation_starts, end)
        # Backwards, until no earlier quotation reaches this far.
        while number and self._quotation_reach[number - 1] > start:
            number -= 1
            span = self.quotations[number]
            if span.end > start:
                found.append(Span(max(0, span.start - start), min(end, span.end) - start))
        return tuple(reversed(found))

    @cached_property
    def _quotation_starts(self) -> tuple[int, ...]:
        return tuple(span.start for span in self.quotations)

    @cached_property
    def _quotation_reach(self) -> tuple[int, ...]:
        """The furthest end of each quotation and those before it."""
        return tuple(accumulate((span.end for span in self.quotations), max))

    @cached_property
    def paragraphs(self) -> tuple[Paragraph, ...]:
        return tuple(
            Paragraph(m.start(), m.end(), len(written_words(m.group())))
            for m in _LINE.finditer(self.text)
            if written_words(m.group())
        )

    @cached_property
    def quotations(self) -> tuple[Span, ...]:
        """What others say: text between quotation marks, block quotations, lines marked by ``>``."""
        marked = (Span(match.start(), match.end()) for match in _MARKED.finditer(self.text))
        return tuple(sorted({*self._rich.quotes, *marked}))

    @cached_property
    def targets(self) -> tuple[str, ...]:
        """Where the links of the markup lead, as written, in text order."""
        return tuple(link.target for link in self._rich.links)

    @cached_property
    def links(self) -> tuple[Span, ...]:
        """Words that lead elsewhere: anchors, and addresses written out."""
        bare = (Span(match.start(), match.end()) for match in _ADDRESS.finditer(self.text))
        return tuple(sorted({*(link.span for link in self._rich.links), *bare}))

    def is_quoted(self, start: int, end: int) -> bool:
        """Tell whether the whole of ``[start, end)`` is in somebody else's words."""
        return any(quoted == Span(0, end - start) for quoted in self._quoted_in(start, end))

    def quote(self, start: int, end: int) -> Quote:
        """Return a piece of the text as evidence, without white space around it."""
        piece = self.text[start:end]
        start += len(piece) - len(piece.lstrip())
        end -= len(piece) - len(piece.rstrip())
        return Quote(start, max(start, end), self.text[start : max(start, end)])


def reading_seconds(words: int, words_per_minute: int) -> int:
    """Return how long a text of so many words takes to read, in whole seconds, rounded up."""
    return -(-words * 60 // words_per_minute)


def longest(sentences: Sequence[Sentence], counts: Sequence[int], *, over: int, most: int) -> tuple[Sentence, ...]:
    """Return at most ``most`` sentences of more than ``over`` words: the longest ones, in text order."""
    long = [
        (-count, sentence.start, sentence) for sentence, count in zip(sentences, counts, strict=True) if count > over
    ]
    return tuple(sorted((item[2] for item in sorted(long, key=lambda item: item[:2])[:most]), key=lambda s: s.start))
