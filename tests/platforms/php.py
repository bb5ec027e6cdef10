"""PHP's built-in server, and PHP itself, for one site."""

from __future__ import annotations

import http.client
import json
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.platforms import daemons

# Small requests come by the hundred: several at a time.
_WORKERS = "4"
_SETTINGS = ("sendmail_path=/bin/true", "memory_limit=256M", "display_errors=stderr", "date.timezone=UTC")

# Logs a request, then gives it to the file it names, else to the front controller.
_ROUTER = """<?php
require_once PRELUDE;
$seen = [$_SERVER['REQUEST_METHOD'], $_SERVER['REQUEST_URI'], $_SERVER['PHP_AUTH_USER'] ?? ''];
$seen[] = file_get_contents('php://input');
file_put_contents(LOG, json_encode($seen, JSON_INVALID_UTF8_SUBSTITUTE) . "\\n", FILE_APPEND | LOCK_EX);
$path = urldecode(parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH) ?: '/');
if (preg_match('~^(/.*?\\.php)(/.*)?$~', $path, $found)) { $path = $found[1]; }
if ($path !== '/' && file_exists($_SERVER['DOCUMENT_ROOT'] . $path)) { return false; }
$_SERVER['SCRIPT_NAME'] = $_SERVER['PHP_SELF'] = '/index.php';
$_SERVER['SCRIPT_FILENAME'] = $_SERVER['DOCUMENT_ROOT'] . '/index.php';
require $_SERVER['SCRIPT_FILENAME'];
"""

_ROWS = """
[$socket, $database, $query] = json_decode(stream_get_contents(STDIN), true);
mysqli_report(MYSQLI_REPORT_ERROR | MYSQLI_REPORT_STRICT);
$link = new mysqli('localhost', 'root', '', $database, 0, $socket);
$link->set_charset('utf8mb4');
$found = $link->query($query);
$rows = is_bool($found) ? [] : $found->fetch_all(MYSQLI_ASSOC);
echo json_encode($rows, JSON_INVALID_UTF8_SUBSTITUTE);
"""


@dataclass(frozen=True)
class Request:
    """A request that reached the server: ``path`` with its query, ``user`` of HTTP Basic, body of a POST."""

    method: str
    path: str
    user: str
    body: str


@dataclass(frozen=True)
class Php:
    """A folder of PHP code, served at ``url``; ``prelude`` is run before each script."""

    root: Path
    prelude: Path
    port: int
    environment: Mapping[str, str]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        return self.root.parent / "requests.jsonl"

    def requests(self) -> list[Request]:
        """Return the requests since ``forget_requests``, in order."""
        if not self.log.exists():
            return []
        return [Request(*json.loads(line)) for line in self.log.read_text("utf-8").splitlines()]

    def forget_requests(self) -> None:
        self.log.unlink(missing_ok=True)

    def rows(self, socket: Path, database: str, query: str) -> list[dict[str, str | None]]:
        """Return the rows of a query as texts; no code of the site is run for it."""
        found: list[dict[str, str | None]] = json.loads(
            self.run("-r", _ROWS, given=json.dumps([str(socket), database, query]))
        )
        return found

    def code(self, code: str, given: str = "") -> str:
        """Run PHP code, without ``<?php``, after the prelude; return its output."""
        return self.run("-r", f"require {json.dumps(str(self.prelude))}; {code}", given=given)

    def run(self, *arguments: str, given: str = "") -> str:
        """Run ``php`` with these arguments; return its output."""
        done = subprocess.run(
            self.command(*arguments),
            input=given,
            capture_output=True,
            text=True,
            timeout=300,
            env=dict(self.environment),
            cwd=self.root,
        )
        assert done.returncode == 0, f"{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
        return done.stdout

    def command(self, *arguments: str) -> list[str]:
        settings = [f"-d{setting}" for setting in (*_SETTINGS, f"auto_prepend_file={self.prelude}")]
        return ["php", *settings, *arguments]

    @contextmanager
    def serving(self) -> Iterator[None]:
        """Serve the folder until the block ends."""
        router = self.root.parent / "router.php"
        code = _ROUTER.replace("PRELUDE", json.dumps(str(self.prelude))).replace("LOG", json.dumps(str(self.log)))
        router.write_text(code, "utf-8")
        command = self.command("-S", f"127.0.0.1:{self.port}", "-t", str(self.root), str(router))
        log = self.root.parent / "server.log"
        with daemons.running(command, log, {**self.environment, "PHP_CLI_SERVER_WORKERS": _WORKERS}):
            _await_answer(self.port, log)
            yield


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _await_answer(port: int, log: Path) -> None:
    deadline = time.monotonic() + 60
    while True:
        assert time.monotonic() < deadline, log.read_text()
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
            connection.request("HEAD", "/favicon.ico")
            connection.getresponse().read()
            connection.close()
        except OSError:
            time.sleep(0.05)
        else:
            return
