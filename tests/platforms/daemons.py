"""Servers that end with the test run, also when it is killed."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

# Waits for the end of its input, which comes when nobody holds the other side any more; then ends its group.
_WATCHER = '"$@" & read -r _; kill -9 0'


@contextmanager
def running(command: Sequence[str], log: Path, environment: Mapping[str, str] | None = None) -> Iterator[None]:
    """Run a server, its output into ``log``, until the block ends; nothing that it keeps is worth a shutdown."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            ["sh", "-c", _WATCHER, "sh", *command],
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=output,
            env=environment,
            start_new_session=True,  # its workers are ended with it
        )
    try:
        yield
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate(timeout=30)
