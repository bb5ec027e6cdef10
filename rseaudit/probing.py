"""Look once at an address that somebody would like to watch."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from rseaudit.config.settings import Settings, SourceSettings
from rseaudit.crawl.fetch import Fetched, Wanted, fetch_all
from rseaudit.watch import reading
from rseaudit.watch.feeds import discover, is_html
from rseaudit.watch.parsed import ParsedFeed
from rseaudit.watch.reading import FetchedFeed
from rseaudit.watch.reasons import Reason
from rseaudit.watch.schedule import lowered
from rseaudit.watch.workers import FeedBody, parse_all

_ANNOUNCED = 10  # feeds of one page that are looked at


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """What stands at an address that could be watched; ``url`` is where it is read, after permanent moves.

    ``problem`` says why it cannot be read as a feed; ``newest`` is ``None`` when no entry has a date.
    """

    url: str
    title: str = ""
    lang: str | None = None
    entries: int = 0
    newest: datetime | None = None
    problem: Reason | None = None


def probe(url: str, settings: Settings) -> tuple[Probe, ...]:
    """Ask for an address once; return the feed that it is, or the feeds that the page announces, in its order.

    Without any, the only one says what is wrong. Guards, robots.txt and limits are those of the watch; the address
    itself may lead inside the network, as if the configuration named it, what a page announces may not.
    """
    asked = SourceSettings(name="asked", role="watched", platform="feed", url=url)
    wider = settings.model_copy(update={"source": [*settings.source, asked]})
    answers = fetch_all([Wanted(key=url, url=url, headers={})], wider, follow=_announced)
    bodies = [answer for answer in answers if answer.status == 200 and answer.body is not None]
    parsed = parse_all(
        [
            FeedBody(url=item.address, body=item.body or b"", content_type=lowered(item.headers).get("content-type"))
            for item in bodies
        ]
    )
    read = dict(zip((item.key for item in bodies), parsed, strict=True))
    first, *others = (_probed(answer, read.get(answer.key)) for answer in answers)
    if first.problem is None:
        return (first,)
    order = [wanted.key for wanted in _announced(answers[0])]
    good = {answer.key: one for answer, one in zip(answers[1:], others, strict=True) if one.problem is None}
    return tuple(good[key] for key in order if key in good) or (first,)


def _announced(answer: Fetched) -> list[Wanted]:
    if answer.status != 200 or not answer.body or not is_html(answer.body):
        return []
    found = discover(answer.body, url=answer.address)[:_ANNOUNCED]
    return [Wanted(key=url, url=url, headers={}) for url in found if url != answer.key]


def _probed(answer: Fetched, parsed: ParsedFeed | None) -> Probe:
    url = answer.moved_to or answer.key
    fetched = FetchedFeed(url=url, status=answer.status, headers=answer.headers, body=answer.body, error=answer.error)
    if (problem := reading.failure(fetched, parsed)) or parsed is None:
        return Probe(url=url, problem=problem)
    dates = [entry.published for entry in parsed.entries if entry.published]
    return Probe(
        url=url, title=parsed.title, lang=parsed.lang, entries=len(parsed.entries), newest=max(dates, default=None)
    )
