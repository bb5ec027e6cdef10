"""A server that does wrong on purpose, below HTTP: it resets, drips, lies about lengths and never ends."""

from __future__ import annotations

import socket
import socketserver
import struct
import threading
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress

# Sends an answer, whole or broken; the connection is closed when it returns.
Fault = Callable[[socket.socket], None]

_MEGABYTE = 1024 * 1024


class Faults:
    """Faults by path; ``fetched`` counts how often each path was asked for."""

    def __init__(self, faults: Mapping[str, Fault]) -> None:
        self.faults = dict(faults)
        self.fetched: Counter[str] = Counter()
        self.url = ""
        self.closing = threading.Event()


def head(*headers: str, length: int | None = None, kind: str = "text/html; charset=utf-8") -> bytes:
    lines = ["HTTP/1.1 200 OK", f"Content-Type: {kind}", "Connection: close", *headers]
    if length is not None:
        lines.append(f"Content-Length: {length}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def page(body: bytes, *headers: str, kind: str = "text/html; charset=utf-8") -> Fault:
    """A whole answer."""
    return lambda out: out.sendall(head(*headers, length=len(body), kind=kind) + body)


def reset(out: socket.socket) -> None:
    """Half an answer, then a reset."""
    out.sendall(head(length=1000) + b"<p>tronqu")
    out.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def garbage(out: socket.socket) -> None:
    """Bytes that are no HTTP."""
    out.sendall(bytes(range(256)) * 8 + b"\r\n\r\n")


def large_header(out: socket.socket) -> None:
    out.sendall(head("X-Large: " + "x" * (3 * _MEGABYTE), length=9) + b"<p>bonjour")


def longer_than_it_is(body: bytes) -> Fault:
    return lambda out: out.sendall(head(length=len(body) + 4000) + body)


def drip(faults: Faults) -> Fault:
    """One byte every tenth of a second (a slow loris)."""

    def send(out: socket.socket) -> None:
        out.sendall(head(length=100_000))
        while not faults.closing.wait(0.1):
            out.sendall(b"a")

    return send


def hang(faults: Faults) -> Fault:
    """No answer at all."""

    def send(_: socket.socket) -> None:
        faults.closing.wait(120)

    return send


def announced(gigabytes: int) -> Fault:
    """Say that so much comes, and begin to send it."""

    def send(out: socket.socket) -> None:
        out.sendall(head(length=gigabytes * 1024 * _MEGABYTE))
        for _ in range(200):
            out.sendall(b"a" * _MEGABYTE)

    return send


def endless(faults: Faults) -> Fault:
    """A body without an announced length that never ends."""

    def send(out: socket.socket) -> None:
        out.sendall(head())
        while not faults.closing.is_set():
            out.sendall(b"<p>encore</p>" * 8000)

    return send


def gzip_bomb(gigabytes: int = 2) -> bytes:
    """Return a gzip body of about 2 MB that becomes so many gigabytes."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    block = b" " * (16 * _MEGABYTE)
    pieces = [packer.compress(b"<p>bonjour</p>")]
    pieces += [packer.compress(block) for _ in range(gigabytes * 64)]
    return b"".join((*pieces, packer.flush()))


@contextmanager
def misbehaving(faults: Faults) -> Iterator[Faults]:
    """Serve the faults until the block ends; an unknown path is 404."""

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            asked = b""
            while b"\r\n\r\n" not in asked and (piece := self.request.recv(65_536)):
                asked += piece
            if not asked:
                return
            path = asked.split(b" ", 2)[1].decode("latin-1")
            faults.fetched[path] += 1
            fault = faults.faults.get(path)
            with suppress(OSError):  # the client has had enough
                if fault is None:
                    self.request.sendall(b"HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
                else:
                    fault(self.request)

    class Server(socketserver.ThreadingTCPServer):
        allow_reuse_address = True
        daemon_threads = True
        block_on_close = False

    server = Server(("127.0.0.1", 0), Handler)
    faults.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield faults
    finally:
        faults.closing.set()
        server.shutdown()
        server.server_close()
        thread.join()
