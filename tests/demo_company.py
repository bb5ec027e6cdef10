"""The invented company of the demo, loaded once."""

from __future__ import annotations

from rseaudit.demo.company import load_company, load_expected

COMPANY = load_company()
EXPECTED = load_expected()
NETWORK, INTRANET, PUBLIC = (COMPANY.hosts[source] for source in ("rse", "intranet", "site-public"))
PAIRS = [(copy.document, copy.other) for copy in EXPECTED.copies]
