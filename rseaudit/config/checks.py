"""Check what concerns several tables of ``rseaudit.toml``: names, references, selectors of profiles.

These checks read the tables as they stand in the file, so that they speak even when a value
elsewhere is refused; of anything that has the wrong type they leave the complaint to validation.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

from rseaudit.config.fields import keys
from rseaudit.config.profile import DocumentSelectors, SpaceSelectors
from rseaudit.config.settings import Platform
from rseaudit.config.toml import Parsed
from rseaudit.config.validation import Problem
from rseaudit.config.values import proposed, selector_problem

_WITH_PROFILE = ("website", "page")
_WATCHED = ("feed", "page")


def cross_problems(parsed: Parsed) -> Iterator[Problem]:
    """Yield each problem with its place."""
    sources = _list(parsed.data.get("source"))
    profiles, audiences = _table(parsed.data.get("profile")), _list(parsed.data.get("audience"))
    yield from _doubles(parsed, ("source",), sources, "name")
    yield from _doubles(parsed, ("audience",), audiences, "id")
    for number, source in enumerate(sources):
        yield from _source(parsed, number, source, list(profiles))
    ids = [found for audience in audiences if isinstance(found := audience.get("id"), str)]
    for number, space in enumerate(_list(parsed.data.get("space"))):
        if isinstance(name := space.get("audience"), str) and name not in ids:
            yield ("space", number, "audience"), _undeclared("audience", name, ids, "[[audience]]")
    for name, profile in profiles.items():
        yield from _profile(name, _table(profile))


def notices(parsed: Parsed) -> Iterator[Problem]:
    """Yield remarks that stop nothing: what the file declares but nobody uses, or nothing to compare with."""
    sources = _list(parsed.data.get("source"))
    roles = [source.get("role") for source in sources]
    if "reference" in roles and "audited" not in roles:
        place = ("source", roles.index("reference"), "role")
        yield place, 'no source is "audited": references are compared with imported documents only'
    used = {source.get("profile") for source in sources}
    for name in _table(parsed.data.get("profile")):
        if name not in used:
            yield ("profile", name), "no source uses this profile"
    wanted = {space.get("audience") for space in _list(parsed.data.get("space"))}
    for number, audience in enumerate(_list(parsed.data.get("audience"))):
        if isinstance(audience.get("id"), str) and audience["id"] not in wanted:
            yield ("audience", number), "no [[space]] names this audience"


def _source(parsed: Parsed, number: int, source: dict[str, object], profiles: list[str]) -> Iterator[Problem]:
    platform, profile = source.get("platform"), source.get("profile")
    known = platform in get_args(Platform)
    if isinstance(profile, str):
        if profile not in profiles:
            yield ("source", number, "profile"), _undeclared("profile", profile, profiles, f"[profile.{profile}]")
        elif known and platform not in _WITH_PROFILE:
            text = f'platform "{platform}" needs no profile; only "website" and "page" are read by one'
            yield ("source", number, "profile"), text
    if source.get("role") == "watched" and known and platform not in _WATCHED:
        yield ("source", number, "platform"), 'a "watched" source is a "feed" or a "page"'
    yield from _doubles(parsed, ("source", number, "account"), _list(source.get("account")), "name")
    names = [account.get("name") for account in _list(source.get("account"))]
    if source.get("login") is not None and "login" in names:
        yield ("source", number, "login"), 'an account is named "login" already; give that one another name'


def _doubles(
    parsed: Parsed, place: tuple[str | int, ...], rows: list[dict[str, object]], key: str
) -> Iterator[Problem]:
    first: dict[str, int] = {}
    for number, row in enumerate(rows):
        name = row.get(key)
        if not isinstance(name, str):
            continue
        if name in first:
            line = parsed.locate((*place, first[name], key))
            yield (*place, number, key), f'"{name}" is already used on line {line}; each {place[-1]} has its own {key}'
        first.setdefault(name, number)


def _undeclared(noun: str, name: str, declared: list[str], header: str) -> str:
    if not declared:
        return f'"{name}" is not a declared {noun}; declare it in a table {header}'
    return f'"{name}" is not a declared {noun}{proposed(name, declared, "declared")}'


def _profile(name: str, profile: dict[str, object]) -> Iterator[Problem]:
    if profile.get("list") is not None:
        return  # in JSON mode these are paths
    if profile.get("cursor") is not None:
        yield ("profile", name, "cursor"), '"cursor" works with "list" only: it leads to the next page of JSON'
    selectors: list[tuple[tuple[str, ...], object]] = [(("item",), profile.get("item"))]
    for table, model in (("document", DocumentSelectors), ("space", SpaceSelectors)):
        given = _table(profile.get(table))
        selectors += [((table, key), given.get(key)) for key in keys(model) if key != "match"]
    selectors.append((("login", "proof"), _table(profile.get("login")).get("proof")))
    for path, selector in selectors:
        if isinstance(selector, str) and (problem := selector_problem(selector)):
            yield ("profile", name, *path), problem


def _table(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[dict[str, object]]:
    return [row if isinstance(row, dict) else {} for row in value] if isinstance(value, list) else []
