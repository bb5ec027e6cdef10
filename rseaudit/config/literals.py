"""Refuse secrets that stand in a file as they are. What is found is never repeated."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from rseaudit.config.positions import Place
from rseaudit.config.values import REMEDY, secret_in_address

_PARTS = (
    "password passwd passphrase motdepasse secret token apikey cleapi accesskey privatekey credential authorization"
).split()
_WHOLE = frozenset("pass pwd mdp bearer cookie cookies jwt".split())


def literal_secrets(data: object) -> list[tuple[Place, str]]:
    """Return the place and the remedy of each literal secret: by the name of its key, or in an address."""
    return list(_search(data, ()))


def _search(value: object, place: Place) -> Iterator[tuple[Place, str]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if _names_secret(key) and not _is_name_of_ours(place):
                yield (*place, key), f"a secret must not stand in this file; {_remedy(key)}"
            else:
                yield from _search(inner, (*place, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _search(inner, (*place, index))
    elif isinstance(value, str) and "://" in value and secret_in_address(value):
        yield place, f"a password must not stand in an address; {REMEDY}"


def _names_secret(key: str) -> bool:
    """Tell whether a key promises a secret itself, rather than where it is kept."""
    if key.endswith(("_file", "_env", "_keyring", "_url", "_header", "-file", "-env")):
        return False
    bare = "".join(sign for sign in unicodedata.normalize("NFKD", key.lower()) if not unicodedata.combining(sign))
    bare = re.sub(r"[^a-z0-9]", "", bare)
    return bare in _WHOLE or any(part in bare for part in _PARTS)


def _is_name_of_ours(place: Place) -> bool:
    """Tell whether keys are names that people choose: of profiles, of form fields, of visibilities."""
    return place == ("profile",) or (
        len(place) >= 3 and place[0] == "profile" and place[2:] in (("login", "fields"), ("visibility_map",))
    )


def _remedy(key: str) -> str:
    if "token" in key.lower() or "bearer" in key.lower():
        return "name the file that holds it: token_file"
    if "cookie" in key.lower():
        return "name the file that holds them: cookies_file"
    return REMEDY
