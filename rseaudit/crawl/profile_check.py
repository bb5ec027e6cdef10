"""What each selector of a profile yields on a page: the answer of ``rseaudit profile check``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from zoneinfo import ZoneInfo

from rseaudit import richtext
from rseaudit.config.settings import Profile, SourceSettings
from rseaudit.crawl import dates, values
from rseaudit.crawl.addresses import search, target
from rseaudit.crawl.declared import declared
from rseaudit.crawl.extraction import guessed_date, main_html
from rseaudit.crawl.fields import Fields
from rseaudit.crawl.page import Page
from rseaudit.crawl.selectors import selector
from rseaudit.errors import UsageError

Problem = Literal["nothing-found", "not-understood", "no-match", "slow-pattern", "wrong-selector"]

_SHOWN, WIDTH = 5, 120
_PEOPLE = frozenset(
    "document.author document.owner document.last_editor space.owner space.moderators space.members".split()
)
_DATES = frozenset(("document.created", "document.modified"))
COUNTS = frozenset(("document.comments", "document.likes", "document.views"))
_VISIBILITIES = frozenset(("document.visibility", "space.visibility"))


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldReport:
    """One key of a profile on one page; ``selector`` is ``None`` for what is left to extraction.

    ``values`` are the first texts found, as printed there; ``meaning`` is what they are read as (a
    date, a count, a visibility, persons, an id). ``detail`` explains a ``wrong-selector``.
    """

    name: str
    selector: str | None
    values: tuple[str, ...] = ()
    meaning: str | None = None
    problem: Problem | None = None
    detail: str | None = None

    @property
    def empty(self) -> bool:
        """Whether the key yields nothing here."""
        return not self.values

    @property
    def value(self) -> str | None:
        """What the key yields in one text: the first value, and what it is read as when that differs."""
        if self.empty:
            return None
        first = self.values[0]
        return first if self.meaning in (None, first) else f"{first} → {self.meaning}"


def explain(page: Page, source: SourceSettings, profile: Profile | None) -> list[FieldReport]:
    """Report every key that the profile declares, in the order of the settings, then what extraction gives.

    Extraction answers for title, text, author and created when they are not declared. Never raises: a
    wrong selector or pattern is reported.
    """
    profile = profile or Profile()
    reports: list[FieldReport] = []
    item = profile.item
    if item is not None:
        reports.append(_items(page, item))
        if reports[-1].problem == "wrong-selector":
            item = None
    fields = Fields(page.tree, item)
    for table, model in (("document", profile.document), ("space", profile.space)):
        if model is None:
            continue
        for key in type(model).model_fields:
            if (text := getattr(model, key)) is None:
                continue
            name = f"{table}.{key}"
            reports.append(
                _pattern(page, name, text) if key == "match" else _field(fields, name, text, source, profile)
            )
    return reports + _extracted(page, source, profile)


def _extracted(page: Page, source: SourceSettings, profile: Profile) -> list[FieldReport]:
    said = declared(page)
    css = profile.document
    found: dict[str, str | None] = {}
    if css.title is None:
        found["title"] = said.title
    if css.text is None:
        html = main_html(page)
        found["text"] = " ".join(richtext.read(html, "html").text.split()) if html else None
    if css.author is None:
        found["author"] = said.author
    if css.created is None:
        guess = None if said.created or css.text is not None else guessed_date(page, ZoneInfo(source.timezone))
        found["created"] = said.created or (guess.isoformat() if guess else None)
    return [
        FieldReport(
            name=f"document.{key}",
            selector=None,
            values=(value[:WIDTH],) if value else (),
            problem=None if value else "nothing-found",
        )
        for key, value in found.items()
    ]


def _items(page: Page, css: str) -> FieldReport:
    try:
        found = selector(css).elements(page.tree)
    except UsageError as error:
        return FieldReport(name="item", selector=css, problem="wrong-selector", detail=str(error))
    shown = tuple(value[:WIDTH] for element in found[:_SHOWN] if (value := selector(css).value(element)))
    return FieldReport(
        name="item", selector=css, values=shown, meaning=str(len(found)), problem=None if found else "nothing-found"
    )


def _pattern(page: Page, name: str, pattern: str) -> FieldReport:
    try:
        found = search(pattern, target(page.key))
    except TimeoutError:
        return FieldReport(name=name, selector=pattern, problem="slow-pattern")
    except UsageError as error:
        return FieldReport(name=name, selector=pattern, problem="wrong-selector", detail=str(error))
    if found is None:
        return FieldReport(name=name, selector=pattern, problem="no-match")
    return FieldReport(name=name, selector=pattern, values=(found.group(),), meaning=found.groupdict().get("native_id"))


def _field(fields: Fields, name: str, css: str, source: SourceSettings, profile: Profile) -> FieldReport:
    try:
        found = fields.all(css)
        people = fields.labels(css) if name in _PEOPLE else ()
    except UsageError as error:
        return FieldReport(name=name, selector=css, problem="wrong-selector", detail=str(error))
    return report_of(name, css, found, meaning_of(name, found, people, source, profile))


def meaning_of(
    name: str, found: tuple[str, ...], people: tuple[str, ...], source: SourceSettings, profile: Profile
) -> str | None:
    """Return what the values of a key are read as, ``None`` where they are read as they stand or not understood."""
    if not found:
        return None
    if name in _DATES:
        instants = (dates.parse(value, ZoneInfo(source.timezone)) for value in found)
        return next((instant.isoformat() for instant in instants if instant), None)
    if name in COUNTS:
        number = values.count(found[0])
        return None if number is None else str(number)
    if name in _VISIBILITIES:
        return values.visibility(found[0], profile.visibility_map)
    return ", ".join(people[:_SHOWN]) if name in _PEOPLE else None


def report_of(name: str, selector: str, found: tuple[str, ...], meaning: str | None) -> FieldReport:
    """Return the report on a key that yields ``found``."""
    if not found:
        return FieldReport(name=name, selector=selector, problem="nothing-found")
    understood = meaning is not None or name not in _DATES | COUNTS | _VISIBILITIES
    return FieldReport(
        name=name,
        selector=selector,
        values=tuple(value[:WIDTH] for value in found[:_SHOWN]),
        meaning=meaning,
        problem=None if understood else "not-understood",
    )
