"""Stores to test on: an SQLite file, and a PostgreSQL server of our own where one can be started."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from rseaudit.store.database import Store, open_store
from tests.components import missing
from tests.platforms.fixtures import mariadb, mediawiki, platform_folder, wordpress
from tests.postgres_server import NotInstalled, new_database, running

__all__ = ["mariadb", "mediawiki", "platform_folder", "wordpress"]  # fixtures


@pytest.fixture
def sqlite_address(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'store.db'}"


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start a PostgreSQL server on a private socket; give the folder of the socket."""
    with ExitStack() as stack:
        try:
            server = stack.enter_context(running())
        except NotInstalled as error:
            missing(*error.args)
        yield server


@pytest.fixture
def postgres_address(postgres: str) -> str:
    """Return the address of a new, empty database."""
    return new_database(postgres)


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
