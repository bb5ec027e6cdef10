"""The addresses that an adapter may ask for: those of the API's reading, shape by shape."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

import regex

from rseaudit.crawl.addresses import origin, target, url_key


class Shapes:
    """Allows what matches one of ``patterns`` as a whole, ``path?query`` below the path of ``base``.

    Parameters stand in the order that ``url_key`` gives them.
    """

    def __init__(self, base: str, patterns: Iterable[str]) -> None:
        self._origin = origin(url_key(base))
        self._root = urlsplit(base).path.rstrip("/")
        self._patterns = tuple(regex.compile(pattern) for pattern in patterns)

    def refusal(self, url: str) -> str | None:
        """Return why ``url`` is refused, ``None`` when it is allowed."""
        key = url_key(url)
        if origin(key) != self._origin:
            return "origin" if origin(key) else "scheme"
        text = target(key)
        if not text.startswith(f"{self._root}/"):
            return "not-allowed"
        rest = text[len(self._root) :]
        return None if any(pattern.fullmatch(rest) for pattern in self._patterns) else "not-allowed"
