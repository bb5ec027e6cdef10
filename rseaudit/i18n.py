"""Say things to people in French or English: sentences, plurals, numbers, dates.

Message ids are the English sentences themselves, with ``{name}`` places. French comes from the
``locale/fr*.po`` files, read when first needed: nothing has to be compiled. A sentence without
translation is said in English rather than not at all; a test makes sure that there is none.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date as Day
from datetime import datetime as Instant
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING, Literal

from rseaudit.errors import UsageError

if TYPE_CHECKING:
    from gettext import NullTranslations

    from babel.messages.catalog import Catalog

Lang = Literal["fr", "en"]
Value = str | int | float

# British dates: day, month, year, as everywhere else in Europe.
_LOCALES: Mapping[Lang, str] = {"fr": "fr_FR", "en": "en_GB"}
_PLURALS = "nplurals=2; plural=(n > 1);"
_PLACE = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)\}")


class Translator:
    """Speak one language. Made by ``translator``."""

    def __init__(self, lang: Lang, catalog: NullTranslations) -> None:
        self.lang: Lang = lang
        self._locale = _LOCALES[lang]
        self._catalog = catalog

    def template(self, msgid: str) -> str:
        """Return the sentence with its ``{name}`` places still open."""
        return self._catalog.gettext(msgid) if msgid else ""

    def text(self, msgid: str, /, **params: Value) -> str:
        """Return the sentence with its places filled.

        Numbers are written as the language does (``12 345,6``): give a year or an id as ``str``.
        A place without a value stays visible: a sentence from a rule never stops a report, and no
        attribute of a value can be reached from a sentence, unlike with ``str.format``.
        """
        return self._fill(self.template(msgid), params)

    def plural(self, one: str, many: str, n: int, /, **params: Value) -> str:
        """Return the form for ``n`` things, with ``{n}`` and the other places filled."""
        return self._fill(self._catalog.ngettext(one, many, n), {"n": n, **params})

    def number(self, value: int | float, *, digits: int = 2) -> str:
        """Write a number with at most ``digits`` decimals."""
        from babel.numbers import format_decimal

        pattern = "#,##0" + ("." + "#" * digits if digits else "")
        return format_decimal(value, format=pattern, locale=self._locale)

    def percent(self, share: float) -> str:
        """Write a share in [0, 1] as whole per cent; what is nearly nothing or all never says 0 or 100 %."""
        from babel.numbers import format_percent

        shown = min(max(round(share, 2), 0.01), 0.99) if 0 < share < 1 else share
        return format_percent(shown, locale=self._locale)

    def date(self, value: Day | Instant) -> str:
        """Write a day in full: ``4 mars 2026``, ``1er mars 2026``. An instant keeps its own zone."""
        from babel.dates import format_date

        return self._first(format_date(value, format="long", locale=self._locale))

    def period(self, start: Day, end: Day) -> str:
        """Write a stretch of days without saying a month or year twice: ``du 18 au 25 novembre 2026``."""
        from babel.dates import format_date

        first = self.date(start)
        if start.year == end.year:
            pattern = "d" if start.month == end.month else "d MMMM"
            first = self._first(format_date(start, format=pattern, locale=self._locale))
        return self.text("from {start} to {end}", start=first, end=self.date(end))

    def datetime(self, value: Instant) -> str:
        """Write a day and the time in the instant's own zone: ``4 mars 2026 à 09:00``."""
        from babel.dates import format_time

        return self.text("{date} at {time}", date=self.date(value), time=format_time(value, "HH:mm", locale="en"))

    def _first(self, written: str) -> str:
        # French counts the first day of a month as an ordinal; CLDR does not know it.
        return re.sub(r"^1\b", "1er", written) if self.lang == "fr" else written

    def _fill(self, sentence: str, params: Mapping[str, Value]) -> str:
        def value(place: re.Match[str]) -> str:
            if (name := place.group(1)) not in params:
                return place.group()
            given = params[name]
            return given if isinstance(given, str) else self.number(given)

        return _PLACE.sub(value, sentence)


@lru_cache(maxsize=2)
def translator(lang: str) -> Translator:
    """Return the speaker of ``fr`` or ``en``; reads the catalogue at the first call only."""
    from gettext import GNUTranslations, NullTranslations

    if lang == "en":
        return Translator("en", NullTranslations())
    if lang != "fr":
        raise UsageError(f"the language {lang!r} is not known", expected="fr or en")
    from io import BytesIO

    from babel.messages.mofile import write_mo

    compiled = BytesIO()
    write_mo(compiled, catalogue())
    compiled.seek(0)
    return Translator("fr", GNUTranslations(compiled))


def catalogue() -> Catalog:
    """Return French, merged from every ``locale/fr*.po`` in order of file name; the first to say wins."""
    from io import BytesIO

    from babel.messages.catalog import Catalog
    from babel.messages.pofile import read_po

    merged = Catalog(locale="fr")
    # As the files say: newer versions of CLDR, and Babel from 2.19 on, know a third form, for whole millions.
    merged.mime_headers = [("Plural-Forms", _PLURALS)]
    for path in sorted(resources.files("rseaudit").joinpath("locale").iterdir(), key=lambda path: path.name):
        if not (path.name.startswith("fr") and path.name.endswith(".po")):
            continue
        for message in read_po(BytesIO(path.read_bytes()), locale="fr", abort_invalid=True):
            if message.id and message.id not in merged:
                merged.add(message.id, message.string)
    return merged
