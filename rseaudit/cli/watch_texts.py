"""The texts of ``watch why``, ``watch test`` and ``watch mark --list``, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rseaudit.watch import relevance
from rseaudit.watch.explanation import says
from rseaudit.watch.stories import story_id

if TYPE_CHECKING:
    from rseaudit.i18n import Translator
    from rseaudit.model import Entry, Mark
    from rseaudit.watch.explanation import Explanation, Proof
    from rseaudit.watch.reasons import Reason
    from rseaudit.watch.sources import Watched
    from rseaudit.watch.trial import Trial, Tried


def why_lines(found: Sequence[Explanation], speaker: Translator) -> Iterator[str]:
    """Yield the text of each explanation, an empty line between two."""
    for number, item in enumerate(found):
        if number:
            yield ""
        yield from _entry(item, speaker)


def _entry(item: Explanation, speaker: Translator) -> Iterator[str]:
    entry = item.judged.entry
    yield entry.title or speaker.text("(without title)")
    if entry.url:
        yield f"  {item.feed.name}, {speaker.date(entry.published)}"
        yield f"  {entry.url}"
    yield "  " + says(item).say(speaker)
    yield "  " + speaker.text("Score {score}: relevance {relevance}, less with age.", **_numbers(item))
    yield from _terms(item, "counted", speaker.text("What counts"), speaker)
    for watchlist, points in item.sums.items():
        value = round(relevance.saturated(points))
        yield "    = " + speaker.text(
            "{watchlist}: {points} points in all, worth {value} of 100", watchlist=watchlist, points=points, value=value
        )
    if other := _other_reasons(item):
        yield "  " + speaker.text("What changes it")
        yield from (f"    {reason.say(speaker)}" for reason in other)
    yield from _terms(item, "veto", speaker.text("What sets a topic aside"), speaker)
    yield from _terms(item, "unclear", speaker.text("What is not clear"), speaker)
    if item.misses:
        yield "  " + speaker.text("What is missing")
        for miss in item.misses:
            said = speaker.text("{name}: {text}", name=miss.watchlist, text=miss.reason.say(speaker))
            yield f"    {said}"
    if item.story:
        yield "  " + speaker.plural(
            "Story {id}: {n} entry", "Story {id}: {n} entries", len(item.story.entries), id=item.story.id
        )
    elif entry.url:
        yield "  " + speaker.text("Its story is no longer followed: the entry is too old.")


def _numbers(item: Explanation) -> dict[str, int]:
    return {"score": item.judged.relevance.score, "relevance": item.judged.relevance.relevance}


def _terms(item: Explanation, kind: str, title: str, speaker: Translator) -> Iterator[str]:
    proofs = [proof for proof in item.proofs if proof.kind == kind]
    if not proofs:
        return
    yield f"  {title}"
    for proof in proofs:
        yield from _proof(proof, speaker)


def _proof(proof: Proof, speaker: Translator) -> Iterator[str]:
    points = f"+{proof.points} " if proof.points else ""
    said = speaker.text("{name}: {text}", name=proof.watchlist, text=proof.reason.say(speaker))
    yield f"    {points}{said}"
    yield f"       {proof.context.before}[{proof.context.term}]{proof.context.after}"


def _other_reasons(item: Explanation) -> list[Reason]:
    shown = [proof.reason for proof in item.proofs]
    return [reason for reason in item.judged.relevance.reasons if reason not in shown]


def trial_lines(trial: Trial, places: Sequence[Watched], speaker: Translator) -> Iterator[str]:
    """Yield what a watchlist finds; topics and vendors that find nothing are listed in one line each."""
    names = {place.feed.url: place.feed.name for place in places}
    yield speaker.text(
        "Watchlist {watchlist}: it finds something in {matched} of {entries} entries.",
        watchlist=trial.watchlist,
        matched=trial.matched,
        entries=trial.entries,
    )
    for title, rows in ((speaker.text("Topics"), trial.topics), (speaker.text("Vendors"), trial.vendors)):
        if not rows:
            continue
        yield f"\n{title}"
        for row in rows:
            if row.count or row.vetoed or row.unclear:
                yield from _row(row, names, speaker)
        if silent := [_label(row, speaker) for row in rows if not (row.count or row.vetoed or row.unclear)]:
            yield "  " + speaker.text("Nothing found for: {names}", names=", ".join(silent))
    if trial.common:
        listed = ", ".join(f"{term} ({count})" for term, count in trial.common)
        yield "\n" + speaker.text("Terms in more than a third of the entries: {terms}", terms=listed)


def _row(row: Tried, names: dict[str, str], speaker: Translator) -> Iterator[str]:
    count = speaker.plural("{n} entry", "{n} entries", row.count)
    yield "  " + speaker.text("{name}: {text}", name=_label(row, speaker), text=count)
    for entry in row.examples:
        yield f"    - {entry.title or entry.url} ({names.get(entry.feed, entry.feed)})"
    if row.vetoed:
        listed = ", ".join(f"{term} ({count})" for term, count in row.vetoes)
        yield "    " + speaker.text("vetoed: {count}, by {terms}", count=row.vetoed, terms=listed)
    if row.unclear:
        yield "    " + speaker.text("without any word of the context: {count}", count=row.unclear)
    if row.idle:
        yield "    " + speaker.text("never found: {terms}", terms=", ".join(row.idle))


def _label(row: Tried, speaker: Translator) -> str:
    return row.label.fr if speaker.lang == "fr" else row.label.en


def mark_lines(
    found: Sequence[Mark], entries: Sequence[Entry], places: Sequence[Watched], speaker: Translator
) -> Iterator[str]:
    """Yield a line for each mark: what was said, of what, when, with the remark."""
    names = {place.feed.url: place.feed.name for place in places}
    by_key = {(entry.feed, entry.id): entry for entry in entries}
    by_story = {story_id(entry): entry for entry in entries}
    for item in found:
        entry = by_key.get((item.feed, item.id)) or by_story.get(item.id)
        title = entry.title if entry else speaker.text("(no longer kept)")
        where = names.get(item.feed, item.feed) if item.feed else speaker.text("story")
        note = f" · {item.note}" if item.note else ""
        yield f"{item.verdict:<11} {speaker.date(item.at)}  {item.id}  {title} ({where}){note}"
