"""What one spider is given to do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from rseaudit.config.settings import Profile, SourceSettings
from rseaudit.crawl.sessions.base import Session
from rseaudit.crawl.tenancy import Tenancy


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """A source under one account, for one run; without a ``tenancy`` its pages are read and not crawled."""

    source: SourceSettings
    profile: Profile | None
    account: str
    now: datetime
    tenancy: Tenancy | None
    session: Session | None = None
    stall_s: float = 300.0
