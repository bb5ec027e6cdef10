"""How much memory this process may have, by what the machine and its limits say."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

# Where nothing can be learnt: a small laptop.
_UNKNOWN = 8 << 30
_GROUPS = Path("/sys/fs/cgroup")


def memory() -> int:
    """Return bytes: the least of what the machine has, what its control group allows, and the limits of the process."""
    return min((*_installed(), *grouped(), *_limited()), default=_UNKNOWN)


def _installed() -> Iterator[int]:
    if sys.platform == "win32":
        import ctypes

        class Status(ctypes.Structure):
            _fields_ = (
                ("length", ctypes.c_ulong),
                ("load", ctypes.c_ulong),
                ("total", ctypes.c_ulonglong),
                ("rest", ctypes.c_ulonglong * 6),
            )

        status = Status(length=ctypes.sizeof(Status))
        if ctypes.windll.kernel32.GlobalMemoryStatusEx(ctypes.byref(status)):
            yield int(status.total)
        return
    try:
        yield os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (ValueError, OSError):
        return


def grouped(groups: Path = _GROUPS, own: Path = Path("/proc/self/cgroup")) -> Iterator[int]:
    """Yield the limits of the control groups around this process, of either version; only Linux has any."""
    try:
        lines = own.read_text("utf-8").splitlines()
    except OSError:
        return
    for line in lines:
        _, kinds, path = line.split(":", 2)
        if kinds and "memory" not in kinds.split(","):
            continue
        base = groups / "memory" if kinds else groups
        name = "memory.limit_in_bytes" if kinds else "memory.max"
        place = base / path.lstrip("/")
        # Inside a container the path may be one of the host: what is mounted is the container's own.
        for folder in (place, *place.parents, base):
            if folder.is_relative_to(base):
                yield from _number(folder / name)


def _number(path: Path) -> Iterator[int]:
    try:
        value = path.read_text("ascii").strip()
    except OSError:
        return
    if value.isdigit():
        yield int(value)


def _limited() -> Iterator[int]:
    try:
        import resource
    except ImportError:  # Windows
        return
    for kind in (resource.RLIMIT_AS, resource.RLIMIT_DATA):
        limit = resource.getrlimit(kind)[0]
        if limit != resource.RLIM_INFINITY:
            yield limit
