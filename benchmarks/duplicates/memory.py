"""Peak memory of the method alone: a fresh process reads texts from a file and compares them as the job does."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

from duplicates import fresh, ours
from duplicates.planting import Benchmark
from rseaudit.config.settings import DuplicatesSettings
from rseaudit.duplicates import find_reuse
from rseaudit.model import Document
from rseaudit.people import Directory

POSTS = 2_000


def alone(benchmark: Benchmark) -> dict[str, float]:
    """Return peaks in 10⁹ bytes of a process that compares the references and ``POSTS`` posts, and nothing else."""
    small = Benchmark(benchmark.seed, benchmark.references, benchmark.posts[:POSTS])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "documents.jsonl"
        with path.open("w", encoding="utf-8") as file:
            for document in ours.documents(small):
                line = {"source": document.source, "id": document.id, "text": document.text}
                file.write(json.dumps(line, ensure_ascii=False) + "\n")
        return fresh.measured("duplicates.memory", [path])


def measured(path: Path) -> dict[str, float]:
    started = fresh.peak_gb()
    with path.open(encoding="utf-8") as file:
        given = [Document(**json.loads(line)) for line in file]
    read = fresh.peak_gb()
    reuse = find_reuse(given, sources=ours.SOURCES, spaces=(), directory=Directory(()), settings=DuplicatesSettings())
    return {
        "documents": len(given),
        "matches": len(reuse.matches),
        "program": started,
        "with documents": read,
        "peak": fresh.peak_gb(),
    }


if __name__ == "__main__":
    print(json.dumps(measured(Path(sys.argv[1]))))
