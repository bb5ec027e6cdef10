"""All that a rule may look at: one document, its audience, its matches, who answers, and the date."""

from __future__ import annotations

from dataclasses import InitVar, dataclass, field, replace
from datetime import date, datetime
from functools import cached_property

from rseaudit.audience.language import ForeignParagraph, codes, foreign_paragraphs, identify
from rseaudit.audience.minutes import is_minutes
from rseaudit.audience.reading import Reading
from rseaudit.audit.today import Today
from rseaudit.config.settings import AuditSettings
from rseaudit.model import Audience, Document, Match, Originality, Ref, Responsible, Side, Span

_SURE = 0.9
# Below this many written words there is too little text to say whom it suits.
LEAST_WORDS = 40
# A post says its date and scrolls away; a page claims to be true until somebody takes it down.
_DATED_KINDS = frozenset(("post", "comment", "activity", "status", "thread", "topic", "message", "news"))
_OPPOSITE: dict[Side, Side] = {"document": "other", "other": "document", "unknown": "unknown"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """A match seen from the judged document: ``match.document`` is that document.

    ``other`` is ``None`` when the other content is not at hand; ``same_author`` when one person wrote both.
    """

    match: Match
    other: Document | None = None
    other_audience: Audience | None = None
    same_author: bool = False

    @property
    def is_taken(self) -> bool:
        """Tell whether evidence says that the other content came first and somebody else wrote it."""
        return self.match.original == "other" and not self.same_author


def seen_from(match: Match, ref: Ref) -> Match:
    """Turn a match round so that ``ref`` is its ``document``; the id stays."""
    if match.document == ref:
        return match
    passages = (replace(passage, document=passage.other, other=passage.document) for passage in match.passages)
    return replace(
        match,
        document=match.other,
        other=match.document,
        share_of_document=match.share_of_other,
        share_of_other=match.share_of_document,
        original=_OPPOSITE[match.original],
        passages=tuple(sorted(passages, key=lambda passage: (passage.document, passage.other))),
    )


@dataclass(frozen=True, kw_only=True)
class Context:
    """One document with what is known about it; ``shared`` is in order of the other content's id.

    Time is asked of ``today`` alone, which notes until when its answers hold: what depends on them is
    judged again then, and nothing else is. So nothing here may keep an answer of it.
    """

    document: Document
    audience: Audience | None
    responsible: Responsible
    now: InitVar[datetime]
    settings: AuditSettings
    author_inactive: bool = False
    shared: tuple[Shared, ...] = ()
    originality: Originality | None = None
    space_audiences: tuple[Audience, ...] = ()
    today: Today = field(init=False, repr=False, compare=False)

    def __post_init__(self, now: datetime) -> None:
        object.__setattr__(self, "today", Today(now))

    @cached_property
    def reading(self) -> Reading:
        return Reading(self.document)

    @property
    def words(self) -> int:
        """Written words of the text, ``l'intranet`` being one."""
        return len(self.reading.words)

    @cached_property
    def expected_languages(self) -> tuple[str, ...]:
        """Two-letter codes that the audience reads, else those of ``[audit] languages``."""
        declared = self.audience.languages if self.audience is not None else ()
        return codes(declared or self.settings.languages)

    @cached_property
    def language(self) -> str:
        """The text's own language; for short texts what the platform or the audience says.

        Platforms label everything with the language of their interface, so the text speaks first.
        """
        spoken = identify(self.document.text, self.expected_languages)
        if spoken is not None and spoken.confidence >= _SURE:
            return spoken.language
        return next(iter((*codes([self.document.lang or ""]), *self.expected_languages)), "fr")

    @property
    def is_french(self) -> bool:
        return self.language == "fr"

    @cached_property
    def foreign(self) -> tuple[ForeignParagraph, ...]:
        """Paragraphs in a language that is not expected, in text order."""
        return foreign_paragraphs(self.reading, self.expected_languages)

    @cached_property
    def foreign_spans(self) -> tuple[Span, ...]:
        """Where they stand."""
        return tuple(paragraph.span for paragraph in self.foreign)

    @cached_property
    def is_minutes(self) -> bool:
        """Tell whether the content records a meeting: it tells what was, and asks nothing."""
        return is_minutes(self.document)

    @property
    def is_dated(self) -> bool:
        """Tell whether readers see at once of which day the content is: a post, a comment, a news item."""
        return self.document.kind in _DATED_KINDS

    @property
    def is_passing(self) -> bool:
        """Tell whether it is a short message of a stream, fewer than 40 words: nobody expects it to last."""
        return self.is_dated and self.words < LEAST_WORDS

    @property
    def last_change(self) -> datetime | None:
        """The later of creation and modification; ``None`` when the platform gives neither."""
        known = [instant for instant in (self.document.created, self.document.modified) if instant is not None]
        return max(known, default=None)

    @property
    def age_days(self) -> int | None:
        """Whole days since the last change; never negative; ``None`` when unknown. It holds for a day."""
        return None if self.last_change is None else self.today.days_since(self.last_change)

    def is_older_than(self, days: int) -> bool:
        """Tell whether the last change is known and more than so many whole days ago."""
        return self.last_change is not None and self.today.is_older(self.last_change, days)

    def is_past(self, day: date) -> bool:
        """Tell whether a day is over."""
        return self.today.is_past(day)
