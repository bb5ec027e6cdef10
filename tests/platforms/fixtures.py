"""The fixtures ``wordpress`` and ``mediawiki``: one installation each for all tests of a run."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.components import missing
from tests.platforms import mariadb as database
from tests.platforms import mediawiki as mw
from tests.platforms import wordpress as wp
from tests.platforms.mariadb import Mariadb
from tests.platforms.mediawiki import Mediawiki
from tests.platforms.wordpress import Wordpress


@pytest.fixture(scope="session")
def platform_folder() -> Iterator[Path]:
    folder = Path(f"/tmp/rseaudit-php-{uuid.uuid4().hex[:8]}")
    folder.mkdir(mode=0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def mariadb(platform_folder: Path) -> Iterator[Mariadb]:
    """Start a MariaDB server on a private socket."""
    if database.program("mariadbd") is None or shutil.which("mariadb") is None:
        missing("MariaDB", "apt-get install mariadb-server")
    folder = platform_folder / "db"
    folder.mkdir()
    with database.running(folder) as server:
        yield server


@pytest.fixture(scope="session")
def wordpress(request: pytest.FixtureRequest, platform_folder: Path) -> Iterator[Wordpress]:
    """Install WordPress in French with content by several authors; ``tests/platforms/wordpress.py`` says which."""
    _needs_php("wordpress", wp.CODE)
    if not (wp.CODE / "wp-content/languages/fr_FR.mo").exists():
        missing("French for WordPress", "apt-get install wordpress-l10n")
    if not any((wp.CODE / "wp-content/themes").iterdir()):
        missing("a theme for WordPress", "apt-get install wordpress-theme-twentytwentythree")
    with wp.installed(platform_folder / "wordpress", request.getfixturevalue("mariadb")) as site:
        yield site


@pytest.fixture(scope="session")
def mediawiki(request: pytest.FixtureRequest, platform_folder: Path) -> Iterator[Mediawiki]:
    """Install MediaWiki in French with pages by several people; ``tests/platforms/mediawiki.py`` says which."""
    _needs_php("mediawiki", mw.CODE)
    with mw.installed(platform_folder / "mediawiki", request.getfixturevalue("mariadb")) as site:
        yield site


def _needs_php(package: str, code: Path) -> None:
    if shutil.which("php") is None:
        missing("PHP", "apt-get install php-cli php-mysql php-intl php-mbstring php-xml")
    if not code.exists():
        missing(package, f"apt-get install {package}")
