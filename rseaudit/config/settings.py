"""The keys of ``rseaudit.toml``, their types and defaults.

Every key is documented in ``docs/configuration.md``; a test compares the two. What concerns one
value is checked here or in ``values``; what concerns several tables is checked in ``checks``.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from rseaudit.config.profile import Csrf as Csrf
from rseaudit.config.profile import DocumentSelectors as DocumentSelectors
from rseaudit.config.profile import LoginForm as LoginForm
from rseaudit.config.profile import Profile as Profile
from rseaudit.config.profile import SpaceSelectors as SpaceSelectors
from rseaudit.config.table import Table as Table
from rseaudit.config.table import at_most_one
from rseaudit.config.values import (
    FilePath,
    Glob,
    HeaderName,
    Host,
    Language,
    Name,
    Override,
    SpaceGlob,
    StoreAddress,
    WatchlistName,
    WebAddress,
    Words,
    Zone,
)
from rseaudit.config.values import Ratio as Ratio
from rseaudit.model import Role, Visibility

Platform = Literal["humhub", "wordpress", "mediawiki", "website", "feed", "page"]


class Retention(Table):
    """How long things are kept, in days."""

    bodies_days: int = Field(default=90, ge=1)
    findings_days: int = Field(default=730, ge=1)


class StoreSettings(Table):
    """Where results live. The password of a server stands in a file, a variable or the keyring."""

    url: StoreAddress = Field(default="sqlite:///rseaudit.db", validate_default=True)
    password_file: FilePath | None = None
    password_env: Words | None = None
    keyring: Words | None = None
    retention: Retention = Retention()
    index: FilePath | None = None

    @model_validator(mode="after")
    def _has_one_password(self) -> Self:
        at_most_one(self, "password_file", "password_env", "keyring")
        return self


class Login(Table):
    """A user name and where its password is; never the password."""

    user: Words
    password_file: FilePath | None = None
    password_env: Words | None = None
    keyring: Words | None = None
    method: Literal["form", "basic"] | None = None

    @model_validator(mode="after")
    def _has_one_password(self) -> Self:
        if not at_most_one(self, "password_file", "password_env", "keyring"):
            raise ValueError("the password is missing; name where it is kept: password_file, password_env or keyring")
        return self


class OAuth(Table):
    """Client credentials (RFC 6749, 4.4): where a token is had, for whom, and where the secret is."""

    token_url: WebAddress
    client_id: Words
    secret_file: FilePath | None = None
    secret_env: Words | None = None
    secret_keyring: Words | None = None
    scope: Words | None = None
    client_auth: Literal["header", "body"] = "header"

    @model_validator(mode="after")
    def _has_one_secret(self) -> Self:
        if not at_most_one(self, "secret_file", "secret_env", "secret_keyring"):
            raise ValueError("the secret is missing; name where it is kept: secret_file, secret_env or secret_keyring")
        return self


class Account(Table):
    """An identity under which a source is read; without one it is read as a guest."""

    name: Words
    login: Login | None = None
    token_file: FilePath | None = None
    token_env: Words | None = None
    token_keyring: Words | None = None
    token_header: HeaderName | None = None
    oauth: OAuth | None = None
    cookies_file: FilePath | None = None
    proof_url: Words | None = None
    check_every: int = Field(default=50, ge=1, le=1000)
    logins: int = Field(default=2, ge=0, le=10)

    @model_validator(mode="after")
    def _has_one_identity(self) -> Self:
        at_most_one(self, *IDENTITIES)
        if self.token_header is not None and not self.has_token:
            raise ValueError('"token_header" belongs to token_file, token_env or token_keyring')
        return self

    @property
    def has_token(self) -> bool:
        return bool(self.token_file or self.token_env or self.token_keyring)

    @property
    def is_guest(self) -> bool:
        """Whether it names no identity: it reads what everybody may read."""
        return not (self.login or self.has_token or self.oauth or self.cookies_file)


IDENTITIES = ("login", "token_file", "token_env", "token_keyring", "oauth", "cookies_file")


def _accounts(value: object) -> object:
    """Let one table stand for a list of one; without a name it is called ``account``."""
    return [{"name": "account", **value}] if isinstance(value, dict) else value


class Politeness(Table):
    """How gently a source is read. The defaults suit a living network."""

    concurrency: int = Field(default=2, ge=1, le=64)
    delay_s: float = Field(default=0.0, ge=0)
    autothrottle: bool = True
    start_delay_s: float = Field(default=0.25, ge=0)
    timeout_s: float = Field(default=30.0, gt=0)
    attempts: int = Field(default=3, ge=1, le=10)
    max_body_mb: float = Field(default=15.0, gt=0)
    max_pages: int = Field(default=100_000, ge=1)
    max_depth: int = Field(default=50, ge=1)
    max_fruitless: int = Field(default=100, ge=1)


class SourceSettings(Table):
    """One ``[[source]]``: a place that is read."""

    name: Name
    role: Role
    platform: Platform
    url: WebAddress
    profile: str | None = None
    timezone: Zone = "Europe/Paris"
    languages: list[Language] = Field(default=[])
    allow_hosts: list[Host] = Field(default=[])
    ca_file: FilePath | None = None
    proxy: WebAddress | None = None
    exclude_spaces: list[Glob] = Field(default=[])
    include_spaces: dict[Glob, Override] = Field(default={})
    robots_override: Override | None = None
    trust: Ratio = 1.0
    visibility: Visibility = "unknown"
    politeness: Politeness = Politeness()
    account: Annotated[list[Account], BeforeValidator(_accounts)] = Field(default=[])
    login: Login | None = None

    @property
    def accounts(self) -> tuple[Account, ...]:
        """All identities, with ``login = {…}`` as the account of that name that it is short for."""
        short = () if self.login is None else (Account(name="login", login=self.login),)
        return (*short, *self.account)


class AudienceSettings(Table):
    """One ``[[audience]]``: for whom a space writes."""

    id: Words
    label: Words
    languages: list[Language] = Field(default=[])
    level: Literal["facile", "courant", "soutenu", "expert"] | None = None
    device: Literal["mobile", "desktop"] | None = None
    reading_time_s: int | None = Field(default=None, ge=1)
    known_terms: list[str] = Field(default=[])
    address: Literal["vous", "tu", "neutral"] | None = None
    freshness_days: int | None = Field(default=None, ge=1)
    expects: list[Literal["contact", "date", "action"]] = Field(default=[])


class SpaceSettings(Table):
    """One ``[[space]]``: what the team declares of the spaces whose ``source/name`` matches."""

    match: SpaceGlob
    audience: str | None = None
    visibility: Visibility | None = None
    owner: str | None = None
    moderators: list[str] = Field(default=[])


class DuplicatesSettings(Table):
    """Thresholds of matching; their meaning stands in ``docs/configuration.md``."""

    min_words: int = Field(default=12, ge=4)
    min_score: int = Field(default=22, ge=1)
    original_share: Ratio = 0.8
    own_words: int = Field(default=60, ge=1)
    judged_words: int = Field(default=40, ge=1)
    boilerplate_documents: int = Field(default=5, ge=2)
    boilerplate_share: Ratio = 0.02
    exclude_text: list[str] = Field(default=[])


class AuditSettings(Table):
    """Which rules speak and from when a content is old."""

    disable: list[str] = Field(default=[])
    enable: list[str] = Field(default=[])
    freshness_days: int = Field(default=730, ge=1)
    languages: list[Language] = Field(default=["fr"])
    words_per_minute: int = Field(default=220, ge=50)
    sentence_words: int = Field(default=25, ge=5)
    fail_on: Literal["never", "info", "advice", "alert"] = "never"


class WatchSettings(Table):
    """What the digest covers."""

    watchlists: list[WatchlistName] = Field(default=["enterprise-social", "mobility"])
    threshold: int = Field(default=30, ge=0, le=100)
    period_days: int = Field(default=7, ge=1)
    interval_minutes: int = Field(default=60, ge=60)
    max_entries: int = Field(default=2000, ge=1)
    watchlist_sources: bool | None = None


class CrawlSettings(Table):
    """How workers and the watchdog measure time."""

    lease_s: float = Field(default=30.0, ge=1, le=3600)
    stall_s: float = Field(default=300.0, ge=1)


class ReportSettings(Table):
    """What reports say of their makers and readers."""

    organisation: str = ""
    contact: str = ""
    lang: Literal["fr", "en"] = "fr"


class Settings(Table):
    """The whole of ``rseaudit.toml``.

    ``base`` is its folder: relative paths start there. ``notices`` are remarks that stop nothing,
    each as ``file:line: key: remark``. Neither is a key of the file.
    """

    store: StoreSettings = StoreSettings()
    source: list[SourceSettings] = Field(default=[])
    profile: dict[str, Profile] = Field(default={})
    audience: list[AudienceSettings] = Field(default=[])
    space: list[SpaceSettings] = Field(default=[])
    duplicates: DuplicatesSettings = DuplicatesSettings()
    audit: AuditSettings = AuditSettings()
    crawl: CrawlSettings = CrawlSettings()
    watch: WatchSettings = WatchSettings()
    report: ReportSettings = ReportSettings()
    user_agent_contact: str | None = None
    people_map: FilePath | None = None
    base: Path = Field(default=Path(), exclude=True)
    notices: tuple[str, ...] = Field(default=(), exclude=True)

    @model_validator(mode="before")
    @classmethod
    def _has_a_store(cls, data: object) -> object:
        """Let the address of the store be resolved against the file's folder even when it is the default."""
        return {"store": {}, **data} if isinstance(data, dict) else data

    @property
    def store_url(self) -> str:
        """The store's address without its password: see ``secrets.database_address``."""
        return self.store.url

    def path(self, value: str) -> Path:
        """Resolve a path of the configuration: against the file's folder, ``~`` for home."""
        return self.base / Path(value).expanduser()
