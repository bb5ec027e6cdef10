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


@implementer(IPolicyForHTTPS)
class SourceTrust(BrowserLikePolicyForHTTPS):
    """Verifies against ``RSEAUDIT_CA_FILE`` when the source has one, else against the system's roots."""

    @classmethod
    def from_crawler(cls, crawler: Crawler, *_: object, **__: object) -> SourceTrust:
        ca_file = crawler.settings.get("RSEAUDIT_CA_FILE")
        return cls(trustRoot=_roots(Path(ca_file)) if ca_file else platformTrust())  # type: ignore[no-untyped-call]


def _roots(path: Path) -> object:
    try:
        blocks = _PEM.findall(path.read_bytes())
    except OSError as error:
        raise ConfigError([f"{path}: ca_file: {error.strerror}"]) from None
    if not blocks:
        raise ConfigError([f"{path}: ca_file: no certificate in PEM form in this file"])
    return trustRootFromCertificates([Certificate.loadPEM(block) for block in blocks])  # type: ignore[no-untyped-call]
