"""A configuration file in a folder: read it, or have its problems."""

from __future__ import annotations

import traceback
from pathlib import Path

import pytest

from rseaudit.config.load import load
from rseaudit.config.settings import Settings
from rseaudit.errors import ConfigError, Exit

CANARY = "hunter2-CANARY"
SOURCE = """\
[[source]]
name = "rse"
role = "audited"
platform = "humhub"
url = "https://rse.example.com"
"""

# The example of the design, as it is written there but for two long comments.
EXAMPLE = r"""
[store]
url = "sqlite:///rseaudit.db"
retention = { bodies_days = 90, findings_days = 730 }

[[source]]
name = "rse"
role = "audited"
platform = "humhub"            # humhub, wordpress, mediawiki, website, feed, page
url = "https://rse.example.com"
timezone = "Europe/Paris"
ca_file = "pki/interne.pem"    # certificates are always verified
exclude_spaces = ["Syndicat*", "CSE*"]     # added to a default list: staff representatives, private messages …
robots_override = "DSI, 2026-03-01, accord n° 12"   # only by the site's owner: who, when, why; printed in every report

[[source.account]]
name = "audit"
login = { user = "audit", password_file = "secrets/rse" }
# or: token_file = "…" (bearer) · cookies_file = "…" (exported from a browser; checked by the proof)

[[source]]
name = "forum"
role = "reference"
platform = "website"
profile = "forum"
url = "https://forum.example.com"

[profile.forum]
start = ["/sections"]
allow = ['^/section/\d+', '^/thread/\d+']
item = ".message"                           # first is the document, the others are comments
[profile.forum.document]
match = '^/thread/(?P<native_id>\d+)'
title = "h1"
text = ".message-body"
author = ".author"
created = "time@datetime"                   # css@attribute; ISO, epoch seconds or milliseconds
space = ".breadcrumb a:last-child"
[profile.forum.login]
form = "/login"
fields = { username = "user", password = "password" }
csrf = { json = "/api/config", key = "token", header = "x-csrf-token" }   # or { field = "_csrf" }
proof = 'a[href^="/me"]'

[[source]]
name = "presse-it"
role = "watched"               # read by `rseaudit watch`; a watchlist may bring its own sources too
platform = "feed"
url = "https://news.example.com/rss"
languages = ["fr"]

[[audience]]
id = "terrain"
label = "Techniciens de terrain"
languages = ["fr"]
level = "courant"              # facile, courant, soutenu, expert
device = "mobile"
reading_time_s = 120
known_terms = ["EPI", "GMAO"]
address = "vous"               # vous, tu, neutral
freshness_days = 540
expects = ["contact", "date", "action"]

[[space]]
match = "rse/Sécurité*"
audience = "terrain"
visibility = "registered"      # optional, like owner and moderators: overrides what the platform says
owner = "…"
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "rseaudit.toml"
    path.write_text(text, encoding="utf-8")
    return path


def settings(folder: Path, text: str) -> Settings:
    return load(write(folder, text))


def problems(folder: Path, text: str) -> list[str]:
    """Return ``line: key: problem`` and make sure that no refused value travels along."""
    path = write(folder, text)
    with pytest.raises(ConfigError) as caught:
        load(path)
    assert caught.value.exit_code is Exit.USAGE
    assert CANARY not in "".join(traceback.format_exception(caught.value))
    assert caught.value.__context__ is None
    assert caught.value.__cause__ is None
    return [problem.removeprefix(f"{path}:") for problem in caught.value.problems]


def problem(folder: Path, text: str) -> str:
    (only,) = problems(folder, text)
    return only
