from __future__ import annotations

import subprocess
import sys

CODE = """
import sys
from rseaudit.duplicates.compiled import compiled

@compiled
def twice(number):
    return 2 * number

assert "cffi" not in sys.modules and "scipy.linalg" not in sys.modules
assert twice(21) == 42
for name in ("cffi", "scipy.linalg.cython_blas"):
    try:
        __import__(name)
    except ModuleNotFoundError as error:
        assert "None in sys.modules" not in str(error), error
print("done")
"""


def test_numba_comes_without_what_it_does_not_need_and_others_may_have_it_afterwards():
    run = subprocess.run([sys.executable, "-W", "error", "-c", CODE], capture_output=True, text=True, check=False)
    assert (run.stdout.strip(), run.stderr) == ("done", "")
