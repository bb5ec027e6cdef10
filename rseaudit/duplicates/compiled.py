"""Compile a function on its first call, and keep the machine code beside the module or in the user's cache.

Modules with compiled functions are imported where they are used: numba takes half a second. The kept
code is renewed when the file of a function changes, not when one that it calls does: after a change to
``aligner`` or ``speller``, touch ``seeker`` (an installation gives all files a new date).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar, cast

import numba

_P = ParamSpec("_P")
_R = TypeVar("_R")


def compiled(function: Callable[_P, _R]) -> Callable[_P, _R]:
    """Return the function as machine code; what it does to its arguments is the same."""
    try:
        made = numba.njit(cache=True, nogil=True)(function)
    except RuntimeError:  # there is no place to keep it: it is compiled anew in each process, which takes 20 s
        made = numba.njit(nogil=True)(function)
    return cast("Callable[_P, _R]", made)
