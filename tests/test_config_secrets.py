"""Secrets are fetched from where the configuration says, and shown nowhere."""

from __future__ import annotations

import logging
import os
import pickle
import sys
import traceback
from pathlib import Path
from types import ModuleType

import pytest

from rseaudit.config.load import default_settings
from rseaudit.config.secrets import Secret, database_address, read_password, read_secret, read_secret_file
from rseaudit.config.settings import Account, Login, StoreSettings
from rseaudit.errors import ConfigError

CANARY = "hunter2-CANARY é"
posix = pytest.mark.skipif(os.name != "posix", reason="permissions are POSIX")


def secret_file(folder: Path, content: str | bytes, mode: int = 0o600) -> Path:
    path = folder / "secret"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    path.chmod(mode)
    return path


def login(**where: str) -> Login:
    return Login(user="audit", **where)


def refusal(holder: Login | Account | StoreSettings) -> str:
    with pytest.raises(ConfigError) as caught:
        read_secret(holder, where="source rse")
    assert CANARY not in "".join(traceback.format_exception(caught.value))
    assert caught.value.__context__ is None
    return str(caught.value)


@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_a_password_file_gives_its_only_line(tmp_path: Path, end: str) -> None:
    path = secret_file(tmp_path, f" {CANARY} {end}")
    assert read_secret(login(password_file=str(path)), where="x") == Secret(f" {CANARY} ")


def test_a_byte_order_mark_is_no_part_of_a_password(tmp_path: Path) -> None:
    path = secret_file(tmp_path, b"\xef\xbb\xbfabc\n")
    assert read_password(default_settings(tmp_path), login(password_file="secret")) == "abc"
    assert path.exists()


@posix
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o601, 0o644, 0o666])
def test_a_file_that_others_may_use_is_refused_with_the_remedy(tmp_path: Path, mode: int) -> None:
    path = secret_file(tmp_path, CANARY, mode)
    said = refusal(login(password_file=str(path)))
    assert said.startswith(
        f"source rse: password_file: {path}: others than its owner may use this file (mode {mode:o})"
    )
    assert f"chmod 600 {path}" in said


@posix
@pytest.mark.parametrize("mode", [0o600, 0o400, 0o700])
def test_a_file_of_its_owner_alone_is_read(tmp_path: Path, mode: int) -> None:
    path = secret_file(tmp_path, CANARY, mode)
    assert read_secret_file(path, key="cookies_file", where="x") == Secret(CANARY)


def test_on_windows_permissions_are_left_to_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = secret_file(tmp_path, CANARY, 0o644)
    monkeypatch.setattr("rseaudit.config.secrets._HAS_MODES", False)
    assert read_secret_file(path, key="token_file", where="x") == Secret(CANARY)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "is empty"),
        (" \n", "is empty"),
        (f"{CANARY}\nother\n", "holds several lines"),
        (CANARY.encode("latin-1"), "is not UTF-8"),
        ("x" * 1_000_001, "is too large for a secret"),
    ],
)
def test_a_file_that_holds_no_secret_is_refused(tmp_path: Path, content: str | bytes, said: str) -> None:
    assert said in refusal(login(password_file=str(secret_file(tmp_path, content))))


def test_a_missing_file_is_named_with_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "secrets" / "rse"
    said = refusal(login(password_file=str(path)))
    assert f"source rse: password_file: {path}: there is no such file" in said
    assert f"chmod 600 {path}" in said
    assert "this is a folder" in refusal(login(password_file=str(tmp_path)))


def test_a_relative_path_starts_at_the_base(tmp_path: Path) -> None:
    secret_file(tmp_path, CANARY)
    assert read_secret(login(password_file="secret"), where="x", base=tmp_path) == Secret(CANARY)


def test_an_environment_variable_gives_a_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RSE_PASSWORD", CANARY)
    assert read_secret(login(password_env="RSE_PASSWORD"), where="x") == Secret(CANARY)
    monkeypatch.setenv("RSE_PASSWORD", "")
    assert "the environment variable RSE_PASSWORD is not set or empty" in refusal(login(password_env="RSE_PASSWORD"))


def keyring_library(monkeypatch: pytest.MonkeyPatch, answer: object) -> None:
    def get_password(service: str, user: str) -> object:
        assert (service, user) == ("rseaudit", "audit")
        if isinstance(answer, Exception):
            raise answer
        return answer

    library = ModuleType("keyring")
    library.get_password = get_password  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "keyring", library)


def test_the_keyring_gives_a_password(monkeypatch: pytest.MonkeyPatch) -> None:
    keyring_library(monkeypatch, CANARY)
    assert read_secret(login(keyring="rseaudit"), where="x") == Secret(CANARY)


def test_a_keyring_without_an_answer_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    keyring_library(monkeypatch, None)
    assert "keyring set rseaudit audit" in refusal(login(keyring="rseaudit"))
    keyring_library(monkeypatch, RuntimeError(CANARY))
    assert "the keyring does not answer (RuntimeError)" in refusal(login(keyring="rseaudit"))
    monkeypatch.setitem(sys.modules, "keyring", None)
    assert "the keyring library is not installed" in refusal(login(keyring="rseaudit"))


def test_an_account_gives_its_token_or_the_password_of_its_login(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RSE_PASSWORD", "b")
    path = secret_file(tmp_path, "a")
    assert read_secret(Account(name="x", token_file=str(path)), where="x") == Secret("a")
    assert read_secret(Account(name="x", login=login(password_env="RSE_PASSWORD")), where="x") == Secret("b")
    assert read_secret(Account(name="guest"), where="x") is None


def test_the_address_of_a_database_takes_its_password_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DB", "p@ss/é:x")
    store = StoreSettings(url="postgresql://rse@db:5432/rse?sslmode=require", password_env="DB")
    assert database_address(store).reveal() == "postgresql://rse:p%40ss%2F%C3%A9%3Ax@db:5432/rse?sslmode=require"
    assert database_address(StoreSettings()).reveal() == "sqlite:///rseaudit.db"


def test_a_secret_is_never_shown(caplog: pytest.LogCaptureFixture) -> None:
    secret = Secret(CANARY)
    with caplog.at_level(logging.INFO):
        logging.getLogger("x").info("%s %r", secret, {"password": secret})
    shown = f"{secret} {secret!r} {secret!s} {secret:>80} {[secret]}" + str(secret) + caplog.text
    assert CANARY not in shown
    assert "Secret(…)" in shown
    with pytest.raises(TypeError):
        pickle.dumps(secret)
    with pytest.raises(TypeError):
        hash(secret)
    assert not hasattr(secret, "__dict__")
    assert secret != CANARY
    assert secret.reveal() == CANARY
