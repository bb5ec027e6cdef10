"""Fetch secrets from where the configuration says they are, at the moment of use.

A ``Secret`` shows itself in no message, log or traceback; only ``reveal`` gives it away.
"""

from __future__ import annotations

import hmac
import os
import stat
from importlib import import_module
from pathlib import Path
from typing import NoReturn
from urllib.parse import quote, urlsplit, urlunsplit

from rseaudit.config.settings import Account, Login, OAuth, Settings, StoreSettings
from rseaudit.errors import ConfigError

_MAX_BYTES = 1_000_000
_HAS_MODES = os.name == "posix"
_FILES = ("password_file", "token_file", "secret_file")
_VARIABLES = ("password_env", "token_env", "secret_env")
_KEYRINGS = ("keyring", "token_keyring", "secret_keyring")


class Secret:
    """A text that is not shown. It compares in constant time and cannot be pickled."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """Return the text itself, for the one place that sends it."""
        return self._value

    def __repr__(self) -> str:
        return "Secret(…)"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return repr(self)

    def __bool__(self) -> bool:
        return bool(self._value)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        return hmac.compare_digest(self._value.encode(), other._value.encode())

    __hash__ = None  # type: ignore[assignment]  # a hash in a set or a log would be a trace of it

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is not written down")


def read_secret(holder: Login | Account | OAuth | StoreSettings, *, where: str, base: Path = Path()) -> Secret | None:
    """Return the password, token or client secret that ``holder`` points to, ``None`` when it points to none.

    ``where`` names the holder in messages, such as ``source rse``. ``base`` serves paths that are
    still relative. An account gives its token, else the secret of its OAuth client, else its login's
    password; a file of cookies is read with ``read_secret_file``. Raises ``ConfigError`` when the secret is
    missing, empty, or can be read by others.
    """
    if isinstance(holder, Account) and not holder.has_token:
        inner = holder.oauth or holder.login
        return None if inner is None else read_secret(inner, where=where, base=base)
    for key in _FILES:
        if path := getattr(holder, key, None):
            return _one_line(base / path, key=key, where=where)
    for key in _VARIABLES:
        if name := getattr(holder, key, None):
            return _from_environment(name, key=key, where=where)
    for key in _KEYRINGS:
        if service := getattr(holder, key, None):
            return _from_keyring(service, _user(holder), where=where)
    return None


def _user(holder: Login | Account | OAuth | StoreSettings) -> str:
    """Return the name under which a keyring holds a secret."""
    if isinstance(holder, Login):
        return holder.user
    if isinstance(holder, OAuth):
        return holder.client_id
    return holder.name if isinstance(holder, Account) else urlsplit(holder.url).username or ""


def read_password(settings: Settings, login: Login) -> str:
    """Return the password of ``login``, for the one place that sends it; see ``read_secret``."""
    secret = read_secret(login, where=f"account {login.user}", base=settings.base)
    assert secret is not None  # a login without a password is refused when it is read
    return secret.reveal()


def read_secret_file(path: Path, *, key: str, where: str) -> Secret:
    """Return the whole of a file that only its owner may read; ``key`` is the one that names it.

    On Windows the permissions are left to the folder's access list.
    """
    place = f"{where}: {key}"
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            raw, failure = file.read(_MAX_BYTES + 1), None
    except FileNotFoundError:
        failure = "there is no such file"
    except IsADirectoryError:
        failure = "this is a folder, not a file"
    except OSError as error:
        failure = f"cannot be read: {error.strerror}"
    if failure is not None:
        raise ConfigError([f"{place}: {path}: {failure}"], remedy=f"write the secret into it, then: chmod 600 {path}")
    if _HAS_MODES and mode & (stat.S_IRWXG | stat.S_IRWXO):
        what = f"{place}: {path}: others than its owner may use this file (mode {stat.S_IMODE(mode):03o})"
        raise ConfigError([what], remedy=f"chmod 600 {path}")
    if len(raw) > _MAX_BYTES:
        raise ConfigError([f"{place}: {path}: is too large for a secret"], remedy="name the file that holds it alone")
    text = _decoded(raw)
    if text is None:
        raise ConfigError([f"{place}: {path}: is not UTF-8 text"], remedy="save it as UTF-8")
    if not text.strip():
        raise ConfigError([f"{place}: {path}: is empty"], remedy="write the secret into it")
    return Secret(text)


def database_address(store: StoreSettings, *, base: Path = Path()) -> Secret:
    """Return the store's address with its password, if the configuration names one.

    Without one PostgreSQL looks itself into ``PGPASSWORD`` and ``~/.pgpass``.
    """
    password = read_secret(store, where="store", base=base)
    if password is None:
        return Secret(store.url)
    parts = urlsplit(store.url)
    user, _, host = parts.netloc.rpartition("@")
    login = f"{user}:{quote(password.reveal(), safe='')}@"
    return Secret(urlunsplit(parts._replace(netloc=login + host)))


def _decoded(raw: bytes) -> str | None:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None  # the error would carry the bytes along


def _one_line(path: Path, *, key: str, where: str) -> Secret:
    """Return the only line of a file without its end; blanks inside and around are part of a password."""
    text = read_secret_file(path, key=key, where=where).reveal()
    line = text.removesuffix("\n").removesuffix("\r")
    if "\n" in line or "\r" in line:
        what = f"{where}: {key}: {path}: holds several lines; expected the secret alone on the first"
        raise ConfigError([what], remedy="remove the other lines")
    return Secret(line)


def _from_environment(name: str, *, key: str, where: str) -> Secret:
    value = os.environ.get(name, "")
    if not value:
        what = f"{where}: {key}: the environment variable {name} is not set or empty"
        raise ConfigError([what], remedy=f"set {name} before the command, or use {key.replace('_env', '_file')}")
    return Secret(value)


def _from_keyring(service: str, user: str, *, where: str) -> Secret:
    place = f"{where}: keyring"
    try:
        library = import_module("keyring")  # optional: nothing else needs it
    except ImportError:
        library = None
    if library is None:
        raise ConfigError(
            [f"{place}: the keyring library is not installed"],
            remedy="python -m pip install keyring, or use password_file or password_env",
        )
    value: str | None = None
    failure: str | None = None
    try:
        value = library.get_password(service, user)
    except Exception as error:  # each backend has errors of its own
        failure = type(error).__name__
    if failure is not None:
        remedy = "unlock the keyring of this session, or use password_file or password_env"
        raise ConfigError([f"{place}: the keyring does not answer ({failure})"], remedy=remedy)
    if not value:
        what = f'{place}: the keyring holds nothing for the service "{service}" and this user'
        raise ConfigError([what], remedy=f"keyring set {service} {user}")
    return Secret(value)
