"""Compile a function on its first call, and keep the machine code beside the module or in the user's cache.

Modules with compiled functions are imported where they are used: numba takes half a second. numba renews kept code
when the file of a function changes, not when one that it calls does; so it is kept in a folder that is named by all
compiled modules together, and whatever changes in any of them, all is compiled anew.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import ParamSpec, TypeVar, cast

from rseaudit.ids import short_hash
from rseaudit.places import user_cache

_P = ParamSpec("_P")
_R = TypeVar("_R")
_UNUSED = ("scipy.linalg.cython_blas", "cffi")
_FOLDER = "kernels-"


@cache
def _numba() -> ModuleType:
    """Import numba without what it looks for and no function here uses: the BLAS of scipy, cffi. Half of its start."""
    absent = [name for name in _UNUSED if name not in sys.modules]
    sys.modules.update(dict.fromkeys(absent))  # type: ignore[arg-type]
    try:
        import numba
        import numba.core.typing.cffi_utils  # each asks once, when it is imported
        import numba.np.arraymath
    finally:
        for name in absent:
            del sys.modules[name]
    return numba


@cache
def _folder() -> Path | None:
    """Return where machine code of just these modules is kept.

    ``None`` when nothing can be kept anywhere: then it is compiled anew in each process, which takes 20 s.
    """
    here = Path(__file__).parent
    sources = [path.read_bytes() for path in sorted(here.glob("*.py"))]
    name = _FOLDER + short_hash(*(source.decode() for source in sources if b"\n@compiled\n" in source))
    for place in _places(here):
        folder = place / name
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError:
            continue
        if not os.access(folder, os.W_OK):
            continue
        if place.name == "__pycache__":  # of this installation, which has no other version any more
            for other in place.glob(f"{_FOLDER}*"):
                if other != folder:
                    shutil.rmtree(other, ignore_errors=True)
        return folder
    return None


def _places(here: Path) -> list[Path]:
    try:
        return [here / "__pycache__", user_cache()]
    except RuntimeError:  # nobody's home
        return [here / "__pycache__"]


def compiled(function: Callable[_P, _R]) -> Callable[_P, _R]:
    """Return the function as machine code; what it does to its arguments is the same."""
    numba, folder = _numba(), _folder()
    before = numba.config.CACHE_DIR
    try:
        numba.config.CACHE_DIR = "" if folder is None else str(folder)
        made = numba.njit(cache=folder is not None, nogil=True)(function)
    except RuntimeError:  # it is in no file
        made = numba.njit(nogil=True)(function)
    finally:
        numba.config.CACHE_DIR = before
    return cast("Callable[_P, _R]", made)
