"""What an answer or an error means for an address: its final state, or another try. Pure."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime

from rseaudit.store.frontier import Final

_BACKOFF_S = 0.5
_LONGEST_WAIT_S = 3600.0
_RETRIED = frozenset((408, 425, 429, 500, 502, 503, 504, 522, 524))
_PAGES = ("text/html", "application/xhtml+xml")
_COLLAPSE_SHARE = 0.5
_COLLAPSE_FROM = 10


@dataclass(frozen=True, slots=True)
class Judgement:
    """``state`` ``None`` asks for another try after ``delay_s``; ``host_wait`` holds the whole host."""

    state: Final | None
    cause: str | None = None
    delay_s: float = 0.0
    host_wait: bool = False


def judge_status(status: int, *, attempts: int, cap: int, retry_after_s: float | None) -> Judgement:
    """Judge an answer by its status; 200 to 299 and 304 are ``done``, 3xx ``redirected``."""
    if status == 304 or 200 <= status < 300:
        return Judgement("done")
    if 300 <= status < 400:
        return Judgement("redirected")
    if status in (404, 410):
        return Judgement("absent", f"status {status}")
    if status in (401, 403):
        return Judgement("denied", f"status {status}")
    if status in _RETRIED:
        wait = min(retry_after_s, _LONGEST_WAIT_S) if retry_after_s is not None else None
        return again(f"status {status}", attempts=attempts, cap=cap, wait_s=wait)
    return Judgement("failed", f"status {status}")


def again(cause: str, *, attempts: int, cap: int, wait_s: float | None = None) -> Judgement:
    """Ask for another try, twice as late each time, until the cap; then it has failed."""
    if attempts >= cap:
        return Judgement("failed", cause)
    delay = wait_s if wait_s is not None else _BACKOFF_S * 2 ** (attempts - 1)
    return Judgement(None, cause, delay, host_wait=wait_s is not None)


def retry_after(value: str | None, *, now: datetime) -> float | None:
    """Return the seconds asked for by a ``Retry-After`` header, in either of its two forms."""
    if not value:
        return None
    if value.strip().isascii() and value.strip().isdigit():
        return float(value.strip())
    try:
        return max(0.0, (parsedate_to_datetime(value) - now).total_seconds())
    except (TypeError, ValueError):
        return None


def asked_wait(status: int, retry_after_s: float | None) -> float:
    """Return the seconds for which an answer asks its whole host to be left alone, an hour at most."""
    return min(retry_after_s, _LONGEST_WAIT_S) if retry_after_s is not None and status in _RETRIED else 0.0


def is_page(content_type: str | None) -> bool:
    """Tell whether an answer is a page; one without a type is tried as a page."""
    if not content_type:
        return True
    return content_type.split(";")[0].strip().lower() in _PAGES


def is_collapse(missing: int, known: int) -> bool:
    """Tell whether so many documents are missing at once that the source is in doubt, not they."""
    return missing >= _COLLAPSE_FROM and missing > known * _COLLAPSE_SHARE


def gzip_is_cut(body: bytes | None, length: int) -> bool:
    """Tell whether a gzip body of ``length`` decompressed bytes lacks its end (RFC 1952, ISIZE)."""
    if body is None or int.from_bytes(body[-4:], "little") == length % 2**32:
        return False
    while body:  # it may be made of several members, each with a length of its own
        member = zlib.decompressobj(wbits=31)
        try:
            member.decompress(body)
        except zlib.error:
            return True
        if not member.eof:
            return True
        body = member.unused_data.lstrip(b"\0")
    return False
