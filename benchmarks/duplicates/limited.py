"""Compare with a limit on memory, everything in memory or partitioned: ``python -m duplicates.limited --mb 200``.

The limit is that of the kernel on writable memory of a process (``RLIMIT_DATA``, Linux), set once the
documents are there: so much more may be had. Mapped files do not count, as the system can always take
them back.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import resource
import tempfile
from pathlib import Path

SURVIVED, DIED = "survived", "out of memory"


def compared(count: int, mb: int | None, partitions: int) -> dict[str, str]:
    """Return how a comparison ended, and the sha256 of its JSON. The limit stays with this process."""
    from duplicates import scale
    from rseaudit.duplicates import to_json
    from rseaudit.duplicates.engines import LOCAL
    from rseaudit.duplicates.partitions import Partitioned

    with tempfile.TemporaryDirectory() as folder:
        engine = LOCAL if partitions == 1 else Partitioned(Path(folder), partitions)
        scale.compared(scale.documents(200), engine)  # whatever has to be compiled or loaded
        given = scale.documents(count)
        if mb is not None:
            used = int(re.findall(r"VmData:\s+(\d+)", Path("/proc/self/status").read_text("ascii"))[0]) * 1024
            resource.setrlimit(resource.RLIMIT_DATA, (used + mb * 1_000_000, resource.RLIM_INFINITY))
        try:
            reuse = scale.compared(given, engine)
        except MemoryError:
            return {"end": DIED}
        data = json.dumps(to_json(reuse, "r"), ensure_ascii=False, sort_keys=True)
        return {
            "end": SURVIVED,
            "matches": str(len(reuse.matches)),
            "sha256": hashlib.sha256(data.encode()).hexdigest(),
        }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=100_000)
    parser.add_argument("--mb", type=int, help="how much more memory may be had, in 10⁶ bytes; default: no limit")
    parser.add_argument("--partitions", type=int, help="of this many ranges only, here; default: 1 and 16, with limit")
    args = parser.parse_args()
    if args.partitions:
        print(json.dumps(compared(args.documents, args.mb, args.partitions)))
        return
    from duplicates import fresh

    for partitions, mb in ((1, None), (16, None), (1, args.mb), (16, args.mb)):
        limit = [] if mb is None else ["--mb", mb]
        arguments = ["--documents", args.documents, "--partitions", partitions, *limit]
        print(
            f"{partitions} partitions, {mb or 'no'} limit: {fresh.measured('duplicates.limited', arguments)}",
            flush=True,
        )


if __name__ == "__main__":
    main()
