"""The same documents by every engine: `python -m benchmarks.engines [documents]`, 20,000 by default.

Tells for each engine the time, and whether the JSON has the same sha256. The last run is on a small
cluster (`local-cluster[2,1,2048]`) of which an executor is killed in the middle. Needs the extra
`spark` and Java 17.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import tempfile
import threading
import time
from pathlib import Path

from benchmarks.check import documents
from rseaudit.config.settings import DuplicatesSettings
from rseaudit.duplicates import find_reuse, spark, to_json
from rseaudit.duplicates.engines import LOCAL, Engine
from rseaudit.duplicates.partitions import Partitioned
from rseaudit.model import Document, Source
from rseaudit.people import Directory
from tests.test_duplicates_engines import kill_one_executor

SOURCES = {"rse": Source(name="rse", role="audited"), "intranet": Source(name="intranet", role="reference")}


def told(name: str, made: list[Document], engine: Engine) -> str:
    begun = time.perf_counter()
    reuse = find_reuse(
        made, sources=SOURCES, spaces=(), directory=Directory(()), settings=DuplicatesSettings(), engine=engine
    )
    took = time.perf_counter() - begun
    data = json.dumps(to_json(reuse, "r"), ensure_ascii=False, sort_keys=True)
    digest = hashlib.sha256(data.encode()).hexdigest()
    print(
        f"{name}: {len(made)} documents, {len(reuse.matches)} matches, sha256 {digest[:16]}, {took:.1f} s", flush=True
    )
    return digest


def main(count: int) -> None:
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    made = list(documents(count))
    told("compiling", made[:300], LOCAL)
    digests = {told("local", made, LOCAL)}
    with tempfile.TemporaryDirectory() as folder:
        digests.add(told("local, 16 partitions on disk", made, Partitioned(Path(folder), 16)))
    for master, shares in (("local[2]", None), ("local-cluster[2,1,2048]", 24)):
        session = spark.start(master)
        session.sparkContext.setLogLevel("ERROR")
        killed: list[str] = []
        watcher = threading.Thread(target=kill_one_executor, args=(session, killed))
        if shares is not None:
            watcher.start()
        digests.add(told(f"Spark {master}", made, spark.Spark(session, shares=shares)))
        if shares is not None:
            watcher.join()
            print(f"killed: {killed}")
        session.stop()
    print("all the same" if len(digests) == 1 else f"DIFFERENT: {sorted(digests)}")
    sys.exit(len(digests) != 1)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
