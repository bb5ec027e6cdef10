"""Keep on disk what one run leaves for the next, beside the archive of the same state of the store.

Whatever is wrong with it, or made by another program, the next run does without it and finds the same.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np

from rseaudit import program
from rseaudit.duplicates import judged
from rseaudit.duplicates.archive import Archive
from rseaudit.duplicates.cutting import COLUMNS, Cut
from rseaudit.duplicates.judged import Judged
from rseaudit.duplicates.standing import ARRAYS, Standing

_TEXTS = "texts.json"
_JUDGED = "judged.json"


def _program() -> str:
    return program.made_of(
        ("duplicates", "model", "ids.py", "people.py", "richtext.py", "text.py"), ("numpy", "numba", "beautifulsoup4")
    )


def writing(standing: Standing, judgements: Iterable[Judged], *, basis: str) -> Callable[[Path], None]:
    """Return what writes both into a folder; ``basis`` names what judgements follow from beside the documents."""

    def write(folder: Path) -> None:
        for name, array in standing.arrays().items():
            np.save(folder / f"{name}.npy", array)
        texts = {"program": _program(), "basis": standing.basis, "texts": standing.texts, "heads": standing.heads}
        (folder / _TEXTS).write_text(json.dumps(texts, ensure_ascii=False), encoding="utf-8")
        items = {"program": _program(), "basis": basis, "judged": [*judged.written(judgements)]}
        (folder / _JUDGED).write_text(json.dumps(items, ensure_ascii=False), encoding="utf-8")

    return write


def standing(folder: Path, archive: Archive) -> Standing | None:
    """Read what a comparison left beside an archive."""
    try:
        known = json.loads((folder / _TEXTS).read_text("utf-8"))
        if known["program"] != _program():
            return None
        # Copy on write: compiled code is made for arrays that may be written to; nobody does.
        arrays = {name: np.asarray(np.load(folder / f"{name}.npy", mmap_mode="c")) for name in (*ARRAYS, *COLUMNS)}
        return Standing(
            basis=known["basis"],
            texts=tuple(known["texts"]),
            heads=tuple(known["heads"]),
            cut=Cut(archive.bounds, *(arrays.pop(name) for name in COLUMNS)),
            runs=archive.runs,
            pairs=archive.pairs,
            bits=archive.bits,
            **arrays,
        )
    except (OSError, ValueError, KeyError, TypeError, EOFError):
        return None


def judgements(folder: Path, *, basis: str) -> tuple[Judged, ...]:
    """Read the judgements that follow from this basis; none when there are none."""
    try:
        known = json.loads((folder / _JUDGED).read_text("utf-8"))
        if known["program"] != _program() or known["basis"] != basis:
            return ()
        return tuple(judged.read(known["judged"]))
    except (OSError, ValueError, KeyError, TypeError):
        return ()
