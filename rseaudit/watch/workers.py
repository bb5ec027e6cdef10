"""Parse feeds in a process that can be killed: a hostile body costs its own feed and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import TimeoutError as OverTime
from dataclasses import dataclass
from hashlib import blake2b
from typing import Literal

from rseaudit.watch import feeds, pages
from rseaudit.watch.parsed import ParsedFeed
from rseaudit.watch.reasons import Reason

SECONDS = 20.0
# Measured: the worst feed of the tests stays under 400 MB; a bomb would take gigabytes.
_MEMORY = 2 * 1024**3


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedBody:
    """What was fetched; ``known_hash`` is the ``body_hash`` of the last body that was read."""

    url: str
    body: bytes
    kind: Literal["feed", "page"] = "feed"
    content_type: str | None = None
    known_hash: str | None = None


def body_hash(body: bytes) -> str:
    """Return 32 hexadecimal digits that name this body."""
    return blake2b(body, digest_size=16).hexdigest()


def parse_all(
    bodies: Sequence[FeedBody], *, max_entries: int = 2_000, seconds: float = SECONDS, workers: int = 1
) -> tuple[ParsedFeed, ...]:
    """Parse in the given order; each body has ``seconds`` before its process is killed.

    A body equal to the last one is not parsed. Without anything to parse no process is started.
    """
    results: dict[int, ParsedFeed] = {
        index: ParsedFeed(url=item.url, unchanged=True)
        for index, item in enumerate(bodies)
        if item.known_hash is not None and body_hash(item.body) == item.known_hash
    }
    todo = [index for index in range(len(bodies)) if index not in results]
    if todo:
        results.update(_parse_apart([(index, bodies[index]) for index in todo], max_entries, seconds, workers))
    return tuple(results[index] for index in range(len(bodies)))


def _parse_apart(
    todo: Sequence[tuple[int, FeedBody]], max_entries: int, seconds: float, workers: int
) -> dict[int, ParsedFeed]:
    from multiprocessing import get_context

    from pebble import ProcessExpired, ProcessPool

    results: dict[int, ParsedFeed] = {}
    # spawn: the caller has threads (a reactor, a database writer), which fork would copy half-dead.
    with ProcessPool(max_workers=workers, context=get_context("spawn"), initializer=_limit_memory) as pool:
        futures = [
            (index, item.url, pool.schedule(_parse, args=(item, max_entries), timeout=seconds)) for index, item in todo
        ]
        for index, url, future in futures:
            try:
                results[index] = future.result()
            except OverTime:
                problem = Reason("Reading this document took more than {seconds} seconds.", {"seconds": int(seconds)})
                results[index] = ParsedFeed(url=url, problem=problem)
            except ProcessExpired:
                results[index] = ParsedFeed(url=url, problem=Reason("Reading this document stopped its process."))
            except MemoryError:
                results[index] = ParsedFeed(url=url, problem=Reason("Reading this document takes too much memory."))
            except Exception as error:  # a defect of a parser on one body must not stop the others
                problem = Reason("Reading this document failed ({cause}).", {"cause": type(error).__name__})
                results[index] = ParsedFeed(url=url, problem=problem)
    return results


def _parse(item: FeedBody, max_entries: int) -> ParsedFeed:
    if item.kind == "page":
        return pages.parse(item.body, url=item.url)
    return feeds.parse(item.body, url=item.url, content_type=item.content_type, max_entries=max_entries)


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limit: there the size and time caps remain
        return
    import sys

    if sys.platform == "linux":  # macOS accepts the call and ignores it
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        limit = _MEMORY if hard == resource.RLIM_INFINITY else min(_MEMORY, hard)
        resource.setrlimit(resource.RLIMIT_AS, (limit, hard))
