"""What an audit remembers of each document, so that the next one judges only what has changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime

from rseaudit import program
from rseaudit.audit.context import Context
from rseaudit.audit.registry import Rule
from rseaudit.audit.today import Until
from rseaudit.config.settings import AuditSettings
from rseaudit.ids import short_hash
from rseaudit.model import Document, Finding, Ref

# What rules are made of: besides them, whatever reads a text for them.
_PARTS = ("audit", "audience", "model", "ids.py", "people.py", "richtext.py", "text.py")
_LIBRARIES = ("py3langid", "simplemma", "beautifulsoup4", "lxml", "markdown-it-py")
# No rule looks at these; they change with every reader or crawl.
_UNREAD = frozenset(("likes", "views", "comments", "accounts", "first_seen", "dates", "extra"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One document as it was judged: ``key`` is the fingerprint of all that its judgement depends on but time.

    ``until`` says, for each rule that asked about time, how long what it said holds; the other rules
    say the same for good. True for any audit at ``at`` or later.
    """

    document: Ref
    key: str
    at: datetime
    words: int
    until: Mapping[str, Until] = field(default_factory=dict)

    def to_ask(self, rules: Iterable[Rule], now: datetime) -> tuple[Rule, ...]:
        """Return the rules whose answer time may have changed."""
        over = {name for name, until in self.until.items() if not until.holds(now)}
        return tuple(rule for rule in rules if rule.name in over)

    def renewed(self, asked: Iterable[Rule], until: Mapping[str, Until], now: datetime) -> Judged:
        """Return it with what some rules, asked again, said of time."""
        again = {rule.name for rule in asked}
        kept = {name: one for name, one in self.until.items() if name not in again}
        return replace(self, at=now, until={**kept, **until})


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """What the last audit left: each document as it was judged, and the findings of all."""

    judged: Mapping[Ref, Judged]
    findings: Mapping[Ref, tuple[Finding, ...]]

    @classmethod
    def of(cls, judged: tuple[Judged, ...], findings: tuple[Finding, ...]) -> Memory:
        """Put what the store kept in order."""
        by_document: dict[Ref, list[Finding]] = {}
        for finding in findings:
            by_document.setdefault(finding.document, []).append(finding)
        return cls(
            judged={item.document: item for item in judged},
            findings={ref: tuple(found) for ref, found in by_document.items()},
        )

    def recall(self, ref: Ref, key: str, now: datetime) -> Judged | None:
        """Return how a document was judged if nothing has changed since but the date."""
        known = self.judged.get(ref)
        return known if known is not None and known.key == key and known.at <= now else None

    def still(self, ref: Ref, asked: Iterable[Rule]) -> tuple[Finding, ...]:
        """Return what the rules that are not asked again found in a document."""
        again = {rule.name for rule in asked}
        return tuple(finding for finding in self.findings.get(ref, ()) if finding.rule not in again)


NOTHING = Memory(judged={}, findings={})


class Fingerprints:
    """Fingerprints of contexts under one set of settings. Each document is read once, however often it is shared."""

    def __init__(self, settings: AuditSettings) -> None:
        self._rules = short_hash(made_of(), settings.model_dump_json(exclude={"fail_on"}))
        self._documents: dict[Ref, str] = {}

    def key(self, context: Context) -> str:
        """Return the fingerprint of all that rules can see, time excepted."""
        seen = [
            self._rules,
            self._document(context.document),
            repr((context.audience, context.responsible, context.author_inactive)),
            repr((context.originality, context.space_audiences)),
        ]
        for one in context.shared:
            other = "" if one.other is None else self._document(one.other)
            seen += [other, repr((one.match, one.other_audience, one.same_author))]
        return short_hash(*seen)

    def _document(self, document: Document) -> str:
        found = self._documents.get(document.ref)
        if found is None:
            parts = (repr(getattr(document, name)) for name in _READ)
            found = self._documents[document.ref] = short_hash(*parts)
        return found


_READ = tuple(field.name for field in fields(Document) if field.name not in _UNREAD)


def made_of() -> str:
    """Return a fingerprint of the rules themselves."""
    return program.made_of(_PARTS, _LIBRARIES)
