"""Compare the addresses of documents: the same page is linked in many spellings."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from rseaudit.model import Document

_TRACKING = re.compile(r"^(?:utm_\w+|fbclid|gclid|mc_[ce]id|xtor)$")
_DEFAULT_PORTS = {"http": ":80", "https": ":443"}


def comparable(url: str) -> str | None:
    """Return host, path and meaningful query of an absolute http(s) address, else ``None``.

    Left out: scheme, ``www.``, default port, final slash, fragment, tracking parameters and their order.
    """
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return None
    if parts.scheme.lower() not in _DEFAULT_PORTS or not parts.netloc:
        return None
    host = parts.netloc.rpartition("@")[2].lower().removesuffix(_DEFAULT_PORTS[parts.scheme.lower()])
    query = sorted(pair for pair in parse_qsl(parts.query, keep_blank_values=True) if not _TRACKING.match(pair[0]))
    path = unquote(parts.path).rstrip("/")
    return host.removeprefix("www.") + path + (f"?{urlencode(query)}" if query else "")


def host(url: str | None) -> str | None:
    """Return the host of an absolute address without ``www.`` and port, ``None`` for anything else."""
    whole = comparable(url) if url else None
    return re.split(r"[/?:]", whole, maxsplit=1)[0] if whole else None


def leads_to(target: str, document: Document) -> bool:
    """Tell whether an address is one of the document's: its ``url`` or one of ``extra["aliases"]``."""
    wanted = comparable(target)
    return wanted is not None and wanted in addresses_of(document)


def addresses_of(document: Document) -> frozenset[str]:
    """Return the comparable addresses under which a document is known, its canonical one excepted."""
    aliases = document.extra.get("aliases")
    urls = [document.url, *(aliases if isinstance(aliases, list | tuple) else ())]
    return frozenset(known for url in urls if isinstance(url, str) and (known := comparable(url)))


def names(value: str | None, document: Document, *, source: str) -> bool:
    """Tell whether ``value``, a native id inside ``source`` or an address, is this document."""
    if not value or not value.strip():
        return False
    return (document.source == source and value.strip() == document.id) or leads_to(value, document)
