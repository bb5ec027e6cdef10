"""Keep on disk what one run leaves for the next, beside the archive of the same state of the store.

The words lie in files that only grow: a run appends those of new texts and writes none of the others again.
Whatever is wrong with it, or made by another program, the next run does without it and finds the same.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rseaudit import program
from rseaudit.duplicates import archive
from rseaudit.duplicates.archive import Archive
from rseaudit.duplicates.columns import COLUMNS, Cut
from rseaudit.duplicates.cutting import hashed
from rseaudit.duplicates.roll import Roll
from rseaudit.duplicates.standing import ARRAYS, FLAGS, Standing

_LEFT = "left.json"
_WORDS = "words"


def _program() -> str:
    return program.made_of(
        ("duplicates", "model", "ids.py", "people.py", "richtext.py", "text.py"), ("numpy", "numba", "beautifulsoup4")
    )


class Words:
    """The words of all texts in files, one a column of ``Cut``, of which the first so many count."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @classmethod
    def of(cls, known: Cut, folder: Path, name: str) -> Words:
        """Write words into a new place below the folder of an index."""
        made = cls(archive.made(folder, f"{_WORDS}-{name}"))
        for column in COLUMNS:
            getattr(known, column).tofile(made._path(column))
        return made

    def cut(self, bounds: NDArray[np.int64]) -> Cut:
        """Return the words of so many texts; ``ValueError`` when there are fewer."""
        return Cut(bounds, *(self._column(column, int(bounds[-1])) for column in COLUMNS))  # type: ignore[arg-type]

    def extended(self, known: Cut, new: Cut) -> Cut:
        """Append the words of new texts behind those that count. Raises ``OSError`` when that cannot be done."""
        count = int(known.bounds[-1])
        for column in COLUMNS:
            values = getattr(new, column)
            with self._path(column).open("r+b") as file:
                if file.seek(0, 2) > count * values.itemsize:
                    file.truncate(count * values.itemsize)  # what a run left that did not come to its end
                file.seek(count * values.itemsize)
                file.write(np.ascontiguousarray(values).tobytes())
        return self.cut(np.concatenate((known.bounds, known.bounds[-1] + new.bounds[1:])))

    def _column(self, name: str, count: int) -> NDArray[np.generic]:
        dtype = getattr(hashed([]), name).dtype
        if not count:
            return np.zeros(0, dtype=dtype)
        # Copy on write: compiled code is made for arrays that may be written to; nobody does.
        return np.asarray(np.memmap(self._path(name), dtype=dtype, mode="c", shape=(count,)))

    def _path(self, name: str) -> Path:
        return self.folder / f"{name}.column"


@dataclass(frozen=True, slots=True, eq=False)
class Left:
    """What a run left: ``basis`` names what its result followed from beside documents and persons.

    ``company`` names all persons, and ``people`` tells for each author, as documents name them, who that was, both
    as digests. ``base`` is told here and not kept: where most postings lie is the archive's affair.
    """

    standing: Standing
    words: Words
    basis: str
    company: str
    people: Mapping[str, str]
    base: Path | None = None


def writing(left: Left) -> Callable[[Path], Sequence[Path]]:
    """Return what writes it into the place of an archive, and tells which other places that needs."""

    def write(folder: Path) -> Sequence[Path]:
        standing = left.standing
        for name, array in standing.arrays().items():
            np.save(folder / f"{name}.npy", np.packbits(np.asarray(array, dtype=np.bool_)) if name in FLAGS else array)
        about = {
            "program": _program(),
            "rule": standing.rule,
            "words": left.words.folder.name,
            "states": standing.roll.states,
            "basis": left.basis,
            "company": left.company,
            "people": dict(left.people),
        }
        (folder / _LEFT).write_text(json.dumps(about), encoding="utf-8")
        return [left.words.folder]

    return write


def load(folder: Path, *, generation: str | None) -> Left | None:
    """Read what a run left beside the archive of exactly this state of the store."""
    kept = archive.load(folder, generation=generation)
    place = archive.place(folder, generation=generation)
    if kept is None or place is None:
        return None
    try:
        return _left(kept, place)
    except (OSError, ValueError, KeyError, TypeError, EOFError):
        return None


def _left(kept: Archive, place: Path) -> Left | None:
    about = json.loads((place / _LEFT).read_text("utf-8"))
    if about["program"] != _program():
        return None
    words = Words(place.parent / Path(about["words"]).name)
    arrays = {name: archive.mapped(place / f"{name}.npy") for name in ARRAYS}
    for name in FLAGS:
        arrays[name] = np.unpackbits(arrays[name], count=int(kept.bounds[-1])).view(np.bool_)
    roll = Roll([*kept.sources], [*kept.ids], about["states"], arrays.pop("ages"), arrays.pop("places"), kept.numbers)
    standing = Standing(
        rule=about["rule"],
        roll=roll,
        cut=words.cut(np.asarray(kept.bounds)),
        runs=kept.runs,
        pairs=kept.pairs,
        bits=kept.bits,
        **arrays,
    )
    return Left(standing, words, about["basis"], about["company"], about["people"], kept.base)
