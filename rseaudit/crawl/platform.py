"""What a platform's spider declares: where it begins, what it may ask for, what an answer holds."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import ClassVar, Literal

from rseaudit.config.settings import Profile, SourceSettings
from rseaudit.crawl import outcomes
from rseaudit.crawl.exclusions import Exclusions
from rseaudit.crawl.outcomes import Judgement
from rseaudit.crawl.page import Page
from rseaudit.crawl.page_content import PageContent
from rseaudit.crawl.proofs import Proof
from rseaudit.crawl.scope import Addresses


class Platform:
    """How one source is read. Nothing here fetches or stores, so that kept answers can be read again."""

    platform: ClassVar[str]
    # Its answers list documents, and where the listing ends changes with every document.
    listings: bool = False
    # How a user and password are used: a form of the profile, HTTP Basic, or the platform's own login.
    login: ClassVar[Literal["form", "basic", "mediawiki"]] = "form"

    source: SourceSettings
    profile: Profile | None
    account: str  # "" for a guest without a name
    known: bool = False  # whether the account is logged in; one without an identity is a guest

    def starts(self) -> Iterable[str]:
        """Return the absolute addresses where the crawl begins."""
        raise NotImplementedError

    def read(self, page: Page) -> PageContent:
        """Return what a page holds; pure, called again on stored bodies."""
        raise NotImplementedError

    def link_filter(self) -> Addresses:
        """Return which addresses may be asked for."""
        raise NotImplementedError

    def reads(self, content_type: str | None) -> bool:
        """Tell whether an answer of this type may hold content."""
        return outcomes.is_page(content_type)

    def judge(self, page: Page, status: int) -> Judgement | None:
        """Judge an answer whose status means something else on this platform; ``None`` for the usual."""
        return None

    def address_of(self, document_id: str) -> str | None:
        """Return the address that tells of one document alone, to ask whether a missing one is gone."""
        return None

    @classmethod
    def proof(cls, source: SourceSettings) -> Proof | None:
        """Return how the platform shows that an account is logged in; ``None`` when a profile must say it."""
        return None

    @classmethod
    def login_address(cls, source: SourceSettings) -> str:
        """Return the address that a platform's own login is sent to."""
        return source.url

    def proves(self, page: Page) -> bool:
        """Tell whether an answer of status 2xx shows by itself that the account was logged in.

        Such answers are committed at once; others wait until the proof is asked for again. On a platform
        that gives guests nothing but 401, every answer does.
        """
        return False

    def lasts(self, url: str) -> bool:
        """Tell whether what an address says never changes: a kept answer is then read again, not asked for."""
        return False

    def excluded(self, spaces: Iterable[str]) -> bool:
        """Tell whether one of these spaces is left alone."""
        return self._exclusions.cover(spaces)

    @cached_property
    def _exclusions(self) -> Exclusions:
        return Exclusions(self.source.exclude_spaces, self.source.include_spaces)
