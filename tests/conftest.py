"""Stores to test on: an SQLite file, and a PostgreSQL server of our own where one can be started."""

from __future__ import annotations

import os
import shutil
import subprocess
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from rseaudit.store.database import Store, open_store

REQUIRED = bool(os.environ.get("RSEAUDIT_REQUIRE_COMPONENTS"))


def missing(component: str, remedy: str) -> None:
    """Skip a test whose component is not here; in CI it must be."""
    message = f"{component} is not installed: {remedy}"
    if REQUIRED:
        pytest.fail(message)
    pytest.skip(message)


@pytest.fixture
def sqlite_address(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'store.db'}"


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start a PostgreSQL server on a private socket; give the folder of the socket."""
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    found = shutil.which("initdb") or (str(programs[-1]) if programs else None)
    if found is None:
        missing("PostgreSQL", "apt-get install postgresql")
        return
    binaries = Path(found).parent
    # A socket's path is short (107 bytes), and root may not run the server.
    folder = Path(f"/tmp/rseaudit-pg-{uuid.uuid4().hex[:8]}")
    folder.mkdir(mode=0o755)
    as_user: list[str] = []
    if os.geteuid() == 0:
        if shutil.which("runuser") is None:
            missing("runuser", "apt-get install util-linux")
        shutil.chown(folder, "postgres", "postgres")
        as_user = ["runuser", "-u", "postgres", "--"]

    def run(*command: str) -> None:
        subprocess.run([*as_user, *command], check=True, cwd=folder, capture_output=True, timeout=120)

    data = str(folder / "data")
    run(str(binaries / "initdb"), "-D", data, "-U", "rseaudit", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N")
    options = f"-k {folder} -c listen_addresses='' -c fsync=off -c max_connections=40"
    run(str(binaries / "pg_ctl"), "-D", data, "-w", "-l", str(folder / "log"), "-o", options, "start")
    try:
        yield str(folder)
    finally:
        run(str(binaries / "pg_ctl"), "-D", data, "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def postgres_address(postgres: str) -> str:
    """Return the address of a new, empty database."""
    import psycopg

    name = f"test_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(host=postgres, user="rseaudit", dbname="postgres", autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')  # type: ignore[call-overload]  # a name of our own
    return f"postgresql://rseaudit@/{name}?host={postgres}"


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    """Give an empty store, once on each database."""
    address = request.getfixturevalue("sqlite_address" if request.param == "sqlite" else "postgres_address")
    opened = open_store(address)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def demo_run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Run the demo once for all tests that look at it; give its reports and what it said."""
    from tests.command_line import rseaudit

    folder = tmp_path_factory.mktemp("demo")
    done = rseaudit("demo", cwd=folder)
    assert done.code == 0, done.err
    return folder / "rseaudit-demo", done.err


@pytest.fixture(scope="session")
def demo(demo_run: tuple[Path, str]) -> Path:
    return demo_run[0]


@pytest.fixture(scope="session")
def demo_output(demo_run: tuple[Path, str]) -> str:
    return demo_run[1]
