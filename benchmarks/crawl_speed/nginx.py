"""nginx on the loopback address, with its files in a folder of its own."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_NGINX = """
daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log; worker_processes 1;
events {{ worker_connections 512; }}
http {{
  access_log off; types {{ text/html html; text/plain txt; }}
  {temporary}
  server {{ listen 127.0.0.1:{port}; root {site}; charset utf-8; keepalive_requests 100000; {more} }}
}}
"""
_TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


@contextmanager
def served(site: Path, more: str = "") -> Iterator[str]:
    """Serve a folder by nginx, with ``more`` lines in its configuration; yield its address."""
    nginx = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if nginx is None:
        sys.exit("nginx is missing: apt-get install nginx-light")
    with tempfile.TemporaryDirectory(prefix="rseaudit-nginx-") as name, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        folder = Path(name)
        folder.chmod(0o755)
        temporary = " ".join(f"{kind}_temp_path {folder}/{kind};" for kind in _TEMPORARY)
        config = folder / "nginx.conf"
        config.write_text(_NGINX.format(folder=folder, port=port, site=site, temporary=temporary, more=more), "utf-8")
        server = subprocess.Popen([nginx, "-c", str(config), "-e", f"{folder}/error.log"])
        try:
            _wait_for(port)
            yield f"http://127.0.0.1:{port}/"
        finally:
            server.terminate()
            server.wait()


def _wait_for(port: int) -> None:
    for _ in range(100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    sys.exit("nginx did not start")
