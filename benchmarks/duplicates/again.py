"""What a run costs after a few new documents: ``python -m duplicates.again`` in the folder ``benchmarks``.

The posts and references of the benchmark stand in a store, all but one in a hundred; they are compared, the
rest is added, and the next run is timed. A store that never had an index must give the very same results.
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

from duplicates import corpus, ours, planting  # noqa: E402
from rseaudit import matching  # noqa: E402
from rseaudit.config.load import default_settings  # noqa: E402
from rseaudit.duplicates import archive, form  # noqa: E402
from rseaudit.model import Document  # noqa: E402
from rseaudit.store import content  # noqa: E402
from rseaudit.store.database import Store, open_store  # noqa: E402

SEED = 7
NOW = datetime(2026, 11, 25, tzinfo=UTC)
ROUNDS = 3


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
    """Return the CPU seconds of a run, reading the store included, and the digest of its result."""
    begun = time.process_time()
    reuse, _ = matching.run_duplicates(store, default_settings(), now=NOW)
    spent = time.process_time() - begun
    return spent, sha256(json.dumps(form.to_json(reuse, ""), sort_keys=True).encode()).hexdigest()


def reading(store: Store) -> float:
    begun = time.process_time()
    matching.with_aliases(store, matching.collect(store, default_settings()).documents)
    return time.process_time() - begun


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--refs", type=int, default=8_000)
    parser.add_argument("--cache", type=Path, default=Path("~/.cache/rseaudit-benchmark").expanduser())
    args = parser.parse_args()
    given = documents(args.refs, args.cache)
    most = len(given) * 99 // 100
    full, after, read = [], [], []
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as two:
            store = stored(Path(one), given[:most])
            run(store)
            add(store, given[most:])
            spent, digest = run(store)
            after.append(spent)
            fresh = stored(Path(two), given)
            run(fresh)
            # The histories of sentences stay: they are not the index, and the other store has them as well.
            archive.discard(matching.index_folder(fresh, default_settings()))
            spent, again = run(fresh)
            full.append(spent)
            read.append(reading(fresh))
            assert digest == again, "the results differ"
            print(f"full {spent:.2f} s, after {len(given) - most} new {after[-1]:.2f} s, {digest[:12]}", flush=True)
    whole, later, store_read = (statistics.median(values) for values in (full, after, read))
    share = (later - store_read) / (whole - store_read)
    print(
        f"{len(given)} documents, CPU seconds, medians of {ROUNDS}: full {whole:.2f}, after 1 % new {later:.2f}, "
        f"of both reading the store {store_read:.2f}: {100 * share:.0f} % without that"
    )


if __name__ == "__main__":
    main()
