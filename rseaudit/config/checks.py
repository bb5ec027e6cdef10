"""Check what concerns several tables of ``rseaudit.toml``: names, references, selectors of profiles.

These checks read the tables as they stand in the file, so that they speak even when a value
elsewhere is refused; of anything that has the wrong type they leave the complaint to validation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import get_args

from rseaudit.config.fields import keys
from rseaudit.config.json_paths import cursor_problem, path_problem, template_problem
from rseaudit.config.profile import DocumentSelectors, SpaceSelectors
from rseaudit.config.settings import IDENTITIES, Platform
from rseaudit.config.toml import Parsed
from rseaudit.config.validation import Problem
from rseaudit.config.values import proposed, selector_problem

_WITH_PROFILE = ("website", "page")
_WATCHED = ("feed", "page")
# The one way to use a user and password that a platform's reader has.
_METHODS = {"humhub": "basic", "wordpress": "basic"}


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
    yield from _accounts(number, source, parsed.data)
    yield from _doubles(parsed, ("source", number, "account"), _list(source.get("account")), "name")
    names = [account.get("name") for account in _list(source.get("account"))]
    if source.get("login") is not None and "login" in names:
        yield ("source", number, "login"), 'an account is named "login" already; give that one another name'


def _accounts(number: int, source: dict[str, object], data: dict[str, object]) -> Iterator[Problem]:
    """Yield what accounts bring and the platform cannot use, and accounts that nothing would prove."""
    accounts: list[tuple[tuple[str | int, ...], dict[str, object]]] = []
    if isinstance(login := source.get("login"), dict):
        accounts.append((("source", number), {"login": login}))
    given = source.get("account")
    if isinstance(given, dict):
        accounts.append((("source", number, "account"), given))
    accounts += [(("source", number, "account", n), account) for n, account in enumerate(_list(given))]
    platform = source.get("platform")
    profile = _table(_table(data.get("profile")).get(str(source.get("profile"))))
    for place, account in accounts:
        for key in IDENTITIES:
            if account.get(key) is not None:
                yield from _identity((*place, key), key, account, str(platform), _table(profile.get("login")))


def _identity(
    place: tuple[str | int, ...], key: str, account: dict[str, object], platform: str, form: dict[str, object]
) -> Iterator[Problem]:
    if platform in _WATCHED:
        yield place, f'a "{platform}" is read as a guest; accounts belong to sources that are crawled'
    elif platform == "wordpress" and key == "cookies_file":
        yield place, "the API of WordPress takes cookies for a guest's; use an application password: docs/accounts.md"
    elif platform == "website" and key != "login" and not (form.get("proof") or account.get("proof_url")):
        yield place, 'nothing would show that it is logged in; add proof_url = "/…", or "proof" to the profile\'s login'
    if key != "login" or platform in _WATCHED:
        return
    method = _table(account.get("login")).get("method")
    if platform != "website" and method is not None and method != _METHODS.get(platform):
        yield (*place, "method"), f'"{platform}" has its own way to log in; leave "method" out'
    elif platform == "website" and method == "basic" and not (form.get("proof") or account.get("proof_url")):
        yield place, 'nothing would show that it is logged in; add proof_url = "/…", or "proof" to the profile\'s login'
    elif platform == "website" and method != "basic" and not form.get("form"):
        yield place, 'needs a profile with the form: [profile.NAME.login] with "form" and "proof"; or method = "basic"'


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
        yield from _json_profile(name, profile)
        return
    for key in ("cursor", "follow", "format"):
        if profile.get(key) is not None:
            yield ("profile", name, key), f'"{key}" works with "list" only: it belongs to answers in JSON'
    for key in ("id", "url"):
        if _table(profile.get("document")).get(key) is not None:
            text = f'"{key}" works with "list" only; in a page the address is that of the document: "match"'
            yield ("profile", name, "document", key), text
    selectors: list[tuple[tuple[str, ...], object]] = [(("item",), profile.get("item"))]
    for table, model in (("document", DocumentSelectors), ("space", SpaceSelectors)):
        given = _table(profile.get(table))
        selectors += [((table, key), given.get(key)) for key in keys(model) if key != "match"]
    selectors.append((("login", "proof"), _table(profile.get("login")).get("proof")))
    for path, selector in selectors:
        if isinstance(selector, str) and (problem := selector_problem(selector)):
            yield ("profile", name, *path), problem


def _json_profile(name: str, profile: dict[str, object]) -> Iterator[Problem]:
    """Yield what is wrong with the paths of a profile that reads JSON, and what it lacks."""
    texts: list[tuple[tuple[str, ...], Callable[[str], str | None]]] = [
        (("list",), path_problem),
        (("item",), path_problem),
        (("cursor",), cursor_problem),
        (("follow",), template_problem),
    ]
    for table, model in (("document", DocumentSelectors), ("space", SpaceSelectors)):
        texts += [((table, key), path_problem) for key in keys(model) if key != "match"]
    for path, problem_of in texts:
        given = _table(profile.get(path[0])).get(path[1]) if len(path) > 1 else profile.get(path[0])
        if isinstance(given, str) and (problem := problem_of(given)):
            yield ("profile", name, *path), problem
    document = _table(profile.get("document"))
    if document.get("text") is None:
        yield ("profile", name, "document"), 'in JSON "text" must say where the text is: text = "content"'
    if document.get("id") is None and document.get("url") is None:
        yield ("profile", name, "document"), 'in JSON "id" (or "url") must say which document it is: id = "id"'


def _table(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[dict[str, object]]:
    return [row if isinstance(row, dict) else {} for row in value] if isinstance(value, list) else []
