"""Compare what two accounts see, or what two crawls found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rseaudit.errors import UsageError
from rseaudit.ids import short_hash
from rseaudit.model import Document, Ref


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Documents on one side only, and those that differ, in order of source and id."""

    only_first: tuple[Ref, ...]
    only_second: tuple[Ref, ...]
    changed: tuple[Ref, ...] = ()


def compare_accounts(documents: Iterable[Document], first: str, second: str) -> Comparison:
    """Return the documents that one account could see and the other could not.

    ``guest`` names what was crawled without an account. Raises ``UsageError`` for an account
    under which nothing was crawled.
    """
    seen: dict[str, set[Ref]] = {}
    for document in documents:
        for account in document.accounts or ("guest",):
            seen.setdefault(account, set()).add(document.ref)
    if unknown := [name for name in (first, second) if name not in seen]:
        raise UsageError(
            f"--compare: nothing was crawled as {' or '.join(unknown)}", expected=", ".join(sorted(seen)) or "a crawl"
        )
    return Comparison(
        only_first=tuple(sorted(seen[first] - seen[second])), only_second=tuple(sorted(seen[second] - seen[first]))
    )


def snapshot(documents: Iterable[Document]) -> dict[str, dict[str, str]]:
    """Return what a crawl is compared by: for each source the hash of each document's title and text."""
    found: dict[str, dict[str, str]] = {}
    for document in documents:
        if not document.gone:
            found.setdefault(document.source, {})[document.id] = short_hash(document.title, document.text)
    return {source: dict(sorted(items.items())) for source, items in sorted(found.items())}


def compare_crawls(before: Mapping[str, Mapping[str, str]], after: Mapping[str, Mapping[str, str]]) -> Comparison:
    """Return what vanished (``only_first``), what is new (``only_second``) and what changed."""
    one = {Ref(source, id_): value for source, items in before.items() for id_, value in items.items()}
    two = {Ref(source, id_): value for source, items in after.items() for id_, value in items.items()}
    return Comparison(
        only_first=tuple(sorted(one.keys() - two.keys())),
        only_second=tuple(sorted(two.keys() - one.keys())),
        changed=tuple(sorted(ref for ref in one.keys() & two.keys() if one[ref] != two[ref])),
    )
