"""Keep what a collection looks like on disk, so that a draft is compared with it in a moment.

It holds keys of words, never words, and which documents hold them. It is a cache: whatever is wrong
with it, it is made again from the store. A new one takes the place of the old one in one step.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rseaudit.duplicates import shingler
from rseaudit.duplicates.collection import NOWHERE, Texts
from rseaudit.duplicates.columns import Cut, Ints, Keys
from rseaudit.duplicates.cutting import cut
from rseaudit.duplicates.index import Index, Segments
from rseaudit.model import CommonText, Ref

# Change it whenever keys or the files below change.
METHOD = "3"
_CURRENT = "current.json"
MARK = "rseaudit-index"
_ARRAYS = ("numbers", "order", "bounds", "common")
_POSTINGS = ("runs", "pairs")
_BASE = "base"
# When one in so many postings came later, all are written anew.
_MOST_LATER = 8
_NAMES = "names.json"
# Of a text that stands in hundreds of places the first are told.
_MEMBERS = 8


@dataclass(frozen=True, slots=True, eq=False)
class Archive:
    """Distinct texts by number, and by their ``order``: references first, each part from the earliest on.

    ``runs`` and ``pairs`` are postings in two sorted parts, most of them, which lie in the place ``base``, and later
    ones: the upper bits of a key, then in ``bits`` bits the number of the word at which it stands, counted through all
    texts; text ``t`` has the words ``bounds[t]`` to ``bounds[t + 1]``. ``common`` has the upper bits of the keys of
    common text. ``sources``, ``ids`` and ``numbers`` tell of each document, the earliest first, its text.
    ``generation`` names the state of the store it was made of.
    """

    generation: str
    sources: Sequence[str]
    ids: Sequence[str]
    numbers: Ints
    order: Ints
    bits: int
    bounds: Ints
    runs: Segments
    pairs: Segments
    common: Keys
    base: Path | None = None

    def __len__(self) -> int:
        """Return how many numbers there are; texts that nobody has any more have some."""
        return len(self.order)

    def members(self, number: int) -> list[Ref]:
        """Return the earliest documents that consist of a text."""
        rows = np.flatnonzero(self.numbers == number)[:_MEMBERS].tolist()
        return [Ref(self.sources[row], self.ids[row]) for row in rows]

    def holders(self, postings: Segments, keys: Keys) -> Iterator[Ints]:
        """Yield for each key, given by its upper bits, the texts that hold it, in order; each place of it counts."""
        bits = np.uint64(self.bits)
        mask = (np.uint64(1) << bits) - np.uint64(1)
        low = keys << bits
        ranges = [
            (own, np.searchsorted(own, low).tolist(), np.searchsorted(own, low | mask, side="right").tolist())
            for own in postings
        ]
        for row in range(len(keys)):
            found = np.concatenate([own[first[row] : last[row]] for own, first, last in ranges])
            texts = np.searchsorted(self.bounds, (found & mask).astype(np.int64), side="right") - 1
            texts = texts[self.order[texts] != NOWHERE]
            yield texts[np.argsort(self.order[texts], kind="stable")]


def gather(
    texts: Texts,
    indexes: tuple[Index, Index],
    common_texts: Sequence[CommonText],
    *,
    generation: str,
    kept: tuple[Segments, Segments] | None = None,
    base: Path | None = None,
) -> Archive:
    """Return the archive of distinct texts; of postings ``kept`` the first parts are in ``base`` already."""
    runs, pairs = indexes
    bits = runs.place_bits
    if kept is None or any(_MOST_LATER * len(later) > len(most) for most, later in kept):
        kept, base = ((runs.postings, runs.postings[:0]), (pairs.postings, pairs.postings[:0])), None
    return Archive(
        generation=generation,
        sources=texts.roll.sources,
        ids=texts.roll.ids,
        numbers=texts.roll.numbers,
        order=texts.order,
        bits=bits,
        bounds=texts.cut.bounds,
        runs=kept[0],
        pairs=kept[1],
        base=base,
        common=np.unique(upper(run_postings(cut([text.text for text in common_texts]), bits), bits)),
    )


def run_postings(known: Cut, bits: int) -> Keys:
    """Return the runs of four words as postings, in order of texts and places."""
    return shingler.runs(known.keys, known.bounds, bits)


def pair_postings(known: Cut, bits: int) -> Keys:
    """Return the pairs of content words as postings, in order of texts and places."""
    return shingler.pairs(known.stems, known.weights, known.bounds, bits)


def upper(postings: Keys, bits: int) -> Keys:
    """Return the keys of postings without their places."""
    return postings >> np.uint64(bits)


def save(archive: Archive, folder: Path, beside: Callable[[Path], Sequence[Path]] | None = None) -> None:
    """Write the archive below a folder of our own and let it take the place of the one before in one step.

    ``beside`` writes more files into its place, and tells which other places of ours it needs. Raises ``OSError``
    when that cannot be done; the one before then stands as it was.
    """
    new = made(folder, archive.generation)
    base = archive.base or made(folder, _BASE)
    try:
        for array in _ARRAYS:
            np.save(new / f"{array}.npy", getattr(archive, array))
        for name in _POSTINGS:
            most, later = getattr(archive, name)
            np.save(new / f"{name}.npy", later)
            if archive.base is None:
                np.save(base / f"{name}.npy", most)
        (new / _NAMES).write_text(json.dumps([archive.sources, archive.ids]), encoding="ascii")
        needed = [new, base, *(beside(new) if beside is not None else ())]
        about = {
            **_stamp(),
            "generation": archive.generation,
            "bits": archive.bits,
            "folder": new.name,
            "base": base.name,
        }
        pointer = folder / f".{_CURRENT}.{os.getpid()}"
        pointer.write_text(json.dumps(about, indent=1), encoding="utf-8")
        pointer.replace(folder / _CURRENT)
    except BaseException:
        for place in {new, base} - {archive.base}:
            shutil.rmtree(place, ignore_errors=True)
        raise
    for other in _ours(folder):
        if other not in needed:
            shutil.rmtree(other, ignore_errors=True)  # where a reader still holds it, the next run clears it away


def made(folder: Path, name: str) -> Path:
    """Make a new place of ours in the folder of an index."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    new = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=folder))
    (new / MARK).touch()
    return new


