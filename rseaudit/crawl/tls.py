"""Trust the certificate authority that a source declares; certificates are always verified."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from twisted.internet.ssl import Certificate, platformTrust, trustRootFromCertificates
from twisted.web.client import BrowserLikePolicyForHTTPS
from twisted.web.iweb import IPolicyForHTTPS
from zope.interface import implementer  # type: ignore[import-untyped]  # ships no types

from rseaudit.errors import ConfigError

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

_PEM = re.compile(rb"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)
_REMEDY = "name the file that holds the certificate of your authority, in PEM form"


@implementer(IPolicyForHTTPS)
class SourceTrust(BrowserLikePolicyForHTTPS):
    """Verifies against ``RSEAUDIT_CA_FILE`` when the source has one, else against the system's roots."""

    @classmethod
    def from_crawler(cls, crawler: Crawler, *_: object, **__: object) -> SourceTrust:
        ca_file = crawler.settings.get("RSEAUDIT_CA_FILE")
        return cls(trustRoot=authorities(Path(ca_file)) if ca_file else platformTrust())  # type: ignore[no-untyped-call]


def authorities(path: Path) -> object:
    """Return the certificates of a PEM file as Twisted's trust; ``ConfigError`` when there are none in it."""
    try:
        blocks = _PEM.findall(path.read_bytes())
    except OSError as error:
        raise ConfigError([f"{path}: ca_file: {error.strerror}"], remedy=_REMEDY) from None
    if not blocks:
        raise ConfigError([f"{path}: ca_file: no certificate in PEM form in this file"], remedy=_REMEDY)
    return trustRootFromCertificates([Certificate.loadPEM(block) for block in blocks])  # type: ignore[no-untyped-call]
