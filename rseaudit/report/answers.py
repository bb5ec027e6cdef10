"""The tables that people fill in and send back; ``rseaudit.answers`` reads them.

Written like the other tables (see ``report.tables``), with keys as headers and only what an auditor may read.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rseaudit.answers import DECISIONS, SPACES, WORDS, join_names
from rseaudit.i18n import Translator
from rseaudit.model import Space
from rseaudit.report.data import ReportData
from rseaudit.report.owners import document_view
from rseaudit.report.reader import Reader
from rseaudit.report.tables import sheet


def decisions(data: ReportData, translator: Translator) -> str:
    """Return one row per finding, in order of source, content and rule; what was answered stands in it already."""
    reader = Reader(data, None)
    words = WORDS[translator.lang]
    rows: list[Sequence[str]] = []
    for finding in sorted(reader.findings(), key=lambda f: (f.document, f.rule, f.id)):
        document = reader.document(finding.document)
        assert document is not None  # ``findings`` came from the reader
        answer = reader.decision(finding)
        rows.append(
            (
                finding.id,
                finding.rule,
                str(finding.document),
                document_view(document, reader).space or "",
                finding.owner.name,
                translator.text(finding.reason, **reader.numbers(finding)),
                words[finding.proposal],
                words[answer.proposal] if answer else "",
                answer.reason if answer else "",
                answer.by if answer else "",
            )
        )
    return sheet(DECISIONS, rows, translator)


def spaces(known: Iterable[Space], translator: Translator) -> str:
    """Return one row per space, in order of source and name."""
    rows = [
        (
            space.source,
            space.name,
            space.visibility,
            join_names(space.owners or None),
            join_names(space.moderators or None),
            join_names(space.members),
        )
        for space in sorted(known, key=lambda space: (space.source, space.name))
    ]
    return sheet(SPACES, rows, translator)
