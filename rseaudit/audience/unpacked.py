"""Keep the model of py3langid unpacked in the user's cache, and map it into memory.

It has 68 MB, and unpacking them is the longest part of a short command. Whatever is wrong with what was kept,
the model is read as its library does it: the answers are the same, only later.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from rseaudit.ids import short_hash
from rseaudit.places import user_cache

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_ARRAYS = ("ptc", "pc", "classes", "nextmove", "row", "output")
# Change it whenever the files below change.
_LAYOUT = "1"


class Identifier(Protocol):
    """What is used of py3langid."""

    labels: list[str]

    def set_languages(self, langs: Sequence[str] | None) -> None: ...

    def classify(self, text: str) -> tuple[str, float]: ...


def identifier(cache: Path | None = None) -> Identifier:
    """Return an identifier that gives probabilities; its model is kept below ``cache``, the user's by default."""
    from py3langid.langid import MODEL_DIR, MODEL_FILE, LanguageIdentifier  # type: ignore[import-untyped]

    folder = _folder(cache or user_cache(), Path(MODEL_DIR) / MODEL_FILE)
    try:
        if not folder.is_dir():
            _unpack(Path(MODEL_DIR) / MODEL_FILE, folder)
        return _mapped(folder)
    except Exception:  # a full disk, a file cut short, another library: all mean that what is kept is of no use
        shutil.rmtree(folder, ignore_errors=True)
        packed: Identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
        return packed


def _folder(cache: Path, model: Path) -> Path:
    about = model.stat()
    return cache / f"language-{short_hash(_LAYOUT, str(about.st_size), str(about.st_mtime_ns))}"


def _unpack(model: Path, folder: Path) -> None:
    """Write the arrays beside their place and let them take it in one step: somebody else may be doing the same."""
    import numpy as np
    from py3langid.modelio import load_model  # type: ignore[import-untyped]

    folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    new = Path(tempfile.mkdtemp(dir=folder.parent, prefix=".language-"))
    try:
        for name, values in zip(_ARRAYS, load_model(model), strict=True):
            np.save(new / f"{name}.npy", np.asarray(values), allow_pickle=False)
        with suppress(OSError):
            new.rename(folder)
    finally:
        shutil.rmtree(new, ignore_errors=True)
    for other in folder.parent.glob("language-*"):
        if other != folder:
            shutil.rmtree(other, ignore_errors=True)


def _mapped(folder: Path) -> Identifier:
    import numpy as np
    from py3langid.langid import LanguageIdentifier

    def array(name: str) -> NDArray[np.generic]:
        return np.asarray(np.load(folder / f"{name}.npy", mmap_mode="r", allow_pickle=False))

    mapped: Identifier = LanguageIdentifier(
        array("ptc"),
        array("pc"),
        array("classes").tolist(),
        memoryview(array("nextmove")),  # type: ignore[arg-type]
        array("output").tolist(),
        norm_probs=True,
        tk_row=array("row").tolist(),
    )
    return mapped
