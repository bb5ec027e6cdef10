"""Where an answer in JSON leads: to the next answer of its listing, and to what its elements point to."""

from __future__ import annotations

from urllib.parse import parse_qsl, quote, urlencode, urljoin, urlsplit, urlunsplit

from rseaudit.config.json_paths import Cursor, cursor_of, template_holes
from rseaudit.crawl.json_fields import JsonFields
from rseaudit.crawl.page import Page


def next_address(page: Page, cursor: str) -> str | None:
    """Return the address of the next answer, ``None`` at the end.

    The end is where the cursor leads to nothing, to ``false`` or ``""``, or back to the same answer.
    Whether the list of an answer is empty, which ends all listings, is for the caller to say.
    """
    rule = cursor_of(cursor)
    if rule.path is None:
        address = _counted(page.url, rule)
    else:
        said = next((value for value in rule.path.values(page.data, page.data) if value not in (False, "")), None)
        if isinstance(said, bool) or not isinstance(said, str | int):
            return None
        if rule.parameter is not None:
            address = _with(page.url, rule.parameter, str(said))
        elif isinstance(said, str):
            address = _joined(page.url, said.strip())
        else:
            return None
    return address if address != page.url else None


def followed(element: object, template: str, page: Page) -> str | None:
    """Return the address that an element of a list leads to, ``None`` when it lacks a part of it."""
    fields = JsonFields(element, page.data, None)
    address = template
    for hole, path in template_holes(template):
        value = fields.first(path)
        if value is None:
            return None
        whole = value.startswith(("http://", "https://", "/"))
        address = address.replace(hole, value if whole else quote(value, safe=""))
    return _joined(page.url, address)


def _counted(url: str, rule: Cursor) -> str | None:
    assert rule.parameter is not None
    given = dict(parse_qsl(urlsplit(url).query)).get(rule.parameter, "1" if rule.step == 1 else "0")
    return _with(url, rule.parameter, str(int(given) + rule.step)) if given.isdecimal() and len(given) < 10 else None


def _with(url: str, parameter: str, value: str) -> str:
    parts = urlsplit(url)
    kept = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] != parameter]
    return urlunsplit((parts.scheme, parts.netloc, parts.path, urlencode([*kept, (parameter, value)]), ""))


def _joined(base: str, address: str) -> str | None:
    try:
        return urljoin(base, address)
    except ValueError:
        return None
