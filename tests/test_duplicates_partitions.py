"""What is larger than memory is compared on disk: the same words, the same keys, and no death of memory."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from rseaudit.duplicates import machine
from rseaudit.duplicates.collection import texts_of
from rseaudit.duplicates.columns import COLUMNS, Cut
from rseaudit.duplicates.cutting import cut
from rseaudit.duplicates.mapped import Mapped
from rseaudit.duplicates.partitions import BYTES_A_WORD, WORDS, Partitioned, partitions_for
from rseaudit.errors import UsageError
from rseaudit.model import Document, Source

TEXTS = ("un deux trois\nquatre", "", "&eacute;t&eacute; à la mer", "cinq", "six sept", "un deux trois\nquatre")
SOURCES = {"rse": Source(name="rse", role="audited"), "intranet": Source(name="intranet", role="reference")}
GIB = 1 << 30


def equal(one: Cut, other: Cut) -> bool:
    return one.bounds.tolist() == other.bounds.tolist() and all(
        np.array_equal(getattr(one, name), getattr(other, name))
        and getattr(one, name).dtype == getattr(other, name).dtype
        for name in COLUMNS
    )


def test_words_in_files_are_those_in_memory(tmp_path: Path):
    kept = Mapped(tmp_path).cut(TEXTS)
    assert equal(kept, cut(TEXTS))
    assert kept.text_numbers.tolist() == cut(TEXTS).text_numbers.tolist()


def test_parts_follow_each_other_whatever_their_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    whole = cut(TEXTS)
    monkeypatch.setattr("rseaudit.duplicates.cutting.CHUNK", 1)
    monkeypatch.setattr("rseaudit.duplicates.mapped._PART", 1)
    assert equal(cut(TEXTS), whole)
    room = Mapped(tmp_path)
    kept = room.cut(TEXTS)
    assert equal(kept, whole)
    picked = room.picked(kept, [4, 1, 0])
    assert equal(picked, whole.picked([4, 1, 0]))
    assert picked.text_numbers.tolist() == [0, 0, 2, 2, 2, 2]


def test_words_are_in_files_once_when_they_are_in_order(tmp_path: Path):
    room = Mapped(tmp_path)
    room.picked(room.cut(TEXTS), [3, 0])
    assert {path.name.split("-")[0] for path in tmp_path.iterdir()} == {"picked"}


def test_nothing_can_be_kept(tmp_path: Path):
    room = Mapped(tmp_path)
    assert equal(room.picked(room.cut([]), []), cut([]))


def test_an_engine_on_disk_has_the_same_texts(tmp_path: Path):
    documents = [
        Document(source="rse" if number % 2 else "intranet", id=str(number), text=text)
        for number, text in enumerate(TEXTS)
    ]
    plain, kept = texts_of(documents, SOURCES), Partitioned(tmp_path, 3).texts(documents, SOURCES)
    assert kept.digests.tolist() == plain.digests.tolist()
    assert equal(kept.cut, plain.cut)


def test_a_folder_that_cannot_be_written_to_is_an_error_with_a_remedy(tmp_path: Path):
    with pytest.raises(UsageError, match="partitions cannot be written") as caught:
        Mapped(tmp_path / "nowhere").cut(TEXTS)
    assert "[store] index" in str(caught.value.remedy)


def test_what_fits_into_half_of_the_memory_is_not_partitioned():
    fitting = 8 * GIB // 2 // BYTES_A_WORD
    assert partitions_for(fitting, memory=8 * GIB) == 1
    assert partitions_for(fitting + 1, memory=8 * GIB) >= 2
    assert partitions_for(0, memory=0) == 1


def test_a_range_of_keys_is_sorted_in_an_eighth_of_the_memory():
    assert partitions_for(2_000_000_000, memory=64 * GIB) == 2_000_000_000 // WORDS
    assert partitions_for(160_000_000, memory=GIB) == -(-160_000_000 // (GIB // 8 // 16))


def test_memory_is_asked_of_the_machine():
    assert partitions_for(1_000) == 1
    assert machine.memory() > 0


def test_a_control_group_and_those_around_it_limit_the_memory(tmp_path: Path):
    own = tmp_path / "cgroup"
    own.write_text("0::/outer/inner\n", "utf-8")
    inner = tmp_path / "groups" / "outer" / "inner"
    inner.mkdir(parents=True)
    (inner / "memory.max").write_text("max\n", "ascii")
    (inner.parent / "memory.max").write_text("4096\n", "ascii")
    assert list(machine.grouped(tmp_path / "groups", own)) == [4096]
    own.write_text("5:cpu,cpuacct:/outer\n4:memory:/job\n", "utf-8")
    job = tmp_path / "groups" / "memory" / "job"
    job.mkdir(parents=True)
    (job / "memory.limit_in_bytes").write_text("8192\n", "ascii")
    assert list(machine.grouped(tmp_path / "groups", own)) == [8192]
    assert list(machine.grouped(tmp_path / "groups", tmp_path / "none")) == []


@pytest.mark.skipif(sys.platform != "linux", reason="limits on memory are those of Linux")
def test_a_limit_of_the_process_limits_the_memory():
    program = "from rseaudit.duplicates import machine; print(machine.memory())"
    done = subprocess.run(
        [sys.executable, "-c", program],
        check=True,
        capture_output=True,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_DATA, (1_234_567_890, resource.RLIM_INFINITY)),
    )
    assert int(done.stdout) == min(1_234_567_890, machine.memory())


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="limits on memory are those of Linux")
def test_where_everything_in_memory_dies_partitions_come_to_the_same_end():
    def ended(*arguments: str) -> dict[str, str]:
        command = [sys.executable, "-m", "duplicates.limited", "--documents", "20000", *arguments]
        folder = Path(__file__).parent.parent / "benchmarks"
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, cwd=folder)
        found: dict[str, str] = json.loads(done.stdout.splitlines()[-1])
        return found

    assert ended("--partitions", "1", "--mb", "120") == {"end": "out of memory"}
    survived = ended("--partitions", "16", "--mb", "120")
    assert survived["end"] == "survived"
    assert survived == ended("--partitions", "1")
