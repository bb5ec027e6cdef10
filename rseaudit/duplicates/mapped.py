"""Keep the words of a collection in files that are mapped, not read.

Files are written part by part, so that only so much stands in memory as one part needs. What is mapped
the system takes from memory, and back, as it sees fit.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import numpy as np
from numpy.typing import DTypeLike, NDArray

from rseaudit.duplicates.columns import COLUMNS, Cut
from rseaudit.duplicates.cutting import chunks, hashed
from rseaudit.errors import UsageError

_NUMBERS = "numbers"
# Words of a part when texts are put into another order.
_PART = 1_000_000


def mapped(path: Path, dtype: DTypeLike) -> NDArray[np.generic]:
    """Return the array that a file holds, nothing for no file.

    It is mapped as writable because compiled code is made for such arrays; nobody writes.
    """
    if not path.exists() or not path.stat().st_size:
        return np.zeros(0, dtype=dtype)
    return np.asarray(np.memmap(path, dtype=dtype, mode="r+"))


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Turn a disk that is full, or cannot be written to, into an error that says what to do."""
    try:
        yield
    except OSError as error:
        raise UsageError(
            f"partitions cannot be written: {error.strerror or error}",
            where=str(folder),
            remedy="name a folder on a disk with room by [store] index: about 90 bytes a word are needed",
        ) from error


def parts(bounds: NDArray[np.int64], words: int) -> Iterator[tuple[int, int]]:
    """Yield ranges of texts in order, each with at most so many words, or one text."""
    first, texts = 0, len(bounds) - 1
    while first < texts:
        last = int(np.searchsorted(bounds, bounds[first] + words, side="right")) - 1
        last = min(max(last, first + 1), texts)
        yield first, last
        first = last


class Mapped:
    """Words in files of a folder that the caller removes; there is one collection in it at a time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def cut(self, texts: Sequence[str]) -> Cut:
        """Return what ``cutting.cut`` gives."""
        return self._kept("cut", chunks(texts))

    def picked(self, known: Cut, numbers: Sequence[int]) -> Cut:
        """Return what ``known.picked`` gives; ``known`` is of this folder and not to be used any more."""
        chosen = np.asarray(numbers, dtype=np.int64)
        if np.array_equal(chosen, np.arange(len(known), dtype=np.int64)):
            return known
        sizes = np.concatenate(([0], np.cumsum(np.diff(known.bounds)[chosen]))).astype(np.int64)
        found = self._kept("picked", (_drawn(known, chosen[low:high]) for low, high in parts(sizes, _PART)))
        for name in (*COLUMNS, _NUMBERS):
            with suppress(OSError):  # a system that does not let go of mapped files: the folder is removed later
                self._path("cut", name).unlink(missing_ok=True)
        return found

    def _kept(self, kind: str, found: Iterator[Cut]) -> Cut:
        bounds = [np.zeros(1, dtype=np.int64)]
        texts = 0
        with writing(self._folder):
            for name in (*COLUMNS, _NUMBERS):
                self._path(kind, name).write_bytes(b"")
            for part in found:
                for name in COLUMNS:
                    self._append(kind, name, getattr(part, name))
                self._append(kind, _NUMBERS, part.text_numbers + np.int32(texts))
                bounds.append(part.bounds[1:] + bounds[-1][-1])
                texts += len(part)
        nothing = hashed([])
        columns = {name: mapped(self._path(kind, name), getattr(nothing, name).dtype) for name in COLUMNS}
        return Cut(np.concatenate(bounds), **columns, kept=mapped(self._path(kind, _NUMBERS), np.int32))  # type: ignore[arg-type]

    def _append(self, kind: str, name: str, values: NDArray[np.generic]) -> None:
        with self._path(kind, name).open("ab") as file:
            values.tofile(file)

    def _path(self, kind: str, name: str) -> Path:
        return self._folder / f"{kind}-{name}.column"


def _drawn(known: Cut, chosen: NDArray[np.int64]) -> Cut:
    bounds, rows = known.rows(chosen)
    return Cut(bounds, *(getattr(known, name)[rows] for name in COLUMNS))
