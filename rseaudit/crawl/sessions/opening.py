"""Choose the way in of an account from what the configuration says, and read its secret: here and nowhere else."""

from __future__ import annotations

from rseaudit.config.secrets import read_secret, read_secret_file
from rseaudit.config.settings import Account, Settings, SourceSettings
from rseaudit.crawl.addresses import origin
from rseaudit.crawl.platform import Platform
from rseaudit.crawl.sessions.base import Session
from rseaudit.crawl.sessions.cookies import CookieSession, read_cookies
from rseaudit.crawl.sessions.form import FormSession
from rseaudit.crawl.sessions.headers import HeaderSession, basic, bearer
from rseaudit.crawl.sessions.mediawiki import MediawikiSession, own_proof
from rseaudit.crawl.sessions.oauth import OAuthSession
from rseaudit.crawl.sessions.sign import sign_of
from rseaudit.errors import ConfigError


def open_session(
    settings: Settings, source: SourceSettings, account: Account, platform: type[Platform]
) -> Session | None:
    """Return the session of an account; ``None`` for one that names no identity and reads as a guest.

    Raises ``ConfigError`` for a secret that cannot be read and for what the platform cannot use.
    """
    if account.is_guest:
        return None
    method, proof, login_address = platform.login, platform.proof(source), platform.login_address(source)
    where = f"source {source.name}: account {account.name}"
    profile = settings.profile.get(source.profile) if source.profile else None
    if account.login is not None and account.login.method is not None:
        method = account.login.method
    if proof is None and method == "mediawiki":
        proof = own_proof(login_address)
    if account.login is not None and method == "form" and (profile is None or profile.login is None):
        raise ConfigError([f"{where}: its profile has no [login] table"])
    sign = sign_of(source, account, profile, proof)
    if account.cookies_file is not None:
        path = settings.path(account.cookies_file)
        text = read_secret_file(path, key="cookies_file", where=where)
        exported = read_cookies(text, origin=origin(source.url), where=str(path))
        return CookieSession(source.url, account, sign, exported)
    secret = read_secret(account, where=where, base=settings.base)
    assert secret is not None  # a login, token or client without one is refused when it is read
    if account.oauth is not None:
        return OAuthSession(source.url, account, sign, account.oauth, secret)
    if account.login is None:
        remedy = f"make a new token, and write it to {account.token_file or 'where it is kept'}: docs/accounts.md"
        return HeaderSession(source.url, account, sign, bearer(secret, account.token_header), remedy=remedy)
    user = account.login.user
    if method == "basic":
        remedy = "check the user and its (application) password"
        return HeaderSession(source.url, account, sign, basic(user, secret), remedy=remedy)
    if method == "mediawiki":
        return MediawikiSession(source.url, account, sign, login_address, user, secret)
    if profile is None or profile.login is None or profile.login.form is None:
        raise ConfigError([f"{where}: its profile has no `form` in [login]"])
    return FormSession(source.url, account, sign, profile.login, user, secret)
