"""Recognise the platform behind an address from one page, by its fingerprints; never by its host name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from importlib.util import find_spec

_SIGNS = 4_000  # a feed shows itself at its beginning
_FEED = re.compile(r"<(?:rss|feed|rdf:RDF)[\s>]")
_FEED_SPACES = ("http://www.w3.org/2005/Atom", "http://purl.org/rss/1.0/")
_JSON_FEED = re.compile(r'"version"\s*:\s*"https:\\?/\\?/jsonfeed\.org\\?/version\\?/1')
_API_WORDPRESS = "https://api.w.org/"


@dataclass(frozen=True, slots=True)
class Recognised:
    """A platform's name and the fingerprints that it was known by; ``website`` has none.

    ``api`` is where the page says that its API is, as it stands there: only wikis may have it anywhere.
    """

    platform: str
    signs: tuple[str, ...] = ()
    api: str | None = None

    @property
    def is_built(self) -> bool:
        """Tell whether the platform has a spider that reads it."""
        return find_spec(f"rseaudit.spiders.{self.platform}") is not None


def recognise(body: str, headers: Mapping[str, str]) -> Recognised:
    """Return the platform that a page comes from; names of headers are in lower case.

    Only markup, scripts and headers count: a page that writes about a platform is not taken for it.
    """
    if sign := _feed(body):
        return Recognised("feed", (sign,))
    page = _Fingerprints()
    page.feed(body)
    generator = page.generator.casefold()
    link = headers.get("link", "")
    found = {
        "humhub": (
            ("humhub.config.set", "humhub.config.set" in page.scripts),
            ("humhub-app.js", any("humhub-app" in source or "/humhub." in source for source in page.sources)),
            ("#wallStream", "wallStream" in page.ids),
        ),
        "mediawiki": (
            ("generator MediaWiki", generator.startswith("mediawiki")),
            ("RLCONF", "RLCONF" in page.scripts),
            ("wgArticleId", "wgArticleId" in page.scripts),
        ),
        "wordpress": (
            ("generator WordPress", generator.startswith("wordpress")),
            (f'link rel="{_API_WORDPRESS}"', _API_WORDPRESS in link or _API_WORDPRESS in page.relations),
            ("X-Pingback", "xmlrpc.php" in headers.get("x-pingback", "")),
            ("BuddyPress", bool({"buddypress", "bp-nouveau", "bp-legacy"} & page.body_classes)),
        ),
    }
    signs = {name: tuple(sign for sign, seen in rows if seen) for name, rows in found.items()}
    best = max(signs, key=lambda name: len(signs[name]))  # the first one wins where two have as many
    if not signs[best]:
        return Recognised("website")
    return Recognised(best, signs[best], page.edit_uri.partition("?")[0] or None if best == "mediawiki" else None)


def _feed(body: str) -> str | None:
    head = body.lstrip("\ufeff \t\r\n")[:_SIGNS]
    if head.startswith("{"):
        return "JSON Feed" if _JSON_FEED.search(body) else None
    bare = re.sub(r"<!--.*?-->|<\?.*?\?>|<!DOCTYPE[^>]*>", "", head, flags=re.DOTALL).lstrip()
    if not (root := _FEED.match(bare)):
        return None
    opening = bare[: bare.find(">") + 1]
    if root.group().startswith("<rss"):
        return "RSS"
    return next((f"root in {space}" for space in _FEED_SPACES if space in opening), None)


class _Fingerprints(HTMLParser):
    """Collects what platforms leave in their markup; broken or cut HTML stops nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.generator = ""
        self.scripts = ""
        self.sources: list[str] = []
        self.relations: set[str] = set()
        self.edit_uri = ""
        self.ids: set[str] = set()
        self.body_classes: set[str] = set()
        self._in_script = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if "id" in given:
            self.ids.add(given["id"])
        if tag == "script":
            self._in_script = True
            self.sources.append(given.get("src", ""))
        elif tag == "meta" and given.get("name", "").lower() == "generator":
            self.generator = self.generator or given.get("content", "").strip()
        elif tag == "link":
            self.relations.update(given.get("rel", "").split())
            if given.get("rel") == "EditURI":
                self.edit_uri = self.edit_uri or given.get("href", "").strip()
        elif tag == "body":
            self.body_classes.update(given.get("class", "").split())

    def handle_endtag(self, tag: str) -> None:
        self._in_script = self._in_script and tag != "script"

    def handle_data(self, data: str) -> None:
        if self._in_script:
            self.scripts += data
