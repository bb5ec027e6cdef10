"""How long a draft waits for its answer: `python -m benchmarks.check [documents]`, 10,000 by default.

Builds a store of generated French-like documents (a fixed seed; every tenth takes three sentences from an
earlier one), compares them once, and then asks about drafts. Told are the medians of what a person waits
for: the answer itself inside one process, and the whole command `rseaudit check` with its start.
"""

from __future__ import annotations

import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path

from rseaudit.checking import check
from rseaudit.config.load import default_settings
from rseaudit.drafts import read_draft
from rseaudit.duplicates import archive
from rseaudit.matching import index_folder, open_index, run_duplicates
from rseaudit.model import Document, Source
from rseaudit.store import content
from rseaudit.store.database import open_store

SEED = 20261125
START = datetime(2026, 1, 1, tzinfo=UTC)
PROSE = Path(__file__).parent.parent / "tests" / "data" / "duplicates" / "texts.toml"


def vocabulary(rng: random.Random) -> list[str]:
    """Return 30,000 made-up words by rank, the words of the test texts first."""
    known = tomllib.loads(PROSE.read_text("utf-8")).values()
    first = list(dict.fromkeys(word for text in known for word in text["text"].lower().split() if word.isalpha()))
    syllables = [a + b for a in "bcdfglmnprstv" for b in ("a", "e", "i", "o", "u", "an", "on", "eur", "ai", "é")]
    made = {"".join(rng.choices(syllables, k=rng.randint(2, 4))) for _ in range(40_000)}
    return (first + sorted(made - set(first)))[:30_000]


def documents(count: int) -> Iterator[Document]:
    rng = random.Random(SEED)
    words = vocabulary(rng)
    weights = list(accumulate(1 / (rank + 3) for rank in range(len(words))))

    def sentence() -> str:
        return " ".join(rng.choices(words, cum_weights=weights, k=rng.randint(9, 22))).capitalize() + "."

    earlier: list[list[str]] = []
    for number in range(count):
        own = [sentence() for _ in range(rng.randint(10, 22))]
        if number % 10 == 9:
            own[3:3] = rng.choice(earlier)[:3]
        earlier.append(own)
        when = START + timedelta(hours=number)
        yield Document(
            source="rse" if number % 3 == 0 else "intranet", id=str(number), text=" ".join(own), created=when,
            dates={"api-date": when}, spaces=(f"Espace {number % 50}",), visibility="registered",
        )  # fmt: skip


def main(count: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{folder}/rseaudit.db")
        settings = default_settings()
        made = list(documents(count))
        with store.write() as connection:
            content.save_sources(
                connection, [Source(name="rse", role="audited"), Source(name="intranet", role="reference")]
            )
            content.save_documents(connection, made)
        for name in ("first run", "second run, compiled code kept"):
            begun = time.process_time()
            run_duplicates(store, settings, now=START)
            print(f"{name}: {time.process_time() - begun:.2f} CPU s for {count} documents")
            if name == "first run":
                archive.discard(index_folder(store, settings))
        drafts = [
            read_draft(f"{made[n].text}\n\n{made[-n].text}".encode(), name="draft.txt", form=None, now=START)
            for n in range(1, 21)
        ]
        index = open_index(store, settings)
        check(store, settings, drafts[0], now=START, index=index)
        walls, cpus = [], []
        for draft in drafts:
            begun, used = time.perf_counter(), time.process_time()
            found = check(store, settings, draft, now=START)
            walls.append(time.perf_counter() - begun)
            cpus.append(time.process_time() - used)
            assert len(found.comparison.matches) >= 2
        wall, cpu = statistics.median(walls), statistics.median(cpus)
        print(f"answer in one process: {wall:.3f} s, {cpu:.3f} CPU s (medians of 20)")
        path = Path(folder) / "draft.txt"
        path.write_text(drafts[0].text, "utf-8")
        command = [sys.executable, "-m", "rseaudit", "check", str(path), "--store", f"sqlite:///{folder}/rseaudit.db"]
        walls, cpus = [], []
        for _ in range(5):
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            begun = time.perf_counter()
            subprocess.run(command, check=True, capture_output=True)
            walls.append(time.perf_counter() - begun)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            cpus.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
        print(
            f"the whole command: {statistics.median(walls):.2f} s, {statistics.median(cpus):.2f} CPU s (medians of 5)"
        )
        size = sum(file.stat().st_size for file in Path(f"{folder}/rseaudit.db.index").rglob("*"))
        print(f"index on disk: {size / 1e6:.0f} MB")
        store.close()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
