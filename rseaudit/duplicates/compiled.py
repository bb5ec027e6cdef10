"""Compile a function on its first call, and keep the machine code beside the module or in the user's cache.

Modules with compiled functions are imported where they are used: numba takes half a second. The kept
code is renewed when the file of a function changes, not when one that it calls does: after a change to
``bridger``, ``speller``, ``chainer``, ``ring`` or ``trails``, touch ``aligner`` and ``seeker`` (an installation
gives all files a new date).
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import cache
from types import ModuleType
from typing import ParamSpec, TypeVar, cast

_P = ParamSpec("_P")
_R = TypeVar("_R")
_UNUSED = ("scipy.linalg.cython_blas", "cffi")


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


def compiled(function: Callable[_P, _R]) -> Callable[_P, _R]:
    """Return the function as machine code; what it does to its arguments is the same."""
    numba = _numba()
    try:
        made = numba.njit(cache=True, nogil=True)(function)
    except RuntimeError:  # there is no place to keep it: it is compiled anew in each process, which takes 20 s
        made = numba.njit(nogil=True)(function)
    return cast("Callable[_P, _R]", made)
