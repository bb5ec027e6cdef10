"""Exchange lists of feeds with other readers as OPML 2.0."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime

from rseaudit.errors import UsageError
from rseaudit.text import clean

MAX_BYTES = 5_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """One feed of a list, with the folder it stands in ("" for none, "a/b" when nested)."""

    url: str
    name: str
    folder: str = ""
    lang: str | None = None


def read(body: bytes, *, where: str) -> tuple[Subscription, ...]:
    """Return the feeds of an OPML document in its order, each address once.

    Entities, DTDs and the network are never used. Raises ``UsageError`` when it is not OPML.
    """
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=False)
    try:
        if len(body) > MAX_BYTES:
            raise ValueError(f"it has more than {MAX_BYTES // 1_000_000} MB")
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UsageError(f"this is not an OPML list: {error}", where=where, expected="OPML 1.0 or 2.0") from None
    if etree.QName(root).localname.lower() != "opml":
        raise UsageError("this is not an OPML list", where=where, expected="a document that begins with <opml>")
    found: dict[str, Subscription] = {}
    for outline in root.iter("outline"):
        url = (outline.get("xmlUrl") or outline.get("xmlurl") or "").strip()
        if not url.startswith(("http://", "https://")):
            continue
        folders = [_name(parent) for parent in outline.iterancestors("outline")]
        name = _name(outline) or url
        lang = outline.get("language") or None
        found.setdefault(url, Subscription(url=url, name=name, folder="/".join(folders[::-1]), lang=lang))
    return tuple(found.values())


def _name(outline: object) -> str:
    from lxml import etree

    assert isinstance(outline, etree._Element)
    return " ".join((outline.get("text") or outline.get("title") or "").split())


def write(feeds: Sequence[Subscription], *, title: str, now: datetime) -> bytes:
    """Return an OPML 2.0 document: folders in code-point order, in each the feeds by name and address."""
    from lxml import etree

    root = etree.Element("opml", version="2.0")
    head = etree.SubElement(root, "head")
    etree.SubElement(head, "title").text = _xml(title)
    etree.SubElement(head, "dateCreated").text = format_datetime(now)
    body = etree.SubElement(root, "body")
    folders: dict[str, etree._Element] = {"": body}
    for feed in sorted(feeds, key=lambda f: (f.folder, f.name, f.url)):
        parent, path = body, ""
        for part in filter(None, feed.folder.split("/")):
            path = f"{path}/{part}"
            if path not in folders:
                folders[path] = etree.SubElement(parent, "outline", text=_xml(part))
            parent = folders[path]
        outline = etree.SubElement(parent, "outline", type="rss", text=_xml(feed.name), xmlUrl=_xml(feed.url))
        if feed.lang:
            outline.set("language", _xml(feed.lang))
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _xml(text: str) -> str:
    # XML 1.0 has no place for control characters, escaped or not.
    return "".join(c for c in clean(text) if c in "\t\n\r" or (c >= " " and c not in "\ufffe\uffff"))
