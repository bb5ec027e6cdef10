"""The exchange format: one JSON object a line for documents, spaces and persons.

Required of a document: ``source``, ``id``, ``text``. Unknown keys are kept in ``Document.extra``.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, tzinfo
from typing import cast, get_args

from rseaudit.errors import UsageError
from rseaudit.model import DATE_RUNGS, Document, Evidence, Person, Role, Space, TextFormat, Visibility
from rseaudit.people import person_key
from rseaudit.richtext import read
from rseaudit.text import clean

_TEXTS = (
    "kind",
    "url",
    "title",
    "author",
    "owner",
    "last_editor",
    "lang",
    "shared_from",
    "translation_of",
    "canonical",
)
_COUNTS = ("comments", "likes", "views")
_FLAGS = ("author_active", "owner_active", "gone")
_DATES = ("created", "modified", "first_seen")
_KNOWN = frozenset("type source role id text body format space spaces visibility tags dates accounts".split()).union(
    _TEXTS, _COUNTS, _FLAGS, _DATES
)


def document_from(line: Mapping[str, object], *, zone: tzinfo = UTC) -> tuple[Document, Role]:
    """Read one document line; instants without zone are in ``zone``.

    Raises ``UsageError`` naming the key, what is wrong and what was expected.
    """
    values: dict[str, object] = {key: _text(line, key) for key in _TEXTS if line.get(key) is not None}
    values |= {key: _count(line, key) for key in _COUNTS}
    values |= {key: _flag(line, key) for key in _FLAGS if line.get(key) is not None}
    values |= {key: _instant(line.get(key), key, zone) for key in _DATES}
    form = cast("TextFormat", _choice(line, "format", get_args(TextFormat), "text"))
    raw = _text(line, "text", required=True, empty=True)
    body = _text(line, "body", empty=True) if line.get("body") is not None else raw
    text = read(body, form).text if form != "text" else raw
    dates = {
        _rung(rung): cast("datetime", _instant(when, f"dates.{rung}", zone))
        for rung, when in cast("Mapping[str, object]", line.get("dates") or {}).items()
    }
    if values["created"] is not None:
        dates.setdefault("api-date", cast("datetime", values["created"]))
    document = Document(
        source=_text(line, "source", required=True),
        id=_text(line, "id", required=True),
        text=text,
        body=body if form != "text" else None,
        format=form,
        spaces=tuple(_names(line, "spaces") or _names(line, "space")),
        visibility=cast("Visibility", _choice(line, "visibility", get_args(Visibility), "unknown")),
        tags=tuple(_names(line, "tags")),
        accounts=tuple(_names(line, "accounts")),
        dates=dates,
        extra={key: value for key, value in line.items() if key not in _KNOWN},
        **values,  # type: ignore[arg-type]  # the keys above are fields of those types
    )
    return document, cast("Role", _choice(line, "role", get_args(Role), "reference"))


def space_from(line: Mapping[str, object]) -> Space:
    """Read one ``"type": "space"`` line; owners and members are labels of people."""
    members = line.get("members")
    return Space(
        source=_text(line, "source", required=True),
        name=_text(line, "name", required=True),
        visibility=cast("Visibility", _choice(line, "visibility", get_args(Visibility), "unknown")),
        owners=tuple(_names(line, "owners") or _names(line, "owner")),
        moderators=tuple(_names(line, "moderators")),
        members=tuple(_names(line, "members")) if members is not None else None,
        url=_text(line, "url") if line.get("url") else None,
    )


def person_from(line: Mapping[str, object]) -> Person:
    """Read one ``"type": "person"`` line; without ``key`` it follows from the mail address or the name."""
    optional = {key: _text(line, key) if line.get(key) else None for key in ("mail", "department", "site", "language")}
    name = _text(line, "name") if line.get("name") else optional["mail"] or _text(line, "key", required=True)
    key = _text(line, "key") if line.get("key") else person_key(optional["mail"] or name)
    return Person(key=key, name=name, active=_flag(line, "active"), **optional)


def document_line(document: Document, role: Role) -> dict[str, object]:
    """Return the line of a document: every known field, ``text`` plain, ``body`` the original."""
    line: dict[str, object] = {
        "source": document.source,
        "role": role,
        "id": document.id,
        "kind": document.kind,
        "url": document.url,
        "spaces": list(document.spaces),
        "title": document.title,
        "text": document.text,
        "body": document.body,
        "format": document.format,
        "visibility": document.visibility,
        "tags": list(document.tags),
        "accounts": list(document.accounts),
        "dates": {rung: when.isoformat() for rung, when in sorted(document.dates.items())},
    }
    for key in (*_TEXTS, *_COUNTS, "author_active", "owner_active"):
        line[key] = getattr(document, key)
    for key in _DATES:
        when = getattr(document, key)
        line[key] = when.isoformat() if when else None
    if document.gone:
        line["gone"] = True
    return {**line, **document.extra}


def space_line(space: Space) -> dict[str, object]:
    """Return the line of a space."""
    members = list(space.members) if space.members is not None else None
    return {
        "type": "space",
        "source": space.source,
        "name": space.name,
        "visibility": space.visibility,
        "owners": list(space.owners),
        "moderators": list(space.moderators),
        "members": members,
        "url": space.url,
    }


def person_line(person: Person) -> dict[str, object]:
    """Return the line of a person."""
    return {
        "type": "person",
        "key": person.key,
        "name": person.name,
        "mail": person.mail,
        "active": person.active,
        "department": person.department,
        "site": person.site,
        "language": person.language,
    }


def _wrong(key: str, what: str, expected: str) -> UsageError:
    return UsageError(f"{key}: {what}", expected=expected)


def _text(line: Mapping[str, object], key: str, *, required: bool = False, empty: bool = False) -> str:
    value = line.get(key)
    if value is None and not required:
        return ""
    if isinstance(value, int) and not isinstance(value, bool) and key == "id":
        return str(value)
    if not isinstance(value, str):
        raise _wrong(key, "is missing" if value is None else f"{type(value).__name__} is not text", "a string")
    if not value and not empty and required:
        raise _wrong(key, "is empty", "a string")
    return clean(value)


def _names(line: Mapping[str, object], key: str) -> list[str]:
    value = line.get(key)
    if value is None:
        return []
    if isinstance(value, str):
        return [clean(value)]
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise _wrong(key, f"{type(value).__name__} is not a list of strings", "a list of strings")
    return [clean(item) for item in value]


def _count(line: Mapping[str, object], key: str) -> int | None:
    value = line.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise _wrong(key, f"{value!r} is not a count", "a whole number, or null when unknown")
    return value


def _flag(line: Mapping[str, object], key: str) -> bool | None:
    value = line.get(key)
    if value is not None and not isinstance(value, bool):
        raise _wrong(key, f"{value!r} is neither true nor false", "true, false, or null when unknown")
    return value


def _choice(line: Mapping[str, object], key: str, known: tuple[str, ...], default: str) -> str:
    value = line.get(key)
    if value is None:
        return default
    if value not in known:
        raise _wrong(key, f"{value!r} is not known", ", ".join(known))
    return value


def _instant(value: object, key: str, zone: tzinfo) -> datetime | None:
    if value is None:
        return None
    try:
        when = datetime.fromisoformat(cast("str", value))
    except (TypeError, ValueError):
        raise _wrong(key, f"{value!r} is not an instant", "ISO 8601, such as 2026-03-04T09:00:00+01:00") from None
    return when if when.tzinfo else when.replace(tzinfo=zone)


def _rung(rung: str) -> Evidence:
    if rung not in DATE_RUNGS:
        raise _wrong(f"dates.{rung}", "is not a rung of evidence", ", ".join(DATE_RUNGS))
    return rung
