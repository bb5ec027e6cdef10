"""Make the pages: one self-contained file each, readable without script, network or style.

Everything that comes from content is escaped; only http, https and mailto addresses become links.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache, partial
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from rseaudit.i18n import Translator
from rseaudit.report import labels, palette
from rseaudit.report.data import ReportData
from rseaudit.report.owners import exclusion
from rseaudit.report.views import GroupView, Overview, OwnerPage

if TYPE_CHECKING:
    from jinja2 import Environment

# Controls, and signs that change the direction of the text around them: nothing that a reader sees.
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufff9-\ufffb]")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII)
_SPARK = (132, 30)


def owner_page(page: OwnerPage, data: ReportData, translator: Translator) -> str:
    """Return the page of one person."""
    return _render("owner.html", data, translator, {"page": page})


def overview_page(
    overview: Overview, data: ReportData, translator: Translator, *, groups: Sequence[GroupView] = ()
) -> str:
    """Return the auditors' page; it leads to the page of each of ``groups``."""
    lifted = [waiver for waiver in data.waivers if waiver.kind == "space"]
    return _render("overview.html", data, translator, {"overview": overview, "groups": groups, "lifted": lifted})


def group_page(group: GroupView, data: ReportData, translator: Translator) -> str:
    """Return the page of one text with all the contents that take it up."""
    return _render("group.html", data, translator, {"group": group})


def digest_page(data: ReportData, translator: Translator) -> str:
    """Return the foresight team's page; the data must have a digest."""
    if data.digest is None:
        raise ValueError("there is no digest to render")
    return _render("digest.html", data, translator, {"digest": data.digest})


def index_page(pages: Sequence[tuple[str, str]], data: ReportData, translator: Translator, *, audit: bool) -> str:
    """Return the table of contents; ``pages`` has the name and the address of each owner page, in order."""
    return _render("index.html", data, translator, {"pages": pages, "audit": audit, "digest": data.digest})


def shown(text: str) -> str:
    """Return the text without the characters that nobody sees but that change what is seen."""
    return _UNSEEN.sub("", text)


def href(address: str | None) -> str | None:
    """Return an address that may be a link, or ``None``."""
    if not address or address != address.strip() or _UNSEEN.search(address) or re.search(r"\s", address):
        return None
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    if parts.scheme in ("http", "https"):
        return address if parts.netloc else None
    return address if parts.scheme == "mailto" and _MAIL.fullmatch(parts.path) and not parts.query else None


def spark(counts: Sequence[int]) -> tuple[tuple[float, float], ...]:
    """Return the points of a small curve over ``counts``, oldest first, inside 132 × 30 units."""
    width, height = _SPARK
    step = (width - 8) / max(1, len(counts) - 1)
    top = max(1, *counts) if counts else 1
    return tuple((round(4 + i * step, 1), round(height - 4 - (height - 8) * n / top, 1)) for i, n in enumerate(counts))


def _render(template: str, data: ReportData, translator: Translator, context: Mapping[str, object]) -> str:
    contact = data.contact.strip()
    contact_link = href(contact) or href(f"mailto:{contact}")
    return _environment(translator).get_template(template).render(
        lang=translator.lang,
        organisation=data.organisation.strip(),
        contact=contact.removeprefix("mailto:"),
        contact_link=contact_link,
        now=data.now,
        waivers=[waiver for waiver in data.waivers if waiver.kind == "robots"],
        **context,
    )  # fmt: skip


@lru_cache(maxsize=2)
def _environment(translator: Translator) -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("rseaudit.report"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_finalize,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {
        "href": href,
        "spark": spark,
        "week": partial(_week, translator),
        "exclusion": exclusion,
        "percent": translator.percent,
        "number": translator.number,
        "date": translator.date,
        "period": translator.period,
        "translated": translator.template,
        "say": lambda item: translator.text(item.text, **item.params),
        "fill": lambda msgid, values: translator.text(msgid, **values),
    }
    environment.globals |= {
        "_": translator.text,
        "ngettext": translator.plural,
        "label": partial(_label, translator),
        "rule_title": partial(_rule_title, translator),
        "palette": palette,
    }
    return environment


def _week(translator: Translator, week: str) -> str:
    year, _, number = week.partition("-W")
    return translator.text("week {week} of {year}", week=number.lstrip("0"), year=year)


def _label(translator: Translator, table: str, value: str) -> str:
    if table == "cause":
        key, values = labels.cause(value)
        return translator.text(key, **values)
    return translator.template(labels.label(table, value))


def _rule_title(translator: Translator, rule: str, dimension: str) -> str:
    from rseaudit.audit.rules import RULES

    # A charter rule of the team's own has no title with us: its dimension says what it is about.
    return translator.template(RULES[rule].title if rule in RULES else labels.label("dimension", dimension))


def _finalize(value: object) -> object:
    from markupsafe import Markup

    return shown(value) if isinstance(value, str) and not isinstance(value, Markup) else value
