"""A MariaDB server of our own."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.platforms import daemons

_OPTIONS = (
    "--skip-networking",
    "--innodb-flush-log-at-trx-commit=0",
    "--innodb-doublewrite=0",
    "--innodb-buffer-pool-size=64M",
    "--innodb-log-file-size=16M",
    "--character-set-server=utf8mb4",
)


def program(name: str) -> str | None:
    """Return where a program is, also when it is in a folder for administrators only."""
    return shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/local/sbin")


@dataclass(frozen=True)
class Mariadb:
    """A running server; its account ``root`` has no password and is reached by the socket alone."""

    folder: Path

    @property
    def socket(self) -> Path:
        return self.folder / "s.sock"

    def execute(self, statements: str, database: str = "") -> None:
        """Run statements without an answer."""
        self._client("mariadb", database, given=statements.encode())

    def dump(self, database: str) -> bytes:
        return self._client("mariadb-dump", "--skip-comments", "--add-drop-table", database)

    def load(self, database: str, dump: bytes) -> None:
        self._client("mariadb", database, given=dump)

    def _client(self, name: str, *arguments: str, given: bytes = b"") -> bytes:
        command = [name, "--no-defaults", f"--socket={self.socket}", "--user=root", *filter(None, arguments)]
        done = subprocess.run(command, input=given, capture_output=True, timeout=120)
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout


@contextmanager
def running(folder: Path) -> Iterator[Mariadb]:
    """Run a server on ``folder`` until the block ends; as another user when we are root."""
    server = Mariadb(folder)
    daemon, install = program("mariadbd"), program("mariadb-install-db")
    assert daemon, "callers look for it first"
    assert install, "it comes with the server"
    user = []
    if os.geteuid() == 0:
        shutil.chown(folder, "mysql", "mysql")
        user = ["--user=mysql"]
    data = f"--datadir={folder / 'data'}"
    prepared = subprocess.run(
        [install, "--no-defaults", data, *user, "--auth-root-authentication-method=normal", "--skip-test-db"],
        capture_output=True,
        timeout=120,
    )
    assert prepared.returncode == 0, prepared.stderr.decode()
    command = [daemon, "--no-defaults", data, *user, f"--socket={server.socket}", f"--pid-file={folder}/pid"]
    with daemons.running([*command, *_OPTIONS], folder / "log"):
        deadline = time.monotonic() + 60
        while not _answers(server):
            assert time.monotonic() < deadline, (folder / "log").read_text()
            time.sleep(0.1)
        yield server


def _answers(server: Mariadb) -> bool:
    if not server.socket.exists():
        return False
    ping = ["mariadb-admin", "--no-defaults", f"--socket={server.socket}", "--user=root", "ping"]
    return subprocess.run(ping, capture_output=True, timeout=30).returncode == 0
