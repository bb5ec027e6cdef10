"""Make pages from the templates that come with the package; everything that people wrote is escaped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, TypeVar

from rseaudit import richtext
from rseaudit.demo.company import Company, DemoDocument
from rseaudit.demo.reply import Reply
from rseaudit.ids import short_hash

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

_Item = TypeVar("_Item")
_DAYS = "lundi mardi mercredi jeudi vendredi samedi dimanche".split()
_MONTHS = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()
_LABELS = {"public": "Public", "registered": "Tous les collaborateurs", "space": "Membres de l’espace"}
_EXCERPT_WORDS = 16


@dataclass(frozen=True)
class Renderer:
    """Renders the pages of one company."""

    company: Company

    def page(self, template: str, *, status: int = 200, modified: datetime | None = None, **values: object) -> Reply:
        """Return the page that a template makes of ``values``."""
        html = self._environment.get_template(template).render(**values)
        kind = "application/xml" if template.endswith(".xml") else "text/html"
        return Reply(status=status, body=html.encode(), content_type=f"{kind}; charset=utf-8", modified=modified)

    @cached_property
    def _environment(self) -> Environment:
        from jinja2 import Environment, FunctionLoader, StrictUndefined

        folder = files("rseaudit.demo") / "content" / "templates"
        environment = Environment(
            loader=FunctionLoader(lambda name: (folder / name).read_text("utf-8")),
            autoescape=True,
            undefined=StrictUndefined,
            keep_trailing_newline=True,
        )
        environment.globals.update(company=self.company, people=self.company.people, labels=_LABELS, token=token)
        environment.filters.update(day=day, excerpt=excerpt, html=html)
        return environment


def token(thing: str) -> str:
    """Return the token that an action on ``thing`` asks for: the same at every start."""
    return short_hash("token", thing)


def day(instant: datetime) -> str:
    """Return a date as French readers write it: ``lundi 1er juin 2026``."""
    number = "1er" if instant.day == 1 else str(instant.day)
    return f"{_DAYS[instant.weekday()]} {number} {_MONTHS[instant.month - 1]} {instant.year}"


@lru_cache(maxsize=512)
def excerpt(document: DemoDocument) -> str:
    """Return the first words of a text, for lists."""
    words = richtext.read(document.body, document.format).text.split()
    return " ".join(words[:_EXCERPT_WORDS]) + ("…" if len(words) > _EXCERPT_WORDS else "")


@lru_cache(maxsize=512)
def html(document: DemoDocument) -> Markup:
    """Return a text as markup; tags inside Markdown are text."""
    from markdown_it import MarkdownIt
    from markupsafe import Markup

    if document.format == "html":
        return Markup(document.body)  # noqa: S704 - written by us, and it comes with the package
    rendered: str = MarkdownIt("commonmark", {"html": False}).render(document.body)
    return Markup(rendered.rstrip("\n"))  # noqa: S704 - markdown-it has escaped it


def part(items: Sequence[_Item], number: str, size: int) -> tuple[Sequence[_Item], int, int] | None:
    """Return page ``number`` of a list with its number and the last one; ``None`` when there is no such page."""
    last = max(1, -(-len(items) // size))
    if not (number.isascii() and number.isdigit() and 1 <= int(number) <= last):
        return None
    return items[(int(number) - 1) * size : int(number) * size], int(number), last
