"""Run a measurement in a process of its own, so that its memory holds nothing else."""

from __future__ import annotations

import json
import re
import resource
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path


def measured(module: str, arguments: Sequence[object]) -> dict[str, float]:
    """Run ``python -m module arguments`` in this folder and return the JSON object of its last line."""
    command = [sys.executable, "-m", module, *map(str, arguments)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parent.parent)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def peak_gb() -> float:
    """Return the highest resident memory of this process so far, in 10⁹ bytes.

    ``ru_maxrss`` would do, if it did not count the process that this one was forked from.
    """
    try:
        status = Path("/proc/self/status").read_text("ascii")
    except OSError:
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return most / 1e9 if sys.platform == "darwin" else most * 1024 / 1e9
    return int(re.findall(r"VmHWM:\s+(\d+)", status)[0]) * 1024 / 1e9
