"""Show each text with all the contents that take it up, as far as an auditor may know of them. Pure."""

from __future__ import annotations

from rseaudit.duplicates.groups import groups
from rseaudit.model import Group, Match
from rseaudit.report.data import ReportData
from rseaudit.report.owners import document_view, flipped, match_view, slug
from rseaudit.report.reader import Reader
from rseaudit.report.views import GroupView

FOLDER = "groups"
PAGES = 500
# Setting passages side by side is what takes time and room: further members are named without them.
_WITH_PASSAGES = 40
_PASSAGES = 2


def group_views(data: ReportData) -> tuple[GroupView, ...]:
    """Return the largest groups first, at most ``PAGES``.

    They are made of what the auditors may see to begin with: a closed content neither stands in a group,
    nor in its middle, nor does it hold two others together.
    """
    reader = Reader(data, None)
    matches = {match.id: match for match in data.matches if reader.may_see(match)}
    found = groups(matches.values())
    return tuple(_view(group, matches, reader) for group in found[:PAGES])


def _view(group: Group, matches: dict[str, Match], reader: Reader) -> GroupView:
    original = reader.document(group.original)
    assert original is not None  # every match was seen by the reader
    told = [
        match if match.document == ref else flipped(match)
        for ref, match in zip(group.members, (matches[id_] for id_ in group.matches), strict=True)
    ]
    # Whoever repeats most comes first.
    told.sort(key=lambda match: (-match.shared_words, match.document))
    views = (
        match_view(match, reader, passages=_PASSAGES if place < _WITH_PASSAGES else 0)
        for place, match in enumerate(told)
    )
    middle = document_view(original, reader)
    return GroupView(
        id=group.id,
        file=f"{slug(middle.title)}-{group.id[:8]}",
        original=middle,
        known=group.known,
        members=tuple(view for view in views if view is not None),
    )
