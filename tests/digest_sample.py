"""A digest of nine weeks of press, for the tests of reports."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime, timedelta

from rseaudit.config.settings import WatchSettings
from rseaudit.config.watchlist import Watchlist
from rseaudit.model import (
    Entry,
    Feed,
    FeedState,
)
from rseaudit.watch.digest import Digest
from rseaudit.watch.job import update

PRESS = ("Le Journal des réseaux", "Veille & intranet", "Archives du numérique", "DSI magazine")
SUBJECTS = (
    "les cantines", "le stationnement", "le budget", "les archives", "la toiture", "les concerts", "la papeterie",
    "les jardins", "la piscine", "les vitres",
)  # fmt: skip
WATCHLIST = """
id = "social"
label = { fr = "Réseaux sociaux d’entreprise", en = "Enterprise social networks" }
[[topic]]
id = "intranet"
label = { fr = "Intranet et accès", en = "Intranet and access" }
any = ["intranet", "passkey"]
weight = 3
[[vendor]]
name = "Zorglub"
[[source]]
url = "https://f0.example.org/rss"
name = "Le Journal des réseaux"
pestel_hint = "technological"
"""


def digest(payload: str = "") -> Digest:
    """Return a digest of nine weeks in which "passkey" rises and "Zorglub" appears."""
    now = datetime(2026, 11, 25, 8, tzinfo=UTC)
    watchlist = Watchlist.model_validate(tomllib.loads(WATCHLIST))
    feeds = [
        Feed(url=f"https://f{i}.example.org/rss", name=f"{name} {payload}".strip()) for i, name in enumerate(PRESS)
    ]

    def entry(feed: int, name: str, title: str, days: float) -> Entry:
        at = now - timedelta(days=days)
        return Entry(
            id=name,
            feed=feeds[feed].url,
            url=payload if payload and name.startswith("p") else f"https://f{feed}.example.org/{name}",
            title=f"{title} {payload}".strip(),
            summary=f"{title}. Le déploiement commence dans les collectivités dès le printemps. {payload}",
            published=at,
            first_seen=at,
            lang="fr",
        )

    entries = [
        entry(week % 4, f"w{week}-{i}", f"Un intranet pour {subject}", 8 + 7 * week + i / 4)
        for week in range(8)
        for i, subject in enumerate(SUBJECTS)
    ]
    entries += [
        entry(i % 4, f"p{i}", f"La passkey arrive sur l’intranet : {s}", 1 + i / 8) for i, s in enumerate(SUBJECTS)
    ]
    entries += [entry(i, f"z{i}", "Zorglub rachète un éditeur d’intranet", 2) for i in range(3)]
    ailing = FeedState(
        url=feeds[3].url,
        name=PRESS[3],
        state="suspect",
        last_problem="The feed could not be reached ({cause}).",
        numbers={"cause": payload or "timeout"},
    )
    return update(entries, feeds, [watchlist], now=now, settings=WatchSettings(), states=[ailing]).digest
