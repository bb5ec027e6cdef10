"""Say in plain words why an address could not be read, and whether another try makes sense."""

from __future__ import annotations

import re

from scrapy import exceptions as scrapy_errors
from scrapy.exceptions import IgnoreRequest

from rseaudit.crawl.guards import Refused
from rseaudit.crawl.outcomes import Judgement, again
from rseaudit.crawl.page import NotReadable
from rseaudit.crawl.robots import RobotsRefused, RobotsUnread

_TOO_LARGE = "larger than the limit"
_CAUSES: tuple[tuple[type[Exception], str, bool], ...] = (
    (scrapy_errors.DownloadConnectionRefusedError, "connection refused", True),
    (scrapy_errors.CannotResolveHostError, "the name of the host cannot be resolved", True),
    (scrapy_errors.DownloadTimeoutError, "no answer in time", True),
    (scrapy_errors.DownloadCancelledError, _TOO_LARGE, False),
    (scrapy_errors.ResponseDataLossError, "the answer was cut", True),
)
# How Twisted tells of a line that it cannot read.
_NO_HTTP = re.compile("ParseError")


def cause_of(error: BaseException) -> str:
    """Return the cause of a failed request, without any detail of the request itself."""
    if isinstance(error, Refused):
        return f"refused: {error.reason}"
    if isinstance(error, (RobotsRefused, RobotsUnread, NotReadable)):
        return _one_line(str(error))
    if isinstance(error, IgnoreRequest):
        text = str(error)
        return _TOO_LARGE if "DOWNLOAD_MAXSIZE" in text else _one_line(text)
    for kind, cause, _ in _CAUSES:
        if isinstance(error, kind):
            return cause
    text = f"{error} {error.__cause__ or ''}"
    if "certificate" in text.lower():
        return "the certificate cannot be verified"
    if "gzip" in text.lower() or "zlib" in text.lower():
        return "the body cannot be decompressed"
    if isinstance(error, scrapy_errors.DownloadFailedError):
        return "the answer is not HTTP" if _NO_HTTP.search(text) else "the connection broke"
    return f"{type(error).__name__}: {_one_line(str(error))}"


def judge_failure(error: BaseException, *, attempts: int, cap: int) -> Judgement:
    """Judge a request that had no answer: refused, to be tried again, or failed."""
    cause = cause_of(error)
    if isinstance(error, (Refused, RobotsRefused)):
        return Judgement("denied", cause)
    return again(cause, attempts=attempts, cap=cap if _is_worth_another_try(error) else 0)


def _is_worth_another_try(error: BaseException) -> bool:
    if "certificate" in cause_of(error):
        return False
    for kind, _, worth in _CAUSES:
        if isinstance(error, kind):
            return worth
    return isinstance(error, (scrapy_errors.DownloadFailedError, OSError, RobotsUnread))


def is_out_of_reach(error: BaseException) -> bool:
    """Tell whether the host cannot be talked to at all, whatever is asked of it."""
    kinds = (scrapy_errors.DownloadConnectionRefusedError, scrapy_errors.CannotResolveHostError)
    return isinstance(error, kinds) or "certificate" in cause_of(error)


def _one_line(text: str) -> str:
    return " ".join(text.split())[:200]
