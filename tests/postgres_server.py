"""A PostgreSQL server of our own on a private socket, from whatever binaries are installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class NotInstalled(Exception):
    """A program is missing; ``args`` are its name and how to get it."""


@contextmanager
def running() -> Iterator[str]:
    """Start a server; give the folder of its socket. Raises ``NotInstalled``."""
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    found = shutil.which("initdb") or (str(programs[-1]) if programs else None)
    if found is None:
        raise NotInstalled("PostgreSQL", "apt-get install postgresql")
    if os.geteuid() == 0 and shutil.which("runuser") is None:
        raise NotInstalled("runuser", "apt-get install util-linux")
    binaries = Path(found).parent
    # A socket's path is short (107 bytes), and root may not run the server.
    folder = Path(f"/tmp/rseaudit-pg-{uuid.uuid4().hex[:8]}")
    folder.mkdir(mode=0o755)
    as_user: list[str] = []
    if os.geteuid() == 0:
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


def new_database(server: str) -> str:
    """Return the address of a new, empty database."""
    import psycopg

    name = f"test_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(host=server, user="rseaudit", dbname="postgres", autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')  # type: ignore[call-overload]  # a name of our own
    return f"postgresql://rseaudit@/{name}?host={server}"
