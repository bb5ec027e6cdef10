"""The intranet and the public site of the company, and the hosts of its press.

Three markups on purpose: a social network (``network``), an intranet with a table of contents, and a
public site whose texts no selector describes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Protocol

from rseaudit.demo.company import Company, DemoDocument
from rseaudit.demo.feeds import DemoFeed, render
from rseaudit.demo.rendering import Renderer, part
from rseaudit.demo.reply import Asked, Reply, text

_AROUND = 4
_PUBLIC_SECTIONS = {
    "conseils": "Conseils",
    "services": "Services",
    "actualites": "Actualités",
    "carrieres": "Carrières",
    "a-propos": "À propos",
    "aide": "Aide",
}
# Pages of these sections show no date, as on most sites: the server's headers are all there is.
_UNDATED = frozenset(("services", "a-propos", "carrieres", "aide"))


class Site(Protocol):
    """One host: an answer for each request."""

    def answer(self, asked: Asked) -> Reply: ...


@dataclass(frozen=True)
class Intranet:
    """Answers for the intranet; it asks for no login inside the company."""

    company: Company
    renderer: Renderer

    @cached_property
    def _sections(self) -> Mapping[str, str]:
        return dict(sorted({item.slug: item.space for item in self.company.of("intranet")}.items()))

    def answer(self, asked: Asked) -> Reply:
        """Return a page, a list or a file for machines."""
        company, path = self.company, asked.path
        items = company.of("intranet")
        if path in ("/robots.txt", "/sitemap.xml"):
            return _for_machines(company, self.renderer, "intranet", path)
        if path == "/":
            return self._list(asked, f"Bienvenue sur l’intranet {company.name}", items, size=8)
        slug = path.removeprefix("/rubrique/")
        if slug in self._sections and slug != path:
            return self._list(asked, self._sections[slug], [item for item in items if item.slug == slug], size=6)
        item = company.by_path.get(("intranet", path))
        if item is None:
            return text("Page introuvable\n", status=404)
        around = [other for other in items if other.slug == item.slug and other != item][:_AROUND]
        return self.renderer.page(
            "intranet_page.html", modified=item.last_modified, item=item, sections=self._sections, around=around
        )

    def _list(self, asked: Asked, heading: str, items: Sequence[DemoDocument], *, size: int) -> Reply:
        return _list_page(
            self.renderer, "intranet_list.html", asked, heading, items, size, self._sections, around=items[:_AROUND]
        )


@dataclass(frozen=True)
class PublicSite:
    """Answers for the public site."""

    company: Company
    renderer: Renderer

    def answer(self, asked: Asked) -> Reply:
        """Return a page, a list or a file for machines."""
        company, path = self.company, asked.path
        items = company.of("site-public")
        if path in ("/robots.txt", "/sitemap.xml"):
            return _for_machines(company, self.renderer, "site-public", path)
        if path == "/":
            return self._list(asked, f"{company.name}, la chaleur bien réglée", items)
        if path[1:] in _PUBLIC_SECTIONS:
            chosen = [item for item in items if item.path.startswith(f"{path}/")]
            return self._list(asked, _PUBLIC_SECTIONS[path[1:]], chosen)
        item = company.by_path.get(("site-public", path))
        if item is None:
            return text("Page introuvable\n", status=404)
        section = path.split("/")[1]
        return self.renderer.page(
            "public_page.html",
            modified=item.last_modified,
            item=item,
            section=section,
            sections=_PUBLIC_SECTIONS,
            dated=section not in _UNDATED,
            around=[other for other in items if other.slug == item.slug and other != item][:_AROUND],
        )

    def _list(self, asked: Asked, heading: str, items: Sequence[DemoDocument]) -> Reply:
        return _list_page(
            self.renderer, "public_list.html", asked, heading, items, 6, _PUBLIC_SECTIONS, around=items[:_AROUND]
        )


@dataclass
class Press:
    """Answers for the host of one feed; ``clock`` is when it is read: later entries are not out yet."""

    feed: DemoFeed
    clock: datetime | None = None
    _made: dict[datetime | None, Reply] = field(default_factory=dict)

    def answer(self, asked: Asked) -> Reply:
        """Return the feed; the articles themselves are not there."""
        if asked.path == "/robots.txt":
            return text("User-agent: *\nAllow: /\n")
        if asked.path != self.feed.path:
            return text("Not found\n", status=404)
        if self.clock not in self._made:
            body, content_type = render(self.feed, until=self.clock)
            self._made[self.clock] = Reply(body=body, content_type=content_type)
        return self._made[self.clock]


def _list_page(
    renderer: Renderer,
    template: str,
    asked: Asked,
    heading: str,
    items: Sequence[DemoDocument],
    size: int,
    sections: Mapping[str, str],
    *,
    around: Sequence[DemoDocument],
) -> Reply:
    shown = part(items, asked.query.get("page", "1"), size)
    if shown is None:
        return text("Page introuvable\n", status=404)
    on_page, number, last = shown
    return renderer.page(
        template,
        heading=heading,
        items=on_page,
        number=number,
        last=last,
        path=asked.path,
        sections=sections,
        around=around,
    )


def _for_machines(company: Company, renderer: Renderer, source: str, path: str) -> Reply:
    if path == "/robots.txt":
        return text(f"User-agent: *\nDisallow: /annuaire\n\nSitemap: http://{company.hosts[source]}/sitemap.xml\n")
    return renderer.page("sitemap.xml", items=sorted(company.of(source), key=lambda item: item.path))
