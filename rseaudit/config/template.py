"""The first ``rseaudit.toml`` of a newcomer: short, commented, and valid as it is."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterable
from typing import get_args
from urllib.parse import urlsplit

from pydantic import TypeAdapter, ValidationError

from rseaudit.config.settings import Platform
from rseaudit.config.values import WebAddress, proposed
from rseaudit.errors import UsageError

_EXAMPLE = "https://rse.example.com"
_WATCHED = ("feed", "page")

_HEAD = """\
# What rseaudit reads, and for whom. Check it with: rseaudit doctor
# Every key is explained in docs/configuration.md. Text stands in straight double quotes;
# expressions and Windows paths stand in single quotes. Relative paths start at this file.

[store]
url = "sqlite:///rseaudit.db"      # or "postgresql://user@host/database", without password
retention = { bodies_days = 90, findings_days = 730 }

[report]
organisation = ""                  # "Ville d'Exemple": stands on top of every report
contact = ""                       # "communication@example.com": whom readers may ask
lang = "fr"                        # fr, en

# --- The network to audit ----------------------------------------------------------------------

[[source]]
name = "rse"                       # short, without spaces; reports and commands use it
role = "audited"
"""

_SOURCE_TAIL = """\
timezone = "Europe/Paris"          # of dates that the platform gives without one
# languages = ["fr"]
# ca_file = "pki/interne.pem"      # if its certificate comes from your own authority
# exclude_spaces = ["CSE*"]        # added to those that are never read

# Without an account the source is read as a guest. The secret stands in a file of its own
# (chmod 600), never here. An account that may only read is best.
# [[source.account]]
# name = "lecteur"
# login = { user = "lecteur", password_file = "secrets/rse" }
# token_file = "secrets/rse-token"       # instead of login: an API token
# cookies_file = "secrets/rse-cookies"   # instead of login: from a browser, after single sign-on
"""

_PROFILE = """\

# How this website is read. Without a profile the text of articles is found by itself, but not
# its author, owner or space. Try it with: rseaudit profile check rse
[profile.rse]
start = ["/"]
# allow = ['^/section/\\d+', '^/thread/\\d+']   # paths that may be read; all, if absent
# item = ".message"                            # the first is the document, the others are comments

[profile.rse.document]
# match = '^/thread/(?P<native_id>\\d+)'        # pages that are documents, and their own number
title = "h1"
# text = ".message-body"
# author = ".author"
# created = "time@datetime"                    # selector@attribute
# space = ".breadcrumb a:last-child"

# [profile.rse.login]                          # for an account: docs/accounts.md
# form = "/login"
# fields = { username = "user", password = "password" }
# proof = 'a[href^="/profile"]'                # what only members see
"""

_TAIL = """\

# --- Where content may have been taken from, or to (one table each) ------------------------------

# [[source]]
# name = "intranet"
# role = "reference"
# platform = "wordpress"           # humhub, wordpress, mediawiki, website
# url = "https://intranet.example.com"

# --- For whom the spaces write -------------------------------------------------------------------

[[audience]]
id = "tous"
label = "Tous les collaborateurs"
languages = ["fr"]
level = "courant"                  # facile, courant, soutenu, expert
address = "vous"                   # vous, tu, neutral
freshness_days = 540               # older content is to be checked
# device = "mobile"                # mobile, desktop
# reading_time_s = 120
# known_terms = ["RH", "CSE"]      # abbreviations that these readers know
# expects = ["contact", "date", "action"]

[[space]]
match = "rse/*"                    # source/space; * stands for anything
audience = "tous"
# owner = "prenom.nom@example.com" # who answers for it, if the platform does not say

# --- The watch: trends in enterprise networks and in mobility ------------------------------------

[watch]
watchlists = ["enterprise-social", "mobility"]   # or your own: "watchlists/ma-veille.toml"
period_days = 7

# [[source]]
# name = "presse-it"
# role = "watched"
# platform = "feed"                # feed, page
# url = "https://news.example.com/rss"
# languages = ["fr"]
"""


def render(
    url: str | None = None,
    platform: str | None = None,
    *,
    schema: str | None = None,
    remarks: Iterable[str] = (),
) -> str:
    """Return the text of a configuration for the network at ``url``.

    An address without scheme is taken as https. ``platform`` is ``website`` when it is not known
    (``humhub`` in the example without address). ``schema`` is where editors find the JSON Schema.
    ``remarks`` become comments above the platform. Raises ``UsageError`` for an address or platform that
    cannot be used.
    """
    address = _EXAMPLE if url is None else _site(url, whole=platform in _WATCHED)
    chosen = platform or ("humhub" if url is None else "website")
    if chosen not in get_args(Platform):
        known = proposed(chosen, list(get_args(Platform)))
        raise UsageError(f'"{chosen}" is not a known platform{known}', where="init")
    lines = [line for remark in remarks for line in _comment(remark)]
    lines += [f"platform = {quoted(chosen)}", f"url = {quoted(address)}"]
    if chosen == "website":
        lines.append('profile = "rse"                    # see [profile.rse] below')
    source = "\n".join(lines) + "\n" + _SOURCE_TAIL
    first = f"#:schema {schema}\n" if schema else ""
    head = _HEAD.replace('role = "audited"', 'role = "watched"') if chosen in _WATCHED else _HEAD
    return first + head + source + (_PROFILE if chosen == "website" else "") + _TAIL


def typed_address(url: str) -> str:
    """Return an address as it was meant, with its scheme; raises ``UsageError`` for one that cannot be used."""
    address = url.strip()
    if "://" not in address:
        address = f"https://{address}"
    try:
        TypeAdapter(WebAddress).validate_python(address)
        failure = None
    except ValidationError as error:
        failure = str(error.errors(include_input=False, include_url=False)[0]["ctx"]["error"])
    if failure is not None:
        raise UsageError(failure, where="init", remedy="rseaudit init https://rse.example.com")
    return address


def _site(url: str, *, whole: bool) -> str:
    """Return the site itself, not the page that was open in the browser; of a feed the whole address."""
    parts = urlsplit(typed_address(url))
    tail = f"{parts.path}?{parts.query}" if whole and parts.query else parts.path.rstrip("/")
    return f"{parts.scheme}://{parts.netloc}{tail}"


def _comment(remark: str) -> list[str]:
    """Write a remark, parts of which a server may have written, as comments that end where their line does."""
    plain = "".join(sign if sign.isprintable() else " " for sign in remark)
    return textwrap.wrap(plain, 96, initial_indent="# ", subsequent_indent="# ")


def quoted(text: str) -> str:
    """Write a TOML string; its escapes are those of JSON, but that DEL must be escaped too."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
