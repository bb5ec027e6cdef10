"""What one spider is given to do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from rseaudit.config.settings import Profile, SourceSettings
from rseaudit.crawl.session import Session
from rseaudit.crawl.writer import Writer


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """A source under one account, for one run; without a ``writer`` its pages are read and not crawled."""

    source: SourceSettings
    profile: Profile | None
    account: str
    now: datetime
    writer: Writer | None
    session: Session | None = None
