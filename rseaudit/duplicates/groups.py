"""Gather matches around the content that a text probably comes from.

Every member of a group has a match of its own with the original: nobody is put beside a content with
which nothing of theirs was compared, however long the chain of copies in between.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from heapq import heapify, heappop, heappush

from rseaudit.ids import short_hash
from rseaudit.model import Group, Match, MatchKind, Ref, Span

# A shared frame makes no group: whoever fills the same form has read nobody.
_KINDS: tuple[MatchKind, ...] = ("copy", "relay", "quote", "own-version")


def groups(matches: Iterable[Match]) -> tuple[Group, ...]:
    """Return the groups, largest first, then by their original; the order of the matches changes nothing.

    Where evidence says who was first, a group stands around each original; of a copy's copy both belong to
    the first original if they match it. What is left, pairs of unknown direction, stands around the
    content that most of the others match.
    """
    links = sorted((m for m in matches if m.kind in _KINDS), key=lambda m: (m.document, m.other))
    known = _around_originals([match for match in links if match.original != "unknown"])
    found = [_group(original, members, known=True) for original, members in known.items()]
    together = {frozenset((ref, original)) for original, members in known.items() for ref in members}
    beside: defaultdict[Ref, set[Ref]] = defaultdict(set)
    for original, members in known.items():
        for ref in members:
            beside[ref].add(original)
    loose = [
        match
        for match in links
        if match.original == "unknown"
        and frozenset((match.document, match.other)) not in together
        and not beside[match.document] & beside[match.other]
    ]
    found += [_group(centre, members, known=False) for centre, members in _stars(loose)]
    return tuple(sorted(found, key=lambda group: (-len(group.members), group.original, group.known)))


def _group(original: Ref, members: Mapping[Ref, Match], *, known: bool) -> Group:
    ordered = sorted(members)
    return Group(
        id=short_hash("group", original.source, original.id, "known" if known else "unknown"),
        original=original,
        known=known,
        members=tuple(ordered),
        matches=tuple(members[ref].id for ref in ordered),
    )


def _around_originals(links: Sequence[Match]) -> dict[Ref, dict[Ref, Match]]:
    origins: defaultdict[Ref, dict[Ref, Match]] = defaultdict(dict)
    for match in links:
        copy, original = _ends(match)
        origins[copy][original] = match
    found: defaultdict[Ref, dict[Ref, Match]] = defaultdict(dict)
    for copy in sorted(origins):
        own = origins[copy]
        for original, match in own.items():
            further = (own[first] for first in origins.get(original, ()) if first in own)
            if not any(_covers(_spans(other, copy), _spans(match, copy)) for other in further):
                found[original][copy] = match
    return found


def _ends(match: Match) -> tuple[Ref, Ref]:
    """Return the copy and the original."""
    return (match.document, match.other) if match.original == "other" else (match.other, match.document)


def _spans(match: Match, ref: Ref) -> list[Span]:
    return sorted(p.document if match.document == ref else p.other for p in match.passages)


def _covers(wide: Sequence[Span], narrow: Sequence[Span]) -> bool:
    """Tell whether at least half of what ``narrow`` covers lies in ``wide``."""
    shared = sum(max(0, min(a.end, b.end) - max(a.start, b.start)) for a in wide for b in narrow)
    return 2 * shared >= sum(span.end - span.start for span in narrow)


def _stars(links: Sequence[Match]) -> Iterable[tuple[Ref, dict[Ref, Match]]]:
    """Yield centres with their neighbours until no pair is left; the best connected comes first."""
    around: defaultdict[Ref, dict[Ref, Match]] = defaultdict(dict)
    for match in links:
        around[match.document][match.other] = match
        around[match.other][match.document] = match

    def rank(ref: Ref) -> tuple[int, int, Ref]:
        return (-len(around[ref]), -sum(m.shared_words for m in around[ref].values()), ref)

    queue = [rank(ref) for ref in around]
    heapify(queue)
    while queue:
        entry = heappop(queue)
        centre = entry[2]
        if not around[centre]:
            continue
        if entry != rank(centre):
            heappush(queue, rank(centre))
            continue
        members = dict(around[centre])
        yield centre, members
        # Pairs inside the group are told by it; those that lead out of it make groups of their own.
        group = {centre, *members}
        for ref in group:
            for other in group & around[ref].keys():
                del around[ref][other]
