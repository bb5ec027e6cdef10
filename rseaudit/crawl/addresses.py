"""Addresses in one canonical form, and the patterns that owners write about them."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from urllib.parse import unquote, urlsplit

import regex

from rseaudit.errors import UsageError
from rseaudit.text import clean

_PORTS = {"http": 80, "https": 443}
_HOST = re.compile(r"[a-z0-9._-]+|[0-9a-f:.]*:[0-9a-f:.]*")
# What may not stand as it is: an escape (perhaps needless), a lone %, anything outside plain ASCII signs.
_ODD = re.compile(r"%[0-9A-Fa-f]{2}|%|[^!-~]|[\"<>\\^`{|}]")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_PATH_SESSION = re.compile(r";(?:jsessionid|phpsessid|sid)=[^/;?]*", re.IGNORECASE)
_SESSIONS = frozenset("phpsessid jsessionid aspsessionid asp.net_sessionid cfid cftoken oscsid zenid sessionid".split())
_SESSION_VALUE = re.compile(r"[0-9A-Za-z,-]{16,}")
_TRACKING = frozenset(
    "fbclid gclid gclsrc dclid gbraid wbraid msclkid yclid igshid mc_cid mc_eid _ga _gl _hsenc _hsmi mkt_tok "
    "wt_mc xtor xts xtref".split()
)
_TRACKING_FAMILIES = ("utm_", "mtm_", "pk_", "piwik_", "matomo_", "at_", "hsa_")
_TIMEOUT_S, _LONG_TIMEOUT_S = 0.05, 2.0
_PATIENCE = 3
_slow: Counter[str] = Counter()


@lru_cache(maxsize=16_384)
def url_key(url: str) -> str:
    """Return the one form of an http(s) address under which it is known, asked for and stored.

    Lower-case scheme and host (IDNA), no user, default port or fragment; dot segments resolved;
    only needed escapes, in upper case; no session or tracking parameter. Parameters are sorted by
    name, those of one name keep their order: servers read them by name, while menus and calendars
    link the same page in every order. Anything else than a usable http(s) address is returned as
    it is. Applying it twice changes nothing.
    """
    try:
        parts = urlsplit(clean(url).strip())
        host, port = _host(parts.hostname or ""), parts.port
    except ValueError:
        return url
    if parts.scheme not in _PORTS or not host:
        return url
    netloc = host if port is None or port == _PORTS[parts.scheme] else f"{host}:{port}"
    query = _query(parts.query)
    return f"{parts.scheme}://{netloc}{_path(parts.path)}{'?' if query else ''}{query}"


def _host(host: str) -> str:
    host = host.rstrip(".")
    if not host.isascii():
        host = host.encode("idna").decode("ascii").lower().rstrip(".")
    if not _HOST.fullmatch(host):
        return ""
    return f"[{host}]" if ":" in host else host


def _escaped(text: str) -> str:
    return _ODD.sub(_escape, text) if _ODD.search(text) else text


def _escape(found: re.Match[str]) -> str:
    piece = found.group()
    if len(piece) == 3 and piece[0] == "%":
        char = chr(int(piece[1:], 16))
        return char if char in _UNRESERVED else piece.upper()
    return "".join(f"%{byte:02X}" for byte in piece.encode())


def _path(path: str) -> str:
    path = _escaped(path)
    if ";" in path:
        path = _PATH_SESSION.sub("", path)
    if "/." in path:
        kept: list[str] = []
        segments = path.split("/")[1:]
        for segment in segments:
            if segment == "..":
                del kept[-1:]
            elif segment != ".":
                kept.append(segment)
        if segments[-1] in (".", ".."):
            kept.append("")
        path = "/" + "/".join(kept)
    return path or "/"


def _query(query: str) -> str:
    if not query:
        return ""
    named = [(part.partition("=")[0], part) for part in _escaped(query).split("&") if part]
    kept = [(name, part) for name, part in named if not _is_passing(name, part)]
    return "&".join(part for _, part in sorted(kept, key=lambda pair: pair[0]))


def _is_passing(name: str, part: str) -> bool:
    """Tell whether a parameter names the visit rather than the page."""
    name = name.lower()
    if name in _SESSIONS or name in _TRACKING or name.startswith(_TRACKING_FAMILIES):
        return True
    # ``sid`` and ``s`` are also section ids and searches: only a long random value is a session.
    return name in ("sid", "s") and bool(_SESSION_VALUE.fullmatch(part.partition("=")[2]))


def origin(url: str) -> str:
    """Return ``scheme://host[:port]`` of an address, ``""`` when it is no usable http(s) one."""
    key = url_key(url)
    if not key.startswith(("http://", "https://")):
        return ""
    try:
        parts = urlsplit(key)
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""


@lru_cache(maxsize=16_384)
def target(url: str) -> str:
    """Return ``path?query`` of an address as patterns see it: readable, without escapes.

    ``""`` for what is no address at all.
    """
    try:
        parts = urlsplit(url_key(url))
    except ValueError:
        return ""
    raw = f"{parts.path}?{parts.query}" if parts.query else parts.path
    return clean(unquote(raw)) if "%" in raw else raw


@lru_cache(maxsize=512)
def compiled(pattern: str) -> regex.Pattern[str]:
    """Compile an owner's regular expression; raises ``UsageError`` that says where it breaks."""
    try:
        return regex.compile(pattern)
    except regex.error as error:
        raise UsageError(
            f"{pattern!r} is not a regular expression: {error}",
            expected=r"a pattern searched in path?query, such as '^/thread/(?P<native_id>\d+)'",
            remedy="correct the pattern, then run `rseaudit profile check`",
        ) from error


def search(pattern: str, text: str) -> regex.Match[str] | None:
    """Search an owner's pattern; raises ``TimeoutError`` when it would run away.

    The clock also runs while another process has the processor, so a first refusal after 50 ms is
    tried again with two seconds: only a pattern that is slow by itself may decide what is read. One
    that was slow three times is not given that long again.
    """
    expression = compiled(pattern)
    try:
        return expression.search(text, timeout=_TIMEOUT_S)
    except TimeoutError:
        if _slow[pattern] >= _PATIENCE:
            raise
    try:
        return expression.search(text, timeout=_LONG_TIMEOUT_S)
    except TimeoutError:
        _slow[pattern] += 1
        raise
