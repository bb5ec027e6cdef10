"""What a run costs after a few new documents: ``python -m duplicates.again`` in the folder ``benchmarks``.

The posts and references of the benchmark stand in a store, all but one in a hundred; they are compared, the
rest is added, and the next run is timed: all of it, from reading the store to writing what it found. A run in
a new store of all the documents is timed beside it, and must give the very same results. What both leave to do,
for whoever asks for reports, is to read the matches and write them.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

from duplicates import corpus, ours, planting, scale  # noqa: E402
from rseaudit import matching, pipeline  # noqa: E402
from rseaudit.config.load import default_settings  # noqa: E402
from rseaudit.duplicates import form  # noqa: E402
from rseaudit.model import Document  # noqa: E402
from rseaudit.store import content  # noqa: E402
from rseaudit.store.database import Store, open_store  # noqa: E402

SEED = 7
NOW = datetime(2026, 11, 25, tzinfo=UTC)
ROUNDS = 5


def documents(references: int, cache: Path) -> list[Document]:
    """Return references and posts with dates of the last two years, in 40 spaces, in no order."""
    rng = random.Random(SEED)
    made = []
    for document in ours.documents(planting.make(list(corpus.pages(cache=cache / "corpus")), SEED, references)):
        when = NOW - timedelta(minutes=rng.randrange(1_000_000))
        space = f"Espace {rng.randrange(40)}"
        made.append(replace(document, created=when, dates={"api-date": when}, spaces=(space,)))
    rng.shuffle(made)
    return made


def stored(folder: Path, given: Sequence[Document]) -> Store:
    store = open_store(f"sqlite:///{folder}/rseaudit.db")
    add(store, given)
    return store


def add(store: Store, given: Sequence[Document]) -> None:
    with store.write() as connection:
        content.save_sources(connection, ours.SOURCES.values())
        content.save_documents(connection, given)


def run(store: Store) -> tuple[float, str]:
    """Return the CPU seconds of a run, reading and writing the store included, and the digest of its result."""
    begun = time.process_time()
    matching.run_duplicates(store, default_settings(), now=NOW)
    spent = time.process_time() - begun
    reuse = pipeline.load_reuse(store)
    assert reuse is not None
    return spent, sha256(json.dumps(form.to_json(reuse, ""), sort_keys=True).encode()).hexdigest()


def compile_all(given: Sequence[Document]) -> None:
    """Run once in full and once again, so that whatever is to be compiled or loaded is there."""
    with tempfile.TemporaryDirectory() as folder:
        store = stored(Path(folder), given[:-8])
        run(store)
        add(store, given[-8:])
        run(store)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--refs", type=int, default=8_000)
    parser.add_argument("--generated", type=int, help="so many short documents of scale.py in place of real prose")
    parser.add_argument("--cache", type=Path, default=Path("~/.cache/rseaudit-benchmark").expanduser())
    args = parser.parse_args()
    given = scale.documents(args.generated) if args.generated else documents(args.refs, args.cache)
    most = len(given) * 99 // 100
    compile_all(given[:2000])
    full, after = [], []
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as two:
            store = stored(Path(one), given[:most])
            run(store)
            add(store, given[most:])
            spent, digest = run(store)
            after.append(spent)
            spent, anew = run(stored(Path(two), given))
            full.append(spent)
            assert digest == anew, "the results differ"
            print(f"full {spent:.2f} s, after {len(given) - most} new {after[-1]:.2f} s, {digest[:12]}", flush=True)
    whole, later = (statistics.median(values) for values in (full, after))
    print(
        f"{len(given)} documents, CPU seconds, medians of {ROUNDS}: full {whole:.2f}, after 1 % new {later:.2f}: "
        f"{100 * later / whole:.1f} %"
    )


if __name__ == "__main__":
    main()
