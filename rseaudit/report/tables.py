"""Findings and matches as CSV, as a spreadsheet of the reader's language opens it by a double click.

UTF-8 with a byte order mark; ``;`` between cells in French, ``,`` in English. A cell that a
spreadsheet would take for a formula starts with an apostrophe. Only what an auditor may read.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

from rseaudit.i18n import Translator
from rseaudit.report.data import ReportData
from rseaudit.report.html import shown
from rseaudit.report.labels import label
from rseaudit.report.owners import document_view
from rseaudit.report.reader import Reader

_FORMULA = re.compile(r"^[\s]*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]")

# Message keys of the headers, in order. The first column leads back to the store: ``rseaudit explain``.
FINDINGS = (
    "Id", "Rule", "Subject of the remark", "Severity", "Who answers", "Found as", "Source", "Content id", "Space",
    "Title", "Address", "Remark", "Quotation", "What to do", "Proposed", "Decision", "Reason",
)  # fmt: skip
MATCHES = (
    "Id", "Kind", "Source", "Content id", "Title", "Address", "Other source", "Other content id", "Other title",
    "Other address", "Words in common", "% of the content", "% of the other", "Probable original", "Evidence",
)  # fmt: skip


def findings(data: ReportData, translator: Translator) -> str:
    """Return one row per finding, in order of source, content and rule."""
    reader = Reader(data, None)
    rows: list[Sequence[str]] = []
    for finding in sorted(reader.findings(), key=lambda f: (f.document, f.rule, f.id)):
        document = reader.document(finding.document)
        assert document is not None  # ``findings`` came from the reader
        view, numbers = document_view(document, reader), reader.numbers(finding)
        answer = reader.decision(finding)
        rows.append(
            (
                finding.id,
                finding.rule,
                translator.template(label("dimension", finding.dimension)),
                translator.template(label("severity", finding.severity)),
                finding.owner.name,
                translator.template(label("rung", finding.owner.rung)),
                view.source,
                view.id,
                view.space or "",
                view.title,
                view.url or "",
                translator.text(finding.reason, **numbers),
                " […] ".join(quote.text for quote in finding.evidence),
                translator.text(finding.action, **numbers),
                translator.template(label("proposal", finding.proposal)),
                translator.template(label("proposal", answer.proposal)) if answer else "",
                answer.reason if answer else "",
            )
        )
    return _csv(FINDINGS, rows, translator)


def matches(data: ReportData, translator: Translator) -> str:
    """Return one row per pair of contents, in the order of the data; shares are whole per cent."""
    reader = Reader(data, None)
    rows: list[Sequence[str]] = []
    for match in data.matches:
        mine, other = reader.document(match.document), reader.document(match.other)
        if mine is None or other is None:
            continue
        one, two = document_view(mine, reader), document_view(other, reader)
        likely = {"document": one.title, "other": two.title, "unknown": ""}[match.original]
        rows.append(
            (
                match.id,
                translator.template(label("kind", match.kind)),
                *(one.source, one.id, one.title, one.url or ""),
                *(two.source, two.id, two.title, two.url or ""),
                str(match.shared_words),
                str(round(match.share_of_document * 100)),
                str(round(match.share_of_other * 100)),
                likely,
                translator.template(label("evidence", match.evidence)),
            )
        )
    return _csv(MATCHES, rows, translator)


def cell(text: str) -> str:
    """Return a cell that no spreadsheet computes, on one line."""
    plain = shown(text)
    quoted = f"'{plain}" if _FORMULA.match(plain) else plain
    return re.sub(r"[\r\n\t]+", " ", quoted)


def sheet(header: Iterable[str], rows: Iterable[Sequence[str]], translator: Translator) -> str:
    """Return a table with its header as it is given."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";" if translator.lang == "fr" else ",", lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([cell(value) for value in row] for row in rows)
    return "\ufeff" + out.getvalue()


def _csv(header: Iterable[str], rows: Iterable[Sequence[str]], translator: Translator) -> str:
    return sheet([translator.template(name) for name in header], rows, translator)