def load(folder: Path, *, generation: str | None) -> Archive | None:
    """Open the archive of exactly this state of the store; ``None`` when there is none that can be used.

    Arrays are mapped, not read. Another method, another Unicode version, a file that is missing or cut
    short: all of these make it unusable, for it can always be made again.
    """
    try:
        about = _about(folder, generation)
        if about is None or generation is None:
            return None
        place = folder / Path(about["folder"]).name
        base = folder / Path(about["base"]).name
        sources, ids = json.loads((place / _NAMES).read_text("ascii"))
        return Archive(
            generation=generation,
            sources=sources,
            ids=ids,
            bits=int(about["bits"]),
            base=base,
            runs=(mapped(base / "runs.npy"), mapped(place / "runs.npy")),
            pairs=(mapped(base / "pairs.npy"), mapped(place / "pairs.npy")),
            **{name: mapped(place / f"{name}.npy") for name in _ARRAYS},
        )
    except (OSError, ValueError, KeyError, TypeError, EOFError):
        return None


def mapped(path: Path) -> NDArray[Any]:
    """Return an array that is mapped, not read."""
    # Copy on write: compiled code is made for arrays that may be written to; nobody does.
    return np.asarray(np.load(path, mmap_mode="c", allow_pickle=False))


def place(folder: Path, *, generation: str | None) -> Path | None:
    """Return where the archive of exactly this state of the store lies, if there is one."""
    try:
        about = _about(folder, generation)
        return None if about is None else folder / Path(about["folder"]).name
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _about(folder: Path, generation: str | None) -> dict[str, str] | None:
    about: dict[str, str] = json.loads((folder / _CURRENT).read_text("utf-8"))
    if generation is None or any(about.get(key) != value for key, value in _stamp().items()):
        return None
    return about if about["generation"] == generation else None


def discard(folder: Path) -> None:
    """Delete the archive: documents that it was made of are to be forgotten. Nothing else in the folder is touched."""
    with suppress(OSError):
        (folder / _CURRENT).unlink()
    for place in _ours(folder):
        shutil.rmtree(place, ignore_errors=True)


def _ours(folder: Path) -> list[Path]:
    """Return the archives in a folder; whatever else somebody keeps there is none of our business."""
    return [place for place in folder.glob("*-*") if place.is_dir() and (place / MARK).exists()]


def _stamp() -> dict[str, str]:
    return {"method": METHOD, "unicode": unicodedata.unidata_version}
