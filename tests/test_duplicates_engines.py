"""Whatever computes it, the result has the same bytes: locally, partitioned on disk, on Spark, with a worker lost."""

from __future__ import annotations

import hashlib
import json
import os
import random
import signal
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from rseaudit.config.settings import DuplicatesSettings
from rseaudit.duplicates import find_reuse, to_json
from rseaudit.duplicates.cutting import cut
from rseaudit.duplicates.engines import LOCAL, Engine
from rseaudit.duplicates.partitions import Partitioned
from rseaudit.model import Document, Source
from rseaudit.people import Directory
from rseaudit.text import sentences
from tests.duplicates_cases import texts

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

SOURCES = {"rse": Source(name="rse", role="audited"), "intranet": Source(name="intranet", role="reference")}
START = datetime(2026, 1, 1, tzinfo=UTC)
COUNT = 200


@cache
def documents() -> tuple[Document, ...]:
    """Make 200 documents of shuffled sentences, so that many share a few and some share much."""
    rng = random.Random(11)
    known = [sentence.text for text in texts().values() for sentence in sentences(text["text"])]
    found = []
    for number in range(COUNT):
        picked = rng.sample(known, 3)
        own = [" ".join(rng.choices(" ".join(rng.sample(known, 2)).split(), k=25)) for _ in range(4)]
        pieces = [*own[:2], *picked, *own[2:]]
        when = START + timedelta(hours=rng.randrange(5000))
        found.append(
            Document(
                source="rse" if number % 2 else "intranet",
                id=str(number),
                text="\n".join(pieces),
                created=when,
                dates={"api-date": when},
                spaces=(f"Espace {number % 7}",),
            )
        )
    return tuple(found)


def digest(engine: Engine) -> str:
    reuse = find_reuse(
        documents(), sources=SOURCES, spaces=(), directory=Directory(()), settings=DuplicatesSettings(), engine=engine
    )
    assert len(reuse.matches) > 50
    data = json.dumps(to_json(reuse, "r"), ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(data.encode()).hexdigest()


@cache
def local() -> str:
    return digest(LOCAL)


@pytest.mark.parametrize("partitions", [1, 3, 64, 1_000_000])
def test_partitions_on_disk_give_the_same_bytes(tmp_path: Path, partitions: int):
    assert digest(Partitioned(tmp_path, partitions)) == local()


def test_partitioned_indexes_are_the_sorted_ones(tmp_path: Path):
    known = cut([document.text for document in documents()])
    for one, other in zip(LOCAL.indexes(known), Partitioned(tmp_path, 5).indexes(known), strict=True):
        assert np.array_equal(one.postings, other.postings)
        assert np.array_equal(one.first, other.first)
        assert one.place_bits == other.place_bits


def test_nothing_is_partitioned_into_nothing(tmp_path: Path):
    for found in Partitioned(tmp_path, 4).indexes(cut([])):
        assert len(found) == 0


def session(master: str) -> Iterator[SparkSession]:
    pytest.importorskip(
        "pyspark", reason='Spark is not installed: python -m pip install "rseaudit[spark]", and Java 17'
    )
    from rseaudit.duplicates import spark

    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    started = spark.start(master)
    started.sparkContext.setLogLevel("ERROR")
    yield started
    started.stop()


@pytest.fixture
def two_threads() -> Iterator[SparkSession]:
    yield from session("local[2]")


@pytest.fixture
def small_cluster() -> Iterator[SparkSession]:
    yield from session("local-cluster[2,1,2048]")


@pytest.mark.filterwarnings("default")
def test_spark_gives_the_same_bytes(two_threads: SparkSession):
    from rseaudit.duplicates.spark import Spark

    assert digest(Spark(two_threads)) == local()


@pytest.mark.filterwarnings("default")
def test_a_cluster_that_loses_an_executor_gives_the_same_bytes(small_cluster: SparkSession):
    from rseaudit.duplicates.spark import Spark

    killed: list[str] = []
    watcher = threading.Thread(target=kill_one_executor, args=(small_cluster, killed))
    watcher.start()
    found = digest(Spark(small_cluster, shares=12))
    watcher.join()
    assert killed == ["an executor, in the middle"]
    assert found == local()


def kill_one_executor(running: SparkSession, killed: list[str]) -> None:
    """Kill an executor, a child of the JVM that this process started, once a task has come to its end."""
    tracker = running.sparkContext.statusTracker()
    until = time.monotonic() + 240
    while time.monotonic() < until:
        for stage in tracker.getActiveStageIds():
            info = tracker.getStageInfo(stage)
            if info and info.numTasks >= 12 and 1 <= info.numCompletedTasks < info.numTasks:
                executors = _executors(running.sparkContext._gateway.proc.pid)  # type: ignore[union-attr]
                if executors:
                    os.kill(executors[0], signal.SIGKILL)
                    killed.append("an executor, in the middle")
                    return
        time.sleep(0.02)


def _executors(ancestor: int) -> list[int]:
    """Return the executors among the descendants of a process of ours."""
    parents: dict[int, int] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(folder.name)] = int((folder / "stat").read_text().rsplit(")", 1)[1].split()[1])
        except OSError:
            continue
    family = {ancestor}
    while more := {pid for pid, parent in parents.items() if parent in family} - family:
        family |= more
    return [pid for pid in sorted(family) if b"CoarseGrainedExecutorBackend" in _command(pid)]


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""
